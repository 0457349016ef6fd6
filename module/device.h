/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - registered devices
 */
#ifndef KSHM_DEVICE_H
#define KSHM_DEVICE_H

#include <linux/completion.h>
#include <linux/kshm_driver.h>
#include <linux/list.h>
#include <linux/percpu-refcount.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "compat/compat.h"

struct kshm_control_file;
struct workqueue_struct;

/**
 * struct kshm_device - one registered device
 * @dev: counts the references: the registration and each handle hold one
 * @ops: of the driver; not to be touched but between kshm_device_enter() and
 *	_leave(), or by the one that unregisters
 * @driver_data: the driver's
 * @files: one for each row of the table, for sysfs; freed with the device
 * @controls: the group of them
 * @groups: what sysfs shows of the device
 * @active: counts calls into the driver under way; killed to unregister
 * @idle: completed when the last of those calls returned after that
 * @drained: completed when every handle is detached from the driver
 * @lock: protects @handles; no other lock is taken under it
 * @handles: attached handles, by &struct kshm_handle.node
 * @wait: poll()ers, woken when the device goes
 * @workers: threads for handlers that run in one; NULL if none does
 */
struct kshm_device {
	struct device dev;
	const struct kshm_device_ops *ops;
	void *driver_data;
	struct kshm_control_file *files;
	struct attribute_group controls;
	const struct attribute_group *groups[3];
	struct percpu_ref active;
	struct completion idle;
	struct completion drained;
	spinlock_t lock;	/* @handles */
	struct list_head handles;
	wait_queue_head_t wait;
	struct workqueue_struct *workers;
};

/*
 * Brackets every call into the driver but those that unregistering makes
 * itself. False: the device is going or gone.
 */
static inline bool kshm_device_enter(struct kshm_device *dev)
{
	return percpu_ref_tryget_live(&dev->active);
}

static inline void kshm_device_leave(struct kshm_device *dev)
{
	percpu_ref_put(&dev->active);
}

static inline bool kshm_device_going(struct kshm_device *dev)
{
	return percpu_ref_is_dying(&dev->active);
}

struct kshm_device *kshm_device_get(unsigned int minor);

extern dev_t kshm_devt;

int kshm_device_init(void);
void kshm_device_exit(void);

/* node.c */
char *kshm_node_name(KSHM_DEVNODE_CONST struct device *dev, umode_t *mode,
		     kuid_t *uid, kgid_t *gid);

/* sysfs.c */
int kshm_sysfs_setup(struct kshm_device *dev);
void kshm_sysfs_free(struct kshm_device *dev);

#endif /* KSHM_DEVICE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - handles: opens of a device
 */
#ifndef KSHM_HANDLE_H
#define KSHM_HANDLE_H

#include <linux/kshm.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "holder.h"
#include "queue.h"
#include "slot.h"

struct kshm_device;
struct kshm_user;

/**
 * struct kshm_handle - one open of a device
 * @dev: the device; a reference, set once
 * @user: who opened it; a reference, set once
 * @access: KSHM_ACCESS_* bits it was opened for; set once
 * @ref: the file, and each request that lasts longer than its call
 * @cleaned: the driver's cleanup op was called; by whoever is to do that
 * @detached: the driver has nothing of it any more, for good
 * @nr_requests: of @requests; under @requests_lock
 * @data: the driver's
 * @free: ends it, when the last of them went somewhere where that cannot be
 * @node: in &kshm_device.handles while attached to the driver, under the
 *	device's lock
 * @slots: what its ids stand for
 * @use_ended: where somebody waits for the last use of an id, which is seldom
 * @names: that end with it, see name.c
 * @holder: what is listed of it
 * @requests_lock: protects what is said to be under it; no other is taken under it
 * @requests: that last longer than their calls, until they are undone and read; by
 *	user_data and number, under @requests_lock
 * @next_request: number of the next one; under @requests_lock
 * @queue: those of them that ended and were submitted
 *
 * It outlives its file as long as a driver keeps requests of it.
 */
struct kshm_handle {
	struct kshm_device *dev;
	struct kshm_user *user;
	u32 access;
	refcount_t ref;
	bool cleaned;
	bool detached;
	u32 nr_requests;
	void *data;
	struct work_struct free;
	struct list_head node;
	struct kshm_slots slots;
	wait_queue_head_t use_ended;
	struct list_head names;
	struct kshm_holder holder;
	spinlock_t requests_lock;	/* @requests, @nr_requests, @next_request */
	struct rb_root requests;
	u64 next_request;
	struct kshm_queue queue;
};

struct kshm_handle *kshm_handle_open(struct kshm_device *dev, u32 access,
				     work_func_t undo_left);
void kshm_handle_detach(struct kshm_handle *handle);
void kshm_handle_close(struct kshm_handle *handle);

static inline void kshm_handle_get(struct kshm_handle *handle)
{
	refcount_inc(&handle->ref);
}

void kshm_handle_put(struct kshm_handle *handle);

#endif /* KSHM_HANDLE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - handles: opens of a device
 */
#ifndef KSHM_HANDLE_H
#define KSHM_HANDLE_H

#include <linux/kshm.h>
#include <linux/list.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "holder.h"
#include "slot.h"

struct kshm_device;
struct kshm_user;

/**
 * struct kshm_handle - one open of a device
 * @dev: the device; a reference, set once
 * @user: who opened it; a reference, set once
 * @access: KSHM_ACCESS_* bits it was opened for; set once
 * @data: the driver's
 * @node: in &kshm_device.handles while attached to the driver, under the
 *	device's lock
 * @slots: what its ids stand for
 * @use_ended: where somebody waits for the last use of an id, which is seldom
 * @names: that end with it, see name.c
 * @holder: what is listed of it, as long as its file is open
 */
struct kshm_handle {
	struct kshm_device *dev;
	struct kshm_user *user;
	u32 access;
	void *data;
	struct list_head node;
	struct kshm_slots slots;
	wait_queue_head_t use_ended;
	struct list_head names;
	struct kshm_holder holder;
};

struct kshm_handle *kshm_handle_open(struct kshm_device *dev, u32 access);
void kshm_handle_detach(struct kshm_handle *handle);
void kshm_handle_close(struct kshm_handle *handle);

#endif /* KSHM_HANDLE_H */

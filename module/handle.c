// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - handles: opens of a device
 *
 * A handle is attached to its driver from a successful open op until cleanup
 * and close were called, either because the file is closed or because the
 * device is unregistered, whichever comes first. As long as it is attached it
 * holds a reference on the driver's module. A file that is closed calls cleanup, and
 * close when the last request has gone that the driver kept.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "account.h"
#include "device.h"
#include "handle.h"
#include "holder.h"

static void free_later(struct work_struct *work);

static int attach(struct kshm_handle *handle)
{
	const struct kshm_device_ops *ops = handle->dev->ops;
	int ret;

	if (!try_module_get(ops->owner))
		return -ENODEV;
	ret = ops->open ? ops->open(handle) : 0;
	if (ret) {
		module_put(ops->owner);
		return ret;
	}
	spin_lock(&handle->dev->lock);
	list_add_tail(&handle->node, &handle->dev->handles);
	spin_unlock(&handle->dev->lock);
	return 0;
}

/**
 * kshm_handle_open() - make a handle
 * @dev: the device; the caller's reference becomes the handle's on success
 * @access: KSHM_ACCESS_* bits
 * @undo_left: undoes requests that nobody wants any more, see kshm_queue_init()
 *
 * Return: the handle, or ERR_PTR: -ENODEV for a device that is going, -ENOMEM,
 * or what the driver's open op says.
 */
struct kshm_handle *kshm_handle_open(struct kshm_device *dev, u32 access,
				     work_func_t undo_left)
{
	struct kshm_handle *handle;
	int ret;

	handle = kzalloc(sizeof(*handle), GFP_KERNEL_ACCOUNT);
	if (!handle)
		return ERR_PTR(-ENOMEM);
	handle->dev = dev;
	handle->access = access;
	INIT_LIST_HEAD(&handle->node);
	INIT_LIST_HEAD(&handle->names);
	init_waitqueue_head(&handle->use_ended);
	kshm_slots_init(&handle->slots);
	refcount_set(&handle->ref, 1);
	INIT_WORK(&handle->free, free_later);
	spin_lock_init(&handle->requests_lock);
	handle->requests = RB_ROOT;
	kshm_queue_init(&handle->queue, undo_left);

	ret = -ENOMEM;
	handle->user = kshm_user_get_current(NULL);
	if (!handle->user)
		goto free;

	ret = -ENODEV;
	if (!kshm_device_enter(dev))
		goto put_user;
	ret = attach(handle);
	kshm_device_leave(dev);
	if (ret)
		goto put_user;
	return handle;

put_user:
	kshm_user_put(handle->user);
free:
	kfree(handle);
	return ERR_PTR(ret);
}

/* Nobody calls a control of it any more. Callers as of kshm_handle_detach(). */
static void clean_up(struct kshm_handle *handle)
{
	const struct kshm_device_ops *ops = handle->dev->ops;

	if (!handle->cleaned && ops->cleanup)
		ops->cleanup(handle);
	handle->cleaned = true;
}

/*
 * Takes the driver's leave of a handle. Callers see to it that this happens
 * once and with no request of it running: the last that had it, inside of
 * kshm_device_enter(), or unregistering, when nobody is inside any more.
 */
void kshm_handle_detach(struct kshm_handle *handle)
{
	const struct kshm_device_ops *ops = handle->dev->ops;
	struct module *owner = ops->owner;

	spin_lock(&handle->dev->lock);
	list_del_init(&handle->node);
	spin_unlock(&handle->dev->lock);

	clean_up(handle);
	if (ops->close)
		ops->close(handle);
	module_put(owner);
	WRITE_ONCE(handle->detached, true);
	wake_up_all(&handle->queue.wait);
}

/* Nobody has it any more. The reference on the device goes with the handle. */
static void handle_free(struct kshm_handle *handle)
{
	struct kshm_device *dev = handle->dev;

	kshm_holder_remove(&handle->holder);
	if (kshm_device_enter(dev)) {
		kshm_handle_detach(handle);
		kshm_device_leave(dev);
	} else {
		/* Whoever unregisters detaches all handles, this one too. */
		wait_for_completion(&dev->drained);
	}
	kshm_queue_end(&handle->queue);
	kshm_slots_free(&handle->slots);
	kshm_user_put(handle->user);
	kfree(handle);
	put_device(&dev->dev);
}

static void free_later(struct work_struct *work)
{
	handle_free(container_of(work, struct kshm_handle, free));
}

/* Context: any. */
void kshm_handle_put(struct kshm_handle *handle)
{
	if (refcount_dec_and_test(&handle->ref))
		kshm_queue_work(&handle->free);
}

/* The file is gone. Context: process context, where that may sleep. */
void kshm_handle_close(struct kshm_handle *handle)
{
	struct kshm_device *dev = handle->dev;

	if (kshm_device_enter(dev)) {
		clean_up(handle);
		kshm_device_leave(dev);
	}
	if (refcount_dec_and_test(&handle->ref))
		handle_free(handle);
}

/**
 * kshm_handle_device() - the device a handle is of
 * @handle: the handle
 */
struct kshm_device *kshm_handle_device(const struct kshm_handle *handle)
{
	return handle->dev;
}
EXPORT_SYMBOL_GPL(kshm_handle_device);

/**
 * kshm_handle_set_data() - keep something of the driver's with a handle
 * @handle: the handle
 * @data: the driver's, to be freed in its close op
 */
void kshm_handle_set_data(struct kshm_handle *handle, void *data)
{
	handle->data = data;
}
EXPORT_SYMBOL_GPL(kshm_handle_set_data);

/**
 * kshm_handle_data() - what kshm_handle_set_data() kept
 * @handle: the handle
 */
void *kshm_handle_data(const struct kshm_handle *handle)
{
	return handle->data;
}
EXPORT_SYMBOL_GPL(kshm_handle_data);

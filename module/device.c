// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - registered devices
 *
 * A device lives as long as anybody holds its struct device; the driver behind
 * it may go at any time. Every call into the driver is made between
 * kshm_device_enter() and kshm_device_leave(). Unregistering takes the names
 * away, makes enter fail for good, waits until the calls under way returned,
 * and detaches the handles that are open. What stays of these are empty
 * shells, whose calls end with ENODEV, until somebody closes them.
 *
 * Locks: registry_lock -> nothing; kshm_device.lock -> nothing. No driver code
 * runs under either.
 */
#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "cancel.h"
#include "context.h"
#include "control.h"
#include "device.h"
#include "handle.h"
#include "limits.h"
#include "request_verify.h"

dev_t kshm_devt;

/* Devices by minor, each from its registration to its end. */
static DEFINE_IDR(registry);
static DEFINE_MUTEX(registry_lock);

static void release_device(struct device *dev)
{
	struct kshm_device *kdev = container_of(dev, struct kshm_device, dev);

	WARN_ON(!list_empty(&kdev->handles));
	if (kdev->workers)
		destroy_workqueue(kdev->workers);
	kshm_sysfs_free(kdev);
	percpu_ref_exit(&kdev->active);
	kfree(kdev);
}

static const struct device_type kshm_type = {
	.name = "kshm",
	.devnode = kshm_node_name,
	.release = release_device,
};

static struct class kshm_class = {
	.name = "kshm",
};

static void active_released(struct percpu_ref *ref)
{
	complete(&container_of(ref, struct kshm_device, active)->idle);
}

static struct kshm_device *alloc_device(const struct kshm_device_ops *ops,
					void *driver_data)
{
	struct kshm_device *dev;
	int ret;

	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	ret = percpu_ref_init(&dev->active, active_released, 0, GFP_KERNEL);
	if (ret) {
		kfree(dev);
		return ERR_PTR(ret);
	}
	dev->ops = ops;
	dev->driver_data = driver_data;
	init_completion(&dev->idle);
	init_completion(&dev->drained);
	spin_lock_init(&dev->lock);
	INIT_LIST_HEAD(&dev->handles);
	init_waitqueue_head(&dev->wait);
	/* From here on put_device() undoes everything. */
	device_initialize(&dev->dev);
	dev->dev.class = &kshm_class;
	dev->dev.type = &kshm_type;
	return dev;
}

__printf(2, 0)
static int set_name(struct kshm_device *dev, const char *fmt, va_list args)
{
	char *name = kvasprintf(GFP_KERNEL, fmt, args);
	int ret;

	if (!name)
		return -ENOMEM;
	ret = kshm_name_ok(name) ? dev_set_name(&dev->dev, "%s", name) : -EINVAL;
	kfree(name);
	return ret;
}

/* Takes a minor; a name that is in use is refused before sysfs complains. */
static int reserve(struct kshm_device *dev)
{
	struct kshm_device *other;
	int minor;

	mutex_lock(&registry_lock);
	idr_for_each_entry(&registry, other, minor) {
		if (!strcmp(dev_name(&other->dev), dev_name(&dev->dev))) {
			mutex_unlock(&registry_lock);
			return -EEXIST;
		}
	}
	minor = idr_alloc(&registry, dev, 0, KSHM_MAX_DEVICES, GFP_KERNEL);
	mutex_unlock(&registry_lock);
	if (minor < 0)
		return minor;
	dev->dev.devt = MKDEV(MAJOR(kshm_devt), minor);
	return 0;
}

static void unreserve(struct kshm_device *dev)
{
	mutex_lock(&registry_lock);
	idr_remove(&registry, MINOR(dev->dev.devt));
	mutex_unlock(&registry_lock);
}

/*
 * For all that have requests, of a device that is going: handles can go meanwhile, and who
 * opens one just now has none.
 */
static void with_each_handle(struct kshm_device *dev,
			     void (*do_it)(struct kshm_handle *handle))
{
	LIST_HEAD(asked);
	struct kshm_handle *handle;

	spin_lock(&dev->lock);
	while (!list_empty(&dev->handles)) {
		handle = list_first_entry(&dev->handles, struct kshm_handle, node);
		list_move_tail(&handle->node, &asked);
		if (!refcount_inc_not_zero(&handle->ref))
			continue;
		spin_unlock(&dev->lock);
		do_it(handle);
		kshm_handle_put(handle);
		spin_lock(&dev->lock);
	}
	list_splice(&asked, &dev->handles);
	spin_unlock(&dev->lock);
}

/* Until no call into the driver is under way, and it keeps no request. */
static void wait_until_idle(struct kshm_device *dev)
{
	if (kshm_verifier_on()) {
		if (wait_for_completion_timeout(&dev->idle, KSHM_VERIFIER_PATIENCE))
			return;
		with_each_handle(dev, kshm_request_report_kept);
	}
	wait_for_completion(&dev->idle);
}

/* Parts the device from its driver, for good. */
static void retire(struct kshm_device *dev)
{
	struct kshm_handle *handle, *next;

	unreserve(dev);
	percpu_ref_kill(&dev->active);
	/* All of them, for this comes once. */
	__wake_up(&dev->wait, TASK_NORMAL, 0, poll_to_key(EPOLLHUP | EPOLLERR));
	/* Has the driver let go of the requests that it keeps. */
	with_each_handle(dev, kshm_cancel_all);
	wait_until_idle(dev);

	/*
	 * The list stands still: whoever wants to add to it or take from it
	 * has to enter first, or waits for us.
	 */
	list_for_each_entry_safe(handle, next, &dev->handles, node)
		kshm_handle_detach(handle);
	complete_all(&dev->drained);
}

/**
 * kshm_device_register() - make a device
 * @parent: the device it belongs to, or NULL
 * @ops: what the driver brings, unchanged until kshm_device_unregister()
 * @driver_data: for kshm_device_data()
 * @fmt: name of the device, as printf(); letters, digits, '-', '_' and '.',
 *	shorter than KSHM_NAME_SIZE
 *
 * When it returns the device is there and requests come, some of them before.
 *
 * Context: process context, may sleep.
 * Return: the device, or ERR_PTR: -EINVAL for a bad name, table or mode, -EEXIST
 * for a name in use or two rows that cannot be told apart, -EOPNOTSUPP for rows
 * that are not supported, -ENOSPC for too many devices, -ENOMEM.
 */
struct kshm_device *kshm_device_register(struct device *parent,
					 const struct kshm_device_ops *ops,
					 void *driver_data,
					 const char *fmt, ...)
{
	struct kshm_device *dev;
	va_list args;
	int ret;

	/* Decimal 660 is not 0660, and would be permissions that nobody meant. */
	if (ops->mode & ~0777)
		return ERR_PTR(-EINVAL);
	ret = kshm_controls_check(ops);
	if (ret)
		return ERR_PTR(ret);
	dev = alloc_device(ops, driver_data);
	if (IS_ERR(dev))
		return dev;
	dev->dev.parent = parent;

	va_start(args, fmt);
	ret = set_name(dev, fmt, args);
	va_end(args);
	if (ret)
		goto put;
	ret = kshm_context_setup(dev) ?: kshm_sysfs_setup(dev);
	if (ret)
		goto put;
	ret = reserve(dev);
	if (ret)
		goto put;
	ret = device_add(&dev->dev);
	if (ret) {
		/* Somebody may have opened the node before it failed. */
		retire(dev);
		goto put;
	}
	return dev;

put:
	put_device(&dev->dev);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(kshm_device_register);

/**
 * kshm_device_unregister() - take a device away
 * @dev: the device
 *
 * May be called at any time. New calls end with ENODEV; requests that the driver keeps
 * are cancelled; handlers under way, see kshm_request_cancelled(), and those requests are
 * waited for; then cleanup and close are called for every open handle. After it returns no
 * code of the driver is entered through the device, and @dev is gone. A driver that keeps
 * requests which cannot be cancelled completes them before, or has others do so.
 *
 * Context: process context, may sleep; not from a handler or an op of @dev.
 */
void kshm_device_unregister(struct kshm_device *dev)
{
	device_del(&dev->dev);
	retire(dev);
	put_device(&dev->dev);
}
EXPORT_SYMBOL_GPL(kshm_device_unregister);

/* The device of a minor with a reference, or NULL. */
struct kshm_device *kshm_device_get(unsigned int minor)
{
	struct kshm_device *dev;

	mutex_lock(&registry_lock);
	dev = idr_find(&registry, minor);
	if (dev)
		get_device(&dev->dev);
	mutex_unlock(&registry_lock);
	return dev;
}

/**
 * kshm_device_data() - what the driver gave to kshm_device_register()
 * @dev: the device
 */
void *kshm_device_data(const struct kshm_device *dev)
{
	return dev->driver_data;
}
EXPORT_SYMBOL_GPL(kshm_device_data);

/**
 * kshm_device_name() - name of a device
 * @dev: the device
 *
 * Return: the name, as long as the device is there.
 */
const char *kshm_device_name(const struct kshm_device *dev)
{
	return dev_name(&dev->dev);
}
EXPORT_SYMBOL_GPL(kshm_device_name);

int __init kshm_device_init(void)
{
	int ret;

	ret = alloc_chrdev_region(&kshm_devt, 0, KSHM_MAX_DEVICES, "kshm");
	if (ret)
		return ret;
	ret = class_register(&kshm_class);
	if (ret)
		unregister_chrdev_region(kshm_devt, KSHM_MAX_DEVICES);
	return ret;
}

void kshm_device_exit(void)
{
	class_unregister(&kshm_class);
	unregister_chrdev_region(kshm_devt, KSHM_MAX_DEVICES);
	WARN_ON(!idr_is_empty(&registry));
	idr_destroy(&registry);
}

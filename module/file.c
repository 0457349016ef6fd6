// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - file operations of /dev/kshm/NAME
 */
#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>

#include "device.h"
#include "file.h"
#include "handle.h"
#include "hold.h"
#include "ioctl.h"
#include "limits.h"
#include "name.h"

static struct cdev kshm_cdev;

static int kshm_open(struct inode *inode, struct file *file)
{
	struct kshm_device *dev = kshm_device_get(iminor(inode));
	struct kshm_handle *handle;
	u32 access = 0;

	if (!dev)
		return -ENODEV;
	if (file->f_mode & FMODE_READ)
		access |= KSHM_ACCESS_READ;
	if (file->f_mode & FMODE_WRITE)
		access |= KSHM_ACCESS_WRITE;

	handle = kshm_handle_open(dev, access);
	if (IS_ERR(handle)) {
		put_device(&dev->dev);
		return PTR_ERR(handle);
	}
	file->private_data = handle;
	return nonseekable_open(inode, file);
}

static int kshm_release(struct inode *inode, struct file *file)
{
	struct kshm_handle *handle = file->private_data;

	kshm_names_close(handle);
	kshm_holds_close(handle);
	kshm_handle_close(handle);
	return 0;
}

static long kshm_unlocked_ioctl(struct file *file, unsigned int cmd,
				unsigned long arg)
{
	return kshm_ioctl(file->private_data, cmd, (void __user *)arg);
}

static __poll_t kshm_poll(struct file *file, poll_table *table)
{
	struct kshm_handle *handle = file->private_data;

	poll_wait(file, &handle->dev->wait, table);
	return kshm_device_going(handle->dev) ? EPOLLHUP | EPOLLERR : 0;
}

static const struct file_operations kshm_fops = {
	.owner = THIS_MODULE,
	.open = kshm_open,
	.release = kshm_release,
	.unlocked_ioctl = kshm_unlocked_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = kshm_poll,
};

int __init kshm_file_init(void)
{
	cdev_init(&kshm_cdev, &kshm_fops);
	kshm_cdev.owner = THIS_MODULE;
	return cdev_add(&kshm_cdev, kshm_devt, KSHM_MAX_DEVICES);
}

void kshm_file_exit(void)
{
	cdev_del(&kshm_cdev);
}

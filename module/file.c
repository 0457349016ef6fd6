// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - file operations of /dev/kshm/NAME
 */
#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "account.h"
#include "completion.h"
#include "device.h"
#include "file.h"
#include "handle.h"
#include "hold.h"
#include "holder.h"
#include "ioctl.h"
#include "limits.h"
#include "name.h"
#include "pended.h"
#include "region.h"
#include "uring.h"

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

	handle = kshm_handle_open(dev, access, kshm_pended_undo_left);
	if (IS_ERR(handle)) {
		put_device(&dev->dev);
		return PTR_ERR(handle);
	}
	kshm_holder_add_handle(&handle->holder, handle->user->uid,
			       kshm_device_name(dev), access);
	file->private_data = handle;
	/* So that a ring can ask without waiting. */
	file->f_mode |= FMODE_NOWAIT;
	return nonseekable_open(inode, file);
}

static int kshm_release(struct inode *inode, struct file *file)
{
	struct kshm_handle *handle = file->private_data;

	kshm_names_close(handle);
	kshm_pended_close(handle);
	kshm_holds_close(handle);
	kshm_handle_close(handle);
	return 0;
}

static __poll_t kshm_poll(struct file *file, poll_table *table)
{
	struct kshm_handle *handle = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &handle->dev->wait, table);
	poll_wait(file, &handle->queue.wait, table);
	/* Pairs with wq_has_sleeper(): not every kernel's poll_wait() has it. */
	smp_mb();
	if (kshm_device_going(handle->dev))
		mask |= EPOLLHUP | EPOLLERR;
	if ((file->f_mode & FMODE_READ) && kshm_queue_has_ended(&handle->queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

static ssize_t kshm_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return kshm_completions_read(iocb->ki_filp->private_data, iocb, to);
}

/* What KSHM_IOC_HANDLE_LIST tells of it, summed up. */
static void kshm_show_fdinfo(struct seq_file *seq, struct file *file)
{
	struct kshm_handle *handle = file->private_data;
	u64 regions = 0, len = 0, pages = 0;
	struct kshm_handle_entry entry = { .handle = handle->holder.number };
	struct kshm_region_told told;
	u32 slot = 0;
	int ret;

	do {
		ret = kshm_hold_next(handle, &slot, KSHM_MAX_SLOTS_SEEN, &entry, &told);
		if (!ret) {
			regions++;
			len += entry.len;
			pages += entry.pages;
		}
		cond_resched();
	} while (ret != -ENOENT);
	seq_printf(seq, "handle:\t%llu\n", entry.handle);
	seq_printf(seq, "handle-device:\t%s\n", kshm_device_name(handle->dev));
	seq_printf(seq, "handle-regions:\t%llu\n", regions);
	seq_printf(seq, "handle-len:\t%llu\n", len);
	seq_printf(seq, "handle-pages:\t%llu\n", pages);
	seq_printf(seq, "handle-requests:\t%u\n", READ_ONCE(handle->nr_requests));
}

static const struct file_operations kshm_fops = {
	.owner = THIS_MODULE,
	.open = kshm_open,
	.release = kshm_release,
	.read_iter = kshm_read_iter,
	.unlocked_ioctl = kshm_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.uring_cmd = kshm_uring_cmd,
	.poll = kshm_poll,
	.show_fdinfo = kshm_show_fdinfo,
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

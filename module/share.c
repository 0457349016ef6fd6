// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_REGION_EXPORT and _IMPORT: a region as a file descriptor
 *
 * An exported region is a file that holds it, with rights of its own. It goes where
 * file descriptors go, and into the table of any handle. It leads to the region and
 * to no other file, so that no circle can form, whoever sends it where.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "device.h"
#include "descriptor.h"
#include "explain.h"
#include "handle.h"
#include "hold.h"
#include "holder.h"
#include "region.h"
#include "share.h"

/**
 * struct share - what the file of an exported region holds
 * @region: a reference; set once
 * @rights: KSHM_REGION_* bits; set once
 * @holder: what is listed of it, as long as the file is there
 */
struct share {
	struct kshm_region *region;
	u32 rights;
	struct kshm_holder holder;
};

/* The last close, in whatever task. */
static int share_release(struct inode *inode, struct file *file)
{
	struct share *share = file->private_data;

	kshm_holder_remove(&share->holder);
	kshm_region_put(share->region);
	kfree(share);
	return 0;
}

static void share_show_fdinfo(struct seq_file *seq, struct file *file)
{
	const struct share *share = file->private_data;
	struct kshm_ioc_region_query query;

	kshm_region_describe(share->region, &query);
	seq_printf(seq, "region:\t%llu\n", share->region->number);
	seq_printf(seq, "region-len:\t%llu\n", query.out_len);
	seq_printf(seq, "region-pages:\t%llu\n", query.out_pages);
	seq_printf(seq, "region-rights:\t%s%s\n",
		   share->rights & KSHM_REGION_READ ? "r" : "",
		   share->rights & KSHM_REGION_WRITE ? "w" : "");
	seq_printf(seq, "region-revoked:\t%u\n",
		   !!(query.out_state & KSHM_STATE_REVOKED));
}

static const struct file_operations share_fops = {
	.owner = THIS_MODULE,
	.release = share_release,
	.show_fdinfo = share_show_fdinfo,
};

/* A file that holds @region from then on, or ERR_PTR. */
static struct file *share_file(struct kshm_handle *handle,
			       struct kshm_region *region, u32 rights)
{
	struct share *share = kmalloc(sizeof(*share), GFP_KERNEL_ACCOUNT);
	struct file *file;

	if (!share)
		return ERR_PTR(-ENOMEM);
	share->region = region;
	share->rights = rights;
	file = anon_inode_getfile("[kshm-region]", &share_fops, share, O_RDWR);
	if (IS_ERR(file)) {
		kfree(share);
		return file;
	}
	kshm_region_get(region);
	kshm_holder_add(&share->holder, &handle->holder, region,
			KSHM_HANDLE_DESCRIPTOR, rights);
	return file;
}

/* KSHM_IOC_REGION_EXPORT; @arg is the captured struct, @uarg the caller's. */
int kshm_region_export(struct kshm_handle *handle,
		       const struct kshm_ioc_region_export *arg,
		       struct kshm_ioc_region_export __user *uarg, size_t usize,
		       struct kshm_explain *why)
{
	struct kshm_held held;
	int ret;

	ret = kshm_hold_check_form(arg->flags, arg->reserved, arg->rights, why);
	if (ret)
		return ret;
	if (!kshm_hold_look_up(handle, arg->id, &held))
		return kshm_hold_explain_unknown(why, arg->id);
	ret = kshm_hold_check_share(held.region, arg->id, held.rights,
				    arg->rights, why);
	if (!ret)
		ret = kshm_descriptor_give(share_file(handle, held.region, arg->rights),
					   &uarg->out_fd, uarg, sizeof(*uarg), why);
	kshm_region_put(held.region);
	return ret;
}

/* The file of an exported region, or NULL. */
static struct file *share_get(int fd)
{
	struct file *file = fget(fd);

	if (!file || file->f_op == &share_fops)
		return file;
	fput(file);
	return NULL;
}

/* KSHM_IOC_REGION_IMPORT; @arg is the captured struct, @uarg the caller's. */
int kshm_region_import(struct kshm_handle *handle,
		       const struct kshm_ioc_region_import *arg,
		       struct kshm_ioc_region_import __user *uarg, size_t usize,
		       struct kshm_explain *why)
{
	const struct share *share;
	struct file *file;
	int ret;

	ret = kshm_hold_check_form(arg->flags, arg->reserved, arg->rights, why);
	if (ret)
		return ret;
	if (kshm_device_going(handle->dev))
		return kshm_explain(why, KSHM_EXPLAIN_GONE, 0, ENODEV);
	file = share_get(arg->fd);
	if (!file)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_FD, 0, EBADF, 0,
					    (u32)arg->fd, 0);
	share = file->private_data;
	ret = kshm_hold_check_share(share->region, 0, share->rights, arg->rights,
				    why);
	if (!ret)
		ret = kshm_hold_add(handle, share->region, arg->rights,
				    &uarg->out_id, why);
	fput(file);
	return ret;
}

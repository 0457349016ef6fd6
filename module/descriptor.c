// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - descriptors that commands give to their callers
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/uaccess.h>

#include "descriptor.h"
#include "explain.h"

/**
 * kshm_descriptor_give() - tell the caller a descriptor, and make it one
 * @fd: reserved, and let go of on failure
 * @file: a reference, which the descriptor gets, and is let go of on failure; or ERR_PTR
 * @out: the member of the caller's struct that it is told in
 * @uarg: that struct
 * @size: of it
 * @why: gets the explanation on failure
 *
 * From the last line on nothing can fail: the descriptor is there.
 *
 * Return: 0, -EFAULT, or what @file is.
 */
int kshm_descriptor_give(int fd, struct file *file, s32 __user *out,
			 const void __user *uarg, size_t size,
			 struct kshm_explain *why)
{
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return kshm_explain_error(why, 0, PTR_ERR(file));
	}
	if (put_user(fd, out)) {
		fput(file);
		put_unused_fd(fd);
		return kshm_explain_result(why, uarg, size);
	}
	fd_install(fd, file);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - descriptors that commands give to their callers
 */
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/uaccess.h>

#include "descriptor.h"
#include "explain.h"

/**
 * kshm_descriptor_give() - make a descriptor, and tell the caller which
 * @file: a reference, which the descriptor gets, and is let go of on failure; or ERR_PTR
 * @out: the member of the caller's struct that it is told in
 * @uarg: that struct
 * @size: of it
 * @why: gets the explanation on failure
 *
 * From the last line on nothing can fail: the descriptor is there.
 *
 * Return: 0, -EFAULT, -EMFILE, or what @file is.
 */
int kshm_descriptor_give(struct file *file, s32 __user *out,
			 const void __user *uarg, size_t size,
			 struct kshm_explain *why)
{
	int fd;

	if (IS_ERR(file))
		return kshm_explain_error(why, 0, PTR_ERR(file));
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0) {
		fput(file);
		return kshm_explain_error(why, 0, fd);
	}
	if (put_user(fd, out)) {
		fput(file);
		put_unused_fd(fd);
		return kshm_explain_result(why, uarg, size);
	}
	fd_install(fd, file);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the table of ioctl commands
 */
#ifndef KSHM_IOCTL_H
#define KSHM_IOCTL_H

struct kshm_handle;

long kshm_ioctl(struct kshm_handle *handle, unsigned int cmd,
		void __user *uarg);

#endif /* KSHM_IOCTL_H */

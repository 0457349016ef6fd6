/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the table of ioctl commands
 */
#ifndef KSHM_IOCTL_H
#define KSHM_IOCTL_H

struct file;

long kshm_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

#endif /* KSHM_IOCTL_H */

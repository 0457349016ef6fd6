/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - descriptors that commands give to their callers
 */
#ifndef KSHM_DESCRIPTOR_H
#define KSHM_DESCRIPTOR_H

#include <linux/types.h>

struct file;
struct kshm_explain;

int kshm_descriptor_give(struct file *file, s32 __user *out,
			 const void __user *uarg, size_t size,
			 struct kshm_explain *why);

#endif /* KSHM_DESCRIPTOR_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - access to user memory
 */
#ifndef KSHM_USER_BUFFER_H
#define KSHM_USER_BUFFER_H

#include <linux/types.h>

struct mm_struct;

int kshm_copy_in(void *dst, const void __user *src, size_t len, size_t *done);
int kshm_copy_out(void __user *dst, const void *src, size_t len, size_t *done);
int kshm_copy_out_to(struct mm_struct *mm, void __user *dst, const void *src,
		     size_t len, size_t *done);

#endif /* KSHM_USER_BUFFER_H */

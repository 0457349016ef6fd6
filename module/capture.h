/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the structs of callers, copied in once
 */
#ifndef KSHM_CAPTURE_H
#define KSHM_CAPTURE_H

#include <linux/types.h>
#include <linux/uaccess.h>

/*
 * The usual case, a caller of the same age, is worth a path of its own: word
 * by word, without the checks that copy_from_user() makes of a kernel buffer
 * whose size it cannot see, takes a quarter of the instructions. Any other
 * size is left to the caller: -EAGAIN.
 */
static __always_inline int kshm_capture_words(u64 *to, u64 __user *from,
					      size_t size, u32 *usize)
{
	size_t i;

	if (!user_read_access_begin(from, size))
		return -EFAULT;
	unsafe_get_user(*usize, (u32 __user *)from, fault);
	if (unlikely(*usize != size)) {
		user_read_access_end();
		return -EAGAIN;
	}
#ifndef __clang__	/* which cannot, where there is an asm goto, and warns */
#pragma GCC unroll 32
#endif
	for (i = 0; i < size / sizeof(u64); i++)
		unsafe_get_user(to[i], &from[i], fault);
	user_read_access_end();
	return 0;

fault:
	user_read_access_end();
	return -EFAULT;
}

/*
 * Copies a struct of @size bytes, whose first version had @least. The size that
 * is read first counts; the one in the copy is not looked at.
 */
static __always_inline int kshm_capture(void *arg, void __user *uarg,
					size_t size, size_t least, u32 *usize)
{
	int ret = kshm_capture_words(arg, uarg, size, usize);

	if (likely(ret != -EAGAIN))
		return ret;
	if (*usize < least)
		return -EINVAL;
	return copy_struct_from_user(arg, size, uarg, *usize);
}

#endif /* KSHM_CAPTURE_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - memory between guards: bytes before and behind it, to see whether somebody wrote
 * there
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "guard.h"

/* Of each guard. A line of the cache, to which the memory is aligned, but to no page. */
#define SIZE	64

/* Neither what memory is cleared with nor what the kernel poisons it with. */
#define BYTE	0xc9

/**
 * kshm_guard_alloc() - allocate memory between guards
 * @len: bytes of it
 * @gfp: as for kvmalloc()
 *
 * Return: the memory, for kshm_guard_free(), or NULL.
 */
void *kshm_guard_alloc(size_t len, gfp_t gfp)
{
	void *base = kvmalloc(len + 2 * SIZE, gfp);

	if (!base)
		return NULL;
	memset(base, BYTE, SIZE);
	memset(base + SIZE + len, BYTE, SIZE);
	return base + SIZE;
}

/* Whether nobody wrote beyond the @len bytes of @buf. Context: any. */
bool kshm_guard_whole(const void *buf, size_t len)
{
	return !memchr_inv(buf - SIZE, BYTE, SIZE) && !memchr_inv(buf + len, BYTE, SIZE);
}

void kshm_guard_free(const void *buf)
{
	kvfree(buf - SIZE);
}

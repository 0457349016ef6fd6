/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - pages of the caller's, pinned into a buffer
 */
#ifndef KSHM_FILL_H
#define KSHM_FILL_H

#include <linux/types.h>

struct kshm_buffer;
struct kshm_explain;
struct kshm_range;

unsigned long kshm_fill_pages(const struct kshm_range *range);
int kshm_fill(struct kshm_buffer *buf, const struct kshm_range *ranges, u32 nr,
	      unsigned long pages, struct kshm_explain *why);

#endif /* KSHM_FILL_H */

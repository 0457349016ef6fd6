/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what a list told
 */
#ifndef KSHM_LISTED_H
#define KSHM_LISTED_H

#include <linux/types.h>

struct kshm_explain;

/**
 * struct kshm_listed - what became of a list
 * @to: where the next entry goes, in the caller's memory
 * @size: bytes of an entry
 * @room: how many entries there is room for
 * @nr: how many were told
 * @more: whether there is another
 */
struct kshm_listed {
	void __user *to;
	size_t size;
	u32 room;
	u32 nr;
	bool more;
};

void kshm_listed_init(struct kshm_listed *listed, u64 entries, size_t size, u32 room);
int kshm_listed_tell(struct kshm_listed *listed, const void *entry,
		     struct kshm_explain *why);
int kshm_listed_end(const struct kshm_listed *listed, u32 __user *nr, u32 __user *more,
		    const void __user *uarg, size_t size, struct kshm_explain *why);

#endif /* KSHM_LISTED_H */

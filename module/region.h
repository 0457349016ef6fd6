/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - regions: a caller's memory, pinned once and used as often as wanted
 */
#ifndef KSHM_REGION_H
#define KSHM_REGION_H

#include <linux/refcount.h>

#include "buffer.h"
#include "memlock.h"

/**
 * struct kshm_region - memory pinned once
 * @ref: holds, and who looks at it without one
 * @buffer: its pages; built before the first hold, undone with the last
 * @lock: what is charged for them
 */
struct kshm_region {
	refcount_t ref;
	struct kshm_buffer buffer;
	struct kshm_memlock lock;
};

struct kshm_region *kshm_region_alloc(bool write);
void kshm_region_put(struct kshm_region *region);

#endif /* KSHM_REGION_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - regions: a caller's memory, pinned once and used as often as wanted
 *
 * What a region is, and how long. Who may find it is not known here.
 */
#include <linux/slab.h>

#include "region.h"

/**
 * kshm_region_alloc() - an empty region, of which nothing is charged or pinned yet
 * @write: whether its pages will be pinned for writing
 *
 * Return: the region, a reference, or NULL.
 */
struct kshm_region *kshm_region_alloc(bool write)
{
	struct kshm_region *region = kmalloc(sizeof(*region), GFP_KERNEL_ACCOUNT);

	if (!region)
		return NULL;
	refcount_set(&region->ref, 1);
	region->lock.user = NULL;
	kshm_buffer_init(&region->buffer, write);
	return region;
}

/* Context: process context, any task. May sleep. */
void kshm_region_put(struct kshm_region *region)
{
	if (!refcount_dec_and_test(&region->ref))
		return;
	kshm_buffer_undo(&region->buffer);
	kshm_memlock_uncharge(&region->lock);
	kfree(region);
}

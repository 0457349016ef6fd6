/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - regions: a caller's memory, pinned once and used by id
 */
#ifndef KSHM_REGION_H
#define KSHM_REGION_H

#include <linux/kshm_driver.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>

#include "buffer.h"
#include "memlock.h"

struct kshm_handle;

/**
 * struct kshm_region - memory pinned once
 * @ref: holds
 * @buffer: its pages; built before the first hold, undone with the last
 * @lock: what is charged for them
 */
struct kshm_region {
	refcount_t ref;
	struct kshm_buffer buffer;
	struct kshm_memlock lock;
};

/**
 * struct kshm_hold - what an id of a handle stands for
 * @ref: one as long as it is found by its id, or somebody waits to destroy it,
 *	and one for each request that uses it
 * @rights: KSHM_REGION_* bits; set once
 * @region: a reference; set once
 * @rcu: for those that look it up while it goes
 */
struct kshm_hold {
	refcount_t ref;
	u32 rights;
	struct kshm_region *region;
	struct rcu_head rcu;
};

/* Most regions of a handle, a module parameter. */
extern unsigned int kshm_max_handle_regions;

void kshm_regions_close(struct kshm_handle *handle);

struct kshm_hold *kshm_hold_get(struct kshm_handle *handle, u32 id);
void kshm_hold_put(struct kshm_hold *hold);

long kshm_region_create(struct kshm_handle *handle,
			const struct kshm_ioc_region_create *arg,
			struct kshm_ioc_region_create __user *uarg, size_t usize);
long kshm_region_query(struct kshm_handle *handle,
		       const struct kshm_ioc_region_query *arg,
		       struct kshm_ioc_region_query __user *uarg, size_t usize);
long kshm_region_destroy(struct kshm_handle *handle,
			 const struct kshm_ioc_region_destroy *arg,
			 struct kshm_ioc_region_destroy __user *uarg,
			 size_t usize);

#endif /* KSHM_REGION_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - regions: memory that is pinned once and used as often as wanted
 */
#ifndef KSHM_REGION_H
#define KSHM_REGION_H

#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/wait.h>

#include "buffer.h"
#include "memlock.h"
#include "section.h"
#include "watch.h"

struct kshm_handle_entry;
struct kshm_ioc_region_query;

/**
 * struct kshm_region - memory pinned once
 * @ref: holds, and who looks at it without one
 * @uses: one until it is revoked, and one for each request that uses it: the pages
 *	and their charge go with the last, or with the last of @ref
 * @revoked: not to be used any more; set once
 * @gone: its pages are about to go; set once, under the lock of whoever looks at them
 * @unpinned: nothing of it is pinned or charged any more; set once, after that is so
 * @owns_watch: @watch is behind the region itself, and goes with it
 * @wait: where somebody waits for @unpinned, which is seldom
 * @buffer: its pages; built before the first hold, touched by uses only
 * @lock: what is charged for them: a page at least, from before the first hold on
 * @watch: of the addresses they were pinned at; NULL if nobody watches
 * @section: whose pages they are; NULL if they are of a caller's memory
 * @number: that no other has; set once
 * @made: when; set once
 */
struct kshm_region {
	refcount_t ref;
	refcount_t uses;
	unsigned long revoked;
	bool gone;
	bool unpinned;
	bool owns_watch;
	wait_queue_head_t wait;
	struct kshm_buffer buffer;
	struct kshm_memlock lock;
	struct kshm_watch *watch;
	struct kshm_section *section;
	u64 number;
	u64 made;
};

/**
 * struct kshm_region_told - what a list has to know of a region that it tells
 * @made: when it was made
 * @payer: whom it is charged to; INVALID_UID if it is not any more
 */
struct kshm_region_told {
	u64 made;
	kuid_t payer;
};

struct kshm_region *kshm_region_alloc(bool write, u32 watched);
void kshm_region_put(struct kshm_region *region);
void kshm_region_unpin(struct kshm_region *region);
int kshm_region_revoke(struct kshm_region *region, bool wait);
int kshm_region_look(struct kshm_region *region, unsigned long first,
		     unsigned long end, u64 *where);
void kshm_region_describe(struct kshm_region *region,
			  struct kshm_ioc_region_query *out);
void kshm_region_tell(struct kshm_region *region, struct kshm_handle_entry *entry,
		      struct kshm_region_told *told);

static inline void kshm_region_get(struct kshm_region *region)
{
	refcount_inc(&region->ref);
}

static inline bool kshm_region_revoked(const struct kshm_region *region)
{
	return READ_ONCE(region->revoked);
}

/* Whether kshm_region_look() could find anything: all that a request pays if not. */
static inline bool kshm_region_is_doubtful(const struct kshm_region *region)
{
	if (region->section)
		return kshm_section_is_doubtful(region->section);
	return kshm_watch_is_marked(region->watch);
}

/*
 * Whether the pages are there, and stay until kshm_region_unuse(). It is the count
 * that keeps them: a use that does not see yet that the region is being revoked is
 * one that was under way. One that begins after the revoking ended does see it.
 */
static inline bool kshm_region_use(struct kshm_region *region)
{
	return !kshm_region_revoked(region) &&
	       refcount_inc_not_zero(&region->uses);
}

/*
 * Context: process context, any task. May sleep. The caller has a reference for
 * longer.
 */
static inline void kshm_region_unuse(struct kshm_region *region)
{
	if (refcount_dec_and_test(&region->uses))
		kshm_region_unpin(region);
}

#endif /* KSHM_REGION_H */

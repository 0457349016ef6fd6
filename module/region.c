// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - regions: memory that is pinned once and used as often as wanted
 *
 * Two things are counted. References keep the struct: of the holds of handles, and
 * of whoever looks. Uses keep the pages: those of requests, and one of the region's
 * own, which ends when it is revoked. A revoked region is an empty shell that its
 * holds can look at, and let go. Who may find a region is not known here.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/cred.h>
#include <linux/kshm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <linux/wait.h>

#include "account.h"
#include "region.h"
#include "trace.h"

/* Of all regions: keeps the pages of one from going while somebody looks, who is quick. */
static DEFINE_SPINLOCK(look_lock);

/* Regions that were ever made, which is the number of the last. */
static atomic64_t nr_made = ATOMIC64_INIT(0);

/* Behind a region whose one range is watched: there it needs no second allocation. */
static struct kshm_watch *own_watch(struct kshm_region *region)
{
	return (struct kshm_watch *)(region + 1);
}

static struct kshm_region *alloc_unwatched(void)
{
	struct kshm_region *region = kmalloc(sizeof(*region), GFP_KERNEL_ACCOUNT);

	if (!region)
		return NULL;
	region->watch = NULL;
	region->owns_watch = false;
	return region;
}

static struct kshm_region *alloc_with_watch(void)
{
	struct kshm_region *region;

	region = kmalloc(sizeof(*region) + KSHM_WATCH_SIZE, GFP_KERNEL_ACCOUNT);
	if (!region)
		return NULL;
	region->watch = own_watch(region);
	region->owns_watch = true;
	kshm_watch_init(region->watch);
	return region;
}

static struct kshm_region *alloc_watched(u32 ranges)
{
	struct kshm_region *region;

	if (ranges == 1)
		return alloc_with_watch();
	region = alloc_unwatched();
	if (!region)
		return NULL;
	region->watch = kshm_watch_alloc(ranges);
	if (region->watch)
		return region;
	kfree(region);
	return NULL;
}

/**
 * kshm_region_alloc() - an empty region, of which nothing is charged or pinned yet
 * @write: whether its pages will be pinned for writing
 * @watched: how many ranges of the caller's will be watched
 *
 * Return: the region, a reference, or NULL.
 */
struct kshm_region *kshm_region_alloc(bool write, u32 watched)
{
	struct kshm_region *region = watched ? alloc_watched(watched) :
					       alloc_unwatched();

	if (!region)
		return NULL;
	refcount_set(&region->ref, 1);
	refcount_set(&region->uses, 1);
	region->revoked = 0;
	region->gone = false;
	region->unpinned = false;
	region->lock.user = NULL;
	region->section = NULL;
	region->number = atomic64_inc_return(&nr_made);
	region->made = ktime_get_coarse_boottime_ns();
	init_waitqueue_head(&region->wait);
	kshm_buffer_init(&region->buffer, write);
	return region;
}

static void end_watch(struct kshm_region *region)
{
	struct kshm_watch *watch = region->watch;

	if (!watch)
		return;
	kshm_watch_end(watch);
	if (!region->owns_watch)
		kvfree(watch);
}

static void undo(struct kshm_region *region)
{
	end_watch(region);
	kshm_buffer_undo(&region->buffer);
	kshm_section_end(region->section);
	kshm_memlock_uncharge(&region->lock);
}

/* Context: process context, any task. May sleep. */
void kshm_region_put(struct kshm_region *region)
{
	if (!refcount_dec_and_test(&region->ref))
		return;
	/* Uses have references, so that there are none. */
	if (!region->revoked)
		undo(region);
	kfree(region);
}

/* The last use of a revoked region is over. */
void kshm_region_unpin(struct kshm_region *region)
{
	spin_lock(&look_lock);
	region->gone = true;
	spin_unlock(&look_lock);
	undo(region);
	/* Pairs with the acquire of is_unpinned(): the charge is gone for whoever sees it. */
	smp_store_release(&region->unpinned, true);
	if (wq_has_sleeper(&region->wait))
		wake_up_all(&region->wait);
}

static bool is_unpinned(const struct kshm_region *region)
{
	/* Pairs with the release above. */
	return smp_load_acquire(&region->unpinned);
}

/**
 * kshm_region_revoke() - have a region not used any more
 * @region: the region; the caller has a reference
 * @wait: until its pages are unpinned and uncharged. Otherwise the last of the uses
 *	that are under way sees to that.
 *
 * Any number of callers may do so, at any time.
 *
 * Return: 0, or -EINTR if the caller is being killed while waiting.
 */
int kshm_region_revoke(struct kshm_region *region, bool wait)
{
	if (!test_and_set_bit(0, &region->revoked))
		kshm_region_unuse(region);
	if (!wait)
		return 0;
	/* A view can last, which is not to keep the machine from being suspended. */
	return wait_event_state(region->wait, is_unpinned(region),
				(TASK_KILLABLE | TASK_FREEZABLE)) ? -EINTR : 0;
}

/**
 * kshm_region_look() - look whether pages are those of their owner, or their file, still
 * @region: the region; the caller uses it
 * @first: number of the first page
 * @end: number of the first page behind; @first for none
 * @where: gets the address of the first page that is not, or its offset in the file
 *
 * Whoever is the first to find one tells the tracepoint.
 *
 * Context: process context, any task, no locks. May sleep.
 * Return: 0, -ESTALE, or -EINTR if the caller is being killed.
 */
int kshm_region_look(struct kshm_region *region, unsigned long first,
		     unsigned long end, u64 *where)
{
	struct kshm_stale stale;
	struct kshm_lost lost;
	int ret;

	if (region->section) {
		ret = kshm_section_look(region->section, &region->buffer, first,
					end, &lost);
		if (ret == -ESTALE)
			*where = lost.offset;
		if (lost.found)
			trace_kshm_section_stale(region->number, lost.offset);
		return ret;
	}
	ret = kshm_watch_look(region->watch, &region->buffer, first, end, &stale);
	if (ret == -ESTALE)
		*where = stale.addr;
	if (stale.found)
		trace_kshm_region_stale(region->number, stale.addr);
	return ret;
}

/* What it is, and whom it is charged to: nobody if it is not any more. */
static void look(struct kshm_region *region, struct kshm_ioc_region_query *out,
		 kuid_t *payer)
{
	const struct kshm_buffer *buf = &region->buffer;

	out->out_len = 0;
	out->out_pages = 0;
	out->out_extents = 0;
	out->out_holds = refcount_read(&region->ref) - 1;
	*payer = INVALID_UID;
	spin_lock(&look_lock);
	/* What is gone was revoked before. */
	out->out_state = kshm_region_revoked(region) ? KSHM_STATE_REVOKED : 0;
	if (!region->gone) {
		out->out_len = buf->len;
		out->out_pages = buf->nr_pages;
		out->out_extents = buf->nr_extents;
		out->out_state |= kshm_watch_state(region->watch) |
				  kshm_section_state(region->section);
		*payer = region->lock.user->uid;
	}
	spin_unlock(&look_lock);
}

/**
 * kshm_region_describe() - what a region is
 * @region: the region; the caller has a reference, which is not counted as a hold
 * @out: gets what does not depend on the hold
 *
 * Context: any that may take a spinlock. Looking is no use, so that it is never the
 * last, whoever does it, and is in nobody's way who lets go of a region.
 */
void kshm_region_describe(struct kshm_region *region,
			  struct kshm_ioc_region_query *out)
{
	kuid_t payer;

	look(region, out, &payer);
}

/**
 * kshm_region_tell() - the same for a list
 * @region: the region, which somebody else keeps from going
 * @entry: gets what does not depend on the hold
 * @told: gets what the list has to know besides
 *
 * Context: as for kshm_region_describe().
 */
void kshm_region_tell(struct kshm_region *region, struct kshm_handle_entry *entry,
		      struct kshm_region_told *told)
{
	struct kshm_ioc_region_query query;

	look(region, &query, &told->payer);
	told->made = region->made;
	entry->charged_uid = uid_valid(told->payer) ?
			     from_kuid_munged(current_user_ns(), told->payer) :
			     KSHM_HANDLE_UNCHARGED;
	entry->region = region->number;
	entry->state = query.out_state;
	/* No reference of ours is among them. */
	entry->holds = query.out_holds + 1;
	entry->len = query.out_len;
	entry->pages = query.out_pages;
}

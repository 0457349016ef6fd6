// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - regions: a caller's memory, pinned once and used by id
 *
 * A handle's table leads from ids to holds, and a hold to its region. Requests
 * find a hold without a lock and keep it while they use it; whoever destroys it
 * is the last, or waits to be. The region goes with its last hold.
 *
 * Creating goes look at the ranges, reserve the id, charge, pin, tell the caller the
 * id, publish: from there on nothing can fail. Destroying goes the same way back. The
 * device need not be there for either: no code of its driver is called.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "device.h"
#include "explain.h"
#include "handle.h"
#include "limits.h"
#include "longterm.h"
#include "region.h"

unsigned int kshm_max_handle_regions = KSHM_MAX_HANDLE_REGIONS;
module_param_named(max_handle_regions, kshm_max_handle_regions, uint, 0644);
MODULE_PARM_DESC(max_handle_regions, "most regions of one handle");

/* Of all handles: where somebody waits for uses to end, which is seldom. */
static DECLARE_WAIT_QUEUE_HEAD(use_ended);

/* Pages pinned at a time for a small region, without an allocation. */
#define FEW_PAGES	16

/**
 * struct ranges - the ranges of a region to be
 * @nr: how many
 * @range: captured; @one or kvmalloc()ed
 * @one: the usual number
 */
struct ranges {
	u32 nr;
	struct kshm_range *range;
	struct kshm_range one;
};

static void region_put(struct kshm_region *region)
{
	if (!refcount_dec_and_test(&region->ref))
		return;
	kshm_buffer_undo(&region->buffer);
	kshm_memlock_uncharge(&region->lock);
	kfree(region);
}

static void hold_free(struct kshm_hold *hold)
{
	region_put(hold->region);
	kfree_rcu(hold, rcu);
}

/**
 * kshm_hold_get() - what an id stands for
 * @handle: the handle
 * @id: the id, any number
 *
 * Return: the hold, to be put, or NULL if the handle has none of that id.
 */
struct kshm_hold *kshm_hold_get(struct kshm_handle *handle, u32 id)
{
	struct kshm_hold *hold;

	rcu_read_lock();
	hold = xa_load(&handle->regions, id);
	if (hold && !refcount_inc_not_zero(&hold->ref))
		hold = NULL;
	rcu_read_unlock();
	return hold;
}

/* Context: process context, any task. May sleep. */
void kshm_hold_put(struct kshm_hold *hold)
{
	if (refcount_dec_and_test(&hold->ref))
		hold_free(hold);
	else if (wq_has_sleeper(&use_ended))
		wake_up_all(&use_ended);
}

/* The last close of the file: no request of the handle runs any more. */
void kshm_regions_close(struct kshm_handle *handle)
{
	struct kshm_hold *hold;
	unsigned long id;

	xa_for_each(&handle->regions, id, hold) {
		kshm_hold_put(hold);
		cond_resched();
	}
	xa_destroy(&handle->regions);
}

static int check_create(const struct kshm_ioc_region_create *arg,
			struct kshm_explain *why)
{
	const u32 known = KSHM_REGION_READ | KSHM_REGION_WRITE;

	if (arg->rights & ~known) {
		kshm_explain(why, KSHM_EXPLAIN_FLAGS, 0, EOPNOTSUPP);
		kshm_explain_numbers(why, arg->rights & ~known, 0, 0);
		return -EOPNOTSUPP;
	}
	if (!arg->rights) {
		kshm_explain(why, KSHM_EXPLAIN_NO_RIGHTS, 0, EINVAL);
		return -EINVAL;
	}
	if (arg->nr_ranges > KSHM_REGION_MAX_RANGES) {
		kshm_explain(why, KSHM_EXPLAIN_RANGES, 0, EINVAL);
		kshm_explain_numbers(why, 0, arg->nr_ranges,
				     KSHM_REGION_MAX_RANGES);
		return -EINVAL;
	}
	return 0;
}

static int capture_ranges(struct ranges *ranges, u32 nr, u64 uaddr,
			  struct kshm_explain *why)
{
	size_t size = nr * sizeof(*ranges->range);

	ranges->nr = nr;
	ranges->range = &ranges->one;
	if (nr > 1)
		ranges->range = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!ranges->range) {
		kshm_explain(why, KSHM_EXPLAIN_MEMORY, 0, ENOMEM);
		kshm_explain_numbers(why, size, 0, 0);
		return -ENOMEM;
	}
	if (!copy_from_user(ranges->range, u64_to_user_ptr(uaddr), size))
		return 0;
	kshm_explain_address(why, 0, uaddr, size, KSHM_NEED_READ);
	return -EFAULT;
}

static void free_ranges(struct ranges *ranges)
{
	if (ranges->range != &ranges->one)
		kvfree(ranges->range);
}

/* Pages of a range that does not wrap. */
static unsigned long span(const struct kshm_range *range)
{
	if (!range->len)
		return 0;
	return ((offset_in_page(range->addr) + range->len - 1) >> PAGE_SHIFT) + 1;
}

/* Whether the range after @len bytes can be mapped as if they were one. */
static bool joins(const struct kshm_buffer *buf, const struct kshm_range *range)
{
	return !buf->len ||
	       PAGE_ALIGNED(range->addr | (buf->offset + buf->len));
}

/* Where the region's bytes will lie, and how many pages it will have. */
static int measure(const struct ranges *ranges, struct kshm_buffer *buf,
		   unsigned long *pages, struct kshm_explain *why)
{
	const struct kshm_range *range;
	u32 n;

	for (n = 0; n < ranges->nr; n++) {
		range = &ranges->range[n];
		if (!range->len)
			continue;
		/* No sum wraps: none of them is longer than user space. */
		if (!access_ok(u64_to_user_ptr(range->addr), range->len)) {
			kshm_explain_address(why, 0, range->addr, range->len, 0);
			return -EFAULT;
		}
		if (!joins(buf, range)) {
			kshm_explain(why, KSHM_EXPLAIN_JOIN, 0, EINVAL);
			kshm_explain_numbers(why, 0, n, 0);
			return -EINVAL;
		}
		if (!buf->len)
			buf->offset = offset_in_page(range->addr);
		buf->len += range->len;
		*pages += span(range);
	}
	return 0;
}

static int explain_pin(struct kshm_explain *why, int error, u64 addr, u64 len,
		       bool write)
{
	if (error == -EFAULT)
		kshm_explain_address(why, 0, addr, len, KSHM_NEED_PAGES |
				     KSHM_NEED_LONG_TERM |
				     (write ? KSHM_NEED_WRITE : KSHM_NEED_READ));
	else
		kshm_explain(why, error == -EINTR ? KSHM_EXPLAIN_SIGNAL :
			     KSHM_EXPLAIN_MEMORY, 0, -error);
	return error;
}

/* Pins @range with @batch entries of @pages at a time. */
static int pin_range(struct kshm_buffer *buf, const struct kshm_range *range,
		     struct page **pages, unsigned long batch,
		     struct kshm_explain *why)
{
	u64 start = range->addr & PAGE_MASK, end = range->addr + range->len;
	unsigned long left = span(range), nr;
	long got;

	for (; left; left -= got, start += got * PAGE_SIZE) {
		nr = min(left, batch);
		got = kshm_buffer_reserve(buf, nr);
		if (!got)
			got = kshm_longterm_pin(start, nr, buf->write, pages);
		if (got < 0)
			return explain_pin(why, got, max(start, range->addr),
					   end - max(start, range->addr), buf->write);
		kshm_buffer_add(buf, pages, got);
		if (fatal_signal_pending(current))
			return explain_pin(why, -EINTR, 0, 0, false);
		cond_resched();
	}
	return 0;
}

static int pin(struct kshm_buffer *buf, const struct ranges *ranges,
	       unsigned long nr, struct kshm_explain *why)
{
	struct page *few[FEW_PAGES], **pages = few;
	unsigned long batch = FEW_PAGES;
	int ret = 0;
	u32 n;

	if (nr > FEW_PAGES) {
		batch = KSHM_BATCH_PAGES;
		pages = kmalloc_array(batch, sizeof(*pages), GFP_KERNEL_ACCOUNT);
		if (!pages)
			return explain_pin(why, -ENOMEM, 0, 0, false);
	}
	for (n = 0; !ret && n < ranges->nr; n++)
		ret = pin_range(buf, &ranges->range[n], pages, batch, why);
	if (pages != few)
		kfree(pages);
	if (!ret && kshm_buffer_finish(buf))
		ret = explain_pin(why, -ENOMEM, 0, 0, false);
	return ret;
}

/* An empty region, of which nothing is charged or pinned yet. */
static struct kshm_region *region_alloc(bool write)
{
	struct kshm_region *region = kmalloc(sizeof(*region), GFP_KERNEL_ACCOUNT);

	if (!region)
		return NULL;
	refcount_set(&region->ref, 1);
	region->lock.user = NULL;
	kshm_buffer_init(&region->buffer, write);
	return region;
}

/* A hold without a region yet, and an id that leads nowhere yet. */
static int hold_reserve(struct kshm_handle *handle, struct kshm_hold **hold,
			u32 *id, struct kshm_explain *why)
{
	const struct xa_limit limit = XA_LIMIT(1, INT_MAX);
	u32 max = READ_ONCE(kshm_max_handle_regions), nr;
	int ret;

	*hold = kmalloc(sizeof(**hold), GFP_KERNEL_ACCOUNT);
	if (!*hold)
		return explain_pin(why, -ENOMEM, 0, 0, false);
	nr = atomic_inc_return(&handle->nr_regions);
	if (nr > max) {
		kshm_explain(why, KSHM_EXPLAIN_LIMIT_REGIONS, 0, ENOSPC);
		kshm_explain_numbers(why, 1, nr - 1, max);
		ret = -ENOSPC;
		goto uncount;
	}
	/* One that was destroyed is not the next one at once. */
	ret = xa_alloc_cyclic(&handle->regions, id, NULL, limit,
			      &handle->next_region, GFP_KERNEL_ACCOUNT);
	if (ret >= 0)
		return 0;
	explain_pin(why, -ENOMEM, 0, 0, false);
	ret = -ENOMEM;
uncount:
	atomic_dec(&handle->nr_regions);
	kfree(*hold);
	return ret;
}

static void hold_unreserve(struct kshm_handle *handle, struct kshm_hold *hold,
			   u32 id)
{
	xa_erase(&handle->regions, id);
	atomic_dec(&handle->nr_regions);
	kfree(hold);
}

static int tell(struct kshm_ioc_region_create __user *uarg, u32 id, size_t len,
		struct kshm_explain *why)
{
	if (!put_user(id, &uarg->out_id) && !put_user(len, &uarg->out_len))
		return 0;
	kshm_explain_address(why, 0, (unsigned long)uarg, sizeof(*uarg),
			     KSHM_NEED_WRITE);
	return -EFAULT;
}

/* From here on nothing can fail: there is an entry, so that no memory is needed. */
static void publish(struct kshm_handle *handle, struct kshm_hold *hold, u32 id,
		    u32 rights, struct kshm_region *region)
{
	refcount_set(&hold->ref, 1);
	hold->rights = rights;
	hold->region = region;
	xa_store(&handle->regions, id, hold, GFP_KERNEL);
}

/* Fills in and publishes @region, whose ranges are known to be good. */
static int build(struct kshm_handle *handle,
		 const struct kshm_ioc_region_create *arg,
		 struct kshm_ioc_region_create __user *uarg,
		 struct kshm_region *region, const struct ranges *ranges,
		 unsigned long pages, struct kshm_explain *why)
{
	struct kshm_hold *hold;
	u32 id;
	int ret;

	ret = hold_reserve(handle, &hold, &id, why);
	if (ret)
		return ret;
	ret = kshm_memlock_charge(&region->lock, pages, why);
	if (!ret)
		ret = pin(&region->buffer, ranges, pages, why);
	if (!ret)
		ret = tell(uarg, id, region->buffer.len, why);
	if (ret)
		hold_unreserve(handle, hold, id);
	else
		publish(handle, hold, id, arg->rights, region);
	return ret;
}

static int create(struct kshm_handle *handle,
		  const struct kshm_ioc_region_create *arg,
		  struct kshm_ioc_region_create __user *uarg,
		  struct kshm_explain *why)
{
	struct kshm_region *region;
	unsigned long pages = 0;
	struct ranges ranges;
	int ret;

	ret = check_create(arg, why);
	if (ret)
		return ret;
	region = region_alloc(arg->rights & KSHM_REGION_WRITE);
	if (!region)
		return explain_pin(why, -ENOMEM, 0, 0, false);
	ret = capture_ranges(&ranges, arg->nr_ranges, arg->ranges, why);
	if (!ret)
		ret = measure(&ranges, &region->buffer, &pages, why);
	if (!ret)
		ret = build(handle, arg, uarg, region, &ranges, pages, why);
	free_ranges(&ranges);
	if (ret)
		region_put(region);
	return ret;
}

static int explain_gone(struct kshm_explain *why)
{
	kshm_explain(why, KSHM_EXPLAIN_GONE, 0, ENODEV);
	return -ENODEV;
}

static int explain_unknown(struct kshm_explain *why, u32 id)
{
	kshm_explain(why, KSHM_EXPLAIN_REGION, 0, ENOENT);
	kshm_explain_numbers(why, 0, id, 0);
	return -ENOENT;
}

/* KSHM_IOC_REGION_CREATE; @arg is the captured struct, @uarg the caller's. */
long kshm_region_create(struct kshm_handle *handle,
			const struct kshm_ioc_region_create *arg,
			struct kshm_ioc_region_create __user *uarg, size_t usize)
{
	struct kshm_explain why = { };
	int ret;

	if (kshm_device_going(handle->dev))
		ret = explain_gone(&why);
	else
		ret = create(handle, arg, uarg, &why);
	if (ret)
		kshm_explain_to_user(&why, arg->explain);
	return ret;
}

/* Under the lock of the table, so that asking is no use. */
static int look_at(struct kshm_handle *handle, struct kshm_ioc_region_query *out)
{
	const struct kshm_hold *hold;
	int ret = -ENOENT;

	xa_lock(&handle->regions);
	hold = xa_load(&handle->regions, out->id);
	if (hold) {
		out->out_rights = hold->rights;
		out->out_uses = refcount_read(&hold->ref) - 1;
		out->out_len = hold->region->buffer.len;
		out->out_pages = hold->region->buffer.nr_pages;
		out->out_extents = hold->region->buffer.nr_extents;
		ret = 0;
	}
	xa_unlock(&handle->regions);
	return ret;
}

/* KSHM_IOC_REGION_QUERY */
long kshm_region_query(struct kshm_handle *handle,
		       const struct kshm_ioc_region_query *arg,
		       struct kshm_ioc_region_query __user *uarg, size_t usize)
{
	struct kshm_ioc_region_query out = *arg;
	struct kshm_explain why;
	int ret;

	out.size = usize;
	if (look_at(handle, &out)) {
		ret = explain_unknown(&why, arg->id);
		kshm_explain_to_user(&why, arg->explain);
		return ret;
	}
	return copy_to_user(uarg, &out, min(usize, sizeof(out))) ? -EFAULT : 0;
}

/* Takes an unused hold out of the table. */
static int take_unused(struct kshm_handle *handle, u32 id,
		       struct kshm_hold **hold)
{
	int ret = 0;

	xa_lock(&handle->regions);
	*hold = xa_load(&handle->regions, id);
	if (!*hold)
		ret = -ENOENT;
	else if (!refcount_dec_if_one(&(*hold)->ref))
		ret = -EBUSY;
	else
		__xa_erase(&handle->regions, id);
	xa_unlock(&handle->regions);
	return ret;
}

/* Takes a hold out of the table and waits until it is unused. */
static int take_waiting(struct kshm_handle *handle, u32 id,
			struct kshm_hold **hold)
{
	xa_lock(&handle->regions);
	*hold = xa_load(&handle->regions, id);
	/* Not an id that is reserved only. */
	if (*hold)
		__xa_erase(&handle->regions, id);
	xa_unlock(&handle->regions);
	if (!*hold)
		return -ENOENT;
	if (!wait_event_killable(use_ended, refcount_dec_if_one(&(*hold)->ref)))
		return 0;
	/* The last use does the rest. */
	atomic_dec(&handle->nr_regions);
	kshm_hold_put(*hold);
	return -EINTR;
}

static int destroy(struct kshm_handle *handle,
		   const struct kshm_ioc_region_destroy *arg,
		   struct kshm_explain *why)
{
	struct kshm_hold *hold;
	int ret;

	if (arg->flags & ~KSHM_REGION_WAIT) {
		kshm_explain(why, KSHM_EXPLAIN_FLAGS, 0, EOPNOTSUPP);
		kshm_explain_numbers(why, arg->flags & ~KSHM_REGION_WAIT, 0, 0);
		return -EOPNOTSUPP;
	}
	if (arg->reserved) {
		kshm_explain(why, KSHM_EXPLAIN_RESERVED, 0, EINVAL);
		return -EINVAL;
	}
	if (arg->flags & KSHM_REGION_WAIT)
		ret = take_waiting(handle, arg->id, &hold);
	else
		ret = take_unused(handle, arg->id, &hold);
	if (ret == -ENOENT)
		return explain_unknown(why, arg->id);
	if (ret) {
		kshm_explain(why, ret == -EBUSY ? KSHM_EXPLAIN_BUSY :
						  KSHM_EXPLAIN_SIGNAL, 0, -ret);
		return ret;
	}
	atomic_dec(&handle->nr_regions);
	hold_free(hold);
	return 0;
}

/* KSHM_IOC_REGION_DESTROY */
long kshm_region_destroy(struct kshm_handle *handle,
			 const struct kshm_ioc_region_destroy *arg,
			 struct kshm_ioc_region_destroy __user *uarg,
			 size_t usize)
{
	struct kshm_explain why;
	int ret = destroy(handle, arg, &why);

	if (ret)
		kshm_explain_to_user(&why, arg->explain);
	return ret;
}

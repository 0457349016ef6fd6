// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_REGION_CREATE: a region of the caller's memory
 *
 * Creating goes look at the ranges, reserve the id, charge, watch, pin, show, tell the
 * caller the id, publish: from there on nothing can fail. Destroying goes the same way back. The
 * device need not be there for that: no code of its driver is called.
 */
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "create.h"
#include "device.h"
#include "explain.h"
#include "fill.h"
#include "handle.h"
#include "hold.h"
#include "region.h"

/**
 * struct ranges - the ranges of a region to be
 * @nr: how many
 * @nr_filled: those of them that are not empty
 * @range: captured; @one or kvmalloc()ed
 * @one: the usual number
 * @offset: of the first byte in its page
 * @len: of all of them
 * @pages: that they are in
 */
struct ranges {
	u32 nr;
	u32 nr_filled;
	struct kshm_range *range;
	struct kshm_range one;
	size_t offset;
	size_t len;
	unsigned long pages;
};

static int check_create(const struct kshm_ioc_region_create *arg,
			struct kshm_explain *why)
{
	u32 unknown = (arg->rights & ~(KSHM_REGION_READ | KSHM_REGION_WRITE)) |
		      (arg->flags & ~KSHM_REGION_UNWATCHED);
	int ret = kshm_hold_check_unknown(unknown, arg->reserved, why);

	if (ret)
		return ret;
	if (!arg->rights)
		return kshm_explain(why, KSHM_EXPLAIN_NO_RIGHTS, 0, EINVAL);
	if (arg->nr_ranges > KSHM_REGION_MAX_RANGES)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_RANGES, 0, EINVAL,
					    0, arg->nr_ranges,
					    KSHM_REGION_MAX_RANGES);
	return 0;
}

/* Word by word, which is half of what a copy of as much takes. */
static bool copy_range(struct kshm_range *to, const struct kshm_range __user *from)
{
	return !get_user(to->addr, &from->addr) && !get_user(to->len, &from->len);
}

static int capture_ranges(struct ranges *ranges, u32 nr, u64 uaddr,
			  struct kshm_explain *why)
{
	const struct kshm_range __user *urange = u64_to_user_ptr(uaddr);
	size_t size = nr * sizeof(*ranges->range);

	ranges->nr = nr;
	ranges->range = &ranges->one;
	if (nr > 1)
		ranges->range = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!ranges->range)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_MEMORY, 0, ENOMEM,
					    size, 0, 0);
	if (nr == 1 ? copy_range(ranges->range, urange) :
		      !copy_from_user(ranges->range, urange, size))
		return 0;
	return kshm_explain_address(why, 0, uaddr, size, KSHM_NEED_READ);
}

static void free_ranges(struct ranges *ranges)
{
	if (ranges->range != &ranges->one)
		kvfree(ranges->range);
}

/* Whether the range after @len bytes can be mapped as if they were one. */
static bool joins(const struct ranges *ranges, const struct kshm_range *range)
{
	return !ranges->len ||
	       PAGE_ALIGNED(range->addr | (ranges->offset + ranges->len));
}

/* Where the region's bytes will lie, and how many pages it will have. */
static int measure(struct ranges *ranges, struct kshm_explain *why)
{
	const struct kshm_range *range;
	u32 n;

	ranges->nr_filled = 0;
	ranges->offset = 0;
	ranges->len = 0;
	ranges->pages = 0;
	for (n = 0; n < ranges->nr; n++) {
		range = &ranges->range[n];
		if (!range->len)
			continue;
		/* No sum wraps: none of them is longer than user space. */
		if (!access_ok(u64_to_user_ptr(range->addr), range->len))
			return kshm_explain_address(why, 0, range->addr,
						    range->len, 0);
		if (!joins(ranges, range))
			return kshm_explain_numbers(why, KSHM_EXPLAIN_JOIN, 0,
						    EINVAL, 0, n, 0);
		if (!ranges->len)
			ranges->offset = offset_in_page(range->addr);
		ranges->nr_filled++;
		ranges->len += range->len;
		ranges->pages += kshm_fill_pages(range);
	}
	return 0;
}

static bool is_watched(const struct kshm_ioc_region_create *arg)
{
	return !(arg->flags & KSHM_REGION_UNWATCHED);
}

/* From before the pages are pinned, so that no change is missed. */
static int watch(struct kshm_region *region, const struct ranges *ranges,
		 struct kshm_explain *why)
{
	const struct kshm_range *range;
	unsigned long page = 0;
	int ret = 0;
	u32 n;

	for (n = 0; !ret && n < ranges->nr; n++) {
		range = &ranges->range[n];
		if (!range->len)
			continue;
		ret = kshm_watch_add(region->watch,
				     untagged_addr(range->addr) & PAGE_MASK,
				     kshm_fill_pages(range), page);
		page += kshm_fill_pages(range);
		cond_resched();
	}
	/* The kernel gives up for any signal: once it was handled the call is made again. */
	if (ret == -EINTR && !fatal_signal_pending(current))
		return -ERESTARTNOINTR;
	return ret ? kshm_explain_error(why, 0, ret) : 0;
}

static int tell(struct kshm_ioc_region_create __user *uarg, u32 id, size_t len,
		struct kshm_explain *why)
{
	if (!put_user(id, &uarg->out_id) && !put_user(len, &uarg->out_len))
		return 0;
	return kshm_explain_result(why, uarg, sizeof(*uarg));
}

/* Fills in and publishes @region, whose ranges are known to be good. */
static int build(struct kshm_handle *handle,
		 const struct kshm_ioc_region_create *arg,
		 struct kshm_ioc_region_create __user *uarg,
		 struct kshm_region *region, const struct ranges *ranges,
		 struct kshm_explain *why)
{
	struct kshm_hold *hold;
	u32 id;
	int ret;

	ret = kshm_hold_reserve(handle, &hold, &id, why);
	if (ret)
		return ret;
	/* One of nothing takes memory of the kernel, too. */
	ret = kshm_memlock_charge(&region->lock, handle->user, ranges->pages, 1, why);
	if (!ret && is_watched(arg))
		ret = watch(region, ranges, why);
	if (!ret)
		ret = kshm_fill(&region->buffer, ranges->range, ranges->nr,
				ranges->pages, why);
	if (!ret) {
		kshm_hold_show(hold, arg->rights, true, region);
		ret = tell(uarg, id, region->buffer.len, why);
	}
	if (ret)
		kshm_hold_unreserve(handle, hold);
	else
		kshm_hold_publish(hold, id);
	return ret;
}

static int create(struct kshm_handle *handle,
		  const struct kshm_ioc_region_create *arg,
		  struct kshm_ioc_region_create __user *uarg,
		  const struct ranges *ranges, struct kshm_explain *why)
{
	struct kshm_region *region;
	int ret;

	region = kshm_region_alloc(arg->rights & KSHM_REGION_WRITE,
				   is_watched(arg) ? ranges->nr_filled : 0);
	if (!region)
		return kshm_explain_error(why, 0, -ENOMEM);
	region->buffer.offset = ranges->offset;
	region->buffer.len = ranges->len;
	ret = build(handle, arg, uarg, region, ranges, why);
	if (ret)
		kshm_region_put(region);
	return ret;
}

/* KSHM_IOC_REGION_CREATE; @arg is the captured struct, @uarg the caller's. */
int kshm_region_create(struct kshm_handle *handle,
		       const struct kshm_ioc_region_create *arg,
		       struct kshm_ioc_region_create __user *uarg, size_t usize,
		       struct kshm_explain *why)
{
	struct ranges ranges;
	int ret;

	if (kshm_device_going(handle->dev))
		return kshm_explain(why, KSHM_EXPLAIN_GONE, 0, ENODEV);
	ret = check_create(arg, why);
	if (ret)
		return ret;
	ret = capture_ranges(&ranges, arg->nr_ranges, arg->ranges, why);
	if (!ret)
		ret = measure(&ranges, why);
	if (!ret)
		ret = create(handle, arg, uarg, &ranges, why);
	free_ranges(&ranges);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - pages of the caller's, pinned into a buffer
 */
#include <linux/kshm.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "buffer.h"
#include "explain.h"
#include "fill.h"
#include "limits.h"
#include "longterm.h"

/* Pages pinned at a time for a small buffer, without an allocation. */
#define FEW_PAGES	16

/* Pages of a range that does not wrap. */
unsigned long kshm_fill_pages(const struct kshm_range *range)
{
	if (!range->len)
		return 0;
	return ((offset_in_page(range->addr) + range->len - 1) >> PAGE_SHIFT) + 1;
}

static int explain_pin(struct kshm_explain *why, int error, u64 addr, u64 len,
		       bool write)
{
	if (error != -EFAULT)
		return kshm_explain_error(why, 0, error);
	return kshm_explain_address(why, 0, addr, len, KSHM_NEED_PAGES |
				    KSHM_NEED_LONG_TERM |
				    (write ? KSHM_NEED_WRITE : KSHM_NEED_READ));
}

/* Pins @range with @batch entries of @pages at a time. */
static int pin_range(struct kshm_buffer *buf, const struct kshm_range *range,
		     struct page **pages, unsigned long batch,
		     struct kshm_explain *why)
{
	u64 start = range->addr & PAGE_MASK, end = range->addr + range->len;
	unsigned long left = kshm_fill_pages(range), nr;
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
			return kshm_explain_error(why, 0, -EINTR);
		cond_resched();
	}
	return 0;
}

/**
 * kshm_fill() - pin memory of the caller for longer than a call
 * @buf: gets the pages, and is finished; on failure it has to be undone
 * @ranges: the memory; none of it wraps
 * @nr: how many there are
 * @pages: that they have, all together
 * @why: gets the explanation on failure
 *
 * Context: process context of the owner. May sleep.
 * Return: 0; -EFAULT, -ENOMEM, or -EINTR if the caller is being killed.
 */
int kshm_fill(struct kshm_buffer *buf, const struct kshm_range *ranges, u32 nr,
	      unsigned long pages, struct kshm_explain *why)
{
	/* Kernels that clear stack variables need not clear them. */
	struct page *few[FEW_PAGES] __uninitialized;
	struct page **batch = few;
	unsigned long most = FEW_PAGES;
	int ret = 0;
	u32 n;

	if (pages > FEW_PAGES) {
		most = KSHM_BATCH_PAGES;
		batch = kmalloc_array(most, sizeof(*batch), GFP_KERNEL_ACCOUNT);
		if (!batch)
			return kshm_explain_error(why, 0, -ENOMEM);
	}
	for (n = 0; !ret && n < nr; n++)
		ret = pin_range(buf, &ranges[n], batch, most, why);
	if (batch != few)
		kfree(batch);
	if (!ret && kshm_buffer_finish(buf))
		ret = kshm_explain_error(why, 0, -ENOMEM);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - whether pinned pages are still what their owner has at its addresses
 *
 * A pin keeps pages, not addresses: once the owner unmaps its memory, or has other
 * memory there, it writes to one page and a driver to another. The kernel tells of
 * all that happens to a range of addresses, but not whether it matters: reclaim,
 * merging and splitting do the same to page tables as unmapping does. So what it
 * tells is noted only, with no more than a spinlock, and what was noted is looked
 * up when it is used next: the pages there now are compared with those pinned.
 *
 * A page is the same if the owner's page table leads to it, or, where that leads
 * nowhere for now, if the file that is mapped there has it at that place: pages of
 * files are taken out of page tables by reclaim, whether they are pinned or not.
 * Private pages are not, as long as they are pinned. Nothing is brought in to look.
 * What only the file has stays marked: the kernel tells of what is mapped, and nothing
 * if the page leaves the file, too.
 *
 * What was told while pages were compared came in between: the mark stays.
 */
#include <linux/error-injection.h>
#include <linux/hugetlb.h>
#include <linux/kshm.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/overflow.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "buffer.h"
#include "compat/compat.h"
#include "limits.h"
#include "watch.h"

/* Compared at a time, without an allocation. */
#define FEW_PAGES	16UL

/* Changes that come in between, before a difference is believed all the same. */
#define TRIES		8

/**
 * kshm_watch_init() - a watch without ranges
 * @watch: becomes one, of the caller's address space
 */
void kshm_watch_init(struct kshm_watch *watch)
{
	watch->mm = current->mm;
	spin_lock_init(&watch->lock);
	watch->marks = 0;
	watch->over = false;
	watch->stale = false;
	watch->nr = 0;
}

/**
 * kshm_watch_alloc() - a watch without ranges
 * @most: ranges that it may get
 *
 * Return: the watch, of the caller's address space, for kvfree(), or NULL.
 */
struct kshm_watch *kshm_watch_alloc(unsigned int most)
{
	struct kshm_watch *watch;

	watch = kvmalloc(struct_size(watch, ranges, most),
			 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (watch)
		kshm_watch_init(watch);
	return watch;
}

static unsigned long start_of(const struct kshm_watched *range)
{
	return range->notifier.interval_tree.start;
}

static void set_suspect(struct kshm_watched *range, u32 first, u32 end)
{
	struct kshm_watch *watch = range->watch;
	int more = (first < end) - (range->first < range->end);

	lockdep_assert_held(&watch->lock);
	range->first = first;
	range->end = end;
	WRITE_ONCE(watch->marks, watch->marks + more);
}

static void mark(struct kshm_watched *range, unsigned long start,
		 unsigned long end)
{
	unsigned long base = start_of(range);
	u32 first, last;

	start = max(start, base);
	end = min(end, range->notifier.interval_tree.last + 1);
	first = range->page + ((start - base) >> PAGE_SHIFT);
	last = range->page + ((end - 1 - base) >> PAGE_SHIFT);
	range->looked = min(range->looked, first);
	if (range->first < range->end)
		set_suspect(range, min(range->first, first),
			    max(range->end, last + 1));
	else
		set_suspect(range, first, last + 1);
}

/* Of these it is known that every page stays where it is. */
static bool leaves_pages(enum mmu_notifier_event event)
{
	return event == MMU_NOTIFY_PROTECTION_VMA ||
	       event == MMU_NOTIFY_PROTECTION_PAGE ||
	       event == MMU_NOTIFY_SOFT_DIRTY;
}

/* Called before the change, which ends later; see mmu_interval_read_begin(). */
static bool invalidate(struct mmu_interval_notifier *notifier,
		       const struct mmu_notifier_range *change,
		       unsigned long seq)
{
	struct kshm_watched *range = container_of(notifier, struct kshm_watched,
						  notifier);
	struct kshm_watch *watch = range->watch;

	if (leaves_pages(change->event))
		return true;
	spin_lock(&watch->lock);
	mmu_interval_set_seq(notifier, seq);
	if (change->event == MMU_NOTIFY_RELEASE)
		watch->over = true;
	if (watch->over)
		set_suspect(range, 0, 0);
	else
		mark(range, change->start, change->end);
	spin_unlock(&watch->lock);
	return true;
}

static const struct mmu_interval_notifier_ops watch_ops = {
	.invalidate = invalidate,
};

/**
 * kshm_watch_add() - watch a range, from before it is pinned
 * @watch: of the caller's address space, with room for it
 * @start: address of the first page, without a tag
 * @nr: pages, at least one
 * @page: number of the first of them in the buffer
 *
 * Return: 0; -ENOMEM; or -EINTR if a signal came.
 */
noinline int kshm_watch_add(struct kshm_watch *watch, unsigned long start,
			    unsigned long nr, unsigned long page)
{
	struct kshm_watched *range = &watch->ranges[watch->nr];
	int ret;

	range->watch = watch;
	range->page = page;
	range->first = 0;
	range->end = 0;
	range->looked = 0;
	ret = mmu_interval_notifier_insert(&range->notifier, watch->mm, start,
					   nr << PAGE_SHIFT, &watch_ops);
	if (!ret)
		watch->nr++;
	return ret;
}

ALLOW_ERROR_INJECTION(kshm_watch_add, ERRNO);

/**
 * kshm_watch_end() - stop watching, before the pages are unpinned
 * @watch: the watch, which nobody uses any more, and which is left to the caller
 *
 * Context: process context, any task. Sleeps while a change of the owner's is under
 * way.
 */
void kshm_watch_end(struct kshm_watch *watch)
{
	unsigned int n;

	for (n = 0; n < watch->nr; n++) {
		mmu_interval_notifier_remove(&watch->ranges[n].notifier);
		cond_resched();
	}
}

/* Whether the file that is mapped at @addr has @page there. */
static bool in_file(struct mm_struct *mm, unsigned long addr, struct page *page)
{
	const struct folio *folio = page_folio(page);
	unsigned long before = page_to_pfn(page) - page_to_pfn(&folio->page);
	struct vm_area_struct *vma = find_vma(mm, addr);
	unsigned long there;

	if (!vma || vma->vm_start > addr || !vma->vm_file ||
	    READ_ONCE(folio->mapping) != vma->vm_file->f_mapping)
		return false;
	there = (addr - vma->vm_start) >> PAGE_SHIFT;
	/* Not a huge one of hugetlb, which does not begin before its mapping. */
	if (before > there)
		return folio->index == vma->vm_pgoff + there - before;
	return folio->index == linear_page_index(vma, addr - before * PAGE_SIZE);
}

/* How many of @pages are those of the buffer from @page on. */
static unsigned long same_in_table(const struct kshm_buffer *buf,
				   unsigned long page, struct page **pages,
				   unsigned long nr)
{
	unsigned long same, pfn = 0, run = 0;

	for (same = 0; same < nr; same++, pfn++, run--) {
		if (!run)
			pfn = page_to_pfn(kshm_buffer_run(buf, page + same, &run));
		if (page_to_pfn(pages[same]) != pfn)
			break;
	}
	return same;
}

/*
 * How many of the @nr pages from @page on, which were pinned at @addr, are there, and
 * whether page tables lead to them, or else the file has them; -EINTR if the caller is
 * being killed. With the owner's mmap lock.
 */
static long compare_few(struct mm_struct *mm, const struct kshm_buffer *buf,
			unsigned long page, unsigned long addr,
			unsigned long nr, bool *mapped)
{
	struct page *pages[FEW_PAGES];
	unsigned long same, run;
	long got;

	/*
	 * Forced: that the owner may not read it now makes it no other page. As for a
	 * dump: before 6.10 hugetlb knows no FOLL_NOFAULT, but makes no page then.
	 */
	got = kshm_pin_user_pages_remote(mm, addr, min(nr, FEW_PAGES),
					 FOLL_NOFAULT | FOLL_FORCE | FOLL_DUMP,
					 pages, NULL);
	*mapped = got > 0;
	if (got > 0) {
		same = same_in_table(buf, page, pages, got);
		unpin_user_pages(pages, got);
		return same;
	}
	if (fatal_signal_pending(current))
		return -EINTR;
	return in_file(mm, addr, kshm_buffer_run(buf, page, &run));
}

/*
 * The same, of the pages of @range from @page on to before @end, of a batch at most, and
 * as long as they are found in one of both ways.
 */
static long compare(struct kshm_watched *range, const struct kshm_buffer *buf,
		    unsigned long page, unsigned long end, bool *mapped)
{
	struct mm_struct *mm = range->watch->mm;
	unsigned long addr, done, nr = min(end - page, KSHM_BATCH_PAGES);
	long same = 1;
	bool now;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	for (done = 0; done < nr; done += same) {
		addr = start_of(range) + ((page + done - range->page) << PAGE_SHIFT);
		same = compare_few(mm, buf, page + done, addr, nr - done, &now);
		if (same <= 0 || (done && now != *mapped))
			break;
		*mapped = now;
	}
	mmap_read_unlock(mm);
	cond_resched();
	return same < 0 ? same : done;
}

/* What of the pages from *@first on to before *@end is suspect, if anything is. */
static bool narrow(struct kshm_watched *range, unsigned long *first,
		   unsigned long *end)
{
	spin_lock(&range->watch->lock);
	*first = max_t(unsigned long, *first, range->first);
	*end = min_t(unsigned long, *end, range->end);
	spin_unlock(&range->watch->lock);
	return *first < *end;
}

/*
 * Suspect pages were found to be the same, since @seq, unless there was a change: they
 * are suspect no more if they are @mapped, and looked at if all before them are.
 */
static void settle(struct kshm_watched *range, unsigned long seq,
		   unsigned long first, unsigned long end, bool mapped)
{
	struct kshm_watch *watch = range->watch;

	spin_lock(&watch->lock);
	if (!mmu_interval_read_retry(&range->notifier, seq)) {
		if (first <= max(range->looked, range->first))
			range->looked = max_t(u32, range->looked, end);
		if (mapped && first == range->first) {
			/* What it was in the way of is worth another look. */
			range->looked = end;
			set_suspect(range, end, range->end);
		} else if (mapped && end == range->end) {
			set_suspect(range, range->first, first);
		}
	}
	spin_unlock(&watch->lock);
}

static bool changed_since(struct kshm_watched *range, unsigned long seq)
{
	bool changed;

	spin_lock(&range->watch->lock);
	changed = mmu_interval_read_retry(&range->notifier, seq);
	spin_unlock(&range->watch->lock);
	return changed;
}

static int say_stale(struct kshm_watch *watch, struct kshm_stale *stale)
{
	lockdep_assert_held(&watch->lock);
	stale->addr = watch->stale_addr;
	return -ESTALE;
}

/* Page @page is another, or gone; unless the owner is, whose memory is reaped. */
static int differs(struct kshm_watched *range, unsigned long page,
		   struct kshm_stale *stale)
{
	struct kshm_watch *watch = range->watch;
	int ret;

	if (check_stable_address_space(watch->mm))
		return 0;
	spin_lock(&watch->lock);
	if (!watch->stale) {
		watch->stale_addr = start_of(range) +
				    ((page - range->page) << PAGE_SHIFT);
		WRITE_ONCE(watch->stale, true);
		WRITE_ONCE(watch->marks, watch->marks + 1);
		stale->found = true;
	}
	ret = say_stale(watch, stale);
	spin_unlock(&watch->lock);
	return ret;
}

static int look_at(struct kshm_watched *range, const struct kshm_buffer *buf,
		   unsigned long first, unsigned long end,
		   struct kshm_stale *stale)
{
	unsigned long seq;
	int tries = 0;
	bool mapped;
	long same;

	while (narrow(range, &first, &end)) {
		/* Waits for the end of changes under way. */
		seq = mmu_interval_read_begin(&range->notifier);
		same = compare(range, buf, first, end, &mapped);
		if (same < 0)
			return same;
		if (same)
			settle(range, seq, first, first + same, mapped);
		else if (!changed_since(range, seq) || ++tries == TRIES)
			return differs(range, first, stale);
		first += same;
	}
	return 0;
}

/* The pages of a range that nobody looked at since they were marked, if there are any. */
static bool not_looked_at(struct kshm_watched *range, unsigned long *first,
			  unsigned long *end)
{
	spin_lock(&range->watch->lock);
	*first = max(range->first, range->looked);
	*end = range->end;
	spin_unlock(&range->watch->lock);
	return *first < *end;
}

/*
 * Looks at a batch more of what is suspect, whoever uses it: after a change of all
 * pages those in the middle would be looked up at each use, and the others' marks
 * would have every use ask. Once is enough, for who uses what stays marked looks again:
 * what is not mapped, and what lies between two such pages.
 */
static int look_further(struct kshm_watch *watch, const struct kshm_buffer *buf)
{
	struct kshm_watched *range = watch->ranges;
	unsigned long first, end, seq;
	bool mapped;
	long same;

	while (!not_looked_at(range, &first, &end)) {
		if (++range == watch->ranges + watch->nr)
			return 0;
	}
	seq = mmu_interval_read_begin(&range->notifier);
	same = compare(range, buf, first, end, &mapped);
	if (same > 0)
		settle(range, seq, first, first + same, mapped);
	return min(same, 0L);
}

/**
 * kshm_watch_look() - look up what is marked of a part of a buffer
 * @watch: its watch, marked
 * @buf: the buffer
 * @first: number of the part's first page
 * @end: number of the first page behind it; @first for an empty part
 * @stale: what is known, if it is stale
 *
 * Context: process context, any task, no locks. May sleep.
 * Return: 0 if all is as it was, or there is no owner any more to ask; -ESTALE if a
 * page of the part is another, or gone, or one ever was; -EINTR if the caller is
 * being killed.
 */
int kshm_watch_look(struct kshm_watch *watch, const struct kshm_buffer *buf,
		    unsigned long first, unsigned long end,
		    struct kshm_stale *stale)
{
	unsigned int n;
	int ret = 0;

	stale->found = false;
	spin_lock(&watch->lock);
	if (watch->stale)
		ret = say_stale(watch, stale);
	spin_unlock(&watch->lock);
	if (ret || first == end || !mmget_not_zero(watch->mm))
		return ret;
	for (n = 0; !ret && n < watch->nr; n++)
		ret = look_at(&watch->ranges[n], buf, first, end, stale);
	if (!ret)
		ret = look_further(watch, buf);
	mmput(watch->mm);
	return ret;
}

/**
 * kshm_watch_state() - what is known, without looking anything up
 * @watch: the watch; NULL is none
 *
 * Context: any that may take a spinlock.
 * Return: KSHM_STATE_* bits.
 */
u32 kshm_watch_state(struct kshm_watch *watch)
{
	u32 state = 0;

	/* Without ranges there is nothing to watch. */
	if (!watch || !watch->nr)
		return 0;
	spin_lock(&watch->lock);
	if (!watch->over)
		state |= KSHM_STATE_WATCHED;
	if (watch->marks > watch->stale)
		state |= KSHM_STATE_SUSPECT;
	if (watch->stale)
		state |= KSHM_STATE_STALE;
	spin_unlock(&watch->lock);
	return state;
}

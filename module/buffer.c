// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - buffers: pages pinned for longer than a call, and their mappings
 *
 * A buffer is built batch by batch: reserve, pin, add; and finished. It keeps
 * extents, not pages: of a huge page that is one word, and there are never more
 * than pages. Whatever was built is undone at once: unmapped, then unpinned.
 *
 * An extent is a run of pages of one folio. That the pages of a user's range are
 * those of a folio, and in order, is seen page by page and not concluded from the
 * first and the last: user space can map one page many times, in any order.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "buffer.h"
#include "limits.h"

/* An extent: the number of its first page frame, above the number of pages. */
#define NR_BITS		24
#define NR_MASK		GENMASK_ULL(NR_BITS - 1, 0)

/* Extents for one entry of the index. */
#define STRIDE		32UL

static u64 extent_of(unsigned long pfn, unsigned long nr)
{
	return (u64)pfn << NR_BITS | nr;
}

static unsigned long extent_pfn(u64 extent)
{
	return extent >> NR_BITS;
}

static unsigned long extent_nr(u64 extent)
{
	return extent & NR_MASK;
}

/**
 * kshm_buffer_init() - an empty buffer
 * @buf: the buffer
 * @write: whether its pages will be pinned for writing
 */
void kshm_buffer_init(struct kshm_buffer *buf, bool write)
{
	/* All but what is in @inline_extents, which nobody looks at. */
	buf->len = 0;
	buf->offset = 0;
	buf->write = write;
	buf->written = false;
	buf->shift = 0;
	buf->head = 0;
	buf->nr_pages = 0;
	buf->nr_extents = 0;
	buf->room = KSHM_BUFFER_INLINE;
	buf->extents = buf->inline_extents;
	buf->index = NULL;
	memset(buf->kaddr, 0, sizeof(buf->kaddr));
	mutex_init(&buf->map_lock);
}

static int resize(struct kshm_buffer *buf, unsigned long room)
{
	u64 *extents = kvmalloc_array(room, sizeof(*extents),
				      GFP_KERNEL_ACCOUNT | __GFP_NOWARN);

	if (!extents)
		return -ENOMEM;
	memcpy(extents, buf->extents, buf->nr_extents * sizeof(*extents));
	if (buf->extents != buf->inline_extents)
		kvfree(buf->extents);
	buf->extents = extents;
	buf->room = room;
	return 0;
}

/**
 * kshm_buffer_reserve() - make room for pages, before they are pinned
 * @buf: the buffer
 * @nr: pages
 *
 * Return: 0 or -ENOMEM.
 */
int kshm_buffer_reserve(struct kshm_buffer *buf, unsigned long nr)
{
	unsigned long needed = buf->nr_extents + nr;

	if (needed <= buf->room)
		return 0;
	return resize(buf, max(needed, buf->nr_extents * 2));
}

/* How many of @pages are one after the other in the folio of the first. */
static unsigned long run_of_pages(struct page **pages, unsigned long nr)
{
	struct folio *folio = page_folio(pages[0]);
	unsigned long pfn, most, n;

	if (!folio_test_large(folio))
		return 1;
	pfn = page_to_pfn(pages[0]);
	most = folio_nr_pages(folio) - (pfn - folio_pfn(folio));
	most = min3(nr, most, NR_MASK);
	for (n = 1; n < most; n++)
		if (page_to_pfn(pages[n]) != pfn + n)
			break;
	return n;
}

/* Whether a run at @page goes on where the last extent ends, in the same folio. */
static bool goes_on(const struct kshm_buffer *buf, struct page *page,
		    unsigned long run)
{
	u64 last;

	if (!buf->nr_extents || page == &page_folio(page)->page)
		return false;
	last = buf->extents[buf->nr_extents - 1];
	return extent_pfn(last) + extent_nr(last) == page_to_pfn(page) &&
	       extent_nr(last) + run <= NR_MASK;
}

/**
 * kshm_buffer_add() - take pinned pages
 * @buf: the buffer, with room for them
 * @pages: the pages, which are the buffer's from then on
 * @nr: how many
 */
void kshm_buffer_add(struct kshm_buffer *buf, struct page **pages,
		     unsigned long nr)
{
	unsigned long done, run;

	for (done = 0; done < nr; done += run) {
		run = run_of_pages(pages + done, nr - done);
		if (goes_on(buf, pages[done], run))
			buf->extents[buf->nr_extents - 1] += run;
		else
			buf->extents[buf->nr_extents++] =
				extent_of(page_to_pfn(pages[done]), run);
	}
	buf->nr_pages += nr;
}

/* Pages in an extent, if all but the first and the last have the same; or 0. */
static unsigned long common_size(const struct kshm_buffer *buf)
{
	unsigned long last = buf->nr_extents - 1, size, n;

	if (buf->nr_extents <= 2) {
		size = buf->nr_extents ? extent_nr(buf->extents[0]) : 1;
		if (buf->nr_extents == 2)
			size = max(size, extent_nr(buf->extents[1]));
		return roundup_pow_of_two(size);
	}
	size = extent_nr(buf->extents[1]);
	if (!is_power_of_2(size) || extent_nr(buf->extents[0]) > size ||
	    extent_nr(buf->extents[last]) > size)
		return 0;
	for (n = 2; n < last; n++) {
		if (extent_nr(buf->extents[n]) != size)
			return 0;
		if (n % KSHM_BATCH_PAGES == 0)
			cond_resched();
	}
	return size;
}

static int make_index(struct kshm_buffer *buf)
{
	unsigned long page = 0, n;

	buf->index = kvmalloc_array(DIV_ROUND_UP(buf->nr_extents, STRIDE),
				    sizeof(*buf->index),
				    GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!buf->index)
		return -ENOMEM;
	for (n = 0; n < buf->nr_extents; n++) {
		if (n % STRIDE == 0)
			buf->index[n / STRIDE] = page;
		if (n % KSHM_BATCH_PAGES == 0)
			cond_resched();
		page += extent_nr(buf->extents[n]);
	}
	return 0;
}

/**
 * kshm_buffer_finish() - the last pages were added
 * @buf: the buffer
 *
 * Return: 0 or -ENOMEM.
 */
int kshm_buffer_finish(struct kshm_buffer *buf)
{
	unsigned long size;

	/* Without memory to do it in, more room than is needed is no harm. */
	if (buf->room > KSHM_BUFFER_INLINE && buf->nr_extents < buf->room)
		resize(buf, max(buf->nr_extents, 1UL));
	size = common_size(buf);
	if (!size)
		return make_index(buf);
	buf->shift = ilog2(size);
	if (buf->nr_extents > 1)
		buf->head = size - extent_nr(buf->extents[0]);
	return 0;
}

/* The extent that page number @page is in, and the number of its first page. */
static unsigned long find(const struct kshm_buffer *buf, unsigned long page,
			  unsigned long *first)
{
	unsigned long low = 0, high, middle, n;

	if (!buf->index) {
		n = (page + buf->head) >> buf->shift;
		*first = n ? (n << buf->shift) - buf->head : 0;
		return n;
	}
	high = DIV_ROUND_UP(buf->nr_extents, STRIDE);
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (buf->index[middle] <= page)
			low = middle;
		else
			high = middle;
	}
	n = low * STRIDE;
	*first = buf->index[low];
	while (*first + extent_nr(buf->extents[n]) <= page)
		*first += extent_nr(buf->extents[n++]);
	return n;
}

/**
 * kshm_buffer_run() - a page and those that follow it in its folio
 * @buf: the buffer
 * @first: number of the page in it
 * @run: gets how many pages of the buffer are one after the other from there on
 *
 * Context: any.
 * Return: the page.
 */
struct page *kshm_buffer_run(const struct kshm_buffer *buf, unsigned long first,
			     unsigned long *run)
{
	unsigned long start, n = find(buf, first, &start);
	u64 extent = buf->extents[n];

	*run = extent_nr(extent) - (first - start);
	return pfn_to_page(extent_pfn(extent) + first - start);
}

static void list_pages(const struct kshm_buffer *buf, struct page **pages)
{
	unsigned long n, i, nr;

	for (n = 0; n < buf->nr_extents; n++) {
		nr = extent_nr(buf->extents[n]);
		for (i = 0; i < nr; i++)
			*pages++ = pfn_to_page(extent_pfn(buf->extents[n]) + i);
		cond_resched();
	}
}

static void *map_pages(const struct kshm_buffer *buf, pgprot_t prot)
{
	struct page **pages;
	void *base;

	pages = kvmalloc_array(buf->nr_pages, sizeof(*pages),
			       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!pages)
		return NULL;
	list_pages(buf, pages);
	base = vmap(pages, buf->nr_pages, VM_MAP, prot);
	kvfree(pages);
	return base;
}

/* As for an mdl: only what is for writing may be reached through the linear map. */
static void *map(const struct kshm_buffer *buf, enum kshm_direction direction)
{
	if (direction != KSHM_FROM_DRIVER)
		return map_pages(buf, PAGE_KERNEL_RO);
	if (buf->nr_extents == 1)
		return page_address(pfn_to_page(extent_pfn(buf->extents[0])));
	return map_pages(buf, PAGE_KERNEL);
}

/**
 * kshm_buffer_map() - the mapping of a buffer, made when it is first asked for
 * @buf: a finished buffer of at least one byte
 * @direction: KSHM_FROM_DRIVER for a mapping to write to
 *
 * Context: process context, any task. May sleep. The mapping stays until
 * kshm_buffer_undo().
 * Return: address of the first byte; ERR_PTR(-ENOMEM), or ERR_PTR(-EINTR) if the
 * caller is being killed while somebody else maps.
 */
void *kshm_buffer_map(struct kshm_buffer *buf, enum kshm_direction direction)
{
	/* Pairs with the release below. */
	void *kaddr = smp_load_acquire(&buf->kaddr[direction]);

	if (kaddr)
		return kaddr;
	if (mutex_lock_killable(&buf->map_lock))
		return ERR_PTR(-EINTR);
	kaddr = buf->kaddr[direction];
	if (!kaddr) {
		kaddr = map(buf, direction);
		if (kaddr) {
			kaddr += buf->offset;
			/* What is mapped is seen by whoever sees the address. */
			smp_store_release(&buf->kaddr[direction], kaddr);
		}
	}
	mutex_unlock(&buf->map_lock);
	return kaddr ?: ERR_PTR(-ENOMEM);
}

static void unmap(struct kshm_buffer *buf)
{
	int direction;
	void *kaddr;

	for (direction = 0; direction < ARRAY_SIZE(buf->kaddr); direction++) {
		kaddr = buf->kaddr[direction];
		if (kaddr && is_vmalloc_addr(kaddr))
			vunmap(kaddr - buf->offset);
	}
}

static void unpin_extent(u64 extent, bool dirty)
{
	unsigned long pfn = extent_pfn(extent), nr = extent_nr(extent), batch;

	if (nr == 1 && !dirty) {
		unpin_user_page(pfn_to_page(pfn));
		return;
	}
	for (; nr; nr -= batch) {
		batch = min(nr, KSHM_BATCH_PAGES);
		unpin_user_page_range_dirty_lock(pfn_to_page(pfn), batch, dirty);
		pfn += batch;
		cond_resched();
	}
}

/**
 * kshm_buffer_undo() - unmap and unpin, whatever of it there is
 * @buf: the buffer, which nobody uses any more
 *
 * Context: process context, any task. May sleep.
 */
void kshm_buffer_undo(struct kshm_buffer *buf)
{
	unsigned long n;

	unmap(buf);
	for (n = 0; n < buf->nr_extents; n++) {
		unpin_extent(buf->extents[n], buf->written);
		if (n % KSHM_BATCH_PAGES == 0)
			cond_resched();
	}
	if (buf->extents != buf->inline_extents)
		kvfree(buf->extents);
	kvfree(buf->index);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - mdl: a span of user memory, pinned and mapped
 *
 * Life of an mdl: init, lock (charge, pin), map, unmap, unlock (unpin,
 * uncharge). Each step has its inverse; unmap always comes before unpin, as a
 * mapping of pages that went back to the allocator would be a hole in the
 * kernel's memory.
 *
 * A read pin is never mapped writable: page_address() of a page leads to the
 * writable linear map, so that only write pins take this shortcut and a read
 * pin gets a read-only vmap() even for one page. A driver that casts the const
 * away oopses instead of changing memory that its caller can only read, which
 * may be the page cache of somebody else's file.
 *
 * Pages of one user span are contiguous only where it has been checked, page
 * by page: user space can map one page many times, or folios in any order.
 */
#include <linux/error-injection.h>
#include <linux/kshm_driver.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "account.h"
#include "buffer.h"
#include "explain.h"
#include "limits.h"
#include "longterm.h"
#include "mdl.h"
#include "trace.h"
#include "verifier.h"

/**
 * kshm_mdl_init() - describe a part of a user buffer
 * @mdl: the mdl to set up; nothing needs to be undone for this step
 * @buf: the user buffer
 * @offset: of the first byte in it
 * @len: bytes; 0 makes an empty mdl, which can be locked and mapped like any
 * @direction: which way the bytes go
 *
 * Context: process context of the buffer's owner.
 * Return: 0, or -EMSGSIZE if the part is not inside of the buffer.
 */
int kshm_mdl_init(struct kshm_mdl *mdl, const struct kshm_user_buffer *buf,
		  size_t offset, size_t len, enum kshm_direction direction)
{
	kshm_mdl_setup(mdl, NULL, 0, direction);
	if (offset > buf->len || len > buf->len - offset)
		return -EMSGSIZE;
	kshm_mdl_setup(mdl, buf->addr + offset, len, direction);
	mdl->mm = buf->mm;
	return 0;
}
EXPORT_SYMBOL_GPL(kshm_mdl_init);

static int alloc_pages_array(struct kshm_mdl *mdl, unsigned long nr)
{
	if (nr <= KSHM_MDL_INLINE_PAGES) {
		mdl->pages = mdl->inline_pages;
		return 0;
	}
	mdl->pages = kvmalloc_array(nr, sizeof(*mdl->pages),
				    GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	return mdl->pages ? 0 : -ENOMEM;
}

static void free_pages_array(struct kshm_mdl *mdl)
{
	if (mdl->pages && mdl->pages != mdl->inline_pages)
		kvfree(mdl->pages);
	mdl->pages = NULL;
}

static void unpin(struct kshm_mdl *mdl, bool dirty)
{
	unsigned long done = 0, batch;

	while (done < mdl->nr_pages) {
		batch = min(mdl->nr_pages - done, KSHM_BATCH_PAGES);
		unpin_user_pages_dirty_lock(mdl->pages + done, batch, dirty);
		done += batch;
		cond_resched();
	}
	mdl->nr_pages = 0;
}

/*
 * Apart, so that tests can make one batch of several fail: no allocation of the
 * module's own does.
 */
static noinline int kshm_mdl_pin_batch(unsigned long start, unsigned long nr,
				       unsigned int flags, struct page **pages)
{
	return pin_user_pages_fast(start, nr, flags, pages);
}

ALLOW_ERROR_INJECTION(kshm_mdl_pin_batch, ERRNO);

/*
 * Pins from mdl->nr_pages on, which counts what is pinned at any time, so that
 * whatever happens unpin() gives back just that.
 */
static int pin(struct kshm_mdl *mdl, unsigned long nr, bool lasting)
{
	unsigned long start = (unsigned long)mdl->addr & PAGE_MASK;
	bool write = mdl->direction == KSHM_FROM_DRIVER;
	unsigned long batch;
	int got;

	while (mdl->nr_pages < nr) {
		batch = min(nr - mdl->nr_pages, KSHM_BATCH_PAGES);
		if (lasting)
			got = kshm_longterm_pin(start + mdl->nr_pages * PAGE_SIZE,
						batch, write,
						mdl->pages + mdl->nr_pages);
		else
			got = kshm_mdl_pin_batch(start + mdl->nr_pages * PAGE_SIZE,
						 batch, write ? FOLL_WRITE : 0,
						 mdl->pages + mdl->nr_pages);
		if (got > 0)
			mdl->nr_pages += got;
		if (fatal_signal_pending(current))
			return -EINTR;
		if (got == -ENOMEM)
			return -ENOMEM;
		if (got <= 0)
			return -EFAULT;
		cond_resched();
	}
	return 0;
}

static void explain_pin(const struct kshm_mdl *mdl, int error, bool lasting,
			u32 operand, struct kshm_explain *why)
{
	u64 start = (unsigned long)mdl->addr;
	u64 addr = start;

	if (error != -EFAULT) {
		kshm_explain_error(why, operand, error);
		return;
	}
	if (mdl->nr_pages)
		addr = (start & PAGE_MASK) + mdl->nr_pages * PAGE_SIZE;
	kshm_explain_address(why, operand, addr, start + mdl->len - addr,
			     KSHM_NEED_PAGES | (lasting ? KSHM_NEED_LONG_TERM : 0) |
			     (mdl->direction == KSHM_FROM_DRIVER ?
			      KSHM_NEED_WRITE : KSHM_NEED_READ));
}

/**
 * kshm_mdl_pin() - pin the pages of an mdl whose charge is somebody else's
 * @mdl: the mdl
 * @lasting: for longer than the call
 * @operand: KSHM_OPERAND_* for the explanation, or 0
 * @why: gets the explanation on failure; may be NULL
 *
 * Return: 0, -EFAULT, -ENOMEM or -EINTR, with nothing pinned.
 */
int kshm_mdl_pin(struct kshm_mdl *mdl, bool lasting, u32 operand,
		 struct kshm_explain *why)
{
	unsigned long nr = kshm_mdl_span(mdl);
	int ret;

	if (nr) {
		ret = alloc_pages_array(mdl, nr);
		if (ret)
			return kshm_explain_numbers(why, KSHM_EXPLAIN_MEMORY,
						    operand, ENOMEM,
						    nr * sizeof(*mdl->pages),
						    0, 0);
		ret = pin(mdl, nr, lasting);
		trace_kshm_mdl_lock(mdl, ret);
		if (ret) {
			explain_pin(mdl, ret, lasting, operand, why);
			unpin(mdl, false);
			free_pages_array(mdl);
			return ret;
		}
	}
	mdl->locked = true;
	return 0;
}

/* Unmap and unpin, whatever of it there is to undo. */
void kshm_mdl_undo(struct kshm_mdl *mdl)
{
	if (!mdl->locked)
		return;
	kshm_mdl_unmap(mdl);
	mdl->locked = false;
	if (mdl->buffer) {
		mdl->buffer = NULL;
		mdl->nr_pages = 0;
		return;
	}
	/* Whether the driver did write is not known: assume it. */
	unpin(mdl, mdl->direction == KSHM_FROM_DRIVER);
	free_pages_array(mdl);
}

static int charge(struct kshm_mdl *mdl)
{
	unsigned long pages = kshm_mdl_span(mdl);
	int ret;

	if (!pages)
		return 0;
	mdl->user = kshm_user_get_current(NULL);
	if (!mdl->user)
		return -ENOMEM;
	ret = kshm_charge(mdl->user, pages, NULL);
	if (ret) {
		kshm_user_put(mdl->user);
		mdl->user = NULL;
		return ret;
	}
	mdl->charged = pages;
	return 0;
}

static void uncharge(struct kshm_mdl *mdl)
{
	if (!mdl->user)
		return;
	kshm_uncharge(mdl->user, mdl->charged);
	kshm_user_put(mdl->user);
	mdl->user = NULL;
	mdl->charged = 0;
}

/**
 * kshm_mdl_lock() - pin the pages of an mdl
 * @mdl: an mdl that is not locked
 *
 * For the length of a call only: the pin is short-term. Charged to the calling
 * user until kshm_mdl_unlock(). The mdl of a request is locked already.
 *
 * Context: process context of the user buffer's owner. May sleep.
 * Return: 0; -EFAULT if the memory cannot be read, or written for
 * KSHM_FROM_DRIVER, or has no pages; -EDQUOT over a limit; -ENOMEM; -EINTR if
 * the caller is being killed; -EINVAL for a locked mdl. Nothing is pinned or
 * charged then.
 */
int kshm_mdl_lock(struct kshm_mdl *mdl)
{
	int ret;

	if (kshm_misused(mdl->locked, KSHM_VERIFIER_MDL_LOCKED_TWICE, KSHM_CULPRIT_HERE))
		return -EINVAL;
	if (kshm_misused(!in_task() || !current->mm || mdl->mm != current->mm,
			 KSHM_VERIFIER_CONTEXT, KSHM_CULPRIT_HERE))
		return -EFAULT;
	mdl->locked_in = 0;
	if (!access_ok(mdl->addr, mdl->len) && mdl->len)
		return -EFAULT;
	ret = charge(mdl);
	if (ret)
		return ret;
	ret = kshm_mdl_pin(mdl, false, 0, NULL);
	if (ret) {
		uncharge(mdl);
		return ret;
	}
	if (kshm_verifier_on())
		mdl->locked_in = kshm_verifier_locked();
	return 0;
}
EXPORT_SYMBOL_GPL(kshm_mdl_lock);

/* The charge for what a driver locked is the mdl's; for that of a request it is not. */
static void verify_unlock(const struct kshm_mdl *mdl)
{
	if (mdl->locked_in == KSHM_MDL_UNLOCKED)
		kshm_verifier_report(KSHM_VERIFIER_MDL_UNLOCKED_TWICE, KSHM_CULPRIT_HERE);
	else if (mdl->locked && mdl->len && !mdl->user)
		kshm_verifier_report(KSHM_VERIFIER_MDL_OF_REQUEST, KSHM_CULPRIT_HERE);
}

/**
 * kshm_mdl_unlock() - unmap and unpin
 * @mdl: an mdl that the driver locked; one that is not locked is left alone, but if it
 *	was, and is unlocked once more, the verifier tells
 *
 * The mdl of a request is unlocked by kshm. Pages of KSHM_FROM_DRIVER are
 * marked dirty.
 *
 * Context: process context, any task. May sleep.
 */
void kshm_mdl_unlock(struct kshm_mdl *mdl)
{
	if (kshm_verifier_on())
		verify_unlock(mdl);
	if (mdl->locked_in && mdl->locked_in != KSHM_MDL_UNLOCKED)
		kshm_verifier_unlocked(mdl->locked_in);
	if (mdl->locked)
		mdl->locked_in = KSHM_MDL_UNLOCKED;
	kshm_mdl_undo(mdl);
	uncharge(mdl);
}
EXPORT_SYMBOL_GPL(kshm_mdl_unlock);

/* Pages from @first on that are contiguous and in one folio, up to @most. */
static unsigned long run_of_pages(const struct kshm_mdl *mdl,
				  unsigned long first, unsigned long most)
{
	struct page **pages = mdl->pages + first;
	unsigned long pfn = page_to_pfn(pages[0]);
	struct folio *folio = page_folio(pages[0]);
	unsigned long n;

	for (n = 1; n < most; n++)
		if (page_to_pfn(pages[n]) != pfn + n ||
		    page_folio(pages[n]) != folio)
			break;
	return n;
}

/*
 * Page number @first, and in @run how many are contiguous from there on, in one
 * folio and up to @most.
 */
static struct page *page_at(const struct kshm_mdl *mdl, unsigned long first,
			    unsigned long most, unsigned long *run)
{
	struct page *page;

	if (!mdl->buffer) {
		*run = run_of_pages(mdl, first, most);
		return mdl->pages[first];
	}
	page = kshm_buffer_run(mdl->buffer, mdl->first + first, run);
	*run = min(*run, most);
	return page;
}

static void *map_pages(struct kshm_mdl *mdl)
{
	bool write = mdl->direction == KSHM_FROM_DRIVER;
	void *base;

	if (write && run_of_pages(mdl, 0, mdl->nr_pages) == mdl->nr_pages) {
		mdl->mapping = KSHM_MAPPED_PAGE_ADDRESS;
		return page_address(mdl->pages[0]) + mdl->offset;
	}
	base = vmap(mdl->pages, mdl->nr_pages, VM_MAP,
		    write ? PAGE_KERNEL : PAGE_KERNEL_RO);
	if (!base)
		return ERR_PTR(-ENOMEM);
	mdl->mapping = KSHM_MAPPED_VMAP;
	return base + mdl->offset;
}

static void *map_part(struct kshm_mdl *mdl)
{
	struct kshm_buffer *buf = mdl->buffer;
	void *start = kshm_buffer_map(buf, mdl->direction);

	if (IS_ERR(start))
		return start;
	mdl->mapping = KSHM_MAPPED_REGION;
	return start - buf->offset + mdl->first * PAGE_SIZE + mdl->offset;
}

static void *map(struct kshm_mdl *mdl)
{
	void *kaddr;

	if (kshm_misused(!mdl->locked, KSHM_VERIFIER_MDL_NOT_LOCKED, KSHM_CULPRIT_HERE))
		return ERR_PTR(-EINVAL);
	if (mdl->kaddr)
		return mdl->kaddr;
	if (!mdl->len)
		return ZERO_SIZE_PTR;
	if (kshm_misused(!in_task(), KSHM_VERIFIER_CONTEXT, KSHM_CULPRIT_HERE))
		return ERR_PTR(-EINVAL);
	kaddr = mdl->buffer ? map_part(mdl) : map_pages(mdl);
	if (IS_ERR(kaddr))
		return kaddr;
	mdl->kaddr = kaddr;
	trace_kshm_mdl_map(mdl);
	return kaddr;
}

/**
 * kshm_mdl_map() - map a locked mdl for reading
 * @mdl: the mdl
 *
 * A second call returns the mapping that is there. For an mdl to the driver
 * the mapping is read-only: writing through it oopses.
 *
 * Context: process context, any task. May sleep. The mapping itself is good in
 * any context and on any CPU, until it is unmapped or the mdl unlocked; and where it is
 * there, as in a handler that does not run in its caller, so is the call.
 * Return: address of the first byte; ZERO_SIZE_PTR for an empty mdl; never
 * NULL. ERR_PTR(-ENOMEM); ERR_PTR(-EINVAL) for an mdl that is not locked, or not mapped
 * yet in an interrupt, which is a driver's bug; or
 * ERR_PTR(-EINTR) for a part of a region that somebody else is mapping, if the caller
 * is being killed.
 */
const void *kshm_mdl_map(struct kshm_mdl *mdl)
{
	return map(mdl);
}
EXPORT_SYMBOL_GPL(kshm_mdl_map);

/**
 * kshm_mdl_map_write() - map a locked mdl from the driver, for writing
 * @mdl: the mdl
 *
 * Context: as kshm_mdl_map().
 * Return: as kshm_mdl_map(); ERR_PTR(-EACCES) for an mdl to the driver.
 */
void *kshm_mdl_map_write(struct kshm_mdl *mdl)
{
	if (mdl->direction != KSHM_FROM_DRIVER)
		return ERR_PTR(-EACCES);
	return map(mdl);
}
EXPORT_SYMBOL_GPL(kshm_mdl_map_write);

/**
 * kshm_mdl_unmap() - take the mapping away
 * @mdl: the mdl; one that is not mapped is left alone
 *
 * Context: process context, any task. May sleep.
 */
void kshm_mdl_unmap(struct kshm_mdl *mdl)
{
	if (kshm_misused(!in_task(), KSHM_VERIFIER_CONTEXT, KSHM_CULPRIT_HERE))
		return;
	if (mdl->kaddr && mdl->mapping == KSHM_MAPPED_VMAP)
		vunmap(mdl->kaddr - mdl->offset);
	mdl->kaddr = NULL;
}
EXPORT_SYMBOL_GPL(kshm_mdl_unmap);

/*
 * The segment at @offset of the mdl, of @most bytes at most, in the linear
 * map: writable, whatever the direction of the mdl.
 */
static void *segment_at(const struct kshm_mdl *mdl, size_t offset, size_t most,
			size_t *len)
{
	size_t at = mdl->offset + offset;
	unsigned long first = at >> PAGE_SHIFT;
	unsigned long last = (at + most - 1) >> PAGE_SHIFT;
	size_t in_page = offset_in_page(at);
	unsigned long n;
	struct page *page = page_at(mdl, first, last - first + 1, &n);

	*len = min_t(size_t, n * PAGE_SIZE - in_page, most);
	return page_address(page) + in_page;
}

/**
 * kshm_mdl_next_segment() - the step of kshm_mdl_for_each_segment()
 * @mdl: a locked mdl
 * @seg: the segment before, or one of zeros to begin with
 *
 * Context: any.
 * Return: whether there was another one.
 */
bool kshm_mdl_next_segment(struct kshm_mdl *mdl, struct kshm_segment *seg)
{
	if (kshm_misused(!mdl->locked, KSHM_VERIFIER_MDL_NOT_LOCKED, KSHM_CULPRIT_HERE))
		return false;
	if (seg->next >= mdl->len)
		return false;
	if (mdl->mapping == KSHM_MAPPED_NONE)
		mdl->mapping = KSHM_MAPPED_SEGMENTS;
	seg->data = segment_at(mdl, seg->next, mdl->len - seg->next, &seg->len);
	seg->next += seg->len;
	return true;
}
EXPORT_SYMBOL_GPL(kshm_mdl_next_segment);

/**
 * kshm_mdl_segment_write() - a segment for writing
 * @mdl: the mdl it is of
 * @seg: the segment
 *
 * Context: any.
 * Return: its first byte, or ERR_PTR(-EACCES) for an mdl to the driver.
 */
void *kshm_mdl_segment_write(const struct kshm_mdl *mdl,
			     const struct kshm_segment *seg)
{
	if (mdl->direction != KSHM_FROM_DRIVER)
		return ERR_PTR(-EACCES);
	return (void *)seg->data;
}
EXPORT_SYMBOL_GPL(kshm_mdl_segment_write);

static int copy(struct kshm_mdl *mdl, size_t offset, void *kernel, size_t len,
		bool write)
{
	size_t done, part;
	void *data;

	if (kshm_misused(!mdl->locked, KSHM_VERIFIER_MDL_NOT_LOCKED, KSHM_CULPRIT_HERE))
		return -EINVAL;
	if (offset > mdl->len || len > mdl->len - offset)
		return -EMSGSIZE;
	for (done = 0; done < len; done += part) {
		data = segment_at(mdl, offset + done, len - done, &part);
		if (write)
			memcpy(data, kernel + done, part);
		else
			memcpy(kernel + done, data, part);
	}
	mdl->copied += len;
	return 0;
}

/**
 * kshm_mdl_read() - copy from a locked mdl
 * @mdl: the mdl
 * @offset: of the first byte in it
 * @dst: where to
 * @len: bytes
 *
 * Context: any.
 * Return: 0, or -EMSGSIZE if that is not inside of the mdl.
 */
int kshm_mdl_read(struct kshm_mdl *mdl, size_t offset, void *dst, size_t len)
{
	return copy(mdl, offset, dst, len, false);
}
EXPORT_SYMBOL_GPL(kshm_mdl_read);

/**
 * kshm_mdl_write() - copy to a locked mdl from the driver
 * @mdl: the mdl
 * @offset: of the first byte in it
 * @src: where from
 * @len: bytes
 *
 * Context: any.
 * Return: 0, -EMSGSIZE if that is not inside of the mdl, -EACCES for an mdl to
 * the driver.
 */
int kshm_mdl_write(struct kshm_mdl *mdl, size_t offset, const void *src,
		   size_t len)
{
	if (mdl->direction != KSHM_FROM_DRIVER)
		return -EACCES;
	return copy(mdl, offset, (void *)src, len, true);
}
EXPORT_SYMBOL_GPL(kshm_mdl_write);

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - pins that outlive the call
 *
 * What is pinned has to stay what the process has at its addresses. A page that
 * it shares with others for as long as nobody writes would be another one after
 * the next write, so that it gets one of its own before the pin. And a file that
 * is written back has to know of every write, which it does not of those through
 * a pin: such a mapping is refused for writing.
 *
 * Newer kernels see to both. Where they do not, see KSHM_COMPAT_PIN_VMAS, it is
 * done here, mapping by mapping, in two steps. The first is a pin for the moment
 * that brings the pages in: it can wait, be killed, and ask a userfaultfd. The
 * second finds them there, under the lock under which the mappings do not change.
 * What it finds needs no further look: for writing the kernel gives no page without a
 * fault but one that the process has to itself (can_follow_write_pte() of 6.1), and of
 * what is not a private mapping any page is the right one.
 */
#include <linux/error-injection.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>

#include "compat/compat.h"
#include "longterm.h"

#ifdef KSHM_COMPAT_PIN_VMAS

#include <linux/backing-dev.h>
#include <linux/hugetlb_inline.h>

/* A page can go between the two steps, but not for ever. */
#define TRIES	8

/* Whether a file has to know of writes: judged as 6.5 and newer do. */
static bool needs_dirty_tracking(const struct vm_area_struct *vma)
{
	const unsigned long shared = VM_SHARED | VM_MAYWRITE;

	if ((vma->vm_flags & shared) != shared || !vma->vm_file)
		return false;
	if (vma->vm_ops && (vma->vm_ops->page_mkwrite || vma->vm_ops->pfn_mkwrite))
		return true;
	return mapping_can_writeback(vma->vm_file->f_mapping);
}

/* How to pin of @vma what stays; 0 if that cannot be. */
static unsigned int flags_for(struct vm_area_struct *vma, bool write)
{
	if (write)
		return needs_dirty_tracking(vma) ? 0 : FOLL_LONGTERM | FOLL_WRITE;
	if (!(vma->vm_flags & VM_READ))
		return 0;
	if (!is_cow_mapping(vma->vm_flags))
		return FOLL_LONGTERM;
	/* Gives the process pages of its own, even where it may not write. */
	if (vma->vm_flags & VM_WRITE)
		return FOLL_LONGTERM | FOLL_WRITE;
	return is_vm_hugetlb_page(vma) ? 0 :
	       FOLL_LONGTERM | FOLL_WRITE | FOLL_FORCE;
}

/*
 * Flags for the mapping at @start, of whose pages *@nr are counted, and no more
 * than were.
 */
static unsigned int flags_at(unsigned long start, bool write, unsigned long *nr)
{
	struct vm_area_struct *vma = find_vma(current->mm, start);

	lockdep_assert_held(&current->mm->mmap_lock);
	if (!vma || vma->vm_start > start)
		return 0;
	*nr = min(*nr, (vma->vm_end - start) >> PAGE_SHIFT);
	return flags_for(vma, write);
}

/* The first step: how many are brought in, of one mapping. */
static long bring_in(unsigned long start, unsigned long nr, bool write,
		     struct page **pages)
{
	unsigned int flags;
	long got;

	if (mmap_read_lock_killable(current->mm))
		return -EINTR;
	flags = flags_at(start, write, &nr);
	mmap_read_unlock(current->mm);
	if (!flags)
		return -EFAULT;
	got = pin_user_pages_fast(start, nr, flags & ~FOLL_LONGTERM, pages);
	if (got > 0)
		unpin_user_pages(pages, got);
	return got;
}

/* The second step: -EAGAIN if not even the first is there any more. */
static long pin_present(unsigned long start, unsigned long nr, bool write,
			struct page **pages)
{
	unsigned int flags;
	long got = -EFAULT;

	if (mmap_read_lock_killable(current->mm))
		return -EINTR;
	flags = flags_at(start, write, &nr);
	if (flags)
		got = kshm_pin_user_pages(start, nr, flags | FOLL_NOFAULT, pages);
	mmap_read_unlock(current->mm);
	return flags && got == -EFAULT ? -EAGAIN : got;
}

static noinline long kshm_longterm_pin_batch(unsigned long start,
					     unsigned long nr, bool write,
					     struct page **pages)
{
	long got = -EAGAIN;
	int try;

	/* Mappings are looked up by it, which knows no tags. */
	start = untagged_addr(start);
	for (try = 0; got == -EAGAIN && try < TRIES; try++) {
		got = bring_in(start, nr, write, pages);
		if (got > 0)
			got = pin_present(start, got, write, pages);
	}
	return got;
}

#else

static noinline long kshm_longterm_pin_batch(unsigned long start,
					     unsigned long nr, bool write,
					     struct page **pages)
{
	return pin_user_pages_fast(start, nr, FOLL_LONGTERM |
				   (write ? FOLL_WRITE : 0), pages);
}

#endif

ALLOW_ERROR_INJECTION(kshm_longterm_pin_batch, ERRNO);

/**
 * kshm_longterm_pin() - pin pages of the caller for longer than a call
 * @start: address of the first page
 * @nr: pages, KSHM_BATCH_PAGES at most
 * @write: whether they are to be written
 * @pages: gets them
 *
 * Context: process context of the owner. May sleep.
 * Return: how many were pinned, at least one and maybe less than @nr; or -EFAULT,
 * -ENOMEM, or -EINTR if the caller is being killed, with nothing pinned.
 */
long kshm_longterm_pin(unsigned long start, unsigned long nr, bool write,
		       struct page **pages)
{
	long got = kshm_longterm_pin_batch(start, nr, write, pages);

	if (got > 0 || got == -ENOMEM)
		return got;
	return fatal_signal_pending(current) ? -EINTR : -EFAULT;
}

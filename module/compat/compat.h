/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what differs between kernels
 *
 * KSHM_COMPAT_* come from compiling the probes beside this file against the
 * kernel's own headers, see Kbuild.include.
 */
#ifndef KSHM_COMPAT_H
#define KSHM_COMPAT_H

#include <linux/eventfd.h>
#include <linux/interrupt.h>
#include <linux/workqueue.h>

/* device_type.devnode() takes a const device since 6.2. */
#ifdef KSHM_COMPAT_CONST_DEVNODE
#define KSHM_DEVNODE_CONST const
#else
#define KSHM_DEVNODE_CONST
#endif

/*
 * Until 6.4, pin_user_pages() could tell the mappings of what it pinned, and left
 * to its callers what since then it refuses and sees to by itself, see longterm.c.
 */
#ifdef KSHM_COMPAT_PIN_VMAS
#define kshm_pin_user_pages(start, nr, flags, pages) \
	pin_user_pages(start, nr, flags, pages, NULL)
#define kshm_pin_user_pages_remote(mm, start, nr, flags, pages, locked) \
	pin_user_pages_remote(mm, start, nr, flags, pages, NULL, locked)
#else
#define kshm_pin_user_pages_remote(mm, start, nr, flags, pages, locked) \
	pin_user_pages_remote(mm, start, nr, flags, pages, locked)
#endif

/*
 * The number of the first page of a folio in its file. Until 6.7 those of hugetlb,
 * 1 << @order pages each, were counted by themselves.
 */
#ifdef KSHM_COMPAT_BASEPAGE_INDEX
#define kshm_folio_index(folio, order) ((folio)->index << (order))
#else
#define kshm_folio_index(folio, order) ((void)(order), (folio)->index)
#endif

/* shmem_file_setup() takes a vma_flags_t since 7.1. */
#ifdef KSHM_COMPAT_SHMEM_VMA_FLAGS
#define kshm_shmem_file_setup(name, size) \
	shmem_file_setup(name, size, EMPTY_VMA_FLAGS)
#else
#define kshm_shmem_file_setup(name, size) shmem_file_setup(name, size, 0)
#endif

/*
 * What runs in softirq once: a work of a queue for that since 6.9, a tasklet before. It
 * can be on the stack of who waits for its end.
 */
#ifdef KSHM_COMPAT_BH_QUEUE
#define kshm_bh work_struct
#define kshm_bh_init_onstack(bh, function) INIT_WORK_ONSTACK(bh, function)
#define kshm_bh_queue(bh) queue_work(system_bh_wq, bh)
static inline void kshm_bh_end(struct kshm_bh *bh)
{
	flush_work(bh);
	destroy_work_on_stack(bh);
}
#else
#define kshm_bh tasklet_struct
#define kshm_bh_init_onstack(bh, function) tasklet_setup(bh, function)
#define kshm_bh_queue(bh) tasklet_schedule(bh)
#define kshm_bh_end(bh) tasklet_kill(bh)
#endif

/* eventfd_signal() raises by one since 6.8, and by as much as it is told before. */
#ifdef KSHM_COMPAT_EVENTFD_COUNT
#define kshm_eventfd_signal(eventfd) eventfd_signal(eventfd, 1)
#else
#define kshm_eventfd_signal(eventfd) eventfd_signal(eventfd)
#endif

#endif /* KSHM_COMPAT_H */

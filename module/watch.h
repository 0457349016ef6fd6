/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - whether pinned pages are still what their owner has at its addresses
 */
#ifndef KSHM_WATCH_H
#define KSHM_WATCH_H

#include <linux/compiler.h>
#include <linux/mmu_notifier.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct kshm_buffer;
struct kshm_watch;

/**
 * struct kshm_watched - a range of the owner's addresses
 * @notifier: tells of changes there
 * @watch: that it is a part of
 * @page: number of its first page in the buffer
 * @first: number in the buffer of the first page that is suspect
 * @end: that of the first behind it that is not; @first if none is
 * @looked: that of the first of these that nobody looked at since it was marked
 */
struct kshm_watched {
	struct mmu_interval_notifier notifier;
	struct kshm_watch *watch;
	u32 page;
	u32 first;
	u32 end;
	u32 looked;
};

/**
 * struct kshm_watch - the addresses of a buffer's pages
 * @mm: the owner's; the notifiers hold the struct
 * @lock: of what changes: nothing is taken under it, and it does not sleep, for
 *	the kernel calls the notifiers with locks of its own
 * @marks: ranges with suspect pages, and one more if @stale; 0 is the usual
 * @stale_addr: the address of the first page that was found to be another, or gone
 * @nr: ranges
 * @over: the owner has gone, and there is nothing to compare with any more
 * @stale: such a page was found; for good
 * @ranges: in the order of their pages; none of them empty
 */
struct kshm_watch {
	struct mm_struct *mm;
	spinlock_t lock;	/* all but @mm, @nr, and where the ranges are */
	unsigned int marks;
	unsigned long stale_addr;
	unsigned int nr;
	bool over;
	bool stale;
	struct kshm_watched ranges[];
};

/**
 * struct kshm_stale - what is known of a buffer that is stale
 * @addr: address of the first page that was found to be another, or gone
 * @found: by this very look
 */
struct kshm_stale {
	unsigned long addr;
	bool found;
};

/* Whether something may have changed: all that a request pays if not. */
static inline bool kshm_watch_is_marked(const struct kshm_watch *watch)
{
	return watch && unlikely(READ_ONCE(watch->marks));
}

/* Of a watch of one range, which is what most are. */
#define KSHM_WATCH_SIZE	(sizeof(struct kshm_watch) + sizeof(struct kshm_watched))

void kshm_watch_init(struct kshm_watch *watch);
struct kshm_watch *kshm_watch_alloc(unsigned int most);
int kshm_watch_add(struct kshm_watch *watch, unsigned long start,
		   unsigned long nr, unsigned long page);
void kshm_watch_end(struct kshm_watch *watch);
int kshm_watch_look(struct kshm_watch *watch, const struct kshm_buffer *buf,
		    unsigned long first, unsigned long end,
		    struct kshm_stale *stale);
u32 kshm_watch_state(struct kshm_watch *watch);

#endif /* KSHM_WATCH_H */

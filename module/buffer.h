/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - buffers: pages pinned for longer than a call, and their mappings
 */
#ifndef KSHM_BUFFER_H
#define KSHM_BUFFER_H

#include <linux/kshm_driver.h>
#include <linux/mutex.h>

/* Extents that need no allocation. */
#define KSHM_BUFFER_INLINE	4

/**
 * struct kshm_buffer - pages pinned for longer than a call
 * @len: bytes
 * @offset: of the first byte in its page
 * @write: pinned for writing
 * @written: a driver had it for writing: the pages are to be marked dirty
 * @shift: of the pages in an extent, if all but the first and the last have the
 *	same power of two; then there is no @index
 * @head: pages that the first one lacks of that
 * @nr_pages: pinned
 * @nr_extents: that they make up
 * @room: extents that @extents has room for
 * @extents: @inline_extents or kvmalloc()ed
 * @index: the first page of every so many extents, for a search
 * @map_lock: while a mapping is made; nothing else is taken under it
 * @kaddr: of the first byte, by enum kshm_direction; set once, under @map_lock
 * @inline_extents: for those of small ones
 *
 * Nothing but @kaddr and @written changes once it is built, so that requests need
 * no lock. Owned by a region.
 */
struct kshm_buffer {
	size_t len;
	unsigned int offset;
	bool write;
	bool written;
	unsigned int shift;
	unsigned int head;
	unsigned long nr_pages;
	unsigned long nr_extents;
	unsigned long room;
	u64 *extents;
	u32 *index;
	struct mutex map_lock;	/* @kaddr */
	void *kaddr[2];
	u64 inline_extents[KSHM_BUFFER_INLINE];
};

void kshm_buffer_init(struct kshm_buffer *buf, bool write);
int kshm_buffer_reserve(struct kshm_buffer *buf, unsigned long nr);
void kshm_buffer_add(struct kshm_buffer *buf, struct page **pages,
		     unsigned long nr);
int kshm_buffer_finish(struct kshm_buffer *buf);
void kshm_buffer_undo(struct kshm_buffer *buf);

struct page *kshm_buffer_run(const struct kshm_buffer *buf, unsigned long first,
			     unsigned long *run);
void *kshm_buffer_map(struct kshm_buffer *buf, enum kshm_direction direction);

#endif /* KSHM_BUFFER_H */

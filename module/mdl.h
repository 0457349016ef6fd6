/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - pinning and mapping spans of user memory, inside of kshm
 */
#ifndef KSHM_MDL_H
#define KSHM_MDL_H

#include <linux/kshm_driver.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "buffer.h"

struct kshm_explain;

/* In @locked_in: a driver locked it, and unlocked it. Otherwise what the verifier gave, or 0. */
#define KSHM_MDL_UNLOCKED	U64_MAX

/*
 * The addresses are not looked at before the pin, so that an mdl over anything
 * can be set up; @len is what the caller knows to be within a user buffer.
 */
static inline void kshm_mdl_setup(struct kshm_mdl *mdl, void __user *addr,
				  size_t len, enum kshm_direction direction)
{
	mdl->addr = addr;
	mdl->len = len;
	mdl->offset = offset_in_page(addr);
	mdl->direction = direction;
	mdl->mapping = KSHM_MAPPED_NONE;
	mdl->mm = current->mm;
	mdl->nr_pages = 0;
	mdl->pages = NULL;
	mdl->buffer = NULL;
	mdl->kaddr = NULL;
	mdl->user = NULL;
	mdl->charged = 0;
	mdl->copied = 0;
	mdl->locked_in = 0;
	mdl->locked = false;
}

/* One that is locked and needs no unlocking. */
static inline void kshm_mdl_setup_empty(struct kshm_mdl *mdl,
					enum kshm_direction direction)
{
	kshm_mdl_setup(mdl, NULL, 0, direction);
	mdl->locked = true;
}

/* Pages that the span touches. Needs a span that does not wrap. */
static inline unsigned long kshm_mdl_span(const struct kshm_mdl *mdl)
{
	if (!mdl->len)
		return 0;
	return ((mdl->offset + mdl->len - 1) >> PAGE_SHIFT) + 1;
}

/**
 * kshm_mdl_setup_part() - describe a part of a buffer, which is locked already
 * @mdl: the mdl; kshm_mdl_undo() forgets the part
 * @buf: the buffer, which has to stay as long
 * @offset: of the first byte in it
 * @len: bytes; the caller knows that they are inside
 * @direction: which way the bytes go
 */
static inline void kshm_mdl_setup_part(struct kshm_mdl *mdl,
				       struct kshm_buffer *buf, size_t offset,
				       size_t len, enum kshm_direction direction)
{
	size_t at = buf->offset + offset;

	kshm_mdl_setup(mdl, NULL, len, direction);
	mdl->offset = offset_in_page(at);
	mdl->nr_pages = kshm_mdl_span(mdl);
	mdl->buffer = buf;
	mdl->first = at >> PAGE_SHIFT;
	mdl->locked = true;
	if (len && direction == KSHM_FROM_DRIVER && !READ_ONCE(buf->written))
		WRITE_ONCE(buf->written, true);
}

int kshm_mdl_pin(struct kshm_mdl *mdl, bool lasting, u32 operand,
		 struct kshm_explain *why);
void kshm_mdl_undo(struct kshm_mdl *mdl);

#endif /* KSHM_MDL_H */

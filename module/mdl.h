/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - pinning and mapping spans of user memory, inside of kshm
 */
#ifndef KSHM_MDL_H
#define KSHM_MDL_H

#include <linux/kshm_driver.h>
#include <linux/mm.h>
#include <linux/sched.h>

struct kshm_buffer;
struct kshm_explain;

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
	mdl->locked = false;
}

/* One that is locked and needs no unlocking. */
static inline void kshm_mdl_setup_empty(struct kshm_mdl *mdl)
{
	kshm_mdl_setup(mdl, NULL, 0, KSHM_TO_DRIVER);
	mdl->locked = true;
}

void kshm_mdl_setup_part(struct kshm_mdl *mdl, struct kshm_buffer *buf,
			 size_t offset, size_t len,
			 enum kshm_direction direction);
unsigned long kshm_mdl_span(const struct kshm_mdl *mdl);
int kshm_mdl_pin(struct kshm_mdl *mdl, u32 operand, struct kshm_explain *why);
void kshm_mdl_undo(struct kshm_mdl *mdl);

#endif /* KSHM_MDL_H */

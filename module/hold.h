/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - holds: what the ids of a handle stand for
 */
#ifndef KSHM_HOLD_H
#define KSHM_HOLD_H

#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "handle.h"
#include "slot.h"

struct kshm_explain;
struct kshm_handle_entry;
struct kshm_region;
struct kshm_region_told;

/**
 * struct kshm_held - what a hold is at a moment
 * @region: a reference
 * @rights: KSHM_REGION_* bits
 * @uses: requests that use it
 * @created: comes from creating the region
 */
struct kshm_held {
	struct kshm_region *region;
	u32 rights;
	u32 uses;
	bool created;
};

/* Most regions of a handle, a module parameter. */
extern unsigned int kshm_max_handle_regions;

/**
 * kshm_hold_get() - what an id stands for
 * @handle: the handle
 * @id: the id, any number
 *
 * Return: the hold, to be put, or NULL if the handle has none of that id.
 */
static inline struct kshm_hold *kshm_hold_get(struct kshm_handle *handle, u32 id)
{
	struct kshm_hold *hold = kshm_slot_of(&handle->slots, id);
	s64 state;

	if (!hold)
		return NULL;
	state = atomic64_read(&hold->state);
	do {
		if (upper_32_bits(state) != id)
			return NULL;
	} while (!atomic64_try_cmpxchg_acquire(&hold->state, &state, state + 1));
	return hold;
}

void kshm_hold_end(struct kshm_handle *handle, struct kshm_hold *hold,
		   u32 uses);

/* Context: process context, any task. May sleep. */
static inline void kshm_hold_put(struct kshm_handle *handle,
				 struct kshm_hold *hold)
{
	s64 state = atomic64_dec_return(&hold->state);

	/* As long as it has its id nobody waits, and it is not the last. */
	if (unlikely(!upper_32_bits(state)))
		kshm_hold_end(handle, hold, lower_32_bits(state));
}

bool kshm_hold_look_up(struct kshm_handle *handle, u32 id,
		       struct kshm_held *held);
int kshm_hold_next(struct kshm_handle *handle, u32 *slot, u32 most,
		   struct kshm_handle_entry *entry,
		   struct kshm_region_told *told);
void kshm_holds_close(struct kshm_handle *handle);

int kshm_hold_reserve(struct kshm_handle *handle, struct kshm_hold **hold,
		      u32 *id, struct kshm_explain *why);
void kshm_hold_unreserve(struct kshm_handle *handle, struct kshm_hold *hold);
void kshm_hold_show(struct kshm_hold *hold, u32 rights, bool created,
		    struct kshm_region *region);
void kshm_hold_publish(struct kshm_hold *hold, u32 id);
int kshm_hold_add(struct kshm_handle *handle, struct kshm_region *region,
		  u32 rights, u32 __user *uid, struct kshm_explain *why);

int kshm_hold_check_unknown(u32 unknown, u64 reserved, struct kshm_explain *why);
int kshm_hold_check_form(u32 flags, u64 reserved, u32 rights,
			 struct kshm_explain *why);
int kshm_hold_check_share(const struct kshm_region *region, u32 id, u32 has,
			  u32 rights, struct kshm_explain *why);

int kshm_hold_destroy_unused(struct kshm_handle *handle, u32 id);
int kshm_hold_destroy_waiting(struct kshm_handle *handle, u32 id);

int kshm_hold_explain_unknown(struct kshm_explain *why, u32 id);

#endif /* KSHM_HOLD_H */

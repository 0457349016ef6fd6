// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - slots: the table of a handle, from ids to holds
 *
 * Holds live in the table, which grows by chunks that stay where they are until the
 * handle goes. So an id is looked up without a lock, and making and unmaking a region
 * allocates nothing for it. Slots that are free are used again in turn, under other ids,
 * until KSHM_SLOT_BITS leave none: who keeps an id for too long gets nothing by it, and
 * not what others made since.
 */
#include <linux/errno.h>
#include <linux/slab.h>

#include "slot.h"

/* Uses of a slot that ids tell apart. */
#define USES_MASK	((1U << (32 - KSHM_SLOT_BITS)) - 1)

void kshm_slots_init(struct kshm_slots *slots)
{
	spin_lock_init(&slots->lock);
	slots->made = 1;	/* 0 is no number */
}

/* Nobody looks any more. */
void kshm_slots_free(struct kshm_slots *slots)
{
	int chunk;

	for (chunk = 0; chunk < KSHM_SLOT_CHUNKS; chunk++)
		kvfree(slots->chunks[chunk]);
}

/* The chunk that the next new slot is in, if there is none yet. */
static int grow(struct kshm_slots *slots, u32 chunk)
{
	u32 nr = max(kshm_slot_base(chunk), 1U << KSHM_SLOT_SHIFT);
	struct kshm_hold *holds;

	holds = kvcalloc(nr, sizeof(*holds), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!holds)
		return -ENOMEM;
	spin_lock(&slots->lock);
	if (!slots->chunks[chunk]) {
		/* Whoever finds them finds zeros in them. */
		smp_store_release(&slots->chunks[chunk], holds);
		holds = NULL;
	}
	spin_unlock(&slots->lock);
	kvfree(holds);
	return 0;
}

/* A free slot, or NULL with the @chunk that there has to be. */
static struct kshm_hold *pop(struct kshm_slots *slots, u32 *chunk)
{
	struct kshm_hold *hold;

	lockdep_assert_held(&slots->lock);
	if (slots->nr_free > KSHM_SLOT_REST || slots->made > KSHM_SLOT_MASK) {
		hold = kshm_slot_of(slots, slots->free);
		slots->free = hold->next;
		slots->nr_free--;
	} else {
		*chunk = kshm_slot_chunk(slots->made);
		if (!slots->chunks[*chunk])
			return NULL;
		hold = kshm_slot_of(slots, slots->made);
		hold->number = slots->made++;
	}
	slots->nr++;
	return hold;
}

/**
 * kshm_slot_take() - a slot, of which nobody knows
 * @slots: the table
 * @most: slots that may be taken, at most KSHM_SLOT_MASK
 * @hold: gets what is in it, which has no id yet
 *
 * Return: 0; -ENOSPC if so many are taken, or -ENOMEM.
 */
int kshm_slot_take(struct kshm_slots *slots, u32 most, struct kshm_hold **hold)
{
	u32 chunk = 0;
	bool full;

	do {
		*hold = NULL;
		spin_lock(&slots->lock);
		full = slots->nr >= most;
		if (!full)
			*hold = pop(slots, &chunk);
		spin_unlock(&slots->lock);
		if (full)
			return -ENOSPC;
	} while (!*hold && !grow(slots, chunk));
	return *hold ? 0 : -ENOMEM;
}

/* The slot is free, whoever looks for one; the caller holds the lock. */
void kshm_slot_give(struct kshm_slots *slots, struct kshm_hold *hold)
{
	lockdep_assert_held(&slots->lock);
	hold->uses++;
	hold->next = 0;
	if (slots->nr_free++)
		kshm_slot_of(slots, slots->last)->next = hold->number;
	else
		slots->free = hold->number;
	slots->last = hold->number;
	slots->nr--;
}

/* The id that a slot has, or had, or gets: as long as it is taken that is the same. */
u32 kshm_slot_id(const struct kshm_hold *hold)
{
	return (hold->uses & USES_MASK) << KSHM_SLOT_BITS | hold->number;
}

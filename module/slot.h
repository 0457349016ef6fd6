/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - slots: the table of a handle, from ids to holds
 */
#ifndef KSHM_SLOT_H
#define KSHM_SLOT_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct kshm_key;
struct kshm_region;

/*
 * An id: in the low bits the number of a slot, which is never 0, above it how often
 * that one was used before.
 */
#define KSHM_SLOT_BITS	21
#define KSHM_SLOT_MASK	(BIT(KSHM_SLOT_BITS) - 1)

/*
 * Slots that are free before one is used again, so that an id does not soon come
 * again: not before a million others of its handle, 24 KiB of slots.
 */
#define KSHM_SLOT_REST	512

/* Slots in the first chunk, and in the second; each further one doubles the table. */
#define KSHM_SLOT_SHIFT	4
#define KSHM_SLOT_CHUNKS (KSHM_SLOT_BITS - KSHM_SLOT_SHIFT + 1)

/**
 * struct kshm_hold - what an id of a handle stands for
 * @state: the id, above how often it is held: once as long as it is found by its id,
 *	or is still to be told, or somebody waits to destroy it, and once for each request
 *	that uses it. Both in one, so that nobody gets hold of what has another id by now.
 * @rights: KSHM_REGION_* bits; set once
 * @created: comes from creating the region, which is what revokes it; set once
 * @number: of the slot
 * @uses: of the slot before, as far as ids tell; under &kshm_slots.lock
 * @next: the slot that became free next, or 0; under that lock
 * @region: a reference, until the id is there that of whoever is to tell it; set once,
 *	and taken away under that lock
 * @key: that leads to the region, see key.c; goes before @region
 *
 * Lives in its slot as long as the handle does. What is set once is so before @state
 * is more than 0, and stays as long as it is held.
 */
struct kshm_hold {
	atomic64_t state;
	u32 rights;
	bool created;
	u32 number;
	u32 uses;
	u32 next;
	struct kshm_region *region;
	struct kshm_key *key;
};

/**
 * struct kshm_slots - the holds of a handle
 * @lock: protects what is said to be under it, and keeps the regions of holds that
 *	have their ids, or are shown, or used yet; only the locks are taken under it that looking
 *	at a region takes
 * @nr: slots that are taken; under @lock
 * @made: slots that were ever taken; under @lock
 * @nr_free: those of them that are free; under @lock
 * @free: the one that is free for longest, or 0; under @lock
 * @last: the one that is free for the shortest time, if any is; under @lock
 * @chunks: of slots; each is made when it is needed, and stays where it is
 */
struct kshm_slots {
	spinlock_t lock;	/* the lists of free and taken slots */
	u32 nr;
	u32 made;
	u32 nr_free;
	u32 free;
	u32 last;
	struct kshm_hold *chunks[KSHM_SLOT_CHUNKS];
};

static inline u32 kshm_slot_chunk(u32 number)
{
	return fls(number >> KSHM_SLOT_SHIFT);
}

/* Slots before chunk @chunk, but for the first two as many as in it. */
static inline u32 kshm_slot_base(u32 chunk)
{
	return chunk ? BIT(KSHM_SLOT_SHIFT - 1) << chunk : 0;
}

/*
 * The slot that an id would be in, or NULL. There is no number that leads beyond its
 * chunk, if that is there, also for a processor that guesses.
 */
static inline struct kshm_hold *kshm_slot_of(const struct kshm_slots *slots,
					     u32 id)
{
	u32 number = id & KSHM_SLOT_MASK, chunk = kshm_slot_chunk(number);
	/* Pairs with the release in kshm_slot_take(). */
	struct kshm_hold *holds = smp_load_acquire(&slots->chunks[chunk]);

	if (!number || !holds)
		return NULL;
	return &holds[number - kshm_slot_base(chunk)];
}

void kshm_slots_init(struct kshm_slots *slots);
void kshm_slots_free(struct kshm_slots *slots);
int kshm_slot_take(struct kshm_slots *slots, u32 most, struct kshm_hold **hold);
void kshm_slot_give(struct kshm_slots *slots, struct kshm_hold *hold);
u32 kshm_slot_id(const struct kshm_hold *hold);

#endif /* KSHM_SLOT_H */

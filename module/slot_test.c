// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - slots: tests of what needs no user process
 */
#include <kunit/test.h>
#include <linux/slab.h>

#include "slot.h"

/* More than the first two chunks have. */
#define NR	40

static struct kshm_slots *make_slots(struct kunit *test)
{
	struct kshm_slots *slots = kunit_kzalloc(test, sizeof(*slots), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, slots);
	kshm_slots_init(slots);
	return slots;
}

static void give(struct kshm_slots *slots, struct kshm_hold *hold)
{
	spin_lock(&slots->lock);
	kshm_slot_give(slots, hold);
	spin_unlock(&slots->lock);
}

/* Every number is inside of its chunk, and in the next place after the one before. */
static void slot_numbers_fill_chunks(struct kunit *test)
{
	u32 number, chunk = 0, base = 0, size = 16;

	for (number = 0; number <= KSHM_SLOT_MASK; number++) {
		if (number == base + size) {
			chunk++;
			base = number;
			size = base;
		}
		if (kshm_slot_chunk(number) == chunk && kshm_slot_base(chunk) == base)
			continue;
		KUNIT_FAIL(test, "%u: chunk %u of %u, base %u of %u", number,
			   kshm_slot_chunk(number), chunk,
			   kshm_slot_base(kshm_slot_chunk(number)), base);
		return;
	}
	KUNIT_EXPECT_EQ(test, chunk, KSHM_SLOT_CHUNKS - 1);
}

static void slot_ids_lead_back(struct kunit *test)
{
	struct kshm_slots *slots = make_slots(test);
	struct kshm_hold *holds[NR];
	u32 i, id;

	for (i = 0; i < NR; i++)
		KUNIT_ASSERT_EQ(test, kshm_slot_take(slots, NR, &holds[i]), 0);
	for (i = 0; i < NR; i++) {
		id = kshm_slot_id(holds[i]);
		KUNIT_EXPECT_EQ(test, id, i + 1);
		KUNIT_EXPECT_PTR_EQ(test, kshm_slot_of(slots, id), holds[i]);
	}
	kshm_slots_free(slots);
}

/* Neither 0, nor a chunk that is not there, nor one that cannot be. */
static void slot_of_nothing(struct kunit *test)
{
	struct kshm_slots *slots = make_slots(test);
	struct kshm_hold *hold;

	KUNIT_EXPECT_NULL(test, kshm_slot_of(slots, 1));
	KUNIT_ASSERT_EQ(test, kshm_slot_take(slots, 1, &hold), 0);
	KUNIT_EXPECT_NULL(test, kshm_slot_of(slots, 0));
	KUNIT_EXPECT_NULL(test, kshm_slot_of(slots, KSHM_SLOT_MASK + 1));
	KUNIT_EXPECT_NULL(test, kshm_slot_of(slots, 16));
	KUNIT_EXPECT_NULL(test, kshm_slot_of(slots, U32_MAX));
	kshm_slots_free(slots);
}

static void slot_limit(struct kunit *test)
{
	struct kshm_slots *slots = make_slots(test);
	struct kshm_hold *one, *two;

	KUNIT_EXPECT_EQ(test, kshm_slot_take(slots, 0, &one), -ENOSPC);
	KUNIT_ASSERT_EQ(test, kshm_slot_take(slots, 1, &one), 0);
	KUNIT_EXPECT_EQ(test, kshm_slot_take(slots, 1, &two), -ENOSPC);
	give(slots, one);
	KUNIT_EXPECT_EQ(test, kshm_slot_take(slots, 1, &two), 0);
	kshm_slots_free(slots);
}

/* In turn, each time with another id until there are no more. */
static void slot_used_again_has_other_ids(struct kunit *test)
{
	struct kshm_slots *slots = make_slots(test);
	struct kshm_hold *hold;
	u32 number;

	for (number = 1; number <= KSHM_SLOT_REST + 1; number++) {
		KUNIT_ASSERT_EQ(test, kshm_slot_take(slots, 1, &hold), 0);
		KUNIT_EXPECT_EQ(test, kshm_slot_id(hold), number);
		give(slots, hold);
	}
	for (number = 1; number <= KSHM_SLOT_REST + 1; number++) {
		KUNIT_ASSERT_EQ(test, kshm_slot_take(slots, 1, &hold), 0);
		KUNIT_EXPECT_EQ(test, kshm_slot_id(hold),
				KSHM_SLOT_MASK + 1 + number);
		if (number == 1)
			hold->uses = (1U << (32 - KSHM_SLOT_BITS)) - 1;
		give(slots, hold);
	}
	KUNIT_ASSERT_EQ(test, kshm_slot_take(slots, 1, &hold), 0);
	KUNIT_EXPECT_EQ(test, kshm_slot_id(hold), 1);
	kshm_slots_free(slots);
}

static struct kunit_case slot_cases[] = {
	KUNIT_CASE(slot_numbers_fill_chunks),
	KUNIT_CASE(slot_ids_lead_back),
	KUNIT_CASE(slot_of_nothing),
	KUNIT_CASE(slot_limit),
	KUNIT_CASE(slot_used_again_has_other_ids),
	{ }
};

static struct kunit_suite slot_suite = {
	.name = "kshm_slot",
	.test_cases = slot_cases,
};

kunit_test_suite(slot_suite);

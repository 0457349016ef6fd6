// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: a look at the operands of a request, before it and after
 *
 * The input is as it was, memory that a driver may only read too, and of the output
 * no more has changed than was returned. What the driver for tests writes and counts
 * is known.
 */
#include <string.h>

#include "copy.h"
#include "finding.h"
#include "known.h"
#include "known_file.h"
#include "kshm_test.h"
#include "look.h"
#include "memory.h"

#define MOST	(64ull << 10)		/* of an operand; more is not looked at */
#define PAGE	4096ull
#define ROOM	(MOST + 2 * PAGE)	/* pieces that join are no more */

static unsigned char before[3][ROOM], now[ROOM];
static const char * const names[] = { "in", "out", "data" };

static const __u64 *operand(const struct op *op, unsigned int which)
{
	return &op->v[IN + which * (OUT - IN)];
}

/* What joins at page boundaries in between is whole pages there. */
bool look_find_place(unsigned int handle, const __u64 *v, struct place *place)
{
	unsigned int i;

	*place = (struct place){ };
	if (!v[LEN])
		return true;
	if (v[KIND] == KSHM_OPERAND_REGION && !known_is_sure())
		return false;
	place->nr = known_pieces(handle, v, place->pages);
	for (i = 0; i < place->nr; i++) {
		unsigned long at = (unsigned long)place->pages[i].iov_base;
		size_t offset = at % PAGE;

		place->offset += offset;
		place->pages[i].iov_base = (void *)(at - offset);
		place->pages[i].iov_len = (place->pages[i].iov_len + offset + PAGE - 1) & -PAGE;
		place->room += place->pages[i].iov_len;
	}
	return place->nr;
}

bool look_overlap(const struct place *a, const struct place *b)
{
	unsigned int i, j;

	for (i = 0; i < a->nr; i++)
		for (j = 0; j < b->nr; j++) {
			const char *one = a->pages[i].iov_base, *other = b->pages[j].iov_base;

			if (a == b && i == j)
				continue;
			if (one < other + b->pages[j].iov_len && other < one + a->pages[i].iov_len)
				return true;
			if (files_overlap((unsigned long)one, a->pages[i].iov_len,
					  (unsigned long)other, b->pages[j].iov_len))
				return true;
		}
	return false;
}

static bool can_look(struct look *look)
{
	const struct op *op = look->op;
	unsigned int i, j;

	if (!op->v[LOOK] || op->v[AT] != OWN || op->v[EXPLAIN] != OWN)
		return false;
	/* What that writes may be anywhere: see copy.c. */
	if (copy_is(op))
		return false;
	for (i = 0; i < 3; i++) {
		if (operand(op, i)[LEN] > MOST ||
		    !look_find_place(op->v[HANDLE], operand(op, i), &look->places[i]))
			return false;
		for (j = 0; j <= i; j++)
			if (look_overlap(&look->places[i], &look->places[j]))
				return false;
	}
	return true;
}

static size_t gather(const struct look *look, unsigned int which, unsigned char *to)
{
	const struct place *place = &look->places[which];

	return place->nr ? memory_gather(to, place->pages, place->nr) : 0;
}

void look_before(struct look *look)
{
	unsigned int i;

	look->taken = can_look(look);
	for (i = 0; look->taken && i < 3; i++)
		look->got[i] = gather(look, i, before[i]);
}

/* Bytes of an operand that may have been written. */
static __u64 may_change(const struct look *look, unsigned int which,
			const struct kshm_ioc_control *arg)
{
	__u32 method = KSHM_CODE_METHOD(look->op->v[CODE]);
	__u64 len = operand(look->op, which)[LEN];

	if (!arg)
		return 0;
	if (method == KSHM_METHOD_NEITHER)
		return len;
	switch (which) {
	case 0:
		return 0;
	case 1:		/* as far as it could be copied, if not all could */
		return arg->out_status == -14 ? len : arg->out.out_returned;
	default:
		return method == KSHM_METHOD_OUT_DIRECT ? len : 0;
	}
}

static void compare(const struct look *look, unsigned int which, size_t got,
		    const struct kshm_ioc_control *arg)
{
	__u64 from = look->places[which].offset;
	__u64 to = from + may_change(look, which, arg);
	__u64 i;

	for (i = 0; i < got && i < look->got[which]; i++)
		if (now[i] != before[which][i] && (i < from || i >= to)) {
			found("byte %lld of %s has changed, of %lld that may",
			      (long long)(i - from), names[which], (long long)(to - from));
			return;
		}
}

static __u32 seed_of(const struct look *look)
{
	const unsigned char *in = before[0] + look->places[0].offset;
	struct kshm_test_work work;

	memcpy(&work, in, sizeof(work));
	return work.seed;
}

/* Fills of one operand have it for their whole input, which may be shorter. */
static __u32 short_seed_of(const struct look *look)
{
	__u32 seed = 0;

	memcpy(&seed, before[0] + look->places[0].offset, operand(look->op, 0)[LEN]);
	return seed;
}

static __u64 count_wrong(const unsigned char *bytes, __u64 len, __u32 seed)
{
	__u64 i, wrong = 0;

	for (i = 0; i < len; i++)
		wrong += bytes[i] != kshm_test_byte(seed, i);
	return wrong;
}

/* What the driver for tests promises of the bytes that it writes. */
static void check_bytes(const struct look *look, unsigned int which,
			const struct kshm_ioc_control *arg)
{
	const __u64 *v = operand(look->op, which);
	const unsigned char *bytes = now + look->places[which].offset;
	__u64 i;

	switch (arg->code) {
	case KSHM_TEST_FILL:
		if (which == 2 && count_wrong(bytes, v[LEN], seed_of(look)))
			found("fill: data is not filled");
		break;
	case KSHM_TEST_FILL_COPIED:
	case KSHM_TEST_FILL_RAW:
		if (which == 1 && count_wrong(bytes, v[LEN], short_seed_of(look)))
			found("fill: out is not filled");
		break;
	case KSHM_TEST_EDIT_IN:
		for (i = 0; which == 1 && i < v[LEN]; i++)
			if (bytes[i]) {
				found("edit-in: byte %lld of an output that nobody wrote is %#x",
				      (long long)i, bytes[i]);
				break;
			}
		break;
	}
}

static void check_count(const struct look *look, const struct kshm_ioc_control *arg)
{
	const struct place *out = &look->places[1], *data = &look->places[2];
	struct kshm_test_place place;

	if (arg->code != KSHM_TEST_CHECK || look->got[2] < data->room ||
	    gather(look, 1, now) < out->room)
		return;
	memcpy(&place, now + out->offset, sizeof(place));
	if (place.wrong != count_wrong(before[2] + data->offset, operand(look->op, 2)[LEN],
				       seed_of(look)))
		found("check: the driver saw other bytes than there are");
}

void look_after(const struct look *look, const struct kshm_ioc_control *arg,
		enum device device)
{
	bool done = arg && !arg->out_status && device == DEVICE_TEST;
	bool knows_in = look->got[0] == look->places[0].room;
	unsigned int i;

	if (!look->taken)
		return;
	for (i = 0; i < 3; i++) {
		size_t got = gather(look, i, now);

		compare(look, i, got, arg);
		if (done && knows_in && got == look->places[i].room)
			check_bytes(look, i, arg);
	}
	if (done && knows_in)
		check_count(look, arg);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: a look at the operands of a request, before it and after
 *
 * The input is as it was, memory that a driver may only read too, and of the output
 * no more has changed than was returned. What the driver for tests writes and counts
 * is known.
 */
#include <string.h>

#include "finding.h"
#include "kshm_test.h"
#include "look.h"
#include "memory.h"

#define MOST	(64ull << 10)		/* of an operand; more is not looked at */
#define PAGE	4096ull
#define ROOM	(MOST + 2 * PAGE)

static unsigned char before[3][ROOM], now[ROOM];
static const char * const names[] = { "in", "out", "data" };

static const __u64 *operand(const struct op *op, unsigned int which)
{
	return &op->v[IN + which * (OUT - IN)];
}

static __u64 first(const __u64 *v)
{
	return v[ADDR] & -PAGE;
}

/* The whole pages that an operand touches, for what is beside it there. */
static __u64 room(const __u64 *v)
{
	return v[LEN] ? ((v[ADDR] + v[LEN] + PAGE - 1) & -PAGE) - first(v) : 0;
}

static bool can_look(const struct op *op)
{
	unsigned int i, j;

	if (!op->v[LOOK] || op->v[AT] != OWN || op->v[EXPLAIN] != OWN)
		return false;
	for (i = 0; i < 3; i++) {
		const __u64 *v = operand(op, i);

		if (v[LEN] > MOST || (v[LEN] && !memory_is_area(v[ADDR], v[LEN])))
			return false;
		for (j = 0; j < i; j++) {
			const __u64 *other = operand(op, j);

			if (room(v) && room(other) && first(v) < first(other) + room(other) &&
			    first(other) < first(v) + room(v))
				return false;
		}
	}
	return true;
}

void look_before(struct look *look)
{
	unsigned int i;

	look->taken = can_look(look->op);
	for (i = 0; look->taken && i < 3; i++) {
		const __u64 *v = operand(look->op, i);

		look->got[i] = memory_read(before[i], first(v), room(v));
	}
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
	const __u64 *v = operand(look->op, which);
	__u64 from = v[ADDR] - first(v);
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
	const __u64 *v = operand(look->op, 0);
	const unsigned char *in = before[0] + v[ADDR] % PAGE;
	struct kshm_test_work work;

	memcpy(&work, in, sizeof(work));
	return work.seed;
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
	const unsigned char *bytes = now + v[ADDR] % PAGE;
	__u64 i;

	switch (arg->code) {
	case KSHM_TEST_FILL:
		if (which == 2 && count_wrong(bytes, v[LEN], seed_of(look)))
			found("fill: data is not filled");
		break;
	case KSHM_TEST_FILL_COPIED:
	case KSHM_TEST_FILL_RAW:
		if (which == 1 && count_wrong(bytes, v[LEN], 0))
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
	const __u64 *data = operand(look->op, 2);
	struct kshm_test_place place;

	if (arg->code != KSHM_TEST_CHECK || look->got[2] < room(data))
		return;
	if (memory_read(&place, arg->out.addr, sizeof(place)) == sizeof(place) &&
	    place.wrong != count_wrong(before[2] + data[ADDR] % PAGE, data[LEN], seed_of(look)))
		found("check: the driver saw other bytes than there are");
}

void look_after(const struct look *look, const struct kshm_ioc_control *arg,
		enum device device)
{
	bool done = arg && !arg->out_status && device == DEVICE_TEST;
	unsigned int i;

	if (!look->taken)
		return;
	for (i = 0; i < 3; i++) {
		const __u64 *v = operand(look->op, i);
		size_t got = memory_read(now, first(v), room(v));

		compare(look, i, got, arg);
		if (done && got == room(v))
			check_bytes(look, i, arg);
	}
	if (done)
		check_count(look, arg);
}

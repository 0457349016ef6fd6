// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: the calls, each of which proves its bytes
 *
 * What goes in is compared with the pattern by the driver for tests, or digested by
 * the device digest and compared here, where the digest is known without the kernel.
 */
#include <stdio.h>
#include <string.h>

#include <linux/kshm_digest.h>

#include "device.h"
#include "kshm_test.h"
#include "op.h"
#include "ring.h"

/* In interrupts, where a long one would stop all else, too. */
#define MOST_IN_ROW	((size_t)16 << 10)

/* CRC-32C of the pattern. */
static __u32 expected_digest(size_t len, __u32 seed)
{
	static __u32 table[256];
	__u32 crc;
	size_t i;
	int bit;

	for (i = 0; i < 256 && !table[255]; i++) {
		for (crc = i, bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
		table[i] = crc;
	}
	for (crc = ~0, i = 0; i < len; i++)
		crc = crc >> 8 ^ table[(crc ^ kshm_test_byte(seed, i)) & 0xff];
	return ~crc;
}

/* What is wrong with a call that failed, in words that last. */
static const char *failure(int ret, const struct kshm_ioc_control *arg)
{
	static _Thread_local char text[80];

	snprintf(text, sizeof(text), "the call failed: ioctl %d (%s), status %d", ret,
		 strerror(-ret), arg->out_status);
	return text;
}

static int call(const struct target *t, struct kshm_ioc_control *arg)
{
	return t->in_ring ? ring_call(t->test, arg) : control_try(t->test, arg);
}

static const char *compare_digest(const struct target *t, struct kshm_ioc_control *arg)
{
	__u32 got = 0;
	int ret;

	arg->out = user_operand(&got, sizeof(got));
	ret = control_try(t->digest, arg);
	if (ret || arg->out_status)
		return failure(ret, arg);
	return got == expected_digest(t->len, t->seed) ? NULL : "the digest is another one";
}

static const char *digest_in(const struct target *t, __u32 code)
{
	struct kshm_ioc_control arg = request(code);

	arg.in = user_operand(t->data, t->len);
	return compare_digest(t, &arg);
}

static const char *digest_copied(const struct target *t)
{
	return digest_in(t, KSHM_DIGEST_COPIED(KSHM_DIGEST_CRC32C));
}

static const char *digest_raw(const struct target *t)
{
	return digest_in(t, KSHM_DIGEST_RAW(KSHM_DIGEST_CRC32C));
}

static const char *digest_to_driver(const struct target *t)
{
	struct kshm_ioc_control arg =
		request(t->way & 1 ? KSHM_DIGEST_TO_DRIVER(KSHM_DIGEST_CRC32C) :
				     KSHM_DIGEST_MAPPED(KSHM_DIGEST_CRC32C));

	arg.data = t->pinned;
	return compare_digest(t, &arg);
}

/* Not in interrupts, where a long one would stop all else. */
static const char *work(const struct target *t, __u32 code)
{
	struct kshm_test_work work = {
		.place = t->way & 7 ? KSHM_TEST_IN_CALLER : KSHM_TEST_IN_KTHREAD,
		.access = (t->way >> 3) % (KSHM_TEST_BY_COPY + 1),
		.seed = t->seed,
	};
	struct kshm_test_place place = { };
	struct kshm_ioc_control arg = request(code);
	int ret;

	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = t->pinned;
	ret = call(t, &arg);
	if (ret || arg.out_status)
		return failure(ret, &arg);
	if (arg.data.out_returned != t->len)
		return "not all bytes were returned";
	return place.wrong ? "the driver saw other bytes" : NULL;
}

static const char *check(const struct target *t)
{
	return work(t, KSHM_TEST_CHECK);
}

static const char *fill(const struct target *t)
{
	return work(t, KSHM_TEST_FILL);
}

static const char *check_in_ring(const struct target *t)
{
	struct target in_ring = *t;

	in_ring.in_ring = true;
	return check(&in_ring);
}

static const char *fill_in_ring(const struct target *t)
{
	struct target in_ring = *t;

	in_ring.in_ring = true;
	return fill(&in_ring);
}

/* Each handler is where its row says, and gets there in each way. */
static const char *in_row(const struct target *t, __u32 code)
{
	struct kshm_test_there there = {
		.access = t->way / 3 % (KSHM_TEST_BY_COPY + 1), .seed = t->seed,
	};
	struct kshm_test_where where = { };
	struct kshm_ioc_control arg = request(code);
	int ret;

	arg.in = user_operand(&there, sizeof(there));
	arg.out = user_operand(&where, sizeof(where));
	arg.data = t->pinned;
	ret = control_try(t->test, &arg);
	if (ret || arg.out_status)
		return failure(ret, &arg);
	return where.wrong ? "the driver saw other bytes" : NULL;
}

static __u32 row_of(const struct target *t)
{
	return KSHM_TEST_WORKER + t->way % 3;
}

static const char *check_in_row(const struct target *t)
{
	return in_row(t, KSHM_TEST_CHECK_IN(row_of(t)));
}

static const char *fill_in_row(const struct target *t)
{
	return in_row(t, KSHM_TEST_FILL_IN(row_of(t)));
}

static const char *fill_out(const struct target *t, __u32 code)
{
	struct kshm_ioc_control arg = request(code);
	__u32 seed = t->seed;
	int ret;

	arg.in = user_operand(&seed, sizeof(seed));
	arg.out = user_operand(t->data, t->len);
	ret = control_try(t->test, &arg);
	if (ret || arg.out_status)
		return failure(ret, &arg);
	return arg.out.out_returned == t->len ? NULL : "not all bytes were returned";
}

static const char *fill_copied(const struct target *t)
{
	return fill_out(t, KSHM_TEST_FILL_COPIED);
}

static const char *fill_raw(const struct target *t)
{
	return fill_out(t, KSHM_TEST_FILL_RAW);
}

static const struct {
	const char *name;
	bool writes;
	const char *(*call)(const struct target *t);
	bool on_region;
} ops[] = {
	[OP_COPIED_IN] = { "copied in", false, digest_copied },
	[OP_COPIED_OUT] = { "copied out", true, fill_copied },
	[OP_TO_DRIVER] = { "to-driver", false, check },
	[OP_TO_DRIVER_DIGEST] = { "to-driver digest", false, digest_to_driver },
	[OP_FROM_DRIVER] = { "from-driver", true, fill },
	[OP_RAW_IN] = { "raw in", false, digest_raw },
	[OP_RAW_OUT] = { "raw out", true, fill_raw },
	[OP_REGION_TO_DRIVER] = { "region to-driver", false, check, true },
	[OP_REGION_FROM_DRIVER] = { "region from-driver", true, fill, true },
	[OP_ROW_TO_DRIVER] = { "to-driver of a row", false, check_in_row },
	[OP_ROW_FROM_DRIVER] = { "from-driver of a row", true, fill_in_row },
	[OP_RING_TO_DRIVER] = { "to-driver in a ring", false, check_in_ring },
	[OP_RING_FROM_DRIVER] = { "from-driver in a ring", true, fill_in_ring },
};

const char *op_name(enum op op)
{
	return ops[op].name;
}

bool op_writes(enum op op)
{
	return ops[op].writes;
}

bool op_on_region(enum op op)
{
	return ops[op].on_region;
}

bool op_works_on(enum op op, enum memory_kind kind)
{
	return op != OP_REGION_FROM_DRIVER || kind != MEMORY_FILE;
}

size_t op_len(enum op op, size_t len)
{
	const bool in_row = op == OP_ROW_TO_DRIVER || op == OP_ROW_FROM_DRIVER;

	return in_row && len > MOST_IN_ROW ? MOST_IN_ROW : len;
}

const char *op_call(enum op op, const struct target *target)
{
	return ops[op].call(target);
}

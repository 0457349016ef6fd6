/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: the calls, each of which proves its bytes
 */
#ifndef STRESS_OP_H
#define STRESS_OP_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/kshm.h>
#include <linux/types.h>

#include "memory.h"

enum op {
	OP_COPIED_IN,
	OP_COPIED_OUT,
	OP_TO_DRIVER,
	OP_TO_DRIVER_DIGEST,
	OP_FROM_DRIVER,
	OP_RAW_IN,
	OP_RAW_OUT,
	OP_REGION_TO_DRIVER,
	OP_REGION_FROM_DRIVER,
	OP_ROW_TO_DRIVER,	/* of rows that name a context */
	OP_ROW_FROM_DRIVER,
	OP_RING_TO_DRIVER,	/* brought by io_uring */
	OP_RING_FROM_DRIVER,
	OPS,
};

/**
 * struct target - what a call is made of
 * @test: handle of the device test
 * @digest: of the device digest
 * @data: the bytes
 * @len: how many
 * @pinned: the same, as data of a request: they themselves, or a part of a region
 * @seed: of their pattern, which the call brings or looks for
 * @way: a number that decides between ways of doing the same
 * @in_ring: a ring brings the request
 */
struct target {
	int test;
	int digest;
	unsigned char *data;
	size_t len;
	struct kshm_operand pinned;
	__u32 seed;
	__u32 way;
	bool in_ring;
};

const char *op_name(enum op op);

/* Whether the bytes come from the driver. */
bool op_writes(enum op op);

/* Whether it is made on a region of the worker's. */
bool op_on_region(enum op op);

/* Whether it can be made on memory of @kind: no file on a disk is pinned for long to be written. */
bool op_works_on(enum op op, enum memory_kind kind);

/* How many of @len bytes it can be made on. */
size_t op_len(enum op op, size_t len);

/*
 * Makes the call; the bytes have the pattern before one to the driver, and are to
 * have it after one from the driver. NULL, or what is wrong with what the driver saw.
 */
const char *op_call(enum op op, const struct target *target);

#endif /* STRESS_OP_H */

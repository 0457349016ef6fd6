/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: a look at the operands of a request, before it and after
 */
#ifndef FUZZ_LOOK_H
#define FUZZ_LOOK_H

#include <sys/uio.h>

#include <linux/kshm.h>

#include "program.h"

/**
 * struct place - where the bytes of an operand are, and what is beside them
 * @pages: the whole pages that they touch, in order
 * @nr: of @pages; 0 for an empty operand
 * @offset: of the first byte
 * @room: bytes of all pages
 */
struct place {
	struct iovec pages[NR_RANGES];
	unsigned int nr;
	size_t offset;
	size_t room;
};

/**
 * struct look - what there was to see before the call
 * @op: the control operation
 * @taken: there is something to compare with
 * @places: of the operands
 * @got: bytes that could be read there
 */
struct look {
	const struct op *op;
	bool taken;
	struct place places[3];
	size_t got[3];
};

/*
 * Where an operand is that a handle has, or a piece that is like one; whether one byte is
 * in two places, or twice in one.
 */
bool look_find_place(unsigned int handle, const __u64 *operand, struct place *place);
bool look_overlap(const struct place *a, const struct place *b);

/* Of one request at a time. What is looked at is there from then on, in all pages. */
void look_before(struct look *look);

/*
 * Says what has changed that must not have, and what should have and is another.
 * @arg: the results; NULL if no handler ran.
 */
void look_after(const struct look *look, const struct kshm_ioc_control *arg,
		enum device device);

#endif /* FUZZ_LOOK_H */

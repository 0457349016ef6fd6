/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: copies, and what <linux/kshm_copy.h> promises about them
 */
#ifndef FUZZ_COPY_H
#define FUZZ_COPY_H

#include "thread.h"

/* Of one that is looked at. */
#define MAX_PIECES	16
#define NO_PIECE	MAX_PIECES

/**
 * struct copy - a copy to be made
 * @op: the control operation
 * @known: what follows is, before the call
 * @promised: 0, -errno, or CANNOT_TELL
 * @bad: the piece that is refused with that, or NO_PIECE
 * @nr: pieces
 * @nr_from: those to read, which are the first
 * @pieces: what they are, as operands
 * @total: bytes to be read
 * @has_memory: some of these, or of those to write, are memory of the caller
 * @taken: there are bytes to compare with
 */
struct copy {
	const struct op *op;
	bool known;
	int promised;
	unsigned int bad;
	unsigned int nr, nr_from;
	__u64 pieces[MAX_PIECES][4];
	__u64 total;
	bool has_memory;
	bool taken;
};

/* Writes down the pieces that an operation says, where it does. */
void copy_put(const struct op *op);

/* Whether a control operation, whose handle stays what it is, is a copy. */
bool copy_is(const struct op *op);

/* What is promised, by what its input is now. */
void copy_promise(struct copy *copy);

/* Around the call of a control, of a program of one thread. */
void copy_before(struct copy *copy);
void copy_after(const struct copy *copy, const struct thread *thread, int error);

/* What its handler ended with, whatever threads there are. */
void copy_check_status(const struct op *op, int status);

#endif /* FUZZ_COPY_H */

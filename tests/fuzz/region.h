/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: one call of a command with a struct of its own, and what it did
 */
#ifndef FUZZ_REGION_H
#define FUZZ_REGION_H

#include "thread.h"

/* Ranges that a thread has room for: one more than a region may be made of. */
#define REGION_RANGES	(KSHM_REGION_MAX_RANGES + 1)

/**
 * struct region_command - a command
 * @make: makes its struct
 * @promised: what is promised of it, see promise.h
 * @take: takes what it did, when it has worked, and looks what there is to be seen;
 *	what it may have written is made the same in thread->expected
 * @explained: looks at the explanation of a failure, all of which is there; or NULL
 */
struct region_command {
	void (*make)(struct thread *thread, const struct op *op, union argument *arg);
	int (*promised)(const struct op *op);
	void (*take)(struct thread *thread, const struct op *op);
	void (*explained)(const struct op *op, const struct kshm_explain *why);
};

void request_region(struct thread *thread, const struct op *op);

#endif /* FUZZ_REGION_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: new programs, and others made of known ones
 */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include "program.h"

/* One out of nothing. */
void program_generate(struct program *program);

/* Changes one a bit; @other is one to take operations from. */
void program_mutate(struct program *program, const struct program *other);

/*
 * Makes a program smaller, as long as @still says so of what is left: drops operations,
 * and, if @thoroughly, threads and values that are not the usual ones.
 */
void program_minimise(struct program *program, bool (*still)(const struct program *),
		      bool thoroughly);

#endif /* FUZZ_MUTATE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: chance, and values that are likely to matter
 */
#ifndef FUZZ_CHOICE_H
#define FUZZ_CHOICE_H

#include "program.h"

/* All that follows is decided by the seed, and by what is asked for. */
void chance_seed(__u64 seed);

/* One of 0 to @nr - 1. */
__u64 chance(__u64 nr);

/* True in so many of a hundred cases. */
bool percent(unsigned int percent);

/* A value for one of an operation in a program. */
__u64 choose_value(const struct program *program, enum value_type type);

/* A handle for a command: one that the program makes regions with, if it does. */
__u64 choose_handle(const struct program *program);

/* Gives a control operation a code of its handle's device, and operands for that. */
void choose_control(const struct program *program, struct op *op);

/* Gives a region-create ranges that can be pinned, most of them. */
void choose_region(const struct program *program, struct op *op);

#endif /* FUZZ_CHOICE_H */

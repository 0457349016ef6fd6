/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: counters of sections
 */
#ifndef FUZZ_SEQUENCE_H
#define FUZZ_SEQUENCE_H

#include "region.h"

extern const struct region_command sequence_command;

/* Reads, raises or polls one, if the descriptor is such. */
void sequence_change(struct thread *thread, const struct op *op);

#endif /* FUZZ_SEQUENCE_H */

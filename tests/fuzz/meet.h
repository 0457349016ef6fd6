/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: threads that meet
 */
#ifndef FUZZ_MEET_H
#define FUZZ_MEET_H

#include "program.h"

/*
 * Waits a moment for what the operation names, if it is yet to come of another thread: of
 * programs that pass regions on, few would get anywhere otherwise.
 */
void meet(const struct program *program, const struct op *op);

#endif /* FUZZ_MEET_H */

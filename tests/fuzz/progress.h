/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: the program under way, where the host finds it if the machine dies
 *
 * In memory that the machine has of a file of the host (tests/vm/run --memory). To write
 * it to a disk or a serial port takes longer than most programs.
 */
#ifndef FUZZ_PROGRESS_H
#define FUZZ_PROGRESS_H

#include "program.h"

/* Once; a machine without such memory does without. */
void progress_open(void);

void progress_note(const struct program *program);

/* No program is. */
void progress_end(void);

#endif /* FUZZ_PROGRESS_H */

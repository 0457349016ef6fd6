/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: the process that executes programs, and what holds after each
 *
 * The worker is an ordinary user of kshm's group, as whoever calls kshm may be. It is
 * made once, and again when it is gone, for to make a process takes longer than most
 * programs. Root, who makes it, sees what it cannot.
 */
#ifndef FUZZ_WORKER_H
#define FUZZ_WORKER_H

#include "program.h"

/*
 * Once: lowers the limits of kshm, and makes the worker.
 * Says what is wrong on stderr.
 */
bool worker_open(void);

/* Undoes that. */
void worker_close(void);

/*
 * Executes a program. Returns what was found, or NULL; the text is good until the next
 * call. @survived: it came to its end, and the machine can go on.
 */
const char *worker_run(const struct program *program, bool *survived);

/*
 * What was found of the programs since the last call, or NULL: pages that stay pinned.
 * Takes as long as several programs.
 */
const char *worker_check_pins(void);

/* Of all programs. */
unsigned long worker_calls(void);

#endif /* FUZZ_WORKER_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: where in kshm's modules programs have been
 *
 * By the kernel's KCOV, which writes down the address of each block that a thread
 * enters, of modules that were built for that: kshm's, and nothing else.
 */
#ifndef FUZZ_COVERAGE_H
#define FUZZ_COVERAGE_H

#include <stdbool.h>
#include <stdio.h>

/* Once, as root, before any process is made; false, with a word, where there is no KCOV. */
bool coverage_open(void);

/* From now on of the calling thread, which is that of programs with a number. */
void coverage_begin(unsigned int thread);

/* Forgets what was written down so far, before a program. */
void coverage_clear(void);

/*
 * Adds what was written down to what is known: how many steps from one block to the
 * next were new. With @keep false they stay new.
 */
unsigned int coverage_take(bool keep);

/* Blocks that have been entered. */
unsigned int coverage_blocks(void);

/* A line for each block: module and offset of the place after the call of KCOV. */
void coverage_print(FILE *to);

#endif /* FUZZ_COVERAGE_H */

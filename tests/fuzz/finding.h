/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: what was found
 */
#ifndef FUZZ_FINDING_H
#define FUZZ_FINDING_H

#define FINDING_SIZE	512

/* Says what is wrong, once for a program: the first thing counts. */
__attribute__((format(printf, 1, 2)))
void found(const char *what, ...);

#endif /* FUZZ_FINDING_H */

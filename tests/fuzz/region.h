/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: one call of KSHM_IOC_REGION_*, and what it did
 */
#ifndef FUZZ_REGION_H
#define FUZZ_REGION_H

#include "thread.h"

/* Ranges that a thread has room for: one more than a region may be made of. */
#define REGION_RANGES	(KSHM_REGION_MAX_RANGES + 1)

void request_region(struct thread *thread, const struct op *op);

#endif /* FUZZ_REGION_H */

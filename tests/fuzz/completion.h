/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: requests that were submitted, cancelled and read
 */
#ifndef FUZZ_COMPLETION_H
#define FUZZ_COMPLETION_H

#include "region.h"

extern const struct region_command cancel_command;

/* Reads completions that there are, and looks at them. */
void completion_read(struct thread *thread, const struct op *op);

/* Has requests of a handle end, reads how, and says if not all do, once. */
void completion_drain(unsigned int handle);

#endif /* FUZZ_COMPLETION_H */

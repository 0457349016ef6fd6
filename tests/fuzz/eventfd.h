/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: eventfds, which handles raise and requests wait for
 */
#ifndef FUZZ_EVENTFD_H
#define FUZZ_EVENTFD_H

#include "region.h"

extern const struct region_command eventfd_command;

void eventfd_make(const struct op *op);

/* Raises or reads one. */
void eventfd_change(struct thread *thread, const struct op *op);

#endif /* FUZZ_EVENTFD_H */

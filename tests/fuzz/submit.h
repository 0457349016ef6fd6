/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: what comes of a control operation that submits a request
 */
#ifndef FUZZ_SUBMIT_H
#define FUZZ_SUBMIT_H

#include "thread.h"

/* Before its call, and after: both do nothing for what is not submitted. */
void submit_before(const struct thread *thread, const struct op *op);
void submit_after(const struct thread *thread, const struct op *op, int error);

#endif /* FUZZ_SUBMIT_H */

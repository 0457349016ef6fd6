/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: one call of KSHM_IOC_CONTROL or KSHM_IOC_INFO, and what it did
 */
#ifndef FUZZ_REQUEST_H
#define FUZZ_REQUEST_H

#include "thread.h"

void request_control(struct thread *thread, const struct op *op);
void request_info(struct thread *thread, const struct op *op);

#endif /* FUZZ_REQUEST_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: what <linux/kshm.h> promises about a request
 */
#ifndef FUZZ_PROMISE_H
#define FUZZ_PROMISE_H

#include <linux/kshm.h>

#include "program.h"

#define CANNOT_TELL	1

/* The limits while programs run, in pages: all three are in the reach of one request. */
#define MAX_SYSTEM_PAGES	2048
#define MAX_USER_PAGES		2176
#define MAX_REQUEST_PAGES	2304

/*
 * -errno with which a control operation has to be refused, on a handle of a device with
 * access; 0 if it passes all checks before those of mappings and limits.
 */
int promised_error(const struct op *op, enum device device, unsigned int access);

/* Whether KSHM_IOC_* may fail with an errno. */
bool is_promised_errno(int error);

/*
 * What is wrong with an explanation of a request that ended with an errno, or 0;
 * NULL if nothing is. @size: how much of it was written.
 */
const char *wrong_explanation(const struct kshm_explain *why, __u64 size, int error);

#endif /* FUZZ_PROMISE_H */

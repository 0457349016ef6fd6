/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: what <linux/kshm.h> promises about a request
 */
#ifndef FUZZ_PROMISE_H
#define FUZZ_PROMISE_H

#include <linux/kshm.h>

#include "program.h"

/* Instead of an errno: it may be any; it has to be one of a limit. */
#define CANNOT_TELL	1
#define A_LIMIT		2

/*
 * The limits while programs run, in pages: all are in the reach of one request, or one
 * region, and so is the number of regions of a handle.
 */
#define MAX_SYSTEM_PAGES	2048
#define MAX_USER_PAGES		2176
#define MAX_REQUEST_PAGES	2304
#define MAX_LOCKED_PAGES	1024		/* RLIMIT_MEMLOCK */
#define MAX_HANDLE_REGIONS	5

/*
 * -errno with which a control operation has to be refused, on a handle of a device with
 * access; 0 if it passes all checks before those of mappings and limits.
 */
int promised_error(const struct op *op, enum device device, unsigned int access);

/*
 * The same of operations on regions. With a limit, or mappings of ranges, it ends as late
 * as for a control.
 */
int promised_create_error(const struct op *op);
int promised_query_error(const struct op *op);
int promised_destroy_error(const struct op *op);

/* Bytes and pages of the ranges of a region-create that they lie in user space. */
__u64 ranges_len(const struct op *op);
__u64 ranges_pages(const struct op *op);

/* Whether an operation's KSHM_IOC_* may fail with an errno; and after all those checks. */
bool is_promised_errno(enum op_type type, int error);
bool is_late_errno(enum op_type type, int error);

/* Whether an errno says that a limit is exceeded. */
bool is_limit(int error);

/*
 * What is wrong with an explanation of an operation that ended with an errno, or 0;
 * NULL if nothing is. @size: how much of it was written, at most.
 */
const char *wrong_explanation(enum op_type type, const struct kshm_explain *why, __u64 size,
			      int error);

#endif /* FUZZ_PROMISE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: what <linux/kshm.h> promises about a request
 */
#ifndef FUZZ_PROMISE_H
#define FUZZ_PROMISE_H

#include <linux/kshm.h>

#include "program.h"

/* Bytes of user space that are behind any struct: the kernel leaves them to the stack. */
#define OWN_BEHIND	(128ull << 20)

struct region;

/* Instead of an errno: it may be any; it has to be one of a limit. */
#define CANNOT_TELL	1
#define A_LIMIT		2

/*
 * The limits while programs run, in pages: all are in the reach of one request, or one
 * region, and so are the numbers of regions and requests of a handle, and of names.
 */
#define MAX_SYSTEM_PAGES	2048
#define MAX_USER_PAGES		2176
#define MAX_REQUEST_PAGES	2304
#define MAX_LOCKED_PAGES	1024		/* RLIMIT_MEMLOCK */
#define MAX_HANDLE_REGIONS	5
#define MAX_USER_NAMES		3
#define MAX_HANDLE_REQUESTS	6

/*
 * -errno with which a control operation has to be refused, on a handle of a device with
 * access; 0 if it passes all checks before those of mappings and limits. Where it
 * names regions that may be stale that cannot be told.
 */
int promised_error(const struct op *op, enum device device, unsigned int access);

/*
 * The same of operations on regions. With a limit, or mappings of ranges, it ends as late
 * as for a control.
 */
int promised_cancel_error(const struct op *op);
int promised_eventfd_error(const struct op *op);
int promised_create_error(const struct op *op);
int promised_query_error(const struct op *op);
int promised_destroy_error(const struct op *op);
int promised_revoke_error(const struct op *op);
int promised_export_error(const struct op *op);
int promised_import_error(const struct op *op);
int promised_key_error(const struct op *op);
int promised_open_error(const struct op *op);
int promised_attach_error(const struct op *op);
int promised_sequence_error(const struct op *op);
int promised_publish_error(const struct op *op);
int promised_name_open_error(const struct op *op);
int promised_remove_error(const struct op *op);
int promised_list_error(const struct op *op);
int promised_handles_error(const struct op *op);

/* Of the struct of a command, and the memory that it is in; of other memory. */
int promised_struct_error(const struct op *op);
int promised_range_error(__u64 addr, __u64 len);

/* Of an operand, or piece, that is a part of a region of a handle's. */
int promised_part_error(unsigned int handle, const __u64 *operand, bool written);

/* The same, and of members that several structs have; of one region more, with so many pages. */
int promised_form_error(const struct op *op);
int promised_limit_error(const struct op *op, __u64 pages);

/* The same of what passes on rights on a region, of somebody who has some. */
int promised_pass_error(const struct op *op, const struct region *region, __u32 rights);

/* Bytes of the part of a file that a section-attach names, whose file is good. */
__u64 promised_attach_len(const struct op *op);

/* Whether a region that is created is to be watched by nobody; what a region-open opens. */
bool promised_unwatched(const struct op *op);
struct kshm_region_key promised_key(const struct op *op);

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
const char *wrong_explanation(const struct op *op, const struct kshm_explain *why, __u64 size,
			      int error);

#endif /* FUZZ_PROMISE_H */

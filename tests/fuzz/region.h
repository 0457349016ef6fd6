/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: one call of KSHM_IOC_REGION_*, _SECTION_* or _NAME_*, and what it did
 */
#ifndef FUZZ_REGION_H
#define FUZZ_REGION_H

#include "thread.h"

/* Ranges that a thread has room for: one more than a region may be made of. */
#define REGION_RANGES	(KSHM_REGION_MAX_RANGES + 1)

union argument {
	struct kshm_ioc_region_create create;
	struct kshm_ioc_region_query query;
	struct kshm_ioc_region_destroy destroy;
	struct kshm_ioc_region_revoke revoke;
	struct kshm_ioc_region_export exported;
	struct kshm_ioc_region_import import;
	struct kshm_ioc_region_key key;
	struct kshm_ioc_region_open open;
	struct kshm_ioc_section_attach attach;
	struct kshm_ioc_section_sequence sequence;
	struct kshm_ioc_name_publish publish;
	struct kshm_ioc_name_open name_open;
	struct kshm_ioc_name_remove name_remove;
	struct kshm_ioc_name_list name_list;
	struct kshm_ioc_handle_list handle_list;
};

/**
 * struct region_command - a command
 * @make: makes its struct
 * @promised: what is promised of it, see promise.h
 * @take: takes what it did, when it has worked, and looks what there is to be seen;
 *	what it may have written is made the same in thread->expected
 * @explained: looks at the explanation of a failure, all of which is there; or NULL
 */
struct region_command {
	void (*make)(struct thread *thread, const struct op *op, union argument *arg);
	int (*promised)(const struct op *op);
	void (*take)(struct thread *thread, const struct op *op);
	void (*explained)(const struct op *op, const struct kshm_explain *why);
};

void request_region(struct thread *thread, const struct op *op);

#endif /* FUZZ_REGION_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - explanations of failures
 */
#ifndef KSHM_EXPLAIN_H
#define KSHM_EXPLAIN_H

#include <linux/kshm.h>
#include <linux/types.h>

/* What an access needs of the memory it goes to. */
enum kshm_need {
	KSHM_NEED_READ = BIT(0),
	KSHM_NEED_WRITE = BIT(1),
	KSHM_NEED_PAGES = BIT(2),	/* struct pages that can be pinned */
	KSHM_NEED_LONG_TERM = BIT(3),	/* for longer than a call */
};

void kshm_explain(struct kshm_explain *why, u32 check, u32 operand, int error);
void kshm_explain_numbers(struct kshm_explain *why, u64 needed, u64 used,
			  u64 limit);
void kshm_explain_address(struct kshm_explain *why, u32 operand, u64 addr,
			  u64 len, unsigned int need);
void kshm_explain_to_user(const struct kshm_explain *why, u64 uaddr);

#endif /* KSHM_EXPLAIN_H */

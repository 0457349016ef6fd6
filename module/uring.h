/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - requests that io_uring brings
 */
#ifndef KSHM_URING_H
#define KSHM_URING_H

#include <linux/types.h>

struct io_uring_cmd;
struct kshm_ioc_control;
struct kshm_pended;

/**
 * struct kshm_uring - a request that a ring brings
 * @cmd: the command
 * @issue_flags: io_uring's, of this attempt
 * @uarg: the caller's struct
 * @pended: set once the request can last longer than the attempt; then the command has a
 *	reference, and only kshm_uring_done() ends it
 *
 * On the stack of whoever issues the command, which can be gone when that returns.
 */
struct kshm_uring {
	struct io_uring_cmd *cmd;
	unsigned int issue_flags;
	struct kshm_ioc_control __user *uarg;
	struct kshm_pended *pended;
};

/* Whether rings of this kernel take a command back when they go. */
static inline bool kshm_uring_can_pend(void)
{
#ifdef KSHM_COMPAT_URING_CANCEL
	return true;
#else
	return false;
#endif
}

int kshm_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);

void kshm_uring_begin(struct kshm_uring *uring, struct kshm_pended *pended);
void kshm_uring_ended(struct kshm_pended *pended);

#endif /* KSHM_URING_H */

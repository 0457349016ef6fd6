/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what differs between kernels in commands of io_uring
 */
#ifndef KSHM_COMPAT_URING_H
#define KSHM_COMPAT_URING_H

/* They have a header of their own since 6.8. */
#ifdef KSHM_COMPAT_URING_HEADER
#include <linux/io_uring/cmd.h>
#else
#include <linux/io_uring.h>
#endif
#include <linux/kshm.h>

/* Where a command has its bytes: in 6.1 told by itself, later in its entry of the ring. */
#ifdef KSHM_COMPAT_URING_CMD_BYTES
#define kshm_uring_arg_of(ioucmd) ((const struct kshm_uring_arg *)(ioucmd)->cmd)
#else
#define kshm_uring_arg_of(ioucmd) ((const struct kshm_uring_arg *)(ioucmd)->sqe->cmd)
#endif

/* Commands can be taken back since 6.7; seen where they have the header. */
#ifdef KSHM_COMPAT_URING_CANCEL
#define KSHM_URING_CANCEL IO_URING_F_CANCEL
#else
#define KSHM_URING_CANCEL 0
#endif

/* io_uring_cmd_done() has a function of its own for a second result since 6.18. */
#ifdef KSHM_COMPAT_URING_DONE
#define kshm_uring_done(ioucmd, ret, issue_flags) io_uring_cmd_done(ioucmd, ret, issue_flags)
#else
#define kshm_uring_done(ioucmd, ret, issue_flags) io_uring_cmd_done(ioucmd, ret, 0, issue_flags)
#endif

/*
 * Makes @name of @function, which takes a command and flags, what
 * io_uring_cmd_complete_in_task() takes: since 7.0 that is told of a request.
 */
#ifdef KSHM_COMPAT_URING_TW_REQ
#define KSHM_URING_IN_TASK(name, function)					\
static void name(struct io_tw_req tw_req, io_tw_token_t tw)			\
{										\
	function(io_uring_cmd_from_tw(tw_req), IO_URING_CMD_TASK_WORK_ISSUE_FLAGS); \
}
#else
#define KSHM_URING_IN_TASK(name, function)					\
static void name(struct io_uring_cmd *ioucmd, unsigned int issue_flags)		\
{										\
	function(ioucmd, issue_flags);						\
}
#endif

#endif /* KSHM_COMPAT_URING_H */

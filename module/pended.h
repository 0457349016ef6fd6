/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - requests that can last longer than the call that made them
 */
#ifndef KSHM_PENDED_H
#define KSHM_PENDED_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>

#include "context.h"
#include "memlock.h"
#include "request.h"

struct io_uring_cmd;
struct kshm_uring;
struct mm_struct;

/* Bits of a state. None goes once it is there. */
#define KSHM_PENDED_PENDS	BIT(0)	/* its driver has it */
#define KSHM_PENDED_CANCELLED	BIT(1)	/* it is to end */
#define KSHM_PENDED_ENDED	BIT(2)	/* it did */
#define KSHM_PENDED_LEFT	BIT(3)	/* who waited for it, or the ring, does not any more */
#define KSHM_PENDED_HANDED	BIT(4)	/* a worker has it */

/**
 * struct kshm_pended - a request that can last longer than the call that made it
 * @req: the request; from when it ends to when it is undone nobody's but who has taken
 *	it from the queue, or waits for it
 * @arg: the caller's struct, captured
 * @ref: counts who has it: the tree of its handle, the call that made it, its driver or
 *	worker, a ring's command, and whoever is cancelling it
 * @state: KSHM_PENDED_* bits
 * @cancel: of the driver, or NULL; set before it pends
 * @user_data: of the caller
 * @number: of the requests of its handle, in the order in which they came
 * @node: in &struct kshm_handle.requests, under its lock, by @user_data and @number
 * @ended: in the queue of the handle, under its lock
 * @submitted: a completion tells how it ended
 * @undone: nothing of it is left but the results; whose it is then sees to that
 * @flags: KSHM_COMPLETION_* bits
 * @ring: command of a ring that tells it, instead; the command has a reference; or NULL.
 *	If it is neither, somebody waits for @over
 * @mm: of who submitted it, or of who had the ring bring it; a reference on the struct
 *	alone
 * @lock: what is charged for the pages that it has pinned
 * @over: it ended, if somebody waits for it
 * @worker: for a row whose handlers run in one
 * @private: the driver's
 */
struct kshm_pended {
	struct kshm_request req;
	struct kshm_ioc_control arg;
	refcount_t ref;
	atomic_t state;
	void (*cancel)(struct kshm_request *req);
	u64 user_data;
	u64 number;
	struct rb_node node;
	struct list_head ended;
	bool submitted;
	bool undone;
	u32 flags;
	struct io_uring_cmd *ring;
	struct mm_struct *mm;
	struct kshm_memlock lock;
	struct completion over;
	struct kshm_worker worker;
	u8 private[KSHM_REQUEST_PRIVATE] __aligned(sizeof(u64));
};

/* Whether a request, whose row is known, is to be made one of these. */
static inline bool kshm_pended_wanted(const struct kshm_request *req)
{
	return (req->arg->flags & KSHM_REQUEST_SUBMIT) ||
	       (req->control->flags & KSHM_CONTROL_MAY_PEND);
}

/* It was submitted, and a completion tells how it ended: there are no results to write. */
#define KSHM_PENDED_GOES_ON	1

int kshm_pended_request(struct kshm_request *req, struct kshm_uring *uring);
int kshm_pended_finish(struct kshm_pended *pended, int ret);
bool kshm_pended_leave(struct kshm_pended *pended);

int kshm_pended_undo(struct kshm_pended *pended, bool deliver);
bool kshm_pended_cancel(struct kshm_pended *pended);

void kshm_pended_undo_left(struct work_struct *work);
void kshm_pended_close(struct kshm_handle *handle);

#endif /* KSHM_PENDED_H */

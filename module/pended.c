// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - requests that can last longer than the call that made them
 *
 * Such a request is in memory of its own. Its driver has it from kshm_request_pend() to
 * kshm_request_complete(), which can be called in any context: it says how the request
 * ended, and hands it on, to whoever waits for it or to the queue of its handle. All that
 * can sleep is done after, by whoever gets it there: who waited, who reads the
 * completion, the task whose ring brought it, or a worker if nobody does.
 *
 * What ends a request, who cancels it, and who gives up waiting for it, meet in one word,
 * the state: each adds a bit, and sees by those that were there before what is left to it.
 *
 * A driver that has a request also has the device entered, so that whoever unregisters
 * waits until it has none; and the request has its handle, so that this, the memory of
 * regions in use and the driver's module are there until it is undone.
 */
#include <linux/compat.h>
#include <linux/export.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "cancel.h"
#include "device.h"
#include "explain.h"
#include "gift.h"
#include "handle.h"
#include "in_flight.h"
#include "part.h"
#include "pended.h"
#include "queue.h"
#include "request_verify.h"
#include "trace.h"
#include "uring.h"

static void run_in_worker(struct work_struct *work);

/* All of it: it can be cancelled as soon as it is known. */
static void setup(struct kshm_pended *pended, struct kshm_request *req)
{
	pended->req = *req;
	pended->arg = *req->arg;
	pended->req.arg = &pended->arg;
	pended->req.pended = pended;
	pended->req.caller = current;
	pended->req.is_compat = in_compat_syscall();
	/* One of the tree, and one of the caller. */
	refcount_set(&pended->ref, 2);
	atomic_set(&pended->state, 0);
	pended->cancel = NULL;
	pended->user_data = req->arg->user_data;
	pended->submitted = req->arg->flags & KSHM_REQUEST_SUBMIT;
	pended->undone = false;
	pended->ring = NULL;
	pended->flags = 0;
	pended->mm = NULL;
	pended->lock.user = NULL;
	init_completion(&pended->over);
	INIT_WORK(&pended->worker.work, run_in_worker);
	kshm_worker_init(&pended->worker);
	memset(pended->private, 0, sizeof(pended->private));
}

/* Takes what @req has of regions. */
static struct kshm_pended *make(struct kshm_request *req, struct kshm_uring *uring)
{
	struct kshm_handle *handle = req->handle;
	struct kshm_pended *pended;
	int ret;

	pended = kmalloc(sizeof(*pended), GFP_KERNEL_ACCOUNT);
	if (!pended)
		return ERR_PTR(kshm_explain_error(&req->why, 0, -ENOMEM));
	setup(pended, req);
	if (uring && !pended->submitted)
		pended->ring = uring->cmd;
	/* Before anybody can cancel it. */
	trace_kshm_request_start(&pended->req);
	ret = kshm_in_flight_add(handle, pended, &req->why);
	if (ret) {
		/* Nothing of it was prepared. */
		kshm_request_data(&pended->req);
		trace_kshm_request_done(&pended->req, ret, 0, 0);
		kfree(pended);
		return ERR_PTR(ret);
	}
	kshm_handle_get(handle);
	req->has_regions = false;
	if (pended->submitted || pended->ring) {
		pended->mm = current->mm;
		mmgrab(pended->mm);
	}
	if (pended->ring)
		kshm_uring_begin(uring, pended);
	return pended;
}

/* The driver, or a worker, has it; the caller is inside of the device. */
static void hand_over(struct kshm_pended *pended)
{
	percpu_ref_get(&pended->req.handle->dev->active);
	refcount_inc(&pended->ref);
}

static void take_back(struct kshm_pended *pended)
{
	struct kshm_device *dev = pended->req.handle->dev;

	kshm_in_flight_put(pended);
	kshm_device_leave(dev);
}

/* Context: any. False: it had ended before. */
static bool end(struct kshm_pended *pended, int status, u32 flags)
{
	int state = atomic_fetch_or(KSHM_PENDED_ENDED, &pended->state);

	if (kshm_misused(state & KSHM_PENDED_ENDED, KSHM_VERIFIER_COMPLETED_TWICE,
			 kshm_request_culprit(&pended->req)))
		return false;
	if (kshm_request_is_guarded(&pended->req))
		kshm_request_verify_operands(&pended->req);
	pended->req.status = kshm_request_check_status(&pended->req, status);
	pended->flags |= flags;
	trace_kshm_request_complete(&pended->req, status);
	if (pended->submitted || (state & KSHM_PENDED_LEFT))
		kshm_queue_add(&pended->req.handle->queue, &pended->ended,
			       !pended->submitted);
	else if (pended->ring)
		kshm_uring_ended(pended);
	else
		complete(&pended->over);
	return true;
}

static bool may_pend(const struct kshm_request *req)
{
	return req->pended && (req->control->flags & KSHM_CONTROL_MAY_PEND);
}

static bool is_cancelled(const struct kshm_pended *pended)
{
	return atomic_read(&pended->state) & KSHM_PENDED_CANCELLED;
}

/* False: it was cancelled before. */
static bool becomes_pending(struct kshm_pended *pended)
{
	int state = atomic_read(&pended->state);

	do {
		if (state & KSHM_PENDED_CANCELLED)
			return false;
	} while (!atomic_try_cmpxchg(&pended->state, &state, state | KSHM_PENDED_PENDS));
	return true;
}

/**
 * kshm_request_pend() - keep a request for longer than its handler runs
 * @req: the request, of a row with KSHM_CONTROL_MAY_PEND
 * @cancel: has the request end early; NULL if that cannot be
 *
 * From here on the driver has the request, and everything of it but the caller's context,
 * until it calls kshm_request_complete(), which it may do before the handler has returned.
 * The handler returns -EIOCBQUEUED.
 *
 * @cancel comes at any time while the driver has the request, and may come while, and
 * shortly after, that is completed: it finds out by what the driver keeps of its requests
 * whether there is something to end, does nothing if not, and otherwise completes the
 * request or sees to it that this happens soon. It may come more than once. A driver that
 * keeps requests in a list calls this under the lock of that list, puts the request there
 * under the same, and takes it off under the same in @cancel and before it completes it.
 *
 * Context: the handler's. @cancel is called in process context and may sleep, in any task,
 * or in this one that is inside of the device, and never after that is unregistered. A
 * ring of io_uring that goes stands still meanwhile.
 * Return: 0; or -ECANCELED if the request was cancelled before, or the device is being
 * unregistered, which the handler returns then; or -EINVAL for a row that may not pend,
 * which is a driver's bug.
 */
int kshm_request_pend(struct kshm_request *req,
		      void (*cancel)(struct kshm_request *req))
{
	struct kshm_pended *pended = req->pended;
	struct task_struct *caller = req->caller;

	if (kshm_misused(!may_pend(req), KSHM_VERIFIER_MAY_NOT_PEND, kshm_request_culprit(req)))
		return -EINVAL;
	pended->cancel = cancel;
	req->caller = NULL;
	hand_over(pended);
	/*
	 * Whoever unregisters has seen the request, and cancels it, or it was not known
	 * yet when he looked, and then this is.
	 */
	if (!kshm_device_going(req->handle->dev) && !is_cancelled(pended)) {
		/* Before anybody can have it end; whoever cancels it just now is not seen. */
		trace_kshm_request_pend(req);
		if (becomes_pending(pended))
			return 0;
	}
	req->caller = caller;
	take_back(pended);
	return -ECANCELED;
}
EXPORT_SYMBOL_GPL(kshm_request_pend);

/**
 * kshm_request_complete() - a request that pends has ended
 * @req: the request, which the driver has no more from here on
 * @status: 0 or -errno
 *
 * Neither allocates nor sleeps, and touches no memory of the user's. What the driver
 * said with kshm_request_set_returned() and the like, and put into the output, comes
 * with it. Each request is completed once.
 *
 * A driver that unregisters may go on as soon as this is called for its last request:
 * before its code goes it waits for the timer, interrupt or work that called.
 *
 * Context: any but NMI; under whatever lock. On PREEMPT_RT: where memory can be freed.
 */
void kshm_request_complete(struct kshm_request *req, int status)
{
	struct kshm_pended *pended = req->pended;

	if (kshm_misused(!pended || !(atomic_read(&pended->state) & KSHM_PENDED_PENDS),
			 KSHM_VERIFIER_COMPLETED_NOT_PENDING, kshm_request_culprit(req)))
		return;
	if (kshm_misused(status == -EIOCBQUEUED, KSHM_VERIFIER_STATUS,
			 kshm_request_culprit(req)))
		status = -EIO;
	if (end(pended, status, 0))
		take_back(pended);
}
EXPORT_SYMBOL_GPL(kshm_request_complete);

/**
 * kshm_request_private() - memory of the driver's own that a request has
 * @req: the request, of a row with KSHM_CONTROL_MAY_PEND
 *
 * Return: KSHM_REQUEST_PRIVATE bytes, aligned as u64 is, zeros at first; they are there
 * as long as the driver has the request, and while it is being cancelled. NULL for a row
 * that may not pend, which is a driver's bug.
 */
void *kshm_request_private(struct kshm_request *req)
{
	if (kshm_misused(!may_pend(req), KSHM_VERIFIER_MAY_NOT_PEND, kshm_request_culprit(req)))
		return NULL;
	return req->pended->private;
}
EXPORT_SYMBOL_GPL(kshm_request_private);

/* Whether it pends, after its handler returned @status; if not, its status is known. */
static bool pends(struct kshm_pended *pended, int status)
{
	if (atomic_read(&pended->state) & KSHM_PENDED_PENDS) {
		kshm_misused(status != -EIOCBQUEUED, KSHM_VERIFIER_PENDING_NOT_QUEUED,
			     kshm_request_culprit(&pended->req));
		return true;
	}
	pended->req.status = kshm_request_check_status(&pended->req, status);
	return false;
}

static void run_in_worker(struct work_struct *work)
{
	struct kshm_pended *pended = container_of(work, struct kshm_pended, worker.work);
	int status = kshm_worker_handle(&pended->worker, &pended->req);

	if (!pends(pended, status))
		end(pended, pended->req.status, 0);
	take_back(pended);
}

/**
 * kshm_pended_cancel() - have a request end early
 * @pended: the request; the caller has a reference
 *
 * Context: process context, inside of its device, or in the one who unregisters it.
 * Return: whether it had not ended before.
 */
bool kshm_pended_cancel(struct kshm_pended *pended)
{
	int state = atomic_fetch_or(KSHM_PENDED_CANCELLED, &pended->state);

	if (state & KSHM_PENDED_ENDED)
		return false;
	trace_kshm_request_cancel(&pended->req);
	if (state & KSHM_PENDED_PENDS) {
		if (pended->cancel)
			pended->cancel(&pended->req);
	} else if (pended->req.control->context == KSHM_CONTEXT_WORKER &&
		   kshm_worker_cancel(&pended->worker)) {
		end(pended, -ECANCELED, KSHM_COMPLETION_KSHM);
		take_back(pended);
	}
	return true;
}

/* Returns -EIOCBQUEUED if it goes on; 0 if the handler ran, whatever it said. */
static int run(struct kshm_pended *pended)
{
	struct kshm_request *req = &pended->req;
	int ret = kshm_request_prepare(req);

	if (ret)
		return ret;
	if (req->control->context == KSHM_CONTEXT_WORKER) {
		req->caller = NULL;
		hand_over(pended);
		atomic_or(KSHM_PENDED_HANDED, &pended->state);
		kshm_worker_queue(&pended->worker, req->handle->dev);
		return -EIOCBQUEUED;
	}
	return pends(pended, kshm_request_run(req)) ? -EIOCBQUEUED : 0;
}

/*
 * The caller is being killed, and does not wait until the driver lets go. False: it did
 * just now.
 */
static bool leave(struct kshm_pended *pended)
{
	int state = atomic_fetch_or(KSHM_PENDED_LEFT, &pended->state);

	if (!(state & KSHM_PENDED_ENDED))
		return true;
	wait_for_completion(&pended->over);
	return false;
}

/**
 * kshm_pended_leave() - a ring does not wait any more for its request
 * @pended: the request
 *
 * Return: whether it goes on for itself; false: it has ended, or its handler runs in the
 * task that issues the command, and the ring is told yet.
 */
bool kshm_pended_leave(struct kshm_pended *pended)
{
	int state = atomic_read(&pended->state);

	do {
		if (!(state & (KSHM_PENDED_PENDS | KSHM_PENDED_HANDED)) ||
		    (state & KSHM_PENDED_ENDED))
			return false;
	} while (!atomic_try_cmpxchg(&pended->state, &state, state | KSHM_PENDED_LEFT));
	return true;
}

/*
 * Waits until it is over: 0; -EINTR if a signal came before and cancelled it; -EIOCBQUEUED
 * if that could not be, and the caller is being killed.
 */
static int wait_for(struct kshm_pended *pended)
{
	const bool killable = pended->req.control->flags & KSHM_CONTROL_KILLABLE;
	int ret;

	ret = wait_for_completion_state(&pended->over, TASK_FREEZABLE |
					(killable ? TASK_KILLABLE : TASK_INTERRUPTIBLE));
	if (!ret)
		return 0;
	kshm_pended_cancel(pended);
	ret = wait_for_completion_state(&pended->over, TASK_FREEZABLE | TASK_KILLABLE);
	if (ret && leave(pended))
		return -EIOCBQUEUED;
	/* What a handler says of it that did not come to pend. */
	ret = pended->req.status;
	return ret == -ECANCELED || ret == -EINTR ? -EINTR : 0;
}

/**
 * kshm_pended_undo() - the end of a request that ended
 * @pended: the request, which is the caller's
 * @deliver: somebody wants what it returns
 *
 * Context: process context, any task.
 * Return: 0; or -EINTR if the caller is being killed, with nothing undone.
 */
int kshm_pended_undo(struct kshm_pended *pended, bool deliver)
{
	struct kshm_request *req = &pended->req;
	const u64 returned = req->returned[KSHM_OPERAND_OUT];
	const int status = req->status;

	if (pended->undone)
		return 0;
	if (deliver)
		kshm_request_settle(req);
	if (!status && req->status == -EINTR) {
		req->status = 0;
		req->returned[KSHM_OPERAND_OUT] = returned;
		return -EINTR;
	}
	if (!status && req->status)
		pended->flags |= KSHM_COMPLETION_KSHM;
	kshm_request_undo(req, req->status);
	if (req->has_regions)
		kshm_parts_put(req);
	kshm_memlock_uncharge(&pended->lock);
	if (pended->mm)
		mmdrop(pended->mm);
	pended->undone = true;
	return 0;
}

/* Who called wants to know how it ended. */
static void tell(struct kshm_request *req, const struct kshm_pended *pended)
{
	memcpy(req->returned, pended->req.returned, sizeof(req->returned));
	req->needed = pended->req.needed;
	req->detail = pended->req.detail;
	req->status = pended->req.status;
	req->why = pended->req.why;
}

/**
 * kshm_pended_finish() - the end of a request whose results its caller gets
 * @pended: the request, which ended, or never began; the caller has a reference
 * @ret: 0 if the handler ran, or -errno, explained
 *
 * Context: process context.
 * Return: @ret; or -EINTR, explained, if the caller is being killed, who gets nothing.
 */
int kshm_pended_finish(struct kshm_pended *pended, int ret)
{
	if (kshm_pended_undo(pended, !ret)) {
		ret = -EINTR;
		kshm_pended_undo(pended, false);
	}
	if (ret == -EINTR)
		kshm_explain_error(&pended->req.why, 0, ret);
	kshm_in_flight_remove(pended);
	return ret;
}

/* It is over, with @ret, and its caller knows everything. */
static int finish(struct kshm_pended *pended, struct kshm_request *req, int ret)
{
	ret = kshm_pended_finish(pended, ret);
	tell(req, pended);
	req->gifts = pended->req.gifts;
	return ret;
}

/* The handler ran, and all went well: there is a completion, as of any other. */
static int finish_submitted(struct kshm_pended *pended)
{
	kshm_gifts_end(pended->req.gifts, true);
	atomic_or(KSHM_PENDED_ENDED, &pended->state);
	kshm_queue_add(&pended->req.handle->queue, &pended->ended, false);
	return KSHM_PENDED_GOES_ON;
}

static int finish_at_once(struct kshm_pended *pended, struct kshm_request *req)
{
	bool good = pended->submitted && !pended->req.status;

	if (good)
		good = !kshm_pended_undo(pended, true);
	if (good && !pended->req.status)
		return finish_submitted(pended);
	return finish(pended, req, 0);
}

/* Waits, if somebody does. Returns what kshm_pended_request() does. */
static int go_on(struct kshm_pended *pended, struct kshm_request *req)
{
	int ret;

	if (pended->submitted)
		return KSHM_PENDED_GOES_ON;
	if (pended->ring)
		return -EIOCBQUEUED;
	ret = wait_for(pended);
	if (ret != -EIOCBQUEUED)
		return finish(pended, req, ret);
	return kshm_explain_error(&req->why, 0, -EINTR);
}

/**
 * kshm_pended_request() - have a request done that can last longer
 * @req: the request, checked; gets the results, if there are any yet
 * @uring: the ring that brought it, or NULL
 *
 * Context: the caller's, inside of the device.
 * Return: 0 if the handler ran, KSHM_PENDED_GOES_ON, -EIOCBQUEUED if the ring is told
 * when it has ended, or -errno, explained.
 */
int kshm_pended_request(struct kshm_request *req, struct kshm_uring *uring)
{
	struct kshm_pended *pended;
	int ret;

	if (uring && !kshm_uring_can_pend() && !(req->arg->flags & KSHM_REQUEST_SUBMIT))
		return kshm_explain(&req->why, KSHM_EXPLAIN_RING, 0, EOPNOTSUPP);
	pended = make(req, uring);
	if (IS_ERR(pended))
		return PTR_ERR(pended);
	ret = run(pended);
	if (!ret) {
		ret = finish_at_once(pended, req);
	} else if (ret != -EIOCBQUEUED) {
		pended->req.status = ret;
		ret = finish(pended, req, ret);
	} else {
		ret = go_on(pended, req);
	}
	kshm_in_flight_put(pended);
	return ret;
}

/*
 * Undoes what nobody wants, for which it needs no memory. The handle is there as long as
 * this runs.
 */
void kshm_pended_undo_left(struct work_struct *work)
{
	struct kshm_queue *queue = container_of(work, struct kshm_queue, undo);
	struct kshm_pended *pended;
	struct list_head *node;

	while ((node = kshm_queue_take_left(queue))) {
		pended = list_entry(node, struct kshm_pended, ended);
		kshm_pended_undo(pended, false);
		kshm_in_flight_remove(pended);
		cond_resched();
	}
}

/*
 * The last close of the file. What its driver does not let go of now stays, and keeps the
 * handle, until it does.
 */
void kshm_pended_close(struct kshm_handle *handle)
{
	kshm_queue_close(&handle->queue);
	if (RB_EMPTY_ROOT(&handle->requests))
		return;
	/* If not, whoever unregisters the device does. */
	if (kshm_device_enter(handle->dev)) {
		kshm_cancel_all(handle);
		kshm_device_leave(handle->dev);
	}
	/* A worker may have one in its hands; whoever closed finds all of it undone. */
	cancel_work_sync(&handle->queue.undo);
	kshm_pended_undo_left(&handle->queue.undo);
}

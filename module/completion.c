// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - completions: what is read of requests that ended
 *
 * Whoever reads takes a request off the queue, undoes it, and copies its completion: no
 * lock is held meanwhile, for memory of the user's is touched. What could not be copied
 * is given back, and is the first one again.
 */
#include <linux/eventfd.h>
#include <linux/fs.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>

#include "completion.h"
#include "explain.h"
#include "handle.h"
#include "hold.h"
#include "in_flight.h"
#include "pended.h"
#include "queue.h"
#include "trace.h"

static struct kshm_completion completion_of(const struct kshm_pended *pended)
{
	const struct kshm_request *req = &pended->req;

	return (struct kshm_completion){
		.user_data = pended->user_data,
		.status = req->status,
		.detail = req->detail,
		.code = pended->arg.code,
		.flags = pended->flags,
		.in_returned = req->returned[KSHM_OPERAND_IN],
		.out_returned = req->returned[KSHM_OPERAND_OUT],
		.data_returned = req->returned[KSHM_OPERAND_DATA],
		.needed = req->needed,
	};
}

static int copy(const struct kshm_pended *pended, struct iov_iter *to)
{
	const struct kshm_completion completion = completion_of(pended);
	size_t got;

	BUILD_BUG_ON(sizeof(completion) != 64);
	got = copy_to_iter(&completion, sizeof(completion), to);
	return got == sizeof(completion) ? 0 : -EFAULT;
}

/* The first one that ended: 1, or 0 if there is none, or -errno with it there still. */
static int read_one(struct kshm_handle *handle, struct iov_iter *to)
{
	struct list_head *node = kshm_queue_take(&handle->queue);
	struct kshm_pended *pended;
	int ret;

	if (!node)
		return 0;
	pended = list_entry(node, struct kshm_pended, ended);
	ret = kshm_pended_undo(pended, true);
	if (!ret)
		ret = copy(pended, to);
	if (ret) {
		kshm_queue_give_back(&handle->queue, node);
		return ret;
	}
	trace_kshm_request_read(&pended->req, pended->req.status);
	kshm_in_flight_remove(pended);
	return 1;
}

/* As many as fit: bytes, or -errno if there are none. */
static ssize_t read_all(struct kshm_handle *handle, struct iov_iter *to)
{
	ssize_t done = 0;
	int ret = 1;

	while (ret > 0 && iov_iter_count(to) >= sizeof(struct kshm_completion)) {
		ret = read_one(handle, to);
		if (ret > 0)
			done += sizeof(struct kshm_completion);
		if (fatal_signal_pending(current))
			ret = -EINTR;
		cond_resched();
	}
	return done ?: ret;
}

static bool is_gone(const struct kshm_handle *handle)
{
	return READ_ONCE(handle->detached);
}

/**
 * kshm_completions_read() - read() of a handle
 * @handle: the handle
 * @iocb: whether to wait
 * @to: where to
 *
 * Return: bytes, of whole completions; -EINVAL if there is no room for one; -EAGAIN if
 * there is none and the caller does not want to wait; -EFAULT if the first one could not
 * be copied; -EINTR or the like; -ENODEV if there are none and the device is gone.
 */
ssize_t kshm_completions_read(struct kshm_handle *handle, struct kiocb *iocb,
			      struct iov_iter *to)
{
	const bool wait = !(iocb->ki_flags & IOCB_NOWAIT) &&
			  !(iocb->ki_filp->f_flags & O_NONBLOCK);
	struct kshm_queue *queue = &handle->queue;
	ssize_t ret;
	bool gone;

	if (iov_iter_count(to) < sizeof(struct kshm_completion))
		return -EINVAL;
	for (;;) {
		/* Looked at before: what ended until then is on the queue by then. */
		gone = is_gone(handle);
		ret = read_all(handle, to);
		if (ret)
			return ret;
		if (gone)
			return -ENODEV;
		if (!wait)
			return -EAGAIN;
		ret = wait_event_state(queue->wait,
				       kshm_queue_has_ended(queue) || is_gone(handle),
				       (TASK_INTERRUPTIBLE | TASK_FREEZABLE));
		if (ret)
			return ret;
	}
}

/* KSHM_IOC_EVENTFD; @arg is the captured struct, @uarg the caller's. */
int kshm_completions_eventfd(struct kshm_handle *handle,
			     const struct kshm_ioc_eventfd *arg,
			     struct kshm_ioc_eventfd __user *uarg, size_t usize,
			     struct kshm_explain *why)
{
	struct eventfd_ctx *eventfd = NULL;
	int ret;

	ret = kshm_hold_check_unknown(arg->flags, arg->reserved, why);
	if (ret)
		return ret;
	if (arg->fd != -1) {
		eventfd = eventfd_ctx_fdget(arg->fd);
		/* What is a descriptor, but of no eventfd, is EINVAL there. */
		if (IS_ERR(eventfd))
			return kshm_explain_numbers(why, KSHM_EXPLAIN_EVENTFD, 0, EBADF,
						    0, (u32)arg->fd, 0);
	}
	kshm_queue_set_eventfd(&handle->queue, eventfd);
	return 0;
}

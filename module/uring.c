// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - requests that io_uring brings, as IORING_OP_URING_CMD
 *
 * The command names a struct as that of the ioctl, which is captured when the command is
 * issued, and gets the results before the command ends. io_uring issues a command in the
 * task that submitted it first, which is not to sleep then: what may is put off by
 * -EAGAIN, with nothing done yet, and comes again from a thread of io_uring's, of the same
 * process.
 *
 * A request that pends ends in a task of that process, where io_uring has all that can
 * sleep done: there it is undone, as elsewhere by who waits or reads. Its command has the
 * file until then. When the ring goes, io_uring wants its commands back: the request is
 * left to a worker, and cancelled. So a request that cannot be cancelled holds neither a
 * process nor a ring; but a handler does, until it returns, that is not in a worker.
 * Kernels whose commands cannot be taken back are not given any that pend.
 *
 * The command is there until kshm_uring_done(), and so is the request, of which it has a
 * reference.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kshm.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>

#include "capture.h"
#include "compat/uring.h"
#include "control.h"
#include "device.h"
#include "handle.h"
#include "in_flight.h"
#include "pended.h"
#include "request.h"
#include "uring.h"

/* What a command that goes on remembers. */
struct pending {
	struct kshm_pended *pended;
	struct kshm_ioc_control __user *uarg;
};

#ifdef KSHM_COMPAT_URING_CANCEL

static struct pending *pending_of(struct io_uring_cmd *cmd)
{
	return io_uring_cmd_to_pdu(cmd, struct pending);
}

/* The command ends, and with it what it has of the request. */
static void done(struct io_uring_cmd *cmd, int ret, unsigned int issue_flags)
{
	struct kshm_pended *pended = pending_of(cmd)->pended;

	kshm_uring_done(cmd, ret, issue_flags);
	kshm_in_flight_put(pended);
}

/**
 * kshm_uring_begin() - a request can last longer than the attempt to issue it
 * @uring: where it came from
 * @pended: the request, which can be cancelled from here on
 */
void kshm_uring_begin(struct kshm_uring *uring, struct kshm_pended *pended)
{
	*pending_of(uring->cmd) = (struct pending){
		.pended = pended,
		.uarg = uring->uarg,
	};
	refcount_inc(&pended->ref);
	uring->pended = pended;
	io_uring_cmd_mark_cancelable(uring->cmd, uring->issue_flags);
}

/* In the memory of who brought it. Results that nobody has memory for are not told. */
static int finish(const struct pending *pending, const struct mm_struct *mm)
{
	const bool here = current->mm == mm;
	int ret = kshm_pended_finish(pending->pended, 0);

	if (here)
		return kshm_request_tell(&pending->pended->req, ret, pending->uarg);
	return ret ?: -EFAULT;
}

/*
 * Where the task has gone this is in a thread of the kernel's, for others of the process. In
 * one that is just going, and has left its memory, nothing can be told: EFAULT.
 */
static void end(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	const struct pending pending = *pending_of(cmd);
	struct mm_struct *mm = pending.pended->mm;
	const bool borrows = (current->flags & PF_KTHREAD) && mmget_not_zero(mm);
	int ret;

	if (borrows)
		kthread_use_mm(mm);
	ret = finish(&pending, mm);
	if (borrows) {
		kthread_unuse_mm(mm);
		mmput(mm);
	}
	done(cmd, ret, issue_flags);
}

KSHM_URING_IN_TASK(end_in_task, end)

/* The request has ended. Context: any. */
void kshm_uring_ended(struct kshm_pended *pended)
{
	io_uring_cmd_complete_in_task(pended->ring, end_in_task);
}

/*
 * The ring is going. io_uring asks again until the command has ended, and does not let it
 * end meanwhile. It is left first: what ends then needs no task of the ring's any more,
 * which may never do what it is given.
 */
static int cancel(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct kshm_pended *pended = pending_of(cmd)->pended;
	struct kshm_device *dev = pended->req.handle->dev;
	const bool left = kshm_pended_leave(pended);

	/* Whoever unregisters cancels all. */
	if (kshm_device_enter(dev)) {
		kshm_pended_cancel(pended);
		kshm_device_leave(dev);
	}
	if (left)
		done(cmd, -ECANCELED, issue_flags);
	return 0;
}

#else /* KSHM_COMPAT_URING_CANCEL */

static void done(struct io_uring_cmd *cmd, int ret, unsigned int issue_flags)
{
}

void kshm_uring_begin(struct kshm_uring *uring, struct kshm_pended *pended)
{
}

void kshm_uring_ended(struct kshm_pended *pended)
{
}

static int cancel(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	return -EOPNOTSUPP;
}

#endif /* KSHM_COMPAT_URING_CANCEL */

static int check(const struct io_uring_cmd *cmd, const struct kshm_uring_arg *from)
{
	if (cmd->cmd_op != KSHM_IOC_CONTROL)
		return -ENOTTY;
	/*
	 * Buffers that the ring has registered or provides, for which kshm has regions, and
	 * whatever else a flag may want; the upper bits are io_uring's own.
	 */
	if (cmd->flags & GENMASK(23, 0))
		return -EOPNOTSUPP;
	return READ_ONCE(from->reserved) ? -EINVAL : 0;
}

/* Little that is copied is no more than io_uring itself copies when it issues. */
static bool is_quick(const struct kshm_control *row, const struct kshm_ioc_control *arg)
{
	const u32 kinds = arg->in.kind | arg->out.kind | arg->data.kind;

	if (!row)
		return true;
	return (row->flags & KSHM_CONTROL_NOWAIT || row->context >= KSHM_CONTEXT_SOFTIRQ) &&
	       !(kinds & KSHM_OPERAND_REGION) && !arg->data.len &&
	       arg->in.len <= PAGE_SIZE && arg->out.len <= PAGE_SIZE;
}

/* Whether it may sleep; what is refused at once does not. */
static bool may_sleep(struct kshm_handle *handle, const struct kshm_ioc_control *arg)
{
	bool quick = true;

	if (kshm_device_enter(handle->dev)) {
		quick = is_quick(kshm_control_find(handle->dev->ops, arg->code), arg);
		kshm_device_leave(handle->dev);
	}
	return !quick;
}

/**
 * kshm_uring_cmd() - a command of a ring
 * @cmd: the command
 * @issue_flags: io_uring's
 *
 * Return: 0 or -errno, which end it; -EAGAIN to have it come again where it may sleep; or
 * -EIOCBQUEUED.
 */
int kshm_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	const struct kshm_uring_arg *from;
	struct kshm_handle *handle = cmd->file->private_data;
	struct kshm_uring uring = { .cmd = cmd, .issue_flags = issue_flags };
	struct kshm_ioc_control arg __uninitialized;
	u32 usize;
	int ret;

	if (unlikely(issue_flags & KSHM_URING_CANCEL))
		return cancel(cmd, issue_flags);
	from = kshm_uring_arg_of(cmd);
	ret = check(cmd, from);
	if (ret)
		return ret;
	/* The ring is the program's to write to all the time. */
	uring.uarg = u64_to_user_ptr(READ_ONCE(from->arg));
	ret = kshm_capture(&arg, uring.uarg, sizeof(arg),
			   offsetofend(struct kshm_ioc_control, reserved), &usize);
	if (ret)
		return ret;
	if ((issue_flags & IO_URING_F_NONBLOCK) && may_sleep(handle, &arg))
		return -EAGAIN;
	ret = kshm_request_in_ring(handle, &arg, &uring);
	if (!uring.pended || ret == -EIOCBQUEUED)
		return ret;
	done(cmd, ret, issue_flags);
	return -EIOCBQUEUED;
}

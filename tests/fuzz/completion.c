// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: requests that were submitted, cancelled and read
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "completion.h"
#include "finding.h"
#include "known_request.h"
#include "promise.h"

#define RECORD	sizeof(struct kshm_completion)
#define ROOM	16			/* records that are read at a time, in the end */
/* A bound for requests that do not end, far above what any takes. */
#define LIMIT_MS	20000

static void check_record(unsigned int handle, const struct kshm_completion *completion)
{
	if (completion->reserved)
		found("a completion: reserved is %#llx", completion->reserved);
	if (completion->status > 0 || completion->status < -4095)
		found("a completion: status is %d", completion->status);
	if (completion->flags & ~KSHM_COMPLETION_KSHM)
		found("a completion: flags are %#x", completion->flags);
	if (completion->flags && completion->status != -EFAULT && completion->status != -ECANCELED)
		found("a completion of kshm's: status is %d", completion->status);
	/* Raw ones are in place whatever the driver says. */
	if (completion->status && !completion->flags && completion->out_returned &&
	    KSHM_CODE_METHOD(completion->code) != KSHM_METHOD_NEITHER)
		found("a completion: %#llx bytes of out, with status %d", completion->out_returned,
		      completion->status);
	if (requests_are_known(handle) && !request_read(handle, completion))
		found("a completion of nothing that was submitted, or ended: %#x, number %#llx",
		      completion->code, completion->user_data);
}

static void check_records(unsigned int handle, const void *data, size_t size)
{
	struct kshm_completion completion;
	size_t i;

	if (size % RECORD)
		found("complete: %zu bytes", size);
	for (i = 0; i + RECORD <= size; i += RECORD) {
		memcpy(&completion, (const char *)data + i, RECORD);
		check_record(handle, &completion);
	}
}

static ssize_t read_now(int fd, void *to, size_t len)
{
	struct iovec there = { to, len };

	return preadv2(fd, &there, 1, -1, RWF_NOWAIT);
}

/* Of one that is sure: what has ended is there, and who reads no bytes has them. */
static void check_done(const struct op *op, ssize_t done, int error, unsigned int access,
		       unsigned int ended)
{
	__u64 room = op->v[COMPLETE_LEN] / RECORD;
	int promised = 0;

	if (!(access & KSHM_ACCESS_READ))
		promised = EBADF;
	else if (!room)
		promised = op->v[COMPLETE_LEN] ? EINVAL : 0;
	else if (!ended)
		promised = done < 0 ? EAGAIN : 0;
	if (error != promised)
		found("complete: %s, where %s is promised", strerror(error), strerror(promised));
	if (ended > room)
		ended = room;
	if (!error && done < (ssize_t)(ended * RECORD))
		found("complete: %zd bytes, of %u requests that have ended", done, ended);
}

static void check_behind(const struct thread *thread, size_t done)
{
	size_t i;

	for (i = done; i < sizeof(thread->own->arg); i++)
		if (thread->own->arg[i] != POISON)
			return found("complete: byte %zu is written, of %zu", i, done);
}

void completion_read(struct thread *thread, const struct op *op)
{
	const struct handle *handle = &handles[op->v[HANDLE]];
	unsigned int ended = requests_ended(op->v[HANDLE]);
	size_t len = op->v[COMPLETE_LEN];
	int error;
	ssize_t done;

	if (handle->fd == -1)
		return;
	memset(thread->own, POISON, sizeof(*thread->own));
	if (len > sizeof(thread->own->arg))
		len = sizeof(thread->own->arg);
	thread->calls++;
	done = read_now(handle->fd, thread->own->arg, len);
	error = done < 0 ? errno : 0;
	check_behind(thread, done > 0 ? done : 0);
	if (!handle_is_stable(thread, op))
		return;
	if (done > 0)
		check_records(op->v[HANDLE], thread->own->arg, done);
	if (error && error != EAGAIN && error != EBADF && error != EINVAL)
		found("complete: %s", strerror(error));
	if (requests_are_sure(op->v[HANDLE]))
		check_done(op, done, error, handle->access, ended);
}

static void read_all(int fd, unsigned int handle)
{
	struct pollfd file = { .fd = fd, .events = POLLIN };
	struct kshm_completion completions[ROOM];
	unsigned int left;
	ssize_t done;

	while ((left = requests_of(handle))) {
		if (poll(&file, 1, LIMIT_MS) != 1)
			return found("%u requests do not end when they are cancelled", left);
		done = read_now(fd, completions, sizeof(completions));
		if (done > 0)
			check_records(handle, completions, done);
		else if (errno != EAGAIN)
			return found("complete: %s", done ? strerror(errno) : "nothing");
		if (requests_of(handle) == left)
			return found("no completion of a request that was submitted");
	}
	done = read_now(fd, completions, sizeof(completions));
	if (done != -1 || errno != EAGAIN)
		found("a completion more than requests, with user_data %#llx",
		      completions[0].user_data);
}

void completion_drain(unsigned int handle)
{
	struct kshm_ioc_cancel arg = { .size = sizeof(arg), .flags = KSHM_CANCEL_ALL };
	int fd = handles[handle].fd;

	if (fd == -1 || !requests_are_known(handle) || !requests_of(handle))
		return;
	if (ioctl(fd, KSHM_IOC_CANCEL, &arg) && errno != ENOENT)
		found("cancel: %s", strerror(errno));
	requests_cancelled(handle, 0, true);
	read_all(fd, handle);
}

static void make_cancel(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->cancel = (struct kshm_ioc_cancel){
		.size = op->v[SIZE], .flags = op->v[CANCEL_FLAGS],
		.user_data = op->v[CANCEL_DATA],
		.explain = thread_address(op->v[EXPLAIN], thread->own->why),
		/* As it is where there are none. */
		.out_cancelled = 0, .reserved = op->v[CANCEL_RESERVED],
	};
}

/* Of those that may have ended meanwhile as many as there are may be cancelled. */
int promised_cancel_error(const struct op *op)
{
	const bool all = (__u32)op->v[CANCEL_FLAGS];
	int error = promised_struct_error(op);

	if (error)
		return error;
	if ((__u32)op->v[CANCEL_FLAGS] & ~KSHM_CANCEL_ALL)
		return -EOPNOTSUPP;
	if ((__u32)op->v[CANCEL_RESERVED] || (all && op->v[CANCEL_DATA]))
		return -EINVAL;
	if (!requests_are_sure(op->v[HANDLE]))
		return CANNOT_TELL;
	if (requests_with(op->v[HANDLE], op->v[CANCEL_DATA], all, PENDS))
		return 0;
	if (requests_with(op->v[HANDLE], op->v[CANCEL_DATA], all, MAYBE_OVER))
		return CANNOT_TELL;
	return -ENOENT;
}

static void take_cancel(struct thread *thread, const struct op *op)
{
	const bool all = (__u32)op->v[CANCEL_FLAGS];
	unsigned int nr = thread->own->call.cancel.out_cancelled, least, most;

	if (op->v[AT] != OWN) {
		requests_doubt(op->v[HANDLE]);
		return;
	}
	thread->expected->call.cancel.out_cancelled = nr;
	least = requests_with(op->v[HANDLE], op->v[CANCEL_DATA], all, PENDS);
	most = least + requests_with(op->v[HANDLE], op->v[CANCEL_DATA], all, MAYBE_OVER);
	if (!nr || (requests_are_sure(op->v[HANDLE]) && (nr < least || nr > most)))
		found("cancel: %u of %u to %u requests", nr, least, most);
	requests_cancelled(op->v[HANDLE], op->v[CANCEL_DATA], all);
}

const struct region_command cancel_command = {
	.make = make_cancel, .promised = promised_cancel_error, .take = take_cancel,
};

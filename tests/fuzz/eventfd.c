// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: eventfds, which handles raise and requests wait for
 *
 * One that a handle has is raised, soon, after a request has ended. How often is not
 * known, for several may be told by one.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "eventfd.h"
#include "finding.h"
#include "known.h"
#include "known_request.h"
#include "known_share.h"
#include "promise.h"

/* A bound for one that is not raised. */
#define LIMIT_MS	20000

static void make_command(struct thread *thread, const struct op *op, union argument *arg)
{
	requests_touch(op->v[HANDLE]);
	arg->eventfd = (struct kshm_ioc_eventfd){
		.size = op->v[SIZE], .flags = op->v[EVENTFD_FLAGS], .fd = op->v[EVENTFD_FD],
		.reserved = op->v[EVENTFD_RESERVED],
		.explain = thread_address(op->v[EXPLAIN], thread->own->why),
	};
}

int promised_eventfd_error(const struct op *op)
{
	struct share share;
	int error = promised_struct_error(op);

	if (error)
		return error;
	if ((__u32)op->v[EVENTFD_FLAGS])
		return -EOPNOTSUPP;
	if ((__u32)op->v[EVENTFD_RESERVED])
		return -EINVAL;
	if ((__s32)op->v[EVENTFD_FD] == -1)
		return 0;
	if (!known_is_sure())
		return CANNOT_TELL;
	return share_find(op->v[EVENTFD_FD], &share) && share.is_eventfd ? 0 : -EBADF;
}

static void take_command(struct thread *thread, const struct op *op)
{
	const bool is_known = op->v[AT] == OWN && known_is_sure();

	requests_set_eventfd(op->v[HANDLE], is_known ? (__s32)op->v[EVENTFD_FD] : -1);
}

const struct region_command eventfd_command = {
	.make = make_command, .promised = promised_eventfd_error, .take = take_command,
};

/* Nobody is to wait: there may be nobody who raises it. */
void eventfd_make(const struct op *op)
{
	int flags = EFD_CLOEXEC | EFD_NONBLOCK;
	struct share share = { .is_eventfd = true };

	if (op->v[COUNTED_SEMAPHORE])
		flags |= EFD_SEMAPHORE;
	share.fd = eventfd(op->v[COUNTED_FIRST], flags);
	if (share.fd != -1)
		share_add(&share, op->v[COUNTED_SHARE]);
}

static void raise_one(const struct op *op, const struct share *share)
{
	__u64 by = op->v[COUNTED_BY];

	/* What the kernel takes is its own affair. */
	if (write(share->fd, &by, sizeof(by)) < 0 && errno != EAGAIN && errno != EINVAL)
		found("eventfd-raise: %s", strerror(errno));
}

static void read_one(const struct share *share)
{
	struct pollfd file = { .fd = share->fd, .events = POLLIN };
	__u64 value;

	if (share->is_raised && known_is_sure() && poll(&file, 1, LIMIT_MS) != 1)
		found("eventfd-read: a request has ended, and nobody raised it");
	share_set_raised(share->fd, false);
	if (read(share->fd, &value, sizeof(value)) < 0 && errno != EAGAIN)
		found("eventfd-read: %s", strerror(errno));
}

void eventfd_change(struct thread *thread, const struct op *op)
{
	struct share share;

	if (!share_use(share_fd(op->v[COUNTED_FD]), &share))
		return;
	if (share.is_eventfd && op->type == OP_EVENTFD_RAISE)
		raise_one(op, &share);
	else if (share.is_eventfd)
		read_one(&share);
	share_unuse();
}

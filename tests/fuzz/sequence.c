// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: counters of sections
 *
 * In a program of one thread each raise is its own, so that what each descriptor has to
 * get is known, but for where a counter began.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "finding.h"
#include "known.h"
#include "known_share.h"
#include "promise.h"
#include "sequence.h"

static void make_sequence(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->sequence = (struct kshm_ioc_section_sequence){
		.size = op->v[SIZE], .flags = op->v[SHARE_FLAGS], .id = op->v[FROM],
		.rights = op->v[SHARE_RIGHTS],
		.explain = thread_address(op->v[EXPLAIN], thread->own->why),
		.out_fd = 0xa5a5a5a5, .reserved = op->v[SHARE_RESERVED],
	};
}

/* Nobody is to wait: there may be nobody who raises it. */
static void take_sequence(struct thread *thread, const struct op *op)
{
	struct share share = {
		.fd = thread->own->call.sequence.out_fd, .rights = op->v[SHARE_RIGHTS],
		.is_counter = true,
	};
	struct hold hold;

	if (op->v[AT] != OWN) {
		known_doubt(op->v[HANDLE]);
		share_lose();
		return;
	}
	thread->expected->call.sequence.out_fd = share.fd;
	if (fcntl(share.fd, F_GETFD) != FD_CLOEXEC)
		found("section-sequence: descriptor %d is none that exec() closes", share.fd);
	if (fcntl(share.fd, F_SETFL, O_NONBLOCK))
		found("section-sequence: descriptor %d: %s", share.fd, strerror(errno));
	if (known_find(op->v[HANDLE], op->v[FROM], &hold))
		share.counted = hold.region->file;
	share_add(&share, op->v[TO]);
}

const struct region_command sequence_command = {
	.make = make_sequence, .promised = promised_sequence_error, .take = take_sequence,
};

/* Whether what it will do is known; of memory that programs change it is not. */
static bool is_sure(const struct op *op, const struct share *share)
{
	return known_is_sure() && share->counted && op->v[SEQUENCE_AT] == OWN &&
	       op->v[SEQUENCE_LEN] <= OWN_PAGE;
}

static bool is_ever_promised(int error)
{
	return !error || error == EAGAIN || error == EBADF || error == EFAULT || error == EINVAL;
}

static void check(const struct op *op, const struct share *share, int promised, int error)
{
	if (is_sure(op, share) ? error != -promised : !is_ever_promised(error))
		found("%s: %s, where %s is promised", op_infos[op->type].name, strerror(error),
		      strerror(-promised));
}

static int promised_to_read(const struct op *op, const struct share *share)
{
	if (!(share->rights & KSHM_REGION_READ))
		return -EBADF;
	if (op->v[SEQUENCE_LEN] < sizeof(__u64))
		return -EINVAL;
	return share->raises ? 0 : -EAGAIN;
}

static void read_one(struct thread *thread, const struct op *op, const struct share *share)
{
	void *at = (void *)thread_address(op->v[SEQUENCE_AT], thread->own->arg);
	ssize_t got = read(share->fd, at, op->v[SEQUENCE_LEN]);
	bool own = op->v[SEQUENCE_AT] == OWN;
	__u64 value = 0;

	check(op, share, promised_to_read(op, share), got < 0 ? errno : 0);
	if (got < 0)
		return;
	if (got != sizeof(value))
		found("sequence-read: %zd bytes", got);
	if (own)
		memcpy(&value, at, sizeof(value));
	if (is_sure(op, share) && share->has_last && value != share->last + share->raises)
		found("sequence-read: %llu, raised %llu times since %llu", value, share->raises,
		      share->last);
	share_read(share->fd, value, own);
}

static int promised_to_raise(const struct op *op, const struct share *share)
{
	if (!(share->rights & KSHM_REGION_WRITE))
		return -EBADF;
	return op->v[SEQUENCE_LEN] < sizeof(__u64) || op->v[SEQUENCE_BY] != 1 ? -EINVAL : 0;
}

static void raise_one(struct thread *thread, const struct op *op, const struct share *share)
{
	void *at = (void *)thread_address(op->v[SEQUENCE_AT], thread->own->arg);
	ssize_t done;

	memcpy(thread->own->arg, &op->v[SEQUENCE_BY], sizeof(op->v[SEQUENCE_BY]));
	done = write(share->fd, at, op->v[SEQUENCE_LEN]);
	check(op, share, promised_to_raise(op, share), done < 0 ? errno : 0);
	if (done < 0)
		return;
	if (done != sizeof(__u64))
		found("sequence-raise: %zd bytes", done);
	shares_raised(share->counted);
}

static void poll_one(const struct op *op, const struct share *share)
{
	struct pollfd file = { .fd = share->fd, .events = POLLIN | POLLOUT };
	short promised = 0;

	if (share->rights & KSHM_REGION_WRITE)
		promised |= POLLOUT;
	if (share->rights & KSHM_REGION_READ && share->raises)
		promised |= POLLIN;
	if (poll(&file, 1, 0) < 0)
		found("%s: %s", op_infos[op->type].name, strerror(errno));
	if (known_is_sure() && share->counted && file.revents != promised)
		found("sequence-poll: %#x, where %#x is promised", (unsigned int)file.revents,
		      (unsigned int)promised);
}

/* Not when it was closed: its number may be that of another file, which waits. */
void sequence_change(struct thread *thread, const struct op *op)
{
	struct share share;

	if (!share_use(share_fd(op->v[SEQUENCE_FD]), &share))
		return;
	if (!share.is_counter)
		;
	else if (op->type == OP_SEQUENCE_READ)
		read_one(thread, op, &share);
	else if (op->type == OP_SEQUENCE_RAISE)
		raise_one(thread, op, &share);
	else
		poll_one(op, &share);
	share_unuse();
}

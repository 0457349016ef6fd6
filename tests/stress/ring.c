// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: requests that io_uring brings
 *
 * What may sleep is done by a thread of io_uring's, which dies with the process.
 */
#include <errno.h>
#include <liburing.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "ring.h"

#define ENTRIES	4

static struct io_uring ring;
static pid_t owner;

/* A child does not use that of its parent. */
static int ring_make(void)
{
	int ret;

	if (owner == getpid())
		return 0;
	ret = io_uring_queue_init(ENTRIES, &ring, 0);
	if (!ret)
		owner = getpid();
	return ret;
}

int ring_call(int fd, struct kshm_ioc_control *arg)
{
	const struct kshm_uring_arg from = { .arg = to_u64(arg) };
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	int ret = ring_make();

	if (ret)
		return ret;
	sqe = io_uring_get_sqe(&ring);
	if (!sqe)
		return -EBUSY;
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, NULL, 0, 0);
	sqe->cmd_op = KSHM_IOC_CONTROL;
	memcpy(sqe->cmd, &from, sizeof(from));
	ret = io_uring_submit(&ring);
	if (ret != 1)
		return ret < 0 ? ret : -EIO;
	ret = io_uring_wait_cqe(&ring, &cqe);
	if (ret)
		return ret;
	ret = cqe->res;
	io_uring_cqe_seen(&ring, cqe);
	return ret;
}

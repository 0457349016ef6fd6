// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - probe: what io_uring calls in a task is told of a request
 */
#include <linux/io_uring/cmd.h>

struct io_uring_cmd *probe(struct io_tw_req tw_req);

struct io_uring_cmd *probe(struct io_tw_req tw_req)
{
	return io_uring_cmd_from_tw(tw_req);
}

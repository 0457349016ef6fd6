// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - probe: commands of io_uring have a header of their own
 */
#include <linux/io_uring/cmd.h>

struct io_uring_cmd *probe(struct io_uring_cmd *cmd);

struct io_uring_cmd *probe(struct io_uring_cmd *cmd)
{
	return cmd;
}

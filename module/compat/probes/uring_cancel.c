// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - probe: commands of io_uring can be taken back
 */
#include <linux/io_uring/cmd.h>

unsigned int probe(struct io_uring_cmd *cmd, unsigned int issue_flags);

unsigned int probe(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	io_uring_cmd_mark_cancelable(cmd, issue_flags);
	return IO_URING_F_CANCEL;
}

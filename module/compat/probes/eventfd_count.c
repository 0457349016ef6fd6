// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - probe: eventfd_signal() is told by how much to raise
 */
#include <linux/eventfd.h>

static void probe(struct eventfd_ctx *eventfd)
{
	eventfd_signal(eventfd, 1);
}

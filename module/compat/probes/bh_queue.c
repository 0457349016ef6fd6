// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - probe: there is a queue for work in softirq
 */
#include <linux/workqueue.h>

static bool probe(struct work_struct *work)
{
	return queue_work(system_bh_wq, work);
}

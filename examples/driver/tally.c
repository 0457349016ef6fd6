// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the device "tally": counts how often a byte occurs in the caller's data
 */
#include <linux/kshm_driver.h>
#include <linux/sched.h>

#include "kshm_tally.h"

static int count(struct kshm_request *req)
{
	const u8 *wanted = kshm_request_in(req);
	u64 *found = kshm_request_out(req);
	struct kshm_segment seg;
	size_t i;

	kshm_mdl_for_each_segment(kshm_request_mdl(req), seg) {
		if (kshm_request_cancelled(req))
			return -EINTR;
		for (i = 0; i < seg.len; i++)
			*found += ((const u8 *)seg.data)[i] == *wanted;
		cond_resched();
	}
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*found));
	return 0;
}

static const struct kshm_control controls[] = {
	{
		.code = KSHM_TALLY_COUNT,
		.name = "count",
		.in_min = 1, .in_max = 1,
		.out_min = sizeof(u64), .out_max = sizeof(u64),
		.data_max = KSHM_LENGTH_ANY,
		.handle = count,
	},
};

static const struct kshm_device_ops ops = {
	.owner = THIS_MODULE,
	.controls = controls,
	.nr_controls = ARRAY_SIZE(controls),
};

module_kshm_device(ops, "tally");

MODULE_DESCRIPTION("kshm: the device tally");
MODULE_LICENSE("GPL");

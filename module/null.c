// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the built-in device "null": completes at once, touches nothing
 *
 * Open to everybody: it gives no access to anything, serves KSHM_IOC_INFO, and
 * what can be pinned through it is bounded per user.
 */
#include <linux/kshm_driver.h>
#include <linux/kshm_null.h>

#include "null.h"

static int do_nothing(struct kshm_request *req)
{
	return 0;
}

static const struct kshm_control null_controls[] = {
	{
		.code = KSHM_NULL_NOP,
		.flags = KSHM_CONTROL_NOWAIT,
		.name = "nop",
		.in_max = KSHM_LENGTH_ANY,
		.out_max = KSHM_LENGTH_ANY,
		.handle = do_nothing,
	},
	{
		.code = KSHM_NULL_NOP_TO_DRIVER,
		.flags = KSHM_CONTROL_NOWAIT,
		.name = "nop",
		.in_max = KSHM_LENGTH_ANY,
		.out_max = KSHM_LENGTH_ANY,
		.data_max = KSHM_LENGTH_ANY,
		.handle = do_nothing,
	},
	{
		.code = KSHM_NULL_NOP_FROM_DRIVER,
		.flags = KSHM_CONTROL_NOWAIT,
		.name = "nop",
		.in_max = KSHM_LENGTH_ANY,
		.out_max = KSHM_LENGTH_ANY,
		.data_max = KSHM_LENGTH_ANY,
		.handle = do_nothing,
	},
	{
		.code = KSHM_NULL_NOP_RAW,
		.flags = KSHM_CONTROL_NOWAIT,
		.name = "nop",
		.in_max = KSHM_LENGTH_ANY,
		.out_max = KSHM_LENGTH_ANY,
		.handle = do_nothing,
	},
};

static const struct kshm_device_ops null_ops = {
	.owner = THIS_MODULE,
	.controls = null_controls,
	.nr_controls = ARRAY_SIZE(null_controls),
	.mode = 0666,
};

static struct kshm_device *null_device;

int __init kshm_null_init(void)
{
	null_device = kshm_device_register(NULL, &null_ops, NULL, "null");
	return PTR_ERR_OR_ZERO(null_device);
}

void kshm_null_exit(void)
{
	kshm_device_unregister(null_device);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: its table, init and exit
 *
 * Every block of C in that document is a part of a file here or of
 * examples/driver; tests/kernel/lesson.c calls every control.
 */
#include <linux/sizes.h>

#include "handlers.h"

#define ANY	KSHM_LENGTH_ANY

static const struct kshm_control lesson_controls[] = {
	{
		.code = LESSON_SUM, .name = "sum", .handle = lesson_sum,
		.out_min = sizeof(u64), .out_max = sizeof(u64),
		.data_min = sizeof(struct lesson_numbers), .data_max = SZ_1M,
	}, {
		.code = LESSON_FIND, .name = "find", .handle = lesson_find,
		.in_min = 1, .in_max = 1,
		.out_min = sizeof(u64), .out_max = sizeof(u64),
		.data_max = ANY,
	}, {
		.code = LESSON_REVERSE, .name = "reverse",
		.handle = lesson_reverse, .data_max = ANY,
	}, {
		.code = LESSON_FILL, .name = "fill", .handle = lesson_fill,
		.in_min = 1, .in_max = 1, .data_max = ANY,
	}, {
		.code = LESSON_GATHER, .name = "gather",
		.handle = lesson_gather, .in_max = SZ_64K, .out_max = SZ_1M,
	}, {
		.code = LESSON_NEXT, .name = "next", .handle = lesson_next,
		.out_min = sizeof(u64), .out_max = sizeof(u64),
	}, {
		.code = LESSON_MOTTO, .name = "motto", .handle = lesson_motto,
		.out_max = ANY,
	}, {
		.code = LESSON_BEGINNING, .name = "beginning",
		.handle = lesson_beginning, .out_max = ANY,
	}, {
		.code = LESSON_DISTANCE, .name = "distance",
		.handle = lesson_distance, .in_max = 2 * sizeof(u64),
		.out_min = sizeof(u64), .out_max = sizeof(u64),
	}, {
		.code = LESSON_WAIT, .name = "wait", .handle = lesson_wait,
	}, {
		.code = LESSON_POST, .name = "post", .handle = lesson_post,
	}, {
		.code = LESSON_WAITING, .name = "waiting",
		.handle = lesson_waiting,
		.out_min = sizeof(u64), .out_max = sizeof(u64),
	}, {
		.code = LESSON_SIGN, .name = "sign", .handle = lesson_sign,
		.data_min = 1, .data_max = ANY,
	}, {
		.code = LESSON_START, .name = "start", .handle = lesson_start,
	}, {
		.code = LESSON_ASK, .name = "ask", .handle = lesson_ask,
		.flags = KSHM_CONTROL_MAY_PEND,
		.out_min = sizeof(u64), .out_max = sizeof(u64),
	}, {
		.code = LESSON_TELL, .name = "tell", .handle = lesson_tell,
		.in_min = sizeof(u64), .in_max = sizeof(u64),
	}, {
		.code = LESSON_TICKS, .name = "ticks", .handle = lesson_ticks,
		.out_min = sizeof(u64), .out_max = sizeof(u64),
	},
};

const struct kshm_device_ops lesson_ops = {
	.owner = THIS_MODULE,
	.controls = lesson_controls,
	.nr_controls = ARRAY_SIZE(lesson_controls),
	.mode = 0640,
	.open = lesson_open,
	.cleanup = lesson_cleanup,
	.close = lesson_close,
};

static int __init lesson_init(void)
{
	int ret = lesson_driver_register();

	if (ret)
		lesson_unplug_all();
	return ret;
}
module_init(lesson_init);

static void __exit lesson_exit(void)
{
	lesson_unplug_all();
	lesson_driver_unregister();
}
module_exit(lesson_exit);

MODULE_DESCRIPTION("kshm: the driver of docs/driver-authors.md");
MODULE_LICENSE("GPL");

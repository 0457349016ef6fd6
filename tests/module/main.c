// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: its table, init and exit
 *
 * Never installed. Does on request what drivers do, in every context, and what
 * they should not.
 */
#include <linux/sizes.h>

#include "test.h"

#define ANY	KSHM_LENGTH_ANY

/* Byte by byte, in an interrupt, which is to be short. */
#define IN_CONTEXT(context_, name_, code_, most)				\
	{								\
		.code = code_(context_), .name = name_,			\
		.context = context_, .handle = test_context,		\
		.in_min = sizeof(struct kshm_test_there), .in_max = ANY,	\
		.out_min = sizeof(struct kshm_test_where), .out_max = ANY,	\
		.data_max = most,					\
	}

#define OF_CONTEXT(context_, name_)					\
	IN_CONTEXT(context_, name_, KSHM_TEST_FILL_IN, SZ_64K),		\
	IN_CONTEXT(context_, name_, KSHM_TEST_CHECK_IN, SZ_64K),		\
	IN_CONTEXT(context_, name_, KSHM_TEST_COPY_IN, 0),		\
	{								\
		.code = KSHM_TEST_NOTHING_IN(context_),			\
		.name = "nothing-" name_, .context = context_,		\
		.handle = test_nothing,					\
	}

#define KEPT(code_, name_, ...)						\
	{								\
		.code = code_, .name = name_, .handle = test_pend,	\
		.flags = KSHM_CONTROL_MAY_PEND,				\
		.in_min = sizeof(struct kshm_test_pend),			\
		.in_max = sizeof(struct kshm_test_pend),			\
		.out_max = ANY, ##__VA_ARGS__				\
	}

#define KEPT_IN(context_, name_)					\
	KEPT(KSHM_TEST_PEND_IN(context_), name_,			\
	     .context = context_, .data_max = ANY)

static const struct kshm_control test_controls[] = {
	{
		.code = KSHM_TEST_FILL, .name = "fill", .handle = test_fill,
		.in_min = sizeof(struct kshm_test_work),
		.in_max = sizeof(struct kshm_test_work),
		.out_min = sizeof(struct kshm_test_place),
		.out_max = sizeof(struct kshm_test_place),
		.data_max = ANY,
	}, {
		.code = KSHM_TEST_CHECK, .name = "check", .handle = test_check,
		.in_min = sizeof(struct kshm_test_work),
		.in_max = sizeof(struct kshm_test_work),
		.out_min = sizeof(struct kshm_test_place),
		.out_max = sizeof(struct kshm_test_place),
		.data_max = ANY,
	}, {
		.code = KSHM_TEST_FILL_COPIED, .name = "fill",
		.handle = test_fill_copied,
		.in_max = sizeof(u32), .out_max = ANY,
	}, {
		.code = KSHM_TEST_CHECK_COPIED, .name = "check",
		.handle = test_check_copied, .in_max = ANY,
	}, {
		.code = KSHM_TEST_FILL_RAW, .name = "fill",
		.handle = test_fill_raw,
		.in_max = sizeof(u32), .out_max = SZ_64M,
	}, {
		.code = KSHM_TEST_CHECK_RAW, .name = "check",
		.handle = test_check_raw, .in_max = SZ_64M,
	}, {
		.code = KSHM_TEST_HOLD, .name = "hold", .handle = test_hold,
		.in_max = ANY,
		.out_min = sizeof(struct kshm_test_held),
		.out_max = sizeof(struct kshm_test_held),
	}, {
		.code = KSHM_TEST_HOLD_READ, .name = "hold",
		.handle = test_hold, .in_max = ANY,
		.out_min = sizeof(struct kshm_test_held),
		.out_max = sizeof(struct kshm_test_held),
		.data_min = 1, .data_max = ANY,
	}, {
		.code = KSHM_TEST_HOLD_WRITE, .name = "hold",
		.handle = test_hold, .in_max = ANY,
		.out_min = sizeof(struct kshm_test_held),
		.out_max = sizeof(struct kshm_test_held),
		.data_min = 2, .data_max = ANY,
	}, {
		.code = KSHM_TEST_HOLD_WORKER, .name = "hold-worker",
		.context = KSHM_CONTEXT_WORKER,
		.handle = test_hold, .in_max = ANY,
		.out_min = sizeof(struct kshm_test_held),
		.out_max = sizeof(struct kshm_test_held),
		.data_min = 2, .data_max = ANY,
	}, {
		.code = KSHM_TEST_HOP, .name = "hop", .handle = test_hop,
	}, {
		.code = KSHM_TEST_RELEASE, .name = "release",
		.handle = test_release, .in_max = 1,
	}, {
		.code = KSHM_TEST_STATE, .name = "state", .handle = test_state,
		.out_min = sizeof(struct kshm_test_state),
		.out_max = sizeof(struct kshm_test_state),
	}, {
		.code = KSHM_TEST_ANSWER, .name = "answer",
		.handle = test_answer,
		.in_min = sizeof(struct kshm_test_answer), .in_max = ANY,
		.out_max = ANY,
	}, {
		.code = KSHM_TEST_ANSWER_TO, .name = "answer",
		.handle = test_answer,
		.in_min = sizeof(struct kshm_test_answer), .in_max = ANY,
		.data_max = ANY,
	}, {
		.code = KSHM_TEST_ANSWER_FROM, .name = "answer",
		.handle = test_answer,
		.in_min = sizeof(struct kshm_test_answer), .in_max = ANY,
		.data_max = ANY,
	}, {
		.code = KSHM_TEST_ANSWER_RAW, .name = "answer",
		.handle = test_answer,
		.in_min = sizeof(struct kshm_test_answer), .in_max = ANY,
		.out_max = ANY,
	}, {
		.code = KSHM_TEST_WRITE_IN_HARDIRQ, .name = "write-in-hardirq",
		.handle = test_write_in_hardirq, .data_min = 1, .data_max = ANY,
	}, {
		.code = KSHM_TEST_WRITE_IN_KTHREAD, .name = "write-in-kthread",
		.handle = test_write_in_kthread, .data_min = 1, .data_max = ANY,
	}, {
		.code = KSHM_TEST_TOUCH, .name = "touch",
		.handle = test_touch, .data_max = ANY,
	}, {
		.code = KSHM_TEST_OVERWRITE, .name = "overwrite",
		.handle = test_overwrite, .data_min = 1, .data_max = ANY,
	}, {
		.code = KSHM_TEST_EDIT_IN, .name = "edit-in",
		.handle = test_edit_in, .in_max = ANY, .out_max = ANY,
	}, {
		.code = KSHM_TEST_CAPTURE, .name = "capture",
		.handle = test_capture,
		.in_min = sizeof(u64), .in_max = sizeof(u64), .out_max = ANY,
		.data_max = ANY,
	}, {
		.code = KSHM_TEST_POISON, .name = "poison",
		.handle = test_poison,
		.out_min = sizeof(u32), .out_max = sizeof(u32),
	}, {
		.code = KSHM_TEST_ACCESS, .name = "access",
		.handle = test_access,
		.in_min = sizeof(struct kshm_test_access), .in_max = ANY,
		.out_max = ANY,
	}, {
		.code = KSHM_TEST_MDL, .name = "mdl", .handle = test_mdl,
		.in_min = sizeof(struct kshm_test_mdl),
		.in_max = sizeof(struct kshm_test_mdl), .out_max = ANY,
	}, {
		.code = KSHM_TEST_MDL_UNLOCK, .name = "mdl-unlock",
		.handle = test_mdl_unlock,
		.in_min = sizeof(u32), .in_max = sizeof(u32), .out_max = ANY,
	}, {
		.code = KSHM_TEST_MISBEHAVE, .name = "misbehave",
		.handle = test_misbehave,
		.in_min = sizeof(struct kshm_test_misbehave),
		.in_max = sizeof(struct kshm_test_misbehave),
		.out_max = sizeof(s32), .data_max = ANY,
	}, {
		.code = KSHM_TEST_MISBEHAVE_KEPT, .name = "misbehave-kept",
		.flags = KSHM_CONTROL_MAY_PEND, .handle = test_misbehave,
		.in_min = sizeof(struct kshm_test_misbehave),
		.in_max = sizeof(struct kshm_test_misbehave),
		.out_max = sizeof(s32), .data_max = ANY,
	}, {
		.code = KSHM_TEST_SECTION, .name = "section",
		.handle = test_section,
		.in_min = sizeof(struct kshm_test_section),
		.in_max = sizeof(struct kshm_test_section),
		.out_min = sizeof(struct kshm_test_made),
		.out_max = sizeof(struct kshm_test_made),
	}, {
		.code = KSHM_TEST_RING, .name = "ring", .handle = test_ring,
		.in_min = sizeof(u64), .in_max = sizeof(u64),
		.out_min = sizeof(struct kshm_test_produced),
		.out_max = sizeof(struct kshm_test_produced),
	}, {
		.code = KSHM_TEST_VIEW, .name = "view", .handle = test_view,
		.in_min = sizeof(struct kshm_test_view), .in_max = SZ_64K,
		.out_min = sizeof(struct kshm_test_made), .out_max = SZ_64K,
	}, {
		.code = KSHM_TEST_VIEW_TO, .name = "view", .handle = test_view,
		.in_min = sizeof(struct kshm_test_view), .in_max = SZ_64K,
		.out_min = sizeof(struct kshm_test_made), .out_max = SZ_64K,
		.data_max = ANY,
	}, {
		.code = KSHM_TEST_VIEW_FROM, .name = "view", .handle = test_view,
		.in_min = sizeof(struct kshm_test_view), .in_max = SZ_64K,
		.out_min = sizeof(struct kshm_test_made), .out_max = SZ_64K,
		.data_max = ANY,
	}, {
		.code = KSHM_TEST_NEEDS_READ, .name = "needs-read",
		.handle = test_nothing,
	}, {
		.code = KSHM_TEST_NEEDS_WRITE, .name = "needs-write",
		.handle = test_nothing,
	}, {
		.code = KSHM_TEST_BOUNDS, .name = "bounds",
		.handle = test_nothing,
		.in_min = KSHM_TEST_IN_MIN, .in_max = KSHM_TEST_IN_MAX,
		.out_min = KSHM_TEST_OUT_MIN, .out_max = KSHM_TEST_OUT_MAX,
		.data_min = KSHM_TEST_DATA_MIN, .data_max = KSHM_TEST_DATA_MAX,
	}, {
		.code = KSHM_TEST_DEVICES, .name = "devices",
		.handle = test_devices,
		.in_min = sizeof(u32), .in_max = sizeof(u32),
	}, {
		.code = KSHM_TEST_REGISTER, .name = "register",
		.handle = test_register,
		.in_min = sizeof(u32), .in_max = sizeof(u32),
	}, {
		.code = KSHM_TEST_NAME_DEVICE, .name = "name-device",
		.handle = test_name_device, .in_max = KSHM_TEST_NAME_MAX,
	}, {
		.code = KSHM_TEST_NAME_CONTROL, .name = "name-control",
		.handle = test_name_control, .in_max = KSHM_TEST_NAME_MAX,
	}, {
		.code = KSHM_TEST_NODE_MODE, .name = "node-mode",
		.handle = test_node_mode,
		.in_min = sizeof(u32), .in_max = sizeof(u32),
	},
	KEPT(KSHM_TEST_PEND, "pend"),
	KEPT(KSHM_TEST_PEND_READ, "pend", .data_max = ANY),
	KEPT(KSHM_TEST_PEND_WRITE, "pend", .data_max = ANY),
	KEPT_IN(KSHM_CONTEXT_WORKER, "pend-worker"),
	KEPT_IN(KSHM_CONTEXT_SOFTIRQ, "pend-softirq"),
	KEPT_IN(KSHM_CONTEXT_HARDIRQ, "pend-hardirq"),
	{
		.code = KSHM_TEST_PEND_KILLABLE, .name = "pend-killable",
		.flags = KSHM_CONTROL_MAY_PEND | KSHM_CONTROL_KILLABLE,
		.handle = test_pend,
		.in_min = sizeof(struct kshm_test_pend),
		.in_max = sizeof(struct kshm_test_pend), .out_max = ANY,
	}, {
		.code = KSHM_TEST_PEND_NOTHING, .name = "pend-nothing",
		.flags = KSHM_CONTROL_MAY_PEND | KSHM_CONTROL_NOWAIT,
		.handle = test_pend_nothing,
	}, {
		.code = KSHM_TEST_COMPLETE, .name = "complete",
		.handle = test_complete,
		.in_min = sizeof(struct kshm_test_complete),
		.in_max = sizeof(struct kshm_test_complete),
		.out_min = sizeof(u32),
		.out_max = sizeof(struct kshm_test_completed),
	},
	OF_CONTEXT(KSHM_CONTEXT_WORKER, "worker"),
	OF_CONTEXT(KSHM_CONTEXT_SOFTIRQ, "softirq"),
	OF_CONTEXT(KSHM_CONTEXT_HARDIRQ, "hardirq"),
};

const struct kshm_device_ops test_ops = {
	.owner = THIS_MODULE,
	.controls = test_controls,
	.nr_controls = ARRAY_SIZE(test_controls),
	.open = test_open,
	.cleanup = test_cleanup,
	.close = test_close,
};

static struct kshm_device *device;

static int __init test_init(void)
{
	int ret = test_hop_init();

	if (ret)
		return ret;
	device = kshm_device_register(NULL, &test_ops, NULL, "test");
	if (IS_ERR(device))
		test_hop_exit();
	return PTR_ERR_OR_ZERO(device);
}
module_init(test_init);

static void __exit test_exit(void)
{
	test_devices_remove();
	kshm_device_unregister(device);
	test_view_end_left();
	test_pend_exit();
	test_hop_exit();
}
module_exit(test_exit);

MODULE_DESCRIPTION("kshm: driver for tests");
MODULE_LICENSE("GPL");

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the device "event"
 *
 * The inverted call: requests of programs are kept until something happens, and completed
 * where that does, with what there is to say written into the pages that they pinned. It
 * shows each way of keeping a request: in a list that others go through, with a timer of
 * its own, and on a wait queue that is not the driver's.
 */
#include <linux/kshm_event.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "event.h"

static int event_open(struct kshm_handle *handle)
{
	struct event_handle *own = kzalloc(sizeof(*own), GFP_KERNEL_ACCOUNT);

	if (!own)
		return -ENOMEM;
	kshm_handle_set_data(handle, own);
	return 0;
}

static void event_close(struct kshm_handle *handle)
{
	kfree(kshm_handle_data(handle));
}

static atomic_t *waiting_of(const struct kshm_request *req)
{
	struct event_handle *own = kshm_handle_data(kshm_request_handle(req));

	return &own->waiting;
}

int event_pend(struct kshm_request *req, void (*cancel)(struct kshm_request *req))
{
	int ret = -EBUSY;

	if (atomic_inc_return(waiting_of(req)) <= KSHM_EVENT_MAX_REQUESTS)
		ret = kshm_request_pend(req, cancel);
	if (ret)
		atomic_dec(waiting_of(req));
	return ret;
}

void event_complete(struct kshm_request *req, int status)
{
	atomic_dec(waiting_of(req));
	kshm_request_complete(req, status);
}

void event_give(struct kshm_request *req, u64 time, u64 count)
{
	const struct kshm_event event = { .time = time, .count = count };
	size_t len = min(kshm_request_out_len(req), sizeof(event));

	memcpy(kshm_request_out(req), &event, len);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, len);
}

static const struct kshm_control event_controls[] = {
	{
		.code = KSHM_EVENT_WAIT,
		.name = "wait",
		.flags = KSHM_CONTROL_MAY_PEND,
		.in_max = KSHM_EVENT_MAX_NAME,
		.out_max = KSHM_LENGTH_ANY,
		.data_max = KSHM_LENGTH_ANY,
		.handle = event_wait,
	}, {
		.code = KSHM_EVENT_SEND,
		.name = "send",
		.in_max = KSHM_EVENT_MAX_NAME,
		.data_max = KSHM_EVENT_MAX_MESSAGE,
		.handle = event_send,
	}, {
		.code = KSHM_EVENT_AFTER,
		.name = "after",
		.flags = KSHM_CONTROL_MAY_PEND,
		.in_min = sizeof(u64),
		.in_max = sizeof(u64),
		.out_max = KSHM_LENGTH_ANY,
		.handle = event_after,
	}, {
		.code = KSHM_EVENT_TICKS,
		.name = "ticks",
		.flags = KSHM_CONTROL_MAY_PEND,
		.in_min = sizeof(u64),
		.in_max = sizeof(u64),
		.out_max = KSHM_LENGTH_ANY,
		.data_max = KSHM_LENGTH_ANY,
		.handle = event_ticks,
	}, {
		.code = KSHM_EVENT_EVENTFD,
		.name = "eventfd",
		.flags = KSHM_CONTROL_MAY_PEND,
		.in_min = sizeof(s32),
		.in_max = sizeof(s32),
		.out_max = KSHM_LENGTH_ANY,
		.handle = event_eventfd,
	},
};

static const struct kshm_device_ops event_ops = {
	.owner = THIS_MODULE,
	.controls = event_controls,
	.nr_controls = ARRAY_SIZE(event_controls),
	.open = event_open,
	.close = event_close,
};

static struct kshm_device *event_device;

static int __init event_init(void)
{
	event_message_init();
	event_device = kshm_device_register(NULL, &event_ops, NULL, "event");
	return PTR_ERR_OR_ZERO(event_device);
}
module_init(event_init);

static void __exit event_exit(void)
{
	kshm_device_unregister(event_device);
	event_timer_exit();
	event_eventfd_exit();
}
module_exit(event_exit);

MODULE_DESCRIPTION("kshm: requests that end when something happens");
MODULE_LICENSE("GPL");

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: what it keeps for each handle
 */
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "handlers.h"

struct lesson_handle {
	atomic64_t calls;
	struct lesson *lesson;
	struct delayed_work tick;
};

static void tick(struct work_struct *work)
{
	struct lesson_handle *own = container_of(work, struct lesson_handle,
						 tick.work);

	atomic_inc(&own->lesson->ticks);
	schedule_delayed_work(&own->tick, msecs_to_jiffies(10));
}

int lesson_open(struct kshm_handle *handle)
{
	struct lesson_handle *own = kzalloc(sizeof(*own), GFP_KERNEL);

	if (!own)
		return -ENOMEM;
	own->lesson = kshm_device_data(kshm_handle_device(handle));
	INIT_DELAYED_WORK(&own->tick, tick);
	kshm_handle_set_data(handle, own);
	return 0;
}

void lesson_cleanup(struct kshm_handle *handle)
{
	struct lesson_handle *own = kshm_handle_data(handle);

	cancel_delayed_work_sync(&own->tick);
}

void lesson_close(struct kshm_handle *handle)
{
	kfree(kshm_handle_data(handle));
}

int lesson_next(struct kshm_request *req)
{
	struct lesson_handle *own = kshm_handle_data(kshm_request_handle(req));
	u64 *number = kshm_request_out(req);

	*number = atomic64_inc_return(&own->calls);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*number));
	return 0;
}

int lesson_start(struct kshm_request *req)
{
	struct lesson_handle *own = kshm_handle_data(kshm_request_handle(req));

	schedule_delayed_work(&own->tick, 0);
	return 0;
}

int lesson_ticks(struct kshm_request *req)
{
	struct lesson_handle *own = kshm_handle_data(kshm_request_handle(req));
	u64 *ticks = kshm_request_out(req);

	*ticks = atomic_read(&own->lesson->ticks);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*ticks));
	return 0;
}

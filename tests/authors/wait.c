// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: calls that last, and how they end
 */
#include <linux/jiffies.h>

#include "handlers.h"

static struct lesson *lesson_of(struct kshm_request *req)
{
	return kshm_device_data(kshm_handle_device(kshm_request_handle(req)));
}

int lesson_wait(struct kshm_request *req)
{
	struct lesson *lesson = lesson_of(req);
	int ret = 0, since = atomic_read(&lesson->posts);

	atomic_inc(&lesson->waiting);
	while (atomic_read(&lesson->posts) == since) {
		if (kshm_request_cancelled(req)) {
			ret = -EINTR;
			break;
		}
		wait_event_killable_timeout(lesson->wait,
					    atomic_read(&lesson->posts) != since,
					    msecs_to_jiffies(100));
	}
	atomic_dec(&lesson->waiting);
	return ret;
}

int lesson_post(struct kshm_request *req)
{
	struct lesson *lesson = lesson_of(req);

	atomic_inc(&lesson->posts);
	wake_up_all(&lesson->wait);
	return 0;
}

int lesson_waiting(struct kshm_request *req)
{
	u64 *waiting = kshm_request_out(req);

	*waiting = atomic_read(&lesson_of(req)->waiting);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*waiting));
	return 0;
}

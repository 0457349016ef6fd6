// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: what it keeps for each handle
 */
#include <linux/slab.h>

#include "handlers.h"

struct lesson_handle {
	atomic64_t calls;
};

int lesson_open(struct kshm_handle *handle)
{
	struct lesson_handle *own = kzalloc(sizeof(*own), GFP_KERNEL);

	if (!own)
		return -ENOMEM;
	kshm_handle_set_data(handle, own);
	return 0;
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

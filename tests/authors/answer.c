// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: buffers that are too short
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "handlers.h"

static const char motto[] = "one table, one handler, no raw pointer";

int lesson_motto(struct kshm_request *req)
{
	if (kshm_request_out_len(req) < sizeof(motto)) {
		kshm_request_set_needed(req, sizeof(motto));
		return -EMSGSIZE;
	}
	memcpy(kshm_request_out(req), motto, sizeof(motto));
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(motto));
	return 0;
}

int lesson_beginning(struct kshm_request *req)
{
	size_t len = min(sizeof(motto), kshm_request_out_len(req));

	memcpy(kshm_request_out(req), motto, len);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, len);
	if (len < sizeof(motto))
		kshm_request_set_detail(req, LESSON_MORE);
	return 0;
}

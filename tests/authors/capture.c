// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: bytes that are looked at twice
 */
#include "handlers.h"

int lesson_sum(struct kshm_request *req)
{
	struct lesson_numbers head;
	u64 *sum = kshm_request_out(req);
	u32 i, number;
	int ret;

	ret = kshm_request_capture(req, 0, &head, sizeof(head));
	if (ret)
		return ret;
	for (i = 0; i < head.count; i++) {
		ret = kshm_request_capture(req, sizeof(head) + i * sizeof(number),
					   &number, sizeof(number));
		if (ret)
			return ret;
		*sum += number;
	}
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*sum));
	return 0;
}

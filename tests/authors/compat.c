// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: a struct that is not the same
 * for 32-bit programs
 */
#include "handlers.h"

/* What programs know as struct { long from; long to; } */
struct distance {
	s64 from;
	s64 to;
};

struct distance_32 {
	s32 from;
	s32 to;
};

static int get_distance(struct kshm_request *req, struct distance *d)
{
	const struct distance_32 *narrow = kshm_request_in(req);

	if (!kshm_request_is_compat(req)) {
		if (kshm_request_in_len(req) != sizeof(*d))
			return -EINVAL;
		*d = *(const struct distance *)kshm_request_in(req);
		return 0;
	}
	if (kshm_request_in_len(req) != sizeof(*narrow))
		return -EINVAL;
	*d = (struct distance){ .from = narrow->from, .to = narrow->to };
	return 0;
}

int lesson_distance(struct kshm_request *req)
{
	u64 *distance = kshm_request_out(req);
	struct distance d;
	int ret = get_distance(req, &d);

	if (ret)
		return ret;
	*distance = d.to > d.from ? (u64)d.to - d.from : (u64)d.from - d.to;
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*distance));
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: views that it keeps, one for each handle
 */
#include "test.h"

/* Has @work work on what @kept is, of @own, and tells how long that is then. */
int test_keep_view(struct kshm_request *req, struct test_handle *own,
		   struct kshm_view **kept, test_view_work *work)
{
	struct kshm_test_made *out = kshm_request_out(req);
	int ret;

	test_count_call();
	out->fd = -1;
	mutex_lock(&own->section_lock);
	ret = work(req, own, kshm_request_in(req), out);
	if (*kept)
		out->len = kshm_view_len(*kept);
	mutex_unlock(&own->section_lock);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*out));
	return ret;
}

int test_check_view(struct kshm_view *view, u32 seed, struct kshm_test_made *out)
{
	out->wrong = test_count_wrong(kshm_view_data(view), kshm_view_len(view), seed, 0);
	return 0;
}

void test_views_end(struct test_handle *own)
{
	kshm_view_release(own->section);
}

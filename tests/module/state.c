// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: what happened to it
 */
#include <linux/atomic.h>
#include <linux/slab.h>

#include "test.h"

static atomic64_t calls, opened, cleaned, closed, disorder;

void test_count_call(void)
{
	atomic64_inc(&calls);
}

int test_state(struct kshm_request *req)
{
	const struct test_handle *own =
		kshm_handle_data(kshm_request_handle(req));
	struct kshm_test_state *out = kshm_request_out(req);

	out->calls = atomic64_read(&calls);
	out->holding = test_holding();
	out->opened = atomic64_read(&opened);
	out->cleaned = atomic64_read(&cleaned);
	out->closed = atomic64_read(&closed);
	out->handle_data = own->number;
	out->disorder = atomic64_read(&disorder);
	out->cancels = test_cancels();
	out->completed = test_completed();
	out->kept = test_kept();
	out->compat = kshm_request_is_compat(req);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*out));
	return 0;
}

int test_open(struct kshm_handle *handle)
{
	struct test_handle *own = kzalloc(sizeof(*own), GFP_KERNEL);

	if (!own)
		return -ENOMEM;
	mutex_init(&own->section_lock);
	own->number = atomic64_inc_return(&opened);
	kshm_handle_set_data(handle, own);
	return 0;
}

void test_cleanup(struct kshm_handle *handle)
{
	struct test_handle *own = kshm_handle_data(handle);

	if (!own || own->cleaned)
		atomic64_inc(&disorder);
	else
		own->cleaned = true;
	atomic64_inc(&cleaned);
}

void test_close(struct kshm_handle *handle)
{
	struct test_handle *own = kshm_handle_data(handle);

	if (!own || !own->cleaned)
		atomic64_inc(&disorder);
	kshm_handle_set_data(handle, NULL);
	if (own)
		test_views_end(own);
	kfree(own);
	atomic64_inc(&closed);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of how many requests a handle may have, through the library
 *
 * Needs root, who alone may change that.
 */
#include <errno.h>

#include "harness.h"
#include "leak.h"
#include "parameter.h"
#include "pend.h"

#define LIMIT	"max_handle_requests"

static void submit_above_the_requests_of_a_handle_is_enospc(void **state)
{
	struct kshm_test_pend first = pend_new(), next = pend_new();
	unsigned long before = parameter_get(LIMIT);
	struct kshm_handle *handle, *other;
	int made, refused, another, after;
	struct kshm_explanation why;
	char text[512];

	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_open(&other, "test", KSHM_OPEN_READ), 0);
	first.how = KSHM_TEST_PEND_AT_ONCE;
	next.how = KSHM_TEST_PEND_AT_ONCE;
	/* Done already, but it counts until somebody has waited for it. */
	parameter_set(LIMIT, 1);
	made = pend_try(handle, &first, NULL, 0, 1, NULL);
	refused = pend_try(handle, &next, NULL, 0, 2, &why);
	another = pend_try(other, &next, NULL, 0, 3, NULL);
	parameter_set(LIMIT, before);
	assert_int_equal(made, 0);
	assert_int_equal(refused, -ENOSPC);
	assert_int_equal(another, 0);
	assert_int_equal(why.check, KSHM_EXPLAIN_LIMIT_REQUESTS);
	kshm_explain(&why, text, sizeof(text));
	assert_string_equal(text,
			    "The handle has 1 request that is not over, or not waited for, and may have at most 1: get completions with kshm_wait() first, or have root raise /sys/module/kshm/parameters/max_handle_requests (ENOSPC).");
	assert_int_equal(pend_wait(handle).user_data, 1);
	pend_nothing(handle);
	parameter_set(LIMIT, 1);
	after = pend_try(handle, &next, NULL, 0, 4, NULL);
	parameter_set(LIMIT, before);
	assert_int_equal(after, 0);
	kshm_close(other);
	kshm_close(handle);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(submit_above_the_requests_of_a_handle_is_enospc),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

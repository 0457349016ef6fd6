// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of how many regions a handle may have, through the library
 *
 * Needs root, who alone may change that.
 */
#include <errno.h>

#include <kshm.h>
#include "harness.h"
#include "leak.h"
#include "parameter.h"

#define LIMIT	"max_handle_regions"

static int create(struct kshm_handle *handle, __u32 *id,
		  struct kshm_explanation *why)
{
	return kshm_region_create(handle, NULL, 0, KSHM_REGION_READ, id, why);
}

static void region_above_the_regions_of_a_handle_is_enospc(void **state)
{
	unsigned long before = parameter_get(LIMIT);
	struct kshm_handle *handle, *other;
	struct kshm_explanation why;
	int made, refused, another;
	char text[512];
	__u32 id, next;

	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_open(&other, "test", KSHM_OPEN_READ), 0);
	parameter_set(LIMIT, 1);
	made = create(handle, &id, NULL);
	refused = create(handle, &next, &why);
	another = create(other, &next, NULL);
	parameter_set(LIMIT, before);
	assert_int_equal(made, 0);
	assert_int_equal(refused, -ENOSPC);
	assert_int_equal(another, 0);
	assert_int_equal(why.check, KSHM_EXPLAIN_LIMIT_REGIONS);
	kshm_explain(&why, text, sizeof(text));
	assert_string_equal(text,
			    "The handle has 1 region, and may have at most 1: destroy some, or have root raise /sys/module/kshm/parameters/max_handle_regions (ENOSPC).");
	/* Nor is one counted that was refused, or destroyed. */
	parameter_set(LIMIT, 1);
	made = kshm_region_destroy(handle, id, 0, NULL);
	another = create(handle, &id, NULL);
	parameter_set(LIMIT, before);
	assert_int_equal(made, 0);
	assert_int_equal(another, 0);
	kshm_close(other);
	kshm_close(handle);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(region_above_the_regions_of_a_handle_is_enospc),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

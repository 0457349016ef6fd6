// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of handles whose device was removed
 *
 * Needs root, to whom the nodes of devices made at run time belong.
 */
#include <errno.h>
#include <string.h>

#include <kshm.h>
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "pend.h"
#include "request.h"

/* A handle of the device test-0, which was there when it was opened. */
static struct kshm_handle *open_removed(void)
{
	struct kshm_handle *handle;
	struct kshm_info info;
	__u32 code;

	set_test_devices(1);
	assert_int_equal(kshm_open(&handle, "test-0", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_info(handle, &info), 0);
	assert_string_equal(info.device, "test-0");
	assert_int_equal(kshm_lookup(handle, "release", KSHM_METHOD_ANY, &code),
			 0);
	assert_int_equal(kshm_control(handle, code, NULL, NULL, NULL, NULL,
				      NULL), 0);
	set_test_devices(0);
	return handle;
}

static void control_of_a_removed_device_is_enodev_and_says_so(void **state)
{
	struct kshm_handle *handle = open_removed();
	struct kshm_explanation why;
	struct kshm_result result;
	char text[512];

	assert_int_equal(kshm_control(handle, KSHM_TEST_RELEASE, NULL, NULL,
				      NULL, &result, &why), -ENODEV);
	assert_int_equal(result.status, -ENODEV);
	assert_int_equal(result.said_by, KSHM_SAID_BY_KSHM);
	assert_int_equal(result.ran, 0);
	assert_int_equal(why.check, KSHM_EXPLAIN_GONE);
	kshm_explain(&why, text, sizeof(text));
	assert_string_equal(text,
			    "Device test-0 was removed while the handle was open: open it again once it is back (ENODEV).");
	kshm_close(handle);
}

static void info_of_a_removed_device_is_enodev(void **state)
{
	struct kshm_handle *handle = open_removed();
	struct kshm_info info = { .abi_version = 4711 };

	assert_int_equal(kshm_info(handle, &info), -ENODEV);
	assert_int_equal(info.abi_version, 4711);
	kshm_close(handle);
}

static void lookup_of_a_removed_device_is_enodev(void **state)
{
	struct kshm_handle *handle = open_removed();
	__u32 code;

	assert_int_equal(kshm_lookup(handle, "release", KSHM_METHOD_ANY, &code),
			 -ENODEV);
	kshm_close(handle);
}

static void region_of_a_removed_device_is_enodev_and_says_so(void **state)
{
	struct kshm_handle *handle = open_removed();
	struct kshm_explanation why;
	char byte = 0, text[512];
	__u32 id = 4711;

	assert_int_equal(kshm_region_create(handle, &byte, 1, KSHM_REGION_READ,
					    &id, &why), -ENODEV);
	assert_int_equal(id, 4711);
	kshm_explain(&why, text, sizeof(text));
	assert_string_equal(text,
			    "Device test-0 was removed while the handle was open: open it again once it is back (ENODEV).");
	kshm_close(handle);
}

static void open_of_a_removed_device_is_enoent(void **state)
{
	struct kshm_handle *handle = open_removed();
	struct kshm_handle *other;

	assert_int_equal(kshm_open(&other, "test-0", KSHM_OPEN_READ), -ENOENT);
	kshm_close(handle);
}

static void handle_of_a_removed_device_keeps_its_name(void **state)
{
	struct kshm_handle *handle = open_removed();

	set_test_devices(1);
	assert_string_equal(kshm_device(handle), "test-0");
	/* The new device of the name is another one. */
	assert_int_equal(kshm_control(handle, KSHM_TEST_RELEASE, NULL, NULL,
				      NULL, NULL, NULL), -ENODEV);
	set_test_devices(0);
	kshm_close(handle);
}

/* What its driver kept is cancelled by that, and still told. */
static void wait_of_a_removed_device_gives_what_ended_then_enodev(void **state)
{
	struct kshm_completion completion;
	struct kshm_explanation why;
	struct kshm_handle *handle;

	set_test_devices(1);
	assert_int_equal(kshm_open(&handle, "test-0", KSHM_OPEN_READ), 0);
	pend_submit(handle, 7);
	set_test_devices(0);
	assert_int_equal(kshm_cancel_all(handle, &why), -ENODEV);
	assert_int_equal(why.check, KSHM_EXPLAIN_GONE);
	completion = pend_wait(handle);
	assert_int_equal(completion.user_data, 7);
	assert_int_equal(completion.status, -ECANCELED);
	assert_int_equal(kshm_wait(handle, &completion, 1, 0), -ENODEV);
	assert_int_equal(kshm_wait(handle, &completion, 1, -1), -ENODEV);
	assert_int_equal(kshm_submit(handle, KSHM_TEST_PEND, NULL, NULL, NULL, 8,
				     NULL), -ENODEV);
	kshm_close(handle);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(control_of_a_removed_device_is_enodev_and_says_so),
	cmocka_unit_test(info_of_a_removed_device_is_enodev),
	cmocka_unit_test(lookup_of_a_removed_device_is_enodev),
	cmocka_unit_test(region_of_a_removed_device_is_enodev_and_says_so),
	cmocka_unit_test(open_of_a_removed_device_is_enoent),
	cmocka_unit_test(handle_of_a_removed_device_keeps_its_name),
	cmocka_unit_test(wait_of_a_removed_device_gives_what_ended_then_enodev),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

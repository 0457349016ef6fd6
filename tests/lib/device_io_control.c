// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the call in the shape of Windows, with the sioctl device
 */
#include <errno.h>
#include <string.h>

#include <kshm.h>
#include <linux/kshm_null.h>
#include <linux/kshm_sioctl.h>
#include "harness.h"
#include "leak.h"

#define FROM_USER "This String is from User Application"
#define FROM_DRIVER "This String is from Device Driver !!!"

/* A length that no call returns. */
#define UNTOUCHED ((size_t)12345)

static int call(__u32 code, const void *in, size_t in_len, void *out,
		size_t out_len, size_t *returned)
{
	struct kshm_handle *handle;
	int ret;

	assert_int_equal(kshm_open(&handle, "sioctl",
				   KSHM_OPEN_READ | KSHM_OPEN_WRITE), 0);
	ret = kshm_device_io_control(handle, code, in, in_len, out, out_len,
				     returned);
	kshm_close(handle);
	return ret;
}

/* The driver's string comes back in out, and nothing behind it. */
static void assert_answers(__u32 code)
{
	size_t returned = UNTOUCHED;
	char out[100] = { 0 };
	size_t i;

	assert_int_equal(call(code, FROM_USER, sizeof(FROM_USER), out,
			      sizeof(out), &returned), 0);
	assert_int_equal(returned, sizeof(FROM_DRIVER));
	assert_string_equal(out, FROM_DRIVER);
	for (i = sizeof(FROM_DRIVER); i < sizeof(out); i++)
		assert_int_equal(out[i], 0);
}

static void device_io_control_copied_returns_out(void **state)
{
	assert_answers(KSHM_SIOCTL_METHOD_BUFFERED);
}

static void device_io_control_raw_returns_out(void **state)
{
	assert_answers(KSHM_SIOCTL_METHOD_NEITHER);
}

static void device_io_control_from_driver_returns_data_as_out(void **state)
{
	assert_answers(KSHM_SIOCTL_METHOD_OUT_DIRECT);
}

static void device_io_control_to_driver_sends_out_as_data(void **state)
{
	static const char out[100] = FROM_USER " in OutBuffer";
	size_t returned = UNTOUCHED;

	assert_int_equal(call(KSHM_SIOCTL_METHOD_IN_DIRECT, FROM_USER,
			      sizeof(FROM_USER), (void *)out, sizeof(out),
			      &returned), 0);
	assert_int_equal(returned, sizeof(out));
	assert_string_equal(out, FROM_USER " in OutBuffer");
}

static void device_io_control_may_do_without_returned(void **state)
{
	char out[100];

	assert_int_equal(call(KSHM_SIOCTL_METHOD_BUFFERED, FROM_USER,
			      sizeof(FROM_USER), out, sizeof(out), NULL), 0);
	assert_string_equal(out, FROM_DRIVER);
}

static void device_io_control_takes_null_for_no_bytes(void **state)
{
	struct kshm_handle *handle;
	size_t returned;
	int method;

	assert_int_equal(kshm_open(&handle, "null", KSHM_OPEN_READ), 0);
	for (method = 0; method < 4; method++) {
		returned = UNTOUCHED;
		assert_int_equal(kshm_device_io_control(handle,
							KSHM_NULL_CODE(method),
							NULL, 0, NULL, 0,
							&returned), 0);
		assert_int_equal(returned, 0);
	}
	kshm_close(handle);
}

static void windows_case_11_error_leaves_returned_untouched(void **state)
{
	size_t returned = UNTOUCHED;
	char out[100] = "out";

	/* Refused by the driver: it wants input. */
	assert_int_equal(call(KSHM_SIOCTL_METHOD_BUFFERED, NULL, 0, out,
			      sizeof(out), &returned), -EINVAL);
	assert_int_equal(returned, UNTOUCHED);
	/* Refused by kshm: there is no such code. */
	assert_int_equal(call(0, FROM_USER, sizeof(FROM_USER), out,
			      sizeof(out), &returned), -ENOTTY);
	assert_int_equal(returned, UNTOUCHED);
	assert_string_equal(out, "out");
}

static void device_io_control_with_null_for_some_bytes_is_efault(void **state)
{
	char out[100];

	assert_int_equal(call(KSHM_SIOCTL_METHOD_BUFFERED, NULL, 10, out,
			      sizeof(out), NULL), -EFAULT);
	assert_int_equal(call(KSHM_SIOCTL_METHOD_OUT_DIRECT, FROM_USER,
			      sizeof(FROM_USER), NULL, 10, NULL), -EFAULT);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(device_io_control_copied_returns_out),
	cmocka_unit_test(device_io_control_raw_returns_out),
	cmocka_unit_test(device_io_control_from_driver_returns_data_as_out),
	cmocka_unit_test(device_io_control_to_driver_sends_out_as_data),
	cmocka_unit_test(device_io_control_may_do_without_returned),
	cmocka_unit_test(device_io_control_takes_null_for_no_bytes),
	cmocka_unit_test(windows_case_11_error_leaves_returned_untouched),
	cmocka_unit_test(device_io_control_with_null_for_some_bytes_is_efault),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

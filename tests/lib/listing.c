// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of listing devices and controls, and of finding a control
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <kshm.h>
#include <linux/kshm_digest.h>
#include <linux/kshm_null.h>
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "request.h"

static const __u32 null_codes[] = {
	KSHM_NULL_NOP, KSHM_NULL_NOP_TO_DRIVER, KSHM_NULL_NOP_FROM_DRIVER,
	KSHM_NULL_NOP_RAW,
};

static void devices_show_name_owner_path_and_number(void **state)
{
	struct kshm_device_entry **devices, **device;
	struct stat node;

	assert_true(kshm_devices(&devices) >= 1);
	for (device = devices; strcmp((*device)->name, "null"); device++)
		assert_non_null(device[1]);
	assert_string_equal((*device)->owner, "kshm");
	assert_string_equal((*device)->path, "/dev/kshm/null");
	assert_int_equal(stat((*device)->path, &node), 0);
	assert_int_equal((*device)->major, major(node.st_rdev));
	assert_int_equal((*device)->minor, minor(node.st_rdev));
	kshm_devices_free(devices);
}

static void devices_are_sorted_counted_and_end_in_null(void **state)
{
	struct kshm_device_entry **devices;
	int count;
	int i;

	count = kshm_devices(&devices);
	assert_true(count >= 2);
	for (i = 1; i < count; i++)
		assert_true(strcmp(devices[i - 1]->name, devices[i]->name) < 0);
	assert_null(devices[count]);
	kshm_devices_free(devices);
}

static void devices_name_the_module_of_the_driver(void **state)
{
	struct kshm_device_entry **devices, **device;

	assert_true(kshm_devices(&devices) >= 1);
	for (device = devices; strcmp((*device)->name, "digest"); device++)
		assert_non_null(device[1]);
	assert_string_equal((*device)->owner, "kshm_digest");
	kshm_devices_free(devices);
}

static void devices_come_and_go(void **state)
{
	struct kshm_device_entry **devices;
	int before, with;

	before = kshm_devices(&devices);
	assert_true(before >= 1);
	kshm_devices_free(devices);

	set_test_devices(40);
	with = kshm_devices(&devices);
	assert_int_equal(with, before + 40);
	assert_null(devices[with]);
	kshm_devices_free(devices);

	set_test_devices(0);
	assert_int_equal(kshm_devices(&devices), before);
	kshm_devices_free(devices);
}

/* The nodes of devices made now belong to root alone. */
static void listing_needs_no_right_to_open_the_device(void **state)
{
	struct kshm_device_entry **devices, **device;
	struct kshm_control_entry **controls;
	struct kshm_handle *handle;
	int listed, shown, opened;

	set_test_devices(1);
	opened = kshm_open(&handle, "test-0", KSHM_OPEN_READ);
	shown = kshm_controls("test-0", &controls);
	listed = 0;
	assert_true(kshm_devices(&devices) > 0);
	for (device = devices; *device; device++)
		listed += !strcmp((*device)->name, "test-0");
	kshm_devices_free(devices);
	set_test_devices(0);

	assert_int_equal(opened, -EACCES);
	assert_int_equal(listed, 1);
	assert_true(shown > 0);
	kshm_controls_free(controls);
}

struct churn {
	pthread_t thread;
	bool stop;		/* atomic */
	int ret;		/* first error of a listing, or 0 */
};

static void *list_until_stopped(void *arg)
{
	struct churn *churn = arg;
	struct kshm_device_entry **devices;
	struct kshm_control_entry **controls;
	int ret;

	while (!__atomic_load_n(&churn->stop, __ATOMIC_RELAXED)) {
		ret = kshm_devices(&devices);
		if (ret >= 0)
			kshm_devices_free(devices);
		else if (!churn->ret)
			churn->ret = ret;
		ret = kshm_controls("test-3", &controls);
		if (ret >= 0)
			kshm_controls_free(controls);
		else if (ret != -ENOENT && !churn->ret)
			churn->ret = ret;
	}
	return NULL;
}

static void listing_succeeds_while_devices_come_and_go(void **state)
{
	struct churn churn = { .ret = 0 };
	int round;

	assert_int_equal(pthread_create(&churn.thread, NULL, list_until_stopped,
					&churn), 0);
	for (round = 0; round < 20; round++)
		set_test_devices(round % 2 ? 0 : 10);
	set_test_devices(0);
	__atomic_store_n(&churn.stop, true, __ATOMIC_RELAXED);
	assert_int_equal(pthread_join(churn.thread, NULL), 0);
	assert_int_equal(churn.ret, 0);
}

static void free_of_null_does_nothing(void **state)
{
	kshm_devices_free(NULL);
	kshm_controls_free(NULL);
}

static void controls_are_sorted_by_code_and_end_in_null(void **state)
{
	struct kshm_control_entry **controls;
	int i;

	assert_int_equal(kshm_controls("null", &controls), 4);
	for (i = 0; i < 4; i++)
		assert_int_equal(controls[i]->code, null_codes[i]);
	assert_null(controls[4]);
	kshm_controls_free(controls);
}

static void controls_show_the_rows_of_the_table(void **state)
{
	struct kshm_control_entry **controls;
	int i;

	assert_int_equal(kshm_controls("null", &controls), 4);
	for (i = 0; i < 4; i++) {
		struct kshm_control_entry *row = controls[i];
		bool direct = i == KSHM_METHOD_IN_DIRECT ||
			      i == KSHM_METHOD_OUT_DIRECT;

		assert_string_equal(row->name, "nop");
		assert_string_equal(row->context, "caller");
		assert_int_equal(row->method, i);
		assert_int_equal(row->access, KSHM_ACCESS_ANY);
		assert_int_equal(row->flags, KSHM_CONTROL_NOWAIT);
		assert_int_equal(row->in_min, 0);
		assert_true(row->in_max == KSHM_LENGTH_ANY);
		assert_int_equal(row->out_min, 0);
		assert_true(row->out_max == KSHM_LENGTH_ANY);
		assert_int_equal(row->data_min, 0);
		assert_true(row->data_max == (direct ? KSHM_LENGTH_ANY : 0));
	}
	kshm_controls_free(controls);
}

static void controls_show_the_access_that_a_code_demands(void **state)
{
	struct kshm_control_entry **controls, **control;

	assert_true(kshm_controls("test", &controls) > 0);
	for (control = controls; (*control)->code != KSHM_TEST_NEEDS_WRITE;
	     control++)
		assert_non_null(control[1]);
	assert_string_equal((*control)->name, "needs-write");
	assert_int_equal((*control)->access, KSHM_ACCESS_WRITE);
	assert_int_equal((*control)->in_max, 0);
	kshm_controls_free(controls);
}

static void controls_show_the_bounds_of_all_operands(void **state)
{
	struct kshm_control_entry **controls, **control;

	assert_true(kshm_controls("test", &controls) > 0);
	for (control = controls; (*control)->code != KSHM_TEST_BOUNDS; control++)
		assert_non_null(control[1]);
	assert_int_equal((*control)->in_min, KSHM_TEST_IN_MIN);
	assert_int_equal((*control)->in_max, KSHM_TEST_IN_MAX);
	assert_int_equal((*control)->out_min, KSHM_TEST_OUT_MIN);
	assert_int_equal((*control)->out_max, KSHM_TEST_OUT_MAX);
	assert_int_equal((*control)->data_min, KSHM_TEST_DATA_MIN);
	assert_int_equal((*control)->data_max, KSHM_TEST_DATA_MAX);
	kshm_controls_free(controls);
}

static void controls_of_an_absent_device_is_enoent(void **state)
{
	struct kshm_control_entry **controls = NULL;

	assert_int_equal(kshm_controls("absent", &controls), -ENOENT);
	assert_null(controls);
}

static void controls_of_an_impossible_name_is_einval(void **state)
{
	struct kshm_control_entry **controls = NULL;

	assert_int_equal(kshm_controls("", &controls), -EINVAL);
	assert_int_equal(kshm_controls("..", &controls), -EINVAL);
	assert_int_equal(kshm_controls("../kshm/null", &controls), -EINVAL);
	assert_null(controls);
}

/* Looks a name up on a device; asserts that an error leaves the code alone. */
static int lookup(const char *device, const char *name, int method, __u32 *code)
{
	struct kshm_handle *handle;
	int ret;

	*code = 0x12345678;
	assert_int_equal(kshm_open(&handle, device, KSHM_OPEN_READ), 0);
	ret = kshm_lookup(handle, name, method, code);
	kshm_close(handle);
	if (ret < 0)
		assert_int_equal(*code, 0x12345678);
	return ret;
}

static void lookup_tells_methods_apart(void **state)
{
	__u32 code;
	int method;

	for (method = 0; method < 4; method++) {
		assert_int_equal(lookup("null", "nop", method, &code), 0);
		assert_int_equal(code, null_codes[method]);
	}
}

static void lookup_of_several_methods_wants_one(void **state)
{
	__u32 code;

	assert_int_equal(lookup("null", "nop", KSHM_METHOD_ANY, &code),
			 -ENOTUNIQ);
}

static void lookup_of_the_only_method_needs_none(void **state)
{
	__u32 code;

	assert_int_equal(lookup("digest", "sha256-mapped", KSHM_METHOD_ANY,
				&code), 0);
	assert_int_equal(code, KSHM_DIGEST_MAPPED(KSHM_DIGEST_SHA256));
}

static void lookup_of_an_absent_control_is_enoent(void **state)
{
	__u32 code;

	assert_int_equal(lookup("null", "no", KSHM_METHOD_ANY, &code), -ENOENT);
	assert_int_equal(lookup("null", "nope", KSHM_METHOD_ANY, &code),
			 -ENOENT);
	assert_int_equal(lookup("null", "", KSHM_METHOD_ANY, &code), -ENOENT);
	assert_int_equal(lookup("digest", "sha256-mapped", KSHM_METHOD_NEITHER,
				&code), -ENOENT);
}

static void lookup_of_no_method_is_einval(void **state)
{
	__u32 code;

	assert_int_equal(lookup("null", "nop", 4, &code), -EINVAL);
	assert_int_equal(lookup("null", "nop", -2, &code), -EINVAL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(devices_show_name_owner_path_and_number),
	cmocka_unit_test(devices_are_sorted_counted_and_end_in_null),
	cmocka_unit_test(devices_name_the_module_of_the_driver),
	cmocka_unit_test(devices_come_and_go),
	cmocka_unit_test(listing_needs_no_right_to_open_the_device),
	cmocka_unit_test(listing_succeeds_while_devices_come_and_go),
	cmocka_unit_test(free_of_null_does_nothing),
	cmocka_unit_test(controls_are_sorted_by_code_and_end_in_null),
	cmocka_unit_test(controls_show_the_rows_of_the_table),
	cmocka_unit_test(controls_show_the_access_that_a_code_demands),
	cmocka_unit_test(controls_show_the_bounds_of_all_operands),
	cmocka_unit_test(controls_of_an_absent_device_is_enoent),
	cmocka_unit_test(controls_of_an_impossible_name_is_einval),
	cmocka_unit_test(lookup_tells_methods_apart),
	cmocka_unit_test(lookup_of_several_methods_wants_one),
	cmocka_unit_test(lookup_of_the_only_method_needs_none),
	cmocka_unit_test(lookup_of_an_absent_control_is_enoent),
	cmocka_unit_test(lookup_of_no_method_is_einval),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the library where the module is not loaded
 */
#include <errno.h>
#include <string.h>

#include <kshm.h>
#include "harness.h"

static void open_without_the_module_is_enodev(void **state)
{
	struct kshm_handle *handle = NULL;
	char text[512];

	assert_int_equal(kshm_open(&handle, "null", KSHM_OPEN_READ), -ENODEV);
	assert_int_equal(kshm_open(&handle, "/dev/kshm/null", KSHM_OPEN_READ),
			 -ENODEV);
	assert_null(handle);
	kshm_explain_open("null", KSHM_OPEN_READ, -ENODEV, text, sizeof(text));
	assert_string_equal(text,
			    "The module kshm is not loaded: have root load it, with `modprobe kshm` or with `insmod module/kshm.ko` where it was built (ENODEV).");
}

static void module_info_without_the_module_is_enodev(void **state)
{
	struct kshm_info info;

	assert_int_equal(kshm_module_info(&info), -ENODEV);
}

static void devices_without_the_module_is_enodev(void **state)
{
	struct kshm_device_entry **devices = NULL;

	assert_int_equal(kshm_devices(&devices), -ENODEV);
	assert_null(devices);
	kshm_devices_free(devices);
}

static void controls_without_the_module_is_enodev(void **state)
{
	struct kshm_control_entry **controls = NULL;

	assert_int_equal(kshm_controls("null", &controls), -ENODEV);
	assert_null(controls);
	kshm_controls_free(controls);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(open_without_the_module_is_enodev),
	cmocka_unit_test(module_info_without_the_module_is_enodev),
	cmocka_unit_test(devices_without_the_module_is_enodev),
	cmocka_unit_test(controls_without_the_module_is_enodev),
};

HARNESS_MAIN(tests)

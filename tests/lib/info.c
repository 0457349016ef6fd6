// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of what the module says about itself
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <kshm.h>
#include "harness.h"
#include "leak.h"
#include "parameter.h"

static void get_info(const char *device, struct kshm_info *info)
{
	struct kshm_handle *handle;

	memset(info, 0xff, sizeof(*info));
	assert_int_equal(kshm_open(&handle, device, KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_info(handle, info), 0);
	kshm_close(handle);
}

static void info_identifies_module_and_device(void **state)
{
	struct kshm_info info;

	get_info("null", &info);
	assert_int_equal(info.abi_version, KSHM_ABI_VERSION);
	assert_int_equal(info.page_size, sysconf(_SC_PAGESIZE));
	assert_string_equal(info.device, "null");
	assert_string_equal(info.version, kshm_version());
}

static void info_of_the_module_needs_no_handle(void **state)
{
	struct kshm_info info, module;

	get_info("null", &info);
	memset(&module, 0xff, sizeof(module));
	assert_int_equal(kshm_module_info(&module), 0);
	assert_memory_equal(&module, &info, sizeof(info));
}

static void info_limits_are_the_modules_parameters(void **state)
{
	struct kshm_info info;

	get_info("null", &info);
	assert_true(info.max_request_pages == parameter_get("max_request_pages"));
	assert_true(info.max_user_pages == parameter_get("max_user_pages"));
	assert_true(info.max_system_pages == parameter_get("max_system_pages"));
	assert_true(info.max_copied >= 32 << 20);
}

static void info_of_an_idle_machine_counts_no_pages(void **state)
{
	struct kshm_info info;

	get_info("null", &info);
	assert_int_equal(info.user_pages, 0);
	assert_int_equal(info.system_pages, 0);
}

static void info_reserved_is_zero(void **state)
{
	static const __u64 zero[8];
	struct kshm_info info;

	get_info("null", &info);
	assert_memory_equal(info.reserved, zero, sizeof(zero));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(info_identifies_module_and_device),
	cmocka_unit_test(info_of_the_module_needs_no_handle),
	cmocka_unit_test(info_limits_are_the_modules_parameters),
	cmocka_unit_test(info_of_an_idle_machine_counts_no_pages),
	cmocka_unit_test(info_reserved_is_zero),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

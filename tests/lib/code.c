// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the library's control codes; they need no module
 */
#include <errno.h>
#include <string.h>

#include <kshm.h>
#include <linux/kshm_sioctl.h>
#include "harness.h"

/* The codes that the WDK's sioctl sample prints. */
static void code_encode_gives_the_codes_of_windows(void **state)
{
	static const struct {
		unsigned int function;
		unsigned int method;
		__u32 code;
	} samples[] = {
		{ 0x902, KSHM_METHOD_BUFFERED, 0x9C402408 },
		{ 0x903, KSHM_METHOD_NEITHER, 0x9C40240F },
		{ 0x900, KSHM_METHOD_IN_DIRECT, 0x9C402401 },
		{ 0x901, KSHM_METHOD_OUT_DIRECT, 0x9C402406 },
	};
	__u32 code;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		assert_int_equal(kshm_code_encode(KSHM_SIOCTL_TYPE,
						  samples[i].function,
						  samples[i].method,
						  KSHM_ACCESS_ANY, &code), 0);
		assert_int_equal(code, samples[i].code);
	}
}

static void code_parts_come_back_from_every_bit(void **state)
{
	unsigned int bit;
	__u32 code;

	for (bit = 0; bit < 32; bit++) {
		__u32 one = (__u32)1 << bit;

		assert_int_equal(kshm_code_encode(KSHM_CODE_TYPE(one),
						  KSHM_CODE_FUNCTION(one),
						  KSHM_CODE_METHOD(one),
						  KSHM_CODE_ACCESS(one),
						  &code), 0);
		assert_int_equal(code, one);
	}
	assert_int_equal(kshm_code_encode(0xffff, 0xfff, 3, 3, &code), 0);
	assert_int_equal(code, 0xffffffff);
}

static void code_encode_refuses_each_part_that_does_not_fit(void **state)
{
	__u32 code = 0x12345678;

	assert_int_equal(kshm_code_encode(0x10000, 0, 0, 0, &code), -ERANGE);
	assert_int_equal(kshm_code_encode(0, 0x1000, 0, 0, &code), -ERANGE);
	assert_int_equal(kshm_code_encode(0, 0, 4, 0, &code), -ERANGE);
	assert_int_equal(kshm_code_encode(0, 0, 0, 4, &code), -ERANGE);
	assert_int_equal(code, 0x12345678);
}

static void code_text_shows_all_parts(void **state)
{
	const char *expected = "0x9c402406 (type 0x9c40, function 0x901, from-driver, any)";
	char text[128];

	assert_int_equal(kshm_code_text(0x9C402406, text, sizeof(text)),
			 strlen(expected));
	assert_string_equal(text, expected);
	assert_int_equal(kshm_code_text(0x9C402406, NULL, 0), strlen(expected));
	assert_int_equal(kshm_code_text(0x9C402406, text, 5), strlen(expected));
	assert_string_equal(text, "0x9c");
}

static void method_names_are_the_directions(void **state)
{
	static const char * const names[] = {
		"copied", "to-driver", "from-driver", "raw"
	};
	unsigned int method;

	for (method = 0; method < 4; method++) {
		assert_string_equal(kshm_method_name(method), names[method]);
		assert_int_equal(kshm_method_from_name(names[method]), method);
	}
	assert_null(kshm_method_name(4));
	assert_null(kshm_method_name(~0U));
}

static void method_windows_names_are_those_of_ctl_code(void **state)
{
	static const char * const names[] = {
		"METHOD_BUFFERED", "METHOD_IN_DIRECT", "METHOD_OUT_DIRECT",
		"METHOD_NEITHER"
	};
	unsigned int method;

	for (method = 0; method < 4; method++) {
		assert_string_equal(kshm_method_windows_name(method),
				    names[method]);
		assert_int_equal(kshm_method_from_name(names[method]), method);
	}
	assert_null(kshm_method_windows_name(4));
}

static void method_from_name_refuses_other_words(void **state)
{
	assert_int_equal(kshm_method_from_name(""), -EINVAL);
	assert_int_equal(kshm_method_from_name("Copied"), -EINVAL);
	assert_int_equal(kshm_method_from_name("to-drive"), -EINVAL);
	assert_int_equal(kshm_method_from_name("raw "), -EINVAL);
}

static void access_names_go_both_ways(void **state)
{
	static const char * const names[] = {
		"any", "read", "write", "read-write"
	};
	unsigned int access;

	for (access = 0; access < 4; access++) {
		assert_string_equal(kshm_access_name(access), names[access]);
		assert_int_equal(kshm_access_from_name(names[access]), access);
	}
	assert_null(kshm_access_name(4));
	assert_int_equal(kshm_access_from_name("none"), -EINVAL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(code_encode_gives_the_codes_of_windows),
	cmocka_unit_test(code_parts_come_back_from_every_bit),
	cmocka_unit_test(code_encode_refuses_each_part_that_does_not_fit),
	cmocka_unit_test(code_text_shows_all_parts),
	cmocka_unit_test(method_names_are_the_directions),
	cmocka_unit_test(method_windows_names_are_those_of_ctl_code),
	cmocka_unit_test(method_from_name_refuses_other_words),
	cmocka_unit_test(access_names_go_both_ways),
};

HARNESS_MAIN(tests)

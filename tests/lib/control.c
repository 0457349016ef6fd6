// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of requests through the library that reach the driver
 */
#include <errno.h>
#include <string.h>

#include <kshm.h>
#include <linux/kshm_digest.h>
#include <linux/kshm_null.h>
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "request.h"

#define SHA256_SIZE 32

/* Of no bytes, as `sha256sum /dev/null` prints it. */
static const unsigned char sha256_of_nothing[SHA256_SIZE] = {
	0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
	0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
	0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c,
	0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
};

static void control_success_is_said_by_the_driver_and_explains_nothing(void **state)
{
	const struct kshm_result result = {
		.ran = 1,
		.said_by = KSHM_SAID_BY_DRIVER,
	};
	const struct kshm_explanation nothing = { 0 };
	struct end end;

	assert_int_equal(perform("null", KSHM_NULL_NOP, NULL, NULL, NULL, &end),
			 0);
	assert_memory_equal(&end.result, &result, sizeof(result));
	assert_memory_equal(&end.why, &nothing, sizeof(nothing));
}

static void control_takes_every_operand_that_the_method_has(void **state)
{
	char in[100] = "in", out[5000] = "out", data[9000] = "data";
	struct kshm_operand in_op = kshm_operand_user(in, sizeof(in));
	struct kshm_operand out_op = kshm_operand_user(out, sizeof(out));
	struct kshm_operand data_op = kshm_operand_user(data, sizeof(data));
	struct kshm_operand none = kshm_operand_none();
	struct end end;

	assert_int_equal(perform("null", KSHM_NULL_NOP, &in_op, &out_op, &none,
				 &end), 0);
	assert_int_equal(perform("null", KSHM_NULL_NOP_TO_DRIVER, &in_op,
				 &out_op, &data_op, &end), 0);
	assert_int_equal(perform("null", KSHM_NULL_NOP_FROM_DRIVER, &in_op,
				 &out_op, &data_op, &end), 0);
	assert_int_equal(perform("null", KSHM_NULL_NOP_RAW, &in_op, &out_op,
				 NULL, &end), 0);
	assert_string_equal(out, "out");
	assert_string_equal(data, "data");
}

static void control_wants_neither_result_nor_explanation(void **state)
{
	struct kshm_handle *handle;

	assert_int_equal(kshm_open(&handle, "null", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_control(handle, KSHM_NULL_NOP, NULL, NULL, NULL,
				      NULL, NULL), 0);
	assert_int_equal(kshm_control(handle, 0, NULL, NULL, NULL, NULL, NULL),
			 -ENOTTY);
	kshm_close(handle);
}

static void control_leaves_the_operands_as_they_were(void **state)
{
	unsigned char digest[SHA256_SIZE];
	struct kshm_operand out = kshm_operand_user(digest, sizeof(digest));
	struct kshm_operand before = out;
	struct end end;

	assert_int_equal(perform("digest",
				 KSHM_DIGEST_COPIED(KSHM_DIGEST_SHA256), NULL,
				 &out, NULL, &end), 0);
	assert_int_equal(end.result.out_returned, sizeof(digest));
	assert_memory_equal(&out, &before, sizeof(out));
}

static void control_returns_what_the_driver_returns(void **state)
{
	unsigned char digest[100];
	struct kshm_operand out = kshm_operand_user(digest, sizeof(digest));
	struct end end;

	memset(digest, 0xaa, sizeof(digest));
	assert_int_equal(perform("digest",
				 KSHM_DIGEST_COPIED(KSHM_DIGEST_SHA256), NULL,
				 &out, NULL, &end), 0);
	assert_int_equal(end.result.ran, 1);
	assert_int_equal(end.result.out_returned, SHA256_SIZE);
	assert_int_equal(end.result.in_returned, 0);
	assert_int_equal(end.result.data_returned, 0);
	assert_memory_equal(digest, sha256_of_nothing, SHA256_SIZE);
	assert_int_equal(digest[SHA256_SIZE], 0xaa);
}

static void control_error_of_the_driver_keeps_needed_and_who_said_it(void **state)
{
	const struct kshm_test_answer told = {
		.status = -EMSGSIZE, .needed = 32,
	};
	const struct kshm_operand in = kshm_operand_user(&told, sizeof(told));
	const struct kshm_result result = {
		.status = -EMSGSIZE,
		.said_by = KSHM_SAID_BY_DRIVER,
		.ran = 1,
		.needed = 32,
	};
	char text[512];
	struct end end;

	assert_int_equal(perform("test", KSHM_TEST_ANSWER, &in, NULL, NULL,
				 &end), -EMSGSIZE);
	assert_memory_equal(&end.result, &result, sizeof(result));
	assert_int_equal(end.why.error, -EMSGSIZE);
	assert_int_equal(end.why.said_by, KSHM_SAID_BY_DRIVER);
	assert_int_equal(end.why.check, KSHM_EXPLAIN_NONE);
	kshm_explain(&end.why, text, sizeof(text));
	assert_string_equal(text,
			    "The driver refused control 0x8eff2080 of device test with \"Message too long\", as it needs a buffer of 32 bytes: pass one of at least that length (EMSGSIZE).");
}

/* Has the driver of the device "test" end a request in the way of @answer. */
static int answer(__u32 code, const struct kshm_test_answer *answer,
		  void *buffer, size_t length, struct end *end)
{
	struct kshm_operand in = kshm_operand_user(answer, sizeof(*answer));
	struct kshm_operand other = kshm_operand_user(buffer, length);
	int direct = KSHM_CODE_METHOD(code) == KSHM_METHOD_OUT_DIRECT;

	return perform("test", code, &in, direct ? NULL : &other,
		       direct ? &other : NULL, end);
}

static void control_success_keeps_detail_as_a_warning(void **state)
{
	const struct kshm_test_answer warning = {
		.detail = 0x80000005,
		.returned = 3,
	};
	const struct kshm_result result = {
		.said_by = KSHM_SAID_BY_DRIVER,
		.ran = 1,
		.detail = 0x80000005,
		.out_returned = 3,
	};
	char out[6] = "abcdef";
	struct end end;

	assert_int_equal(answer(KSHM_TEST_ANSWER, &warning, out, sizeof(out),
				&end), 0);
	assert_memory_equal(&end.result, &result, sizeof(result));
	assert_int_equal(end.why.error, 0);
	assert_memory_equal(out, "xxxdef", sizeof(out));
}

static void control_error_of_the_driver_keeps_detail_and_bytes_in_place(void **state)
{
	const struct kshm_test_answer failure = {
		.status = -EIO,
		.detail = 7,
		.returned = 4,
	};
	const struct kshm_result result = {
		.status = -EIO,
		.said_by = KSHM_SAID_BY_DRIVER,
		.ran = 1,
		.detail = 7,
		.data_returned = 4,
	};
	char data[6] = "abcdef";
	struct end end;

	assert_int_equal(answer(KSHM_TEST_ANSWER_FROM, &failure, data,
				sizeof(data), &end), -EIO);
	assert_memory_equal(&end.result, &result, sizeof(result));
	assert_int_equal(end.why.detail, 7);
	assert_memory_equal(data, "xxxxxx", sizeof(data));
}

/* The same errnos that kshm uses, by a driver that has reasons of its own. */
static void control_error_that_kshm_also_knows_is_the_drivers(void **state)
{
	static const int errors[] = {
		EFAULT, EINVAL, E2BIG, EOPNOTSUPP, ENOTTY, EACCES, EMSGSIZE,
		EDQUOT, ENOMEM, EINTR, ENODEV,
	};
	struct end end;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		const struct kshm_test_answer failure = {
			.status = -errors[i],
		};

		assert_int_equal(answer(KSHM_TEST_ANSWER, &failure, NULL, 0,
					&end), -errors[i]);
		assert_int_equal(end.result.status, -errors[i]);
		assert_int_equal(end.result.said_by, KSHM_SAID_BY_DRIVER);
		assert_int_equal(end.result.ran, 1);
		assert_int_equal(end.why.said_by, KSHM_SAID_BY_DRIVER);
		assert_int_equal(end.why.check, KSHM_EXPLAIN_NONE);
	}
}

static void control_of_null_memory_with_no_length_is_an_empty_buffer(void **state)
{
	struct kshm_operand empty = kshm_operand_user(NULL, 0);
	struct end end;

	assert_int_equal(perform("null", KSHM_NULL_NOP_TO_DRIVER, &empty,
				 &empty, &empty, &end), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(control_success_is_said_by_the_driver_and_explains_nothing),
	cmocka_unit_test(control_takes_every_operand_that_the_method_has),
	cmocka_unit_test(control_wants_neither_result_nor_explanation),
	cmocka_unit_test(control_leaves_the_operands_as_they_were),
	cmocka_unit_test(control_returns_what_the_driver_returns),
	cmocka_unit_test(control_error_of_the_driver_keeps_needed_and_who_said_it),
	cmocka_unit_test(control_success_keeps_detail_as_a_warning),
	cmocka_unit_test(control_error_of_the_driver_keeps_detail_and_bytes_in_place),
	cmocka_unit_test(control_error_that_kshm_also_knows_is_the_drivers),
	cmocka_unit_test(control_of_null_memory_with_no_length_is_an_empty_buffer),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

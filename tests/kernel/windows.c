// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of what is mirrored from Windows, and of the differences that
 * are on purpose
 *
 * The numbers are those of the cases in docs/porting-from-windows.md. A test
 * that pins a difference says so in its name.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "pattern.h"
#include "state.h"

#define KERNEL_ADDRESS	((void *)0xffff888000000000UL)
#define WILD_ADDRESS	((void *)0x10)

/* The driver writes six bytes x over abcdef and answers as it is told. */
static int answer(__u32 code, struct kshm_test_answer told, char *out,
		  size_t len, __u64 *returned)
{
	__u32 method = KSHM_CODE_METHOD(code);
	struct kshm_ioc_control arg = request(code);
	int fd = device_open("test", O_RDWR);
	struct kshm_operand *second;

	second = method == KSHM_METHOD_OUT_DIRECT ||
		 method == KSHM_METHOD_IN_DIRECT ? &arg.data : &arg.out;
	arg.in = user_operand(&told, sizeof(told));
	*second = user_operand(out, len);
	control_status(fd, &arg, told.status);
	assert_int_equal(arg.out_detail, told.detail);
	assert_int_equal(arg.out_needed, told.needed);
	*returned = second->out_returned;
	close(fd);
	return arg.out_status;
}

static void expect_answer(__u32 code, struct kshm_test_answer told,
			  const char *want, __u64 want_returned)
{
	char out[] = "abcdef";
	__u64 returned;

	answer(code, told, out, 6, &returned);
	assert_string_equal(out, want);
	assert_int_equal(returned, want_returned);
}

static void windows_case_01_copied_output_arrives(void **state)
{
	char out[32] = { };
	__u64 returned;

	answer(KSHM_TEST_ANSWER, (struct kshm_test_answer){ .returned = 24 },
	       out, sizeof(out), &returned);
	assert_int_equal(returned, 24);
	assert_int_equal(out[23], 'x');
	assert_int_equal(out[24], 0);
}

static void windows_case_02_short_output_gets_what_fits(void **state)
{
	char out[32] = { };
	__u64 returned;

	answer(KSHM_TEST_ANSWER, (struct kshm_test_answer){ .returned = 10 },
	       out, 10, &returned);
	assert_int_equal(returned, 10);
	assert_int_equal(out[9], 'x');
	assert_int_equal(out[10], 0);
}

static void windows_case_03_no_output_buffer(void **state)
{
	__u64 returned;

	answer(KSHM_TEST_ANSWER, (struct kshm_test_answer){ }, NULL, 0,
	       &returned);
	assert_int_equal(returned, 0);
}

static void windows_case_04_copies_exactly_returned(void **state)
{
	expect_answer(KSHM_TEST_ANSWER,
		      (struct kshm_test_answer){ .returned = 3 }, "xxxdef", 3);
}

/* A warning is success with a detail. */
static void windows_case_05_warning_copies(void **state)
{
	expect_answer(KSHM_TEST_ANSWER,
		      (struct kshm_test_answer){ .returned = 3,
						 .detail = 0x80000005 },
		      "xxxdef", 3);
}

static void windows_case_06_information_copies(void **state)
{
	expect_answer(KSHM_TEST_ANSWER,
		      (struct kshm_test_answer){ .returned = 3,
						 .detail = 0x4eadbeef },
		      "xxxdef", 3);
}

static void windows_case_07_error_copies_nothing(void **state)
{
	expect_answer(KSHM_TEST_ANSWER,
		      (struct kshm_test_answer){ .status = -EIO,
						 .returned = 3 }, "abcdef", 0);
}

static void windows_case_08_from_driver_is_in_place_whatever_the_status(void **state)
{
	expect_answer(KSHM_TEST_ANSWER_FROM,
		      (struct kshm_test_answer){ .returned = 3 }, "xxxxxx", 3);
	expect_answer(KSHM_TEST_ANSWER_FROM,
		      (struct kshm_test_answer){ .status = -EIO,
						 .returned = 3 }, "xxxxxx", 3);
}

static void windows_case_09_raw_is_in_place_whatever_the_status(void **state)
{
	expect_answer(KSHM_TEST_ANSWER_RAW,
		      (struct kshm_test_answer){ .returned = 3 }, "xxxxxx", 3);
	expect_answer(KSHM_TEST_ANSWER_RAW,
		      (struct kshm_test_answer){ .status = -EIO,
						 .returned = 3 }, "xxxxxx", 3);
}

/* All that is between 0 and -4095 comes through as it is. */
static void windows_case_10_status_comes_through(void **state)
{
	int status;
	char out[6];
	__u64 returned;

	for (status = 0; status >= -4095; status -= 45)
		assert_int_equal(answer(KSHM_TEST_ANSWER,
					(struct kshm_test_answer){
						.status = status,
						.detail = status * 3,
						.needed = -status,
					}, out, 6, &returned), status);
}

static void windows_case_11_difference_error_clears_returned(void **state)
{
	char out[6];
	__u64 returned = 99;

	answer(KSHM_TEST_ANSWER,
	       (struct kshm_test_answer){ .status = -EIO, .returned = 6 }, out,
	       6, &returned);
	assert_int_equal(returned, 0);
	answer(KSHM_TEST_ANSWER,
	       (struct kshm_test_answer){ .returned = 3, .detail = 1 }, out, 6,
	       &returned);
	assert_int_equal(returned, 3);
}

/*
 * On Windows this overruns the caller's buffer with kernel memory. What is copied comes
 * last, for a kernel that did so would not survive it.
 */
static void windows_difference_returned_is_clamped(void **state)
{
	const __u32 codes[] = {
		KSHM_TEST_ANSWER_FROM, KSHM_TEST_ANSWER_TO, KSHM_TEST_ANSWER_RAW,
		KSHM_TEST_ANSWER,
	};
	char out[16] = "abcdef";
	__u64 returned;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		answer(codes[i], (struct kshm_test_answer){ .returned = 1000 },
		       out, 6, &returned);
		assert_int_equal(returned, 6);
		assert_int_equal(out[6], 0);
	}
	answer(KSHM_TEST_ANSWER, (struct kshm_test_answer){ .returned = -1 },
	       out, 6, &returned);
	assert_int_equal(returned, 6);
}

/* Bytes that the driver returns without writing are not of somebody's past. */
static void windows_difference_output_starts_as_zeros(void **state)
{
	static const size_t sizes[] = { 1, 8, 100, 4096, 5000, 1 << 20 };
	static unsigned char in[1 << 20], out[1 << 20];
	struct kshm_ioc_control arg = request(KSHM_TEST_EDIT_IN);
	int fd = device_open("test", O_RDWR);
	size_t i, j;

	/* The driver fills its copy of in, which the next call's out may get. */
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		arg.in = user_operand(in, sizes[i]);
		arg.out = user_operand(out, sizes[i]);
		control(fd, &arg);
		memset(out, 0xff, sizes[i]);
		control(fd, &arg);
		assert_int_equal(arg.out.out_returned, sizes[i]);
		for (j = 0; j < sizes[i]; j++)
			assert_int_equal(out[j], 0);
	}
	close(fd);
}

static struct kshm_ioc_control to_driver(__u32 code, const void *data,
					 size_t len,
					 struct kshm_test_work *work,
					 struct kshm_test_place *place)
{
	struct kshm_ioc_control arg = request(code);

	arg.in = user_operand(work, sizeof(*work));
	arg.out = user_operand(place, sizeof(*place));
	arg.data = user_operand(data, len);
	return arg;
}

static void windows_case_36_copied_output_not_mapped(void **state)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_ANSWER);
	struct kshm_test_answer told = { };

	arg.in = user_operand(&told, sizeof(told));
	arg.out = user_operand(WILD_ADDRESS, 6);
	refused(arg, EFAULT, KSHM_EXPLAIN_ADDRESS, KSHM_OPERAND_OUT);
}

static void windows_case_37_copied_output_read_only(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	struct kshm_ioc_control arg = request(KSHM_TEST_ANSWER);
	struct kshm_test_answer told = { };

	mprotect(b.data, b.len, PROT_READ);
	arg.in = user_operand(&told, sizeof(told));
	arg.out = user_operand(b.data, 6);
	refused(arg, EFAULT, KSHM_EXPLAIN_ADDRESS, KSHM_OPERAND_OUT);
	buffer_free(&b);
}

/* In and out of the caller are one; the driver's are two. */
static void windows_case_38_overlapping_in_and_out(void **state)
{
	struct {
		struct kshm_test_answer told;
	} both = { .told = { .returned = sizeof(both) } };
	struct kshm_ioc_control arg = request(KSHM_TEST_ANSWER);
	int fd = device_open("test", O_RDWR);
	char want[sizeof(both)];

	arg.in = user_operand(&both, sizeof(both));
	arg.out = user_operand(&both, sizeof(both));
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, sizeof(both));
	memset(want, 'x', sizeof(want));
	assert_memory_equal(&both, want, sizeof(want));
	close(fd);
}

static void windows_case_40_read_only_data(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	struct kshm_test_work work = { };
	struct kshm_test_place place;
	int fd = device_open("test", O_RDWR);
	struct kshm_ioc_control arg;

	fill_pattern(b.data, b.len, 0);
	mprotect(b.data, b.len, PROT_READ);
	arg = to_driver(KSHM_TEST_CHECK, b.data, b.len, &work, &place);
	control(fd, &arg);
	assert_int_equal(place.wrong, 0);
	arg = to_driver(KSHM_TEST_FILL, b.data, b.len, &work, &place);
	refused(arg, EFAULT, KSHM_EXPLAIN_ADDRESS,
		KSHM_OPERAND_DATA);
	close(fd);
	buffer_free(&b);
}

/* There the driver gets NULL, here an mdl that is empty. */
static void windows_case_41_difference_empty_data_is_a_value(void **state)
{
	struct kshm_test_work work = { };
	struct kshm_test_place place;
	int fd = device_open("test", O_RDWR);
	struct kshm_ioc_control arg;

	for (work.access = KSHM_TEST_BY_MAP; work.access <= KSHM_TEST_BY_COPY;
	     work.access++) {
		arg = to_driver(KSHM_TEST_FILL, NULL, 0, &work, &place);
		control(fd, &arg);
		/* The address of nothing is not looked at. */
		arg = to_driver(KSHM_TEST_CHECK, KERNEL_ADDRESS, 0, &work,
				&place);
		control(fd, &arg);
		assert_int_equal(arg.data.out_returned, 0);
		/* Nor is there a difference to an operand that is absent. */
		arg.data = (struct kshm_operand){ };
		control(fd, &arg);
	}
	/* Nor where it is all that there could be: it is as writable as any. */
	arg = request(KSHM_TEST_TOUCH);
	control(fd, &arg);
	assert_int_equal(arg.data.out_returned, 0);
	close(fd);
}

static void windows_case_42_data_at_null(void **state)
{
	struct kshm_test_work work = { };
	struct kshm_test_place place;

	refused(to_driver(KSHM_TEST_CHECK, NULL, 1, &work, &place),
		EFAULT, KSHM_EXPLAIN_ADDRESS, KSHM_OPERAND_DATA);
	refused(to_driver(KSHM_TEST_FILL, NULL, 1, &work, &place),
		EFAULT, KSHM_EXPLAIN_ADDRESS, KSHM_OPERAND_DATA);
}

/* There a NULL input has length 0 whatever is said, here it is an error. */
static void windows_difference_null_input_with_a_length(void **state)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_CHECK_COPIED);

	arg.in = user_operand(NULL, 10);
	refused(arg, EFAULT, KSHM_EXPLAIN_ADDRESS, KSHM_OPERAND_IN);
}

static void windows_case_45_driver_edits_its_copy_of_the_input(void **state)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_EDIT_IN);
	int fd = device_open("test", O_RDWR);
	char in[] = "abcdef";

	arg.in = user_operand(in, sizeof(in));
	control(fd, &arg);
	assert_string_equal(in, "abcdef");
	close(fd);
}

static int access_raw(struct kshm_test_access *access, const void *out,
		      size_t len)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_ACCESS);
	int fd = device_open("test", O_RDWR);

	arg.in = user_operand(access, sizeof(*access));
	arg.out = user_operand(out, len);
	assert_int_equal(control_try(fd, &arg), 0);
	close(fd);
	return arg.out_status;
}

/* The handler runs; its accessors say no. */
static void windows_case_47_raw_null_with_a_length(void **state)
{
	int fd = device_open("test", O_RDWR);
	__u64 calls = test_state(fd).calls;
	struct kshm_test_access access = {
		.op = KSHM_TEST_ACCESS_READ, .len = 10,
	};

	assert_int_equal(access_raw(&access, NULL, 10), -EFAULT);
	assert_int_equal(test_state(fd).calls, calls + 1);
	close(fd);
}

static void windows_case_48_raw_kernel_address(void **state)
{
	struct kshm_test_access access = { .len = 1 };

	for (access.op = KSHM_TEST_ACCESS_READ;
	     access.op <= KSHM_TEST_ACCESS_LOCK; access.op++) {
		access.pointer = to_u64(KERNEL_ADDRESS);
		assert_int_equal(access_raw(&access, KERNEL_ADDRESS, 1),
				 -EFAULT);
	}
}

static void windows_case_49_write_access_on_a_read_only_handle(void **state)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_NEEDS_WRITE);
	int fd = device_open("test", O_RDONLY);
	__u64 calls = test_state(fd).calls;

	control_error(fd, &arg, EACCES, KSHM_EXPLAIN_ACCESS, 0);
	assert_int_equal(test_state(fd).calls, calls);
	arg = request(KSHM_TEST_RELEASE);
	control(fd, &arg);
	close(fd);
}

static void windows_case_52_probe_of_nothing(void **state)
{
	struct kshm_test_access access = {
		.op = KSHM_TEST_ACCESS_PROBE, .len = 8,
	};

	assert_int_equal(access_raw(&access, WILD_ADDRESS, 0), 0);
	assert_int_equal(access_raw(&access, KERNEL_ADDRESS, 0), 0);
}

static void windows_case_52_probe_of_the_misaligned(void **state)
{
	struct kshm_test_access access = {
		.op = KSHM_TEST_ACCESS_PROBE, .len = 8,
	};

	assert_int_equal(access_raw(&access, (void *)0x1004, 8), -EINVAL);
	assert_int_equal(access_raw(&access, (void *)0x1008, 8), 0);
	access.len = 4;
	assert_int_equal(access_raw(&access, (void *)0x1004, 8), 0);
}

static void windows_case_52_probe_of_what_wraps(void **state)
{
	struct kshm_test_access access = {
		.op = KSHM_TEST_ACCESS_PROBE, .len = 1,
	};

	assert_int_equal(access_raw(&access, (void *)-1UL, 2), -EFAULT);
	assert_int_equal(access_raw(&access, WILD_ADDRESS, -1UL), -EFAULT);
}

/* Probing touches nothing: what is not mapped passes, and fails at access. */
static void windows_case_52_probe_does_not_touch(void **state)
{
	struct kshm_test_access access = {
		.op = KSHM_TEST_ACCESS_PROBE, .len = 1,
	};

	assert_int_equal(access_raw(&access, WILD_ADDRESS, 1), 0);
	access.op = KSHM_TEST_ACCESS_READ;
	assert_int_equal(access_raw(&access, WILD_ADDRESS, 1), -EFAULT);
}

static void raw_accessors_stay_inside_the_buffer(void **state)
{
	static const __u32 ops[] = {
		KSHM_TEST_ACCESS_READ, KSHM_TEST_ACCESS_WRITE,
		KSHM_TEST_ACCESS_CLEAR, KSHM_TEST_ACCESS_LOCK,
	};
	unsigned char out[16];
	struct kshm_test_access access;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		access = (struct kshm_test_access){ .op = ops[i], .len = 17 };
		assert_int_equal(access_raw(&access, out, 16), -EMSGSIZE);
		access = (struct kshm_test_access){ .op = ops[i], .offset = 17 };
		assert_int_equal(access_raw(&access, out, 16), -EMSGSIZE);
		access = (struct kshm_test_access){ .op = ops[i], .offset = -1UL,
						    .len = 2 };
		assert_int_equal(access_raw(&access, out, 16), -EMSGSIZE);
		access = (struct kshm_test_access){ .op = ops[i], .offset = 16 };
		assert_int_equal(access_raw(&access, out, 16), 0);
	}
}

static void raw_accessors_do_what_they_say(void **state)
{
	char out[16] = "0123456789abcde";
	struct kshm_test_access access = {
		.op = KSHM_TEST_ACCESS_READ, .offset = 3, .len = 4,
	};

	assert_int_equal(access_raw(&access, out, 16), 0);
	assert_int_equal(access.value, '3');
	access.op = KSHM_TEST_ACCESS_WRITE;
	access.value = 'w';
	assert_int_equal(access_raw(&access, out, 16), 0);
	assert_string_equal(out, "012wwww789abcde");
	access.op = KSHM_TEST_ACCESS_LOCK;
	access.value = 'l';
	access.offset = 8;
	assert_int_equal(access_raw(&access, out, 16), 0);
	assert_string_equal(out, "012wwww7llllcde");
	access.op = KSHM_TEST_ACCESS_STRNLEN;
	access.offset = 2;
	access.len = 100;
	assert_int_equal(access_raw(&access, out, 16), 0);
	assert_int_equal(access.value, 13);
	access.len = 5;
	assert_int_equal(access_raw(&access, out, 16), 0);
	assert_int_equal(access.value, 5);
	access.op = KSHM_TEST_ACCESS_CLEAR;
	access.offset = 1;
	access.len = 1;
	assert_int_equal(access_raw(&access, out, 16), 0);
	assert_string_equal(out, "0");
	assert_int_equal(out[2], '2');
	/* No NUL within the buffer: as long as that. */
	access.op = KSHM_TEST_ACCESS_STRNLEN;
	access.offset = 2;
	access.len = 100;
	assert_int_equal(access_raw(&access, out, 10), 0);
	assert_int_equal(access.value, 8);
}

static void raw_pointers_inside_structs(void **state)
{
	unsigned char nested[] = { 1, 2, 4, 8 };
	struct kshm_test_access access = {
		.op = KSHM_TEST_ACCESS_NESTED, .pointer = to_u64(nested),
		.len = sizeof(nested),
	};

	assert_int_equal(access_raw(&access, NULL, 0), 0);
	assert_int_equal(access.value, 15);
	access.pointer = to_u64(WILD_ADDRESS);
	assert_int_equal(access_raw(&access, NULL, 0), -EFAULT);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(windows_case_01_copied_output_arrives),
	cmocka_unit_test(windows_case_02_short_output_gets_what_fits),
	cmocka_unit_test(windows_case_03_no_output_buffer),
	cmocka_unit_test(windows_case_04_copies_exactly_returned),
	cmocka_unit_test(windows_case_05_warning_copies),
	cmocka_unit_test(windows_case_06_information_copies),
	cmocka_unit_test(windows_case_07_error_copies_nothing),
	cmocka_unit_test(windows_case_08_from_driver_is_in_place_whatever_the_status),
	cmocka_unit_test(windows_case_09_raw_is_in_place_whatever_the_status),
	cmocka_unit_test(windows_case_10_status_comes_through),
	cmocka_unit_test(windows_case_11_difference_error_clears_returned),
	cmocka_unit_test(windows_difference_returned_is_clamped),
	cmocka_unit_test(windows_difference_output_starts_as_zeros),
	cmocka_unit_test(windows_case_36_copied_output_not_mapped),
	cmocka_unit_test(windows_case_37_copied_output_read_only),
	cmocka_unit_test(windows_case_38_overlapping_in_and_out),
	cmocka_unit_test(windows_case_40_read_only_data),
	cmocka_unit_test(windows_case_41_difference_empty_data_is_a_value),
	cmocka_unit_test(windows_case_42_data_at_null),
	cmocka_unit_test(windows_difference_null_input_with_a_length),
	cmocka_unit_test(windows_case_45_driver_edits_its_copy_of_the_input),
	cmocka_unit_test(windows_case_47_raw_null_with_a_length),
	cmocka_unit_test(windows_case_48_raw_kernel_address),
	cmocka_unit_test(windows_case_49_write_access_on_a_read_only_handle),
	cmocka_unit_test(windows_case_52_probe_of_nothing),
	cmocka_unit_test(windows_case_52_probe_of_the_misaligned),
	cmocka_unit_test(windows_case_52_probe_of_what_wraps),
	cmocka_unit_test(windows_case_52_probe_does_not_touch),
	cmocka_unit_test(raw_accessors_stay_inside_the_buffer),
	cmocka_unit_test(raw_accessors_do_what_they_say),
	cmocka_unit_test(raw_pointers_inside_structs),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

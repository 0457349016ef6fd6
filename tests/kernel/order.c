// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the order of the checks
 *
 * Each call breaks two neighbouring rules; the errno is that of the earlier
 * one. Order: struct size, readable struct, flags and reserved members, code,
 * access, lengths, user pointers, limits, pins.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"

#define KERNEL_ADDRESS	((void *)0xffff888000000000UL)

static int call(const char *device, int flags, void *arg)
{
	int fd = device_open(device, flags);
	int ret = control_try(fd, arg);

	close(fd);
	return ret;
}

/* The size is on a page that can be read, the rest is not. */
static void order_size_before_readable(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	__u32 *size = (__u32 *)(b.data + page_size()) - 1;

	/* Of the first version, and of this one. */
	*size = offsetof(struct kshm_ioc_control, user_data) - 1;
	assert_int_equal(call("test", O_RDWR, size), -EINVAL);
	*size = sizeof(struct kshm_ioc_control);
	assert_int_equal(call("test", O_RDWR, size), -EFAULT);
	*size = sizeof(struct kshm_ioc_control) + 8;
	assert_int_equal(call("test", O_RDWR, size), -EFAULT);
	buffer_free(&b);
}

static void order_unknown_tail_before_flags(void **state)
{
	struct {
		struct kshm_ioc_control arg;
		__u64 tail;
	} longer = { .arg = request(0), .tail = 1 };

	longer.arg.size = sizeof(longer);
	longer.arg.flags = 0x80;
	assert_int_equal(call("test", O_RDWR, &longer), -E2BIG);
}

static void order_flags_before_reserved(void **state)
{
	struct kshm_ioc_control arg = request(0);

	arg.flags = 0x80;
	arg.reserved = 1;
	arg.in.kind = 99;
	assert_int_equal(call("test", O_RDWR, &arg), -EOPNOTSUPP);
}

static void order_reserved_before_code(void **state)
{
	struct kshm_ioc_control arg = request(0);

	arg.in.id = 1;
	assert_int_equal(call("test", O_RDWR, &arg), -EINVAL);
}

/* No code at all, and access that no handle has. */
static void order_code_before_access(void **state)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_NEEDS_WRITE | 0xc000);

	assert_int_equal(call("test", O_RDONLY, &arg), -ENOTTY);
}

static void order_access_before_lengths(void **state)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_NEEDS_WRITE);

	arg.in = user_operand(&arg, 1);
	assert_int_equal(call("test", O_RDONLY, &arg), -EACCES);
	assert_int_equal(call("test", O_RDWR, &arg), -EMSGSIZE);
}

static void order_lengths_before_pointers(void **state)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_BOUNDS);

	arg.in = user_operand(KERNEL_ADDRESS, KSHM_TEST_IN_MAX + 1);
	arg.out = user_operand(&arg, KSHM_TEST_OUT_MIN);
	arg.data = user_operand(&arg, KSHM_TEST_DATA_MIN);
	assert_int_equal(call("test", O_RDWR, &arg), -EMSGSIZE);
	arg.in.len = KSHM_TEST_IN_MAX;
	assert_int_equal(call("test", O_RDWR, &arg), -EFAULT);
}

/* More than a request may have, in kernel space and in user space. */
static void order_pointers_before_limits(void **state)
{
	int fd = device_open("null", O_RDWR);
	struct kshm_ioc_info info = device_info(fd);
	__u64 len = (info.out_max_request_pages + 1) * info.out_page_size;
	struct kshm_ioc_control arg = request(KSHM_TEST_HOLD_READ);
	struct kshm_test_held held;

	close(fd);
	arg.out = user_operand(&held, sizeof(held));
	arg.data = user_operand(KERNEL_ADDRESS, len);
	assert_int_equal(call("test", O_RDWR, &arg), -EFAULT);
	arg.data.addr = to_u64((void *)0x10000);
	assert_int_equal(call("test", O_RDWR, &arg), -EDQUOT);
}

/* Nothing is mapped there: what is over the limit is not even looked at. */
static void order_limits_before_pins(void **state)
{
	int fd = device_open("null", O_RDWR);
	struct kshm_ioc_info info = device_info(fd);
	struct kshm_ioc_control arg = request(KSHM_TEST_HOLD_READ);
	struct kshm_test_held held;
	struct kshm_explain why;

	close(fd);
	fd = device_open("test", O_RDWR);
	arg.out = user_operand(&held, sizeof(held));
	arg.data = user_operand((void *)0x10000,
				info.out_max_user_pages * info.out_page_size);
	why = control_error(fd, &arg, EDQUOT, KSHM_EXPLAIN_LIMIT_USER, 0);
	assert_int_equal(why.limit, info.out_max_user_pages);
	arg.data.len = info.out_page_size;
	control_error(fd, &arg, EFAULT, KSHM_EXPLAIN_ADDRESS,
		      KSHM_OPERAND_DATA);
	close(fd);
}

/* in, out, data: the first bad one is named. */
static void order_operands_in_turn(void **state)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_HOLD_READ);
	int fd = device_open("test", O_RDWR);
	struct kshm_test_held held;

	arg.in = user_operand(NULL, 1);
	arg.out = user_operand(NULL, sizeof(held));
	arg.data = user_operand(NULL, 1);
	control_error(fd, &arg, EFAULT, KSHM_EXPLAIN_ADDRESS, KSHM_OPERAND_IN);
	arg.in = user_operand(&held, 1);
	control_error(fd, &arg, EFAULT, KSHM_EXPLAIN_ADDRESS,
		      KSHM_OPERAND_OUT);
	arg.out = user_operand(&held, sizeof(held));
	control_error(fd, &arg, EFAULT, KSHM_EXPLAIN_ADDRESS,
		      KSHM_OPERAND_DATA);
	close(fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(order_size_before_readable),
	cmocka_unit_test(order_unknown_tail_before_flags),
	cmocka_unit_test(order_flags_before_reserved),
	cmocka_unit_test(order_reserved_before_code),
	cmocka_unit_test(order_code_before_access),
	cmocka_unit_test(order_access_before_lengths),
	cmocka_unit_test(order_lengths_before_pointers),
	cmocka_unit_test(order_pointers_before_limits),
	cmocka_unit_test(order_limits_before_pins),
	cmocka_unit_test(order_operands_in_turn),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

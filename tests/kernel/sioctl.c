// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the device "sioctl": the conversation of the Windows driver
 * kit's sample, code for code and byte for byte
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kshm_sioctl.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "leak.h"

#define ANSWER		"This String is from Device Driver !!!"
#define ANSWER_SIZE	38
#define FROM_APP	"This String is from User Application; using "
#define GUARD		0xcd

_Static_assert(sizeof(ANSWER) == ANSWER_SIZE, "the sample returns 38 bytes");

/* The sample's buffers, with what is not to be touched behind the second. */
struct buffers {
	char in[100];
	unsigned char out[100];
	unsigned char guard[16];
};

static struct buffers make_buffers(const char *in)
{
	struct buffers b;

	memset(&b, 0, sizeof(b));
	memset(b.guard, GUARD, sizeof(b.guard));
	strcpy(b.in, in);
	return b;
}

static bool direct(__u32 code)
{
	return KSHM_CODE_METHOD(code) == KSHM_METHOD_IN_DIRECT ||
	       KSHM_CODE_METHOD(code) == KSHM_METHOD_OUT_DIRECT;
}

/* As DeviceIoControl(): the second buffer is data of the direct methods. */
static int converse(__u32 code, struct buffers *b, size_t in_len,
		    size_t out_len, __u64 *returned)
{
	struct kshm_ioc_control arg = request(code);
	struct kshm_operand *second = direct(code) ? &arg.data : &arg.out;
	int fd = device_open("sioctl", O_RDWR);
	int ret;

	arg.in = user_operand(b->in, in_len);
	*second = user_operand(b->out, out_len);
	ret = control_try(fd, &arg);
	close(fd);
	*returned = second->out_returned;
	return ret ?: arg.out_status;
}

/* The answer arrives; behind it nothing changes, where Windows' leaks 62 bytes. */
static void answers(__u32 code, const char *in, size_t in_len)
{
	struct buffers b = make_buffers(in);
	__u64 returned;
	size_t i;

	assert_int_equal(strlen(in) + 1, in_len);
	assert_int_equal(converse(code, &b, in_len, sizeof(b.out), &returned),
			 0);
	assert_int_equal(returned, ANSWER_SIZE);
	assert_memory_equal(b.out, ANSWER, ANSWER_SIZE);
	for (i = ANSWER_SIZE; i < sizeof(b.out); i++)
		assert_int_equal(b.out[i], 0);
	for (i = 0; i < sizeof(b.guard); i++)
		assert_int_equal(b.guard[i], GUARD);
}

static void sioctl_codes_are_those_of_windows(void **state)
{
	assert_int_equal(KSHM_SIOCTL_METHOD_BUFFERED, 0x9C402408);
	assert_int_equal(KSHM_SIOCTL_METHOD_NEITHER, 0x9C40240F);
	assert_int_equal(KSHM_SIOCTL_METHOD_IN_DIRECT, 0x9C402401);
	assert_int_equal(KSHM_SIOCTL_METHOD_OUT_DIRECT, 0x9C402406);
}

static void sioctl_buffered(void **state)
{
	answers(KSHM_SIOCTL_METHOD_BUFFERED, FROM_APP "METHOD_BUFFERED", 60);
}

static void sioctl_neither(void **state)
{
	answers(KSHM_SIOCTL_METHOD_NEITHER, FROM_APP "METHOD_NEITHER", 59);
}

static void sioctl_out_direct(void **state)
{
	answers(KSHM_SIOCTL_METHOD_OUT_DIRECT, FROM_APP "METHOD_OUT_DIRECT",
		62);
}

/* The driver reads the buffer and says how long it is. */
static void sioctl_in_direct(void **state)
{
	static const char out[] =
		"This String is from User Application in OutBuffer; using METHOD_IN_DIRECT";
	struct buffers b = make_buffers(FROM_APP "METHOD_IN_DIRECT"), before;
	__u64 returned;

	assert_int_equal(sizeof(out), 74);
	memcpy(b.out, out, sizeof(out));
	before = b;
	assert_int_equal(converse(KSHM_SIOCTL_METHOD_IN_DIRECT, &b, 61,
				  sizeof(b.out), &returned), 0);
	assert_int_equal(returned, 100);
	assert_memory_equal(&b, &before, sizeof(b));
}

static const __u32 codes[] = {
	KSHM_SIOCTL_METHOD_BUFFERED, KSHM_SIOCTL_METHOD_NEITHER,
	KSHM_SIOCTL_METHOD_IN_DIRECT, KSHM_SIOCTL_METHOD_OUT_DIRECT,
};

static void windows_case_51_sioctl_zero_lengths(void **state)
{
	struct buffers b = make_buffers("x");
	__u64 returned;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		assert_int_equal(converse(codes[i], &b, 0, 100, &returned),
				 -EINVAL);
		assert_int_equal(returned, 0);
		assert_int_equal(converse(codes[i], &b, 2, 0, &returned),
				 -EINVAL);
		assert_int_equal(converse(codes[i], &b, 0, 0, &returned),
				 -EINVAL);
	}
}

/* There the lengths are looked at first, here the code. */
static void windows_case_51_sioctl_unknown_code(void **state)
{
	struct buffers b = make_buffers("x");
	__u64 returned;

	assert_int_equal(converse(0x9C402410, &b, 2, 100, &returned), -ENOTTY);
	assert_int_equal(converse(0x9C402410, &b, 0, 0, &returned), -ENOTTY);
}

/* A buffer shorter than the answer gets its beginning, not a byte more. */
static void sioctl_short_buffers(void **state)
{
	struct buffers b;
	__u64 returned;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		if (codes[i] == KSHM_SIOCTL_METHOD_IN_DIRECT)
			continue;
		for (len = 1; len <= ANSWER_SIZE; len++) {
			b = make_buffers("x");
			memset(b.out, GUARD, sizeof(b.out));
			assert_int_equal(converse(codes[i], &b, 2, len,
						  &returned), 0);
			assert_int_equal(returned, len);
			assert_memory_equal(b.out, ANSWER, len);
			assert_int_equal(b.out[len], GUARD);
		}
	}
}

/* The NEITHER row probes and locks for itself, and unwinds cleanly. */
static void sioctl_neither_bad_pointers(void **state)
{
	struct kshm_ioc_control arg = request(KSHM_SIOCTL_METHOD_NEITHER);
	struct buffer ro = buffer_make(BUFFER_ANON, page_size());
	int fd = device_open("sioctl", O_RDWR);
	char in[10] = "x", out[100];

	mprotect(ro.data, ro.len, PROT_READ);
	arg.out = user_operand(out, sizeof(out));
	arg.in = user_operand((void *)0xffff888000000000UL, 10);
	control_status(fd, &arg, -EFAULT);
	arg.in = user_operand(NULL, 10);
	control_status(fd, &arg, -EFAULT);
	/* What can be read is enough for the input. */
	arg.in = user_operand(ro.data, 10);
	control_status(fd, &arg, 0);
	arg.in = user_operand(in, sizeof(in));
	arg.out = user_operand(ro.data, 100);
	control_status(fd, &arg, -EFAULT);
	arg.out = user_operand((void *)0xffff888000000000UL, 100);
	control_status(fd, &arg, -EFAULT);
	close(fd);
	buffer_free(&ro);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sioctl_codes_are_those_of_windows),
	cmocka_unit_test(sioctl_buffered),
	cmocka_unit_test(sioctl_neither),
	cmocka_unit_test(sioctl_in_direct),
	cmocka_unit_test(sioctl_out_direct),
	cmocka_unit_test(windows_case_51_sioctl_zero_lengths),
	cmocka_unit_test(windows_case_51_sioctl_unknown_code),
	cmocka_unit_test(sioctl_short_buffers),
	cmocka_unit_test(sioctl_neither_bad_pointers),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

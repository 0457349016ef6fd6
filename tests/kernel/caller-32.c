// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - a 32-bit caller: what compat.c has built for and run on a 64-bit kernel
 *
 * Exits with 0, or prints what went wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kshm_test.h"

_Static_assert(sizeof(void *) == 4, "this is to be a 32-bit program");

static void expect(int ok, const char *what)
{
	if (ok)
		return;
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static struct kshm_operand operand(void *addr, size_t len)
{
	return (struct kshm_operand){
		.kind = KSHM_OPERAND_USER, .addr = (uintptr_t)addr, .len = len,
	};
}

static void try_info(int fd)
{
	struct kshm_ioc_info info = { .size = sizeof(info) };

	expect(!ioctl(fd, KSHM_IOC_INFO, &info), "info");
	expect(info.out_abi_version == KSHM_ABI_VERSION, "ABI version");
	expect(!strcmp(info.out_device, "test"), "name of the device");
}

static void try_copied(int fd)
{
	struct kshm_ioc_control arg = {
		.size = sizeof(arg), .code = KSHM_TEST_FILL_COPIED,
	};
	unsigned char out[300];
	size_t i;

	arg.out = operand(out, sizeof(out));
	expect(!ioctl(fd, KSHM_IOC_CONTROL, &arg), "copied");
	expect(arg.out.out_returned == sizeof(out), "bytes returned");
	for (i = 0; i < sizeof(out); i++)
		expect(out[i] == kshm_test_byte(0, i), "bytes copied");
}

static void try_direct(int fd)
{
	struct kshm_test_work work = { .seed = 9 };
	struct kshm_test_place place;
	struct kshm_ioc_control arg = {
		.size = sizeof(arg), .code = KSHM_TEST_FILL,
	};
	static unsigned char data[20000];
	size_t i;

	arg.in = operand(&work, sizeof(work));
	arg.out = operand(&place, sizeof(place));
	arg.data = operand(data + 5, sizeof(data) - 5);
	expect(!ioctl(fd, KSHM_IOC_CONTROL, &arg), "from driver");
	for (i = 5; i < sizeof(data); i++)
		expect(data[i] == kshm_test_byte(9, i - 5), "bytes in place");
	arg.code = KSHM_TEST_CHECK;
	expect(!ioctl(fd, KSHM_IOC_CONTROL, &arg), "to driver");
	expect(place.wrong == 0, "bytes seen by the driver");
}

static void try_state(int fd)
{
	struct kshm_test_state state;
	struct kshm_ioc_control arg = {
		.size = sizeof(arg), .code = KSHM_TEST_STATE,
	};

	arg.out = operand(&state, sizeof(state));
	expect(!ioctl(fd, KSHM_IOC_CONTROL, &arg), "state");
	expect(state.compat == 1, "the driver knows a 32-bit caller");
}

static void try_failure(int fd)
{
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_control arg = {
		.size = sizeof(arg), .code = KSHM_TEST_FILL_COPIED,
		.explain = (uintptr_t)&why,
	};

	arg.out = operand(NULL, 1);
	expect(ioctl(fd, KSHM_IOC_CONTROL, &arg) == -1 && errno == EFAULT,
	       "failure");
	expect(why.check == KSHM_EXPLAIN_ADDRESS, "explanation");
}

int main(void)
{
	int fd = open("/dev/kshm/test", O_RDWR);

	expect(fd != -1, "/dev/kshm/test");
	try_info(fd);
	try_copied(fd);
	try_direct(fd);
	try_state(fd);
	try_failure(fd);
	return 0;
}

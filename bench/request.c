// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what a request costs, beside its peers, in the same run
 *
 * Runs in a machine whose clock counts executed instructions. Prints a line for
 * each operation: name, tab, least, tab, median of its instructions, the
 * clock's own share taken off.
 */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <linux/kshm_null.h>

#include "kshm_test.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define ROUNDS	401
#define WARM_UP	20

static int dev_null, null, test, ring;
static unsigned char *page;
static struct kshm_ioc_control arg;

static __u64 now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* Ends the measurement, rather than to measure failures. */
static void expect(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static struct kshm_operand user(void *addr, size_t len)
{
	return (struct kshm_operand){
		.kind = KSHM_OPERAND_USER, .addr = (uintptr_t)addr, .len = len,
	};
}

static void prepare(__u32 code)
{
	memset(&arg, 0, sizeof(arg));
	arg.size = sizeof(arg);
	arg.code = code;
}

static void nothing(void)
{
}

static void prepare_nothing(void)
{
}

static void enotty(void)
{
	expect(ioctl(dev_null, KSHM_IOC_CONTROL, &arg) == -1, "/dev/null");
}

static void prepare_empty(void)
{
	prepare(KSHM_NULL_NOP);
}

static void call_null(void)
{
	expect(!ioctl(null, KSHM_IOC_CONTROL, &arg), "null");
}

static void prepare_pin(void)
{
	prepare(KSHM_NULL_NOP_FROM_DRIVER);
	arg.data = user(page, 4096);
}

static void prepare_copied(void)
{
	prepare(KSHM_NULL_NOP);
	arg.in = user(page, 60);
}

static void prepare_from_driver(void)
{
	prepare(KSHM_TEST_TOUCH);
	arg.data = user(page, 4096);
}

static void call_test(void)
{
	expect(!ioctl(test, KSHM_IOC_CONTROL, &arg) && !arg.out_status, "test");
}

static void register_buffer(void)
{
	struct iovec iov = { .iov_base = page, .iov_len = 4096 };

	expect(!syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS,
			&iov, 1), "register");
	expect(!syscall(SYS_io_uring_register, ring, IORING_UNREGISTER_BUFFERS,
			NULL, 0), "unregister");
}

static const struct {
	const char *name;
	void (*prepare)(void);
	void (*run)(void);
} operations[] = {
	{ "clock", prepare_nothing, nothing },
	{ "enotty", prepare_empty, enotty },
	{ "empty", prepare_empty, call_null },
	{ "pin", prepare_pin, call_null },
	{ "copied", prepare_copied, call_null },
	{ "from-driver", prepare_from_driver, call_test },
	{ "io_uring", prepare_nothing, register_buffer },
};

static int compare(const void *a, const void *b)
{
	__u64 x = *(const __u64 *)a, y = *(const __u64 *)b;

	return x < y ? -1 : x > y;
}

static void measure(size_t which, __u64 clock, __u64 *sorted)
{
	__u64 start;
	int i;

	operations[which].prepare();
	for (i = -WARM_UP; i < ROUNDS; i++) {
		start = now();
		operations[which].run();
		if (i >= 0)
			sorted[i] = now() - start - clock;
	}
	qsort(sorted, ROUNDS, sizeof(*sorted), compare);
}

int main(void)
{
	struct io_uring_params params = { };
	__u64 sorted[ROUNDS], clock = 0;
	size_t i;

	dev_null = open("/dev/null", O_RDWR);
	null = open("/dev/kshm/null", O_RDWR);
	test = open("/dev/kshm/test", O_RDWR);
	ring = syscall(SYS_io_uring_setup, 4, &params);
	expect(dev_null >= 0 && null >= 0 && test >= 0 && ring >= 0, "open");
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	expect(page != MAP_FAILED, "mmap");
	for (i = 0; i < ARRAY_SIZE(operations); i++) {
		measure(i, clock, sorted);
		if (!i)
			clock = sorted[0];
		printf("result\t%s\t%llu\t%llu\n", operations[i].name,
		       sorted[0],
		       sorted[ROUNDS / 2]);
	}
	return 0;
}

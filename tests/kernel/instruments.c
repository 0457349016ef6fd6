// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests that a debug kernel does what it was built for
 *
 * An option that is configured may be off all the same. KASAN is seen by tests/kernel/oops,
 * whose machine it may complain in; what ends by itself is looked at in the end, by
 * tests/vm/nothing-left.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/kcov.h>

#include "buffer.h"
#include "device.h"
#include "fault.h"
#include "harness.h"
#include "kshm_test.h"

#define ENTRIES		1024

static void instruments_free_pages_are_poisoned(void **state)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_POISON);
	int fd = device_open("test", O_RDWR);
	__u32 poisoned;

	arg.out = user_operand(&poisoned, sizeof(poisoned));
	control_status(fd, &arg, 0);
	assert_int_equal(poisoned, page_size());
	close(fd);
}

/* One that may sleep, the first that the call makes. */
static void instruments_allocations_fail(void **state)
{
	int fd, error;

	fault_arm(gettid(), 1);
	fd = eventfd(0, 0);
	error = errno;
	assert_true(fault_disarm());
	assert_int_equal(fd, -1);
	assert_int_equal(error, ENOMEM);
}

static void instruments_modules_say_where_they_are(void **state)
{
	int fd = device_open("null", O_RDWR);
	int kcov = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	__u64 *area;

	assert_int_not_equal(kcov, -1);
	assert_int_equal(ioctl(kcov, KCOV_INIT_TRACE, (unsigned long)ENTRIES), 0);
	area = mmap(NULL, ENTRIES * sizeof(*area), PROT_READ | PROT_WRITE, MAP_SHARED, kcov, 0);
	assert_ptr_not_equal(area, MAP_FAILED);
	assert_int_equal(ioctl(kcov, KCOV_ENABLE, (unsigned long)KCOV_TRACE_PC), 0);
	device_info(fd);
	assert_int_equal(ioctl(kcov, KCOV_DISABLE, 0), 0);
	assert_true(area[0] > 0);
	munmap(area, ENTRIES * sizeof(*area));
	close(kcov);
	close(fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(instruments_free_pages_are_poisoned),
	cmocka_unit_test(instruments_allocations_fail),
	cmocka_unit_test(instruments_modules_say_where_they_are),
};

HARNESS_MAIN(tests)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of 32-bit callers on a 64-bit kernel
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "leak.h"
#include "state.h"

/* Its output becomes the test's. */
static void compat_32_bit_program(void **state)
{
	pid_t child = fork();
	int status;

	if (!child) {
		execl("tests/kernel/caller-32", "caller-32", NULL);
		perror("tests/kernel/caller-32");
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void compat_64_bit_program_is_not_taken_for_one(void **state)
{
	int fd = device_open("test", O_RDWR);

	assert_int_equal(test_state(fd).compat, 0);
	close(fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(compat_32_bit_program),
	cmocka_unit_test(compat_64_bit_program_is_not_taken_for_one),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

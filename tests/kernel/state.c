// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what the driver for tests saw
 */
#include <fcntl.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "state.h"

struct kshm_test_state test_state(int fd)
{
	struct kshm_test_state state;
	struct kshm_ioc_control arg = request(KSHM_TEST_STATE);

	arg.out = user_operand(&state, sizeof(state));
	control(fd, &arg);
	return state;
}

void wait_until_holding(int fd, __u64 holding)
{
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (test_state(fd).holding == holding)
			return;
		usleep(10000);
	}
	fail_msg("no %llu handlers wait", holding);
}

void wait_until_free(int fd)
{
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (!device_info(fd).out_system_pages)
			return;
		usleep(10000);
	}
	fail_msg("pages of a dead caller stay charged");
}

void release(int fd)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_RELEASE);

	control(fd, &arg);
}

struct kshm_explain refused(struct kshm_ioc_control arg, int error,
			    __u32 check, __u32 operand)
{
	int fd = device_open("test", O_RDWR);
	__u64 calls = test_state(fd).calls;
	struct kshm_explain why = control_error(fd, &arg, error, check, operand);

	assert_int_equal(test_state(fd).calls, calls);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	assert_int_equal(arg.out_status, 0);
	close(fd);
	return why;
}

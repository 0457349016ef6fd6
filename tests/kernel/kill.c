// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of callers that are killed: in a pin, in a handler, while a page
 * is awaited that never comes; root's, who may keep a fault of the kernel waiting
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/kshm_null.h>
#include <linux/userfaultfd.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "state.h"

static void kill_a_running_request(void **state)
{
	struct buffer b = buffer_make(BUFFER_SHARED, 100 * page_size());
	int fd = device_open("test", O_RDWR);
	struct kshm_test_held held;
	struct kshm_ioc_control arg =
		hold_request(KSHM_TEST_HOLD_READ, &held, b.data, b.len);
	pid_t child = fork();

	if (!child)
		_exit(control_try(fd, &arg) ? 1 : 0);
	wait_until_holding(fd, 1);
	assert_true(device_info(fd).out_user_pages >= 100);
	if (!dies(child)) {
		release(fd);
		fail_msg("the caller does not die");
	}
	assert_int_equal(test_state(fd).holding, 0);
	wait_until_free(fd);
	close(fd);
	buffer_free(&b);
}

/* The child pins all the time; wherever it is hit, nothing stays. */
static void kill_in_the_middle_of_a_pin(void **state)
{
	struct buffer b = buffer_make(BUFFER_SHARED, 64 << 20);
	int fd = device_open("null", O_RDWR);
	struct kshm_ioc_control arg = request(KSHM_NULL_NOP_FROM_DRIVER);
	int round;
	pid_t child;

	arg.data = user_operand(b.data, b.len);
	for (round = 0; round < 20; round++) {
		child = fork();
		if (!child)
			for (;;)
				if (control_try(fd, &arg))
					_exit(1);
		while (!device_info(fd).out_system_pages)
			usleep(100);
		usleep(round * 300);
		assert_true(dies(child));
		wait_until_free(fd);
	}
	close(fd);
	buffer_free(&b);
}

/*
 * A page that never comes: the child's fault on it is kept waiting, and the
 * parent told of it.
 */
struct awaited {
	int userfault;
	int tell;
};

static void *tell_of_fault(void *data)
{
	struct awaited *awaited = data;
	struct uffd_msg message;

	if (read(awaited->userfault, &message, sizeof(message)) > 0)
		write(awaited->tell, "", 1);
	return NULL;
}

static int await_page(void *page, struct awaited *awaited)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { .start = to_u64(page), .len = page_size() },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	pthread_t thread;

	awaited->userfault = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (awaited->userfault < 0 ||
	    ioctl(awaited->userfault, UFFDIO_API, &api) ||
	    ioctl(awaited->userfault, UFFDIO_REGISTER, &range) ||
	    madvise(page, page_size(), MADV_DONTNEED))
		return -1;
	return pthread_create(&thread, NULL, tell_of_fault, awaited);
}

static void kill_while_awaited(__u32 code, __u32 operand)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	struct kshm_ioc_control arg = request(code);
	struct kshm_operand op = user_operand(b.data, b.len);
	int fd = device_open("null", O_RDWR), fault[2];
	struct awaited awaited;
	pid_t child;
	char byte;

	if (operand == KSHM_OPERAND_IN)
		arg.in = op;
	else if (operand == KSHM_OPERAND_OUT)
		arg.out = op;
	else
		arg.data = op;
	assert_int_equal(pipe(fault), 0);
	child = fork();
	if (!child) {
		awaited.tell = fault[1];
		if (await_page(b.data, &awaited))
			_exit(1);
		control_try(fd, &arg);
		_exit(2);
	}
	close(fault[1]);
	assert_int_equal(read(fault[0], &byte, 1), 1);
	assert_true(dies(child));
	wait_until_free(fd);
	close(fault[0]);
	close(fd);
	buffer_free(&b);
}

static void kill_while_a_page_is_awaited(void **state)
{
	kill_while_awaited(KSHM_NULL_NOP, KSHM_OPERAND_IN);
	kill_while_awaited(KSHM_NULL_NOP, KSHM_OPERAND_OUT);
	kill_while_awaited(KSHM_NULL_NOP_TO_DRIVER, KSHM_OPERAND_DATA);
	kill_while_awaited(KSHM_NULL_NOP_FROM_DRIVER, KSHM_OPERAND_DATA);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(kill_a_running_request),
	cmocka_unit_test(kill_in_the_middle_of_a_pin),
	cmocka_unit_test(kill_while_a_page_is_awaited),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

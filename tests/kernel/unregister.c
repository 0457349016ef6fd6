// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of devices that vanish, with handles open and calls under way;
 * root's, whose the nodes of new devices are
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pended_calls.h"
#include "section_calls.h"
#include "state.h"

static void set_devices(int fd, __u32 nr)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_DEVICES);

	arg.in = user_operand(&nr, sizeof(nr));
	control(fd, &arg);
}

static void open_devices(int *fds)
{
	char name[32];
	size_t i;

	for (i = 0; i < KSHM_TEST_MAX_DEVICES; i++) {
		snprintf(name, sizeof(name), "test-%zu", i);
		fds[i] = device_open(name, O_RDWR);
	}
}

static void assert_shell(int fd)
{
	struct kshm_ioc_info info = { .size = sizeof(info) };
	struct kshm_ioc_control arg = request(KSHM_TEST_RELEASE);
	struct kshm_ioc_section_attach attach = section_request(-1, READ_WRITE);
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	struct kshm_explain why;

	control_error(fd, &arg, ENODEV, KSHM_EXPLAIN_GONE, 0);
	assert_int_equal(section_try(fd, &attach, &why), -ENODEV);
	assert_int_equal(why.check, KSHM_EXPLAIN_GONE);
	assert_int_equal(syscall(SYS_ioctl, fd, KSHM_IOC_INFO, &info), -1);
	assert_int_equal(errno, ENODEV);
	assert_int_equal(poll(&poller, 1, 0), 1);
	assert_int_equal(poller.revents, POLLHUP | POLLERR);
}

static void unregister_hundred_devices_while_open(void **state)
{
	int watch = device_open("test", O_RDWR), fds[KSHM_TEST_MAX_DEVICES];
	struct kshm_test_state before = test_state(watch), after;
	size_t i;

	set_devices(watch, KSHM_TEST_MAX_DEVICES);
	open_devices(fds);
	set_devices(watch, 0);
	after = test_state(watch);
	assert_int_equal(after.closed, before.closed + KSHM_TEST_MAX_DEVICES);
	assert_int_equal(after.cleaned, before.cleaned + KSHM_TEST_MAX_DEVICES);
	for (i = 0; i < KSHM_TEST_MAX_DEVICES; i++)
		assert_shell(fds[i]);
	assert_int_equal(open("/dev/kshm/test-0", O_RDWR), -1);
	for (i = 0; i < KSHM_TEST_MAX_DEVICES; i++)
		close(fds[i]);
	/* What was detached is not detached again, and no handler ran. */
	before = after;
	after = test_state(watch);
	assert_int_equal(after.closed, before.closed);
	assert_int_equal(after.calls, before.calls);
	assert_int_equal(after.disorder, 0);
	close(watch);
}

/*
 * Processes that call, open and close all the time, while the devices come and
 * go. Nothing but success and the two answers of a device that is not there.
 */
#define CALLERS	4

/* Shared by all of them. */
struct load {
	bool stop;
	__u64 calls[CALLERS];	/* that a handler answered */
};

static int call_once(unsigned int which, __u64 *calls)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL_COPIED);
	unsigned char out[64];
	char path[64];
	int fd, ret;

	snprintf(path, sizeof(path), "/dev/kshm/test-%u", which);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENODEV || errno == ENXIO ?
		       0 : -errno;
	arg.out = user_operand(out, sizeof(out));
	ret = control_try(fd, &arg);
	close(fd);
	if (!ret)
		++*calls;
	return ret == -ENODEV ? 0 : ret ?: arg.out_status;
}

static int caller(volatile struct load *load, unsigned int nr)
{
	unsigned int n = nr * KSHM_TEST_MAX_DEVICES / CALLERS;
	__u64 calls = 0;
	int ret;

	while (!load->stop) {
		ret = call_once(n++ % KSHM_TEST_MAX_DEVICES, &calls);
		if (ret)
			return 1;
		load->calls[nr] = calls;
	}
	return 0;
}

static void unregister_hundred_devices_under_load(void **state)
{
	struct load *load = mmap(NULL, sizeof(*load), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int watch = device_open("test", O_RDWR), rounds = harness_brief() ? 1 : 5;
	pid_t callers[CALLERS];
	int status;
	size_t i;

	assert_ptr_not_equal(load, MAP_FAILED);
	for (i = 0; i < CALLERS; i++) {
		callers[i] = fork();
		if (!callers[i])
			_exit(caller(load, i));
	}
	while (rounds--) {
		set_devices(watch, KSHM_TEST_MAX_DEVICES);
		set_devices(watch, 0);
	}
	load->stop = true;
	for (i = 0; i < CALLERS; i++) {
		assert_int_equal(waitpid(callers[i], &status, 0), callers[i]);
		assert_int_equal(status, 0);
		assert_int_not_equal(load->calls[i], 0);
	}
	assert_int_equal(test_state(watch).disorder, 0);
	munmap(load, sizeof(*load));
	close(watch);
}

/* Unregistering ends a handler that waits, and waits for its end. */
static void unregister_while_it_waits(__u32 code)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	int watch = device_open("test", O_RDWR), fd;
	struct call call;

	set_devices(watch, 1);
	fd = device_open("test-0", O_RDWR);
	call.arg = hold_request(code, &call.held, b.data, 10);
	/* It is to look by itself now and then. */
	call.arg.in = user_operand(b.data, 1);
	call_start(&call, fd);
	wait_until_holding(watch, 1);
	set_devices(watch, 0);
	assert_int_equal(test_state(watch).holding, 0);
	call_join(&call);
	assert_int_equal(call.ret, 0);
	assert_int_equal(call.arg.out_status, -EINTR);
	assert_shell(fd);
	close(fd);
	close(watch);
	buffer_free(&b);
}

static void unregister_with_a_request_under_way(void **state)
{
	unregister_while_it_waits(KSHM_TEST_HOLD_READ);
}

static void unregister_with_a_worker_under_way(void **state)
{
	unregister_while_it_waits(KSHM_TEST_HOLD_WORKER);
}

static void *no_devices(void *watch)
{
	set_devices(*(int *)watch, 0);
	return NULL;
}

/*
 * Whether some of what the driver keeps was completed. Where it was not, whoever
 * unregisters waits for ever: then it is, whatever becomes of the test.
 */
static bool was_completed(int watch, __u64 before)
{
	int tries;

	for (tries = 0; tries < 10000; tries++) {
		if (test_state(watch).completed != before)
			return true;
		usleep(1000);
	}
	complete_all(watch);
	return false;
}

/* What its driver keeps is cancelled, or waited for, and all that ended is read after. */
static void unregister_with_requests_that_pend(void **state)
{
	int watch = device_open("test", O_RDWR), fd;
	struct kshm_test_state before, after;
	struct kshm_completion completion;
	struct pollfd poller = { .events = POLLIN };
	pthread_t thread;

	set_devices(watch, 1);
	fd = device_open("test-0", O_RDWR);
	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, 1);
	submit_pend(fd, KSHM_TEST_PEND_UNCANCELLABLE, 2);
	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, 3);
	complete_one(fd, 1);
	before = test_state(watch);
	assert_int_equal(pthread_create(&thread, NULL, no_devices, &watch), 0);
	poller.fd = fd;
	assert_int_equal(poll(&poller, 1, -1), 1);
	assert_true(was_completed(watch, before.completed));
	assert_int_equal(test_state(watch).closed, before.closed);
	complete_one(watch, 2);
	pthread_join(thread, NULL);
	after = test_state(watch);
	assert_int_equal(after.closed, before.closed + 1);
	assert_int_equal(after.disorder, 0);

	poller.revents = 0;
	assert_int_equal(poll(&poller, 1, 0), 1);
	assert_int_equal(poller.revents, POLLIN | POLLHUP | POLLERR);
	completion_of(fd, 1, 0);
	completion_of(fd, 3, -ECANCELED);
	completion_of(fd, 2, 0);
	assert_int_equal(read(fd, &completion, sizeof(completion)), -1);
	assert_int_equal(errno, ENODEV);
	assert_int_equal(cancel_try(fd, 1, 0, NULL), -ENODEV);
	assert_shell(fd);
	close(fd);
	close(watch);
}

/* Who waits for one when the device goes. */
static void *wait_for_one(void *data)
{
	const struct kshm_test_pend pend = { .key = 4 };
	struct kshm_ioc_control arg = pend_request(KSHM_TEST_PEND, &pend, 4);
	int ret = control_try(*(int *)data, &arg);

	return (void *)(intptr_t)(ret ? ret : arg.out_status);
}

static void *read_one(void *data)
{
	struct kshm_completion completion;

	return (void *)(intptr_t)(read(*(int *)data, &completion, sizeof(completion)) < 0 ?
				  -errno : 0);
}

static void unregister_ends_waits(void **state)
{
	int watch = device_open("test", O_RDWR), fd;
	const struct kshm_test_state before = test_state(watch);
	pthread_t waiter, reader, unregisters;
	void *result;

	set_devices(watch, 1);
	fd = device_open("test-0", O_RDWR);
	assert_int_equal(pthread_create(&waiter, NULL, wait_for_one, &fd), 0);
	assert_int_equal(pthread_create(&reader, NULL, read_one, &fd), 0);
	wait_until_kept(watch, before.calls + 1);
	usleep(50000);
	assert_int_equal(pthread_create(&unregisters, NULL, no_devices, &watch), 0);
	assert_true(was_completed(watch, before.completed));
	pthread_join(unregisters, NULL);
	pthread_join(waiter, &result);
	assert_int_equal((intptr_t)result, -ECANCELED);
	pthread_join(reader, &result);
	assert_int_equal((intptr_t)result, -ENODEV);
	close(fd);
	close(watch);
}

/*
 * poll() wakes when the device goes: without a timeout, at whose end it would
 * look again and see it.
 */
static void *poll_for_hangup(void *data)
{
	struct pollfd poller = { .fd = *(int *)data };

	poll(&poller, 1, -1);
	return (void *)(uintptr_t)poller.revents;
}

static void unregister_wakes_poll(void **state)
{
	int watch = device_open("test", O_RDWR), fd;
	pthread_t thread;
	void *result;

	set_devices(watch, 1);
	fd = device_open("test-0", O_RDWR);
	assert_int_equal(pthread_create(&thread, NULL, poll_for_hangup, &fd),
			 0);
	usleep(50000);
	set_devices(watch, 0);
	pthread_join(thread, &result);
	assert_int_equal((uintptr_t)result, POLLHUP | POLLERR);
	close(fd);
	close(watch);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(unregister_hundred_devices_while_open),
	cmocka_unit_test(unregister_hundred_devices_under_load),
	cmocka_unit_test(unregister_with_a_request_under_way),
	cmocka_unit_test(unregister_with_a_worker_under_way),
	cmocka_unit_test(unregister_with_requests_that_pend),
	cmocka_unit_test(unregister_ends_waits),
	cmocka_unit_test(unregister_wakes_poll),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

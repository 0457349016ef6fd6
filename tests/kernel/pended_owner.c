// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of whose a request is that lasts: who is charged for it, what it keeps, and
 * what becomes of it when its caller is stopped or killed, or is another program by then;
 * root's, who is several users
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "parameter.h"
#include "pattern.h"
#include "pended_calls.h"
#include "state.h"
#include "thread_state.h"
#include "userfault.h"

#define USER	4321
#define PAGES	10
#define KEY	5
#define SEED	3

static int fd;
static struct buffer b;		/* children share it */

static void set_up(void)
{
	fd = device_open("test", O_RDWR);
	b = buffer_make(BUFFER_SHARED, PAGES * page_size());
}

static void tear_down(void)
{
	assert_int_equal(complete_all(fd), 0);
	completion_none(fd);
	buffer_free(&b);
	close(fd);
}

static struct kshm_test_pend pend;

/* That the driver writes all of the buffer. */
static struct kshm_ioc_control row(__u32 code, __u32 how)
{
	pend = (struct kshm_test_pend){ .how = how, .key = KEY, .seed = SEED };
	return pend_buffer(code, &pend, &b);
}

/* A child that waits for it, and exits with what came of it: 0, or an errno. */
static pid_t caller_make(struct kshm_ioc_control arg)
{
	const __u64 kept = test_state(fd).kept;
	pid_t child = fork();
	int ret;

	assert_int_not_equal(child, -1);
	if (!child) {
		ret = control_try(fd, &arg);
		_exit(ret ? -ret : -arg.out_status);
	}
	wait_until_driver_keeps(fd, kept + 1);
	while (!strchr("SD", thread_state(child)))
		usleep(1000);
	return child;
}

static void caller_exits(pid_t child, int error)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), error);
}

/* What the kernel tells of the handle. */
static unsigned int requests_of_handle(void)
{
	char path[64], line[256];
	unsigned int nr = -1, found;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info = fopen(path, "re");
	assert_non_null(info);
	while (fgets(line, sizeof(line), info))
		if (sscanf(line, "handle-requests: %u", &found) == 1)
			nr = found;
	fclose(info);
	return nr;
}

/* The caller is gone; his pages are the driver's yet, charged, and good. */
static void leaves_its_pages(__u32 code, __u32 how)
{
	struct kshm_ioc_control arg = row(code, how);
	pid_t child;

	memset(b.data, 0, b.len);
	child = caller_make(arg);
	assert_int_equal(requests_of_handle(), 1);
	assert_true(dies(child));
	assert_true(device_info(fd).out_system_pages >= PAGES);
	assert_int_equal(requests_of_handle(), 1);
	assert_int_equal(b.data[1], 0);
	assert_int_equal(complete_where(fd, KEY, KSHM_TEST_IN_HARDIRQ), 1);
	wait_until_free(fd);
	if (how == KSHM_TEST_PEND_UNCANCELLABLE)
		assert_true(has_pattern(b.data, b.len, SEED));
	while (requests_of_handle())
		usleep(1000);
	completion_none(fd);
}

WITH_SET_UP(pended_killed_caller_leaves_its_pages)
{
	leaves_its_pages(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_UNCANCELLABLE);
	leaves_its_pages(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_SLOW_CANCEL);
	leaves_its_pages(KSHM_TEST_PEND_IN(KSHM_TEST_WORKER), KSHM_TEST_PEND_UNCANCELLABLE);
	leaves_its_pages(KSHM_TEST_PEND_IN(KSHM_TEST_HARDIRQ), KSHM_TEST_PEND_UNCANCELLABLE);
}

/* What can be cancelled is, and nothing stays. */
static void leaves_nothing(struct kshm_ioc_control arg)
{
	const __u64 cancels = test_state(fd).cancels;
	pid_t child = caller_make(arg);

	assert_true(dies(child));
	wait_until_free(fd);
	assert_int_equal(test_state(fd).cancels, cancels + 1);
	assert_int_equal(complete_all(fd), 0);
	assert_int_equal(requests_of_handle(), 0);
}

WITH_SET_UP(pended_killed_caller_leaves_nothing)
{
	struct kshm_ioc_control arg;

	leaves_nothing(row(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_CANCELLABLE));
	leaves_nothing(row(KSHM_TEST_PEND_IN(KSHM_TEST_WORKER), KSHM_TEST_PEND_CANCELLABLE));
	/* A kill is what a row that is not interrupted lets through. */
	arg = row(KSHM_TEST_PEND_KILLABLE, KSHM_TEST_PEND_CANCELLABLE);
	arg.data.len = 0;
	leaves_nothing(arg);
}

/* To be stopped is a signal, too: what waits is cancelled, and not begun anew after. */
WITH_SET_UP(pended_stopped_caller_is_interrupted)
{
	pid_t child = caller_make(row(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_CANCELLABLE));
	const __u64 calls = test_state(fd).calls;
	int status;

	assert_int_equal(kill(child, SIGSTOP), 0);
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(complete_all(fd), 0);
	/* This one counts, in which it was looked for. */
	assert_int_equal(test_state(fd).calls, calls + 1);
	assert_int_equal(kill(child, SIGCONT), 0);
	caller_exits(child, EINTR);
	assert_int_equal(test_state(fd).calls, calls + 1);
}

/* He stops when it is over, and then goes on with what came of it. */
WITH_SET_UP(pended_stopped_caller_waits_on)
{
	pid_t child = caller_make(row(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_UNCANCELLABLE));
	int status, n;

	assert_int_equal(kill(child, SIGSTOP), 0);
	for (n = 0; n < 5; n++) {
		usleep(10000);
		assert_int_equal(waitpid(child, &status, WUNTRACED | WNOHANG), 0);
	}
	complete_one(fd, KEY);
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	assert_true(WIFSTOPPED(status));
	assert_true(has_pattern(b.data, b.len, SEED));
	assert_int_equal(kill(child, SIGCONT), 0);
	caller_exits(child, 0);
}

/* Who submitted is charged until it is read, whoever does that, and nobody else. */
WITH_SET_UP(pended_charges_who_submitted)
{
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_CANCELLABLE);

	assert_int_equal(setreuid(USER, -1), 0);
	submit(fd, arg);
	assert_true(device_info(fd).out_user_pages >= PAGES);
	assert_int_equal(setreuid(0, -1), 0);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	assert_true(device_info(fd).out_system_pages >= PAGES);
	complete_one(fd, KEY);
	assert_true(device_info(fd).out_system_pages >= PAGES);
	completion_of(fd, KEY, 0);
	assert_int_equal(device_info(fd).out_system_pages, 0);
	assert_int_equal(setreuid(USER, -1), 0);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	assert_int_equal(setreuid(0, -1), 0);
}

static void *submit_and_leave(void *arg)
{
	submit(fd, *(struct kshm_ioc_control *)arg);
	return NULL;
}

/* The thread is gone; its process is not, and gets what was meant for it. */
WITH_SET_UP(pended_outlives_its_thread)
{
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND, KSHM_TEST_PEND_CANCELLABLE);
	pthread_t thread;

	arg.data.len = 0;
	arg.out = user_operand(b.data, b.len);
	assert_int_equal(pthread_create(&thread, NULL, submit_and_leave, &arg), 0);
	pthread_join(thread, NULL);
	completion_none(fd);
	assert_int_equal(complete_where(fd, KEY, KSHM_TEST_ON_CPU), 1);
	completion_of(fd, KEY, 0);
	assert_true(has_pattern(b.data, b.len, SEED));
}

static void submit_and_exec(void *unused)
{
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND, KSHM_TEST_PEND_CANCELLABLE);
	/* Where the new program may have something else. */
	unsigned char *out = mmap(NULL, b.len, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	WANT(out != MAP_FAILED);
	arg.data.len = 0;
	arg.out = user_operand(out, b.len);
	WANT(!submit_try(fd, &arg));
	arg = row(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_CANCELLABLE);
	WANT(!submit_try(fd, &arg));
	child_stop();
	execl("/bin/sh", "sh", "-c", "exit 6", NULL);
	_exit(1);
}

/* The program that comes after it has other memory, and nothing is written there. */
WITH_SET_UP(pended_outlives_its_program)
{
	struct child child = child_make(submit_and_exec, NULL);

	child_stopped(&child);
	child_go_on(&child);
	child_ended(&child, 6 << 8);
	assert_int_equal(complete_where(fd, KEY, KSHM_TEST_IN_HARDIRQ), 2);
	assert_int_equal(completion_of(fd, KEY, -EFAULT).flags, KSHM_COMPLETION_KSHM);
	assert_int_equal(completion_of(fd, KEY, 0).data_returned, b.len);
	assert_true(has_pattern(b.data, b.len, SEED));
}

/* He waits for memory of who submitted; what he did not come to do the next one does. */
WITH_SET_UP(pended_killed_reader_leaves_it_to_the_next)
{
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND, KSHM_TEST_PEND_CANCELLABLE);
	struct buffer out = buffer_make(BUFFER_ANON, b.len);
	struct kshm_completion completion;
	int userfault;
	pid_t reader;

	arg.data.len = 0;
	arg.out = user_operand(out.data, out.len);
	submit(fd, arg);
	/* All of it was there then. */
	assert_int_equal(madvise(out.data + page_size(), page_size(), MADV_DONTNEED), 0);
	userfault = userfault_open(out.data, out.len, 0);
	complete_one(fd, KEY);
	reader = fork();
	if (!reader) {
		completion_try(fd, &completion);
		_exit(1);
	}
	userfault_await(userfault);
	assert_true(dies(reader));
	close(userfault);
	assert_int_equal(requests_of_handle(), 1);
	completion = completion_of(fd, KEY, 0);
	assert_int_equal(completion.out_returned, out.len);
	assert_true(has_pattern(out.data, out.len, SEED));
	assert_int_equal(requests_of_handle(), 0);
	buffer_free(&out);
}

#define MOMENTS		10

static double seconds(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Wherever he is hit: between two batches of pages it is seen. */
WITH_SET_UP(pended_killed_caller_gets_no_more_of_his_output)
{
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND, KSHM_TEST_PEND_CANCELLABLE);
	struct buffer out = buffer_make(BUFFER_ANON, 513 * page_size());
	double begun, all = 0;
	int moment, status;
	pid_t child;

	pend.returned = out.len;
	arg.data.len = 0;
	arg.out = user_operand(out.data, out.len);
	for (moment = MOMENTS; moment >= 0; moment--) {
		child = caller_make(arg);
		complete_one(fd, KEY);
		begun = seconds();
		if (moment < MOMENTS) {
			usleep(all * 1e6 * moment / MOMENTS);
			kill(child, SIGKILL);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(moment < MOMENTS || !status);
		if (moment == MOMENTS)
			all = seconds() - begun;
		wait_until_free(fd);
		assert_int_equal(requests_of_handle(), 0);
	}
	buffer_free(&out);
}

/* A driver does not go as long as it has a request, though its handle is closed. */
WITH_SET_UP(pended_keeps_the_module_of_its_driver)
{
	const unsigned long before = module_references("kshm_test");
	int other = device_open("test", O_RDWR);

	submit_pend(other, KSHM_TEST_PEND_UNCANCELLABLE, 9);
	close(other);
	assert_true(module_references("kshm_test") > before);
	complete_one(fd, 9);
	while (module_references("kshm_test") != before)
		usleep(1000);
	wait_until_free(fd);
}

/* That interrupts and threads, and other processors, are what they are said to be. */
WITH_SET_UP(pended_completed_where_it_is_said)
{
	struct kshm_test_completed out;

	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, KEY);
	out = complete_there(fd, KEY, KSHM_TEST_IN_HARDIRQ);
	assert_int_equal(out.in_hardirq, 1);
	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, KEY);
	out = complete_there(fd, KEY, KSHM_TEST_IN_KTHREAD);
	assert_int_equal(out.in_hardirq, 0);
	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, KEY);
	out = complete_there(fd, KEY, KSHM_TEST_ON_CPU);
	assert_int_equal(out.in_hardirq, 1);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		assert_int_not_equal(out.cpu, out.caller_cpu);
	else
		assert_int_equal(out.cpu, out.caller_cpu);
	completion_of(fd, KEY, 0);
	completion_of(fd, KEY, 0);
	completion_of(fd, KEY, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(pended_killed_caller_leaves_its_pages),
	cmocka_unit_test(pended_killed_caller_leaves_nothing),
	cmocka_unit_test(pended_stopped_caller_is_interrupted),
	cmocka_unit_test(pended_stopped_caller_waits_on),
	cmocka_unit_test(pended_charges_who_submitted),
	cmocka_unit_test(pended_outlives_its_thread),
	cmocka_unit_test(pended_outlives_its_program),
	cmocka_unit_test(pended_killed_reader_leaves_it_to_the_next),
	cmocka_unit_test(pended_killed_caller_gets_no_more_of_his_output),
	cmocka_unit_test(pended_keeps_the_module_of_its_driver),
	cmocka_unit_test(pended_completed_where_it_is_said),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

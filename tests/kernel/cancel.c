// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of requests that end early, and of those that cannot
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "loop.h"
#include "pended_calls.h"
#include "state.h"
#include "thread_state.h"

static int fd;

static void set_up(void)
{
	fd = device_open("test", O_RDWR);
}

static void tear_down(void)
{
	close(fd);
}

/* Those that follow each other, and those with others between them. */
WITH_SET_UP(cancel_every_match)
{
	static const __u64 numbers[] = { 40, 41, 41, 40, 41, 40 };
	struct kshm_explain why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, numbers[i]);
	assert_int_equal(cancel_try(fd, 41, 0, NULL), 3);
	for (i = 0; i < 3; i++)
		assert_int_equal(completion_of(fd, 41, -ECANCELED).flags, 0);
	completion_none(fd);
	assert_int_equal(cancel_try(fd, 41, 0, &why), -ENOENT);
	assert_int_equal(why.check, KSHM_EXPLAIN_REQUEST);
	assert_int_equal(why.used, 41);
	assert_int_equal(cancel_try(fd, 0, KSHM_CANCEL_ALL, NULL), 3);
	for (i = 0; i < 3; i++)
		completion_of(fd, 40, -ECANCELED);
	assert_int_equal(cancel_try(fd, 0, KSHM_CANCEL_ALL, NULL), -ENOENT);
	assert_int_equal(complete_all(fd), 0);
}

/* What has ended is not cancelled, read or not; nor what is another handle's. */
WITH_SET_UP(cancel_what_is_over)
{
	int other = device_open("test", O_RDWR);

	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, 1);
	assert_int_equal(cancel_try(other, 1, 0, NULL), -ENOENT);
	assert_int_equal(cancel_try(other, 0, KSHM_CANCEL_ALL, NULL), -ENOENT);
	complete_one(fd, 1);
	assert_int_equal(cancel_try(fd, 1, 0, NULL), -ENOENT);
	completion_of(fd, 1, 0);
	assert_int_equal(cancel_try(fd, 1, 0, NULL), -ENOENT);
	close(other);
}

/* A driver that needs time, or cannot do it, is told; the request ends as it says. */
WITH_SET_UP(cancel_is_a_wish)
{
	const __u64 cancels = test_state(fd).cancels;

	submit_pend(fd, KSHM_TEST_PEND_SLOW_CANCEL, 1);
	submit_pend(fd, KSHM_TEST_PEND_UNCANCELLABLE, 2);
	assert_int_equal(cancel_try(fd, 0, KSHM_CANCEL_ALL, NULL), 2);
	assert_int_equal(cancel_try(fd, 1, 0, NULL), 1);
	assert_int_equal(test_state(fd).cancels, cancels + 2);
	completion_none(fd);
	complete_one(fd, 2);
	completion_of(fd, 2, 0);
	complete_one(fd, 1);
	completion_of(fd, 1, -ECANCELED);
}

/* It waits for a worker whose turn does not come: its handler is not run. */
WITH_SET_UP(cancel_before_the_handler)
{
	enum { WORKERS = 64 };	/* KSHM_MAX_WORKERS of the module */
	static struct kshm_test_held held[WORKERS];
	unsigned char *data = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kshm_test_pend pend = { .key = 9, .seed = 3 };
	struct kshm_completion completion;
	struct kshm_ioc_control arg;
	int i;

	for (i = 0; i < WORKERS; i++) {
		arg = hold_request(KSHM_TEST_HOLD_WORKER, &held[i], data, 2);
		submit(fd, arg);
	}
	wait_until_holding(fd, WORKERS);
	arg = pend_request(KSHM_TEST_PEND_IN(KSHM_TEST_WORKER), &pend, 9);
	arg.data = user_operand(data, page_size());
	submit(fd, arg);
	assert_int_equal(cancel_try(fd, 9, 0, NULL), 1);
	completion = completion_of(fd, 9, -ECANCELED);
	assert_int_equal(completion.flags, KSHM_COMPLETION_KSHM);
	assert_int_equal(test_state(fd).holding, WORKERS);
	/* And the others see it where they sleep. */
	assert_int_equal(cancel_try(fd, 0, KSHM_CANCEL_ALL, NULL), WORKERS);
	for (i = 0; i < WORKERS; i++) {
		assert_int_equal(read(fd, &completion, sizeof(completion)),
				 sizeof(completion));
		assert_int_equal(completion.status, -EINTR);
	}
	assert_int_equal(complete_all(fd), 0);
	munmap(data, page_size());
}

#define ROUNDS	(harness_brief() ? 300 : 3000)

static void *cancel_always(void *unused)
{
	while (!loop_is_over())
		cancel_try(fd, 0, KSHM_CANCEL_ALL, NULL);
	return NULL;
}

/* Submits one that an interrupt ends: how it ended, or never began, by being cancelled. */
static bool is_cancelled(unsigned int round, unsigned int *refused)
{
	const struct kshm_test_pend pend = {
		.how = round % 2 ? KSHM_TEST_PEND_IRQ : KSHM_TEST_PEND_CANCELLABLE,
		.key = round,
	};
	struct kshm_ioc_control arg = pend_request(KSHM_TEST_PEND, &pend, round);
	struct kshm_completion completion;
	int ret = submit_try(fd, &arg);

	/* It can be cancelled before it pends. */
	if (ret) {
		assert_int_equal(ret, -ECANCELED);
		++*refused;
		return true;
	}
	complete_where(fd, round, KSHM_TEST_IN_HARDIRQ);
	assert_int_equal(read(fd, &completion, sizeof(completion)), sizeof(completion));
	assert_int_equal(completion.user_data, round);
	assert_true(!completion.status || completion.status == -ECANCELED);
	return completion.status;
}

/* Completed by an interrupt and cancelled at the same time, each ends once. */
WITH_SET_UP(cancel_races_with_completing)
{
	const __u64 completed = test_state(fd).completed;
	pthread_t thread = loop_begin(cancel_always);
	unsigned int round, refused = 0, cancelled = 0;

	/* Each has to come. */
	for (round = 1; round <= ROUNDS ||
	     (round <= 100 * ROUNDS &&
	      (cancelled == refused || cancelled == round - 1)); round++)
		cancelled += is_cancelled(round, &refused);
	loop_end(thread);
	completion_none(fd);
	round--;
	harness_note("%u cancelled as they pended, %u before, %u not", cancelled - refused,
		     refused, round - cancelled);
	assert_true(cancelled > refused && cancelled < round);
	assert_int_equal(test_state(fd).completed, completed + round - refused);
}

static volatile sig_atomic_t alarms;

static void count_alarm(int signal)
{
	alarms++;
}

static pid_t call_in_a_child(__u32 code, __u32 how, int *ret)
{
	const __u64 calls = test_state(fd).calls;
	pid_t child = fork();

	assert_int_not_equal(child, -1);
	if (!child) {
		struct sigaction action = { .sa_handler = count_alarm, .sa_flags = SA_RESTART };
		const struct kshm_test_pend pend = { .how = how, .key = 7 };
		struct kshm_ioc_control arg = pend_request(code, &pend, 7);

		sigaction(SIGALRM, &action, NULL);
		*ret = control_try(fd, &arg);
		if (!*ret)
			*ret = arg.out_status;
		_exit(alarms);
	}
	wait_until_kept(fd, calls + 1);
	while (thread_state(child) != 'S' && thread_state(child) != 'D')
		usleep(1000);
	return child;
}

static int *shared_int(void)
{
	int *shared = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(shared, MAP_FAILED);
	*shared = 99;
	return shared;
}

static void ended_with(pid_t child, int alarms_seen)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), alarms_seen);
}

/* A caller who waits is interrupted, and his call is not begun anew. */
WITH_SET_UP(cancel_by_a_signal)
{
	int *ret = shared_int();
	pid_t child = call_in_a_child(KSHM_TEST_PEND, KSHM_TEST_PEND_CANCELLABLE, ret);
	const __u64 calls = test_state(fd).calls;

	assert_int_equal(kill(child, SIGALRM), 0);
	ended_with(child, 1);
	assert_int_equal(*ret, -EINTR);
	assert_int_equal(test_state(fd).calls, calls);
	assert_int_equal(complete_all(fd), 0);
	completion_none(fd);
	munmap(ret, page_size());
}

/* One of another thread, or process, ends it as it would end by itself. */
WITH_SET_UP(cancel_who_waits)
{
	int *ret = shared_int();
	pid_t child = call_in_a_child(KSHM_TEST_PEND, KSHM_TEST_PEND_CANCELLABLE, ret);

	assert_int_equal(cancel_try(fd, 7, 0, NULL), 1);
	ended_with(child, 0);
	assert_int_equal(*ret, -ECANCELED);
	munmap(ret, page_size());
}

/* What cannot be cancelled, and a row that is not to be, wait until they are over. */
static void not_by_a_signal(__u32 code, __u32 how)
{
	int *ret = shared_int();
	pid_t child = call_in_a_child(code, how, ret);
	int n;

	for (n = 0; n < 3; n++) {
		assert_int_equal(kill(child, SIGALRM), 0);
		usleep(10000);
	}
	assert_int_equal(*ret, 99);
	complete_one(fd, 7);
	ended_with(child, 1);
	assert_int_equal(*ret, 0);
	munmap(ret, page_size());
}

WITH_SET_UP(cancel_not_by_a_signal)
{
	not_by_a_signal(KSHM_TEST_PEND, KSHM_TEST_PEND_UNCANCELLABLE);
	not_by_a_signal(KSHM_TEST_PEND_KILLABLE, KSHM_TEST_PEND_CANCELLABLE);
}

/*
 * A caller who is killed is gone at once, also if his request cannot be cancelled: what is
 * pinned stays so until its driver is through.
 */
static void killed(__u32 how, __u32 kept)
{
	int *ret = shared_int();
	pid_t child = call_in_a_child(KSHM_TEST_PEND, how, ret);

	assert_true(dies(child));
	completion_none(fd);
	assert_int_equal(complete_all(fd), kept);
	completion_none(fd);
	assert_int_equal(*ret, 99);
	munmap(ret, page_size());
	wait_until_free(fd);
}

WITH_SET_UP(cancel_by_a_kill)
{
	killed(KSHM_TEST_PEND_CANCELLABLE, 0);
	killed(KSHM_TEST_PEND_SLOW_CANCEL, 1);
	killed(KSHM_TEST_PEND_UNCANCELLABLE, 1);
}

/* The last close cancels what is left, and waits for nothing. */
WITH_SET_UP(cancel_by_a_close)
{
	int other = device_open("test", O_RDWR);
	unsigned char *data = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kshm_test_pend pend = { .how = KSHM_TEST_PEND_UNCANCELLABLE, .key = 3 };
	struct kshm_ioc_control arg = pend_request(KSHM_TEST_PEND_WRITE, &pend, 3);
	struct kshm_test_state before, after;
	int n;

	arg.data = user_operand(data, page_size());
	submit(other, arg);
	submit_pend(other, KSHM_TEST_PEND_CANCELLABLE, 1);
	submit_pend(other, KSHM_TEST_PEND_CANCELLABLE, 2);
	complete_one(other, 2);
	before = test_state(fd);
	close(other);
	after = test_state(fd);
	/* Cancelled, and undone, but for one; its handle is the driver's yet. */
	assert_int_equal(after.completed, before.completed + 1);
	assert_int_equal(after.cleaned, before.cleaned + 1);
	assert_int_equal(after.closed, before.closed);
	assert_int_equal(device_info(fd).out_user_pages, 2);
	complete_one(fd, 3);
	assert_int_not_equal(data[9], 0);
	for (n = 0; n < 10000 && test_state(fd).closed == before.closed; n++)
		usleep(1000);
	after = test_state(fd);
	assert_int_equal(after.closed, before.closed + 1);
	assert_int_equal(after.disorder, 0);
	munmap(data, page_size());
}

/* So does the end of the process that has the last descriptor. */
static void submit_and_go(void)
{
	int other = device_open("test", O_RDWR);

	submit_pend(other, KSHM_TEST_PEND_CANCELLABLE, 1);
	submit_pend(other, KSHM_TEST_PEND_CANCELLABLE, 2);
}

WITH_SET_UP(cancel_by_an_exit)
{
	const __u64 completed = test_state(fd).completed;

	in_a_child(submit_and_go);
	assert_int_equal(test_state(fd).completed, completed + 2);
	assert_int_equal(complete_all(fd), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(cancel_every_match),
	cmocka_unit_test(cancel_what_is_over),
	cmocka_unit_test(cancel_is_a_wish),
	cmocka_unit_test(cancel_before_the_handler),
	cmocka_unit_test(cancel_races_with_completing),
	cmocka_unit_test(cancel_by_a_signal),
	cmocka_unit_test(cancel_who_waits),
	cmocka_unit_test(cancel_not_by_a_signal),
	cmocka_unit_test(cancel_by_a_kill),
	cmocka_unit_test(cancel_by_a_close),
	cmocka_unit_test(cancel_by_an_exit),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of requests that end, are cancelled, waited for and left at the same time:
 * each ends once, and nothing stays; root's, whose the nodes of new devices are
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "loop.h"
#include "pended_calls.h"
#include "state.h"

#define ROUNDS	(harness_brief() ? 30U : 300U)
#define KEY	5

static int fd;
static struct buffer b;
static unsigned int nr_kept;	/* of a device that goes */

static void set_up(void)
{
	fd = device_open("test", O_RDWR);
	b = buffer_make(BUFFER_SHARED, 2 * page_size());
	nr_kept = 0;
}

static void tear_down(void)
{
	assert_int_equal(complete_all(fd), 0);
	assert_int_equal(test_state(fd).disorder, 0);
	buffer_free(&b);
	close(fd);
}

static void *complete_always(void *unused)
{
	unsigned int n;

	for (n = 0; !loop_is_over(); n++)
		complete_where(fd, KEY, n % 2 ? KSHM_TEST_IN_HARDIRQ : KSHM_TEST_IN_CALLER);
	return NULL;
}

static void *cancel_always(void *unused)
{
	while (!loop_is_over())
		cancel_try(fd, 0, KSHM_CANCEL_ALL, NULL);
	return NULL;
}

static const __u32 hows[] = {
	KSHM_TEST_PEND_CANCELLABLE, KSHM_TEST_PEND_UNCANCELLABLE, KSHM_TEST_PEND_IRQ,
	KSHM_TEST_PEND_SLOW_CANCEL, KSHM_TEST_PEND_BEFORE_RETURN,
};

static struct kshm_ioc_control row(__u32 code, struct kshm_test_pend *pend, unsigned int n)
{
	struct kshm_ioc_control arg;

	*pend = (struct kshm_test_pend){
		.how = hows[n % ARRAY_SIZE(hows)], .key = KEY, .seed = n,
	};
	arg = pend_request(code, pend, n);
	arg.data = user_operand(b.data, b.len);
	return arg;
}

/* The driver's, and none is left: each accepted was completed, or cancelled, once. */
static void all_ended(__u64 before, unsigned int kept)
{
	int tries;

	for (tries = 0; tries < 10000; tries++) {
		complete_all(fd);
		if (test_state(fd).completed == before + kept)
			break;
		usleep(1000);
	}
	assert_int_equal(test_state(fd).completed, before + kept);
	wait_until_free(fd);
}

/* The last close comes while interrupts and others end what there is. */
WITH_SET_UP(race_of_close_and_completing)
{
	const struct kshm_test_state before = test_state(fd);
	pthread_t thread = loop_begin(complete_always);
	struct kshm_test_pend pend;
	unsigned int round, n;
	int other, tries;

	for (round = 0; round < ROUNDS; round++) {
		other = device_open("test", O_RDWR);
		for (n = 0; n < 10; n++)
			submit(other, row(KSHM_TEST_PEND_WRITE, &pend, n));
		close(other);
	}
	loop_end(thread);
	all_ended(before.completed, ROUNDS * 10);
	for (tries = 0; tries < 10000; tries++) {
		if (test_state(fd).closed == before.closed + ROUNDS)
			break;
		usleep(1000);
	}
	assert_int_equal(test_state(fd).closed, before.closed + ROUNDS);
}

/* What a close has ended is undone when it returns, also what a worker came to first. */
WITH_SET_UP(race_of_close_and_undoing)
{
	struct kshm_test_pend pend;
	unsigned int round, n;
	int other;

	for (round = 0; round < 10 * ROUNDS; round++) {
		other = device_open("test", O_RDWR);
		for (n = 0; n < 10; n++)
			submit(other, row(KSHM_TEST_PEND_WRITE, &pend, 0));
		close(other);
		nothing_charged();
	}
}

/**
 * struct endings - how requests ended
 * @never_kept: their driver was not asked, or was told that it was too late
 * @cancelled: by their driver
 * @completed: by it
 */
struct endings {
	unsigned int never_kept;
	unsigned int cancelled;
	unsigned int completed;
};

/* Read once, of one that was submitted just now. */
static void end_one(unsigned int number, struct endings *endings)
{
	struct kshm_completion completion;

	assert_int_equal(read(fd, &completion, sizeof(completion)), sizeof(completion));
	assert_int_equal(completion.user_data, number);
	if (completion.flags & KSHM_COMPLETION_KSHM)
		endings->never_kept++;
	else if (completion.status)
		endings->cancelled++;
	else
		endings->completed++;
	assert_true(!completion.status || completion.status == -ECANCELED);
}

/* Cancelled before its worker has it, in its midst, or after, each of which has to come. */
WITH_SET_UP(race_of_cancel_and_a_worker)
{
	const struct kshm_test_state before = test_state(fd);
	pthread_t thread = loop_begin(cancel_always);
	struct endings endings = { 0 };
	struct kshm_test_state after;
	struct kshm_test_pend pend;
	struct kshm_ioc_control arg;
	unsigned int round;

	for (round = 0; round < 10 * ROUNDS ||
	     (round < 1000 * ROUNDS && !(endings.never_kept && endings.cancelled &&
					 endings.completed)); round++) {
		arg = row(KSHM_TEST_PEND_IN(KSHM_TEST_WORKER), &pend, 0);
		pend.how = round % 2 ? KSHM_TEST_PEND_IRQ : KSHM_TEST_PEND_CANCELLABLE;
		arg.user_data = round;
		submit(fd, arg);
		end_one(round, &endings);
	}
	loop_end(thread);
	completion_none(fd);
	harness_note("%u never kept, %u cancelled, %u completed", endings.never_kept,
		     endings.cancelled, endings.completed);
	assert_true(endings.never_kept && endings.cancelled && endings.completed);
	after = test_state(fd);
	assert_int_equal(after.completed - before.completed, after.kept - before.kept);
	assert_true(after.kept <= before.kept + round - endings.never_kept);
	wait_until_free(fd);
}

static void call_always(unsigned int seed)
{
	struct kshm_test_pend pend;
	struct kshm_ioc_control arg;
	unsigned int n;

	for (n = seed;; n++) {
		arg = row(n % 3 ? KSHM_TEST_PEND_WRITE : KSHM_TEST_PEND_IN(KSHM_TEST_WORKER),
			  &pend, n);
		if (control_try(fd, &arg) || arg.out_status)
			_exit(1);
	}
}

/* A caller is killed just when what he waits for ends. */
WITH_SET_UP(race_of_a_kill_and_completing)
{
	pthread_t thread = loop_begin(complete_always);
	unsigned int round, seed = 1;
	pid_t child;

	for (round = 0; round < ROUNDS; round++) {
		child = fork();
		assert_int_not_equal(child, -1);
		if (!child)
			call_always(round);
		usleep(rand_r(&seed) % 5000);
		assert_true(dies(child));
	}
	loop_end(thread);
	complete_all(fd);
	wait_until_free(fd);
	completion_none(fd);
}

static void set_devices(__u32 nr)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_DEVICES);

	arg.in = user_operand(&nr, sizeof(nr));
	control(fd, &arg);
}

/* Of a device that comes and goes. */
static void submit_to_whom_there_is(void)
{
	int other = open("/dev/kshm/test-0", O_RDWR | O_CLOEXEC | O_NONBLOCK), ret;
	struct kshm_completion completion;
	struct kshm_test_pend pend;
	struct kshm_ioc_control arg;
	unsigned int n;

	if (other < 0)
		return;
	for (n = 0; n < 20; n++) {
		arg = row(KSHM_TEST_PEND_WRITE, &pend, n);
		ret = submit_try(other, &arg);
		if (!ret)
			__atomic_add_fetch(&nr_kept, 1, __ATOMIC_RELAXED);
		else if (ret != -ENODEV && ret != -ECANCELED)
			fail_msg("%d", ret);
	}
	cancel_try(other, 0, KSHM_CANCEL_ALL, NULL);
	while (read(other, &completion, sizeof(completion)) > 0)
		assert_true(!completion.status || completion.status == -ECANCELED);
	close(other);
}

static void *submit_always(void *unused)
{
	while (!loop_is_over())
		submit_to_whom_there_is();
	return NULL;
}

/* The device goes while requests come, and waits for each that came. */
WITH_SET_UP(race_of_unregistering_and_submitting)
{
	const __u64 before = test_state(fd).completed;
	pthread_t submitter, completer;
	unsigned int round;

	completer = loop_begin(complete_always);
	submitter = loop_begin(submit_always);
	for (round = 0; round < ROUNDS / 3 ||
	     !__atomic_load_n(&nr_kept, __ATOMIC_RELAXED); round++) {
		set_devices(1);
		usleep(round % 4 * 1000);
		set_devices(0);
	}
	loop_end(submitter);
	loop_end(completer);
	all_ended(before, nr_kept);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(race_of_close_and_completing),
	cmocka_unit_test(race_of_close_and_undoing),
	cmocka_unit_test(race_of_cancel_and_a_worker),
	cmocka_unit_test(race_of_a_kill_and_completing),
	cmocka_unit_test(race_of_unregistering_and_submitting),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

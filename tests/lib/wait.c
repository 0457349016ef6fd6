// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of waiting for requests through the library
 *
 * That somebody waits is seen by the state of his thread, and that he does not wait for
 * too long by his coming back at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "leak.h"
#include "pend.h"
#include "thread_state.h"

#define THREADS		8
#define REQUESTS	400

static struct kshm_handle *handle;

static void set_up(void)
{
	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_READ), 0);
}

static void tear_down(void)
{
	kshm_close(handle);
}

/* A thread that waits for one completion, or with kshm_control(). */
struct waiter {
	pthread_t thread;
	atomic_int tid;
	int timeout_ms;
	struct kshm_test_pend pend;
	struct kshm_completion completion;
	struct kshm_result result;
	struct kshm_explanation why;
	int ret;
};

static void *wait_for_one(void *arg)
{
	struct waiter *w = arg;

	w->tid = gettid();
	w->ret = kshm_wait(handle, &w->completion, 1, w->timeout_ms);
	return NULL;
}

static void *call(void *arg)
{
	struct waiter *w = arg;
	struct kshm_operand in = kshm_operand_user(&w->pend, sizeof(w->pend));

	w->tid = gettid();
	w->ret = kshm_control(handle, KSHM_TEST_PEND, &in, NULL, NULL, &w->result,
			      &w->why);
	return NULL;
}

/* Starts it, and comes back when it sleeps. */
static void start(struct waiter *w, void *(*run)(void *arg))
{
	w->tid = 0;
	assert_int_equal(pthread_create(&w->thread, NULL, run, w), 0);
	while (!w->tid || thread_state(w->tid) != 'S')
		sched_yield();
}

static void join(struct waiter *w)
{
	assert_int_equal(pthread_join(w->thread, NULL), 0);
}

WITH_SET_UP(wait_gets_as_many_as_there_is_room_for_in_their_order)
{
	struct kshm_completion completions[7];
	__u64 keys[20], next = 19;
	int nr = 7, i;

	for (i = 0; i < 20; i++)
		keys[i] = pend_submit(handle, i);
	for (i = 19; i >= 0; i--)
		pend_complete(handle, keys[i], KSHM_TEST_IN_CALLER);
	while (nr == 7) {
		nr = kshm_wait(handle, completions, 7, WATCHDOG_MS);
		for (i = 0; i < nr; i++)
			assert_int_equal(completions[i].user_data, next--);
	}
	assert_int_equal(nr, 6);
	assert_true(next == (__u64)-1);
	pend_nothing(handle);
}

WITH_SET_UP(wait_writes_nothing_behind_what_it_gets)
{
	struct kshm_completion completions[3];
	unsigned char untouched[sizeof(completions[0])];

	memset(untouched, 0xaa, sizeof(untouched));
	memset(completions, 0xaa, sizeof(completions));
	pend_complete(handle, pend_submit(handle, 1), KSHM_TEST_IN_CALLER);
	assert_int_equal(kshm_wait(handle, completions, 3, WATCHDOG_MS), 1);
	assert_int_equal(completions[0].user_data, 1);
	assert_memory_equal(&completions[1], untouched, sizeof(untouched));
}

WITH_SET_UP(wait_for_none_is_einval)
{
	struct kshm_completion completion;

	pend_complete(handle, pend_submit(handle, 1), KSHM_TEST_IN_CALLER);
	assert_int_equal(kshm_wait(handle, &completion, 0, 0), -EINVAL);
	assert_int_equal(kshm_wait(handle, &completion, 0, -1), -EINVAL);
	assert_int_equal(pend_wait(handle).user_data, 1);
}

/* More than a read() takes; on the stack it might not be an address any more. */
WITH_SET_UP(wait_takes_any_number)
{
	static struct kshm_completion completion;

	pend_complete(handle, pend_submit(handle, 1), KSHM_TEST_IN_CALLER);
	assert_int_equal(kshm_wait(handle, &completion, SIZE_MAX, WATCHDOG_MS), 1);
	assert_int_equal(completion.user_data, 1);
}

WITH_SET_UP(wait_until_its_time_is_over_is_0)
{
	struct kshm_completion completion;
	__u64 key = pend_submit(handle, 1);

	assert_int_equal(kshm_wait(handle, &completion, 1, 0), 0);
	assert_int_equal(kshm_wait(handle, &completion, 1, 1), 0);
	assert_int_equal(kshm_wait(handle, &completion, 1, 30), 0);
	pend_complete(handle, key, KSHM_TEST_IN_CALLER);
	assert_int_equal(pend_wait(handle).user_data, 1);
}

WITH_SET_UP(wait_for_ever_ends_with_a_completion)
{
	struct waiter w = { .timeout_ms = -1 };
	__u64 key = pend_submit(handle, 1);

	start(&w, wait_for_one);
	pend_complete(handle, key, KSHM_TEST_IN_HARDIRQ);
	join(&w);
	assert_int_equal(w.ret, 1);
	assert_int_equal(w.completion.user_data, 1);
}

WITH_SET_UP(wait_does_not_ask_whether_the_descriptor_blocks)
{
	struct waiter w = { .timeout_ms = -1 };
	__u64 key = pend_submit(handle, 1);

	assert_int_equal(fcntl(kshm_fd(handle), F_SETFL, O_NONBLOCK), 0);
	pend_nothing(handle);
	start(&w, wait_for_one);
	pend_complete(handle, key, KSHM_TEST_IN_CALLER);
	join(&w);
	assert_int_equal(w.ret, 1);
	assert_int_equal(w.completion.user_data, 1);
}

static void on_signal(int number)
{
}

static void catch_signals(void)
{
	const struct sigaction action = { .sa_handler = on_signal };

	assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
}

WITH_SET_UP(wait_is_interrupted_by_a_signal)
{
	struct waiter w = { .timeout_ms = -1 };
	__u64 key = pend_submit(handle, 1);

	catch_signals();
	start(&w, wait_for_one);
	pthread_kill(w.thread, SIGUSR1);
	join(&w);
	assert_int_equal(w.ret, -EINTR);
	pend_complete(handle, key, KSHM_TEST_IN_CALLER);
	assert_int_equal(pend_wait(handle).status, 0);
}

WITH_SET_UP(wait_into_memory_that_is_not_there_loses_nothing)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	void *nowhere = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			     0);

	assert_ptr_not_equal(nowhere, MAP_FAILED);
	pend_complete(handle, pend_submit(handle, 1), KSHM_TEST_IN_CALLER);
	assert_int_equal(kshm_wait(handle, nowhere, 1, WATCHDOG_MS), -EFAULT);
	assert_int_equal(pend_wait(handle).user_data, 1);
	munmap(nowhere, page);
}

/* Each takes one, so none may have waited for what another one got. */
WITH_SET_UP(wait_of_many_threads_gives_each_one)
{
	struct waiter waiters[THREADS];
	__u64 keys[THREADS];
	unsigned int seen = 0;
	int i;

	for (i = 0; i < THREADS; i++) {
		keys[i] = pend_submit(handle, i);
		waiters[i].timeout_ms = i % 2 ? -1 : WATCHDOG_MS;
		start(&waiters[i], wait_for_one);
	}
	for (i = 0; i < THREADS; i++)
		pend_complete(handle, keys[i], i % 3 ? KSHM_TEST_IN_HARDIRQ :
			      KSHM_TEST_IN_CALLER);
	for (i = 0; i < THREADS; i++) {
		join(&waiters[i]);
		assert_int_equal(waiters[i].ret, 1);
		seen |= 1U << waiters[i].completion.user_data;
	}
	assert_int_equal(seen, (1U << THREADS) - 1);
}

/* Threads that take what there is, until they are to stop. */
static struct takers {
	pthread_t threads[THREADS];
	atomic_uint seen[REQUESTS];
	atomic_uint taken;
	atomic_uint wrong;
	atomic_bool stop;
} takers;

/* Each waits for another time, so that some are over when others get something. */
static void *take(void *arg)
{
	const int timeout_ms = 1 + (int)(intptr_t)arg;
	struct kshm_completion completions[3];
	bool stop;
	int nr, i;

	do {
		stop = takers.stop;
		nr = kshm_wait(handle, completions, 3, timeout_ms);
		takers.wrong += nr < 0;
		for (i = 0; i < nr; i++) {
			takers.seen[completions[i].user_data]++;
			takers.taken++;
		}
	} while (nr > 0 || !stop);
	return NULL;
}

/* One that waited in read() for what others took would not come back to stop. */
WITH_SET_UP(wait_of_many_threads_loses_nothing_and_comes_back)
{
	int i, waited;

	memset(&takers, 0, sizeof(takers));
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&takers.threads[i], NULL, take,
						(void *)(intptr_t)i), 0);
	for (i = 0; i < REQUESTS; i++)
		pend_complete(handle, pend_submit(handle, i), i % 2 ?
			      KSHM_TEST_IN_HARDIRQ : KSHM_TEST_IN_CALLER);
	for (waited = 0; takers.taken < REQUESTS && waited < WATCHDOG_MS; waited++)
		usleep(1000);
	takers.stop = true;
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(takers.threads[i], NULL), 0);
	assert_int_equal(takers.wrong, 0);
	for (i = 0; i < REQUESTS; i++)
		assert_int_equal(takers.seen[i], 1);
	pend_nothing(handle);
}

WITH_SET_UP(control_waits_for_what_the_driver_keeps)
{
	struct waiter w = { .pend = pend_new() };
	struct kshm_result result = { .ran = 1, .detail = 5 };

	w.pend.detail = 5;
	start(&w, call);
	pend_complete(handle, w.pend.key, KSHM_TEST_IN_HARDIRQ);
	join(&w);
	assert_int_equal(w.ret, 0);
	assert_memory_equal(&w.result, &result, sizeof(result));
	pend_nothing(handle);
}

WITH_SET_UP(control_is_cancelled_by_a_signal_and_says_so)
{
	struct waiter w = { .pend = pend_new() };
	const struct kshm_result result = {
		.status = -EINTR,
		.said_by = KSHM_SAID_BY_KSHM,
	};
	char text[512];

	catch_signals();
	start(&w, call);
	pthread_kill(w.thread, SIGUSR1);
	join(&w);
	assert_int_equal(w.ret, -EINTR);
	assert_memory_equal(&w.result, &result, sizeof(result));
	assert_int_equal(w.why.check, KSHM_EXPLAIN_SIGNAL);
	kshm_explain(&w.why, text, sizeof(text));
	assert_string_equal(text,
			    "The program is being killed, or a signal came, and cancelled the request: send it again if you still want it (EINTR).");
	pend_nothing(handle);
}

/* Of another thread that waits for it. */
WITH_SET_UP(control_is_cancelled_with_all)
{
	struct waiter w = { .pend = pend_new() };

	start(&w, call);
	assert_int_equal(kshm_cancel_all(handle, NULL), 1);
	join(&w);
	assert_int_equal(w.ret, -ECANCELED);
	assert_int_equal(w.result.said_by, KSHM_SAID_BY_DRIVER);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(wait_gets_as_many_as_there_is_room_for_in_their_order),
	cmocka_unit_test(wait_writes_nothing_behind_what_it_gets),
	cmocka_unit_test(wait_for_none_is_einval),
	cmocka_unit_test(wait_takes_any_number),
	cmocka_unit_test(wait_until_its_time_is_over_is_0),
	cmocka_unit_test(wait_for_ever_ends_with_a_completion),
	cmocka_unit_test(wait_does_not_ask_whether_the_descriptor_blocks),
	cmocka_unit_test(wait_is_interrupted_by_a_signal),
	cmocka_unit_test(wait_into_memory_that_is_not_there_loses_nothing),
	cmocka_unit_test(wait_of_many_threads_gives_each_one),
	cmocka_unit_test(wait_of_many_threads_loses_nothing_and_comes_back),
	cmocka_unit_test(control_waits_for_what_the_driver_keeps),
	cmocka_unit_test(control_is_cancelled_by_a_signal_and_says_so),
	cmocka_unit_test(control_is_cancelled_with_all),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

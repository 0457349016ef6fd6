// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of one handle used by many threads at a time
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <kshm.h>
#include <linux/kshm_digest.h>
#include <linux/kshm_null.h>
#include "harness.h"
#include "leak.h"

#define THREADS		16
#define ROUNDS		200
#define SHA256_SIZE	32

/* Of more than a page, and different for each thread and round. */
#define MESSAGE_SIZE	5000

struct worker {
	pthread_t thread;
	pthread_barrier_t *start;
	const struct kshm_handle *handle;
	unsigned int number;
	unsigned int wrong;	/* rounds that did not end as they must */
};

static void fill(unsigned char *message, unsigned int number,
		 unsigned int round)
{
	memset(message, number * ROUNDS + round, MESSAGE_SIZE);
	message[0] = number;
	message[MESSAGE_SIZE - 1] = round;
}

static int digest(const struct kshm_handle *handle, __u32 code, void *message,
		  unsigned char *result)
{
	struct kshm_operand text = kshm_operand_user(message, MESSAGE_SIZE);
	struct kshm_operand out = kshm_operand_user(result, SHA256_SIZE);
	int direct = KSHM_CODE_METHOD(code) == KSHM_METHOD_IN_DIRECT;

	return kshm_control(handle, code, direct ? NULL : &text, &out,
			    direct ? &text : NULL, NULL, NULL);
}

/*
 * In place and by copying, the two of which share no code; a request that took
 * a neighbour's operands or result would tell them apart.
 */
static void *digest_both_ways(void *arg)
{
	unsigned char message[MESSAGE_SIZE];
	unsigned char one[SHA256_SIZE], other[SHA256_SIZE];
	unsigned char last[SHA256_SIZE] = { 0 };
	struct worker *w = arg;
	unsigned int round;

	pthread_barrier_wait(w->start);
	for (round = 0; round < ROUNDS; round++) {
		fill(message, w->number, round);
		w->wrong += digest(w->handle,
				   KSHM_DIGEST_TO_DRIVER(KSHM_DIGEST_SHA256),
				   message, one) != 0 ||
			    digest(w->handle,
				   KSHM_DIGEST_COPIED(KSHM_DIGEST_SHA256),
				   message, other) != 0 ||
			    memcmp(one, other, SHA256_SIZE) != 0 ||
			    memcmp(one, last, SHA256_SIZE) == 0;
		memcpy(last, one, SHA256_SIZE);
	}
	return NULL;
}

/* Each thread fails in a way of its own, and must get its own explanation. */
static void *fail_in_its_own_way(void *arg)
{
	struct worker *w = arg;
	struct kshm_operand odd = kshm_operand_none();
	struct kshm_explanation why;
	unsigned int round;

	odd.kind = 1000 + w->number;
	pthread_barrier_wait(w->start);
	for (round = 0; round < ROUNDS; round++) {
		w->wrong += kshm_control(w->handle, KSHM_NULL_NOP, NULL, &odd,
					 NULL, NULL, &why) != -EINVAL ||
			    why.check != KSHM_EXPLAIN_KIND ||
			    why.needed != odd.kind;
	}
	return NULL;
}

static void *look_up(void *arg)
{
	struct worker *w = arg;
	int method = w->number % 4;
	unsigned int round;
	__u32 code;

	pthread_barrier_wait(w->start);
	for (round = 0; round < ROUNDS / 10; round++) {
		code = 0;
		w->wrong += kshm_lookup(w->handle, "nop", method, &code) != 0 ||
			    code != (__u32)KSHM_NULL_CODE(method);
	}
	return NULL;
}

static void run_on_one_handle(const char *device, void *(*run)(void *arg))
{
	struct worker workers[THREADS];
	pthread_barrier_t start;
	struct kshm_handle *handle;
	unsigned int i;

	assert_int_equal(kshm_open(&handle, device, KSHM_OPEN_READ), 0);
	assert_int_equal(pthread_barrier_init(&start, NULL, THREADS), 0);
	for (i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){
			.start = &start,
			.handle = handle,
			.number = i,
		};
		assert_int_equal(pthread_create(&workers[i].thread, NULL, run,
						&workers[i]), 0);
	}
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(workers[i].wrong, 0);
	pthread_barrier_destroy(&start);
	kshm_close(handle);
}

static void threads_get_their_own_results(void **state)
{
	run_on_one_handle("digest", digest_both_ways);
}

static void threads_get_their_own_explanations(void **state)
{
	run_on_one_handle("null", fail_in_its_own_way);
}

static void threads_look_up_at_the_same_time(void **state)
{
	run_on_one_handle("null", look_up);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(threads_get_their_own_results),
	cmocka_unit_test(threads_get_their_own_explanations),
	cmocka_unit_test(threads_look_up_at_the_same_time),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - test of a hundred thousand requests in flight on one handle: each ends once
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pended_calls.h"
#include "state.h"

#define PROCESSES	8
#define EACH		((unsigned int)(harness_brief() ? 1250 : 12500))

static int fd;

/* Of process @nr: one in ten, at random, is cancelled by another number than the rest. */
static __u64 number_of(unsigned int nr, unsigned int i)
{
	return (__u64)nr << 32 | i;
}

static bool is_unlucky(unsigned int nr, unsigned int i)
{
	unsigned int seed = nr * 100003 + i;

	return rand_r(&seed) % 10 == 0;
}

static int submit_all(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < EACH; i++)
		submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, number_of(nr, i));
	return 0;
}

static int cancel_some(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < EACH; i++)
		if (is_unlucky(nr, i) && cancel_try(fd, number_of(nr, i), 0, NULL) != 1)
			return 1;
	return 0;
}

/* In as many processes, at the same time. */
static void in_processes(int (*fn)(unsigned int nr))
{
	unsigned int nr;
	int status;

	for (nr = 0; nr < PROCESSES; nr++) {
		pid_t child = fork();

		assert_int_not_equal(child, -1);
		if (!child)
			_exit(fn(nr));
	}
	for (nr = 0; nr < PROCESSES; nr++) {
		assert_int_not_equal(wait(&status), -1);
		assert_int_equal(status, 0);
	}
}

/* Notes each completion, which comes once; how many were cancelled. */
static unsigned int read_all(unsigned char *seen)
{
	static struct kshm_completion some[64];
	unsigned int cancelled = 0, nr, i;
	ssize_t got, at;

	while ((got = read(fd, some, sizeof(some))) > 0) {
		for (at = 0; at < got / (ssize_t)sizeof(*some); at++) {
			nr = some[at].user_data >> 32;
			i = some[at].user_data;
			assert_true(nr < PROCESSES && i < EACH);
			assert_int_equal(seen[nr * EACH + i]++, 0);
			assert_int_equal(some[at].status,
					 is_unlucky(nr, i) ? -ECANCELED : 0);
			cancelled += is_unlucky(nr, i);
		}
	}
	assert_int_equal(got, -1);
	assert_int_equal(errno, EAGAIN);
	return cancelled;
}

static void pended_hundred_thousand(void **state)
{
	const unsigned int all = PROCESSES * EACH;
	unsigned char *seen = calloc(all, 1);
	unsigned int cancelled;
	size_t i;

	fd = device_open("test", O_RDWR | O_NONBLOCK);
	in_processes(submit_all);
	in_processes(cancel_some);
	assert_int_not_equal(complete_all(fd), 0);
	cancelled = read_all(seen);
	for (i = 0; i < all; i++)
		assert_int_equal(seen[i], 1);
	harness_note("%u in flight, %u of them cancelled", all, cancelled);
	free(seen);
	close(fd);
}

/* Closed with as many in flight, nothing stays. */
static void pended_hundred_thousand_closed(void **state)
{
	int watch = device_open("test", O_RDWR);
	const __u64 completed = test_state(watch).completed;

	fd = device_open("test", O_RDWR);
	in_processes(submit_all);
	close(fd);
	assert_int_equal(test_state(watch).completed, completed + PROCESSES * EACH);
	assert_int_equal(complete_all(watch), 0);
	close(watch);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(pended_hundred_thousand),
	cmocka_unit_test(pended_hundred_thousand_closed),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

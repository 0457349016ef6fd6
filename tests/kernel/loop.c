// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - threads that do something again and again
 */
#include "harness.h"
#include "loop.h"

static bool over;

pthread_t loop_begin(void *(*fn)(void *arg))
{
	pthread_t thread;

	__atomic_store_n(&over, false, __ATOMIC_RELAXED);
	assert_int_equal(pthread_create(&thread, NULL, fn, NULL), 0);
	return thread;
}

bool loop_is_over(void)
{
	return __atomic_load_n(&over, __ATOMIC_RELAXED);
}

void loop_end(pthread_t thread)
{
	__atomic_store_n(&over, true, __ATOMIC_RELAXED);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

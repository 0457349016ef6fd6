// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: signals that end a call which waits
 *
 * A process that is made by a fork has no such timer, and is killed instead.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"

/* Some requests have ended by then. */
#define PERIOD_NS	2000000

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id	_sigev_un._tid
#endif

static __thread timer_t timer;
static __thread bool has_timer;

static void ignore(int number)
{
}

static void make_timer(void)
{
	const struct sigaction action = { .sa_handler = ignore };	/* nothing is restarted */
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1,
		.sigev_notify_thread_id = gettid(),
	};

	if (sigaction(SIGUSR1, &action, NULL) || timer_create(CLOCK_MONOTONIC, &event, &timer)) {
		perror("timer_create");
		exit(1);
	}
	has_timer = true;
}

static void set_timer(long period)
{
	const struct itimerspec spec = { { 0, period }, { 0, period } };

	timer_settime(timer, 0, &spec, NULL);
}

void interrupt_begin(void)
{
	if (!has_timer)
		make_timer();
	set_timer(PERIOD_NS);
}

void interrupt_end(void)
{
	set_timer(0);
}

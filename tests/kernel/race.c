// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what two threads do at the same moment, tried until each has been first
 */
#include <sched.h>
#include <stdlib.h>

#include "harness.h"
#include "race.h"

/* Longer than whatever is raced for takes. */
#define MOST_TURNS	16384L

static void let_turns_pass(long turns)
{
	while (turns-- > 0)
		sched_yield();
}

static void *be_the_other(void *data)
{
	struct race *race = data;

	pthread_barrier_wait(&race->start);
	let_turns_pass(-race->later);
	race->other(race->data);
	return NULL;
}

void race_start(struct race *race, void *data)
{
	race->data = data;
	assert_int_equal(pthread_barrier_init(&race->start, NULL, 2), 0);
	assert_int_equal(pthread_create(&race->thread, NULL, be_the_other, race), 0);
	pthread_barrier_wait(&race->start);
	let_turns_pass(race->later);
}

void race_end(struct race *race)
{
	assert_int_equal(pthread_join(race->thread, NULL), 0);
	assert_int_equal(pthread_barrier_destroy(&race->start), 0);
}

void race_came_out(struct race *race, bool first)
{
	const bool again = race->step && first == race->was_first;

	race->step = again ? 2 * race->step : 1;
	race->later += first ? race->step : -race->step;
	if (labs(race->later) > MOST_TURNS) {
		race->later = first ? MOST_TURNS : -MOST_TURNS;
		race->step = 0;
	}
	race->was_first = first;
	if (first)
		race->firsts++;
	else
		race->seconds++;
}

bool race_goes_on(const struct race *race, unsigned int times)
{
	if (race->firsts >= times && race->seconds >= times)
		return false;
	if (race->firsts + race->seconds >= RACE_TRIES)
		fail_msg("after %u tries one was first %u times, the other %u",
			 RACE_TRIES, race->firsts, race->seconds);
	return true;
}

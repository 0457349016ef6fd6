/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what two threads do at the same moment, tried until each has been first
 *
 * How long it takes to get there nobody knows, so it is found out: who was first is the
 * later one the next time, by twice as many turns as long as that changes nothing. So
 * tries come to lie close to where it is chance who is first, and both come out, whatever
 * the machine is like.
 */
#ifndef RACE_H
#define RACE_H

#include <pthread.h>
#include <stdbool.h>

/* More are never needed: for what cannot come out. */
#define RACE_TRIES	1000

/**
 * struct race - what another thread does while this one does something
 * @other: what that is, given @data
 * @data: for it
 * @start: where they meet
 * @thread: that does it
 * @later: turns by which this thread is later; less than 0: the other one
 * @step: by which it changes
 * @was_first: this one was, the last time
 * @firsts: how often it was
 * @seconds: and how often not
 */
struct race {
	void (*other)(void *data);
	void *data;
	pthread_barrier_t start;
	pthread_t thread;
	long later;
	long step;
	bool was_first;
	unsigned int firsts;
	unsigned int seconds;
};

/* From when this returns on the other thread is at it, or is about to. */
void race_start(struct race *race, void *data);

/* Waits until it has done it. */
void race_end(struct race *race);

/* Whether this thread was first, as its test sees by what came out. */
void race_came_out(struct race *race, bool first);

/* Whether it is to be tried again, until each was first @times. Fails if that never comes. */
bool race_goes_on(const struct race *race, unsigned int times);

#endif /* RACE_H */

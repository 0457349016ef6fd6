// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: what is known of the requests that a program submits
 */
#include <pthread.h>
#include <string.h>

#include "known_request.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;	/* all of these */
static struct submitted all_submitted[MAX_OPS];
static unsigned int nr_submitted;
static bool is_alone, doubts[MAX_HANDLES], touched[MAX_HANDLES];
static int eventfds[MAX_HANDLES];

void requests_begin(bool alone)
{
	nr_submitted = 0;
	is_alone = alone;
	memset(doubts, 0, sizeof(doubts));
	memset(touched, 0, sizeof(touched));
	memset(eventfds, 0xff, sizeof(eventfds));
}

void request_add(const struct submitted *submitted)
{
	pthread_mutex_lock(&lock);
	touched[submitted->handle] = true;
	/* Each operation submits one. */
	if (nr_submitted < MAX_OPS)
		all_submitted[nr_submitted++] = *submitted;
	pthread_mutex_unlock(&lock);
}

static bool is_like(const struct submitted *submitted, unsigned int handle, __u32 code,
		    __u64 user_data)
{
	return submitted->handle == handle && submitted->code == code &&
	       submitted->user_data == user_data;
}

static struct submitted *find(const struct submitted *wanted)
{
	struct submitted *like = NULL;
	unsigned int i;

	for (i = 0; i < nr_submitted; i++) {
		if (!is_like(&all_submitted[i], wanted->handle, wanted->code, wanted->user_data))
			continue;
		like = &all_submitted[i];
		if (!memcmp(like->lens, wanted->lens, sizeof(like->lens)))
			break;
	}
	return like;
}

/* If somebody has read a completion for it, that was one of another of the same name. */
void request_drop(const struct submitted *submitted)
{
	struct submitted *known;

	pthread_mutex_lock(&lock);
	known = find(submitted);
	if (known)
		*known = all_submitted[--nr_submitted];
	pthread_mutex_unlock(&lock);
}

/* Those of one thread are settled one after the other: the last one is meant. */
void request_settle(const struct submitted *submitted)
{
	pthread_mutex_lock(&lock);
	if (is_alone && nr_submitted)
		all_submitted[nr_submitted - 1].ended = submitted->ended;
	pthread_mutex_unlock(&lock);
}

static bool fits(const struct submitted *submitted, const struct kshm_completion *completion)
{
	return completion->in_returned <= submitted->lens[0] &&
	       completion->out_returned <= submitted->lens[1] &&
	       completion->data_returned <= submitted->lens[2];
}

/* Of several of the same name nobody knows which it was: the rest may be either. */
static void mix(const struct submitted *read)
{
	unsigned int i, j;

	for (i = 0; i < nr_submitted; i++) {
		struct submitted *one = &all_submitted[i];

		if (!is_like(one, read->handle, read->code, read->user_data))
			continue;
		for (j = 0; j < 3; j++)
			if (one->lens[j] < read->lens[j])
				one->lens[j] = read->lens[j];
	}
}

bool request_read(unsigned int handle, const struct kshm_completion *completion)
{
	struct submitted *known = NULL, read;
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_submitted; i++) {
		struct submitted *one = &all_submitted[i];

		if (!is_like(one, handle, completion->code, completion->user_data) ||
		    one->ended == PENDS || !fits(one, completion))
			continue;
		/* One that has ended, rather than one that may have. */
		if (!known || one->ended == OVER)
			known = one;
	}
	if (known) {
		read = *known;
		*known = all_submitted[--nr_submitted];
		mix(&read);
	}
	pthread_mutex_unlock(&lock);
	return known;
}

void requests_doubt(unsigned int handle)
{
	pthread_mutex_lock(&lock);
	doubts[handle] = true;
	touched[handle] = true;
	eventfds[handle] = -1;
	pthread_mutex_unlock(&lock);
}

void requests_forget(unsigned int handle)
{
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = nr_submitted; i-- > 0; )
		if (all_submitted[i].handle == handle)
			all_submitted[i] = all_submitted[--nr_submitted];
	doubts[handle] = false;
	eventfds[handle] = -1;
	pthread_mutex_unlock(&lock);
}

bool requests_are_known(unsigned int handle)
{
	return !doubts[handle];
}

bool requests_are_sure(unsigned int handle)
{
	return is_alone && !doubts[handle];
}

static bool is_of(const struct submitted *submitted, unsigned int handle, __u64 user_data,
		  bool all)
{
	return submitted->handle == handle && (all || submitted->user_data == user_data);
}

unsigned int requests_with(unsigned int handle, __u64 user_data, bool all, enum ended ended)
{
	unsigned int i, nr = 0;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_submitted; i++)
		nr += is_of(&all_submitted[i], handle, user_data, all) &&
		      all_submitted[i].ended == ended;
	pthread_mutex_unlock(&lock);
	return nr;
}

unsigned int requests_of(unsigned int handle)
{
	return requests_with(handle, 0, true, PENDS) +
	       requests_with(handle, 0, true, MAYBE_OVER) + requests_ended(handle);
}

unsigned int requests_ended(unsigned int handle)
{
	return requests_with(handle, 0, true, OVER);
}

void requests_cancelled(unsigned int handle, __u64 user_data, bool all)
{
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_submitted; i++)
		if (is_of(&all_submitted[i], handle, user_data, all) &&
		    all_submitted[i].ended == PENDS)
			all_submitted[i].ended = OVER;
	pthread_mutex_unlock(&lock);
}

void requests_sent(void)
{
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_submitted; i++)
		if (all_submitted[i].ended == PENDS)
			all_submitted[i].ended = MAYBE_OVER;
	pthread_mutex_unlock(&lock);
}

bool requests_any(void)
{
	unsigned int i;
	bool any = false;

	pthread_mutex_lock(&lock);
	for (i = 0; i < MAX_HANDLES; i++)
		any |= doubts[i];
	any |= nr_submitted;
	pthread_mutex_unlock(&lock);
	return any;
}

void requests_touch(unsigned int handle)
{
	touched[handle] = true;
}

bool requests_touched(unsigned int handle)
{
	return touched[handle];
}

bool requests_touched_any(void)
{
	unsigned int i;

	for (i = 0; i < MAX_HANDLES; i++)
		if (touched[i])
			return true;
	return false;
}

void requests_set_eventfd(unsigned int handle, int fd)
{
	eventfds[handle] = is_alone ? fd : -1;
}

int requests_eventfd(unsigned int handle)
{
	return eventfds[handle];
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - how long calls took
 */
#include <err.h>
#include <stdlib.h>
#include <time.h>

#include "kshmctl.h"
#include "times.h"

unsigned long long times_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

void times_init(struct times *times, unsigned long long calls)
{
	size_t room = calls < TIMES_KEPT ? calls : TIMES_KEPT;

	*times = (struct times){ .kept = calloc(room, sizeof(*times->kept)) };
	if (!times->kept)
		err(STATUS_FAILED, "out of memory");
}

void times_free(struct times *times)
{
	free(times->kept);
	times->kept = NULL;
}

void times_begin(struct times *times)
{
	times->began = times_now();
}

void times_end(struct times *times)
{
	unsigned long long took = times_now() - times->began;

	if (!times->calls || took < times->least)
		times->least = took;
	times->kept[times->calls++ % TIMES_KEPT] = took;
}

static int compare(const void *one, const void *other)
{
	const unsigned long long *a = one, *b = other;

	return (*a > *b) - (*a < *b);
}

unsigned long long times_median(struct times *times)
{
	size_t nr = times->calls < TIMES_KEPT ? times->calls : TIMES_KEPT;

	if (!nr)
		return 0;
	qsort(times->kept, nr, sizeof(*times->kept), compare);
	return times->kept[nr / 2];
}

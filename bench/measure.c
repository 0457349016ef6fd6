// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - measures operations, on a machine whose clock counts executed instructions
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <linux/types.h>

#include "measure.h"

#define ROUNDS		401
#define WARM_UP		20

/* Of what takes long: it is no less repeatable. */
#define LONG_BYTES	(1024 * 1024)
#define LONG_ROUNDS	41

static __u64 now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

void expect(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static int compare(const void *a, const void *b)
{
	__u64 x = *(const __u64 *)a, y = *(const __u64 *)b;

	return x < y ? -1 : x > y;
}

/* Returns how often it was done; the times are sorted. */
static int time_operation(const struct operation *op, __u64 *sorted)
{
	int rounds = op->bytes < LONG_BYTES ? ROUNDS : LONG_ROUNDS, i;
	__u64 start;

	if (op->prepare)
		op->prepare(op);
	for (i = -WARM_UP; i < rounds; i++) {
		start = now();
		op->run(op);
		if (i >= 0)
			sorted[i] = now() - start;
	}
	if (op->finish)
		op->finish(op);
	qsort(sorted, rounds, sizeof(*sorted), compare);
	return rounds;
}

static void nothing(const struct operation *op)
{
	(void)op;
}

/* What reading the clock costs. */
static __u64 clock_share(void)
{
	static const struct operation empty = { .run = nothing };
	static __u64 share;
	__u64 sorted[ROUNDS];

	if (!share) {
		time_operation(&empty, sorted);
		share = sorted[0];
	}
	return share;
}

static void print(const char *name, __u64 least, __u64 median)
{
	printf("result\t%s\t%llu\t%llu\n", name, least, median);
}

__u64 measure_operation(const struct operation *op)
{
	__u64 sorted[ROUNDS], share = clock_share();
	int rounds = time_operation(op, sorted);

	print(op->name, sorted[0] - share, sorted[rounds / 2] - share);
	return sorted[0] - share;
}

void tell(const char *name, __u64 instructions)
{
	print(name, instructions, instructions);
}

void measure(const struct operation *operations, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		measure_operation(&operations[i]);
}

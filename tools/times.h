/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshmctl - how long calls took
 */
#ifndef TIMES_H
#define TIMES_H

/* The median is that of so many calls, the last ones. */
#define TIMES_KEPT	65536

struct times {
	unsigned long long began;
	unsigned long long calls;
	unsigned long long least;	/* nanoseconds, of all calls */
	unsigned long long *kept;	/* owned; a ring */
};

/* In nanoseconds, of CLOCK_MONOTONIC. */
unsigned long long times_now(void);

/* For up to @calls calls; exits if there is no memory. */
void times_init(struct times *times, unsigned long long calls);
void times_free(struct times *times);

/* Around each call. */
void times_begin(struct times *times);
void times_end(struct times *times);

/* Nanoseconds; 0 if no call was timed. Puts what was kept in order. */
unsigned long long times_median(struct times *times);

#endif /* TIMES_H */

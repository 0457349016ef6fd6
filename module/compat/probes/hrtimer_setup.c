// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - probe: a timer is set up with its function, since 6.13
 */
#include <linux/hrtimer.h>

static void probe(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *))
{
	hrtimer_setup(timer, function, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}

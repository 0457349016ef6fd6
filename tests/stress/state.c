// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: what all processes share
 */
#include <stdarg.h>
#include <stdio.h>

#include "state.h"

struct state *state;

static struct slot *own;

void state_own(struct slot *slot)
{
	own = slot;
}

void progress(void)
{
	count(&own->progress);
	count(&state->progress);
}

void complain(const char *what, ...)
{
	__u32 nr = __atomic_fetch_add(&state->nr_complaints, 1, __ATOMIC_RELAXED);
	va_list args;

	count(&state->wrong);
	if (nr >= COMPLAINTS)
		return;
	va_start(args, what);
	vsnprintf(state->complaints[nr], sizeof(state->complaints[nr]), what, args);
	va_end(args);
}

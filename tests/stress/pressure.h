/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: what runs against the workers, and whether it did
 */
#ifndef STRESS_PRESSURE_H
#define STRESS_PRESSURE_H

#include <stdbool.h>
#include <sys/types.h>

/* The memory control group that tests/stress/guest makes: its processes swap. */
void pressure_enter_group(void);

/* Starts compaction, the mover of pages and stress-ng; a complaint if one cannot be. */
void pressure_start(void);

/* Ends them; a complaint if one of them had ended by itself. */
void pressure_stop(void);

/*
 * Whether a process, which nobody has waited for, is one of them, or of their children:
 * stress-ng kills its own, and does not always wait for them.
 */
bool pressure_is(pid_t pid);

/*
 * What pressures did since pressure_start(). One a call, from 0 on: false after the
 * last; how much is -1 where the kernel does not tell.
 */
bool pressure_read(unsigned int nr, const char **what, long *much);

/* Looks at what the kernel does not sum up; to be called now and then. */
void pressure_sample(void);

#endif /* STRESS_PRESSURE_H */

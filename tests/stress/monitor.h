/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: who looks whether each worker gets something done
 */
#ifndef STRESS_MONITOR_H
#define STRESS_MONITOR_H

#include <sys/types.h>

/* Starts it; counts and describes each worker that hangs. To be killed at the end. */
pid_t monitor_start(void);

#endif /* STRESS_MONITOR_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - whether a thread of this process waits already
 */
#ifndef THREAD_STATE_H
#define THREAD_STATE_H

#include <sys/types.h>

/*
 * What /proc shows of @thread, or of the first of a process: S if a signal can end its
 * sleep, D if only a kill can.
 */
char thread_state(pid_t thread);

#endif /* THREAD_STATE_H */

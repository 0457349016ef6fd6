/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what the driver for tests saw
 */
#ifndef STATE_H
#define STATE_H

#include "kshm_test.h"

/* Of the device that @fd is open on. */
struct kshm_test_state test_state(int fd);

/* Waits, for 10 seconds at most, until @holding handlers wait for a release. */
void wait_until_holding(int fd, __u64 holding);

/* Waits, for 10 seconds at most, until nothing of a dead caller is charged. */
void wait_until_free(int fd);

/* Lets them go. */
void release(int fd);

/*
 * Sends a request that kshm is to refuse, with @error, explained by @check of
 * @operand: asserts that, the handler not entered, nothing charged after.
 */
struct kshm_explain refused(struct kshm_ioc_control arg, int error,
			    __u32 check, __u32 operand);

#endif /* STATE_H */

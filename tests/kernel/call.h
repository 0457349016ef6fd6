/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - a call that lasts, made by a thread of its own
 */
#ifndef CALL_H
#define CALL_H

#include <pthread.h>

#include "kshm_test.h"

/**
 * struct call - one KSHM_TEST_HOLD* under way
 * @thread: that makes it
 * @fd: the handle; the test's to close
 * @arg: the request
 * @held: its out, what the driver saw
 * @ret: 0 or -errno of the ioctl itself, once it ended
 */
struct call {
	pthread_t thread;
	int fd;
	struct kshm_ioc_control arg;
	struct kshm_test_held held;
	int ret;
};

/* A request to be held with @len bytes at @data; @held is its out. */
struct kshm_ioc_control hold_request(__u32 code, struct kshm_test_held *held,
				     const void *data, size_t len);

/* Makes @call->arg through @fd; the handler may not have been entered yet. */
void call_start(struct call *call, int fd);

/* Starts a call to be held and waits until it is. */
void call_hold(struct call *call, int fd, __u32 code, const void *data,
	       size_t len);

/* Waits for its end, however that comes about. */
void call_join(struct call *call);

/* Releases it, and asserts that it succeeded. */
void call_release(struct call *call);

#endif /* CALL_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - requests of the device "event"
 */
#include <poll.h>
#include <string.h>
#include <time.h>

#include "device.h"
#include "event_calls.h"
#include "harness.h"
#include "pended_calls.h"

struct kshm_ioc_control event_wait(const char *name, void *data, size_t len,
				   struct kshm_event *event, size_t room, __u64 user_data)
{
	struct kshm_ioc_control arg = request(KSHM_EVENT_WAIT);

	arg.in = user_operand(name, strlen(name));
	arg.out = user_operand(event, room);
	arg.data = user_operand(data, len);
	arg.user_data = user_data;
	return arg;
}

__u32 event_send(int fd, const char *name, const void *data, size_t len)
{
	struct kshm_ioc_control arg = request(KSHM_EVENT_SEND);

	arg.in = user_operand(name, strlen(name));
	arg.data = user_operand(data, len);
	control(fd, &arg);
	return arg.out_detail;
}

struct kshm_ioc_control event_of(__u32 code, const void *in, size_t len,
				 struct kshm_event *event, __u64 user_data)
{
	struct kshm_ioc_control arg = request(code);

	arg.in = user_operand(in, len);
	arg.out = user_operand(event, sizeof(*event));
	arg.user_data = user_data;
	return arg;
}

struct kshm_completion event_ended(int fd, __u64 user_data, int status)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	/* A bound for what never comes. */
	assert_int_equal(poll(&poller, 1, 60000), 1);
	return completion_of(fd, user_data, status);
}

__u64 event_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

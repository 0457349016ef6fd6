// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - a call that lasts, made by a thread of its own
 */
#include "call.h"
#include "device.h"
#include "harness.h"
#include "state.h"

struct kshm_ioc_control hold_request(__u32 code, struct kshm_test_held *held,
				     const void *data, size_t len)
{
	struct kshm_ioc_control arg = request(code);

	arg.out = user_operand(held, sizeof(*held));
	arg.data = user_operand(data, len);
	return arg;
}

static void *make_call(void *data)
{
	struct call *call = data;

	call->ret = control_try(call->fd, &call->arg);
	return NULL;
}

void call_start(struct call *call, int fd)
{
	call->fd = fd;
	assert_int_equal(pthread_create(&call->thread, NULL, make_call, call),
			 0);
}

void call_hold(struct call *call, int fd, __u32 code, const void *data,
	       size_t len)
{
	call->arg = hold_request(code, &call->held, data, len);
	call_start(call, fd);
	wait_until_holding(fd, 1);
}

void call_join(struct call *call)
{
	assert_int_equal(pthread_join(call->thread, NULL), 0);
}

void call_release(struct call *call)
{
	release(call->fd);
	call_join(call);
	assert_int_equal(call->ret, 0);
	assert_int_equal(call->arg.out_status, 0);
}

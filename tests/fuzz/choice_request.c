// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: chance, where requests are submitted
 */
#include <string.h>

#include <linux/kshm_event.h>

#include "choice.h"

#define ONE_OF(table)	((table)[chance(sizeof(table) / sizeof(*(table)))])

/* Few, so that several requests have the same. */
__u64 choose_user_data(void)
{
	static const __u64 odd[] = { ~0ull, 1ull << 63, 1ull << 32 };

	return percent(95) ? chance(3) : ONE_OF(odd);
}

/* The last eventfd that the program makes, or one before it; or another descriptor. */
static __u64 choose_eventfd(const struct program *program)
{
	unsigned int i = program->nr_ops;

	while (i-- && percent(97))
		if (program->ops[i].type == OP_EVENTFD_MAKE && percent(60))
			return SLOT0 + program->ops[i].v[COUNTED_SHARE];
	return choose_value(program, VALUE_FD);
}

/* One of a few names, so that what is sent meets who waits. */
static void choose_message(struct op *op)
{
	static const __u64 lens[] = { 0, 0, 0, 1, 8, KSHM_EVENT_MAX_NAME };

	op->v[IN + LEN] = ONE_OF(lens);
	if (!op->v[IN + LEN])
		memset(&op->v[IN], 0, 4 * sizeof(*op->v));
	op->v[WORDS] = chance(2);
}

static __u64 choose_delay(void)
{
	static const __u64 delays[] = { 0, 1, 1000, 1000000, 1000000000, ~0ull >> 1, 1ull << 63 };

	return ONE_OF(delays);
}

static void choose_ticks(struct op *op)
{
	static const __u64 periods[] = {
		1000000, 1000000, 1000001, 2000000, 999999, 0, 1ull << 63,
	};
	static const __u64 lens[] = { 8, 8, 16, 64, 4096, 4, 0 };

	op->v[WORDS] = ONE_OF(periods);
	op->v[DATA + LEN] = ONE_OF(lens);
}

void choose_event(const struct program *program, struct op *op)
{
	memset(&op->v[WORDS], 0, NR_WORDS * sizeof(*op->v));
	switch (op->v[CODE]) {
	case KSHM_EVENT_WAIT:
	case KSHM_EVENT_SEND:
		choose_message(op);
		break;
	case KSHM_EVENT_AFTER:
		op->v[WORDS] = choose_delay();
		break;
	case KSHM_EVENT_TICKS:
		choose_ticks(op);
		break;
	case KSHM_EVENT_EVENTFD:
		op->v[WORDS] = choose_eventfd(program);
		break;
	}
}

/* Of what the program submits through, most often. */
static __u64 choose_submitter(const struct program *program, __u64 *user_data)
{
	unsigned int i = program->nr_ops;

	while (i--)
		if (op_submits(&program->ops[i]) && percent(60)) {
			*user_data = program->ops[i].v[USER_DATA];
			return program->ops[i].v[HANDLE];
		}
	*user_data = choose_user_data();
	return percent(60) ? DEVICE_EVENT : choose_value(program, VALUE_HANDLE);
}

static void choose_cancel(struct op *op, __u64 user_data)
{
	bool all = percent(40);

	op->v[CANCEL_DATA] = all ? 0 : percent(80) ? user_data : choose_user_data();
	op->v[CANCEL_FLAGS] = all ? KSHM_CANCEL_ALL : 0;
	if (percent(3))
		op->v[CANCEL_FLAGS] ^= 1ull << chance(32);
}

void choose_request(const struct program *program, struct op *op)
{
	static const __u64 lens[] = { 64, 64, 128, 256, 4096, 63, 127, 0 };
	__u64 user_data, submitter = choose_submitter(program, &user_data);

	switch (op->type) {
	case OP_EVENTFD_MAKE:
		op->v[COUNTED_SEMAPHORE] = percent(20);
		op->v[COUNTED_FIRST] = percent(70) ? 0 : chance(4);
		return;
	case OP_EVENTFD_RAISE:
		op->v[COUNTED_BY] = percent(80) ? 1 : choose_value(program, VALUE_WORD);
		op->v[COUNTED_FD] = choose_eventfd(program);
		return;
	case OP_EVENTFD_READ:
		op->v[COUNTED_FD] = choose_eventfd(program);
		return;
	case OP_COMPLETE:
		op->v[COMPLETE_LEN] = ONE_OF(lens);
		break;
	case OP_CANCEL:
		choose_cancel(op, user_data);
		break;
	case OP_EVENTFD:
		op->v[EVENTFD_FD] = percent(85) ? choose_eventfd(program) : (__u32)-1;
		break;
	}
	op->v[HANDLE] = submitter;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: what comes of a control operation that submits a request
 */
#include <stddef.h>

#include <linux/kshm_event.h>

#include "control.h"
#include "finding.h"
#include "known_request.h"
#include "known_share.h"
#include "submit.h"

/* What the module sees of it, of which a shorter struct has the first bytes, or none. */
static __u64 user_data_of(const struct op *op)
{
	const size_t before = offsetof(struct kshm_ioc_control, user_data);
	__u64 size = (__u32)op->v[SIZE];

	if (size >= before + sizeof(__u64))
		return op->v[USER_DATA];
	return size <= before ? 0 : op->v[USER_DATA] & ((1ull << 8 * (size - before)) - 1);
}

static struct submitted submitted_by(const struct op *op)
{
	return (struct submitted){
		.handle = op->v[HANDLE], .code = op->v[CODE], .user_data = user_data_of(op),
		.lens = { op->v[IN + LEN], op->v[OUT + LEN], op->v[DATA + LEN] },
		.ended = MAYBE_OVER,
	};
}

void submit_before(const struct thread *thread, const struct op *op)
{
	const struct submitted submitted = submitted_by(op);

	/* Where others can change it, it may be any request. */
	if (op->v[AT] != OWN && (op_submits(op) || !thread->alone || requests_any()))
		requests_doubt(op->v[HANDLE]);
	if (op_submits(op))
		request_add(&submitted);
}

/* Of a program of one thread: whether it has ended already. */
static enum ended ended_of(const struct op *op)
{
	const struct control *control = control_find(handles[op->v[HANDLE]].device, op->v[CODE]);

	if (!control || control->in_worker)
		return MAYBE_OVER;
	if (!control->may_pend)
		return OVER;
	return op->v[CODE] == KSHM_EVENT_WAIT ? PENDS : MAYBE_OVER;
}

static void check_results(const struct kshm_ioc_control *arg)
{
	if (arg->in.out_returned || arg->out.out_returned || arg->data.out_returned ||
	    arg->out_needed || arg->out_detail)
		found("control: results of a request that was submitted");
}

/* Whether a request of the program may take what an eventfd was raised by. */
static bool some_wait_for_eventfd(const struct program *program)
{
	unsigned int i;

	for (i = 0; i < program->nr_ops; i++)
		if (program->ops[i].type == OP_CONTROL &&
		    program->ops[i].v[CODE] == KSHM_EVENT_EVENTFD)
			return true;
	return false;
}

static void take(const struct thread *thread, const struct op *op)
{
	struct submitted submitted = submitted_by(op);

	check_results(&thread->own->call.control);
	submitted.ended = ended_of(op);
	request_settle(&submitted);
	if (thread->alone && submitted.ended == OVER && !some_wait_for_eventfd(thread->program))
		share_set_raised(requests_eventfd(op->v[HANDLE]), true);
}

void submit_after(const struct thread *thread, const struct op *op, int error)
{
	const struct submitted submitted = submitted_by(op);

	if (op->v[CODE] == KSHM_EVENT_SEND)
		requests_sent();
	if (!op_submits(op))
		return;
	if (error || (op->v[AT] == OWN && thread->own->call.control.out_status))
		request_drop(&submitted);
	else if (op->v[AT] == OWN)
		take(thread, op);
}

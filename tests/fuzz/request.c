// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: one call of KSHM_IOC_CONTROL or KSHM_IOC_INFO, and what it did
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "call.h"
#include "control.h"
#include "copy.h"
#include "finding.h"
#include "interrupt.h"
#include "known.h"
#include "known_request.h"
#include "known_share.h"
#include "look.h"
#include "memory.h"
#include "promise.h"
#include "request.h"
#include "submit.h"

static struct kshm_operand operand(const __u64 *v)
{
	return (struct kshm_operand){
		.kind = v[KIND], .id = v[OP_ID],
		.addr = thread_place(v), .len = v[LEN],
		.out_returned = 0xa5a5a5a5a5a5a5a5,
	};
}

static struct kshm_ioc_control argument(struct thread *thread, const struct op *op)
{
	return (struct kshm_ioc_control){
		.size = op->v[SIZE], .code = op->v[CODE],
		.flags = op->v[FLAGS], .user_data = op->v[USER_DATA],
		.reserved = op->v[RESERVED], .in = operand(&op->v[IN]),
		.out = operand(&op->v[OUT]), .data = operand(&op->v[DATA]),
		.explain = thread_address(op->v[EXPLAIN], thread->own->why),
		.out_status = 0x5a5a5a5a, .out_needed = 0xa5a5a5a5a5a5a5a5,
		.out_detail = 0xa5a5a5a5,
	};
}

/* Takes the descriptors that words stand for. */
static void find_words(const struct op *op, __u64 *words)
{
	unsigned int i;

	for (i = 0; i < NR_WORDS; i++) {
		words[i] = op->v[WORDS + i];
		if (words[i] >= SLOT0 && words[i] < HANDLE_FD0 + MAX_HANDLES)
			words[i] = (__u32)share_fd(words[i]);
	}
}

static void write_words(const struct op *op)
{
	__u64 words[NR_WORDS];
	struct iovec pieces[NR_RANGES];
	unsigned int i, nr;
	__u64 len = op->v[IN + LEN];

	find_words(op, words);
	for (i = 0; i < NR_WORDS; i++)
		if (words[i])
			break;
	if (i == NR_WORDS)
		return;
	nr = known_pieces(op->v[HANDLE], &op->v[IN], pieces);
	if (nr)
		memory_scatter(pieces, nr, words,
			       len < NR_WORDS * sizeof(*words) ? len : NR_WORDS * sizeof(*words));
}

/* Takes the members that a call may write from what was written. */
static void allow_results(struct kshm_ioc_control *expected,
			  const struct kshm_ioc_control *arg, bool handled)
{
	/* What is submitted has results, of zero, before anything is known of it. */
	if (handled || (arg->flags & KSHM_REQUEST_SUBMIT && !arg->out_status)) {
		expected->in.out_returned = arg->in.out_returned;
		expected->out.out_returned = arg->out.out_returned;
		expected->data.out_returned = arg->data.out_returned;
		expected->out_needed = arg->out_needed;
		expected->out_status = arg->out_status;
		expected->out_detail = arg->out_detail;
		return;
	}
	if (!arg->out_status)
		expected->out_status = 0;
	if (!arg->out_detail)
		expected->out_detail = 0;
}

static void check_returned(const char *name, const struct kshm_operand *operand)
{
	if (operand->out_returned > operand->len)
		found("out_returned of %s is %#llx, more than its length, %#llx", name,
		      operand->out_returned, operand->len);
}

static void check_results(const struct kshm_ioc_control *arg)
{
	if (arg->out_status > 0 || arg->out_status < -4095)
		found("out_status is %d", arg->out_status);
	check_returned("in", &arg->in);
	check_returned("out", &arg->out);
	check_returned("data", &arg->data);
}

static struct op resolved(const struct op *op)
{
	struct op with_ids = *op;
	unsigned int i;

	for (i = IN; i <= DATA; i += OUT - IN)
		with_ids.v[i + OP_ID] = known_id(op->v[i + OP_ID]);
	return with_ids;
}

/* Of a region that has lost pages, or may have. */
static void learn_lost(const struct op *op, struct region *region, const __u64 *v, int error,
		       const struct kshm_explain *why)
{
	if (!error)
		known_settle(region, v[ADDR], v[LEN]);
	if (error != ESTALE || region->stale == LOST)
		return;
	if (op->v[EXPLAIN] != OWN || op->v[EXPLAIN_SIZE] < sizeof(*why))
		region->stale = MAYBE_LOST;
	else if ((why->check == KSHM_EXPLAIN_STALE || why->check == KSHM_EXPLAIN_HOLE) &&
		 why->used == v[OP_ID])
		region->stale = LOST;
}

/* What is used is there; what is found to be stale is so from then on. */
static void learn(const struct thread *thread, const struct op *op, int error)
{
	struct hold hold;
	unsigned int i;

	for (i = IN; known_is_sure() && i <= DATA; i += OUT - IN)
		if (op->v[i + KIND] == KSHM_OPERAND_REGION &&
		    known_find(op->v[HANDLE], op->v[i + OP_ID], &hold) &&
		    known_lost(hold.region, op->v[i + ADDR], op->v[i + LEN]))
			learn_lost(op, hold.region, &op->v[i], error, &thread->own->explain);
}

/* What is not submitted, and may be kept until a signal comes; or turn out to be that. */
static bool may_wait(const struct op *op)
{
	return op->v[AT] != OWN || (!op_submits(op) && control_may_pend(op->v[CODE]));
}

/* Whether nothing but the call changes memory, and that before it returns, or not at all. */
static bool looks_at_once(const struct op *op)
{
	return !op_submits(op) && !control_may_pend(op->v[CODE]) && !requests_any();
}

static void call_control(struct thread *thread, const struct op *op)
{
	const struct handle *handle = &handles[op->v[HANDLE]];
	struct kshm_ioc_control arg = argument(thread, op);
	const struct kshm_ioc_control *results = &thread->own->call.control;
	struct look look = { .op = op };
	struct copy copy = { .op = op };
	const bool waits = may_wait(op);
	int promised, error, status = 0;

	write_words(op);
	if (thread->alone && looks_at_once(op)) {
		look_before(&look);
		copy_before(&copy);
	}
	/* Of what there is before. */
	promised = promised_error(op, handle->device, handle->access);
	submit_before(thread, op);
	if (waits)
		interrupt_begin();
	error = call_make(thread, op, &arg, sizeof(arg));
	if (waits)
		interrupt_end();
	if (op->v[AT] == OWN) {
		allow_results(&thread->expected->call.control, results, !error);
		if (!error) {
			check_results(results);
			status = results->out_status;
		}
	}
	submit_after(thread, op, error);
	call_check_memory(thread, op);
	if (!handle_is_stable(thread, op))
		return;
	if (error == EINTR && !waits)
		found("control: %s, of what nobody interrupts", strerror(error));
	if (error == ENOSPC && promised != A_LIMIT && requests_are_sure(op->v[HANDLE]))
		found("control: %s, of fewer requests than there may be", strerror(error));
	call_check_error(op, promised, error);
	call_check_explanation(thread, op, error, status);
	learn(thread, op, error);
	copy_check_status(op, status);
	if (thread->alone)
		copy_after(&copy, thread, error);
	if (op->v[AT] == OWN)
		look_after(&look, error ? NULL : results, handle->device);
}

void request_control(struct thread *thread, const struct op *op)
{
	struct op with_ids = resolved(op);

	if (handles[op->v[HANDLE]].fd != -1 && control_is_callable(op))
		call_control(thread, &with_ids);
}

static void check_info(const struct kshm_ioc_info *info)
{
	size_t i;

	for (i = strnlen(info->out_device, sizeof(info->out_device));
	     i < sizeof(info->out_device); i++)
		if (info->out_device[i])
			found("info: a name has something behind it");
	if (info->out_page_size != 4096 || info->out_abi_version != KSHM_ABI_VERSION ||
	    info->out_max_system_pages != MAX_SYSTEM_PAGES || info->flags)
		found("info: a number is wrong");
}

void request_info(struct thread *thread, const struct op *op)
{
	struct own *own = thread->own;
	__u64 size = op->v[INFO_SIZE];
	int error;

	memset(own, POISON, sizeof(*own));
	own->call.info.size = size;
	own->call.info.flags = op->v[INFO_FLAGS];
	*thread->expected = *own;
	if (op->v[INFO_AT] != OWN)
		memory_write(op->v[INFO_AT], &own->call.info, sizeof(own->call.info));
	if (handles[op->v[HANDLE]].fd == -1)
		return;
	error = ioctl(handles[op->v[HANDLE]].fd, KSHM_IOC_INFO,
		      thread_address(op->v[INFO_AT], own->arg)) ? errno : 0;
	thread->calls++;
	if (error && !is_promised_errno(OP_INFO, error) && handle_is_stable(thread, op))
		found("info: an errno that is not promised: %s", strerror(error));
	if (!error && op->v[INFO_AT] == OWN) {
		memcpy(thread->expected->arg + 8, own->arg + 8, sizeof(own->call.info) - 8);
		check_info(&own->call.info);
		if (size != sizeof(own->call.info))
			found("info: a size that is not its own is taken");
	}
	call_check_memory(thread, op);
}

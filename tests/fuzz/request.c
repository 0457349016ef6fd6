// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: one call of KSHM_IOC_CONTROL or KSHM_IOC_INFO, and what it did
 *
 * Around the struct and the explanation everything is poison, so that a byte that
 * was written and should not have been is seen, and so is one that should have been.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

#include "control.h"
#include "finding.h"
#include "look.h"
#include "memory.h"
#include "promise.h"
#include "request.h"

static __u64 min_size(__u64 a, __u64 b)
{
	return a < b ? a : b;
}

static struct kshm_operand operand(const __u64 *v)
{
	return (struct kshm_operand){
		.kind = v[KIND], .id = v[OP_ID],
		.addr = thread_address(v[ADDR], NULL), .len = v[LEN],
		.out_returned = 0xa5a5a5a5a5a5a5a5,
	};
}

static struct kshm_ioc_control argument(struct thread *thread, const struct op *op)
{
	return (struct kshm_ioc_control){
		.size = op->v[SIZE], .flags = op->v[FLAGS], .code = op->v[CODE],
		.reserved = op->v[RESERVED], .in = operand(&op->v[IN]),
		.out = operand(&op->v[OUT]), .data = operand(&op->v[DATA]),
		.explain = thread_address(op->v[EXPLAIN], thread->own->why),
		.out_status = 0x5a5a5a5a, .out_needed = 0xa5a5a5a5a5a5a5a5,
		.out_detail = 0xa5a5a5a5,
	};
}

static void write_words(const struct op *op)
{
	const __u64 *words = &op->v[WORDS];
	unsigned int i;

	for (i = 0; i < NR_WORDS; i++)
		if (words[i])
			break;
	if (i < NR_WORDS && memory_is_area(op->v[IN + ADDR], op->v[IN + LEN]))
		memory_write(op->v[IN + ADDR], words,
			     min_size(op->v[IN + LEN], NR_WORDS * sizeof(*words)));
}

static void prepare(struct thread *thread, const struct op *op)
{
	struct kshm_ioc_control arg = argument(thread, op);
	struct own *own = thread->own;

	memset(own, POISON, sizeof(*own));
	memset(own->arg, op->v[TAIL], sizeof(own->arg));
	own->control = arg;
	own->explain.size = op->v[EXPLAIN_SIZE];
	*thread->expected = *own;
	write_words(op);
	if (op->v[AT] != OWN)
		memory_write(op->v[AT], &arg, sizeof(arg));
}

/* Takes the members that a call may write from what was written. */
static void allow_results(struct kshm_ioc_control *expected,
			  const struct kshm_ioc_control *arg, bool handled)
{
	if (handled) {
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

static void check_own(const struct thread *thread, const char *what)
{
	const unsigned char *is = (const void *)thread->own;
	const unsigned char *expected = (const void *)thread->expected;
	size_t i;

	if (!memcmp(is, expected, sizeof(*thread->own)))
		return;
	for (i = 0; is[i] == expected[i]; )
		i++;
	if (i >= offsetof(struct own, why))
		found("%s: byte %zd of the explanation is changed", what,
		      (ssize_t)(i - offsetof(struct own, why)));
	else
		found("%s: byte %zd of the struct is changed", what,
		      (ssize_t)(i - offsetof(struct own, arg)));
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

static void check_error(const struct op *op, int error)
{
	const struct handle *handle = &handles[op->v[HANDLE]];
	int promised;

	if (error && !is_promised_errno(error))
		found("control: an errno that is not promised: %s", strerror(error));
	promised = promised_error(op, handle->device, handle->access);
	if (promised < 0 && error != -promised)
		found("control: %s, where %s is promised", strerror(error), strerror(-promised));
	else if (!promised && error && error != EFAULT && error != EDQUOT && error != ENOMEM)
		found("control: %s, where nothing is wrong", strerror(error));
}

static void check_explanation(const struct thread *thread, const struct op *op, int error,
			      int status)
{
	const struct kshm_explain *why = &thread->own->explain;
	__u64 size = min_size(op->v[EXPLAIN_SIZE], sizeof(*why));
	bool written = why->check != 0xa5a5a5a5;
	const char *wrong;

	if (op->v[EXPLAIN] != OWN || op->v[EXPLAIN_SIZE] < 16)
		return;
	if (error && !written && op->v[AT] == OWN && error != EINVAL && error != E2BIG)
		found("control: %s is not explained", strerror(error));
	if (!error && written && why->check != KSHM_EXPLAIN_COPY_OUT &&
	    why->check != KSHM_EXPLAIN_SIGNAL)
		found("control: success with an explanation, check %u", why->check);
	wrong = written ? wrong_explanation(why, size, error ?: -status) : NULL;
	if (wrong)
		found("control: check %u is explained with %s", why->check, wrong);
}

/* What of the explanation may be written: all but its size. */
static void allow_explanation(struct thread *thread, const struct op *op)
{
	__u64 size = min_size(op->v[EXPLAIN_SIZE], sizeof(struct kshm_explain));

	if (op->v[EXPLAIN] == OWN && size > sizeof(__u32))
		memcpy(thread->expected->why + sizeof(__u32), thread->own->why + sizeof(__u32),
		       size - sizeof(__u32));
}

void request_control(struct thread *thread, const struct op *op)
{
	const struct handle *handle = &handles[op->v[HANDLE]];
	struct own *own = thread->own;
	struct look look = { .op = op };
	int error, status = 0;

	if (handle->fd == -1 || !control_is_callable(op))
		return;
	prepare(thread, op);
	if (thread->alone)
		look_before(&look);
	error = ioctl(handle->fd, KSHM_IOC_CONTROL, thread_address(op->v[AT], own->arg)) ?
		errno : 0;
	thread->calls++;
	if (op->v[AT] == OWN) {
		allow_results(&thread->expected->control, &own->control, !error);
		if (!error) {
			check_results(&own->control);
			status = own->control.out_status;
		}
	}
	allow_explanation(thread, op);
	check_own(thread, "control");
	if (!handle_is_stable(thread, op))
		return;
	check_error(op, error);
	check_explanation(thread, op, error, status);
	if (op->v[AT] == OWN)
		look_after(&look, error ? NULL : &own->control, handle->device);
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
	own->info.size = size;
	own->info.flags = op->v[INFO_FLAGS];
	*thread->expected = *own;
	if (op->v[INFO_AT] != OWN)
		memory_write(op->v[INFO_AT], &own->info, sizeof(own->info));
	if (handles[op->v[HANDLE]].fd == -1)
		return;
	error = ioctl(handles[op->v[HANDLE]].fd, KSHM_IOC_INFO,
		      thread_address(op->v[INFO_AT], own->arg)) ? errno : 0;
	thread->calls++;
	if (error && !is_promised_errno(error) && handle_is_stable(thread, op))
		found("info: an errno that is not promised: %s", strerror(error));
	if (!error && op->v[INFO_AT] == OWN) {
		memcpy(thread->expected->arg + 8, own->arg + 8, sizeof(own->info) - 8);
		check_info(&own->info);
		if (size != sizeof(own->info))
			found("info: a size that is not its own is taken");
	}
	check_own(thread, "info");
}

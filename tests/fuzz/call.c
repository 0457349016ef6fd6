// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: what the calls of all commands that explain themselves have in common
 *
 * Around the struct and the explanation everything is poison, so that a byte that
 * was written and should not have been is seen, and so is one that should have been.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

#include "call.h"
#include "copy.h"
#include "finding.h"
#include "memory.h"
#include "promise.h"

/* POISON in kshm_explain.check. */
#define UNWRITTEN	0xa5a5a5a5

static const char *name_of(const struct op *op)
{
	return op_infos[op->type].name;
}

/*
 * Puts the struct where the call will find it. Where that cannot be written there may be
 * another one, of a call before, whose addresses are not the operation's; false then.
 */
static bool put_struct(__u64 at, const void *arg, size_t size)
{
	unsigned char there[OWN_PAGE];

	return memory_write(at, arg, size) == size ||
	       !memcmp(there, arg, memory_read(there, at, size));
}

int call_make(struct thread *thread, const struct op *op, const void *arg, size_t size)
{
	struct own *own = thread->own;
	int error = EFAULT;

	memset(own, POISON, sizeof(*own));
	memset(own->arg, op->v[TAIL], sizeof(own->arg));
	memcpy(own->arg, arg, size);
	own->explain.size = op->v[EXPLAIN_SIZE];
	*thread->expected = *own;
	if (op->v[AT] == OWN || put_struct(op->v[AT], arg, size)) {
		thread->calls++;
		error = ioctl(handles[op->v[HANDLE]].fd, op_infos[op->type].command,
			      thread_address(op->v[AT], own->arg)) ? errno : 0;
	}
	return error;
}

/* Whether another thread may call with the struct of this one, put into memory of both. */
static bool may_be_taken(const struct thread *thread)
{
	const struct program *program = thread->program;
	unsigned int i;

	for (i = 0; !thread->alone && i < program->nr_ops; i++)
		if (op_infos[program->ops[i].type].command && program->ops[i].v[AT] != OWN)
			return true;
	return false;
}

/* What of the explanation may be written: all but its size. */
static void allow_explanation(struct thread *thread, const struct op *op)
{
	__u64 size = op->v[EXPLAIN_SIZE];

	if (size > sizeof(struct kshm_explain))
		size = sizeof(struct kshm_explain);
	if ((op->v[EXPLAIN] == OWN || may_be_taken(thread)) && size > sizeof(__u32))
		memcpy(thread->expected->why + sizeof(__u32), thread->own->why + sizeof(__u32),
		       size - sizeof(__u32));
}

void call_check_memory(struct thread *thread, const struct op *op)
{
	const unsigned char *is = (const void *)thread->own;
	const unsigned char *expected = (const void *)thread->expected;
	size_t i;

	allow_explanation(thread, op);
	if (!memcmp(is, expected, sizeof(*thread->own)))
		return;
	for (i = 0; is[i] == expected[i]; )
		i++;
	if (i >= offsetof(struct own, why))
		found("%s: byte %zd of the explanation is changed", name_of(op),
		      (ssize_t)(i - offsetof(struct own, why)));
	else
		found("%s: byte %zd of the struct is changed", name_of(op),
		      (ssize_t)(i - offsetof(struct own, arg)));
}

void call_check_error(const struct op *op, int promised, int error)
{
	if (error && !is_promised_errno(op->type, error))
		found("%s: an errno that is not promised: %s", name_of(op), strerror(error));
	else if (promised < 0 && error != -promised)
		found("%s: %s, where %s is promised", name_of(op), strerror(error),
		      strerror(-promised));
	else if (promised == A_LIMIT && !is_limit(error))
		found("%s: %s, where a limit is exceeded", name_of(op), strerror(error));
	else if (!promised && error && !is_late_errno(op->type, error))
		found("%s: %s, where nothing is wrong", name_of(op), strerror(error));
}

/* What the handler of a control did is explained where kshm could not give it back. */
static bool explains_success(const struct op *op, __u32 check, int status)
{
	if (op->type != OP_CONTROL)
		return false;
	if (check == KSHM_EXPLAIN_COPY_OUT || check == KSHM_EXPLAIN_SIGNAL)
		return true;
	/* What kshm refused to the handler, and what ended a copy of which some was made. */
	return copy_is(op) && (status || check == KSHM_EXPLAIN_ADDRESS);
}

static bool is_too_short(const struct op *op)
{
	return (__u32)op->v[SIZE] < op_infos[op->type].values[SIZE].usual;
}

/* It has what is not known, or may end outside of user space: nothing of it is looked at. */
static bool is_too_long(const struct op *op, int error)
{
	return error == E2BIG || (error == EFAULT && op->v[SIZE] > OWN_BEHIND);
}

bool call_is_explained(const struct thread *thread, const struct op *op)
{
	return op->v[EXPLAIN] == OWN && op->v[EXPLAIN_SIZE] >= sizeof(struct kshm_explain) &&
	       thread->own->explain.check != UNWRITTEN;
}

void call_check_explanation(const struct thread *thread, const struct op *op, int error,
			    int status)
{
	const struct kshm_explain *why = &thread->own->explain;
	bool written = why->check != UNWRITTEN;
	const char *wrong = NULL;

	if (op->v[EXPLAIN] != OWN || op->v[EXPLAIN_SIZE] < 16 || may_be_taken(thread))
		return;
	if (error && !written && op->v[AT] == OWN && !is_too_short(op) &&
	    !is_too_long(op, error))
		found("%s: %s is not explained", name_of(op), strerror(error));
	if (!error && written && !explains_success(op, why->check, status))
		found("%s: success with an explanation, check %u", name_of(op), why->check);
	if (written)
		wrong = wrong_explanation(op, why, op->v[EXPLAIN_SIZE], error ?: -status);
	if (wrong)
		found("%s: check %u is explained with %s", name_of(op), why->check, wrong);
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: what the calls of all commands that explain themselves have in common
 */
#ifndef FUZZ_CALL_H
#define FUZZ_CALL_H

#include "thread.h"

/*
 * Makes the call of an operation with @arg, of @size bytes, for its struct. Returns 0, or
 * the errno. What the call may write in the struct, and nothing else, is then to be made
 * the same in thread->expected, unless the struct is elsewhere (AT). That is EFAULT, and
 * no call, where it cannot be put and other bytes are.
 */
int call_make(struct thread *thread, const struct op *op, const void *arg, size_t size);

/* Whether anything else in the thread's memory has changed. */
void call_check_memory(struct thread *thread, const struct op *op);

/* Whether it ended as promised: with -@promised, or see promise.h. */
void call_check_error(const struct op *op, int promised, int error);

/*
 * Whether its explanation, if there is to be one, is of @error, or of @status, with
 * which the handler of a control ended.
 */
void call_check_explanation(const struct thread *thread, const struct op *op, int error,
			    int status);

/* Whether there is an explanation, and all of it. */
bool call_is_explained(const struct thread *thread, const struct op *op);

#endif /* FUZZ_CALL_H */

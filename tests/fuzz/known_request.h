/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: what is known of the requests that a program submits
 *
 * Of each that is under way, and of each whose completion was not read, one completion
 * comes; of none else. That is so however many threads submit and read, but not once
 * another process did, or a struct was where programs can change it.
 */
#ifndef FUZZ_KNOWN_REQUEST_H
#define FUZZ_KNOWN_REQUEST_H

#include <stdbool.h>

#include <linux/kshm.h>

#include "program.h"

/* Whether a request has ended. */
enum ended { PENDS, MAYBE_OVER, OVER };

/**
 * struct submitted - a request that was submitted
 * @handle: whose it is, as programs number them
 * @user_data: of the caller
 * @code: the control code
 * @lens: bytes of in, out and data
 * @ended: nobody but a thread of the program changes that, if it is not maybe so
 */
struct submitted {
	unsigned int handle;
	__u64 user_data;
	__u32 code;
	__u64 lens[3];
	enum ended ended;
};

/* A program begins; @alone: it has one thread. */
void requests_begin(bool alone);

/* One is submitted, before anybody can read how it ended; it was not, after all. */
void request_add(const struct submitted *submitted);
void request_drop(const struct submitted *submitted);

/* It was, and is as @submitted says, if there is nobody else who can have read it. */
void request_settle(const struct submitted *submitted);

/* A completion was read: false if it is of none. */
bool request_read(unsigned int handle, const struct kshm_completion *completion);

/* From now on who knows what was submitted through a handle, or read. */
void requests_doubt(unsigned int handle);

/* A handle is open anew, or closed, with what there was. */
void requests_forget(unsigned int handle);

/* Whether what is known of a handle is so; and that no thread changes it meanwhile. */
bool requests_are_known(unsigned int handle);
bool requests_are_sure(unsigned int handle);

/* Those of a handle whose completions are not read; those that have ended, of them. */
unsigned int requests_of(unsigned int handle);
unsigned int requests_ended(unsigned int handle);

/* Those, with a number or @all, that are as @ended says. */
unsigned int requests_with(unsigned int handle, __u64 user_data, bool all, enum ended ended);

/* Those have ended, of the ones that pend; a message may have ended any that wait. */
void requests_cancelled(unsigned int handle, __u64 user_data, bool all);
void requests_sent(void);

/* Whether there can be any, of any handle, by which memory changes and regions are used. */
bool requests_any(void);

/* A handle is not as it was when the program began; whether that is so. */
void requests_touch(unsigned int handle);
bool requests_touched(unsigned int handle);
bool requests_touched_any(void);

/* The eventfd of a handle, of which it is known; -1: there is none, or any. */
void requests_set_eventfd(unsigned int handle, int fd);
int requests_eventfd(unsigned int handle);

#endif /* FUZZ_KNOWN_REQUEST_H */

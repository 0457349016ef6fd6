/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - calls under which the driver for tests misbehaves
 */
#ifndef MISBEHAVING_H
#define MISBEHAVING_H

#include "buffer.h"
#include "kshm_test.h"

#define MISBEHAVING_PAGES	20	/* more than an mdl has room for, and not one folio */

/**
 * struct misbehaving - a call under which the driver misbehaves
 * @fd: handle of the device test
 * @code: of the row, which may pend or not
 * @b: memory; half of it is data, the rest the driver's to lock
 * @how: in
 * @answer: out, what kshm said to the driver
 * @arg: the request
 */
struct misbehaving {
	int fd;
	__u32 code;
	struct buffer b;
	struct kshm_test_misbehave how;
	__s32 answer;
	struct kshm_ioc_control arg;
};

/* Of a row that may not pend; says what is to happen. */
struct misbehaving misbehaving(enum kshm_test_misbehaviour which);

/* The request, to be called, or submitted. */
void misbehaving_prepare(struct misbehaving *m, __s64 argument);

/* The driver does it; the request ends with @status. */
void misbehave(struct misbehaving *m, __s64 argument, int status);

/* The next good call works, and nothing is charged. */
void misbehaving_end(struct misbehaving *m);

#endif /* MISBEHAVING_H */

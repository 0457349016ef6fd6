/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - requests that the driver for tests keeps, through the library
 */
#ifndef PEND_H
#define PEND_H

#include <kshm.h>
#include "kshm_test.h"

/* After which a test that waits has failed. */
#define WATCHDOG_MS	60000

/* One that can be cancelled, and that nobody else completes. */
struct kshm_test_pend pend_new(void);

/* Submits it by KSHM_TEST_PEND; @out may have no bytes. */
int pend_try(const struct kshm_handle *handle, const struct kshm_test_pend *pend,
	     void *out, size_t len, __u64 user_data, struct kshm_explanation *why);

/* Submits a new one without output, which must work; returns its key. */
__u64 pend_submit(const struct kshm_handle *handle, __u64 user_data);

/* Completes the one with that key, which must be there. */
void pend_complete(const struct kshm_handle *handle, __u64 key, __u32 where);

/* What comes next, which something must; and that nothing is there. */
struct kshm_completion pend_wait(const struct kshm_handle *handle);
void pend_nothing(const struct kshm_handle *handle);

#endif /* PEND_H */

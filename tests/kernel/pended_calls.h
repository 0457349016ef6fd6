/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - requests that pend, as the tests use them: raw calls on open files
 */
#ifndef PENDED_CALLS_H
#define PENDED_CALLS_H

#include <stddef.h>
#include <linux/kshm.h>

#include "buffer.h"
#include "kshm_test.h"

/* The next request of @code, whose input @pend has to last until it is called. */
struct kshm_ioc_control pend_request(__u32 code, const struct kshm_test_pend *pend,
				     __u64 user_data);

/* The same, of which the driver writes all of @b; its key is its user_data. */
struct kshm_ioc_control pend_buffer(__u32 code, struct kshm_test_pend *pend,
				    const struct buffer *b);

/* Submits it: 0, or -errno of the ioctl itself or of the driver. */
int submit_try(int fd, struct kshm_ioc_control *arg);

/* The same, which must work; it is @user_data by which it is completed, too. */
void submit(int fd, struct kshm_ioc_control arg);
void submit_pend(int fd, __u32 how, __u64 user_data);

/* Reads one, without waiting: 0 or -errno; and one that must be there. */
int completion_try(int fd, struct kshm_completion *completion);
struct kshm_completion completion_read(int fd);

/* Asserts that the next one is that of @user_data, with that status. */
struct kshm_completion completion_of(int fd, __u64 user_data, int status);

/* Asserts that there is none. */
void completion_none(int fd);

/* Has the driver complete those of a key, or all: how many there were. */
__u32 complete_where(int fd, __u64 key, __u32 where);
__u32 complete_all(int fd);

/* Completes one, in the calling task, that must be there. */
void complete_one(int fd, __u64 key);

/* The same, anywhere; and where the kernel says that this was. */
struct kshm_test_completed complete_there(int fd, __u64 key, __u32 where);

/* How many were cancelled, or -errno. */
int cancel_try(int fd, __u64 user_data, __u32 flags, struct kshm_explain *why);

/* 0 or -errno. */
int eventfd_set(int fd, int eventfd, struct kshm_explain *why);

/* Waits until the driver kept that many, as its state counts. */
void wait_until_driver_keeps(int fd, __u64 kept);

/* Waits, for 10 seconds at most, until handlers were entered that many times. */
void wait_until_kept(int fd, __u64 calls);

#endif /* PENDED_CALLS_H */

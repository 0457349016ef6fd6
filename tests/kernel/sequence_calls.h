/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - counters of sections as the tests use them: raw ioctls, and their files
 */
#ifndef SEQUENCE_CALLS_H
#define SEQUENCE_CALLS_H

#include <linux/kshm.h>

/* A descriptor to be made of a region. */
struct kshm_ioc_section_sequence sequence_request(__u32 id, __u32 rights);

/* Makes it: 0 or -errno. @why, which may be NULL, gets the explanation. */
int sequence_try(int fd, struct kshm_ioc_section_sequence *arg,
		 struct kshm_explain *why);

/* Makes one, which must work. It sleeps, unless it gets O_NONBLOCK. */
int sequence_make(int fd, __u32 id, __u32 rights);
void sequence_dont_sleep(int sequence);

/* Raises: 0 or -errno. */
int sequence_raise_try(int sequence, __u64 by);
void sequence_raise(int sequence);

/* What it is raised to, which there must be; and that it is not. */
__u64 sequence_read(int sequence);
void sequence_is_not_raised(int sequence);

/* What poll() says at once. */
short sequence_poll(int sequence);

#endif /* SEQUENCE_CALLS_H */

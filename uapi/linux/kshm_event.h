/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kshm - the control codes of the device "event"
 *
 * Programs ask it for what has not happened yet: their requests are kept, and end when it
 * does. Whoever submits them, as many at a time as he likes, reads their completions
 * later; whoever does not waits. What happened is in out, as much of a struct kshm_event as
 * there is room for, also none.
 *
 * "wait" from-driver waits for a message of the name that in is, of any bytes, also none.
 * data gets its first bytes, data.out_returned how many, out_needed how many it has.
 * "send" to-driver sends data as a message of the name that in is. Of each handle that
 * has requests waiting for it the first gets the message, so that a program which has
 * several under way misses none in between; nobody gets it later. out_detail is how many
 * there were. What several send at the same time may come in any order. A message is
 * between all who may open the device: names are no secret.
 *
 * "after" copied waits for as many nanoseconds as in, a __u64, says.
 *
 * "ticks" from-driver has an interrupt every so many nanoseconds as in, a __u64, says, from
 * that many on, each of which writes the time into data, a __u64, until data is full. One
 * that is cancelled returns nothing, though times were written.
 *
 * "eventfd" copied waits until an eventfd, of which in is the descriptor, a __s32, is not
 * zero, and takes what read(2) would: all, or one of an EFD_SEMAPHORE. Of several requests
 * on one eventfd the first gets it.
 *
 * Times are of CLOCK_MONOTONIC, in nanoseconds.
 *
 * Errors of the driver
 *   EINVAL      there are more nanoseconds than a __s64 holds; "ticks" are less than the
 *               device's least period apart, or data is no whole number of times, or
 *               none; "eventfd" is told another file
 *   EBADF       "eventfd" is told what is no descriptor
 *   EBUSY       KSHM_EVENT_MAX_REQUESTS of the handle wait for something, or
 *               KSHM_EVENT_MAX_TICKS of all for ticks
 *   EPIPE       the last descriptor of the eventfd was closed
 *   ENOMEM      the kernel is out of memory
 *   ECANCELED   the request was cancelled, or the device removed
 *   EINTR       "send": the caller is being killed, or the device removed; out_detail says
 *               how many got the message
 */
#ifndef _UAPI_LINUX_KSHM_EVENT_H
#define _UAPI_LINUX_KSHM_EVENT_H

#include <linux/kshm.h>

#define KSHM_EVENT_TYPE		0x8e03

#define KSHM_EVENT_WAIT \
	KSHM_CODE(KSHM_EVENT_TYPE, 0x800, KSHM_METHOD_OUT_DIRECT, KSHM_ACCESS_READ)
#define KSHM_EVENT_SEND \
	KSHM_CODE(KSHM_EVENT_TYPE, 0x801, KSHM_METHOD_IN_DIRECT, KSHM_ACCESS_WRITE)
#define KSHM_EVENT_AFTER \
	KSHM_CODE(KSHM_EVENT_TYPE, 0x802, KSHM_METHOD_BUFFERED, KSHM_ACCESS_READ)
#define KSHM_EVENT_TICKS \
	KSHM_CODE(KSHM_EVENT_TYPE, 0x803, KSHM_METHOD_OUT_DIRECT, KSHM_ACCESS_READ)
#define KSHM_EVENT_EVENTFD \
	KSHM_CODE(KSHM_EVENT_TYPE, 0x804, KSHM_METHOD_BUFFERED, KSHM_ACCESS_READ)

/* Longest name of a message, in bytes. */
#define KSHM_EVENT_MAX_NAME	64

/* Longest message, in bytes. */
#define KSHM_EVENT_MAX_MESSAGE	(1024 * 1024)

/* Requests of a handle that wait for something: what happens at once is done at once. */
#define KSHM_EVENT_MAX_REQUESTS	256

/* Requests for ticks at a time, of all handles together. */
#define KSHM_EVENT_MAX_TICKS	64

/**
 * struct kshm_event - what happened
 * @time: when
 * @count: bytes of the message; ticks that were not written, since the interrupt came too
 *	late for them; or what was taken of the eventfd
 */
struct kshm_event {
	__aligned_u64 time;
	__aligned_u64 count;
};

#endif /* _UAPI_LINUX_KSHM_EVENT_H */

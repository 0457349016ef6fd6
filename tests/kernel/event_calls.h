/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - requests of the device "event", as the tests use them: raw calls on open files
 */
#ifndef EVENT_CALLS_H
#define EVENT_CALLS_H

#include <stddef.h>
#include <linux/kshm.h>
#include <linux/kshm_event.h>

/* For a message of the name; out gets as much of @event as @room says. */
struct kshm_ioc_control event_wait(const char *name, void *data, size_t len,
				   struct kshm_event *event, size_t room, __u64 user_data);

/* How many get the message. */
__u32 event_send(int fd, const char *name, const void *data, size_t len);

/* What ends by the 8 bytes at @in, or 4 of an eventfd; these stay until the call. */
struct kshm_ioc_control event_of(__u32 code, const void *in, size_t len,
				 struct kshm_event *event, __u64 user_data);

/* Waits until there is one, of @user_data and with @status. */
struct kshm_completion event_ended(int fd, __u64 user_data, int status);

__u64 event_now(void);

#endif /* EVENT_CALLS_H */

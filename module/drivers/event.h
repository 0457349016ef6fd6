/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what the files of the device "event" share
 */
#ifndef KSHM_DRIVERS_EVENT_H
#define KSHM_DRIVERS_EVENT_H

#include <linux/atomic.h>
#include <linux/kshm_driver.h>

/**
 * struct event_handle - what the driver has of a handle
 * @waiting: requests of it that wait for something
 * @heard: number of the last message that one of them got; event_message.c's
 */
struct event_handle {
	atomic_t waiting;
	u64 heard;
};

/*
 * event.c. As kshm_request_pend() and kshm_request_complete(), of requests that are
 * counted: the first can say -EBUSY, too.
 */
int event_pend(struct kshm_request *req, void (*cancel)(struct kshm_request *req));
void event_complete(struct kshm_request *req, int status);

/* Tells what happened, in what is to be completed then. Context: any. */
void event_give(struct kshm_request *req, u64 time, u64 count);

/* event_message.c */
void event_message_init(void);
int event_wait(struct kshm_request *req);
int event_send(struct kshm_request *req);

/* event_timer.c; exit comes when the device is unregistered */
int event_after(struct kshm_request *req);
int event_ticks(struct kshm_request *req);
void event_timer_exit(void);

/* event_eventfd.c; as before */
int event_eventfd(struct kshm_request *req);
void event_eventfd_exit(void);

#endif /* KSHM_DRIVERS_EVENT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the driver of docs/driver-authors.md: what its files share
 */
#ifndef HANDLERS_H
#define HANDLERS_H

#include <linux/atomic.h>
#include <linux/kshm_driver.h>
#include <linux/wait.h>

#include "lesson.h"

/**
 * struct lesson - one device
 * @wait: of the handlers that wait
 * @posts: calls of LESSON_POST so far; who waits does so for the next one
 * @waiting: how many wait
 * @ticks: what handles that were started counted so far, all together
 */
struct lesson {
	wait_queue_head_t wait;
	atomic_t posts;
	atomic_t waiting;
	atomic_t ticks;
};

int lesson_sum(struct kshm_request *req);
int lesson_find(struct kshm_request *req);
int lesson_reverse(struct kshm_request *req);
int lesson_fill(struct kshm_request *req);
int lesson_gather(struct kshm_request *req);
int lesson_next(struct kshm_request *req);
int lesson_motto(struct kshm_request *req);
int lesson_beginning(struct kshm_request *req);
int lesson_distance(struct kshm_request *req);
int lesson_wait(struct kshm_request *req);
int lesson_post(struct kshm_request *req);
int lesson_waiting(struct kshm_request *req);
int lesson_sign(struct kshm_request *req);
int lesson_start(struct kshm_request *req);
int lesson_ticks(struct kshm_request *req);
int lesson_ask(struct kshm_request *req);
int lesson_tell(struct kshm_request *req);

int lesson_open(struct kshm_handle *handle);
void lesson_cleanup(struct kshm_handle *handle);
void lesson_close(struct kshm_handle *handle);

extern const struct kshm_device_ops lesson_ops;

/* probe.c, hardware.c */
int lesson_driver_register(void);
void lesson_driver_unregister(void);
void lesson_unplug_all(void);

#endif /* HANDLERS_H */

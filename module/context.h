/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - where handlers run that do not run in their caller
 */
#ifndef KSHM_CONTEXT_H
#define KSHM_CONTEXT_H

#include <linux/spinlock.h>
#include <linux/workqueue.h>

struct kshm_device;
struct kshm_request;
struct task_struct;

/**
 * struct kshm_worker - a handler that runs in a worker
 * @work: the work
 * @lock: keeps @task from going on to something else, and @work from being queued
 * @queued: @work was
 * @task: the one that is in the handler, as long as it is; under @lock
 */
struct kshm_worker {
	struct work_struct work;
	spinlock_t lock;	/* @queued, @task */
	bool queued;
	struct task_struct *task;
};

int kshm_context_setup(struct kshm_device *dev);
int kshm_context_prepare(struct kshm_request *req);
int kshm_context_run(struct kshm_request *req);

void kshm_worker_init(struct kshm_worker *worker);
void kshm_worker_queue(struct kshm_worker *worker, struct kshm_device *dev);
int kshm_worker_handle(struct kshm_worker *worker, struct kshm_request *req);
bool kshm_worker_cancel(struct kshm_worker *worker);

#endif /* KSHM_CONTEXT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the queue of a handle: requests that ended, until they are read
 */
#ifndef KSHM_QUEUE_H
#define KSHM_QUEUE_H

#include <linux/irq_work.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct eventfd_ctx;

/**
 * struct kshm_queue - requests that ended, in that order
 * @lock: protects the lists and @closed; taken in any context, nothing under it
 * @closed: nobody reads any more
 * @ended: that are to be read
 * @left: that nobody reads, and that are to be undone
 * @wait: who reads or polls
 * @wake: wakes those, as whoever ends a request may hold any lock
 * @eventfd: that is raised then, or NULL; a reference. Changed by whoever can wait for
 *	@wake to be through with it.
 * @wake_later: does the same in a worker
 * @undo: undoes those of @left
 */
struct kshm_queue {
	raw_spinlock_t lock;	/* @ended, @left, @closed */
	bool closed;
	struct list_head ended;
	struct list_head left;
	wait_queue_head_t wait;
	struct irq_work wake;
	struct eventfd_ctx *eventfd;
	struct work_struct wake_later;
	struct work_struct undo;
};

void kshm_queue_init(struct kshm_queue *queue, work_func_t undo);
void kshm_queue_end(struct kshm_queue *queue);

void kshm_queue_add(struct kshm_queue *queue, struct list_head *node, bool left);
struct list_head *kshm_queue_take(struct kshm_queue *queue);
void kshm_queue_give_back(struct kshm_queue *queue, struct list_head *node);
struct list_head *kshm_queue_take_left(struct kshm_queue *queue);
void kshm_queue_close(struct kshm_queue *queue);
void kshm_queue_wake(struct kshm_queue *queue);
void kshm_queue_set_eventfd(struct kshm_queue *queue, struct eventfd_ctx *eventfd);

/* Whether there are any to be read. */
static inline bool kshm_queue_has_ended(const struct kshm_queue *queue)
{
	return !list_empty(&queue->ended);
}

int kshm_queue_module_init(void);
void kshm_queue_module_exit(void);
void kshm_queue_work(struct work_struct *work);

#endif /* KSHM_QUEUE_H */

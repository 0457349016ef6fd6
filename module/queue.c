// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the queue of a handle: requests that ended, until they are read
 *
 * Requests end in any context, under any lock of their drivers. So all that is done then
 * is to put what is there already at the end of a list; who waits is woken by an
 * interrupt of its own, and what nobody waits for is undone by a worker.
 */
#include <linux/eventfd.h>
#include <linux/mutex.h>
#include <linux/poll.h>

#include "compat/compat.h"
#include "queue.h"

/* For what is undone in nobody's name; apart, so that it has ended when kshm goes. */
static struct workqueue_struct *workers;

/* One at a time waits for an interrupt. Nothing else is taken under it. */
static DEFINE_MUTEX(eventfd_lock);

/* The eventfd stays until this has ended. */
static void wake(struct kshm_queue *queue)
{
	struct eventfd_ctx *eventfd = READ_ONCE(queue->eventfd);

	__wake_up(&queue->wait, TASK_NORMAL, 0, poll_to_key(EPOLLIN | EPOLLRDNORM));
	if (eventfd)
		kshm_eventfd_signal(eventfd);
}

static void wake_in_irq(struct irq_work *work)
{
	wake(container_of(work, struct kshm_queue, wake));
}

static void wake_in_worker(struct work_struct *work)
{
	wake(container_of(work, struct kshm_queue, wake_later));
}

/**
 * kshm_queue_init() - set a queue up
 * @queue: the queue
 * @undo: undoes all that kshm_queue_take_left() gives
 */
void kshm_queue_init(struct kshm_queue *queue, work_func_t undo)
{
	raw_spin_lock_init(&queue->lock);
	INIT_LIST_HEAD(&queue->ended);
	INIT_LIST_HEAD(&queue->left);
	queue->closed = false;
	init_waitqueue_head(&queue->wait);
	init_irq_work(&queue->wake, wake_in_irq);
	INIT_WORK(&queue->wake_later, wake_in_worker);
	queue->eventfd = NULL;
	INIT_WORK(&queue->undo, undo);
}

/* Nobody adds any more, nor looks. Sleeps until what is under way has ended. */
void kshm_queue_end(struct kshm_queue *queue)
{
	cancel_work_sync(&queue->undo);
	irq_work_sync(&queue->wake);
	cancel_work_sync(&queue->wake_later);
	if (queue->eventfd)
		eventfd_ctx_put(queue->eventfd);
}

/*
 * Whoever comes to wait after this looks at the list first.
 *
 * A request can end because an eventfd was raised, and raising that of its handle can have
 * another end, and so on. As interrupts, one right after the other, they would keep the
 * processor from all else; so what is raised by raising is left to a worker.
 */
void kshm_queue_wake(struct kshm_queue *queue)
{
	const bool sleeps = wq_has_sleeper(&queue->wait);
	const bool raises = READ_ONCE(queue->eventfd);

	if (raises && !eventfd_signal_allowed())
		kshm_queue_work(&queue->wake_later);
	else if (raises || sleeps)
		irq_work_queue(&queue->wake);
}

/**
 * kshm_queue_add() - a request has ended
 * @queue: the queue, which the caller keeps
 * @node: of the request
 * @left: nobody wants to read it
 *
 * Context: any.
 */
void kshm_queue_add(struct kshm_queue *queue, struct list_head *node, bool left)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&queue->lock, flags);
	left |= queue->closed;
	list_add_tail(node, left ? &queue->left : &queue->ended);
	raw_spin_unlock_irqrestore(&queue->lock, flags);
	if (left)
		kshm_queue_work(&queue->undo);
	else
		kshm_queue_wake(queue);
}

static struct list_head *take(struct kshm_queue *queue, struct list_head *list)
{
	struct list_head *node = NULL;

	raw_spin_lock_irq(&queue->lock);
	if (!list_empty(list)) {
		node = list->next;
		list_del(node);
	}
	raw_spin_unlock_irq(&queue->lock);
	return node;
}

/* The one that ended first, which is the caller's now; or NULL. */
struct list_head *kshm_queue_take(struct kshm_queue *queue)
{
	return take(queue, &queue->ended);
}

/* One that is to be undone, or NULL. */
struct list_head *kshm_queue_take_left(struct kshm_queue *queue)
{
	return take(queue, &queue->left);
}

/* One that could not be read is the first again. */
void kshm_queue_give_back(struct kshm_queue *queue, struct list_head *node)
{
	raw_spin_lock_irq(&queue->lock);
	list_add(node, &queue->ended);
	raw_spin_unlock_irq(&queue->lock);
	/* Somebody may have found nothing meanwhile. */
	kshm_queue_wake(queue);
}

/* Nobody reads any more: all that there are, and come, are left. */
void kshm_queue_close(struct kshm_queue *queue)
{
	raw_spin_lock_irq(&queue->lock);
	queue->closed = true;
	list_splice_tail_init(&queue->ended, &queue->left);
	raw_spin_unlock_irq(&queue->lock);
}

/**
 * kshm_queue_set_eventfd() - what is raised when a request has ended
 * @queue: the queue
 * @eventfd: the caller's reference, which becomes the queue's; or NULL
 *
 * Context: process context. Sleeps until the one before is not used any more.
 */
void kshm_queue_set_eventfd(struct kshm_queue *queue, struct eventfd_ctx *eventfd)
{
	mutex_lock(&eventfd_lock);
	eventfd = xchg(&queue->eventfd, eventfd);
	if (eventfd) {
		irq_work_sync(&queue->wake);
		flush_work(&queue->wake_later);
	}
	mutex_unlock(&eventfd_lock);
	if (eventfd)
		eventfd_ctx_put(eventfd);
}

/* Has @work done, in nobody's name. Context: any. */
void kshm_queue_work(struct work_struct *work)
{
	queue_work(workers, work);
}

int __init kshm_queue_module_init(void)
{
	workers = alloc_workqueue("kshm", WQ_UNBOUND, 0);
	return workers ? 0 : -ENOMEM;
}

/* Waits for all that is under way. */
void kshm_queue_module_exit(void)
{
	destroy_workqueue(workers);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the device "event": requests that end by an eventfd
 *
 * Each has an entry in the wait queue of its eventfd, and is completed by whoever counts
 * that up, wherever he does: another driver's interrupt, a virtual machine, a program.
 *
 * Locks: the eventfd's wait queue -> lock.
 */
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/kshm_event.h>
#include <linux/ktime.h>
#include <linux/poll.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "event.h"

/**
 * struct counted - an eventfd that a request waits for
 * @entry: in @queue
 * @poll: to get there
 * @queue: of the eventfd
 * @eventfd: with a reference
 * @req: the request, as long as this is that of its private memory
 */
struct counted {
	wait_queue_entry_t entry;
	poll_table poll;
	wait_queue_head_t *queue;
	struct eventfd_ctx *eventfd;
	struct kshm_request *req;
};

/* What a request has of it: NULL as soon as it is somebody's to complete. Under @lock. */
struct waiting {
	struct counted *counted;
};

static DEFINE_SPINLOCK(lock);	/* taken where eventfds are counted up */

/* What the request has, which is the caller's to complete then; or NULL. */
static struct counted *take(struct kshm_request *req)
{
	struct waiting *waiting = kshm_request_private(req);
	struct counted *counted;
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	counted = waiting->counted;
	waiting->counted = NULL;
	spin_unlock_irqrestore(&lock, flags);
	return counted;
}

/*
 * Whether the request is there to take what it was counted up by, and what that is; if
 * there is something, it is the caller's to complete. The queue is locked.
 */
static bool take_count(struct counted *counted, u64 *count)
{
	struct waiting *waiting = kshm_request_private(counted->req);
	unsigned long flags;
	bool waits;

	*count = 0;
	spin_lock_irqsave(&lock, flags);
	waits = waiting->counted;
	if (waits)
		eventfd_ctx_do_read(counted->eventfd, count);
	if (*count)
		waiting->counted = NULL;
	spin_unlock_irqrestore(&lock, flags);
	return waits;
}

static void drop(struct counted *counted)
{
	eventfd_ctx_put(counted->eventfd);
	kfree(counted);
}

/*
 * It was taken, and the queue is locked, by somebody who has the eventfd: it does not go
 * with this reference.
 */
static void end(struct counted *counted, u64 count, int status)
{
	struct kshm_request *req = counted->req;

	list_del(&counted->entry.entry);
	drop(counted);
	if (!status)
		event_give(req, ktime_get_ns(), count);
	event_complete(req, status);
}

static int wake(wait_queue_entry_t *entry, unsigned int mode, int sync, void *key)
{
	struct counted *counted = container_of(entry, struct counted, entry);
	const __poll_t events = key_to_poll(key);
	bool waits = false;
	u64 count = 0;

	if (events & EPOLLIN)
		waits = take_count(counted, &count);
	if (count)
		end(counted, count, 0);
	else if ((events & EPOLLHUP) && take(counted->req))
		end(counted, 0, -EPIPE);
	/* Of a semaphore others may get something, too, until one that waits does not. */
	return waits && !count;
}

static void cancel(struct kshm_request *req)
{
	struct counted *counted = take(req);

	if (!counted)
		return;
	/* Who is being woken just now finds that it was taken. */
	remove_wait_queue(counted->queue, &counted->entry);
	drop(counted);
	event_complete(req, -ECANCELED);
}

static void add(struct file *file, wait_queue_head_t *queue, poll_table *poll)
{
	struct counted *counted = container_of(poll, struct counted, poll);

	counted->queue = queue;
	/* Behind those that wait already. */
	add_wait_queue_exclusive(queue, &counted->entry);
}

static int pend(struct counted *counted)
{
	struct waiting *waiting = kshm_request_private(counted->req);
	int ret;

	spin_lock(&lock);
	ret = event_pend(counted->req, cancel);
	if (!ret)
		waiting->counted = counted;
	spin_unlock(&lock);
	return ret;
}

/* It is in the queue, and woken in vain until here; so that who counts is not missed. */
static int begin(struct counted *counted)
{
	wait_queue_head_t *queue = counted->queue;
	u64 count = 0;
	int ret;

	spin_lock_irq(&queue->lock);
	ret = pend(counted);
	if (!ret)
		take_count(counted, &count);
	if (count)
		end(counted, count, 0);
	spin_unlock_irq(&queue->lock);
	if (ret) {
		remove_wait_queue(queue, &counted->entry);
		drop(counted);
	}
	return ret;
}

static int wait_for(struct kshm_request *req, struct file *file)
{
	struct counted *counted = kmalloc(sizeof(*counted), GFP_KERNEL_ACCOUNT);

	if (!counted)
		return -ENOMEM;
	counted->req = req;
	counted->eventfd = eventfd_ctx_fileget(file);
	init_waitqueue_func_entry(&counted->entry, wake);
	init_poll_funcptr(&counted->poll, add);
	vfs_poll(file, &counted->poll);
	return begin(counted);
}

int event_eventfd(struct kshm_request *req)
{
	const s32 *fd = kshm_request_in(req);
	struct file *file = eventfd_fget(*fd);
	int ret;

	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = wait_for(req, file);
	fput(file);
	return ret ?: -EIOCBQUEUED;
}

/* No request is left; but who completed the last one may be on his way out of here. */
void event_eventfd_exit(void)
{
	synchronize_rcu();
}

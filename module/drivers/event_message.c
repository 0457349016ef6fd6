// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the device "event": messages from one program to others
 *
 * Requests wait in lists, by a hash of the name that they wait for. Who sends takes those
 * off that get the message, the first of each handle, all at once, so that none gets it
 * twice that asks again meanwhile; and then copies from his pages to theirs, one request
 * after the other and with no lock held. One that is cancelled meanwhile gets the message
 * all the same, or its handle would have missed it.
 */
#include <linux/jhash.h>
#include <linux/kshm_event.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "event.h"

/* A power of two: with some thousand names that are waited for a list has a few of them. */
#define LISTS	256

/**
 * struct waiter - what the driver has of a request that waits
 * @node: in one of @lists, or the list of who sends to it; empty: it is nobody's
 * @req: the request, whose input is the name
 * @taken: somebody sends to it
 * @cancelled: while that was so
 *
 * Under @lock, all.
 */
struct waiter {
	struct list_head node;
	struct kshm_request *req;
	bool taken;
	bool cancelled;
};

static struct list_head lists[LISTS];
static u64 messages;			/* how many there were, under @lock */
static DEFINE_SPINLOCK(lock);
static u32 seed;			/* so that nobody knows whose list is his */

void event_message_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		INIT_LIST_HEAD(&lists[i]);
	seed = get_random_u32();
}

static struct list_head *list_of(const struct kshm_request *req)
{
	u32 hash = jhash(kshm_request_in(req), kshm_request_in_len(req), seed);

	return &lists[hash % LISTS];
}

static void cancel(struct kshm_request *req)
{
	struct waiter *waiter = kshm_request_private(req);
	bool ended;

	spin_lock(&lock);
	waiter->cancelled = waiter->taken;
	ended = !waiter->taken && !list_empty(&waiter->node);
	if (ended)
		list_del_init(&waiter->node);
	spin_unlock(&lock);
	if (ended)
		event_complete(req, -ECANCELED);
}

int event_wait(struct kshm_request *req)
{
	struct waiter *waiter = kshm_request_private(req);
	struct list_head *list = list_of(req);
	int ret;

	INIT_LIST_HEAD(&waiter->node);
	waiter->req = req;
	spin_lock(&lock);
	ret = event_pend(req, cancel);
	if (!ret)
		list_add_tail(&waiter->node, list);
	spin_unlock(&lock);
	return ret ?: -EIOCBQUEUED;
}

static bool have_one_name(const struct kshm_request *a, const struct kshm_request *b)
{
	size_t len = kshm_request_in_len(a);

	return len == kshm_request_in_len(b) &&
	       !memcmp(kshm_request_in(a), kshm_request_in(b), len);
}

/* Whether @req gets the last message, which is the first of its handle then. */
static bool hears(const struct kshm_request *req, const struct kshm_request *message)
{
	struct event_handle *handle = kshm_handle_data(kshm_request_handle(req));

	if (handle->heard == messages || !have_one_name(req, message))
		return false;
	handle->heard = messages;
	return true;
}

static void take_all(const struct kshm_request *message, struct list_head *taken)
{
	struct list_head *list = list_of(message);
	struct waiter *waiter, *next;

	spin_lock(&lock);
	messages++;
	list_for_each_entry_safe(waiter, next, list, node) {
		if (hears(waiter->req, message)) {
			list_move_tail(&waiter->node, taken);
			waiter->taken = true;
		}
	}
	spin_unlock(&lock);
}

static struct waiter *next_of(struct list_head *taken)
{
	struct waiter *waiter;

	spin_lock(&lock);
	waiter = list_first_entry_or_null(taken, struct waiter, node);
	if (waiter)
		list_del_init(&waiter->node);
	spin_unlock(&lock);
	return waiter;
}

/* What was not sent to waits on, before any that came later, unless it was cancelled. */
static void put_back(const struct kshm_request *message, struct list_head *taken)
{
	struct list_head *list = list_of(message);
	struct waiter *waiter, *before;
	LIST_HEAD(cancelled);

	spin_lock(&lock);
	list_for_each_entry_safe_reverse(waiter, before, taken, node) {
		waiter->taken = false;
		list_move(&waiter->node, waiter->cancelled ? &cancelled : list);
	}
	spin_unlock(&lock);
	while ((waiter = next_of(&cancelled)))
		event_complete(waiter->req, -ECANCELED);
}

/* A message is short enough for that. */
static void copy(struct kshm_mdl *to, struct kshm_mdl *from)
{
	size_t part, done = 0, len = min(kshm_mdl_len(to), kshm_mdl_len(from));
	struct kshm_segment seg;

	kshm_mdl_for_each_segment(from, seg) {
		part = min_t(size_t, seg.len, len - done);
		if (!part)
			break;
		kshm_mdl_write(to, done, seg.data, part);
		done += part;
	}
}

static void deliver(struct kshm_request *req, struct kshm_mdl *message)
{
	struct kshm_mdl *data = kshm_request_mdl(req);

	copy(data, message);
	kshm_request_set_returned(req, KSHM_OPERAND_DATA,
				  min(kshm_mdl_len(data), kshm_mdl_len(message)));
	kshm_request_set_needed(req, kshm_mdl_len(message));
	event_give(req, ktime_get_ns(), kshm_mdl_len(message));
	event_complete(req, 0);
}

int event_send(struct kshm_request *req)
{
	struct waiter *waiter;
	LIST_HEAD(taken);
	u32 nr = 0;
	int ret = 0;

	take_all(req, &taken);
	while (!kshm_request_cancelled(req) && (waiter = next_of(&taken))) {
		deliver(waiter->req, kshm_request_mdl(req));
		nr++;
		cond_resched();
	}
	if (!list_empty(&taken)) {
		put_back(req, &taken);
		ret = -EINTR;
	}
	kshm_request_set_detail(req, nr);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: requests that last longer than their
 * handlers
 */
#include <linux/list.h>
#include <linux/spinlock.h>

#include "handlers.h"

struct asked {
	struct list_head node;
	struct kshm_request *req;
};

static LIST_HEAD(waiting);
static DEFINE_SPINLOCK(waiting_lock);	/* waiting, and the nodes in it */

static void cancel_asked(struct kshm_request *req)
{
	struct asked *asked = kshm_request_private(req);
	bool found;

	spin_lock_irq(&waiting_lock);
	found = !list_empty(&asked->node);
	list_del_init(&asked->node);
	spin_unlock_irq(&waiting_lock);
	if (found)
		kshm_request_complete(req, -ECANCELED);
}

int lesson_ask(struct kshm_request *req)
{
	struct asked *asked = kshm_request_private(req);
	int ret;

	asked->req = req;
	INIT_LIST_HEAD(&asked->node);
	spin_lock_irq(&waiting_lock);
	ret = kshm_request_pend(req, cancel_asked);
	if (!ret)
		list_add_tail(&asked->node, &waiting);
	spin_unlock_irq(&waiting_lock);
	return ret ?: -EIOCBQUEUED;
}

static void tell_one(struct kshm_request *req, u64 answer)
{
	*(u64 *)kshm_request_out(req) = answer;
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(answer));
	kshm_request_complete(req, 0);
}

int lesson_tell(struct kshm_request *req)
{
	const u64 *answer = kshm_request_in(req);
	struct asked *asked;

	do {
		spin_lock_irq(&waiting_lock);
		asked = list_first_entry_or_null(&waiting, struct asked, node);
		if (asked)
			list_del_init(&asked->node);
		spin_unlock_irq(&waiting_lock);
		if (asked)
			tell_one(asked->req, *answer);
	} while (asked);
	return 0;
}

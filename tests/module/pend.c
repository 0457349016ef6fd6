// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: requests that it keeps until it is told
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "test.h"

/**
 * struct waiting - what the driver has of a request
 * @node: in @waiting or the list of who completes it, under @waiting_lock; empty
 *	otherwise
 * @req: the request
 * @data: of it, mapped
 * @key: of its input
 * @slow: is not ended by being cancelled, but
 * @late: was cancelled
 *
 * All that is looked at when it is cancelled is here: the input may be gone by then.
 */
struct waiting {
	struct list_head node;
	struct kshm_request *req;
	void *data;
	u64 key;
	bool slow;
	bool late;
};

/* The same, of one that nobody looks at before. */
struct nothing {
	struct llist_node node;
	struct kshm_request *req;
};

static LIST_HEAD(waiting);
static LIST_HEAD(storm);		/* that the next interrupt completes */
static DEFINE_RAW_SPINLOCK(waiting_lock);	/* both; taken in any context */

static atomic64_t cancels, completed, kept;

u64 test_cancels(void)
{
	return atomic64_read(&cancels);
}

u64 test_completed(void)
{
	return atomic64_read(&completed);
}

u64 test_kept(void)
{
	return atomic64_read(&kept);
}

static void fill(struct kshm_request *req, void *data, u32 seed)
{
	struct kshm_mdl *mdl = kshm_request_mdl(req);

	test_fill_bytes(kshm_request_out(req), kshm_request_out_len(req), seed, 0);
	if (KSHM_CODE_METHOD(kshm_request_control(req)->code) == KSHM_METHOD_OUT_DIRECT)
		test_fill_bytes(data, kshm_mdl_len(mdl), seed, 0);
}

/* As the input wants it. */
static int tell(struct kshm_request *req, void *data)
{
	const struct kshm_test_pend *in = kshm_request_in(req);
	struct kshm_mdl *mdl = kshm_request_mdl(req);
	u32 operand = kshm_mdl_len(mdl) ? KSHM_OPERAND_DATA : KSHM_OPERAND_OUT;

	fill(req, data, in->seed);
	kshm_request_set_returned(req, operand, in->returned);
	kshm_request_set_needed(req, in->needed);
	kshm_request_set_detail(req, in->detail);
	if (KSHM_CODE_METHOD(kshm_request_control(req)->code) == KSHM_METHOD_IN_DIRECT)
		kshm_request_set_detail(req, test_count_wrong(data, kshm_mdl_len(mdl),
							      in->seed, 0));
	return test_status(in->status);
}

static void finish(struct waiting *w)
{
	struct kshm_request *req = w->req;
	int status = w->late ? -ECANCELED : tell(req, w->data);

	atomic64_inc(&completed);
	kshm_request_complete(req, status);
}

/* The next one of a list that nobody else has, or NULL. Context: any. */
static struct waiting *take(struct list_head *list)
{
	struct waiting *w;
	unsigned long flags;

	raw_spin_lock_irqsave(&waiting_lock, flags);
	w = list_first_entry_or_null(list, struct waiting, node);
	if (w)
		list_del_init(&w->node);
	raw_spin_unlock_irqrestore(&waiting_lock, flags);
	return w;
}

static u32 finish_all(struct list_head *list)
{
	struct waiting *w;
	u32 nr = 0;

	for (; (w = take(list)); nr++)
		finish(w);
	return nr;
}

static void finish_storm(struct irq_work *work)
{
	finish_all(&storm);
}

static DEFINE_IRQ_WORK(storm_work, finish_storm);

static LLIST_HEAD(nothings);		/* that the next interrupt completes */

static void finish_nothings(struct irq_work *work)
{
	struct llist_node *node, *next;

	llist_for_each_safe(node, next, llist_del_all(&nothings))
		kshm_request_complete(llist_entry(node, struct nothing, node)->req, 0);
}

static DEFINE_IRQ_WORK(nothings_work, finish_nothings);

/* As little as a driver can do whose device answers in an interrupt. */
int test_pend_nothing(struct kshm_request *req)
{
	struct nothing *nothing = kshm_request_private(req);
	int ret = kshm_request_pend(req, NULL);

	if (ret)
		return ret;
	nothing->req = req;
	llist_add(&nothing->node, &nothings);
	irq_work_queue(&nothings_work);
	return -EIOCBQUEUED;
}

/* An interrupt can be on its way out of here when the last request has gone. */
void test_pend_exit(void)
{
	irq_work_sync(&nothings_work);
	irq_work_sync(&storm_work);
}

static void cancel(struct kshm_request *req)
{
	struct waiting *w = kshm_request_private(req);
	bool found;

	atomic64_inc(&cancels);
	raw_spin_lock_irq(&waiting_lock);
	found = !list_empty(&w->node);
	if (found && w->slow)
		w->late = true;
	else
		list_del_init(&w->node);
	raw_spin_unlock_irq(&waiting_lock);
	if (!found || w->slow)
		return;
	atomic64_inc(&completed);
	kshm_request_complete(req, -ECANCELED);
}

static int keep(struct kshm_request *req, u32 how)
{
	struct waiting *w = kshm_request_private(req);
	unsigned long flags;
	int ret;

	raw_spin_lock_irqsave(&waiting_lock, flags);
	INIT_LIST_HEAD(&w->node);
	w->req = req;
	w->slow = how == KSHM_TEST_PEND_SLOW_CANCEL;
	ret = kshm_request_pend(req, how == KSHM_TEST_PEND_UNCANCELLABLE ? NULL : cancel);
	if (!ret) {
		atomic64_inc(&kept);
		list_add_tail(&w->node, how == KSHM_TEST_PEND_IRQ ? &storm : &waiting);
	}
	raw_spin_unlock_irqrestore(&waiting_lock, flags);
	return ret;
}

/* Unless it is being cancelled. */
static void finish_own(struct waiting *w)
{
	unsigned long flags;
	bool found;

	raw_spin_lock_irqsave(&waiting_lock, flags);
	found = !list_empty(&w->node);
	list_del_init(&w->node);
	raw_spin_unlock_irqrestore(&waiting_lock, flags);
	if (found)
		finish(w);
}

int test_pend(struct kshm_request *req)
{
	const struct kshm_test_pend *in = kshm_request_in(req);
	struct waiting *w = kshm_request_private(req);
	struct kshm_mdl *mdl = kshm_request_mdl(req);
	u32 how = in->how;
	void *data;
	int ret;

	BUILD_BUG_ON(sizeof(*w) > KSHM_REQUEST_PRIVATE);
	test_count_call();
	data = (void *)kshm_mdl_map(mdl);
	if (IS_ERR(data))
		return PTR_ERR(data);
	w->data = data;
	w->key = in->key;
	if (how == KSHM_TEST_PEND_AT_ONCE)
		return tell(req, data);
	ret = keep(req, how);
	if (ret)
		return ret;
	if (how == KSHM_TEST_PEND_IRQ)
		irq_work_queue(&storm_work);
	if (how == KSHM_TEST_PEND_BEFORE_RETURN)
		finish_own(w);
	return -EIOCBQUEUED;
}

/**
 * struct completing - requests that are being completed
 * @list: of them; under @waiting_lock
 * @done: somebody else is through with it
 * @irq: in an interrupt, or
 * @timer: in one of a timer, or
 * @work: in a kernel thread
 * @out: how many there were, and where that was
 */
struct completing {
	struct list_head list;
	struct completion done;
	union {
		struct irq_work irq;
		struct hrtimer timer;
		struct work_struct work;
	};
	struct kshm_test_completed out;
};

static void finish_here(struct completing *c)
{
	c->out.in_hardirq = !!in_hardirq();
	c->out.cpu = raw_smp_processor_id();
	c->out.nr = finish_all(&c->list);
}

static void in_irq_work(struct irq_work *irq)
{
	struct completing *c = container_of(irq, struct completing, irq);

	finish_here(c);
}

static void in_work(struct work_struct *work)
{
	struct completing *c = container_of(work, struct completing, work);

	finish_here(c);
}

static enum hrtimer_restart in_timer(struct hrtimer *timer)
{
	struct completing *c = container_of(timer, struct completing, timer);

	finish_here(c);
	complete(&c->done);
	return HRTIMER_NORESTART;
}

static void start_timer(void *data)
{
	struct completing *c = data;

	hrtimer_start(&c->timer, ms_to_ktime(1), HRTIMER_MODE_REL_PINNED_HARD);
}

/* In the interrupt of a timer on another processor, if there is one. */
static void by_timer(struct completing *c)
{
	unsigned int cpu = get_cpu();
	unsigned int other = cpumask_next(cpu, cpu_online_mask);

	if (other >= nr_cpu_ids)
		other = cpumask_first(cpu_online_mask);
#ifdef KSHM_COMPAT_HRTIMER_SETUP
	hrtimer_setup(&c->timer, in_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
#else
	hrtimer_init(&c->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	c->timer.function = in_timer;
#endif
	c->out.caller_cpu = cpu;
	put_cpu();
	smp_call_function_single(other, start_timer, c, true);
	wait_for_completion(&c->done);
	hrtimer_cancel(&c->timer);
}

static void finish_where(struct completing *c, u32 where)
{
	switch (where) {
	case KSHM_TEST_IN_HARDIRQ:
		init_irq_work(&c->irq, in_irq_work);
		irq_work_queue(&c->irq);
		irq_work_sync(&c->irq);
		break;
	case KSHM_TEST_IN_KTHREAD:
		INIT_WORK(&c->work, in_work);
		schedule_work(&c->work);
		flush_work(&c->work);
		break;
	case KSHM_TEST_ON_CPU:
		by_timer(c);
		break;
	default:
		finish_here(c);
	}
}

int test_complete(struct kshm_request *req)
{
	const struct kshm_test_complete *in = kshm_request_in(req);
	struct waiting *w, *next;
	struct completing *c;
	size_t len;

	test_count_call();
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;
	INIT_LIST_HEAD(&c->list);
	init_completion(&c->done);
	raw_spin_lock_irq(&waiting_lock);
	list_for_each_entry_safe(w, next, &waiting, node)
		if (in->all || w->key == in->key)
			list_move_tail(&w->node, &c->list);
	raw_spin_unlock_irq(&waiting_lock);
	finish_where(c, in->where);
	len = min(kshm_request_out_len(req), sizeof(c->out));
	memcpy(kshm_request_out(req), &c->out, len);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, len);
	kfree(c);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the device "event": requests that end by a timer
 *
 * Each has a timer of its own, whose interrupt writes into the pages of the request and
 * completes it: a hard one, but on PREEMPT_RT, where completing may free memory, a soft
 * one. A timer cannot be freed in its interrupt: a work does that, after it has waited for
 * the interrupt to be over.
 */
#include <linux/hrtimer.h>
#include <linux/kshm_event.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/time64.h>
#include <linux/workqueue.h>

#include "event.h"

/* Or a timer's interrupt would not end before the next one comes. */
#define LEAST_PERIOD	(10 * NSEC_PER_USEC)

static unsigned long min_period = NSEC_PER_MSEC;
module_param(min_period, ulong, 0644);
MODULE_PARM_DESC(min_period, "least nanoseconds between ticks");

/**
 * struct timer - a timer that a request waits for
 * @timer: itself
 * @node: in @ended, under @lock
 * @req: the request, as long as the timer is that of its private memory, and in the
 *	interrupt in any case
 * @period: between ticks, in ns; 0: there is one only, which is not written
 * @written: ticks, the interrupt's
 * @missed: ticks, the interrupt's
 */
struct timer {
	struct hrtimer timer;
	struct list_head node;
	struct kshm_request *req;
	u64 period;
	u64 written;
	u64 missed;
};

/* What a request has of it: NULL as soon as it is somebody's to complete. Under @lock. */
struct timed {
	struct timer *timer;
};

static LIST_HEAD(ended);
static unsigned int nr_ticks;		/* requests for them, under @lock */
static DEFINE_RAW_SPINLOCK(lock);	/* taken in the interrupt */

static void free_ended(struct work_struct *work);
static DECLARE_WORK(ended_work, free_ended);

static void free_ended(struct work_struct *work)
{
	struct timer *timer, *next;
	LIST_HEAD(list);

	raw_spin_lock_irq(&lock);
	list_splice_init(&ended, &list);
	raw_spin_unlock_irq(&lock);
	list_for_each_entry_safe(timer, next, &list, node) {
		hrtimer_cancel(&timer->timer);
		kfree(timer);
		cond_resched();
	}
}

/* Under @lock. Whoever gets the timer completes its request. */
static struct timer *take(struct kshm_request *req)
{
	struct timed *timed = kshm_request_private(req);
	struct timer *timer = timed->timer;

	timed->timer = NULL;
	if (timer && timer->period)
		nr_ticks--;
	return timer;
}

static void cancel(struct kshm_request *req)
{
	struct timer *timer;

	raw_spin_lock_irq(&lock);
	timer = take(req);
	raw_spin_unlock_irq(&lock);
	if (!timer)
		return;
	/* An interrupt under way finds that it was taken; it may use the request yet. */
	hrtimer_cancel(&timer->timer);
	kfree(timer);
	event_complete(req, -ECANCELED);
}

/* In its interrupt. */
static void end(struct timer *timer, u64 now)
{
	struct kshm_request *req = timer->req;
	unsigned long flags;
	bool taken;

	raw_spin_lock_irqsave(&lock, flags);
	taken = take(req);
	if (taken)
		list_add(&timer->node, &ended);
	raw_spin_unlock_irqrestore(&lock, flags);
	if (!taken)
		return;
	if (timer->period)
		kshm_request_set_returned(req, KSHM_OPERAND_DATA,
					  timer->written * sizeof(now));
	event_give(req, now, timer->missed);
	schedule_work(&ended_work);
	event_complete(req, 0);
}

static enum hrtimer_restart expired(struct hrtimer *hrtimer)
{
	struct timer *timer = container_of(hrtimer, struct timer, timer);
	struct kshm_mdl *data = kshm_request_mdl(timer->req);
	const u64 now = ktime_get_ns();

	if (timer->period) {
		kshm_mdl_write(data, timer->written * sizeof(now), &now, sizeof(now));
		timer->written++;
		if (timer->written * sizeof(now) < kshm_mdl_len(data)) {
			timer->missed += hrtimer_forward_now(hrtimer, timer->period) - 1;
			return HRTIMER_RESTART;
		}
	}
	end(timer, now);
	return HRTIMER_NORESTART;
}

static void setup(struct hrtimer *timer)
{
#ifdef KSHM_COMPAT_HRTIMER_SETUP
	hrtimer_setup(timer, expired, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer->function = expired;
#endif
}

/* Under @lock, so that it has begun before anybody can take it. */
static int begin(struct kshm_request *req, struct timer *timer, u64 delay)
{
	struct timed *timed = kshm_request_private(req);
	int ret;

	if (timer->period && nr_ticks == KSHM_EVENT_MAX_TICKS)
		return -EBUSY;
	ret = event_pend(req, cancel);
	if (ret)
		return ret;
	timed->timer = timer;
	if (timer->period)
		nr_ticks++;
	hrtimer_start(&timer->timer, ns_to_ktime(delay), HRTIMER_MODE_REL);
	return 0;
}

static int wait(struct kshm_request *req, u64 delay, u64 period)
{
	struct timer *timer;
	int ret;

	if (delay > S64_MAX)
		return -EINVAL;
	timer = kzalloc(sizeof(*timer), GFP_KERNEL_ACCOUNT);
	if (!timer)
		return -ENOMEM;
	setup(&timer->timer);
	timer->req = req;
	timer->period = period;
	raw_spin_lock_irq(&lock);
	ret = begin(req, timer, delay);
	raw_spin_unlock_irq(&lock);
	if (ret)
		kfree(timer);
	return ret ?: -EIOCBQUEUED;
}

int event_after(struct kshm_request *req)
{
	const u64 *delay = kshm_request_in(req);

	if (*delay)
		return wait(req, *delay, 0);
	event_give(req, ktime_get_ns(), 0);
	return 0;
}

int event_ticks(struct kshm_request *req)
{
	const u64 period = *(const u64 *)kshm_request_in(req);
	size_t len = kshm_mdl_len(kshm_request_mdl(req));

	if (period < max(READ_ONCE(min_period), LEAST_PERIOD) || !len || len % sizeof(u64))
		return -EINVAL;
	return wait(req, period, period);
}

/* No request is left; but an interrupt may be on its way out of here, and the work. */
void event_timer_exit(void)
{
	free_ended(NULL);
	cancel_work_sync(&ended_work);
}

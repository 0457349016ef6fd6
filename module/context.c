// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - where handlers run that do not run in their caller
 *
 * The row of a control can name a kernel thread, a softirq or a hard interrupt. What its
 * handler needs is there before, for all that sleeps is done in the caller, who then
 * waits until the handler has returned. So a request has one owner at a time, and its
 * memory is on the caller's stack whatever context the handler runs in. Of requests that
 * can last longer than the call, a worker is not waited for here, see pended.c.
 *
 * Interrupts are short, and nothing ends the wait for one. A worker can take as long as
 * it likes: whoever kills the caller has the handler look at kshm_request_cancelled()
 * once more, also where it sleeps, and the caller is gone when it has returned. A
 * handler that waits for its turn yet is not run then. Nothing of kshm's is allocated
 * there, in a worker either.
 */
#include <linux/compat.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kshm_driver.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "compat/compat.h"
#include "context.h"
#include "device.h"
#include "explain.h"
#include "handle.h"
#include "limits.h"
#include "request.h"
#include "request_verify.h"
#include "trace.h"

/**
 * struct run - a handler that runs somewhere else, and is waited for
 * @req: its request
 * @worker: in a worker
 * @bh: in softirq
 * @irq: in hard interrupt
 * @done: the worker is through with it
 * @status: what the handler returned
 *
 * On the stack of the caller.
 */
struct run {
	struct kshm_request *req;
	union {
		struct kshm_worker worker;
		struct kshm_bh bh;
		struct irq_work irq;
	};
	struct completion done;
	int status;
};

/**
 * kshm_context_setup() - have what a device's handlers run in
 * @dev: the device, before anybody calls it
 *
 * A device has threads of its own, so that none waits for the handlers of another.
 *
 * Return: 0 or -ENOMEM.
 */
int kshm_context_setup(struct kshm_device *dev)
{
	const struct kshm_device_ops *ops = dev->ops;
	unsigned int i;

	for (i = 0; i < ops->nr_controls; i++)
		if (ops->controls[i].context == KSHM_CONTEXT_WORKER)
			break;
	if (i == ops->nr_controls)
		return 0;
	/* What is longer than a name may be there is cut off. */
	dev->workers = alloc_workqueue("kshm-%.18s", WQ_UNBOUND, KSHM_MAX_WORKERS,
				       dev_name(&dev->dev));
	return dev->workers ? 0 : -ENOMEM;
}

/**
 * kshm_context_prepare() - do what the handler cannot where it runs
 * @req: the request, whose operands are there
 *
 * Of a part of a region all of the region is mapped, and stays so, as ever.
 *
 * Return: 0; or, explained, -ENOMEM, or -EINTR if the caller is being killed.
 */
int kshm_context_prepare(struct kshm_request *req)
{
	const void *start = kshm_mdl_map(kshm_request_mdl(req));

	req->caller = current;
	req->is_compat = in_compat_syscall();
	if (!IS_ERR(start))
		return 0;
	return kshm_explain_error(&req->why, KSHM_OPERAND_DATA, PTR_ERR(start));
}

/* All but the work, which is to call kshm_worker_handle(). */
void kshm_worker_init(struct kshm_worker *worker)
{
	spin_lock_init(&worker->lock);
	worker->queued = false;
	worker->task = NULL;
}

/*
 * Has the handler run in a worker of @dev. Not while it is being cancelled: what is not
 * queued yet is not queued at all, if somebody looks just then whether it is.
 */
void kshm_worker_queue(struct kshm_worker *worker, struct kshm_device *dev)
{
	spin_lock(&worker->lock);
	worker->queued = true;
	queue_work(dev->workers, &worker->work);
	spin_unlock(&worker->lock);
}

/*
 * Not in the caller. A request that pends may be another's when its handler has returned;
 * who calls this keeps it.
 */
static int handle(struct kshm_request *req)
{
	int status;

	trace_kshm_request_enter(req);
	status = kshm_request_handle_here(req);
	trace_kshm_request_return(req, status);
	return status;
}

/* The handler's return value. Context: the worker's. */
int kshm_worker_handle(struct kshm_worker *worker, struct kshm_request *req)
{
	int status;

	spin_lock(&worker->lock);
	worker->task = current;
	spin_unlock(&worker->lock);
	status = handle(req);
	spin_lock(&worker->lock);
	worker->task = NULL;
	spin_unlock(&worker->lock);
	return status;
}

/**
 * kshm_worker_cancel() - have a handler not run, or come to an end
 * @worker: set up, and queued or not
 *
 * One that sleeps is woken, to see that its request is cancelled. One that is not queued
 * yet runs, and sees it, too.
 *
 * Context: process context.
 * Return: whether it does not run.
 */
bool kshm_worker_cancel(struct kshm_worker *worker)
{
	bool ended;

	spin_lock(&worker->lock);
	ended = worker->queued && cancel_work(&worker->work);
	if (!ended && worker->task)
		wake_up_process(worker->task);
	spin_unlock(&worker->lock);
	return ended;
}

static void in_worker(struct work_struct *work)
{
	struct run *run = container_of(work, struct run, worker.work);

	run->status = kshm_worker_handle(&run->worker, run->req);
	complete(&run->done);
}

static void in_softirq_of(struct kshm_bh *bh)
{
	struct run *run = container_of(bh, struct run, bh);

	run->status = handle(run->req);
}

static void in_hardirq_of(struct irq_work *irq)
{
	struct run *run = container_of(irq, struct run, irq);

	run->status = handle(run->req);
}

/* The caller is being killed: he waits no longer than it takes. */
static void end_worker(struct run *run)
{
	if (kshm_worker_cancel(&run->worker))
		run->status = -EINTR;
	else
		wait_for_completion_state(&run->done,
					  TASK_UNINTERRUPTIBLE | TASK_FREEZABLE);
}

/* Neither a caller who waits nor his worker is to keep the machine from being suspended. */
static void run_in_worker(struct run *run)
{
	init_completion(&run->done);
	INIT_WORK_ONSTACK(&run->worker.work, in_worker);
	kshm_worker_init(&run->worker);
	kshm_worker_queue(&run->worker, run->req->handle->dev);
	if (wait_for_completion_state(&run->done, TASK_KILLABLE | TASK_FREEZABLE))
		end_worker(run);
	/* It has nothing to do with the struct any more after this. */
	flush_work(&run->worker.work);
	destroy_work_on_stack(&run->worker.work);
}

static void run_in_softirq(struct run *run)
{
	kshm_bh_init_onstack(&run->bh, in_softirq_of);
	/* It comes here and now, and not when a thread for that is woken. */
	local_bh_disable();
	kshm_bh_queue(&run->bh);
	local_bh_enable();
	kshm_bh_end(&run->bh);
}

static void run_in_hardirq(struct run *run)
{
	init_irq_work(&run->irq, in_hardirq_of);
	irq_work_queue(&run->irq);
	irq_work_sync(&run->irq);
}

/**
 * kshm_context_run() - run a handler in the context that its row names, not the caller's
 * @req: the request, prepared for that
 *
 * Context: the caller's. Sleeps until the handler has returned.
 * Return: what that returned.
 */
int kshm_context_run(struct kshm_request *req)
{
	struct run run = { .req = req };

	switch (req->control->context) {
	case KSHM_CONTEXT_WORKER:
		run_in_worker(&run);
		break;
	case KSHM_CONTEXT_SOFTIRQ:
		run_in_softirq(&run);
		break;
	default:
		run_in_hardirq(&run);
		break;
	}
	return run.status;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: a ring in its section, which a thread fills by interrupts
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/minmax.h>

#include "test.h"

/* Items of one interrupt, at the most. */
#define BURST	7

/**
 * struct producer - who fills a ring
 * @view: of the section
 * @irq_work: puts some items into it
 * @wanted: items
 * @head: that it has made; what the ring says of that is the readers' to change
 * @done: what the caller is told
 * @over: all are made, or the thread has to stop
 */
struct producer {
	const struct kshm_view *view;
	struct irq_work irq_work;
	u64 wanted;
	u64 head;
	struct kshm_test_produced done;
	struct completion over;
};

/* That the slowest reader has not taken yet, and that stay until he does. */
static u64 room(const struct producer *producer, const struct kshm_test_ring *ring)
{
	/* Pair with the releases of the readers, who have read the items then. */
	u64 first = smp_load_acquire(&ring->tails[0]);
	/* The other one. */
	u64 second = smp_load_acquire(&ring->tails[1]);
	u64 kept = max(producer->head - first, producer->head - second);

	return kept < KSHM_TEST_RING_ITEMS ? KSHM_TEST_RING_ITEMS - kept : 0;
}

static void produce(struct irq_work *irq_work)
{
	struct producer *producer = container_of(irq_work, struct producer, irq_work);
	struct kshm_test_ring *ring = kshm_view_data_write(producer->view);
	u64 nr = min3(room(producer, ring), producer->wanted - producer->head, (u64)BURST);

	if (!nr) {
		producer->done.full++;
		return;
	}
	for (; nr; nr--, producer->head++)
		ring->items[producer->head % KSHM_TEST_RING_ITEMS] = producer->head;
	/* Pairs with the acquire of the readers, who look at the items then. */
	smp_store_release(&ring->head, producer->head);
	producer->done.raises++;
	kshm_view_raise(producer->view);
}

static int produce_all(void *data)
{
	struct producer *producer = data;
	u64 full = 0;

	while (producer->head < producer->wanted && !kthread_should_stop()) {
		irq_work_queue(&producer->irq_work);
		irq_work_sync(&producer->irq_work);
		if (producer->done.full != full)
			usleep_range(20, 50);
		full = producer->done.full;
		cond_resched();
	}
	complete(&producer->over);
	while (!kthread_should_stop())
		usleep_range(20, 50);
	return 0;
}

/* Ends early if the caller, or the device, does: -EINTR. */
static int wait_for_end(struct kshm_request *req, struct producer *producer)
{
	while (!wait_for_completion_timeout(&producer->over, msecs_to_jiffies(100)))
		if (kshm_request_cancelled(req))
			return -EINTR;
	return 0;
}

static int fill_ring(struct kshm_request *req, const struct kshm_view *view)
{
	struct producer producer = {
		.view = view, .wanted = *(const u64 *)kshm_request_in(req),
	};
	struct task_struct *thread;
	int ret;

	init_irq_work(&producer.irq_work, produce);
	init_completion(&producer.over);
	thread = kthread_run(produce_all, &producer, "kshm_test_ring");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	ret = wait_for_end(req, &producer);
	kthread_stop(thread);
	memcpy(kshm_request_out(req), &producer.done, sizeof(producer.done));
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(producer.done));
	return ret;
}

int test_ring(struct kshm_request *req)
{
	struct test_handle *own = kshm_handle_data(kshm_request_handle(req));
	int ret = -ENODATA;

	test_count_call();
	mutex_lock(&own->section_lock);
	if (own->section && kshm_view_len(own->section) >= sizeof(struct kshm_test_ring))
		ret = fill_ring(req, own->section);
	mutex_unlock(&own->section_lock);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the queue of a handle: tests of what needs no user process
 *
 * What stands for requests here are their nodes alone. There is no eventfd, which only a
 * process can make.
 *
 * They run while the module is loaded: with 6.1 before its init, with newer kernels after.
 */
#include <kunit/test.h>
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched.h>

#include "queue.h"

#define NR		5
#define PRODUCERS	4
#define EACH		200	/* of each producer */

/* Somebody who waits, and how often he was woken. */
struct waiter {
	struct wait_queue_entry entry;
	unsigned int woken;
};

/**
 * struct scene - a queue of a test's own
 * @queue: the queue
 * @nodes: what ends, as the test says
 * @undoing: how often its worker was called
 */
struct scene {
	struct kshm_queue queue;
	struct list_head nodes[NR];
	unsigned int undoing;
};

static bool before_init;

static void undo(struct work_struct *work)
{
	container_of(work, struct scene, queue.undo)->undoing++;
}

/* __ref: the init function is there, as long as it has not been called. */
static int __ref queue_init(struct kunit *test)
{
	struct scene *scene = kunit_kzalloc(test, sizeof(*scene), GFP_KERNEL);

	if (!scene)
		return -ENOMEM;
	before_init = THIS_MODULE->state == MODULE_STATE_COMING;
	if (before_init && kshm_queue_module_init())
		return -ENOMEM;
	kshm_queue_init(&scene->queue, undo);
	test->priv = scene;
	return 0;
}

static void queue_exit(struct kunit *test)
{
	struct scene *scene = test->priv;

	if (!scene)
		return;
	kshm_queue_end(&scene->queue);
	if (before_init)
		kshm_queue_module_exit();
}

static void ends(struct scene *scene, unsigned int i)
{
	kshm_queue_add(&scene->queue, &scene->nodes[i], false);
}

/* Those of @numbers are taken, in that order, and no more; -1 ends them. */
static void expect(struct kunit *test, struct list_head *(*take)(struct kshm_queue *queue),
		   const int *numbers)
{
	struct scene *scene = test->priv;

	for (; *numbers >= 0; numbers++)
		KUNIT_EXPECT_PTR_EQ(test, take(&scene->queue), &scene->nodes[*numbers]);
	KUNIT_EXPECT_NULL(test, take(&scene->queue));
}

#define ARE(...)	((const int[]){ __VA_ARGS__, -1 })
#define NONE		((const int[]){ -1 })

static void queue_gives_what_ended_in_that_order(struct kunit *test)
{
	struct scene *scene = test->priv;
	unsigned int i;

	KUNIT_EXPECT_FALSE(test, kshm_queue_has_ended(&scene->queue));
	for (i = 0; i < NR; i++)
		ends(scene, i);
	KUNIT_EXPECT_TRUE(test, kshm_queue_has_ended(&scene->queue));
	expect(test, kshm_queue_take, ARE(0, 1, 2, 3, 4));
	KUNIT_EXPECT_FALSE(test, kshm_queue_has_ended(&scene->queue));
	/* And it can be used again. */
	ends(scene, 3);
	expect(test, kshm_queue_take, ARE(3));
	KUNIT_EXPECT_EQ(test, scene->undoing, 0);
}

/* Before what ended since, and as often as it is. */
static void queue_given_back_is_the_first_again(struct kunit *test)
{
	struct scene *scene = test->priv;
	struct list_head *node;
	unsigned int i;

	ends(scene, 0);
	ends(scene, 1);
	for (i = 2; i < 4; i++) {
		node = kshm_queue_take(&scene->queue);
		KUNIT_ASSERT_PTR_EQ(test, node, &scene->nodes[0]);
		ends(scene, i);
		kshm_queue_give_back(&scene->queue, node);
	}
	expect(test, kshm_queue_take, ARE(0, 1, 2, 3));
}

static void queue_has_what_is_left_undone(struct kunit *test)
{
	struct scene *scene = test->priv;

	ends(scene, 0);
	kshm_queue_add(&scene->queue, &scene->nodes[1], true);
	ends(scene, 2);
	flush_work(&scene->queue.undo);
	KUNIT_EXPECT_EQ(test, scene->undoing, 1);
	expect(test, kshm_queue_take, ARE(0, 2));
	expect(test, kshm_queue_take_left, ARE(1));
}

/* What ended before, and what does later. Nobody has to read it, but all is undone. */
static void queue_closed_leaves_all(struct kunit *test)
{
	struct scene *scene = test->priv;

	ends(scene, 0);
	kshm_queue_add(&scene->queue, &scene->nodes[1], true);
	ends(scene, 2);
	flush_work(&scene->queue.undo);
	kshm_queue_close(&scene->queue);
	KUNIT_EXPECT_FALSE(test, kshm_queue_has_ended(&scene->queue));
	ends(scene, 3);
	flush_work(&scene->queue.undo);
	KUNIT_EXPECT_EQ(test, scene->undoing, 2);
	expect(test, kshm_queue_take, NONE);
	expect(test, kshm_queue_take_left, ARE(1, 0, 2, 3));
}

static int wake(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key)
{
	/* One who polls for something else would not be. */
	if (key_to_poll(key) & EPOLLIN)
		container_of(entry, struct waiter, entry)->woken++;
	return 1;
}

static void begins_to_wait(struct scene *scene, struct waiter *waiter)
{
	init_waitqueue_func_entry(&waiter->entry, wake);
	waiter->woken = 0;
	add_wait_queue_exclusive(&scene->queue.wait, &waiter->entry);
}

/* How often until now. */
static unsigned int woken(struct scene *scene, const struct waiter *waiter)
{
	irq_work_sync(&scene->queue.wake);
	return waiter->woken;
}

static void queue_wakes_who_waits_once(struct kunit *test)
{
	struct scene *scene = test->priv;
	struct list_head *node;
	struct waiter waiter;

	begins_to_wait(scene, &waiter);
	ends(scene, 0);
	KUNIT_EXPECT_EQ(test, woken(scene, &waiter), 1);
	ends(scene, 1);
	KUNIT_EXPECT_EQ(test, woken(scene, &waiter), 2);
	/* Not for what is nobody's to read. */
	kshm_queue_add(&scene->queue, &scene->nodes[2], true);
	KUNIT_EXPECT_EQ(test, woken(scene, &waiter), 2);
	/* Who came while it was taken has found nothing. */
	node = kshm_queue_take(&scene->queue);
	KUNIT_EXPECT_EQ(test, woken(scene, &waiter), 2);
	kshm_queue_give_back(&scene->queue, node);
	KUNIT_EXPECT_EQ(test, woken(scene, &waiter), 3);
	remove_wait_queue(&scene->queue.wait, &waiter.entry);
	ends(scene, 3);
	KUNIT_EXPECT_EQ(test, woken(scene, &waiter), 3);
}

/* As each may read what the others do not. */
static void queue_wakes_all_who_wait(struct kunit *test)
{
	struct scene *scene = test->priv;
	struct waiter waiters[3];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(waiters); i++)
		begins_to_wait(scene, &waiters[i]);
	ends(scene, 0);
	for (i = 0; i < ARRAY_SIZE(waiters); i++) {
		KUNIT_EXPECT_EQ(test, woken(scene, &waiters[i]), 1);
		remove_wait_queue(&scene->queue.wait, &waiters[i].entry);
	}
}

/*
 * Whoever ends them may hold any lock, that of who waits among them: it is an interrupt
 * that wakes, and one does for all that came before it could.
 */
static void queue_wakes_later_and_once_for_many(struct kunit *test)
{
	struct scene *scene = test->priv;
	struct waiter waiter;
	unsigned long flags;
	unsigned int i, early;

	begins_to_wait(scene, &waiter);
	local_irq_save(flags);
	for (i = 0; i < NR; i++)
		ends(scene, i);
	early = waiter.woken;
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, early, 0);
	KUNIT_EXPECT_EQ(test, woken(scene, &waiter), 1);
	remove_wait_queue(&scene->queue.wait, &waiter.entry);
	expect(test, kshm_queue_take, ARE(0, 1, 2, 3, 4));
}

static void queue_asks_for_no_interrupt_in_vain(struct kunit *test)
{
	struct scene *scene = test->priv;
	unsigned long flags;
	bool asks;

	local_irq_save(flags);
	ends(scene, 0);
	asks = irq_work_is_pending(&scene->queue.wake);
	local_irq_restore(flags);
	KUNIT_EXPECT_FALSE(test, asks);
}

/* What has several end, one after the other. */
struct producer {
	struct work_struct work;
	struct kshm_queue *queue;
	struct list_head nodes[EACH];
	unsigned int taken;
};

static void produce(struct work_struct *work)
{
	struct producer *producer = container_of(work, struct producer, work);
	unsigned int i;

	for (i = 0; i < EACH; i++) {
		kshm_queue_add(producer->queue, &producer->nodes[i], false);
		cond_resched();
	}
}

/* Whether it is the next one of its producer. */
static bool is_next(struct producer *producers, const struct list_head *node)
{
	struct producer *producer;

	for (producer = producers; producer < producers + PRODUCERS; producer++) {
		if (producer->taken < EACH && node == &producer->nodes[producer->taken]) {
			producer->taken++;
			return true;
		}
	}
	return false;
}

/* Takes @most, or as many as there are, and gives every other one back first. */
static unsigned int take(struct kunit *test, struct producer *producers, unsigned int most)
{
	struct scene *scene = test->priv;
	struct list_head *node;
	unsigned int i;

	for (i = 0; i < most; i++) {
		node = kshm_queue_take(&scene->queue);
		if (!node)
			break;
		if (i % 2) {
			kshm_queue_give_back(&scene->queue, node);
			node = kshm_queue_take(&scene->queue);
		}
		KUNIT_EXPECT_TRUE(test, is_next(producers, node));
	}
	return i;
}

/* Several end, while one takes. */
static void queue_loses_nothing_of_many(struct kunit *test)
{
	struct producer *producers = kunit_kzalloc(test, PRODUCERS * sizeof(*producers),
						   GFP_KERNEL);
	struct scene *scene = test->priv;
	unsigned int i, taken = 0;

	KUNIT_ASSERT_NOT_NULL(test, producers);
	for (i = 0; i < PRODUCERS; i++) {
		producers[i].queue = &scene->queue;
		INIT_WORK(&producers[i].work, produce);
		kshm_queue_work(&producers[i].work);
	}
	for (i = 0; i < EACH; i++) {
		taken += take(test, producers, PRODUCERS);
		cond_resched();
	}
	for (i = 0; i < PRODUCERS; i++)
		flush_work(&producers[i].work);
	taken += take(test, producers, PRODUCERS * EACH);
	KUNIT_EXPECT_EQ(test, taken, PRODUCERS * EACH);
	KUNIT_EXPECT_FALSE(test, kshm_queue_has_ended(&scene->queue));
}

static struct kunit_case queue_cases[] = {
	KUNIT_CASE(queue_gives_what_ended_in_that_order),
	KUNIT_CASE(queue_given_back_is_the_first_again),
	KUNIT_CASE(queue_has_what_is_left_undone),
	KUNIT_CASE(queue_closed_leaves_all),
	KUNIT_CASE(queue_wakes_who_waits_once),
	KUNIT_CASE(queue_wakes_all_who_wait),
	KUNIT_CASE(queue_wakes_later_and_once_for_many),
	KUNIT_CASE(queue_asks_for_no_interrupt_in_vain),
	KUNIT_CASE(queue_loses_nothing_of_many),
	{ }
};

static struct kunit_suite queue_suite = {
	.name = "kshm_queue",
	.init = queue_init,
	.exit = queue_exit,
	.test_cases = queue_cases,
};

kunit_test_suite(queue_suite);

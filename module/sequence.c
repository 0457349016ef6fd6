// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - sequences: counters of memory, by which those who share it wake each other
 *
 * The counter is the memory's, not a region's: all sections of a file, in whatever
 * handle, have the same, found by the inode, which it keeps. That is one of a memfd, of
 * a mount of the kernel's own which nobody unmounts.
 *
 * Raising allocates nothing and takes no lock, for it may come from anywhere: it counts,
 * and leaves the waking to an interrupt of its own, which comes as soon as it can. One
 * that is under way when the counter is raised once more comes again.
 */
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "sequence.h"

static struct rb_root sequences = RB_ROOT;
static DEFINE_SPINLOCK(sequences_lock);	/* sequences, and the last of each ref */

static void wake(struct irq_work *work)
{
	struct kshm_sequence *sequence =
		container_of(work, struct kshm_sequence, wake);

	/* All of them: what one has read says nothing of another. */
	__wake_up(&sequence->wait, TASK_NORMAL, 0,
		  poll_to_key(EPOLLIN | EPOLLRDNORM));
}

static int compare(struct rb_node *node, const struct rb_node *other)
{
	const struct inode *a = rb_entry(node, struct kshm_sequence, node)->inode;
	const struct inode *b = rb_entry(other, struct kshm_sequence, node)->inode;

	return a < b ? -1 : a > b;
}

static struct kshm_sequence *alloc(struct inode *inode)
{
	struct kshm_sequence *sequence;

	sequence = kmalloc(sizeof(*sequence), GFP_KERNEL_ACCOUNT);
	if (!sequence)
		return NULL;
	refcount_set(&sequence->ref, 1);
	sequence->inode = inode;
	atomic64_set(&sequence->value, 0);
	init_waitqueue_head(&sequence->wait);
	init_irq_work(&sequence->wake, wake);
	return sequence;
}

/**
 * kshm_sequence_of() - the counter of a file
 * @inode: of the file, which somebody keeps meanwhile
 *
 * Return: a reference, or NULL if there is no memory.
 */
struct kshm_sequence *kshm_sequence_of(struct inode *inode)
{
	struct kshm_sequence *sequence = alloc(inode), *found = NULL;
	struct rb_node *node;

	if (!sequence)
		return NULL;
	spin_lock(&sequences_lock);
	node = rb_find_add(&sequence->node, &sequences, compare);
	if (node) {
		found = rb_entry(node, struct kshm_sequence, node);
		kshm_sequence_get(found);
	} else {
		ihold(inode);
	}
	spin_unlock(&sequences_lock);
	if (!found)
		return sequence;
	kfree(sequence);
	return found;
}

/* Context: process context, any task. May sleep: a waking that is under way ends. */
void kshm_sequence_put(struct kshm_sequence *sequence)
{
	bool last;

	spin_lock(&sequences_lock);
	last = refcount_dec_and_test(&sequence->ref);
	if (last)
		rb_erase(&sequence->node, &sequences);
	spin_unlock(&sequences_lock);
	if (!last)
		return;
	irq_work_sync(&sequence->wake);
	iput(sequence->inode);
	kfree(sequence);
}

/**
 * kshm_sequence_raise() - count one more, and wake who waits
 * @sequence: the counter
 *
 * What the caller wrote before is seen by whoever sees the counter.
 *
 * Context: any.
 */
void kshm_sequence_raise(struct kshm_sequence *sequence)
{
	/* Ordered, for it returns something; and what was written before it, too. */
	atomic64_inc_return(&sequence->value);
	/* Whoever comes to wait after this looks at the counter once more. */
	if (wq_has_sleeper(&sequence->wait))
		irq_work_queue(&sequence->wake);
}

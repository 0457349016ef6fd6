/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - sequences: counters of memory, by which those who share it wake each other
 */
#ifndef KSHM_SEQUENCE_H
#define KSHM_SEQUENCE_H

#include <linux/atomic.h>
#include <linux/irq_work.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/wait.h>

struct inode;

/**
 * struct kshm_sequence - the counter of a file of memory
 * @ref: sections of the file, and who waits or raises by a descriptor
 * @inode: of the file; a reference
 * @node: in the tree of all, by @inode
 * @value: how often it was raised; nothing takes it back
 * @wait: who sleeps until it is
 * @wake: wakes them, where that may be done
 */
struct kshm_sequence {
	refcount_t ref;
	struct inode *inode;
	struct rb_node node;
	atomic64_t value;
	wait_queue_head_t wait;
	struct irq_work wake;
};

struct kshm_sequence *kshm_sequence_of(struct inode *inode);
void kshm_sequence_put(struct kshm_sequence *sequence);
void kshm_sequence_raise(struct kshm_sequence *sequence);

static inline void kshm_sequence_get(struct kshm_sequence *sequence)
{
	refcount_inc(&sequence->ref);
}

#endif /* KSHM_SEQUENCE_H */

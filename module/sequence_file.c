// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_SECTION_SEQUENCE: a descriptor to wait with, or to raise
 *
 * The file has the counter, and nothing of the region that it was asked of: whoever
 * has it can wait, and wake, and do nothing to the pages.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "descriptor.h"
#include "explain.h"
#include "hold.h"
#include "region.h"
#include "section.h"
#include "sequence.h"
#include "sequence_file.h"

/**
 * struct waiter - what an open file has
 * @sequence: a reference; set once
 * @seen: what was read last
 */
struct waiter {
	struct kshm_sequence *sequence;
	atomic64_t seen;
};

/* Whether there is something to read. */
static bool is_raised(const struct waiter *waiter)
{
	return atomic64_read(&waiter->sequence->value) !=
	       atomic64_read(&waiter->seen);
}

static int wait_for_raise(struct waiter *waiter, const struct file *file)
{
	if (is_raised(waiter))
		return 0;
	if (file->f_flags & O_NONBLOCK)
		return -EAGAIN;
	return wait_event_interruptible(waiter->sequence->wait, is_raised(waiter));
}

/* What could not be told was not seen, and what another read told is not told twice. */
static ssize_t sequence_read(struct file *file, char __user *to, size_t len,
			     loff_t *pos)
{
	struct waiter *waiter = file->private_data;
	s64 seen, value;
	int ret;

	if (len < sizeof(value))
		return -EINVAL;
	do {
		ret = wait_for_raise(waiter, file);
		if (ret)
			return ret;
		seen = atomic64_read(&waiter->seen);
		value = atomic64_read_acquire(&waiter->sequence->value);
		if (copy_to_user(to, &value, sizeof(value)))
			return -EFAULT;
	} while (seen == value ||
		 !atomic64_try_cmpxchg(&waiter->seen, &seen, value));
	return sizeof(value);
}

/* By one, and no other number: what only rises does not come back to where it was. */
static ssize_t sequence_write(struct file *file, const char __user *from,
			      size_t len, loff_t *pos)
{
	const struct waiter *waiter = file->private_data;
	u64 by;

	if (len < sizeof(by))
		return -EINVAL;
	if (copy_from_user(&by, from, sizeof(by)))
		return -EFAULT;
	if (by != 1)
		return -EINVAL;
	kshm_sequence_raise(waiter->sequence);
	return sizeof(by);
}

static __poll_t sequence_poll(struct file *file, poll_table *table)
{
	struct waiter *waiter = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &waiter->sequence->wait, table);
	/* Pairs with that of wq_has_sleeper(): one of both sees what the other did. */
	smp_mb();
	if (file->f_mode & FMODE_WRITE)
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (file->f_mode & FMODE_READ && is_raised(waiter))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

static void sequence_show_fdinfo(struct seq_file *seq, struct file *file)
{
	const struct waiter *waiter = file->private_data;
	const struct inode *memory = waiter->sequence->inode;

	seq_printf(seq, "sequence:\t%llu\n",
		   (u64)atomic64_read(&waiter->sequence->value));
	seq_printf(seq, "sequence-read:\t%llu\n",
		   (u64)atomic64_read(&waiter->seen));
	/* What it keeps. */
	seq_printf(seq, "sequence-ino:\t%llu\n", (u64)memory->i_ino);
	seq_printf(seq, "sequence-len:\t%lld\n", i_size_read(memory));
}

/* The last close, in whatever task. */
static int sequence_release(struct inode *inode, struct file *file)
{
	struct waiter *waiter = file->private_data;

	kshm_sequence_put(waiter->sequence);
	kfree(waiter);
	return 0;
}

static const struct file_operations sequence_fops = {
	.owner = THIS_MODULE,
	.read = sequence_read,
	.write = sequence_write,
	.poll = sequence_poll,
	.llseek = noop_llseek,
	.release = sequence_release,
	.show_fdinfo = sequence_show_fdinfo,
};

/* As files are open: the kernel then sees to it who may read, and write. */
static int flags_of(u32 rights)
{
	if (!(rights & KSHM_REGION_WRITE))
		return O_RDONLY;
	return rights & KSHM_REGION_READ ? O_RDWR : O_WRONLY;
}

/* A file that has @sequence from then on, or ERR_PTR. */
static struct file *sequence_file(struct kshm_sequence *sequence, u32 rights)
{
	struct waiter *waiter = kmalloc(sizeof(*waiter), GFP_KERNEL_ACCOUNT);
	struct file *file;

	if (!waiter)
		return ERR_PTR(-ENOMEM);
	waiter->sequence = sequence;
	atomic64_set(&waiter->seen, atomic64_read(&sequence->value));
	file = anon_inode_getfile("[kshm-sequence]", &sequence_fops, waiter,
				  flags_of(rights));
	if (IS_ERR(file))
		kfree(waiter);
	else
		kshm_sequence_get(sequence);
	return file;
}

/*
 * A file, or ERR_PTR, with the counter of what @held has: 0; or -errno, explained, if that
 * is revoked, of no section or not his to share.
 */
static int sequence_of(const struct kshm_held *held,
		       const struct kshm_ioc_section_sequence *arg,
		       struct file **file, struct kshm_explain *why)
{
	struct kshm_region *region = held->region;
	int ret;

	if (!region->section)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_NOT_SECTION, 0,
					    EINVAL, 0, arg->id, 0);
	/* So that it has its section. */
	if (!kshm_region_use(region))
		return kshm_explain_numbers(why, KSHM_EXPLAIN_REVOKED, 0, ESTALE,
					    0, arg->id, 0);
	ret = kshm_hold_check_share(region, arg->id, held->rights, arg->rights,
				    why);
	if (!ret)
		*file = sequence_file(region->section->sequence, arg->rights);
	kshm_region_unuse(region);
	return ret;
}

/* KSHM_IOC_SECTION_SEQUENCE; @arg is the captured struct, @uarg the caller's. */
int kshm_section_sequence(struct kshm_handle *handle,
			  const struct kshm_ioc_section_sequence *arg,
			  struct kshm_ioc_section_sequence __user *uarg,
			  size_t usize, struct kshm_explain *why)
{
	struct kshm_held held;
	struct file *file;
	int ret;

	ret = kshm_hold_check_form(arg->flags, arg->reserved, arg->rights, why);
	if (ret)
		return ret;
	if (!kshm_hold_look_up(handle, arg->id, &held))
		return kshm_hold_explain_unknown(why, arg->id);
	ret = sequence_of(&held, arg, &file, why);
	/* What the caller gets has nothing of the region, nor has he while he is told. */
	kshm_region_put(held.region);
	return ret ?: kshm_descriptor_give(file, &uarg->out_fd, uarg, sizeof(*uarg),
					   why);
}

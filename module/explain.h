/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - explanations of failures
 */
#ifndef KSHM_EXPLAIN_H
#define KSHM_EXPLAIN_H

#include <linux/kshm.h>
#include <linux/types.h>

/* What an access needs of the memory it goes to. */
enum kshm_need {
	KSHM_NEED_READ = BIT(0),
	KSHM_NEED_WRITE = BIT(1),
	KSHM_NEED_PAGES = BIT(2),	/* struct pages that can be pinned */
	KSHM_NEED_LONG_TERM = BIT(3),	/* for longer than a call */
};

void kshm_explain_note(struct kshm_explain *why, u32 check, u32 operand,
		       int error, u64 needed, u64 used, u64 limit);
void kshm_explain_note_address(struct kshm_explain *why, u32 operand, u64 addr,
			       u64 len, unsigned int need);
void kshm_explain_note_error(struct kshm_explain *why, u32 operand, int error);
void kshm_explain_to_user(const struct kshm_explain *why, u64 uaddr);

/*
 * What returns the errno is here, where a compiler, and what analyzes the code,
 * sees that it is none of success.
 */

/**
 * kshm_explain_numbers() - explain a failure
 * @why: where; NULL for nowhere
 * @check: which check failed, KSHM_EXPLAIN_*
 * @operand: KSHM_OPERAND_*, or 0 for the request as a whole
 * @error: the errno, positive
 * @needed: what the check says that it is
 * @used: the same
 * @limit: the same
 *
 * Return: -@error.
 */
static inline int kshm_explain_numbers(struct kshm_explain *why, u32 check,
				       u32 operand, int error, u64 needed,
				       u64 used, u64 limit)
{
	kshm_explain_note(why, check, operand, error, needed, used, limit);
	return -error;
}

/* A failure that has no numbers. */
static inline int kshm_explain(struct kshm_explain *why, u32 check, u32 operand,
			       int error)
{
	return kshm_explain_numbers(why, check, operand, error, 0, 0, 0);
}

/**
 * kshm_explain_error() - explain what has nothing to do with the call's arguments
 * @why: where; NULL for nowhere
 * @operand: KSHM_OPERAND_*, or 0
 * @error: -EINTR, -EMFILE, -ENFILE, or what stands for a lack of memory
 *
 * Return: @error.
 */
static inline int kshm_explain_error(struct kshm_explain *why, u32 operand,
				     int error)
{
	kshm_explain_note_error(why, operand, error);
	return error;
}

/**
 * kshm_explain_address() - explain an EFAULT
 * @why: where; NULL for nowhere
 * @operand: KSHM_OPERAND_*, or 0
 * @addr: an address at or before the bad one, the rest before it being good
 * @len: bytes from there to the end of the access
 * @need: KSHM_NEED_* bits of the access
 *
 * Context: the caller whose memory it is. Takes its mmap lock; if it is being
 * killed the mapping stays unknown.
 * Return: -EFAULT.
 */
static inline int kshm_explain_address(struct kshm_explain *why, u32 operand,
				       u64 addr, u64 len, unsigned int need)
{
	kshm_explain_note_address(why, operand, addr, len, need);
	return -EFAULT;
}

/**
 * kshm_explain_result() - explain that the caller's struct cannot be written
 * @why: where; NULL for nowhere
 * @uarg: the struct
 * @size: of it, in bytes
 *
 * Context: as of kshm_explain_address().
 * Return: -EFAULT.
 */
static inline int kshm_explain_result(struct kshm_explain *why,
				      const void __user *uarg, size_t size)
{
	return kshm_explain_address(why, 0, (unsigned long)uarg, size,
				    KSHM_NEED_WRITE);
}

#endif /* KSHM_EXPLAIN_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - copies as the tests have them made: raw ioctls on open files
 */
#ifndef COPY_CALLS_H
#define COPY_CALLS_H

#include <linux/kshm.h>
#include <linux/kshm_copy.h>

#define READS(n)	(KSHM_OPERAND_PIECE_READ + (n))
#define WRITES(n)	(KSHM_OPERAND_PIECE_WRITTEN + (n))

/* A copy to be made; what is behind the pieces in use is not looked at. */
struct copy {
	struct kshm_copy head;
	struct kshm_operand pieces[KSHM_COPY_MAX_PIECES + 1];
};

extern struct copy copy;
extern __u64 copied;	/* what the last call told, or all ones */

/* To copy what these pieces say. */
void copy_set(const struct kshm_operand *reads, __u32 nr_reads,
	      const struct kshm_operand *writes, __u32 nr_writes);

/* The request for the copy that was set. */
struct kshm_ioc_control copy_request(void);

/* Makes it, which must work, and be of @len bytes. */
void copy_works(int fd, __u64 len);

/* It is refused with @error, explained by @check of @operand; by nothing if that is 0. */
struct kshm_explain copy_refused(int fd, int error, __u32 check, __u32 operand);

/* It ends with @error, that of @check of @operand, when some @len bytes are copied. */
struct kshm_explain copy_ends(int fd, int error, __u32 check, __u32 operand, __u64 len);

#endif /* COPY_CALLS_H */

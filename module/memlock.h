/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - charging locked memory
 */
#ifndef KSHM_MEMLOCK_H
#define KSHM_MEMLOCK_H

struct cred;
struct kshm_explain;
struct kshm_user;
struct mm_struct;

/**
 * struct kshm_memlock - pages locked, and who pays for them
 * @user: of kshm; a reference. NULL: nothing is charged.
 * @locker: of the user whose locked_vm it counts in; a reference. NULL: the caller
 *	was exempt from RLIMIT_MEMLOCK.
 * @mm: whose pinned_vm it counts in; a reference on the struct alone
 * @pages: how many
 * @counted: in the limits of kshm
 */
struct kshm_memlock {
	struct kshm_user *user;
	const struct cred *locker;
	struct mm_struct *mm;
	unsigned long pages;
	unsigned long counted;
};

int kshm_memlock_charge(struct kshm_memlock *lock, struct kshm_user *opener,
			unsigned long pages, unsigned long least,
			struct kshm_explain *why);
void kshm_memlock_uncharge(struct kshm_memlock *lock);

#endif /* KSHM_MEMLOCK_H */

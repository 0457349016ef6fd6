/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - charging pages to users
 */
#ifndef KSHM_ACCOUNT_H
#define KSHM_ACCOUNT_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/uidgid.h>

struct kshm_explain;

/**
 * struct kshm_user - what a user has pinned, copied or named, over all handles
 * @node: in the table of users, under its lock
 * @ref: handles, names, and mdls that drivers locked by themselves
 * @uid: whose; set once
 * @pages: charged now
 * @names: published now; under the lock of name.c
 */
struct kshm_user {
	struct hlist_node node;
	refcount_t ref;
	kuid_t uid;
	atomic_long_t pages;
	u32 names;
};

/* Limits in force, module parameters. A change counts from the next charge. */
extern unsigned long kshm_max_request_pages;
extern unsigned long kshm_max_user_pages;
extern unsigned long kshm_max_system_pages;

struct kshm_user *kshm_user_get_current(struct kshm_user *maybe);
void kshm_user_put(struct kshm_user *user);

int kshm_charge(struct kshm_user *user, unsigned long pages,
		struct kshm_explain *why);
int kshm_charge_lasting(struct kshm_user *user, unsigned long pages,
			struct kshm_explain *why);
int kshm_check_request_pages(unsigned long pages, struct kshm_explain *why);
void kshm_uncharge(struct kshm_user *user, unsigned long pages);
u64 kshm_system_pages(void);

int kshm_account_init(void);
void kshm_account_exit(void);

#endif /* KSHM_ACCOUNT_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - charging pages to users
 *
 * Memory that kshm pins or copies is charged to the caller's real user id and to
 * the system as a whole. Whoever charges remembers whom and how much, and gives
 * back just that. What lasts longer than a call is locked memory besides, see
 * memlock.c.
 */
#include <linux/cred.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/percpu_counter.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "account.h"
#include "explain.h"
#include "limits.h"

unsigned long kshm_max_request_pages = KSHM_MAX_REQUEST_PAGES;
module_param_named(max_request_pages, kshm_max_request_pages, ulong, 0644);
MODULE_PARM_DESC(max_request_pages,
		 "most pages pinned or copied by one request");

unsigned long kshm_max_user_pages;
module_param_named(max_user_pages, kshm_max_user_pages, ulong, 0644);
MODULE_PARM_DESC(max_user_pages,
		 "most pages pinned or copied at a time for one user (default: a quarter of memory)");

unsigned long kshm_max_system_pages;
module_param_named(max_system_pages, kshm_max_system_pages, ulong, 0644);
MODULE_PARM_DESC(max_system_pages,
		 "most pages pinned or copied at a time for all users (default: half of memory)");

/*
 * Per CPU, so that handles on different CPUs share no written cache line;
 * only near the limit is it summed up.
 */
static struct percpu_counter system_pages;

/* Users with an open handle or a locked mdl, by uid. */
static DEFINE_HASHTABLE(users, 6);
static DEFINE_SPINLOCK(users_lock);

static struct kshm_user *user_of(kuid_t uid)
{
	struct kshm_user *user;

	lockdep_assert_held(&users_lock);
	hash_for_each_possible(users, user, node, __kuid_val(uid))
		if (uid_eq(user->uid, uid))
			return user;
	return NULL;
}

/**
 * kshm_user_get_current() - the account of the calling task's real user id
 * @maybe: one that it probably is, on which the caller has a reference; or NULL
 *
 * Return: a reference, or NULL when there is no memory.
 */
struct kshm_user *kshm_user_get_current(struct kshm_user *maybe)
{
	kuid_t uid = current_uid();
	struct kshm_user *user, *fresh;

	if (maybe && uid_eq(maybe->uid, uid)) {
		refcount_inc(&maybe->ref);
		return maybe;
	}
	spin_lock(&users_lock);
	user = user_of(uid);
	if (user)
		refcount_inc(&user->ref);
	spin_unlock(&users_lock);
	if (user)
		return user;

	fresh = kzalloc(sizeof(*fresh), GFP_KERNEL_ACCOUNT);
	if (!fresh)
		return NULL;
	refcount_set(&fresh->ref, 1);
	fresh->uid = uid;

	spin_lock(&users_lock);
	user = user_of(uid);
	if (user) {
		refcount_inc(&user->ref);
	} else {
		hash_add(users, &fresh->node, __kuid_val(uid));
		swap(user, fresh);
	}
	spin_unlock(&users_lock);
	kfree(fresh);
	return user;
}

void kshm_user_put(struct kshm_user *user)
{
	if (refcount_dec_not_one(&user->ref))
		return;
	spin_lock(&users_lock);
	if (!refcount_dec_and_test(&user->ref)) {
		spin_unlock(&users_lock);
		return;
	}
	hash_del(&user->node);
	spin_unlock(&users_lock);
	kfree(user);
}

static int refuse(struct kshm_explain *why, u32 check, unsigned long pages,
		  u64 used, unsigned long limit)
{
	return kshm_explain_numbers(why, check, 0, EDQUOT, pages, used, limit);
}

static int charge_user(struct kshm_user *user, unsigned long pages,
		       struct kshm_explain *why)
{
	unsigned long max_user = READ_ONCE(kshm_max_user_pages);
	unsigned long max_system = READ_ONCE(kshm_max_system_pages);
	unsigned long used;
	u64 system;

	used = atomic_long_add_return(pages, &user->pages);
	if (used > max_user) {
		atomic_long_sub(pages, &user->pages);
		return refuse(why, KSHM_EXPLAIN_LIMIT_USER, pages,
			      used - pages, max_user);
	}

	percpu_counter_add(&system_pages, pages);
	if (percpu_counter_compare(&system_pages,
				   min_t(u64, max_system, S64_MAX)) > 0) {
		percpu_counter_sub(&system_pages, pages);
		atomic_long_sub(pages, &user->pages);
		system = percpu_counter_sum_positive(&system_pages);
		return refuse(why, KSHM_EXPLAIN_LIMIT_SYSTEM, pages, system,
			      max_system);
	}
	return 0;
}

/* Whether a request may have so many pages: 0 or -EDQUOT, explained. */
int kshm_check_request_pages(unsigned long pages, struct kshm_explain *why)
{
	unsigned long max_request = READ_ONCE(kshm_max_request_pages);

	/* The second bound keeps the sums from wrapping. */
	if (pages > max_request || pages > INT_MAX)
		return refuse(why, KSHM_EXPLAIN_LIMIT_REQUEST, pages, 0,
			      min_t(unsigned long, max_request, INT_MAX));
	return 0;
}

/**
 * kshm_charge() - charge the pages of a request to a user and to the system
 * @user: whom
 * @pages: how many
 * @why: gets the explanation on failure
 *
 * Return: 0, or -EDQUOT with nothing charged.
 */
int kshm_charge(struct kshm_user *user, unsigned long pages,
		struct kshm_explain *why)
{
	int ret = kshm_check_request_pages(pages, why);

	return ret ?: charge_user(user, pages, why);
}

/**
 * kshm_charge_lasting() - the same for pages that no request bounds
 * @user: whom
 * @pages: how many
 * @why: gets the explanation on failure
 *
 * Return: 0, or -EDQUOT with nothing charged.
 */
int kshm_charge_lasting(struct kshm_user *user, unsigned long pages,
			struct kshm_explain *why)
{
	unsigned long max_user = READ_ONCE(kshm_max_user_pages);

	/* Or a sum could wrap. */
	if (pages > INT_MAX)
		return refuse(why, KSHM_EXPLAIN_LIMIT_USER, pages,
			      atomic_long_read(&user->pages), max_user);
	return charge_user(user, pages, why);
}

void kshm_uncharge(struct kshm_user *user, unsigned long pages)
{
	percpu_counter_sub(&system_pages, pages);
	WARN_ON_ONCE(atomic_long_sub_return(pages, &user->pages) < 0);
}

/* Pages charged now for all users together. */
u64 kshm_system_pages(void)
{
	return percpu_counter_sum_positive(&system_pages);
}

int __init kshm_account_init(void)
{
	if (!kshm_max_user_pages)
		kshm_max_user_pages = totalram_pages() / KSHM_USER_SHARE;
	if (!kshm_max_system_pages)
		kshm_max_system_pages = totalram_pages() / KSHM_SYSTEM_SHARE;
	return percpu_counter_init(&system_pages, 0, GFP_KERNEL);
}

void kshm_account_exit(void)
{
	WARN_ON(percpu_counter_sum(&system_pages));
	WARN_ON(!hash_empty(users));
	percpu_counter_destroy(&system_pages);
}

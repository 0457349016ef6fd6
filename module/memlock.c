// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - charging locked memory
 *
 * Pages that stay pinned are locked memory, and charged as io_uring and iommufd
 * charge theirs: to the user's locked_vm, which RLIMIT_MEMLOCK bounds for all of
 * them together unless the caller has CAP_IPC_LOCK, and, for show, to pinned_vm of
 * the address space. What was charged, and to whom, is remembered and given back
 * just so: whoever lets go may be another process, in another user's name.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>

#include "account.h"
#include "explain.h"
#include "memlock.h"

static int charge_locker(struct user_struct *locker, unsigned long pages,
			 struct kshm_explain *why)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	unsigned long used = atomic_long_read(&locker->locked_vm);

	do {
		if (pages > limit || used > limit - pages)
			return kshm_explain_numbers(why, KSHM_EXPLAIN_MEMLOCK,
						    0, ENOMEM, pages, used,
						    limit);
	} while (!atomic_long_try_cmpxchg(&locker->locked_vm, &used,
					  used + pages));
	return 0;
}

/* Most callers are not, and do nothing wrong: no security module is to log it. */
static bool is_exempt(void)
{
	return ns_capable_noaudit(&init_user_ns, CAP_IPC_LOCK);
}

/**
 * kshm_memlock_charge() - charge locked pages to the caller
 * @lock: set up on success, nothing charged in it on failure
 * @opener: whose account it probably is; the caller has a reference
 * @pages: how many; none are always allowed, as far as locked memory goes
 * @least: what counts in kshm's own limits if @pages are fewer: 1 for what takes memory
 *	of the kernel and is bounded by nothing else, or 0
 * @why: gets the explanation on failure
 *
 * Return: 0; -ENOMEM over RLIMIT_MEMLOCK, or without memory; -EDQUOT over a limit
 * of kshm.
 */
int kshm_memlock_charge(struct kshm_memlock *lock, struct kshm_user *opener,
			unsigned long pages, unsigned long least,
			struct kshm_explain *why)
{
	const unsigned long counted = max(pages, least);
	const struct cred *locker;
	int ret;

	lock->user = NULL;
	if (!counted)
		return 0;
	lock->user = kshm_user_get_current(opener);
	if (!lock->user)
		return kshm_explain_error(why, 0, -ENOMEM);
	ret = kshm_charge_lasting(lock->user, counted, why);
	if (ret)
		goto put_user;
	/* Of no page it is not asked, whatever others have. */
	locker = !pages || is_exempt() ? NULL : current_cred();
	if (locker) {
		ret = charge_locker(locker->user, pages, why);
		if (ret)
			goto uncharge;
		/* Modules cannot put a user on every kernel; credentials hold one. */
		get_cred(locker);
	}
	lock->locker = locker;
	lock->mm = current->mm;
	mmgrab(lock->mm);
	atomic64_add(pages, &lock->mm->pinned_vm);
	lock->pages = pages;
	lock->counted = counted;
	return 0;

uncharge:
	kshm_uncharge(lock->user, counted);
put_user:
	kshm_user_put(lock->user);
	lock->user = NULL;
	return ret;
}

/**
 * kshm_memlock_uncharge() - give back what was charged, if anything was
 * @lock: what kshm_memlock_charge() set up, or zeros
 *
 * Context: process context, any task.
 */
void kshm_memlock_uncharge(struct kshm_memlock *lock)
{
	if (!lock->user)
		return;
	atomic64_sub(lock->pages, &lock->mm->pinned_vm);
	mmdrop(lock->mm);
	if (lock->locker) {
		atomic_long_sub(lock->pages, &lock->locker->user->locked_vm);
		put_cred(lock->locker);
	}
	kshm_uncharge(lock->user, lock->counted);
	kshm_user_put(lock->user);
	lock->user = NULL;
}

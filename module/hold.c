// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - holds: what the ids of a handle stand for
 *
 * A handle's table leads from ids to holds, and a hold to its region. Requests
 * find a hold without a lock and keep it while they use it; whoever destroys it
 * is the last, or waits to be. The region goes with its last hold.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "explain.h"
#include "handle.h"
#include "hold.h"
#include "key.h"
#include "limits.h"
#include "region.h"

unsigned int kshm_max_handle_regions = KSHM_MAX_HANDLE_REGIONS;
module_param_named(max_handle_regions, kshm_max_handle_regions, uint, 0644);
MODULE_PARM_DESC(max_handle_regions, "most regions of one handle");

/* Of all handles: where somebody waits for uses to end, which is seldom. */
static DECLARE_WAIT_QUEUE_HEAD(use_ended);

static void hold_free(struct kshm_hold *hold)
{
	kshm_key_remove(&hold->key);
	kshm_region_put(hold->region);
	kfree_rcu(hold, rcu);
}

/**
 * kshm_hold_get() - what an id stands for
 * @handle: the handle
 * @id: the id, any number
 *
 * Return: the hold, to be put, or NULL if the handle has none of that id.
 */
struct kshm_hold *kshm_hold_get(struct kshm_handle *handle, u32 id)
{
	struct kshm_hold *hold;

	rcu_read_lock();
	hold = xa_load(&handle->regions, id);
	if (hold && !refcount_inc_not_zero(&hold->ref))
		hold = NULL;
	rcu_read_unlock();
	return hold;
}

/* Context: process context, any task. May sleep. */
void kshm_hold_put(struct kshm_hold *hold)
{
	if (refcount_dec_and_test(&hold->ref))
		hold_free(hold);
	else if (wq_has_sleeper(&use_ended))
		wake_up_all(&use_ended);
}

/**
 * kshm_hold_look_up() - look at what an id stands for, without using it
 * @handle: the handle
 * @id: the id, any number
 * @held: gets it, with a reference on the region
 *
 * Whoever looks is not in the way of whoever destroys.
 *
 * Return: whether the handle has such an id.
 */
bool kshm_hold_look_up(struct kshm_handle *handle, u32 id,
		       struct kshm_held *held)
{
	const struct kshm_hold *hold;

	xa_lock(&handle->regions);
	hold = xa_load(&handle->regions, id);
	if (hold) {
		held->region = hold->region;
		held->rights = hold->rights;
		held->uses = refcount_read(&hold->ref) - 1;
		held->created = hold->created;
		kshm_region_get(hold->region);
	}
	xa_unlock(&handle->regions);
	return hold;
}

/* The last close of the file: no request of the handle runs any more. */
void kshm_holds_close(struct kshm_handle *handle)
{
	struct kshm_hold *hold;
	unsigned long id;

	xa_for_each(&handle->regions, id, hold) {
		kshm_hold_put(hold);
		cond_resched();
	}
	xa_destroy(&handle->regions);
}

/**
 * kshm_hold_reserve() - an id that leads nowhere yet
 * @handle: the handle
 * @hold: gets a hold without a region yet
 * @id: gets the id
 * @why: gets the explanation on failure
 *
 * Return: 0; -ENOSPC if the handle has as many as it may, or -ENOMEM.
 */
int kshm_hold_reserve(struct kshm_handle *handle, struct kshm_hold **hold,
		      u32 *id, struct kshm_explain *why)
{
	const struct xa_limit limit = XA_LIMIT(1, INT_MAX);
	u32 max = READ_ONCE(kshm_max_handle_regions), nr;
	int ret;

	*hold = kmalloc(sizeof(**hold), GFP_KERNEL_ACCOUNT);
	if (!*hold)
		return kshm_explain_error(why, 0, -ENOMEM);
	nr = atomic_inc_return(&handle->nr_regions);
	if (nr > max) {
		ret = kshm_explain_numbers(why, KSHM_EXPLAIN_LIMIT_REGIONS, 0,
					   ENOSPC, 1, nr - 1, max);
		goto uncount;
	}
	/* One that was destroyed is not the next one at once. */
	ret = xa_alloc_cyclic(&handle->regions, id, NULL, limit,
			      &handle->next_region, GFP_KERNEL_ACCOUNT);
	if (ret >= 0)
		return 0;
	ret = kshm_explain_error(why, 0, -ENOMEM);
uncount:
	atomic_dec(&handle->nr_regions);
	kfree(*hold);
	return ret;
}

void kshm_hold_unreserve(struct kshm_handle *handle, struct kshm_hold *hold,
			 u32 id)
{
	xa_erase(&handle->regions, id);
	atomic_dec(&handle->nr_regions);
	kfree(hold);
}

/*
 * Takes the caller's reference on @region. From here on nothing can fail: there is
 * an entry, so that no memory is needed.
 */
void kshm_hold_publish(struct kshm_handle *handle, struct kshm_hold *hold,
		       u32 id, u32 rights, bool created,
		       struct kshm_region *region)
{
	refcount_set(&hold->ref, 1);
	hold->rights = rights;
	hold->created = created;
	hold->region = region;
	hold->key = NULL;
	xa_store(&handle->regions, id, hold, GFP_KERNEL);
}

/**
 * kshm_hold_add() - one more hold on a region
 * @handle: the handle
 * @region: the region; the caller has a reference, and keeps it
 * @rights: KSHM_REGION_* bits
 * @uid: where the caller of the ioctl wants the id
 * @why: gets the explanation on failure
 *
 * Return: 0; -ENOSPC, -ENOMEM or -EFAULT.
 */
int kshm_hold_add(struct kshm_handle *handle, struct kshm_region *region,
		  u32 rights, u32 __user *uid, struct kshm_explain *why)
{
	struct kshm_hold *hold;
	u32 id;
	int ret;

	ret = kshm_hold_reserve(handle, &hold, &id, why);
	if (ret)
		return ret;
	if (put_user(id, uid)) {
		kshm_hold_unreserve(handle, hold, id);
		return kshm_explain_result(why, uid, sizeof(*uid));
	}
	kshm_region_get(region);
	kshm_hold_publish(handle, hold, id, rights, false, region);
	return 0;
}

/**
 * kshm_hold_destroy_unused() - destroy a hold that nobody uses
 * @handle: the handle
 * @id: the id, any number
 *
 * Return: 0; -ENOENT if the handle has none of that id; -EBUSY.
 */
int kshm_hold_destroy_unused(struct kshm_handle *handle, u32 id)
{
	struct kshm_hold *hold;
	int ret = 0;

	xa_lock(&handle->regions);
	hold = xa_load(&handle->regions, id);
	if (!hold)
		ret = -ENOENT;
	else if (!refcount_dec_if_one(&hold->ref))
		ret = -EBUSY;
	else
		__xa_erase(&handle->regions, id);
	xa_unlock(&handle->regions);
	if (ret)
		return ret;
	atomic_dec(&handle->nr_regions);
	hold_free(hold);
	return 0;
}

/**
 * kshm_hold_destroy_waiting() - destroy a hold as soon as nobody uses it
 * @handle: the handle
 * @id: the id, any number, which leads nowhere from then on
 *
 * Return: 0; -ENOENT if the handle has none of that id; -EINTR if the caller is
 * being killed: then the last use does the rest.
 */
int kshm_hold_destroy_waiting(struct kshm_handle *handle, u32 id)
{
	struct kshm_hold *hold;
	int ret;

	xa_lock(&handle->regions);
	hold = xa_load(&handle->regions, id);
	/* Not an id that is reserved only. */
	if (hold)
		__xa_erase(&handle->regions, id);
	xa_unlock(&handle->regions);
	if (!hold)
		return -ENOENT;
	kshm_key_remove(&hold->key);
	ret = wait_event_killable(use_ended, refcount_dec_if_one(&hold->ref));
	atomic_dec(&handle->nr_regions);
	if (ret) {
		kshm_hold_put(hold);
		return -EINTR;
	}
	hold_free(hold);
	return 0;
}

int kshm_hold_explain_unknown(struct kshm_explain *why, u32 id)
{
	return kshm_explain_numbers(why, KSHM_EXPLAIN_REGION, 0, ENOENT, 0, id,
				    0);
}

/* Flags that are not known, and reserved members: 0 or -errno, explained. */
int kshm_hold_check_unknown(u32 unknown, u64 reserved, struct kshm_explain *why)
{
	if (unknown)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_FLAGS, 0,
					    EOPNOTSUPP, unknown, 0, 0);
	if (reserved)
		return kshm_explain(why, KSHM_EXPLAIN_RESERVED, 0, EINVAL);
	return 0;
}

/* What can be seen of a command that passes rights on: 0 or -errno, explained. */
int kshm_hold_check_form(u32 flags, u64 reserved, u32 rights,
			 struct kshm_explain *why)
{
	const u32 unknown = rights & ~(KSHM_REGION_READ | KSHM_REGION_WRITE);
	int ret = kshm_hold_check_unknown(flags ?: unknown, reserved, why);

	if (ret)
		return ret;
	if (!rights)
		return kshm_explain(why, KSHM_EXPLAIN_NO_RIGHTS, 0, EINVAL);
	return 0;
}

/*
 * Whether @rights can be passed on by who has @has of @region, which he knows as @id
 * or, if that is 0, otherwise: 0 or -errno, explained.
 */
int kshm_hold_check_share(const struct kshm_region *region, u32 id, u32 has,
			  u32 rights, struct kshm_explain *why)
{
	if (kshm_region_revoked(region))
		return kshm_explain_numbers(why, KSHM_EXPLAIN_REVOKED, 0,
					    ESTALE, 0, id, 0);
	if (rights & ~has)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_RIGHTS, 0, EACCES,
					    rights & ~has, has, 0);
	return 0;
}

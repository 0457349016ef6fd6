// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - holds: what the ids of a handle stand for
 *
 * A handle's slots lead from ids to holds, and a hold to its region. Requests
 * find a hold without a lock and keep it while they use it; whoever destroys it
 * is the last, or waits to be. The region goes with its last hold.
 */
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "explain.h"
#include "handle.h"
#include "hold.h"
#include "key.h"
#include "limits.h"
#include "region.h"

unsigned int kshm_max_handle_regions = KSHM_MAX_HANDLE_REGIONS;
module_param_named(max_handle_regions, kshm_max_handle_regions, uint, 0644);
MODULE_PARM_DESC(max_handle_regions, "most regions of one handle");

/* Of a state: how often it is held. */
static u32 uses_of(s64 state)
{
	return lower_32_bits(state);
}

static s64 state_of(u32 id, u32 uses)
{
	return (u64)id << 32 | uses;
}

/* Nobody has it, and nobody finds it. */
static void hold_free(struct kshm_handle *handle, struct kshm_hold *hold)
{
	struct kshm_region *region = hold->region;

	kshm_key_remove(&hold->key);
	spin_lock(&handle->slots.lock);
	hold->region = NULL;
	kshm_slot_give(&handle->slots, hold);
	spin_unlock(&handle->slots.lock);
	kshm_region_put(region);
}

/* The rest of kshm_hold_put() for a hold that is being destroyed. */
void kshm_hold_end(struct kshm_handle *handle, struct kshm_hold *hold, u32 uses)
{
	if (!uses)
		hold_free(handle, hold);
	else if (wq_has_sleeper(&handle->use_ended))
		wake_up_all(&handle->use_ended);
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
	bool there = false;
	s64 state;

	/* Under which no region is taken away: one that has its id is there. */
	spin_lock(&handle->slots.lock);
	hold = kshm_slot_of(&handle->slots, id);
	if (hold) {
		state = atomic64_read_acquire(&hold->state);
		there = upper_32_bits(state) == id;
	}
	if (there) {
		held->region = hold->region;
		held->rights = hold->rights;
		held->uses = uses_of(state) - 1;
		held->created = hold->created;
		kshm_region_get(hold->region);
	}
	spin_unlock(&handle->slots.lock);
	return there;
}

/* What it is, of which the caller keeps the region from being taken away. */
static void describe(const struct kshm_hold *hold, s64 state,
		     struct kshm_handle_entry *entry,
		     struct kshm_region_told *told)
{
	entry->id = upper_32_bits(state);
	entry->uses = uses_of(state) - 1;
	entry->rights = hold->rights;
	if (hold->created)
		entry->flags |= KSHM_HANDLE_CREATED;
	if (!entry->id) {
		entry->id = kshm_slot_id(hold);
		entry->uses = uses_of(state);
		entry->flags |= KSHM_HANDLE_DESTROYED;
	}
	kshm_region_tell(hold->region, entry, told);
}

/**
 * kshm_hold_next() - the hold in the next slot that has one
 * @handle: the handle
 * @slot: the slot behind which to look, and gets that which was found
 * @most: slots to look at
 * @entry: gets what the hold is
 * @told: gets what a list has to know of the region besides
 *
 * Nothing is taken: whoever looks is not in the way of whoever destroys.
 *
 * Context: any that may take a spinlock.
 * Return: 0; -ENOENT if there is none; -EAGAIN if there may be one behind @slot.
 */
int kshm_hold_next(struct kshm_handle *handle, u32 *slot, u32 most,
		   struct kshm_handle_entry *entry,
		   struct kshm_region_told *told)
{
	const struct kshm_hold *hold;
	int ret = -ENOENT;
	s64 state;
	u32 end;

	spin_lock(&handle->slots.lock);
	end = handle->slots.made - 1;
	while (*slot < end && ret == -ENOENT) {
		hold = kshm_slot_of(&handle->slots, ++*slot);
		/* One with its id is there, as in kshm_hold_look_up(); or is used, or shown. */
		state = atomic64_read_acquire(&hold->state);
		if (state) {
			describe(hold, state, entry, told);
			ret = 0;
		} else if (!--most) {
			ret = -EAGAIN;
		}
	}
	spin_unlock(&handle->slots.lock);
	return ret;
}

/* Takes the id of a hold away, if it has one yet: whether it had. */
static bool forget(struct kshm_hold *hold)
{
	s64 state = atomic64_read(&hold->state);

	do {
		if (!upper_32_bits(state))
			return false;
	} while (!atomic64_try_cmpxchg(&hold->state, &state,
				       state_of(0, uses_of(state))));
	return true;
}

/*
 * The last close of the file: nobody names an id any more. What requests use that are
 * there yet goes with them.
 */
void kshm_holds_close(struct kshm_handle *handle)
{
	struct kshm_hold *hold;
	u32 number;

	for (number = 1; number < handle->slots.made; number++) {
		hold = kshm_slot_of(&handle->slots, number);
		if (forget(hold)) {
			kshm_key_remove(&hold->key);
			kshm_hold_put(handle, hold);
		}
		cond_resched();
	}
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
	u32 most = min_t(u32, READ_ONCE(kshm_max_handle_regions), KSHM_SLOT_MASK);
	int ret = kshm_slot_take(&handle->slots, most, hold);

	if (ret == -ENOMEM)
		return kshm_explain_error(why, 0, ret);
	if (ret)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_LIMIT_REGIONS, 0,
					    ENOSPC, 1, READ_ONCE(handle->slots.nr),
					    most);
	*id = kshm_slot_id(*hold);
	return 0;
}

void kshm_hold_unreserve(struct kshm_handle *handle, struct kshm_hold *hold)
{
	spin_lock(&handle->slots.lock);
	atomic64_set(&hold->state, 0);
	hold->region = NULL;
	kshm_slot_give(&handle->slots, hold);
	spin_unlock(&handle->slots.lock);
}

/**
 * kshm_hold_show() - have a reserved hold listed whose id leads nowhere yet
 * @hold: the hold
 * @rights: KSHM_REGION_* bits
 * @created: whether it comes from creating the region
 * @region: the region, of which the caller has a reference until the hold is published,
 *	which takes it, or unreserved
 *
 * A caller to whom the id is to be told has the region already, and keeps it for as long
 * as he has the memory that it is told in make it wait. Meanwhile it is listed as one is
 * whose id leads nowhere any more.
 */
void kshm_hold_show(struct kshm_hold *hold, u32 rights, bool created,
		    struct kshm_region *region)
{
	hold->rights = rights;
	hold->created = created;
	hold->region = region;
	atomic64_set_release(&hold->state, state_of(0, 1));
}

/*
 * The id of a hold that is shown leads to its region, of which that takes the caller's
 * reference. From here on nothing can fail.
 */
void kshm_hold_publish(struct kshm_hold *hold, u32 id)
{
	atomic64_set_release(&hold->state, state_of(id, 1));
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
	kshm_hold_show(hold, rights, false, region);
	if (put_user(id, uid)) {
		kshm_hold_unreserve(handle, hold);
		return kshm_explain_result(why, uid, sizeof(*uid));
	}
	kshm_region_get(region);
	kshm_hold_publish(hold, id);
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
	struct kshm_hold *hold = kshm_slot_of(&handle->slots, id);
	s64 state;

	if (!hold)
		return -ENOENT;
	state = atomic64_read(&hold->state);
	do {
		if (upper_32_bits(state) != id)
			return -ENOENT;
		if (uses_of(state) != 1)
			return -EBUSY;
	} while (!atomic64_try_cmpxchg(&hold->state, &state, 0));
	hold_free(handle, hold);
	return 0;
}

static bool is_last(struct kshm_hold *hold)
{
	return atomic64_cmpxchg(&hold->state, state_of(0, 1), 0) == state_of(0, 1);
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
	struct kshm_hold *hold = kshm_slot_of(&handle->slots, id);
	s64 state;

	if (!hold)
		return -ENOENT;
	state = atomic64_read(&hold->state);
	do {
		if (upper_32_bits(state) != id)
			return -ENOENT;
	} while (!atomic64_try_cmpxchg(&hold->state, &state,
				       state_of(0, uses_of(state))));
	kshm_key_remove(&hold->key);
	if (wait_event_state(handle->use_ended, is_last(hold),
			     (TASK_KILLABLE | TASK_FREEZABLE))) {
		kshm_hold_put(handle, hold);
		return -EINTR;
	}
	hold_free(handle, hold);
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

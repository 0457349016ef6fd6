// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_CANCEL: requests that are to end early
 *
 * The requests of a handle are looked at in the order of their user_data, and of those
 * that have the same in the order in which they came, one at a time: its driver is told
 * with no lock held. Those that come meanwhile, and would be among them, may be.
 */
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "cancel.h"
#include "device.h"
#include "explain.h"
#include "handle.h"
#include "hold.h"
#include "in_flight.h"
#include "pended.h"

/*
 * Cancels those that have the user_data of @place, or @all from there on: how many had not
 * ended. If @killable it stops early if the caller is being killed, and does not go on for
 * those that come meanwhile; if not there are none that would not see by themselves.
 */
static u32 cancel_from(struct kshm_handle *handle, struct kshm_place place, bool all,
		       bool killable)
{
	const u64 end = killable ? READ_ONCE(handle->next_request) : U64_MAX;
	const u64 user_data = place.user_data;
	struct kshm_pended *pended;
	bool over;
	u32 nr = 0;

	while ((pended = kshm_in_flight_find(handle, &place))) {
		over = !all && (pended->user_data != user_data || pended->number >= end);
		place.user_data = pended->user_data;
		place.number = pended->number + 1;
		if (!over && pended->number < end)
			nr += kshm_pended_cancel(pended);
		kshm_in_flight_put(pended);
		if (over || (killable && fatal_signal_pending(current)))
			break;
		cond_resched();
	}
	return nr;
}

/*
 * All that a handle has. Context: process context, inside of its device, or in the one who
 * unregisters it.
 */
void kshm_cancel_all(struct kshm_handle *handle)
{
	cancel_from(handle, (struct kshm_place){ }, true, false);
}

static int check(const struct kshm_ioc_cancel *arg, struct kshm_explain *why)
{
	int ret = kshm_hold_check_unknown(arg->flags & ~KSHM_CANCEL_ALL,
					  arg->reserved, why);

	if (!ret && (arg->flags & KSHM_CANCEL_ALL) && arg->user_data)
		return kshm_explain(why, KSHM_EXPLAIN_RESERVED, 0, EINVAL);
	return ret;
}

/* KSHM_IOC_CANCEL; @arg is the captured struct, @uarg the caller's. */
int kshm_cancel(struct kshm_handle *handle, const struct kshm_ioc_cancel *arg,
		struct kshm_ioc_cancel __user *uarg, size_t usize,
		struct kshm_explain *why)
{
	const struct kshm_place place = { .user_data = arg->user_data };
	int ret = check(arg, why);
	u32 nr;

	if (ret)
		return ret;
	if (put_user(0, &uarg->out_cancelled))
		return kshm_explain_result(why, uarg, sizeof(*uarg));
	/* Whoever unregisters cancels all of them. */
	if (!kshm_device_enter(handle->dev))
		return kshm_explain(why, KSHM_EXPLAIN_GONE, 0, ENODEV);
	nr = cancel_from(handle, place, arg->flags & KSHM_CANCEL_ALL, true);
	kshm_device_leave(handle->dev);
	if (!nr)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_REQUEST, 0, ENOENT, 0,
					    arg->user_data, 0);
	if (put_user(nr, &uarg->out_cancelled))
		return kshm_explain_result(why, uarg, sizeof(*uarg));
	return 0;
}

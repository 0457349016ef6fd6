// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_HANDLE_LIST: who has what pinned
 *
 * Handles and other holders are told in the order in which they were made, the regions
 * of a handle in that of their slots, entry by entry: each is searched for anew, behind
 * the place of the last, described under the lock, and told when that is let go. So a
 * list needs no memory, and within a call goes on as it does between two calls, whatever
 * comes and goes meanwhile. Nor does it take references: nothing lasts longer because
 * somebody looks, or goes in the name of who does.
 *
 * Locks: kshm_holders_lock -> kshm_slots.lock, under which a hold keeps its region.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/pid.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/user_namespace.h>

#include "device.h"
#include "explain.h"
#include "handle.h"
#include "handle_list.h"
#include "hold.h"
#include "holder.h"
#include "limits.h"
#include "listed.h"
#include "region.h"

/*
 * What came to be through a user's handle is his to see, and what he pays for, through
 * whosever handle: @payer, or nobody. A user has the same number in many containers, and
 * only what came through processes is his that have a number where the caller is, also
 * when they have ended.
 */
static bool may_see(const struct kshm_lister *lister, const struct kshm_holder *holder,
		    kuid_t payer)
{
	return lister->all || ((uid_eq(holder->uid, lister->uid) ||
				uid_eq(payer, lister->uid)) &&
			       pid_vnr(holder->opener));
}

/* What is made after the call began has no age yet. */
static u64 age(const struct kshm_lister *lister, u64 made)
{
	return max(lister->now, made) - made;
}

static void describe(const struct kshm_holder *holder,
		     struct kshm_handle_entry *entry)
{
	*entry = (struct kshm_handle_entry){
		.handle = holder->number,
		.flags = holder->flags,
		.rights = holder->rights,
		.uid = from_kuid_munged(current_user_ns(), holder->uid),
		.charged_uid = KSHM_HANDLE_UNCHARGED,
	};
	/* The number of a process that has ended may be another's by now. */
	if (pid_has_task(holder->opener, PIDTYPE_TGID))
		entry->pid = pid_vnr(holder->opener);
	else
		entry->flags |= KSHM_HANDLE_OPENER_GONE;
	memcpy(entry->device, holder->device, sizeof(entry->device));
	memcpy(entry->comm, holder->comm, sizeof(entry->comm));
}

static void describe_handle(const struct kshm_lister *lister,
			    const struct kshm_handle *handle,
			    struct kshm_handle_entry *entry)
{
	describe(&handle->holder, entry);
	entry->age = age(lister, handle->holder.made);
	if (kshm_device_going(handle->dev))
		entry->flags |= KSHM_HANDLE_DEVICE_GONE;
}

/* Of the holder that was reached: as of step(). */
static int next_region(struct kshm_lister *lister, struct kshm_holder *holder,
		       struct kshm_handle_entry *entry)
{
	struct kshm_region_told told;
	struct kshm_handle *handle;
	int ret;

	/* Of a stranger's among other processes nothing is shown, however much it has. */
	if (holder->region || (!lister->all && !pid_vnr(holder->opener)))
		return -ENOENT;
	handle = container_of(holder, struct kshm_handle, holder);
	describe_handle(lister, handle, entry);
	ret = kshm_hold_next(handle, &lister->slot, KSHM_MAX_SLOTS_SEEN, entry, &told);
	if (ret)
		return ret;
	entry->age = age(lister, told.made);
	return may_see(lister, holder, told.payer) ? 0 : -EAGAIN;
}

/* The holder that is reached now, or NULL: as of step(). */
static int next_holder(struct kshm_lister *lister, struct kshm_holder *holder,
		       struct kshm_handle_entry *entry)
{
	struct kshm_region_told told = { .payer = INVALID_UID };

	if (!holder)
		return -ENOENT;
	lister->handle = holder->number;
	lister->slot = 0;
	if (holder->region) {
		describe(holder, entry);
		kshm_region_tell(holder->region, entry, &told);
		entry->age = age(lister, told.made);
	} else {
		describe_handle(lister, container_of(holder, struct kshm_handle, holder),
				entry);
	}
	return may_see(lister, holder, told.payer) ? 0 : -EAGAIN;
}

/* One step: 0; -ENOENT if there is no entry any more; -EAGAIN if none was met yet. */
static int step(struct kshm_lister *lister, struct kshm_handle_entry *entry)
{
	struct kshm_holder *holder;
	int ret = -ENOENT;

	spin_lock(&kshm_holders_lock);
	holder = kshm_holder_from(lister->handle);
	if (holder && holder->number == lister->handle) {
		ret = next_region(lister, holder, entry);
		holder = rb_entry_safe(rb_next(&holder->node), struct kshm_holder, node);
	}
	if (ret == -ENOENT)
		ret = next_holder(lister, holder, entry);
	spin_unlock(&kshm_holders_lock);
	return ret;
}

/* The caller's rights decide, whoever steps. */
void kshm_lister_init(struct kshm_lister *lister)
{
	*lister = (struct kshm_lister){
		/* Who is refused others' handles is not told, and not to be logged. */
		.all = ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN),
		.uid = current_uid(),
	};
}

/* Behind region @id of the handle with a number, either of which may be gone. */
void kshm_lister_begin(struct kshm_lister *lister, u64 number, u32 id)
{
	lister->now = ktime_get_coarse_boottime_ns();
	lister->handle = number;
	lister->slot = id & KSHM_SLOT_MASK;
}

/*
 * The next entry: 0; or -ENOENT if there is none, or the caller is being killed, who
 * sees no result. There may be many handles of others, and slots, between two of them.
 */
int kshm_lister_next(struct kshm_lister *lister, struct kshm_handle_entry *entry)
{
	int ret;

	do {
		ret = fatal_signal_pending(current) ? -ENOENT : step(lister, entry);
		cond_resched();
	} while (ret == -EAGAIN);
	return ret ? -ENOENT : 0;
}

static int list(const struct kshm_ioc_handle_list *arg,
		struct kshm_listed *listed, struct kshm_explain *why)
{
	struct kshm_handle_entry entry;
	struct kshm_lister lister;
	int ret = 0;

	kshm_lister_init(&lister);
	kshm_lister_begin(&lister, arg->after_handle, arg->after_id);
	while (!ret && !listed->more && !kshm_lister_next(&lister, &entry))
		ret = kshm_listed_tell(listed, &entry, why);
	return ret;
}

/* KSHM_IOC_HANDLE_LIST; @arg is the captured struct, @uarg the caller's. */
int kshm_handle_list(struct kshm_handle *handle,
		     const struct kshm_ioc_handle_list *arg,
		     struct kshm_ioc_handle_list __user *uarg, size_t usize,
		     struct kshm_explain *why)
{
	struct kshm_listed listed;
	int ret;

	kshm_listed_init(&listed, arg->entries, sizeof(struct kshm_handle_entry),
			 arg->nr_entries);
	ret = kshm_hold_check_unknown(arg->flags, arg->reserved, why) ?:
	      list(arg, &listed, why);
	if (ret)
		return ret;
	return kshm_listed_end(&listed, &uarg->out_nr, &uarg->out_more, uarg,
			       sizeof(*uarg), why);
}

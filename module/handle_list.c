// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_HANDLE_LIST: who has what pinned
 *
 * Handles are told in the order in which they were opened, their regions in that of
 * their slots, entry by entry: each is searched for anew, behind the place of the last,
 * described under the lock, and told when that is let go. So a list needs no memory, and
 * within a call goes on as it does between two calls, whatever comes and goes meanwhile.
 * Nor does it take references: nothing lasts longer because somebody looks, or goes in
 * the name of who does.
 *
 * Locks: handles_lock -> kshm_slots.lock, under which a hold keeps its region.
 */
#include <linux/build_bug.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/minmax.h>
#include <linux/pid.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/user_namespace.h>

#include "account.h"
#include "device.h"
#include "explain.h"
#include "handle.h"
#include "handle_list.h"
#include "hold.h"
#include "limits.h"
#include "listed.h"

/*
 * All handles that are open, by their numbers, and how many were ever opened. What is in
 * the tree under the lock is not freed before that is let go.
 */
static DEFINE_SPINLOCK(handles_lock);
static struct rb_root handles = RB_ROOT;
static u64 nr_opened;

/* A handle that is open: it is told from here on. */
void kshm_handle_list_add(struct kshm_handle *handle)
{
	struct rb_node **link = &handles.rb_node, *parent = NULL;

	spin_lock(&handles_lock);
	handle->number = ++nr_opened;
	while (*link) {
		parent = *link;
		link = &parent->rb_right;
	}
	rb_link_node(&handle->listed, parent, link);
	rb_insert_color(&handle->listed, &handles);
	spin_unlock(&handles_lock);
}

/* The last close of the file: before anything of the handle goes. */
void kshm_handle_list_remove(struct kshm_handle *handle)
{
	spin_lock(&handles_lock);
	rb_erase(&handle->listed, &handles);
	spin_unlock(&handles_lock);
}

/* The first handle that has @number or a higher one; NULL if there is none. */
static struct kshm_handle *handle_from(u64 number)
{
	struct rb_node *node = handles.rb_node;
	struct kshm_handle *handle, *first = NULL;

	lockdep_assert_held(&handles_lock);
	while (node) {
		handle = rb_entry(node, struct kshm_handle, listed);
		if (number <= handle->number) {
			first = handle;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return first;
}

/*
 * A user has the same number in many containers, and only those of his processes are his
 * that have a number where the caller is, also when they have ended.
 */
static bool may_see(const struct kshm_lister *lister, const struct kshm_handle *handle)
{
	return lister->all || (uid_eq(handle->user->uid, lister->uid) &&
			       pid_vnr(handle->opener));
}

/* What is made after the call began has no age yet. */
static u64 age(const struct kshm_lister *lister, u64 made)
{
	return max(lister->now, made) - made;
}

static void describe(const struct kshm_lister *lister, struct kshm_handle *handle,
		     struct kshm_handle_entry *entry)
{
	BUILD_BUG_ON(sizeof(entry->device) != KSHM_NAME_SIZE);
	*entry = (struct kshm_handle_entry){
		.handle = handle->number,
		.rights = handle->access,
		.uid = from_kuid_munged(current_user_ns(), handle->user->uid),
		.age = age(lister, handle->made),
	};
	/* The number of a process that has ended may be another's by now. */
	if (pid_has_task(handle->opener, PIDTYPE_TGID))
		entry->pid = pid_vnr(handle->opener);
	else
		entry->flags |= KSHM_HANDLE_OPENER_GONE;
	if (kshm_device_going(handle->dev))
		entry->flags |= KSHM_HANDLE_DEVICE_GONE;
	strscpy(entry->device, kshm_device_name(handle->dev), sizeof(entry->device));
	strscpy(entry->comm, handle->comm, sizeof(entry->comm));
}

/* Of the handle that was reached: as of step(). */
static int next_region(struct kshm_lister *lister, struct kshm_handle *handle,
		       struct kshm_handle_entry *entry)
{
	u64 made;
	int ret;

	if (!may_see(lister, handle))
		return -ENOENT;
	describe(lister, handle, entry);
	ret = kshm_hold_next(handle, &lister->slot, KSHM_MAX_SLOTS_SEEN, entry, &made);
	if (!ret)
		entry->age = age(lister, made);
	return ret;
}

/* The handle that is reached now, or NULL: as of step(). */
static int next_handle(struct kshm_lister *lister, struct kshm_handle *handle,
		       struct kshm_handle_entry *entry)
{
	if (!handle)
		return -ENOENT;
	lister->handle = handle->number;
	lister->slot = 0;
	if (!may_see(lister, handle))
		return -EAGAIN;
	describe(lister, handle, entry);
	return 0;
}

/* One step: 0; -ENOENT if there is no entry any more; -EAGAIN if none was met yet. */
static int step(struct kshm_lister *lister, struct kshm_handle_entry *entry)
{
	struct kshm_handle *handle;
	int ret = -ENOENT;

	spin_lock(&handles_lock);
	handle = handle_from(lister->handle);
	if (handle && handle->number == lister->handle) {
		ret = next_region(lister, handle, entry);
		handle = rb_entry_safe(rb_next(&handle->listed), struct kshm_handle,
				       listed);
	}
	if (ret == -ENOENT)
		ret = next_handle(lister, handle, entry);
	spin_unlock(&handles_lock);
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

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - holders: handles, and whatever else holds regions
 *
 * A region is held by ids of handles, and by descriptors, names and views of drivers,
 * each of which is enough to keep its pages until it is revoked. So that nothing stays
 * pinned that nobody can find, all of them are here, in the order in which they were
 * made, each with who is to be asked about it: whoever opened the handle that it is or
 * came through. The ids are found in their handles.
 */
#include <linux/build_bug.h>
#include <linux/lockdep.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "holder.h"

DEFINE_SPINLOCK(kshm_holders_lock);	/* @holders, @nr_made */
static struct rb_root holders = RB_ROOT;
static u64 nr_made;

static void add(struct kshm_holder *holder)
{
	struct rb_node **link = &holders.rb_node, *parent = NULL;

	spin_lock(&kshm_holders_lock);
	holder->number = ++nr_made;
	while (*link) {
		parent = *link;
		link = &parent->rb_right;
	}
	rb_link_node(&holder->node, parent, link);
	rb_insert_color(&holder->node, &holders);
	spin_unlock(&kshm_holders_lock);
}

/**
 * kshm_holder_add_handle() - have a handle listed that the caller opened
 * @holder: of the handle
 * @uid: the caller's real user id
 * @device: name of the device
 * @rights: KSHM_ACCESS_* bits
 */
void kshm_holder_add_handle(struct kshm_holder *holder, kuid_t uid,
			    const char *device, u32 rights)
{
	BUILD_BUG_ON(sizeof(holder->device) != KSHM_NAME_SIZE);
	holder->made = ktime_get_coarse_boottime_ns();
	holder->uid = uid;
	holder->opener = get_pid(task_tgid(current));
	get_task_comm(holder->comm, current->group_leader);
	strscpy_pad(holder->device, device, sizeof(holder->device));
	holder->flags = 0;
	holder->rights = rights;
	holder->region = NULL;
	add(holder);
}

/**
 * kshm_holder_add() - have something else listed that holds a region
 * @holder: of what holds it
 * @handle: that of the handle through which that came to be
 * @region: what is held
 * @flags: KSHM_HANDLE_* bits that say what holds it
 * @rights: KSHM_REGION_* bits
 *
 * Context: process context.
 */
void kshm_holder_add(struct kshm_holder *holder, const struct kshm_holder *handle,
		     struct kshm_region *region, u32 flags, u32 rights)
{
	holder->uid = handle->uid;
	holder->opener = get_pid(handle->opener);
	memcpy(holder->comm, handle->comm, sizeof(holder->comm));
	memcpy(holder->device, handle->device, sizeof(holder->device));
	holder->flags = flags;
	holder->rights = rights;
	holder->region = region;
	add(holder);
}

/**
 * kshm_holder_remove() - have it not listed any more
 * @holder: the holder, before anything goes that is told of it
 *
 * Context: process context, any task.
 */
void kshm_holder_remove(struct kshm_holder *holder)
{
	spin_lock(&kshm_holders_lock);
	rb_erase(&holder->node, &holders);
	spin_unlock(&kshm_holders_lock);
	put_pid(holder->opener);
}

/* The first holder that has @number or a higher one; NULL if there is none. */
struct kshm_holder *kshm_holder_from(u64 number)
{
	struct rb_node *node = holders.rb_node;
	struct kshm_holder *holder, *first = NULL;

	lockdep_assert_held(&kshm_holders_lock);
	while (node) {
		holder = rb_entry(node, struct kshm_holder, node);
		if (number <= holder->number) {
			first = holder;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return first;
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - holders: handles, and whatever else holds regions
 */
#ifndef KSHM_HOLDER_H
#define KSHM_HOLDER_H

#include <linux/kshm.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct kshm_region;
struct pid;

/**
 * struct kshm_holder - a handle, or one hold of a region that is in none
 * @node: among all holders; under kshm_holders_lock
 * @number: that no other has
 * @made: when, of a handle
 * @uid: real user id of whoever opened the handle that it is, or that it came through
 * @opener: the process that did; a reference
 * @comm: what that was called then
 * @device: name of the handle's device
 * @flags: KSHM_HANDLE_* bits that say what it is; 0 for a handle
 * @rights: KSHM_REGION_* bits, for a handle KSHM_ACCESS_* bits
 * @region: what it holds; NULL for a handle, whose slots have its regions. Whoever the
 *	holder is a part of has a reference for as long as it is listed.
 *
 * All but @node is set once, before it is listed.
 */
struct kshm_holder {
	struct rb_node node;
	u64 number;
	u64 made;
	kuid_t uid;
	struct pid *opener;
	char comm[KSHM_COMM_SIZE];
	char device[KSHM_HANDLE_DEVICE_SIZE];
	u32 flags;
	u32 rights;
	struct kshm_region *region;
};

/* The tree of all: what is in it while the lock is held is not freed before. */
extern spinlock_t kshm_holders_lock;

void kshm_holder_add_handle(struct kshm_holder *holder, kuid_t uid,
			    const char *device, u32 rights);
void kshm_holder_add(struct kshm_holder *holder, const struct kshm_holder *handle,
		     struct kshm_region *region, u32 flags, u32 rights);
void kshm_holder_remove(struct kshm_holder *holder);

struct kshm_holder *kshm_holder_from(u64 number);

#endif /* KSHM_HOLDER_H */

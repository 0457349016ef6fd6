/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - holds: what the ids of a handle stand for
 */
#ifndef KSHM_HOLD_H
#define KSHM_HOLD_H

#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/types.h>

struct kshm_explain;
struct kshm_handle;
struct kshm_key;
struct kshm_region;

/**
 * struct kshm_hold - what an id of a handle stands for
 * @ref: one as long as it is found by its id, or somebody waits to destroy it,
 *	and one for each request that uses it
 * @rights: KSHM_REGION_* bits; set once
 * @created: comes from creating the region, which is what revokes it; set once
 * @region: a reference; set once
 * @key: that leads to the region, see key.c; goes before @region
 * @rcu: for those that look it up while it goes
 */
struct kshm_hold {
	refcount_t ref;
	u32 rights;
	bool created;
	struct kshm_region *region;
	struct kshm_key *key;
	struct rcu_head rcu;
};

/**
 * struct kshm_held - what a hold is at a moment
 * @region: a reference
 * @rights: KSHM_REGION_* bits
 * @uses: requests that use it
 * @created: comes from creating the region
 */
struct kshm_held {
	struct kshm_region *region;
	u32 rights;
	u32 uses;
	bool created;
};

/* Most regions of a handle, a module parameter. */
extern unsigned int kshm_max_handle_regions;

struct kshm_hold *kshm_hold_get(struct kshm_handle *handle, u32 id);
void kshm_hold_put(struct kshm_hold *hold);
bool kshm_hold_look_up(struct kshm_handle *handle, u32 id,
		       struct kshm_held *held);
void kshm_holds_close(struct kshm_handle *handle);

int kshm_hold_reserve(struct kshm_handle *handle, struct kshm_hold **hold,
		      u32 *id, struct kshm_explain *why);
void kshm_hold_unreserve(struct kshm_handle *handle, struct kshm_hold *hold,
			 u32 id);
void kshm_hold_publish(struct kshm_handle *handle, struct kshm_hold *hold,
		       u32 id, u32 rights, bool created,
		       struct kshm_region *region);
int kshm_hold_add(struct kshm_handle *handle, struct kshm_region *region,
		  u32 rights, u32 __user *uid, struct kshm_explain *why);

int kshm_hold_check_unknown(u32 unknown, u64 reserved, struct kshm_explain *why);
int kshm_hold_check_form(u32 flags, u64 reserved, u32 rights,
			 struct kshm_explain *why);
int kshm_hold_check_share(const struct kshm_region *region, u32 id, u32 has,
			  u32 rights, struct kshm_explain *why);

int kshm_hold_destroy_unused(struct kshm_handle *handle, u32 id);
int kshm_hold_destroy_waiting(struct kshm_handle *handle, u32 id);

int kshm_hold_explain_unknown(struct kshm_explain *why, u32 id);

#endif /* KSHM_HOLD_H */

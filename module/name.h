/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - names: what programs that are not related find sections by
 */
#ifndef KSHM_NAME_H
#define KSHM_NAME_H

#include <linux/kshm.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#include "holder.h"

struct kshm_explain;
struct kshm_handle;
struct kshm_region;
struct kshm_user;
struct net;

/**
 * struct kshm_name - a name that leads to a section
 * @node: in the tree of its network namespace; under the lock of all names
 * @root: that tree
 * @until: in the list of the handle with which it ends; empty if it ends with none;
 *	under the same lock
 * @user: whom it counts for; a reference
 * @region: of the section, a reference
 * @flags: KSHM_NAME_* bits that it was published with
 * @rights: KSHM_REGION_* bits that it gives
 * @mode: permission bits
 * @uid: whose it is
 * @gid: whose group has those of the group
 * @text: the name
 * @holder: what is listed of it; the last, which copies of a name do not have
 *
 * All but what is under the lock, and @holder, is set before it is published.
 */
struct kshm_name {
	struct rb_node node;
	struct rb_root *root;
	struct list_head until;
	struct kshm_user *user;
	struct kshm_region *region;
	u32 flags;
	u32 rights;
	u32 mode;
	kuid_t uid;
	kgid_t gid;
	char text[KSHM_SECTION_NAME_SIZE];
	struct kshm_holder holder;
};

/* Most names of a user, a module parameter. */
extern unsigned int kshm_max_user_names;

struct net *kshm_name_net(void);
int kshm_name_check(const char *text, struct kshm_explain *why);

struct kshm_name *kshm_name_alloc(struct kshm_handle *handle,
				  struct kshm_region *region);
int kshm_name_publish(struct kshm_name *name, struct net *net,
		      struct list_head *until, u32 *used, u32 most);
void kshm_name_free(struct kshm_name *name);

bool kshm_name_find(struct net *net, const char *text, struct kshm_name *found);
bool kshm_name_next(struct net *net, const char *after, struct kshm_name *found);
int kshm_name_remove(struct net *net, const char *text, bool anybodys);
void kshm_names_close(struct kshm_handle *handle);

int kshm_names_init(void);
void kshm_names_exit(void);

#endif /* KSHM_NAME_H */

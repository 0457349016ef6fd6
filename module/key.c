// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - keys: numbers that nobody guesses, which lead to regions
 *
 * A key is in a slot of whoever made it, at most one, which bounds their number and
 * ends it with its owner; and in a tree of all keys. The tree is ordered by a hash
 * that nobody outside knows, so that how long a search takes says nothing of keys.
 *
 * It leads nowhere until it is published, when its maker was told what it is.
 */
#include <linux/cred.h>
#include <linux/init.h>
#include <linux/random.h>
#include <linux/rbtree.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "key.h"
#include "region.h"

/**
 * struct kshm_key - a key
 * @node: in the tree of all
 * @hash: of @bytes; no two keys have the same
 * @bytes: what is told
 * @region: that it leads to; whose slot it is in has a reference
 * @rights: KSHM_REGION_* bits
 * @uid: effective, of who made it
 * @any_uid: whether others can use it
 * @published: whether it leads anywhere yet
 */
struct kshm_key {
	struct rb_node node;
	u64 hash;
	struct kshm_region_key bytes;
	struct kshm_region *region;
	u32 rights;
	kuid_t uid;
	bool any_uid;
	bool published;
};

static DEFINE_SPINLOCK(keys_lock);	/* @keys, slots, kshm_key.published */
static struct rb_root keys = RB_ROOT;
static siphash_key_t secret;

void __init kshm_key_init(void)
{
	get_random_bytes(&secret, sizeof(secret));
}

static u64 hash_of(const struct kshm_region_key *bytes)
{
	u64 words[2];

	BUILD_BUG_ON(sizeof(*bytes) != sizeof(words));
	memcpy(words, bytes, sizeof(words));
	return siphash_2u64(words[0], words[1], &secret);
}

/* Where in the tree @hash is, or would be under @parent. */
static struct rb_node **place_of(u64 hash, struct rb_node **parent)
{
	struct rb_node **link = &keys.rb_node;
	struct kshm_key *key;

	*parent = NULL;
	while (*link) {
		key = rb_entry(*link, struct kshm_key, node);
		if (key->hash == hash)
			break;
		*parent = *link;
		link = hash < key->hash ? &(*link)->rb_left : &(*link)->rb_right;
	}
	return link;
}

/* 0; -EEXIST if the slot is taken, -EAGAIN if the hash is. */
static int insert(struct kshm_key **slot, struct kshm_key *key)
{
	struct rb_node **link, *parent;
	int ret = 0;

	spin_lock(&keys_lock);
	link = place_of(key->hash, &parent);
	if (*slot) {
		ret = -EEXIST;
	} else if (*link) {
		ret = -EAGAIN;
	} else {
		rb_link_node(&key->node, parent, link);
		rb_insert_color(&key->node, &keys);
		*slot = key;
	}
	spin_unlock(&keys_lock);
	return ret;
}

/**
 * kshm_key_make() - a key that leads nowhere yet
 * @slot: where it is to be; of somebody who has a reference on @region
 * @region: that it will lead to
 * @rights: KSHM_REGION_* bits that it will give
 * @any_uid: whether it will do so for others than the user who makes it
 * @bytes: gets what is told
 *
 * Return: 0; -EEXIST if there is one in @slot, or -ENOMEM.
 */
int kshm_key_make(struct kshm_key **slot, struct kshm_region *region, u32 rights,
		  bool any_uid, struct kshm_region_key *bytes)
{
	struct kshm_key *key = kzalloc(sizeof(*key), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!key)
		return -ENOMEM;
	key->region = region;
	key->rights = rights;
	key->uid = current_euid();
	key->any_uid = any_uid;
	do {
		get_random_bytes(&key->bytes, sizeof(key->bytes));
		key->hash = hash_of(&key->bytes);
		*bytes = key->bytes;
		ret = insert(slot, key);
	} while (ret == -EAGAIN);
	if (ret)
		kfree_sensitive(key);
	return ret;
}

/* Of the maker: nothing can fail any more. */
void kshm_key_publish(struct kshm_key **slot)
{
	spin_lock(&keys_lock);
	(*slot)->published = true;
	spin_unlock(&keys_lock);
}

static bool take_out(struct kshm_key **slot, bool published)
{
	struct kshm_key *key;
	bool there;

	spin_lock(&keys_lock);
	key = *slot;
	there = key && key->published == published;
	if (there) {
		rb_erase(&key->node, &keys);
		*slot = NULL;
	}
	spin_unlock(&keys_lock);
	if (there)
		kfree_sensitive(key);
	return there;
}

/* Of the maker, instead of publishing. */
void kshm_key_abandon(struct kshm_key **slot)
{
	take_out(slot, false);
}

/* Whether there was one; one that is being made is the maker's yet. */
bool kshm_key_remove(struct kshm_key **slot)
{
	return take_out(slot, true);
}

/* Compared where the hash is the same already: how long that takes says nothing. */
static bool opens(const struct kshm_key *key, const struct kshm_region_key *bytes)
{
	return key->published && !memcmp(&key->bytes, bytes, sizeof(*bytes)) &&
	       (key->any_uid || uid_eq(key->uid, current_euid()));
}

/**
 * kshm_key_find() - what a key leads to
 * @bytes: what was told
 * @rights: gets the rights that it gives
 *
 * Return: the region, a reference; or NULL if there is no such key, or none for
 * this user, which is the same to him.
 */
struct kshm_region *kshm_key_find(const struct kshm_region_key *bytes,
				  u32 *rights)
{
	struct kshm_region *region = NULL;
	struct rb_node **link, *parent;
	u64 hash = hash_of(bytes);
	struct kshm_key *key;

	spin_lock(&keys_lock);
	link = place_of(hash, &parent);
	key = rb_entry_safe(*link, struct kshm_key, node);
	if (key && opens(key, bytes)) {
		*rights = key->rights;
		region = key->region;
		/* It is in the slot, so that there is a reference. */
		kshm_region_get(region);
	}
	spin_unlock(&keys_lock);
	return region;
}

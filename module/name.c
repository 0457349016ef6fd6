// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - names: what programs that are not related find sections by
 *
 * Each network namespace has a tree of its names, ordered by their text. One that dies
 * takes its names along; none of them keeps it. The order is what a list of them goes
 * on by: from a text, which may not be there any more, to the next, so that no place in
 * the tree has to be kept for a list. A table of hashes has no such next.
 *
 * A name has a reference on its region, as the hold of a handle has; what it holds
 * ends when it is removed, by somebody, by the close of the handle that published it,
 * or with the namespace. As long as there is one it is the module that keeps the
 * section, so that it cannot be unloaded.
 */
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "account.h"
#include "explain.h"
#include "handle.h"
#include "limits.h"
#include "name.h"
#include "region.h"

unsigned int kshm_max_user_names = KSHM_MAX_USER_NAMES;
module_param_named(max_user_names, kshm_max_user_names, uint, 0644);
MODULE_PARM_DESC(max_user_names, "most names of one user");

/* All trees, the handles' lists, kshm_user.names; nothing else is taken under it. */
static DEFINE_SPINLOCK(names_lock);
static unsigned int names_id __read_mostly;

/* Zero to begin with, as an empty tree is. */
static struct rb_root *names_of(struct net *net)
{
	return net_generic(net, names_id);
}

/* The caller's, which lasts as long as the call: nobody but the caller leaves it. */
struct net *kshm_name_net(void)
{
	return current->nsproxy->net_ns;
}

/* Whether it is 1 to 63 visible characters of ASCII but '/': 0 or -errno, explained. */
int kshm_name_check(const char *text, struct kshm_explain *why)
{
	size_t n;

	for (n = 0; n < KSHM_SECTION_NAME_SIZE && text[n]; n++)
		if (text[n] <= ' ' || text[n] > '~' || text[n] == '/')
			break;
	if (n && n < KSHM_SECTION_NAME_SIZE && !text[n])
		return 0;
	return kshm_explain_numbers(why, KSHM_EXPLAIN_BAD_NAME, 0, EINVAL,
				    n < KSHM_SECTION_NAME_SIZE ? (u8)text[n] : 0,
				    n, KSHM_SECTION_NAME_SIZE - 1);
}

/**
 * kshm_name_alloc() - a name that leads nowhere yet
 * @handle: through which it is published
 * @region: of a section; the caller has a reference, and keeps it
 *
 * Return: the name, of which the rest is to be set; or NULL.
 */
struct kshm_name *kshm_name_alloc(struct kshm_handle *handle,
				  struct kshm_region *region)
{
	struct kshm_name *name = kzalloc(sizeof(*name), GFP_KERNEL_ACCOUNT);

	if (!name)
		return NULL;
	name->user = kshm_user_get_current(handle->user);
	if (!name->user) {
		kfree(name);
		return NULL;
	}
	INIT_LIST_HEAD(&name->until);
	kshm_region_get(region);
	name->region = region;
	/* The caller's file has it, too. */
	__module_get(THIS_MODULE);
	return name;
}

/**
 * kshm_name_free() - free a name that nobody finds
 * @name: the name
 *
 * Context: process context, any task. May sleep.
 */
void kshm_name_free(struct kshm_name *name)
{
	kshm_holder_remove(&name->holder);
	kshm_region_put(name->region);
	kshm_user_put(name->user);
	kfree(name);
	/* Whoever calls keeps the module from being unloaded meanwhile. */
	module_put(THIS_MODULE);
}

/* Where in the tree @text is, or would be under @parent. */
static struct rb_node **place_of(struct rb_root *root, const char *text,
				 struct rb_node **parent)
{
	struct rb_node **link = &root->rb_node;
	int order;

	*parent = NULL;
	while (*link) {
		order = strcmp(text, rb_entry(*link, struct kshm_name, node)->text);
		if (!order)
			break;
		*parent = *link;
		link = order < 0 ? &(*link)->rb_left : &(*link)->rb_right;
	}
	return link;
}

static struct kshm_name *name_of(struct rb_root *root, const char *text)
{
	struct rb_node *parent;

	return rb_entry_safe(*place_of(root, text, &parent), struct kshm_name, node);
}

/* The first after @text, whether that is there or not; NULL if there is none. */
static struct kshm_name *name_after(struct rb_root *root, const char *text)
{
	struct rb_node *node = root->rb_node;
	struct kshm_name *name, *first = NULL;

	while (node) {
		name = rb_entry(node, struct kshm_name, node);
		if (strcmp(text, name->text) < 0) {
			first = name;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return first;
}

static int insert(struct kshm_name *name, struct list_head *until, u32 most)
{
	struct rb_node **link, *parent;

	lockdep_assert_held(&names_lock);
	link = place_of(name->root, name->text, &parent);
	if (*link)
		return -EEXIST;
	if (name->user->names >= most)
		return -ENOSPC;
	name->user->names++;
	rb_link_node(&name->node, parent, link);
	rb_insert_color(&name->node, name->root);
	if (until)
		list_add(&name->until, until);
	return 0;
}

static void take_out(struct kshm_name *name)
{
	lockdep_assert_held(&names_lock);
	rb_erase(&name->node, name->root);
	list_del_init(&name->until);
	name->user->names--;
}

/**
 * kshm_name_publish() - have a name found
 * @name: the name, all of it set; on failure it is the caller's to free
 * @net: where
 * @until: names of the handle with which it ends, or NULL
 * @used: gets how many names the user had before
 * @most: as many as he may have
 *
 * Return: 0; -EEXIST if there is one, -ENOSPC if the user has @most of them.
 */
int kshm_name_publish(struct kshm_name *name, struct net *net,
		      struct list_head *until, u32 *used, u32 most)
{
	int ret;

	name->root = names_of(net);
	spin_lock(&names_lock);
	*used = name->user->names;
	ret = insert(name, until, most);
	spin_unlock(&names_lock);
	return ret;
}

/* With a reference on the region of its own, and without the lock's members. */
static bool copy_name(const struct kshm_name *name, struct kshm_name *found)
{
	lockdep_assert_held(&names_lock);
	if (!name)
		return false;
	/* Not what follows: the holder's own lock protects some of it. */
	memcpy(found, name, offsetof(struct kshm_name, holder));
	kshm_region_get(found->region);
	return true;
}

/**
 * kshm_name_find() - what a name is at the moment
 * @net: where it was published
 * @text: the name
 * @found: gets a copy with a reference on the region, all that is good of it but
 *	what is set once
 *
 * Return: whether there is one.
 */
bool kshm_name_find(struct net *net, const char *text, struct kshm_name *found)
{
	bool there;

	spin_lock(&names_lock);
	there = copy_name(name_of(names_of(net), text), found);
	spin_unlock(&names_lock);
	return there;
}

/**
 * kshm_name_next() - what the name is that comes next
 * @net: where it was published
 * @after: a text, which need not be a name, or that of @found: the next in the order
 *	of texts is wanted
 * @found: as of kshm_name_find()
 *
 * Return: whether there is one.
 */
bool kshm_name_next(struct net *net, const char *after, struct kshm_name *found)
{
	bool there;

	spin_lock(&names_lock);
	there = copy_name(name_after(names_of(net), after), found);
	spin_unlock(&names_lock);
	return there;
}

/**
 * kshm_name_remove() - have a name not found any more
 * @net: where it was published
 * @text: the name
 * @anybodys: also one of another user
 *
 * Return: 0; -ENOENT if there is none; -EPERM if it is another user's.
 */
int kshm_name_remove(struct net *net, const char *text, bool anybodys)
{
	struct kshm_name *name;
	int ret = 0;

	spin_lock(&names_lock);
	name = name_of(names_of(net), text);
	if (!name)
		ret = -ENOENT;
	else if (!anybodys && !uid_eq(name->uid, current_fsuid()))
		ret = -EPERM;
	else
		take_out(name);
	spin_unlock(&names_lock);
	if (!ret)
		kshm_name_free(name);
	return ret;
}

/* Frees what nobody finds any more, and was put here for that. */
static void free_all(struct list_head *gone)
{
	struct kshm_name *name, *next;

	list_for_each_entry_safe(name, next, gone, until) {
		kshm_name_free(name);
		cond_resched();
	}
}

/*
 * The last close of the file: nothing is published through the handle any more. Some at a
 * time, for there can be many, and others want the lock.
 */
void kshm_names_close(struct kshm_handle *handle)
{
	struct kshm_name *name, *next;
	LIST_HEAD(gone);
	unsigned int n;

	do {
		n = 0;
		spin_lock(&names_lock);
		list_for_each_entry_safe(name, next, &handle->names, until) {
			if (n++ == KSHM_MAX_SLOTS_SEEN)
				break;
			take_out(name);
			list_add(&name->until, &gone);
		}
		spin_unlock(&names_lock);
		cond_resched();
	} while (n > KSHM_MAX_SLOTS_SEEN);
	free_all(&gone);
}

/* Of a namespace that nobody is in any more. */
static void __net_exit names_exit_net(struct net *net)
{
	struct rb_root *root = names_of(net);
	struct kshm_name *name;
	LIST_HEAD(gone);
	unsigned int n;

	do {
		n = 0;
		spin_lock(&names_lock);
		while (n < KSHM_MAX_SLOTS_SEEN && rb_first(root)) {
			name = rb_entry(rb_first(root), struct kshm_name, node);
			take_out(name);
			list_add(&name->until, &gone);
			n++;
		}
		spin_unlock(&names_lock);
		cond_resched();
	} while (n == KSHM_MAX_SLOTS_SEEN);
	free_all(&gone);
}

static struct pernet_operations names_ops = {
	.exit = names_exit_net,
	.id = &names_id,
	.size = sizeof(struct rb_root),
};

int __init kshm_names_init(void)
{
	return register_pernet_subsys(&names_ops);
}

void kshm_names_exit(void)
{
	unregister_pernet_subsys(&names_ops);
}

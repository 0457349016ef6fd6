// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_NAME_LIST: the names that can be found
 *
 * Name by name: each is searched for anew, after the text of the last, copied under
 * the lock, and told when that is let go. So a list needs no memory, holds the lock for
 * one search at a time, and within a call goes on as it does between two calls, whatever
 * comes and goes meanwhile: the texts only rise.
 */
#include <linux/cred.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/user_namespace.h>

#include "explain.h"
#include "hold.h"
#include "listed.h"
#include "name.h"
#include "name_list.h"
#include "region.h"

static int check(const struct kshm_ioc_name_list *arg, struct kshm_explain *why)
{
	int ret;

	ret = kshm_hold_check_unknown(arg->flags, arg->reserved, why);
	if (ret || !arg->after[0])
		return ret;
	return kshm_name_check(arg->after, why);
}

/* What a name is to the caller, who has a reference on its region. */
static void describe(struct kshm_name_entry *entry, const struct kshm_name *name)
{
	struct user_namespace *ns = current_user_ns();
	struct kshm_ioc_region_query region;

	kshm_region_describe(name->region, &region);
	*entry = (struct kshm_name_entry){
		.flags = name->flags,
		.rights = name->rights,
		.uid = from_kuid_munged(ns, name->uid),
		.gid = from_kgid_munged(ns, name->gid),
		.mode = name->mode,
		.state = region.out_state,
		.len = region.out_len,
	};
	strscpy(entry->name, name->text, sizeof(entry->name));
}

static int list(const struct kshm_ioc_name_list *arg, struct kshm_listed *listed,
		struct kshm_explain *why)
{
	struct net *net = kshm_name_net();
	struct kshm_name_entry entry;
	struct kshm_name name;
	int ret = 0;

	strscpy(name.text, arg->after, sizeof(name.text));
	while (!ret && !listed->more && kshm_name_next(net, name.text, &name)) {
		describe(&entry, &name);
		/* Before it is told, for that may take as long as the caller likes. */
		kshm_region_put(name.region);
		ret = kshm_listed_tell(listed, &entry, why);
		cond_resched();
	}
	return ret;
}

/* KSHM_IOC_NAME_LIST; @arg is the captured struct, @uarg the caller's. */
int kshm_name_list(struct kshm_handle *handle,
		   const struct kshm_ioc_name_list *arg,
		   struct kshm_ioc_name_list __user *uarg, size_t usize,
		   struct kshm_explain *why)
{
	struct kshm_listed listed;
	int ret;

	kshm_listed_init(&listed, arg->entries, sizeof(struct kshm_name_entry),
			 arg->nr_entries);
	ret = check(arg, why) ?: list(arg, &listed, why);
	if (ret)
		return ret;
	return kshm_listed_end(&listed, &uarg->out_nr, &uarg->out_more, uarg,
			       sizeof(*uarg), why);
}

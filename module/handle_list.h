/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - KSHM_IOC_HANDLE_LIST, and how it goes through what there is
 */
#ifndef KSHM_HANDLE_LIST_H
#define KSHM_HANDLE_LIST_H

#include <linux/kshm.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct kshm_handle;

/**
 * struct kshm_lister - who lists, and how far; its user sees to it that no two step at once
 * @all: what is of all users; set once
 * @uid: otherwise, whose; set once
 * @now: when it began, for ages
 * @handle: number of the last holder that was looked at
 * @slot: of its regions, that of the last
 */
struct kshm_lister {
	bool all;
	kuid_t uid;
	u64 now;
	u64 handle;
	u32 slot;
};

void kshm_lister_init(struct kshm_lister *lister);
void kshm_lister_begin(struct kshm_lister *lister, u64 number, u32 id);
int kshm_lister_next(struct kshm_lister *lister, struct kshm_handle_entry *entry);

int kshm_handle_list(struct kshm_handle *handle,
		     const struct kshm_ioc_handle_list *arg,
		     struct kshm_ioc_handle_list __user *uarg, size_t usize,
		     struct kshm_explain *why);

#endif /* KSHM_HANDLE_LIST_H */

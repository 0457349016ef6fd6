/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - KSHM_IOC_HANDLE_LIST, and the handles that it can tell
 */
#ifndef KSHM_HANDLE_LIST_H
#define KSHM_HANDLE_LIST_H

#include <linux/kshm.h>
#include <linux/types.h>

struct kshm_handle;

void kshm_handle_list_add(struct kshm_handle *handle);
void kshm_handle_list_remove(struct kshm_handle *handle);

int kshm_handle_list(struct kshm_handle *handle,
		     const struct kshm_ioc_handle_list *arg,
		     struct kshm_ioc_handle_list __user *uarg, size_t usize,
		     struct kshm_explain *why);

#endif /* KSHM_HANDLE_LIST_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - KSHM_IOC_NAME_LIST
 */
#ifndef KSHM_NAME_LIST_H
#define KSHM_NAME_LIST_H

#include <linux/kshm.h>
#include <linux/types.h>

struct kshm_handle;

int kshm_name_list(struct kshm_handle *handle,
		   const struct kshm_ioc_name_list *arg,
		   struct kshm_ioc_name_list __user *uarg, size_t usize,
		   struct kshm_explain *why);

#endif /* KSHM_NAME_LIST_H */

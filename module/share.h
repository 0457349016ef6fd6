/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - KSHM_IOC_REGION_EXPORT and _IMPORT
 */
#ifndef KSHM_SHARE_H
#define KSHM_SHARE_H

#include <linux/kshm.h>
#include <linux/types.h>

struct kshm_handle;

int kshm_region_export(struct kshm_handle *handle,
		       const struct kshm_ioc_region_export *arg,
		       struct kshm_ioc_region_export __user *uarg, size_t usize,
		       struct kshm_explain *why);
int kshm_region_import(struct kshm_handle *handle,
		       const struct kshm_ioc_region_import *arg,
		       struct kshm_ioc_region_import __user *uarg, size_t usize,
		       struct kshm_explain *why);

#endif /* KSHM_SHARE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - KSHM_IOC_REGION_CREATE
 */
#ifndef KSHM_CREATE_H
#define KSHM_CREATE_H

#include <linux/kshm.h>
#include <linux/types.h>

struct kshm_handle;

int kshm_region_create(struct kshm_handle *handle,
		       const struct kshm_ioc_region_create *arg,
		       struct kshm_ioc_region_create __user *uarg, size_t usize,
		       struct kshm_explain *why);

#endif /* KSHM_CREATE_H */

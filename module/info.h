/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - KSHM_IOC_INFO
 */
#ifndef KSHM_INFO_H
#define KSHM_INFO_H

#include <linux/types.h>

struct kshm_handle;
struct kshm_ioc_info;

long kshm_info(struct kshm_handle *handle, const struct kshm_ioc_info *arg,
	       struct kshm_ioc_info __user *uarg, size_t usize);

#endif /* KSHM_INFO_H */

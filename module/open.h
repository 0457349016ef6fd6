/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - KSHM_IOC_REGION_KEY and _OPEN
 */
#ifndef KSHM_OPEN_H
#define KSHM_OPEN_H

#include <linux/kshm.h>
#include <linux/types.h>

struct kshm_handle;

int kshm_region_key(struct kshm_handle *handle,
		    const struct kshm_ioc_region_key *arg,
		    struct kshm_ioc_region_key __user *uarg, size_t usize,
		    struct kshm_explain *why);
int kshm_region_open(struct kshm_handle *handle,
		     const struct kshm_ioc_region_open *arg,
		     struct kshm_ioc_region_open __user *uarg, size_t usize,
		     struct kshm_explain *why);

#endif /* KSHM_OPEN_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - KSHM_IOC_REGION_QUERY, _REVOKE and _DESTROY
 */
#ifndef KSHM_RELEASE_H
#define KSHM_RELEASE_H

#include <linux/kshm.h>
#include <linux/types.h>

struct kshm_handle;

int kshm_region_query(struct kshm_handle *handle,
		      const struct kshm_ioc_region_query *arg,
		      struct kshm_ioc_region_query __user *uarg, size_t usize,
		      struct kshm_explain *why);
int kshm_region_destroy(struct kshm_handle *handle,
			const struct kshm_ioc_region_destroy *arg,
			struct kshm_ioc_region_destroy __user *uarg, size_t usize,
			struct kshm_explain *why);
int kshm_region_revoke_call(struct kshm_handle *handle,
			    const struct kshm_ioc_region_revoke *arg,
			    struct kshm_ioc_region_revoke __user *uarg, size_t usize,
			    struct kshm_explain *why);

#endif /* KSHM_RELEASE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - KSHM_IOC_NAME_PUBLISH, _OPEN and _REMOVE
 */
#ifndef KSHM_PUBLISH_H
#define KSHM_PUBLISH_H

#include <linux/kshm.h>
#include <linux/types.h>

struct kshm_handle;

int kshm_publish(struct kshm_handle *handle,
		 const struct kshm_ioc_name_publish *arg,
		 struct kshm_ioc_name_publish __user *uarg, size_t usize,
		 struct kshm_explain *why);
int kshm_publish_open(struct kshm_handle *handle,
		      const struct kshm_ioc_name_open *arg,
		      struct kshm_ioc_name_open __user *uarg, size_t usize,
		      struct kshm_explain *why);
int kshm_publish_remove(struct kshm_handle *handle,
			const struct kshm_ioc_name_remove *arg,
			struct kshm_ioc_name_remove __user *uarg, size_t usize,
			struct kshm_explain *why);

#endif /* KSHM_PUBLISH_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - KSHM_IOC_SECTION_ATTACH
 */
#ifndef KSHM_ATTACH_H
#define KSHM_ATTACH_H

#include <linux/kshm.h>
#include <linux/types.h>

struct kshm_handle;

int kshm_section_attach(struct kshm_handle *handle,
			const struct kshm_ioc_section_attach *arg,
			struct kshm_ioc_section_attach __user *uarg, size_t usize,
			struct kshm_explain *why);

#endif /* KSHM_ATTACH_H */

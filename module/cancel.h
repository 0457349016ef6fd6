/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - requests that are to end early
 */
#ifndef KSHM_CANCEL_H
#define KSHM_CANCEL_H

#include <linux/types.h>

struct kshm_explain;
struct kshm_handle;
struct kshm_ioc_cancel;

void kshm_cancel_all(struct kshm_handle *handle);
int kshm_cancel(struct kshm_handle *handle, const struct kshm_ioc_cancel *arg,
		struct kshm_ioc_cancel __user *uarg, size_t usize,
		struct kshm_explain *why);

#endif /* KSHM_CANCEL_H */

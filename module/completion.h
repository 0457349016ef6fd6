/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - completions: what is read of requests that ended
 */
#ifndef KSHM_COMPLETION_H
#define KSHM_COMPLETION_H

#include <linux/types.h>

struct iov_iter;
struct kiocb;
struct kshm_explain;
struct kshm_handle;
struct kshm_ioc_eventfd;

ssize_t kshm_completions_read(struct kshm_handle *handle, struct kiocb *iocb,
			      struct iov_iter *to);
int kshm_completions_eventfd(struct kshm_handle *handle,
			     const struct kshm_ioc_eventfd *arg,
			     struct kshm_ioc_eventfd __user *uarg, size_t usize,
			     struct kshm_explain *why);

#endif /* KSHM_COMPLETION_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - where handlers run that do not run in their caller
 */
#ifndef KSHM_CONTEXT_H
#define KSHM_CONTEXT_H

struct kshm_device;
struct kshm_request;

int kshm_context_setup(struct kshm_device *dev);
int kshm_context_prepare(struct kshm_request *req);
int kshm_context_run(struct kshm_request *req);

#endif /* KSHM_CONTEXT_H */

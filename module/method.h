/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the four transfer methods
 */
#ifndef KSHM_METHOD_H
#define KSHM_METHOD_H

struct kshm_request;

int kshm_method_check_pointers(struct kshm_request *req);
int kshm_method_prepare(struct kshm_request *req);
void kshm_method_copy_out(struct kshm_request *req);
void kshm_method_undo(struct kshm_request *req);

#endif /* KSHM_METHOD_H */

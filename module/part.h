/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - operands that are parts of regions
 */
#ifndef KSHM_PART_H
#define KSHM_PART_H

#include <linux/types.h>

struct kshm_mdl;
struct kshm_request;

int kshm_parts_get(struct kshm_request *req);
void kshm_parts_put(struct kshm_request *req);

void kshm_part_setup_mdl(struct kshm_request *req, struct kshm_mdl *mdl,
			 u32 operand);
int kshm_part_copy_in(struct kshm_request *req, void *dst);
int kshm_part_copy_out(struct kshm_request *req, const void *src, size_t len,
		       size_t *done);

#endif /* KSHM_PART_H */

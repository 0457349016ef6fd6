/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - operands that are parts of regions
 */
#ifndef KSHM_PART_H
#define KSHM_PART_H

#include <linux/kshm_driver.h>
#include <linux/types.h>

struct kshm_buffer;
struct kshm_request;

/* How an explanation names a piece. */
static inline u32 kshm_piece_operand(unsigned int number,
				     enum kshm_direction direction)
{
	return number + (direction == KSHM_FROM_DRIVER ?
			 KSHM_OPERAND_PIECE_WRITTEN : KSHM_OPERAND_PIECE_READ);
}

int kshm_parts_get(struct kshm_request *req);
void kshm_parts_put(struct kshm_request *req);

unsigned long kshm_part_pages(const struct kshm_operand *op,
			      const struct kshm_buffer *buf, unsigned long *end);
enum kshm_direction kshm_part_direction(const struct kshm_request *req,
					u32 operand);
void kshm_part_setup_data(struct kshm_request *req);
int kshm_part_copy_in(struct kshm_request *req, void *dst);
int kshm_part_copy_out(struct kshm_request *req, const void *src, size_t len,
		       size_t *done);

#endif /* KSHM_PART_H */

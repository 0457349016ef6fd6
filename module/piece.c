// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the caller's memory that a request names inside of its input
 *
 * What is a part of a region there is taken in part.c. This is what was neither
 * pinned nor copied: it is wrapped, as the operands of raw requests are, and each
 * access to it can fail.
 */
#include <linux/kshm_driver.h>
#include <linux/uaccess.h>

#include "explain.h"
#include "part.h"
#include "request.h"

/**
 * kshm_request_memory() - memory of the caller that is named inside of the input
 * @req: the request
 * @number: of the piece, for the explanation, counted by direction
 * @op: what was captured: of kind KSHM_OPERAND_USER, or it is refused
 * @direction: which way the bytes go
 * @buf: gets the buffer, good until the handler returns
 *
 * Context: the handler's, where that is the caller's.
 * Return: 0; or, explained to the caller, -EINVAL for another kind or an id that is
 * not zero, or -EFAULT for what does not lie in user space; or, unexplained,
 * -EOPNOTSUPP in another context, where that is not the caller's memory.
 */
int kshm_request_memory(struct kshm_request *req, unsigned int number,
			const struct kshm_operand *op,
			enum kshm_direction direction,
			struct kshm_user_buffer *buf)
{
	u32 operand = kshm_piece_operand(number, direction);

	if (!kshm_request_has_caller(req))
		return -EOPNOTSUPP;
	if (op->kind != KSHM_OPERAND_USER)
		return kshm_explain_numbers(&req->why, KSHM_EXPLAIN_KIND,
					    operand, EINVAL, op->kind, 0,
					    KSHM_OPERAND_USER);
	if (op->id)
		return kshm_explain(&req->why, KSHM_EXPLAIN_RESERVED, operand,
				    EINVAL);
	if (op->len && !access_ok(u64_to_user_ptr(op->addr), op->len))
		return kshm_explain_address(&req->why, operand, op->addr,
					    op->len, 0);
	kshm_user_buffer_init(buf, u64_to_user_ptr(op->addr), op->len);
	return 0;
}
EXPORT_SYMBOL_GPL(kshm_request_memory);

/**
 * kshm_request_explain_memory() - explain that such memory could not be used
 * @req: the request
 * @number: of the piece, as before
 * @direction: as before
 * @buf: the buffer, used from its first byte on, up to where that failed with -EFAULT
 *
 * Context: the handler's, where that is the caller's; in another nothing is explained.
 * Return: -EFAULT.
 */
int kshm_request_explain_memory(struct kshm_request *req, unsigned int number,
				enum kshm_direction direction,
				const struct kshm_user_buffer *buf)
{
	if (!kshm_request_has_caller(req))
		return -EFAULT;
	return kshm_explain_address(&req->why,
				    kshm_piece_operand(number, direction),
				    (unsigned long)buf->addr + buf->copied,
				    buf->len - buf->copied,
				    direction == KSHM_FROM_DRIVER ?
				    KSHM_NEED_WRITE : KSHM_NEED_READ);
}
EXPORT_SYMBOL_GPL(kshm_request_explain_memory);

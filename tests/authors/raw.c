// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: user memory by its address
 */
#include <linux/kernel.h>
#include <linux/slab.h>

#include "handlers.h"

static int copy_piece(struct kshm_user_buffer *out, size_t at,
		      const struct lesson_piece *piece, void *room)
{
	struct kshm_user_buffer from;
	int ret;

	if (piece->reserved || piece->len > LESSON_PIECE_MAX)
		return -EINVAL;
	kshm_user_buffer_init(&from, u64_to_user_ptr(piece->addr), piece->len);
	ret = kshm_user_read(&from, 0, room, piece->len);
	if (ret)
		return ret;
	return kshm_user_write(out, at, room, piece->len);
}

int lesson_gather(struct kshm_request *req)
{
	struct kshm_user_buffer *in = kshm_request_user_in(req);
	struct kshm_user_buffer *out = kshm_request_user_out(req);
	size_t i, done = 0, nr = kshm_user_len(in) / sizeof(struct lesson_piece);
	void *room = kmalloc(LESSON_PIECE_MAX, GFP_KERNEL);
	struct lesson_piece piece;
	int ret = room ? 0 : -ENOMEM;

	for (i = 0; i < nr && !ret; i++) {
		ret = kshm_user_read(in, i * sizeof(piece), &piece, sizeof(piece));
		if (!ret)
			ret = copy_piece(out, done, &piece, room);
		if (!ret)
			done += piece.len;
	}
	kfree(room);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, done);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - operands that are parts of regions
 *
 * What a request can do with a region depends on where it names it: as in, or as
 * data to the driver, it is read; as out, or as data from the driver, written. What
 * is named inside of the input a driver takes one by one, for one or the other.
 */
#include <linux/nospec.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "explain.h"
#include "handle.h"
#include "hold.h"
#include "limits.h"
#include "mdl.h"
#include "part.h"
#include "region.h"
#include "request.h"

/**
 * struct kshm_piece - a part that a driver took, named inside of the input
 * @next: that it took before, or NULL
 * @hold: of the region; a reference, and a use
 * @mdl: what the driver sees of it
 */
struct kshm_piece {
	struct kshm_piece *next;
	struct kshm_hold *hold;
	struct kshm_mdl mdl;
};

/* The right that data needs; in needs the one, and out the other. */
static u32 data_right(const struct kshm_request *req)
{
	return kshm_request_method(req) == KSHM_METHOD_OUT_DIRECT ?
	       KSHM_REGION_WRITE : KSHM_REGION_READ;
}

static noinline int refuse(struct kshm_request *req, u32 check, u32 operand,
			   int error, u64 needed, u64 used, u64 limit)
{
	return kshm_explain_numbers(&req->why, check, operand, error, needed,
				    used, limit);
}

static inline int check_part(struct kshm_request *req, u32 operand,
			     const struct kshm_operand *op, u32 needed,
			     const struct kshm_hold *hold)
{
	u64 len = hold->region->buffer.len;

	if (unlikely(!(hold->rights & needed)))
		return refuse(req, KSHM_EXPLAIN_RIGHTS, operand, EACCES, needed,
			      hold->rights, 0);
	if (unlikely(op->addr > len || op->len > len - op->addr))
		return refuse(req, KSHM_EXPLAIN_PART, operand, ERANGE, op->len,
			      op->addr, len);
	return 0;
}

/* The first page of a part, and the first one behind it, if it has any. */
unsigned long kshm_part_pages(const struct kshm_operand *op,
			      const struct kshm_buffer *buf, unsigned long *end)
{
	u64 start = buf->offset + array_index_nospec(op->addr, buf->len + 1);

	*end = start >> PAGE_SHIFT;
	if (op->len)
		*end = ((start + op->len - 1) >> PAGE_SHIFT) + 1;
	return start >> PAGE_SHIFT;
}

/* Whether the pages of a part are still the owner's at its addresses, or the file's. */
static noinline int look(struct kshm_request *req, u32 operand,
			 const struct kshm_operand *op, struct kshm_region *region)
{
	unsigned long end, first = kshm_part_pages(op, &region->buffer, &end);
	u64 where;
	int ret;

	ret = kshm_region_look(region, first, end, &where);
	if (!ret)
		return 0;
	if (ret != -ESTALE)
		return kshm_explain_error(&req->why, operand, ret);
	if (region->section)
		return refuse(req, KSHM_EXPLAIN_HOLE, operand, ESTALE, where,
			      op->id, 0);
	kshm_explain_numbers(&req->why, KSHM_EXPLAIN_STALE, operand, ESTALE, 0,
			     op->id, 0);
	req->why.addr = where;
	return ret;
}

/*
 * What @op names, for as long as @held has it. That is so as soon as the region is
 * used, also if what was found then is refused.
 */
static __always_inline int take(struct kshm_request *req, u32 operand,
				const struct kshm_operand *op, u32 needed,
				struct kshm_hold **held)
{
	struct kshm_hold *hold = kshm_hold_get(req->handle, op->id);
	int ret;

	if (unlikely(!hold))
		return refuse(req, KSHM_EXPLAIN_REGION, operand, ENOENT, 0,
			      op->id, 0);
	if (unlikely(!kshm_region_use(hold->region))) {
		kshm_hold_put(req->handle, hold);
		return refuse(req, KSHM_EXPLAIN_REVOKED, operand, ESTALE, 0,
			      op->id, 0);
	}
	*held = hold;
	ret = check_part(req, operand, op, needed, hold);
	if (ret)
		return ret;
	if (kshm_region_is_doubtful(hold->region))
		return look(req, operand, op, hold->region);
	return 0;
}

static __always_inline int get(struct kshm_request *req, u32 operand,
			       const struct kshm_operand *op, u32 needed)
{
	/* Raw ones stay where the caller has them. */
	if (kshm_request_method(req) == KSHM_METHOD_NEITHER)
		return refuse(req, KSHM_EXPLAIN_KIND, operand, EINVAL, op->kind,
			      0, KSHM_OPERAND_USER);
	return take(req, operand, op, needed, &req->holds[operand]);
}

/* From here on there can be something to put: of most, data. */
static __always_inline void begin(struct kshm_request *req)
{
	req->has_regions = true;
	req->has_more_regions = false;
	req->holds[KSHM_OPERAND_DATA] = NULL;
}

/* From here on there can also be others. */
static void begin_more(struct kshm_request *req)
{
	if (req->has_more_regions)
		return;
	req->has_more_regions = true;
	req->holds[KSHM_OPERAND_IN] = NULL;
	req->holds[KSHM_OPERAND_OUT] = NULL;
	req->pieces = NULL;
}

/* The operands that are seldom parts of regions. */
static noinline int get_copied(struct kshm_request *req)
{
	const struct kshm_ioc_control *arg = req->arg;
	int ret = 0;

	begin_more(req);
	if (arg->in.kind == KSHM_OPERAND_REGION)
		ret = get(req, KSHM_OPERAND_IN, &arg->in, KSHM_REGION_READ);
	if (!ret && arg->out.kind == KSHM_OPERAND_REGION)
		ret = get(req, KSHM_OPERAND_OUT, &arg->out, KSHM_REGION_WRITE);
	return ret;
}

/**
 * kshm_parts_get() - the regions that a request names
 * @req: the request, of which some operand is of that kind
 *
 * Return: 0 or -errno, explained; kshm_parts_put() has to follow either way.
 */
int kshm_parts_get(struct kshm_request *req)
{
	const struct kshm_ioc_control *arg = req->arg;
	int ret = 0;

	begin(req);
	if (unlikely((arg->in.kind | arg->out.kind) & KSHM_OPERAND_REGION))
		ret = get_copied(req);
	if (!ret && arg->data.kind == KSHM_OPERAND_REGION)
		ret = get(req, KSHM_OPERAND_DATA, &arg->data, data_right(req));
	return ret;
}

static __always_inline void put(struct kshm_request *req,
				struct kshm_hold *hold)
{
	if (!hold)
		return;
	kshm_region_unuse(hold->region);
	kshm_hold_put(req->handle, hold);
}

static noinline void put_more(struct kshm_request *req)
{
	struct kshm_piece *piece;

	put(req, req->holds[KSHM_OPERAND_IN]);
	put(req, req->holds[KSHM_OPERAND_OUT]);
	while ((piece = req->pieces)) {
		req->pieces = piece->next;
		put(req, piece->hold);
		kfree(piece);
		cond_resched();
	}
}

void kshm_parts_put(struct kshm_request *req)
{
	if (unlikely(req->has_more_regions))
		put_more(req);
	put(req, req->holds[KSHM_OPERAND_DATA]);
}

/*
 * Makes @mdl describe the part that @op names, of the region that @hold is of. Its
 * offset, which leads to an extent, was checked; a processor that guesses the outcome
 * gets no further.
 */
static __always_inline void setup_mdl(struct kshm_mdl *mdl,
				      const struct kshm_hold *hold,
				      const struct kshm_operand *op,
				      enum kshm_direction direction)
{
	struct kshm_buffer *buf = &hold->region->buffer;

	kshm_mdl_setup_part(mdl, buf, array_index_nospec(op->addr, buf->len + 1),
			    op->len, direction);
}

/* Which way the bytes of an operand go. */
enum kshm_direction kshm_part_direction(const struct kshm_request *req,
					u32 operand)
{
	if (operand == KSHM_OPERAND_DATA)
		return data_right(req) == KSHM_REGION_WRITE ? KSHM_FROM_DRIVER :
							      KSHM_TO_DRIVER;
	return operand == KSHM_OPERAND_OUT ? KSHM_FROM_DRIVER : KSHM_TO_DRIVER;
}

/* Of the data operand: it is locked as long as the region is used. */
void kshm_part_setup_data(struct kshm_request *req)
{
	setup_mdl(&req->mdl, req->holds[KSHM_OPERAND_DATA], &req->arg->data,
		  kshm_part_direction(req, KSHM_OPERAND_DATA));
	req->mdl_set = true;
}

/* Between two batches of a copy. */
static bool killed_at(size_t done)
{
	if (!done)
		return false;
	cond_resched();
	return fatal_signal_pending(current);
}

/* Copies the whole in operand: 0, or -EINTR if the caller is being killed. */
int kshm_part_copy_in(struct kshm_request *req, void *dst)
{
	struct kshm_mdl mdl;
	size_t done, part;

	setup_mdl(&mdl, req->holds[KSHM_OPERAND_IN], &req->arg->in,
		  KSHM_TO_DRIVER);
	for (done = 0; done < mdl.len; done += part) {
		if (killed_at(done))
			return -EINTR;
		part = min_t(size_t, mdl.len - done, KSHM_BATCH_BYTES);
		kshm_mdl_read(&mdl, done, dst + done, part);
	}
	return 0;
}

/*
 * Copies @len bytes to the out operand: 0, or -EINTR if the caller is being killed,
 * with @done of them copied.
 */
int kshm_part_copy_out(struct kshm_request *req, const void *src, size_t len,
		       size_t *done)
{
	struct kshm_mdl mdl;
	size_t part;

	setup_mdl(&mdl, req->holds[KSHM_OPERAND_OUT], &req->arg->out,
		  KSHM_FROM_DRIVER);
	for (*done = 0; *done < len; *done += part) {
		if (killed_at(*done))
			return -EINTR;
		part = min_t(size_t, len - *done, KSHM_BATCH_BYTES);
		kshm_mdl_write(&mdl, *done, src + *done, part);
	}
	return 0;
}

static int take_piece(struct kshm_request *req, struct kshm_piece *piece,
		      u32 operand, const struct kshm_operand *op,
		      enum kshm_direction direction)
{
	int ret;

	piece->hold = NULL;
	ret = take(req, operand, op, direction == KSHM_FROM_DRIVER ?
		   KSHM_REGION_WRITE : KSHM_REGION_READ, &piece->hold);
	if (ret) {
		put(req, piece->hold);
		return ret;
	}
	setup_mdl(&piece->mdl, piece->hold, op, direction);
	piece->next = req->pieces;
	req->pieces = piece;
	return 0;
}

/**
 * kshm_request_region() - a part of a region that is named inside of the input
 * @req: the request
 * @number: of the piece, for the explanation, counted by direction
 * @op: what was captured: of kind KSHM_OPERAND_REGION, or it is refused
 * @direction: which way the bytes go: the region needs the right to it
 *
 * What the data operand is, as often as wanted, of regions of the request's handle.
 * How often is the driver's to bound, by the bounds of its input.
 *
 * Context: the handler's, where that is the caller's.
 * Return: an mdl, locked, not mapped, never NULL, which kshm unmaps and unlocks after
 * the handler; or, explained to the caller if the handler then fails with it,
 * ERR_PTR(-EINVAL) for another kind, -ENOENT if the handle has no such region,
 * -EACCES without the right, -ERANGE if the part is not inside of it, -ESTALE if it
 * was revoked or is stale, -ENOMEM, or -EINTR if the caller is being killed; or,
 * unexplained, ERR_PTR(-EOPNOTSUPP) in another context.
 */
struct kshm_mdl *kshm_request_region(struct kshm_request *req,
				     unsigned int number,
				     const struct kshm_operand *op,
				     enum kshm_direction direction)
{
	u32 operand = kshm_piece_operand(number, direction);
	struct kshm_piece *piece;
	int ret;

	if (!kshm_request_has_caller(req))
		return ERR_PTR(-EOPNOTSUPP);
	if (op->kind != KSHM_OPERAND_REGION)
		return ERR_PTR(refuse(req, KSHM_EXPLAIN_KIND, operand, EINVAL,
				      op->kind, 0, KSHM_OPERAND_REGION));
	if (!req->has_regions)
		begin(req);
	begin_more(req);
	piece = kmalloc(sizeof(*piece), GFP_KERNEL_ACCOUNT);
	if (!piece)
		return ERR_PTR(refuse(req, KSHM_EXPLAIN_MEMORY, operand, ENOMEM,
				      sizeof(*piece), 0, 0));
	ret = take_piece(req, piece, operand, op, direction);
	if (ret) {
		kfree(piece);
		return ERR_PTR(ret);
	}
	return &piece->mdl;
}
EXPORT_SYMBOL_GPL(kshm_request_region);

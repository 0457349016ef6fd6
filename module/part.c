// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - operands that are parts of regions
 *
 * What a request can do with a region depends on where it names it: as in, or as
 * data to the driver, it is read; as out, or as data from the driver, written.
 */
#include <linux/nospec.h>
#include <linux/sched/signal.h>

#include "explain.h"
#include "handle.h"
#include "hold.h"
#include "limits.h"
#include "mdl.h"
#include "part.h"
#include "region.h"
#include "request.h"
#include "trace.h"

static const struct kshm_operand *operand_of(const struct kshm_request *req,
					     u32 operand)
{
	switch (operand) {
	case KSHM_OPERAND_IN:
		return &req->arg->in;
	case KSHM_OPERAND_OUT:
		return &req->arg->out;
	default:
		return &req->arg->data;
	}
}

static bool is_written(const struct kshm_request *req, u32 operand)
{
	return operand == KSHM_OPERAND_OUT ||
	       (operand == KSHM_OPERAND_DATA &&
		kshm_request_method(req) == KSHM_METHOD_OUT_DIRECT);
}

static int refuse(struct kshm_request *req, u32 check, u32 operand, int error,
		  u64 needed, u64 used, u64 limit)
{
	return kshm_explain_numbers(&req->why, check, operand, error, needed,
				    used, limit);
}

static int check_part(struct kshm_request *req, u32 operand,
		      const struct kshm_operand *op,
		      const struct kshm_hold *hold)
{
	u32 needed = is_written(req, operand) ? KSHM_REGION_WRITE :
						KSHM_REGION_READ;
	u64 len = hold->region->buffer.len;

	if (!(hold->rights & needed))
		return refuse(req, KSHM_EXPLAIN_RIGHTS, operand, EACCES, needed,
			      hold->rights, 0);
	if (op->addr > len || op->len > len - op->addr)
		return refuse(req, KSHM_EXPLAIN_PART, operand, ERANGE, op->len,
			      op->addr, len);
	return 0;
}

/* Whether the pages of a part are still the owner's at its addresses. */
static int look(struct kshm_request *req, u32 operand,
		const struct kshm_operand *op, const struct kshm_region *region)
{
	const struct kshm_buffer *buf = &region->buffer;
	u64 start = buf->offset + array_index_nospec(op->addr, buf->len + 1);
	unsigned long first = start >> PAGE_SHIFT;
	struct kshm_stale stale;
	int ret;

	ret = kshm_watch_look(region->watch, buf, first, op->len ?
			      ((start + op->len - 1) >> PAGE_SHIFT) + 1 : first,
			      &stale);
	if (ret != -ESTALE)
		return ret ? kshm_explain_error(&req->why, operand, ret) : 0;
	if (stale.found)
		trace_kshm_region_stale(kshm_device_name(req->handle->dev),
					op->id, stale.addr);
	kshm_explain_numbers(&req->why, KSHM_EXPLAIN_STALE, operand, ESTALE, 0,
			     op->id, 0);
	req->why.addr = stale.addr;
	return ret;
}

static int get(struct kshm_request *req, u32 operand)
{
	const struct kshm_operand *op = operand_of(req, operand);
	struct kshm_hold *hold;
	int ret;

	if (op->kind != KSHM_OPERAND_REGION)
		return 0;
	/* Raw ones stay where the caller has them. */
	if (kshm_request_method(req) == KSHM_METHOD_NEITHER)
		return refuse(req, KSHM_EXPLAIN_KIND, operand, EINVAL, op->kind,
			      0, KSHM_OPERAND_USER);
	hold = kshm_hold_get(req->handle, op->id);
	if (!hold)
		return refuse(req, KSHM_EXPLAIN_REGION, operand, ENOENT, 0,
			      op->id, 0);
	if (!kshm_region_use(hold->region)) {
		kshm_hold_put(hold);
		return refuse(req, KSHM_EXPLAIN_REVOKED, operand, ESTALE, 0,
			      op->id, 0);
	}
	req->holds[operand] = hold;
	ret = check_part(req, operand, op, hold);
	if (!ret && kshm_watch_is_marked(hold->region->watch))
		ret = look(req, operand, op, hold->region);
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
	u32 operand;
	int ret = 0;

	req->has_regions = true;
	for (operand = KSHM_OPERAND_IN; operand <= KSHM_OPERAND_DATA; operand++)
		req->holds[operand] = NULL;
	for (operand = KSHM_OPERAND_IN; !ret && operand <= KSHM_OPERAND_DATA;
	     operand++)
		ret = get(req, operand);
	return ret;
}

void kshm_parts_put(struct kshm_request *req)
{
	struct kshm_hold *hold;
	u32 operand;

	for (operand = KSHM_OPERAND_IN; operand <= KSHM_OPERAND_DATA; operand++) {
		hold = req->holds[operand];
		if (!hold)
			continue;
		kshm_region_unuse(hold->region);
		kshm_hold_put(hold);
	}
}

/*
 * Makes @mdl describe the part that @operand names. Its offset, which leads to an
 * extent, was checked; a processor that guesses the outcome gets no further.
 */
void kshm_part_setup_mdl(struct kshm_request *req, struct kshm_mdl *mdl,
			 u32 operand)
{
	struct kshm_buffer *buf = &req->holds[operand]->region->buffer;
	const struct kshm_operand *op = operand_of(req, operand);

	kshm_mdl_setup_part(mdl, buf, array_index_nospec(op->addr, buf->len + 1),
			    op->len, is_written(req, operand) ?
			    KSHM_FROM_DRIVER : KSHM_TO_DRIVER);
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

	kshm_part_setup_mdl(req, &mdl, KSHM_OPERAND_IN);
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

	kshm_part_setup_mdl(req, &mdl, KSHM_OPERAND_OUT);
	for (*done = 0; *done < len; *done += part) {
		if (killed_at(*done))
			return -EINTR;
		part = min_t(size_t, len - *done, KSHM_BATCH_BYTES);
		kshm_mdl_write(&mdl, *done, src + *done, part);
	}
	return 0;
}

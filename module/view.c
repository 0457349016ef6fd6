// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - views: what drivers have of regions for longer than a request
 *
 * A view is a use of its region, as a request's is: the pages stay where they are, and
 * charged to whoever made the region, until the driver lets go. Revoking waits for that,
 * and for no longer than it is wanted to; what the caller does with his ids, handles and
 * descriptors is no matter. The mapping is the one that the region keeps.
 */
#include <linux/err.h>
#include <linux/kshm_driver.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/slab.h>

#include "explain.h"
#include "handle.h"
#include "hold.h"
#include "part.h"
#include "region.h"
#include "request.h"
#include "sequence.h"
#include "view.h"

/**
 * kshm_view_alloc() - a view of a region, without bytes yet
 * @req: the request that it is made in
 * @region: the region, which is used; the view gets a reference and a use of its own
 * @write: whether the driver may write to it
 *
 * Return: the view; or ERR_PTR: -ENOMEM, or -ESTALE if the region was revoked.
 */
struct kshm_view *kshm_view_alloc(struct kshm_request *req,
				  struct kshm_region *region, bool write)
{
	struct kshm_view *view = kmalloc(sizeof(*view), GFP_KERNEL_ACCOUNT);

	if (!view)
		return ERR_PTR(-ENOMEM);
	if (!kshm_region_use(region)) {
		kfree(view);
		return ERR_PTR(-ESTALE);
	}
	kshm_region_get(region);
	/* A driver that forgets it when it goes is not to take the region's code along. */
	__module_get(THIS_MODULE);
	*view = (struct kshm_view){
		.region = region, .data = ZERO_SIZE_PTR, .write = write,
	};
	kshm_holder_add(&view->holder, &req->handle->holder, region, KSHM_HANDLE_VIEW,
			KSHM_REGION_READ | (write ? KSHM_REGION_WRITE : 0));
	return view;
}

/* Whether a view could be made: 0 or -errno, explained. */
static int explain(struct kshm_request *req, u32 operand, u32 id, int error)
{
	if (error == -ESTALE)
		return kshm_explain_numbers(&req->why, KSHM_EXPLAIN_REVOKED,
					    operand, ESTALE, 0, id, 0);
	return kshm_explain_error(&req->why, operand, error);
}

/* The bytes that @op names, mapped for what it may do with them. */
static int show(struct kshm_view *view, const struct kshm_operand *op,
		enum kshm_direction direction)
{
	struct kshm_buffer *buf = &view->region->buffer;
	void *start;

	view->len = op->len;
	view->first = kshm_part_pages(op, buf, &view->end);
	if (!op->len)
		return 0;
	start = kshm_buffer_map(buf, direction);
	if (IS_ERR(start))
		return PTR_ERR(start);
	if (view->write)
		WRITE_ONCE(buf->written, true);
	view->data = start + array_index_nospec(op->addr, buf->len + 1);
	return 0;
}

static const struct kshm_operand *operand_of(const struct kshm_request *req,
					     unsigned int operand)
{
	switch (operand) {
	case KSHM_OPERAND_IN:
		return &req->arg->in;
	case KSHM_OPERAND_OUT:
		return &req->arg->out;
	case KSHM_OPERAND_DATA:
		return &req->arg->data;
	default:
		return NULL;
	}
}

/**
 * kshm_request_view() - have what an operand names for longer than the request
 * @req: the request
 * @operand: KSHM_OPERAND_IN, _OUT or _DATA: a part of a region, or it is refused
 *
 * The view has the bytes of the operand and no others, to be read if it is in or data
 * to the driver, and to be written, too, if it is out or data from the driver. It is of
 * the region's own memory, also where the request has a copy. How many a caller can
 * have the driver keep is the driver's to bound.
 *
 * Context: the handler's, where that is the caller's.
 * Return: a view, to be released; or, explained to the caller if the handler then
 * fails with it, ERR_PTR(-EINVAL) if the operand is of another kind, -ESTALE if the
 * region was revoked since the request began, -ENOMEM, or -EINTR if the caller is being
 * killed; or, unexplained, ERR_PTR(-EINVAL) for another @operand, or
 * ERR_PTR(-EOPNOTSUPP) in another context.
 */
struct kshm_view *kshm_request_view(struct kshm_request *req,
				    unsigned int operand)
{
	const struct kshm_operand *op = operand_of(req, operand);
	enum kshm_direction direction;
	struct kshm_view *view;
	int ret;

	if (!kshm_request_has_caller(req))
		return ERR_PTR(-EOPNOTSUPP);
	if (!op)
		return ERR_PTR(-EINVAL);
	if (op->kind != KSHM_OPERAND_REGION)
		return ERR_PTR(kshm_explain_numbers(&req->why, KSHM_EXPLAIN_KIND,
						    operand, EINVAL, op->kind, 0,
						    KSHM_OPERAND_REGION));
	direction = kshm_part_direction(req, operand);
	view = kshm_view_alloc(req, req->holds[operand]->region,
			       direction == KSHM_FROM_DRIVER);
	if (IS_ERR(view))
		return ERR_PTR(explain(req, operand, op->id, PTR_ERR(view)));
	ret = show(view, op, direction);
	if (!ret)
		return view;
	kshm_view_release(view);
	return ERR_PTR(explain(req, operand, op->id, ret));
}
EXPORT_SYMBOL_GPL(kshm_request_view);

/**
 * kshm_view_data() - the bytes of a view
 * @view: the view
 *
 * Programs can change them at any moment, but for those of a section that was made with
 * KSHM_SECTION_READ_ONLY. To write through the address of a view that is to be read
 * oopses.
 *
 * Context: any.
 * Return: address of the first byte, good until the view is released; ZERO_SIZE_PTR
 * if there is none.
 */
const void *kshm_view_data(const struct kshm_view *view)
{
	return view->data;
}
EXPORT_SYMBOL_GPL(kshm_view_data);

/**
 * kshm_view_data_write() - the bytes of a view, for writing
 * @view: the view
 *
 * Context: any.
 * Return: as kshm_view_data(); ERR_PTR(-EACCES) for one that is to be read.
 */
void *kshm_view_data_write(const struct kshm_view *view)
{
	return view->write ? view->data : ERR_PTR(-EACCES);
}
EXPORT_SYMBOL_GPL(kshm_view_data_write);

/**
 * kshm_view_len() - how many bytes
 * @view: the view
 *
 * Context: any.
 */
size_t kshm_view_len(const struct kshm_view *view)
{
	return view->len;
}
EXPORT_SYMBOL_GPL(kshm_view_len);

/**
 * kshm_view_check() - whether callers still have the pages that the driver has
 * @view: the view
 *
 * Once a page is lost, to a hole or because its owner has another one there, that is so
 * for good. So is revoking, which tells the driver to let go: whoever revoked may be
 * waiting for it.
 *
 * Context: process context, any task. May sleep, for as long as the region's owner
 * likes, who can keep his address space busy: no thread that others wait for should.
 * Return: 0, -ESTALE if not, or -EINTR if the task is being killed.
 */
int kshm_view_check(struct kshm_view *view)
{
	struct kshm_region *region = view->region;
	u64 where;

	if (kshm_region_revoked(region))
		return -ESTALE;
	if (!kshm_region_is_doubtful(region))
		return 0;
	return kshm_region_look(region, view->first, view->end, &where);
}
EXPORT_SYMBOL_GPL(kshm_view_check);

/**
 * kshm_view_raise() - wake who waits for something to happen in a section
 * @view: the view; of memory that is no section's nobody waits for
 *
 * Raises the section's counter, by one, which whoever has a descriptor of
 * KSHM_IOC_SECTION_SEQUENCE can read, and wait for. What the driver wrote before is seen
 * by who sees that.
 *
 * Context: any, hard interrupt included. Nothing is allocated, no lock is taken, and
 * nobody woken before the caller goes on. They are woken in an interrupt of this
 * processor, one by one, as many as have the section and wait.
 */
void kshm_view_raise(const struct kshm_view *view)
{
	if (view->region->section)
		kshm_sequence_raise(view->region->section->sequence);
}
EXPORT_SYMBOL_GPL(kshm_view_raise);

/**
 * kshm_view_release() - let go of a view
 * @view: the view, which nothing of the driver's uses any more; NULL is none
 *
 * Memory that nobody else has is unmapped, unpinned and uncharged: a section that the
 * driver made always; then the file lives on as long as somebody has it open or mapped.
 *
 * Context: process context, any task. May sleep.
 */
void kshm_view_release(struct kshm_view *view)
{
	might_sleep();
	if (!view)
		return;
	kshm_holder_remove(&view->holder);
	kshm_region_unuse(view->region);
	kshm_region_put(view->region);
	kfree(view);
	/* The driver that calls keeps the module. */
	module_put(THIS_MODULE);
}
EXPORT_SYMBOL_GPL(kshm_view_release);

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - one control request from prepare to complete
 *
 * The checks run in the order that the uapi header promises; each explains its
 * failure where it fails. Nothing of a request outlives its ioctl, but of those that can
 * last longer, see pended.c.
 */
#include <linux/kshm_driver.h>
#include <linux/uaccess.h>

#include "context.h"
#include "control.h"
#include "device.h"
#include "explain.h"
#include "gift.h"
#include "handle.h"
#include "limits.h"
#include "mdl.h"
#include "method.h"
#include "part.h"
#include "pended.h"
#include "request.h"
#include "request_verify.h"
#include "trace.h"
#include "uring.h"

static int refuse_operand(struct kshm_request *req, u32 operand,
			  const struct kshm_operand *op)
{
	if (op->kind > KSHM_OPERAND_REGION)
		return kshm_explain_numbers(&req->why, KSHM_EXPLAIN_KIND, operand,
					    EINVAL, op->kind, 0,
					    KSHM_OPERAND_REGION);
	return kshm_explain(&req->why, KSHM_EXPLAIN_RESERVED, operand, EINVAL);
}

static inline u64 bits_of(const struct kshm_operand *op)
{
	return op->kind | op->id | op->addr | op->len;
}

static inline int check_operand(struct kshm_request *req, u32 operand,
				const struct kshm_operand *op)
{
	if (!bits_of(op))
		return 0;
	if (op->kind == KSHM_OPERAND_REGION ||
	    (op->kind == KSHM_OPERAND_USER && !op->id))
		return 0;
	return refuse_operand(req, operand, op);
}

static int refuse_unknown(struct kshm_request *req, u32 flags)
{
	if (flags)
		return kshm_explain_numbers(&req->why, KSHM_EXPLAIN_FLAGS, 0,
					    EOPNOTSUPP, flags, 0, 0);
	return kshm_explain(&req->why, KSHM_EXPLAIN_RESERVED, 0, EINVAL);
}

static __always_inline int check_form(struct kshm_request *req)
{
	const struct kshm_ioc_control *arg = req->arg;
	const u32 flags = arg->flags & ~KSHM_REQUEST_SUBMIT;
	int ret;

	if (unlikely(flags | arg->reserved))
		return refuse_unknown(req, flags);
	/* Often all are absent: told by one look at all of them. */
	if (!(bits_of(&arg->in) | bits_of(&arg->out) | bits_of(&arg->data)))
		return 0;
	ret = check_operand(req, KSHM_OPERAND_IN, &arg->in);
	if (!ret)
		ret = check_operand(req, KSHM_OPERAND_OUT, &arg->out);
	if (!ret)
		ret = check_operand(req, KSHM_OPERAND_DATA, &arg->data);
	return ret;
}

static __always_inline int check_code(struct kshm_request *req)
{
	const struct kshm_device_ops *ops = req->handle->dev->ops;
	u32 lacks;

	/* Whoever submits has to be able to read how it ended. */
	BUILD_BUG_ON(KSHM_REQUEST_SUBMIT != KSHM_ACCESS_READ);
	req->control = kshm_control_find(ops, req->arg->code);
	if (!req->control)
		return kshm_control_explain_unknown(ops, req->arg->code,
						    &req->why);
	lacks = KSHM_CODE_ACCESS(req->control->code) |
		(req->arg->flags & KSHM_REQUEST_SUBMIT);
	lacks &= ~req->handle->access;
	if (lacks)
		return kshm_explain_numbers(&req->why, KSHM_EXPLAIN_ACCESS, 0,
					    EACCES, lacks, req->handle->access,
					    0);
	return 0;
}

static int refuse_length(struct kshm_request *req, u32 operand, u64 len,
			 size_t min, size_t max)
{
	u32 check = len < min ? KSHM_EXPLAIN_SHORT : KSHM_EXPLAIN_LONG;

	return kshm_explain_numbers(&req->why, check, operand, EMSGSIZE, min, len,
				    max);
}

static inline int check_length(struct kshm_request *req, u32 operand, u64 len,
			       size_t min, size_t max)
{
	if (likely(len >= min && len <= max))
		return 0;
	return refuse_length(req, operand, len, min, max);
}

/* Of the copied operands; those of NEITHER are not. */
static int check_copied_lengths(struct kshm_request *req)
{
	const struct kshm_ioc_control *arg = req->arg;
	int ret;

	if (kshm_request_method(req) == KSHM_METHOD_NEITHER)
		return 0;
	ret = check_length(req, KSHM_OPERAND_IN, arg->in.len,
			   req->control->in_min, KSHM_MAX_COPIED);
	if (!ret)
		ret = check_length(req, KSHM_OPERAND_OUT, arg->out.len,
				   req->control->out_min, KSHM_MAX_COPIED);
	return ret;
}

static __always_inline int check_lengths(struct kshm_request *req)
{
	const struct kshm_ioc_control *arg = req->arg;
	const struct kshm_control *row = req->control;
	int ret;

	ret = check_length(req, KSHM_OPERAND_IN, arg->in.len, row->in_min,
			   row->in_max);
	if (!ret)
		ret = check_length(req, KSHM_OPERAND_OUT, arg->out.len,
				   row->out_min, row->out_max);
	if (!ret)
		ret = check_length(req, KSHM_OPERAND_DATA, arg->data.len,
				   row->data_min, row->data_max);
	/* Not above it together: neither can be alone. */
	if (!ret && unlikely((arg->in.len | arg->out.len) > KSHM_MAX_COPIED))
		ret = check_copied_lengths(req);
	return ret;
}

static __always_inline int write_results(const struct kshm_request *req,
					 struct kshm_ioc_control __user *uarg)
{
	if (!user_write_access_begin(uarg, sizeof(*uarg)))
		return -EFAULT;
	unsafe_put_user(req->status, &uarg->out_status, fault);
	unsafe_put_user(req->returned[KSHM_OPERAND_IN],
			&uarg->in.out_returned, fault);
	unsafe_put_user(req->returned[KSHM_OPERAND_OUT],
			&uarg->out.out_returned, fault);
	unsafe_put_user(req->returned[KSHM_OPERAND_DATA],
			&uarg->data.out_returned, fault);
	unsafe_put_user(req->needed, &uarg->out_needed, fault);
	unsafe_put_user(req->detail, &uarg->out_detail, fault);
	user_write_access_end();
	return 0;

fault:
	user_write_access_end();
	return -EFAULT;
}

/*
 * Zero the results, which is what they are until the handler has run. This
 * finds out, before it does, that they can be written: the first and the last
 * one are on every page that has any.
 */
static __always_inline int clear_results(struct kshm_request *req,
					 struct kshm_ioc_control __user *uarg)
{
	/* Of what goes on nothing is written after. */
	if (unlikely(req->arg->flags & KSHM_REQUEST_SUBMIT)) {
		if (write_results(req, uarg))
			goto fault;
		return 0;
	}
	if (!user_write_access_begin(uarg, sizeof(*uarg)))
		goto fault;
	unsafe_put_user(0, &uarg->out_status, fault_end);
	unsafe_put_user(0, &uarg->out_detail, fault_end);
	user_write_access_end();
	return 0;

fault_end:
	user_write_access_end();
fault:
	return kshm_explain_result(&req->why, uarg, sizeof(*uarg));
}

static __always_inline int check_pointers(struct kshm_request *req,
					  struct kshm_ioc_control __user *uarg)
{
	void __user *explain = u64_to_user_ptr(req->arg->explain);
	int ret;

	if (kshm_request_names_memory(req)) {
		ret = kshm_method_check_pointers(req);
		if (ret)
			return ret;
	}
	if (unlikely(kshm_request_names_regions(req))) {
		ret = kshm_parts_get(req);
		if (ret)
			return ret;
	}
	/* None is often wanted, and that is good anywhere. */
	if (explain && !access_ok(explain, sizeof(struct kshm_explain)))
		return -EFAULT;
	return clear_results(req, uarg);
}

static __always_inline int check(struct kshm_request *req,
				 struct kshm_ioc_control __user *uarg)
{
	int ret;

	ret = check_form(req);
	if (!ret)
		ret = check_code(req);
	if (!ret)
		ret = check_lengths(req);
	if (!ret)
		ret = check_pointers(req, uarg);
	return ret;
}

static __always_inline int run(struct kshm_request *req)
{
	if (likely(kshm_request_in_caller(req)))
		return kshm_request_handle_here(req);
	return kshm_context_run(req);
}

/**
 * kshm_request_run() - run the handler, where its row says
 * @req: the request, prepared
 *
 * Return: what the handler returned. If the request pends by now, the caller may have it
 * no more.
 */
int kshm_request_run(struct kshm_request *req)
{
	return run(req);
}

/* What a driver said, or -EIO for what it may not say. Context: any, while it is there. */
int kshm_request_check_status(const struct kshm_request *req, int status)
{
	if (kshm_misused(status == -EIOCBQUEUED, KSHM_VERIFIER_QUEUED_NOT_PENDING,
			 kshm_request_culprit(req)) ||
	    kshm_misused(status > 0 || status < -MAX_ERRNO, KSHM_VERIFIER_STATUS,
			 kshm_request_culprit(req)))
		return -EIO;
	return status;
}

/**
 * kshm_request_settle() - the results of a request whose handler is through with it
 * @req: the request, with its status
 *
 * Context: process context; for copied output, of who called, or of whoever reads the
 * completion.
 */
void kshm_request_settle(struct kshm_request *req)
{
	req->status = kshm_request_check_status(req, req->status);
	if (!req->status && req->returned[KSHM_OPERAND_OUT])
		kshm_method_copy_out(req);
	/* What was not copied was not returned. */
	if (req->status && kshm_request_method(req) != KSHM_METHOD_NEITHER)
		req->returned[KSHM_OPERAND_OUT] = 0;
}

/* Apart, so that nothing of it is in the way of what nobody traces. */
static noinline void trace_done(struct kshm_request *req, int status)
{
	const struct kshm_mdl *mdl = kshm_request_data(req);
	u64 in = 0, out = 0;

	if (req->prepared) {
		in = req->copied_in;
		out = req->copied_out;
	}
	if (kshm_request_is_wrapped(req)) {
		in += req->user_in.copied;
		out += req->user_out.copied;
	}
	if (mdl->direction == KSHM_TO_DRIVER)
		in += mdl->copied;
	else
		out += mdl->copied;
	trace_kshm_request_done(req, status, in, out);
}

static noinline int prepare_memory(struct kshm_request *req)
{
	int ret = kshm_method_prepare(req);

	if (!ret)
		trace_kshm_request_prepare(req);
	return ret;
}

/* Inlined in those that end within the call, of which there are more than of all else. */
static __always_inline int prepare(struct kshm_request *req)
{
	int ret = 0;

	if (kshm_request_has_operands(req)) {
		/* What regions are for: all was done when it was created. */
		if (kshm_request_needs_only_a_region(req))
			kshm_part_setup_data(req);
		else
			ret = prepare_memory(req);
	}
	if (!ret && unlikely(!kshm_request_in_caller(req)))
		ret = kshm_context_prepare(req);
	return ret;
}

/**
 * kshm_request_prepare() - have everything there for the handler
 * @req: the request, checked
 *
 * Return: 0 or -errno, explained; kshm_request_undo() has to follow either way.
 */
int kshm_request_prepare(struct kshm_request *req)
{
	return prepare(req);
}

/**
 * kshm_request_undo() - undo what was prepared
 * @req: the request
 * @status: how it ended
 *
 * Context: process context, any task. May sleep.
 */
void kshm_request_undo(struct kshm_request *req, int status)
{
	if (trace_kshm_request_done_enabled())
		trace_done(req, status);
	if (req->prepared)
		kshm_method_undo(req);
}

/* Returns 0 if the handler ran, however that ended. */
static __always_inline int perform(struct kshm_request *req)
{
	int ret = prepare(req);

	if (!ret) {
		req->status = run(req);
		/* Most work, and return no copied output: there is nothing to do. */
		if (req->status || req->returned[KSHM_OPERAND_OUT])
			kshm_request_settle(req);
	}
	kshm_request_undo(req, ret ?: req->status);
	return ret;
}

/* All of it again, as the others would be without a register if they came back from here. */
static noinline int perform_traced(struct kshm_request *req)
{
	trace_kshm_request_start(req);
	return perform(req);
}

/*
 * Member by member: clearing the whole struct, arrays and all, costs more than
 * all of the checks. check_code() sets the control, prepare() what there is of operands,
 * before anybody looks.
 */
static __always_inline void init(struct kshm_request *req,
				 struct kshm_handle *handle,
				 const struct kshm_ioc_control *arg)
{
	req->handle = handle;
	req->arg = arg;
	req->in = ZERO_SIZE_PTR;
	req->out = ZERO_SIZE_PTR;
	req->pended = NULL;
	req->gifts = NULL;
	req->has_regions = false;
	req->mdl_set = false;
	req->prepared = false;
	req->user_ref = false;
	req->returned[KSHM_OPERAND_IN] = 0;
	req->returned[KSHM_OPERAND_OUT] = 0;
	req->returned[KSHM_OPERAND_DATA] = 0;
	req->needed = 0;
	req->detail = 0;
	req->status = 0;
	req->why.check = KSHM_EXPLAIN_NONE;
}

/* Whichever way it came; twice in the binary, so that an ioctl knows nothing of rings. */
static __always_inline int request(struct kshm_handle *handle,
				   const struct kshm_ioc_control *arg,
				   struct kshm_ioc_control __user *uarg,
				   struct kshm_uring *uring)
{
	struct kshm_device *dev = handle->dev;
	/* Kernels that clear stack variables need not: see init(). */
	struct kshm_request req __uninitialized;
	int ret;

	init(&req, handle, arg);
	if (kshm_device_enter(dev)) {
		ret = check(&req, uarg);
		if (!ret && unlikely(kshm_pended_wanted(&req)))
			ret = kshm_pended_request(&req, uring);
		else if (!ret && trace_kshm_request_start_enabled())
			ret = perform_traced(&req);
		else if (!ret)
			ret = perform(&req);
		kshm_device_leave(dev);
		if (req.has_regions)
			kshm_parts_put(&req);
	} else {
		ret = kshm_explain(&req.why, KSHM_EXPLAIN_GONE, 0, ENODEV);
	}

	if (!ret)
		ret = write_results(&req, uarg);
	else if (ret == KSHM_PENDED_GOES_ON)
		ret = 0;
	if (unlikely(req.gifts))
		kshm_gifts_end(req.gifts, !ret && !req.status);
	if (req.why.check)
		kshm_explain_to_user(&req.why, req.arg->explain);
	return ret;
}

/**
 * kshm_request() - KSHM_IOC_CONTROL
 * @handle: the handle
 * @arg: the captured struct
 * @uarg: the caller's struct
 *
 * Return: 0 if the handler ran; -errno if not, explained.
 */
int kshm_request(struct kshm_handle *handle, const struct kshm_ioc_control *arg,
		 struct kshm_ioc_control __user *uarg)
{
	return request(handle, arg, uarg, NULL);
}

/**
 * kshm_request_in_ring() - the same, from a ring
 * @handle: the handle
 * @arg: the captured struct
 * @uring: where it came from; see uring.h for what is set there
 *
 * Return: as kshm_request(); or -EIOCBQUEUED if it goes on, and tells the ring when it
 * has ended, which may be before this returns.
 */
int kshm_request_in_ring(struct kshm_handle *handle, const struct kshm_ioc_control *arg,
			 struct kshm_uring *uring)
{
	return request(handle, arg, uring->uarg, uring);
}

/**
 * kshm_request_tell() - tell whoever did not wait how his request ended
 * @req: the request, undone
 * @ret: 0 if its handler ran; -errno if not, explained
 * @uarg: the caller's struct
 *
 * Context: a task of the caller's.
 * Return: @ret; or -EFAULT if the results could not be written.
 */
int kshm_request_tell(const struct kshm_request *req, int ret,
		      struct kshm_ioc_control __user *uarg)
{
	if (!ret)
		ret = write_results(req, uarg);
	if (req->why.check)
		kshm_explain_to_user(&req->why, req->arg->explain);
	return ret;
}

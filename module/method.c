// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the four transfer methods
 *
 *                 in                out                data
 *   BUFFERED      captured          kernel buffer      -
 *   IN_DIRECT     captured          kernel buffer      pinned for reading
 *   OUT_DIRECT    captured          kernel buffer      pinned for writing
 *   NEITHER       wrapped           wrapped            -
 *
 * A part of a region is captured and copied to all the same; as data it is pinned
 * already.
 *
 * prepare() goes charge, capture, allocate, pin; undo() goes the same way back
 * and can follow a prepare() that stopped anywhere.
 */
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "account.h"
#include "explain.h"
#include "guard.h"
#include "handle.h"
#include "limits.h"
#include "mdl.h"
#include "method.h"
#include "part.h"
#include "pended.h"
#include "request.h"
#include "request_verify.h"
#include "user_buffer.h"

static int check_range(struct kshm_request *req, u32 operand,
		       const struct kshm_operand *op)
{
	if (!op->len || op->kind == KSHM_OPERAND_REGION ||
	    access_ok(u64_to_user_ptr(op->addr), op->len))
		return 0;
	return kshm_explain_address(&req->why, operand, op->addr, op->len, 0);
}

/*
 * Whether the operands lie in user space. Those of NEITHER are the handler's to
 * probe; its accessors check the same.
 */
int kshm_method_check_pointers(struct kshm_request *req)
{
	const struct kshm_ioc_control *arg = req->arg;
	int ret;

	if (kshm_request_method(req) == KSHM_METHOD_NEITHER)
		return 0;
	ret = check_range(req, KSHM_OPERAND_IN, &arg->in);
	if (!ret)
		ret = check_range(req, KSHM_OPERAND_OUT, &arg->out);
	if (!ret)
		ret = check_range(req, KSHM_OPERAND_DATA, &arg->data);
	return ret;
}

/*
 * The opener, in all but the odd case: then the handle's reference serves.
 */
static int choose_user(struct kshm_request *req)
{
	req->user = req->handle->user;
	if (uid_eq(req->user->uid, current_uid()))
		return 0;
	req->user = kshm_user_get_current(NULL);
	if (!req->user)
		return kshm_explain_error(&req->why, 0, -ENOMEM);
	req->user_ref = true;
	return 0;
}

/* What is pinned for longer than the call is locked memory. */
static int charge_lasting(struct kshm_request *req, unsigned long copied,
			  unsigned long pinned)
{
	int ret = kshm_check_request_pages(copied + pinned, &req->why);

	return ret ?: kshm_memlock_charge(&req->pended->lock, req->handle->user,
					  pinned, 0, &req->why);
}

/*
 * No sum wraps: the lengths passed access_ok(), or are inside of a region. A region
 * itself is charged since it was created.
 */
static int charge(struct kshm_request *req)
{
	unsigned long pages = DIV_ROUND_UP(req->arg->in.len, PAGE_SIZE) +
			      DIV_ROUND_UP(req->arg->out.len, PAGE_SIZE);
	unsigned long pinned = req->mdl.buffer ? 0 : kshm_mdl_span(&req->mdl);
	int ret;

	if (unlikely(req->pended)) {
		ret = charge_lasting(req, pages, pinned);
		if (ret)
			return ret;
	} else {
		pages += pinned;
	}
	if (!pages)
		return 0;
	ret = choose_user(req);
	if (ret)
		return ret;
	ret = kshm_charge(req->user, pages, &req->why);
	if (!ret)
		req->charged = pages;
	return ret;
}

static void uncharge(struct kshm_request *req)
{
	if (req->charged)
		kshm_uncharge(req->user, req->charged);
	if (req->user_ref)
		kshm_user_put(req->user);
}

static void *alloc_buffer(struct kshm_request *req, u32 operand, size_t len,
			  gfp_t zero)
{
	const gfp_t gfp = GFP_KERNEL_ACCOUNT | __GFP_NOWARN | zero;
	void *buf = req->guarded ? kshm_guard_alloc(len, gfp) : kvmalloc(len, gfp);

	if (!buf)
		kshm_explain_numbers(&req->why, KSHM_EXPLAIN_MEMORY, operand,
				     ENOMEM, len, 0, 0);
	return buf;
}

static void free_buffer(const struct kshm_request *req, const void *buf)
{
	if (ZERO_OR_NULL_PTR(buf))
		return;
	if (req->guarded)
		kshm_guard_free(buf);
	else
		kvfree(buf);
}

static int explain_copy(struct kshm_request *req, int error, u32 operand,
			const struct kshm_operand *op, size_t done,
			unsigned int need)
{
	if (error == -EINTR)
		return kshm_explain_error(&req->why, operand, error);
	return kshm_explain_address(&req->why, operand, op->addr + done,
				    op->len - done, need);
}

static int capture_in(struct kshm_request *req)
{
	const struct kshm_operand *op = &req->arg->in;
	size_t done;
	void *buf;
	int ret;

	if (!op->len)
		return 0;
	buf = alloc_buffer(req, KSHM_OPERAND_IN, op->len, 0);
	if (!buf)
		return -ENOMEM;
	if (op->kind == KSHM_OPERAND_REGION) {
		ret = kshm_part_copy_in(req, buf);
		done = 0;
	} else {
		ret = kshm_copy_in(buf, u64_to_user_ptr(op->addr), op->len,
				   &done);
	}
	if (ret) {
		free_buffer(req, buf);
		return explain_copy(req, ret, KSHM_OPERAND_IN, op, done,
				    KSHM_NEED_READ);
	}
	req->in = buf;
	req->copied_in = op->len;
	return 0;
}

/*
 * Faults the caller's output in for writing, without changing it, so that a
 * bad pointer is found before the handler runs and not after.
 */
static int probe_out(struct kshm_request *req)
{
	const struct kshm_operand *op = &req->arg->out;
	const char __user *uaddr = u64_to_user_ptr(op->addr);
	size_t done = 0, part, left;

	while (done < op->len) {
		part = min_t(size_t, op->len - done, KSHM_BATCH_BYTES);
		left = fault_in_safe_writeable(uaddr + done, part);
		done += part - left;
		if (fatal_signal_pending(current))
			return kshm_explain_error(&req->why, KSHM_OPERAND_OUT,
						  -EINTR);
		if (left)
			return explain_copy(req, -EFAULT, KSHM_OPERAND_OUT, op,
					    done, KSHM_NEED_WRITE);
		cond_resched();
	}
	return 0;
}

static int alloc_out(struct kshm_request *req)
{
	const struct kshm_operand *op = &req->arg->out;
	int ret;

	if (!op->len)
		return 0;
	ret = op->kind == KSHM_OPERAND_REGION ? 0 : probe_out(req);
	if (ret)
		return ret;
	req->out = alloc_buffer(req, KSHM_OPERAND_OUT, op->len, __GFP_ZERO);
	if (!req->out) {
		req->out = ZERO_SIZE_PTR;
		return -ENOMEM;
	}
	return 0;
}

static void wrap(struct kshm_user_buffer *buf, const struct kshm_operand *op)
{
	kshm_user_buffer_init(buf, u64_to_user_ptr(op->addr), op->len);
}

static void setup_mdl(struct kshm_request *req)
{
	const struct kshm_operand *op = &req->arg->data;

	if (op->kind == KSHM_OPERAND_REGION) {
		kshm_part_setup_data(req);
		return;
	}
	kshm_mdl_setup(&req->mdl, u64_to_user_ptr(op->addr), op->len,
		       kshm_request_method(req) == KSHM_METHOD_OUT_DIRECT ?
		       KSHM_FROM_DRIVER : KSHM_TO_DRIVER);
	req->mdl_set = true;
}

/**
 * kshm_method_prepare() - make the operands ready for the handler
 * @req: the request, checked, with any operands
 *
 * Return: 0 or -errno, explained; kshm_method_undo() has to follow either way
 * if the request's @prepared is set.
 */
int kshm_method_prepare(struct kshm_request *req)
{
	const struct kshm_ioc_control *arg = req->arg;
	int ret;

	if (kshm_request_method(req) == KSHM_METHOD_NEITHER) {
		wrap(&req->user_in, &arg->in);
		wrap(&req->user_out, &arg->out);
		return 0;
	}

	setup_mdl(req);
	req->prepared = true;
	req->guarded = kshm_verifier_on();
	req->charged = 0;
	req->copied_in = 0;
	req->copied_out = 0;
	ret = charge(req);
	if (!ret)
		ret = capture_in(req);
	if (!ret)
		ret = alloc_out(req);
	if (!ret && !req->mdl.buffer)
		ret = kshm_mdl_pin(&req->mdl, req->pended, KSHM_OPERAND_DATA,
				   &req->why);
	return ret;
}

/* The memory of who submitted a request, if whoever reads its completion is another. */
static struct mm_struct *other_mm(const struct kshm_request *req)
{
	struct mm_struct *mm = req->pended ? req->pended->mm : NULL;

	return mm == current->mm ? NULL : mm;
}

/**
 * kshm_method_copy_out() - give the caller what the handler left in out
 * @req: the request, handled with success, some of out returned
 */
void kshm_method_copy_out(struct kshm_request *req)
{
	struct mm_struct *mm = other_mm(req);
	const struct kshm_operand *op = &req->arg->out;
	size_t len = req->returned[KSHM_OPERAND_OUT], done;
	int ret;

	if (kshm_request_method(req) == KSHM_METHOD_NEITHER)
		return;
	if (op->kind == KSHM_OPERAND_REGION)
		ret = kshm_part_copy_out(req, req->out, len, &done);
	else if (unlikely(mm))
		ret = kshm_copy_out_to(mm, u64_to_user_ptr(op->addr), req->out, len,
				       &done);
	else
		ret = kshm_copy_out(u64_to_user_ptr(op->addr), req->out, len,
				    &done);
	req->copied_out = done;
	if (!ret)
		return;
	if (mm) {
		/* Nobody is there to be told more. */
		req->status = ret;
		return;
	}
	req->status = explain_copy(req, ret, KSHM_OPERAND_OUT, op, done,
				   KSHM_NEED_WRITE);
	if (ret == -EFAULT)
		req->why.check = KSHM_EXPLAIN_COPY_OUT;
}

void kshm_method_undo(struct kshm_request *req)
{
	/* Of one that has ended that is done, and its driver may be gone. */
	if (kshm_request_is_guarded(req) && !kshm_request_has_ended(req))
		kshm_request_verify_operands(req);
	/* What belongs to a region stays as it is. */
	if (!req->mdl.buffer)
		kshm_mdl_undo(&req->mdl);
	free_buffer(req, req->out);
	free_buffer(req, req->in);
	uncharge(req);
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - one control request from prepare to complete
 */
#ifndef KSHM_REQUEST_H
#define KSHM_REQUEST_H

#include <linux/kshm_driver.h>

struct kshm_explain;
struct kshm_gift;
struct kshm_handle;
struct kshm_hold;
struct kshm_pended;
struct kshm_piece;
struct kshm_uring;
struct task_struct;

/**
 * struct kshm_request - one call of a control
 * @mdl: the data operand, locked; made by kshm_request_mdl() if not @mdl_set. It is the
 *	first, so that tracepoints tell whose it is
 * @handle: whose; the ioctl under way holds it
 * @control: the row
 * @arg: the caller's struct, captured
 * @in: captured input; ZERO_SIZE_PTR for an empty one; not for NEITHER
 * @out: zeroed output buffer; ZERO_SIZE_PTR for an empty one; not for NEITHER
 * @user_in: wrapped input, for NEITHER only
 * @user_out: wrapped output, for NEITHER only
 * @holds: of the regions, by operand; references
 * @pieces: parts of regions that the driver took, the last one first
 * @gifts: descriptors that the caller gets if it succeeds, the last one first
 * @mdl_set: @mdl is made
 * @prepared: operands were charged, copied, pinned; there is something to undo
 * @user_ref: whether @user is a reference to put
 * @has_regions: some operand is a part of a region, or the driver took one: @holds of data
 *	is set up
 * @has_more_regions: so are all @holds, and @pieces; if @has_regions
 * @guarded: @in and @out are between guards; if @prepared
 * @is_compat: a 32-bit program called; set if the handler runs elsewhere, or can last
 * @caller: the calling task, as far as it waits or runs the handler; set as @is_compat is
 * @pended: what it is a part of if it can last longer than the call; otherwise NULL
 * @user: charged for @charged; valid as long as the request
 * @charged: pages, if @prepared
 * @returned: bytes, by operand
 * @needed: as the driver says
 * @detail: as the driver says
 * @status: 0 or -errno, once the handler returned
 * @copied_in: bytes kshm copied from the caller, if @prepared
 * @copied_out: bytes kshm copied to the caller, if @prepared
 * @why: explanation, filled in when it fails
 *
 * Lives on the stack of the calling task, which alone uses it, and does not as long as
 * the handler runs elsewhere; or, if it can last longer, where pended.h says.
 */
struct kshm_request {
	struct kshm_mdl mdl;
	struct kshm_handle *handle;
	const struct kshm_control *control;
	const struct kshm_ioc_control *arg;
	void *in;
	void *out;
	struct kshm_user_buffer user_in;
	struct kshm_user_buffer user_out;
	struct kshm_hold *holds[KSHM_OPERAND_DATA + 1];
	struct kshm_piece *pieces;
	struct kshm_gift *gifts;
	bool mdl_set;
	bool prepared;
	bool user_ref;
	bool has_regions;
	bool has_more_regions;
	bool guarded;
	bool is_compat;
	struct task_struct *caller;
	struct kshm_pended *pended;
	struct kshm_user *user;
	unsigned long charged;
	u64 returned[KSHM_OPERAND_DATA + 1];
	u64 needed;
	u32 detail;
	int status;
	u64 copied_in;
	u64 copied_out;
	struct kshm_explain why;
};

/* Whether the handler runs in the calling task. */
static inline bool kshm_request_in_caller(const struct kshm_request *req)
{
	return req->control->context == KSHM_CONTEXT_CALLER;
}

/* Whether this is, yet, the handler in the calling task. */
static inline bool kshm_request_has_caller(const struct kshm_request *req)
{
	return kshm_request_in_caller(req) && (!req->pended || req->caller);
}

static inline u32 kshm_request_method(const struct kshm_request *req)
{
	return KSHM_CODE_METHOD(req->arg->code);
}

/* Whether it has any bytes to take care of. */
static inline bool kshm_request_has_operands(const struct kshm_request *req)
{
	return req->arg->in.len | req->arg->out.len | req->arg->data.len;
}

/* Whether any of its operands is the caller's memory, with bytes or without. */
static inline bool kshm_request_names_memory(const struct kshm_request *req)
{
	return (req->arg->in.kind | req->arg->out.kind | req->arg->data.kind) &
	       KSHM_OPERAND_USER;
}

/* Whether any of its operands names a region, with bytes or without. */
static inline bool kshm_request_names_regions(const struct kshm_request *req)
{
	return (req->arg->in.kind | req->arg->out.kind | req->arg->data.kind) &
	       KSHM_OPERAND_REGION;
}

/* Whether the user buffers are set up; if not, they are empty. */
static inline bool kshm_request_is_wrapped(const struct kshm_request *req)
{
	return kshm_request_method(req) == KSHM_METHOD_NEITHER &&
	       kshm_request_has_operands(req);
}

/* Whether a part of a region is all that it has bytes of. */
static inline bool kshm_request_needs_only_a_region(const struct kshm_request *req)
{
	return req->arg->data.kind == KSHM_OPERAND_REGION &&
	       !(req->arg->in.len | req->arg->out.len);
}

int kshm_request_check_status(const struct kshm_request *req, int status);
struct kshm_mdl *kshm_request_data(struct kshm_request *req);
int kshm_request_prepare(struct kshm_request *req);
int kshm_request_run(struct kshm_request *req);
void kshm_request_settle(struct kshm_request *req);
void kshm_request_undo(struct kshm_request *req, int status);

int kshm_request(struct kshm_handle *handle, const struct kshm_ioc_control *arg,
		 struct kshm_ioc_control __user *uarg);
int kshm_request_in_ring(struct kshm_handle *handle, const struct kshm_ioc_control *arg,
			 struct kshm_uring *uring);
int kshm_request_tell(const struct kshm_request *req, int ret,
		      struct kshm_ioc_control __user *uarg);

#endif /* KSHM_REQUEST_H */

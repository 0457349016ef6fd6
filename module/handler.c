// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what handlers have of their requests, and say of them
 */
#include <linux/compat.h>
#include <linux/export.h>
#include <linux/kshm_driver.h>
#include <linux/sched/signal.h>

#include "context.h"
#include "device.h"
#include "handle.h"
#include "mdl.h"
#include "part.h"
#include "pended.h"
#include "request.h"
#include "request_verify.h"

/* The data operand, for kshm itself. */
struct kshm_mdl *kshm_request_data(struct kshm_request *req)
{
	/* Nothing can happen to an empty one: made when it is asked for. */
	if (!req->mdl_set)
		kshm_mdl_setup_empty(&req->mdl,
				     kshm_part_direction(req, KSHM_OPERAND_DATA));
	return &req->mdl;
}

/**
 * kshm_request_handle() - the handle a request came through
 * @req: the request
 */
struct kshm_handle *kshm_request_handle(const struct kshm_request *req)
{
	return req->handle;
}
EXPORT_SYMBOL_GPL(kshm_request_handle);

/**
 * kshm_request_control() - the row of the table that was called
 * @req: the request
 */
const struct kshm_control *kshm_request_control(const struct kshm_request *req)
{
	return req->control;
}
EXPORT_SYMBOL_GPL(kshm_request_control);

/**
 * kshm_request_in() - captured input
 * @req: the request; for a raw one see kshm_request_user_in()
 *
 * Return: kernel memory of kshm_request_in_len() bytes that nobody else
 * changes; never NULL.
 */
const void *kshm_request_in(const struct kshm_request *req)
{
	kshm_request_is_over(req);
	return req->in;
}
EXPORT_SYMBOL_GPL(kshm_request_in);

/**
 * kshm_request_in_len() - bytes of input
 * @req: the request
 */
size_t kshm_request_in_len(const struct kshm_request *req)
{
	kshm_request_is_over(req);
	return req->arg->in.len;
}
EXPORT_SYMBOL_GPL(kshm_request_in_len);

/**
 * kshm_request_out() - output buffer
 * @req: the request; for a raw one see kshm_request_user_out()
 *
 * What kshm_request_set_returned() says of it is copied to the caller if the
 * handler returns 0.
 *
 * Return: zeroed kernel memory of kshm_request_out_len() bytes; never NULL.
 */
void *kshm_request_out(struct kshm_request *req)
{
	kshm_request_is_over(req);
	return req->out;
}
EXPORT_SYMBOL_GPL(kshm_request_out);

/**
 * kshm_request_out_len() - bytes of room for output
 * @req: the request
 */
size_t kshm_request_out_len(const struct kshm_request *req)
{
	kshm_request_is_over(req);
	return req->arg->out.len;
}
EXPORT_SYMBOL_GPL(kshm_request_out_len);

/**
 * kshm_request_mdl() - the data operand
 * @req: the request
 *
 * Return: the mdl, locked, not mapped; an empty one if there is no data; never
 * NULL. kshm unmaps and unlocks it after the handler.
 */
struct kshm_mdl *kshm_request_mdl(struct kshm_request *req)
{
	kshm_request_is_over(req);
	return kshm_request_data(req);
}
EXPORT_SYMBOL_GPL(kshm_request_mdl);

/**
 * kshm_request_user_in() - input of a raw request
 * @req: the request
 *
 * Return: the buffer; an empty one for other methods; never NULL.
 */
struct kshm_user_buffer *kshm_request_user_in(struct kshm_request *req)
{
	if (!kshm_request_is_wrapped(req))
		kshm_user_buffer_init(&req->user_in, NULL, 0);
	return &req->user_in;
}
EXPORT_SYMBOL_GPL(kshm_request_user_in);

/**
 * kshm_request_user_out() - output of a raw request
 * @req: the request
 *
 * Return: the buffer; an empty one for other methods; never NULL.
 */
struct kshm_user_buffer *kshm_request_user_out(struct kshm_request *req)
{
	if (!kshm_request_is_wrapped(req))
		kshm_user_buffer_init(&req->user_out, NULL, 0);
	return &req->user_out;
}
EXPORT_SYMBOL_GPL(kshm_request_user_out);

/**
 * kshm_request_capture() - take a copy of pinned bytes that stays as it is
 * @req: the request
 * @offset: of the first byte in its data
 * @dst: where to
 * @len: bytes
 *
 * Return: 0, or -EMSGSIZE if that is not inside of the data.
 */
int kshm_request_capture(struct kshm_request *req, size_t offset, void *dst,
			 size_t len)
{
	return kshm_mdl_read(kshm_request_mdl(req), offset, dst, len);
}
EXPORT_SYMBOL_GPL(kshm_request_capture);

/**
 * kshm_request_set_returned() - say how many bytes of an operand were dealt with
 * @req: the request
 * @operand: KSHM_OPERAND_IN, _OUT or _DATA
 * @returned: bytes; more than the operand has is a bug and cut down to that
 */
void kshm_request_set_returned(struct kshm_request *req, unsigned int operand,
			       size_t returned)
{
	const u64 len[] = {
		[KSHM_OPERAND_IN] = req->arg->in.len,
		[KSHM_OPERAND_OUT] = req->arg->out.len,
		[KSHM_OPERAND_DATA] = req->arg->data.len,
	};

	if (kshm_request_is_over(req))
		return;
	if (kshm_misused(operand < KSHM_OPERAND_IN || operand > KSHM_OPERAND_DATA,
			 KSHM_VERIFIER_OPERAND, kshm_request_culprit(req)))
		return;
	req->returned[operand] = min_t(u64, returned, len[operand]);
}
EXPORT_SYMBOL_GPL(kshm_request_set_returned);

/**
 * kshm_request_set_needed() - say how large a buffer should have been
 * @req: the request
 * @needed: bytes
 */
void kshm_request_set_needed(struct kshm_request *req, u64 needed)
{
	if (kshm_request_is_over(req))
		return;
	req->needed = needed;
}
EXPORT_SYMBOL_GPL(kshm_request_set_needed);

/**
 * kshm_request_set_detail() - pass a number of the driver's own
 * @req: the request
 * @detail: the number; beside success it is what Windows calls a warning
 */
void kshm_request_set_detail(struct kshm_request *req, u32 detail)
{
	if (kshm_request_is_over(req))
		return;
	req->detail = detail;
}
EXPORT_SYMBOL_GPL(kshm_request_set_detail);

/**
 * kshm_request_is_compat() - whether a 32-bit program called
 * @req: the request
 *
 * kshm's own structs are the same for both; a driver's may not be.
 */
bool kshm_request_is_compat(const struct kshm_request *req)
{
	if (kshm_request_in_caller(req) && !req->pended)
		return in_compat_syscall();
	return req->is_compat;
}
EXPORT_SYMBOL_GPL(kshm_request_is_compat);

/**
 * kshm_request_cancelled() - whether a handler should come to an end
 * @req: the request
 *
 * True once the caller is being killed, the request cancelled, or the device
 * unregistered, which waits for the handler. A handler that runs long or sleeps looks at
 * it again and again, and returns -EINTR then. One that sleeps in a worker is woken when
 * the caller is killed or the request cancelled, as for any signal one is that sleeps
 * killably in its caller, and as there by nothing when the device is unregistered:
 * wait_event_timeout() with it in the condition sees both.
 *
 * Context: the handler's; or, of a request that pends, any.
 */
bool kshm_request_cancelled(const struct kshm_request *req)
{
	struct task_struct *caller = req->caller;

	if (kshm_request_in_caller(req) && !req->pended)
		caller = current;
	if (req->pended &&
	    (atomic_read(&req->pended->state) & KSHM_PENDED_CANCELLED))
		return true;
	return (caller && fatal_signal_pending(caller)) ||
	       kshm_device_going(req->handle->dev);
}
EXPORT_SYMBOL_GPL(kshm_request_cancelled);

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what the verifier looks at of a request
 *
 * Nothing here is called unless the verifier is on, or was when the request began, or the
 * driver did something that the kernel would warn of.
 */
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "device.h"
#include "guard.h"
#include "handle.h"
#include "in_flight.h"
#include "pended.h"
#include "request_verify.h"

/* Whose it is. Context: any, while its driver is there. */
struct kshm_culprit kshm_request_culprit(const struct kshm_request *req)
{
	const struct kshm_device *dev = req->handle->dev;

	return (struct kshm_culprit){
		.driver = dev->ops->owner,
		.device = kshm_device_name(dev),
		.control = req->control->name,
	};
}

/* Interrupts lock no mdl, and their task is anybody's. */
int kshm_request_handle_verified(struct kshm_request *req)
{
	struct kshm_running running;
	int status;

	if (!in_task())
		return req->control->handle(req);
	running.culprit = kshm_request_culprit(req);
	kshm_verifier_begin(&running);
	status = req->control->handle(req);
	/* The request may be anybody's by now; but whoever is here is inside of the device. */
	kshm_verifier_end(&running);
	return status;
}

/* Whether it is one that can last, and did, and its driver has it no more. */
bool kshm_request_has_ended(const struct kshm_request *req)
{
	return req->pended && (atomic_read(&req->pended->state) & KSHM_PENDED_ENDED);
}

/*
 * Whether its driver has it no more, and uses it. Of one whose completion was read the
 * memory is gone.
 */
bool kshm_request_report_over(const struct kshm_request *req)
{
	if (likely(!kshm_request_has_ended(req)))
		return false;
	kshm_verifier_report(KSHM_VERIFIER_USED_AFTER_END, kshm_request_culprit(req));
	return true;
}

static bool is_whole(const void *buf, size_t len)
{
	return ZERO_OR_NULL_PTR(buf) || kshm_guard_whole(buf, len);
}

/**
 * kshm_request_verify_operands() - tell if a driver wrote around input or output
 * @req: the request, with guards, which its driver is through with, and that is there yet
 *
 * Context: any.
 */
void kshm_request_verify_operands(const struct kshm_request *req)
{
	if (!is_whole(req->in, req->arg->in.len))
		kshm_verifier_report(KSHM_VERIFIER_IN_OVERRUN, kshm_request_culprit(req));
	if (!is_whole(req->out, req->arg->out.len))
		kshm_verifier_report(KSHM_VERIFIER_OUT_OVERRUN, kshm_request_culprit(req));
}

/* Tells of those of a handle that their driver keeps. Context: who unregisters its device. */
void kshm_request_report_kept(struct kshm_handle *handle)
{
	struct kshm_place place = { };
	struct kshm_pended *pended;

	while ((pended = kshm_in_flight_find(handle, &place))) {
		place.user_data = pended->user_data;
		place.number = pended->number + 1;
		if ((atomic_read(&pended->state) & KSHM_PENDED_PENDS) &&
		    !kshm_request_has_ended(&pended->req))
			kshm_verifier_report(KSHM_VERIFIER_NOT_COMPLETED,
					     kshm_request_culprit(&pended->req));
		kshm_in_flight_put(pended);
		cond_resched();
	}
}

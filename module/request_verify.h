/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what the verifier looks at of a request
 */
#ifndef KSHM_REQUEST_VERIFY_H
#define KSHM_REQUEST_VERIFY_H

#include "request.h"
#include "verifier.h"

struct kshm_culprit kshm_request_culprit(const struct kshm_request *req);
int kshm_request_handle_verified(struct kshm_request *req);
bool kshm_request_has_ended(const struct kshm_request *req);
bool kshm_request_report_over(const struct kshm_request *req);
void kshm_request_verify_operands(const struct kshm_request *req);
void kshm_request_report_kept(struct kshm_handle *handle);

/* Whether there are guards around its operands to look at. */
static inline bool kshm_request_is_guarded(const struct kshm_request *req)
{
	return req->prepared && unlikely(req->guarded);
}

/* Has its handler run, here. */
static inline int kshm_request_handle_here(struct kshm_request *req)
{
	if (kshm_verifier_on())
		return kshm_request_handle_verified(req);
	return req->control->handle(req);
}

/* Whether its driver has it no more; as far as the verifier is on, and tells. */
static inline bool kshm_request_is_over(const struct kshm_request *req)
{
	return kshm_verifier_on() && kshm_request_report_over(req);
}

#endif /* KSHM_REQUEST_VERIFY_H */

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - sentences about requests that are submitted
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static void explain_limit_requests(struct kshm_text *text,
				   const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "the handle has %llu request%s that %s not over, or not waited for, and may have at most %llu: get completions with kshm_wait() first, or have root raise /sys/module/kshm/parameters/max_handle_requests",
		      e->used, e->used == 1 ? "" : "s",
		      e->used == 1 ? "is" : "are", e->limit);
}

/* 0 is what all are asked for with, too. */
static void explain_request(struct kshm_text *text,
			    const struct kshm_explanation *e)
{
	if (e->used)
		kshm_text_add(text, "the handle has no request with user_data %llu",
			      e->used);
	else
		kshm_text_add(text, "the handle has no such request");
	kshm_text_add(text,
		      " that has not ended: see with kshm_wait() how it ended, if there was one");
}

static void explain_eventfd(struct kshm_text *text,
			    const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "descriptor %d is not open, or not that of an eventfd: pass one that eventfd() gave, or -1 for none",
		      (int)e->used);
}

static void explain_ring(struct kshm_text *text,
			 const struct kshm_explanation *e)
{
	(void)e;
	kshm_text_add(text,
		      "the control can keep its requests, and this kernel cannot take them back from a ring of io_uring: set KSHM_REQUEST_SUBMIT, and have the ring read the completion");
}

/* Of the checks that are about submitted requests only; NULL for others. */
kshm_explainer *kshm_submit_explainer(__u32 check)
{
	static kshm_explainer * const explainers[] = {
		[KSHM_EXPLAIN_LIMIT_REQUESTS] = explain_limit_requests,
		[KSHM_EXPLAIN_REQUEST] = explain_request,
		[KSHM_EXPLAIN_EVENTFD] = explain_eventfd,
		[KSHM_EXPLAIN_RING] = explain_ring,
	};

	return check < ARRAY_SIZE(explainers) ? explainers[check] : NULL;
}

/* What is the same whoever says it, and what kshm itself makes of a request. */
static void explain_end(struct kshm_text *text, const struct kshm_explanation *e)
{
	switch (e->error) {
	case -EFAULT:
		kshm_text_add(text, "what the driver returned for ");
		kshm_text_add_control(text, e);
		kshm_text_add(text,
			      " has no place: keep the memory of the out operand, and the process that submitted it, until kshm_wait() has given the completion");
		break;
	case -ECANCELED:
		kshm_text_add_control(text, e);
		kshm_text_add(text, e->said_by == KSHM_SAID_BY_DRIVER ?
			      " was cancelled, or its device removed" :
			      " was cancelled before its driver began with it");
		kshm_text_add(text, ": send it again if you still want it");
		break;
	default:
		kshm_text_add_control(text, e);
		kshm_text_add(text,
			      " has an end that is the driver's mistake: look for it in the kernel's log");
	}
}

KSHM_EXPORT int kshm_explain_completion(const struct kshm_handle *handle,
					const struct kshm_completion *completion,
					char *buffer, size_t size)
{
	struct kshm_text text = kshm_text_init(buffer, size);
	struct kshm_explanation e = {
		.error = completion->status,
		.said_by = completion->flags & KSHM_COMPLETION_KSHM ?
			   KSHM_SAID_BY_KSHM : KSHM_SAID_BY_DRIVER,
		.code = completion->code,
		.detail = completion->detail,
		.needed = completion->needed,
	};

	memcpy(e.device, handle->device, sizeof(e.device));
	/* What else a driver says of one that was cancelled is told as of any other. */
	if (e.said_by == KSHM_SAID_BY_DRIVER &&
	    (e.error != -ECANCELED || e.detail || e.needed))
		return kshm_explain(&e, buffer, size);
	explain_end(&text, &e);
	kshm_text_add_end(&text, abs(e.error));
	return text.length;
}

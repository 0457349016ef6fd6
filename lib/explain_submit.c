// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - sentences about requests that are submitted
 */
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

/* Of the checks that are about submitted requests only; NULL for others. */
kshm_explainer *kshm_submit_explainer(__u32 check)
{
	static kshm_explainer * const explainers[] = {
		[KSHM_EXPLAIN_LIMIT_REQUESTS] = explain_limit_requests,
		[KSHM_EXPLAIN_REQUEST] = explain_request,
		[KSHM_EXPLAIN_EVENTFD] = explain_eventfd,
	};

	return check < ARRAY_SIZE(explainers) ? explainers[check] : NULL;
}

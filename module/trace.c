// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tracepoints
 */
#include <linux/build_bug.h>
#include <linux/stddef.h>

#include "request.h"

/* What is told of an mdl has the number of the request that it belongs to. */
static_assert(!offsetof(struct kshm_request, mdl));

#define CREATE_TRACE_POINTS
#include "trace.h"

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tracepoints
 */
#define CREATE_TRACE_POINTS
#include "trace.h"

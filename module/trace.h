/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - tracepoints
 *
 * The steps of a request have its address. Of requests that are under way at one time no
 * two have the same, it costs nothing while nobody looks, and it is what handlers and what
 * they call are called with, and the address of its mdl. It is printed as %p, as the kernel
 * prints addresses: a number that is none, the same in all lines of a request.
 *
 * Any of them can be in an interrupt, or under a lock of a driver's: they copy, that is all.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kshm

#if !defined(KSHM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KSHM_TRACE_H

#include <linux/kshm_driver.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

struct kshm_request;

/* What reads formats outside of the kernel has no names for numbers. */
TRACE_DEFINE_ENUM(KSHM_CONTEXT_CALLER);
TRACE_DEFINE_ENUM(KSHM_CONTEXT_WORKER);
TRACE_DEFINE_ENUM(KSHM_CONTEXT_SOFTIRQ);
TRACE_DEFINE_ENUM(KSHM_CONTEXT_HARDIRQ);
TRACE_DEFINE_ENUM(KSHM_MAPPED_NONE);
TRACE_DEFINE_ENUM(KSHM_MAPPED_SEGMENTS);
TRACE_DEFINE_ENUM(KSHM_MAPPED_PAGE_ADDRESS);
TRACE_DEFINE_ENUM(KSHM_MAPPED_VMAP);
TRACE_DEFINE_ENUM(KSHM_MAPPED_REGION);
TRACE_DEFINE_ENUM(KSHM_TO_DRIVER);
TRACE_DEFINE_ENUM(KSHM_FROM_DRIVER);

#define kshm_show_mapping(mapping)				\
	__print_symbolic(mapping,				\
			 { KSHM_MAPPED_NONE, "none" },		\
			 { KSHM_MAPPED_SEGMENTS, "segments" },	\
			 { KSHM_MAPPED_PAGE_ADDRESS, "page_address" }, \
			 { KSHM_MAPPED_VMAP, "vmap" },		\
			 { KSHM_MAPPED_REGION, "region" })

/* Whether a task that is no worker is the caller, nobody knows any more. */
#define kshm_show_context(context)				\
	__print_symbolic(context,				\
			 { KSHM_CONTEXT_CALLER, "task" },	\
			 { KSHM_CONTEXT_WORKER, "worker" },	\
			 { KSHM_CONTEXT_SOFTIRQ, "softirq" },	\
			 { KSHM_CONTEXT_HARDIRQ, "hardirq" })

#define kshm_context_now()					\
	(in_hardirq() ? KSHM_CONTEXT_HARDIRQ :			\
	 in_serving_softirq() ? KSHM_CONTEXT_SOFTIRQ :		\
	 current->flags & PF_WQ_WORKER ? KSHM_CONTEXT_WORKER :	\
					 KSHM_CONTEXT_CALLER)

/* What every step begins with. */
#define REQUEST_ENTRY						\
		__field(const void *, req)			\
		__array(char, device, KSHM_NAME_SIZE)		\
		__field(u32, code)				\
		__field(u64, user_data)

#define REQUEST_ASSIGN						\
		__entry->req = req;				\
		strscpy_pad(__entry->device,			\
			    kshm_device_name(kshm_handle_device(req->handle)), \
			    KSHM_NAME_SIZE);			\
		__entry->code = req->arg->code;			\
		__entry->user_data = req->arg->user_data

#define REQUEST_PR_FMT	"req=%p device=%s code=0x%08x user_data=%llu"
#define REQUEST_PR_ARG	__entry->req, __entry->device, __entry->code, __entry->user_data

TRACE_EVENT(kshm_request_start,
	TP_PROTO(const struct kshm_request *req),
	TP_ARGS(req),
	TP_STRUCT__entry(
		REQUEST_ENTRY
		__field(u64, in)
		__field(u64, out)
		__field(u64, data)
	),
	TP_fast_assign(
		REQUEST_ASSIGN;
		__entry->in = req->arg->in.len;
		__entry->out = req->arg->out.len;
		__entry->data = req->arg->data.len;
	),
	TP_printk(REQUEST_PR_FMT " in=%llu out=%llu data=%llu",
		  REQUEST_PR_ARG, __entry->in, __entry->out, __entry->data)
);

DECLARE_EVENT_CLASS(kshm_request_step,
	TP_PROTO(const struct kshm_request *req),
	TP_ARGS(req),
	TP_STRUCT__entry(
		REQUEST_ENTRY
		__field(int, context)
	),
	TP_fast_assign(
		REQUEST_ASSIGN;
		__entry->context = kshm_context_now();
	),
	TP_printk(REQUEST_PR_FMT " context=%s", REQUEST_PR_ARG,
		  kshm_show_context(__entry->context))
);

DEFINE_EVENT(kshm_request_step, kshm_request_prepare,
	TP_PROTO(const struct kshm_request *req),
	TP_ARGS(req)
);

DEFINE_EVENT(kshm_request_step, kshm_request_enter,
	TP_PROTO(const struct kshm_request *req),
	TP_ARGS(req)
);

DEFINE_EVENT(kshm_request_step, kshm_request_pend,
	TP_PROTO(const struct kshm_request *req),
	TP_ARGS(req)
);

DEFINE_EVENT(kshm_request_step, kshm_request_cancel,
	TP_PROTO(const struct kshm_request *req),
	TP_ARGS(req)
);

DECLARE_EVENT_CLASS(kshm_request_status,
	TP_PROTO(const struct kshm_request *req, int status),
	TP_ARGS(req, status),
	TP_STRUCT__entry(
		REQUEST_ENTRY
		__field(int, context)
		__field(int, status)
	),
	TP_fast_assign(
		REQUEST_ASSIGN;
		__entry->context = kshm_context_now();
		__entry->status = status;
	),
	TP_printk(REQUEST_PR_FMT " context=%s status=%d",
		  REQUEST_PR_ARG, kshm_show_context(__entry->context),
		  __entry->status)
);

DEFINE_EVENT(kshm_request_status, kshm_request_return,
	TP_PROTO(const struct kshm_request *req, int status),
	TP_ARGS(req, status)
);

DEFINE_EVENT(kshm_request_status, kshm_request_complete,
	TP_PROTO(const struct kshm_request *req, int status),
	TP_ARGS(req, status)
);

DEFINE_EVENT(kshm_request_status, kshm_request_read,
	TP_PROTO(const struct kshm_request *req, int status),
	TP_ARGS(req, status)
);

/* @req has its mdl set up, @in and @out are the bytes that were copied. */
TRACE_EVENT(kshm_request_done,
	TP_PROTO(const struct kshm_request *req, int status, u64 in, u64 out),
	TP_ARGS(req, status, in, out),
	TP_STRUCT__entry(
		REQUEST_ENTRY
		__field(int, status)
		__field(unsigned long, pages)
		__field(int, mapping)
		__field(u64, copied_in)
		__field(u64, copied_out)
	),
	TP_fast_assign(
		REQUEST_ASSIGN;
		__entry->status = status;
		__entry->pages = req->mdl.nr_pages;
		__entry->mapping = req->mdl.mapping;
		__entry->copied_in = in;
		__entry->copied_out = out;
	),
	TP_printk(REQUEST_PR_FMT " status=%d pages=%lu mapping=%s copied_in=%llu copied_out=%llu",
		  REQUEST_PR_ARG, __entry->status,
		  __entry->pages, kshm_show_mapping(__entry->mapping),
		  __entry->copied_in, __entry->copied_out)
);

TRACE_EVENT(kshm_mdl_lock,
	TP_PROTO(const struct kshm_mdl *mdl, int ret),
	TP_ARGS(mdl, ret),
	TP_STRUCT__entry(
		__field(const void *, mdl)
		__field(unsigned long, addr)
		__field(size_t, len)
		__field(unsigned long, pages)
		__field(int, direction)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->mdl = mdl;
		__entry->addr = (unsigned long)mdl->addr;
		__entry->len = mdl->len;
		__entry->pages = mdl->nr_pages;
		__entry->direction = mdl->direction;
		__entry->ret = ret;
	),
	TP_printk("mdl=%p addr=0x%lx len=%zu pages=%lu direction=%s ret=%d",
		  __entry->mdl, __entry->addr, __entry->len, __entry->pages,
		  __print_symbolic(__entry->direction,
				   { KSHM_TO_DRIVER, "to-driver" },
				   { KSHM_FROM_DRIVER, "from-driver" }),
		  __entry->ret)
);

TRACE_EVENT(kshm_mdl_map,
	TP_PROTO(const struct kshm_mdl *mdl),
	TP_ARGS(mdl),
	TP_STRUCT__entry(
		__field(const void *, mdl)
		__field(unsigned long, pages)
		__field(int, mapping)
	),
	TP_fast_assign(
		__entry->mdl = mdl;
		__entry->pages = mdl->nr_pages;
		__entry->mapping = mdl->mapping;
	),
	TP_printk("mdl=%p pages=%lu mapping=%s", __entry->mdl, __entry->pages,
		  kshm_show_mapping(__entry->mapping))
);

TRACE_EVENT(kshm_region_stale,
	TP_PROTO(u64 number, unsigned long addr),
	TP_ARGS(number, addr),
	TP_STRUCT__entry(
		__field(u64, number)
		__field(unsigned long, addr)
	),
	TP_fast_assign(
		__entry->number = number;
		__entry->addr = addr;
	),
	TP_printk("region=%llu addr=0x%lx", __entry->number, __entry->addr)
);

TRACE_EVENT(kshm_section_stale,
	TP_PROTO(u64 number, u64 offset),
	TP_ARGS(number, offset),
	TP_STRUCT__entry(
		__field(u64, number)
		__field(u64, offset)
	),
	TP_fast_assign(
		__entry->number = number;
		__entry->offset = offset;
	),
	TP_printk("region=%llu offset=%llu", __entry->number, __entry->offset)
);

#endif /* KSHM_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>

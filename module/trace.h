/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - tracepoints
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kshm

#if !defined(KSHM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KSHM_TRACE_H

#include <linux/kshm_driver.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#define kshm_show_mapping(mapping)				\
	__print_symbolic(mapping,				\
			 { KSHM_MAPPED_NONE, "none" },		\
			 { KSHM_MAPPED_SEGMENTS, "segments" },	\
			 { KSHM_MAPPED_PAGE_ADDRESS, "page_address" }, \
			 { KSHM_MAPPED_VMAP, "vmap" },		\
			 { KSHM_MAPPED_REGION, "region" })

TRACE_EVENT(kshm_request_start,
	TP_PROTO(const char *device, const struct kshm_ioc_control *arg),
	TP_ARGS(device, arg),
	TP_STRUCT__entry(
		__array(char, device, KSHM_NAME_SIZE)
		__field(u32, code)
		__field(u64, in)
		__field(u64, out)
		__field(u64, data)
	),
	TP_fast_assign(
		strscpy(__entry->device, device, KSHM_NAME_SIZE);
		__entry->code = arg->code;
		__entry->in = arg->in.len;
		__entry->out = arg->out.len;
		__entry->data = arg->data.len;
	),
	TP_printk("device=%s code=0x%08x in=%llu out=%llu data=%llu",
		  __entry->device, __entry->code, __entry->in, __entry->out,
		  __entry->data)
);

TRACE_EVENT(kshm_request_done,
	TP_PROTO(const char *device, u32 code, int status,
		 const struct kshm_mdl *mdl, u64 copied_in, u64 copied_out),
	TP_ARGS(device, code, status, mdl, copied_in, copied_out),
	TP_STRUCT__entry(
		__array(char, device, KSHM_NAME_SIZE)
		__field(u32, code)
		__field(int, status)
		__field(unsigned long, pages)
		__field(int, mapping)
		__field(u64, copied_in)
		__field(u64, copied_out)
	),
	TP_fast_assign(
		strscpy(__entry->device, device, KSHM_NAME_SIZE);
		__entry->code = code;
		__entry->status = status;
		__entry->pages = mdl->nr_pages;
		__entry->mapping = mdl->mapping;
		__entry->copied_in = copied_in;
		__entry->copied_out = copied_out;
	),
	TP_printk("device=%s code=0x%08x status=%d pages=%lu mapping=%s copied_in=%llu copied_out=%llu",
		  __entry->device, __entry->code, __entry->status,
		  __entry->pages, kshm_show_mapping(__entry->mapping),
		  __entry->copied_in, __entry->copied_out)
);

TRACE_EVENT(kshm_mdl_lock,
	TP_PROTO(const struct kshm_mdl *mdl, int ret),
	TP_ARGS(mdl, ret),
	TP_STRUCT__entry(
		__field(unsigned long, addr)
		__field(size_t, len)
		__field(unsigned long, pages)
		__field(int, direction)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->addr = (unsigned long)mdl->addr;
		__entry->len = mdl->len;
		__entry->pages = mdl->nr_pages;
		__entry->direction = mdl->direction;
		__entry->ret = ret;
	),
	TP_printk("addr=0x%lx len=%zu pages=%lu direction=%s ret=%d",
		  __entry->addr, __entry->len, __entry->pages,
		  __print_symbolic(__entry->direction,
				   { KSHM_TO_DRIVER, "to-driver" },
				   { KSHM_FROM_DRIVER, "from-driver" }),
		  __entry->ret)
);

TRACE_EVENT(kshm_mdl_map,
	TP_PROTO(const struct kshm_mdl *mdl),
	TP_ARGS(mdl),
	TP_STRUCT__entry(
		__field(unsigned long, pages)
		__field(int, mapping)
	),
	TP_fast_assign(
		__entry->pages = mdl->nr_pages;
		__entry->mapping = mdl->mapping;
	),
	TP_printk("pages=%lu mapping=%s", __entry->pages,
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

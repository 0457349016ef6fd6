// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - requests to the driver of a device
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "internal.h"

static_assert(sizeof(struct kshm_operand) == 32, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_control) == 144, "the ABI of the module");
static_assert(sizeof(struct kshm_explain) == 56, "the ABI of the module");
static_assert(sizeof(struct kshm_result) == 80, "the ABI of the library");
static_assert(sizeof(struct kshm_explanation) == 128, "the ABI of the library");

KSHM_EXPORT struct kshm_operand kshm_operand_none(void)
{
	return (struct kshm_operand){ .kind = KSHM_OPERAND_NONE };
}

KSHM_EXPORT struct kshm_operand kshm_operand_user(const void *addr, size_t len)
{
	return (struct kshm_operand){
		.kind = KSHM_OPERAND_USER,
		.addr = (uintptr_t)addr,
		.len = len,
	};
}

/* A failed request leaves out_returned as it was: 0 is what the caller gets. */
static struct kshm_operand operand_to_uapi(const struct kshm_operand *operand)
{
	struct kshm_operand uapi = operand ? *operand : kshm_operand_none();

	uapi.out_returned = 0;
	return uapi;
}

/* Of a call that kshm refused with @error, or of one that succeeded: 0. */
void kshm_explanation_from_uapi(struct kshm_explanation *explanation,
				const struct kshm_handle *handle, int error,
				const struct kshm_explain *explain)
{
	memset(explanation, 0, sizeof(*explanation));
	if (!error)
		return;
	explanation->error = error;
	explanation->said_by = KSHM_SAID_BY_KSHM;
	explanation->page_size = handle->page_size;
	memcpy(explanation->device, handle->device,
	       sizeof(explanation->device));
	explanation->check = explain->check;
	explanation->operand = explain->operand;
	explanation->mapping = explain->mapping;
	explanation->prot = explain->prot;
	explanation->addr = explain->addr;
	explanation->needed = explain->needed;
	explanation->used = explain->used;
	explanation->limit = explain->limit;
}

/* The id of the region that an operand names, or 0. */
static __u32 region_of(const struct kshm_ioc_control *ioc, __u32 operand)
{
	const struct kshm_operand * const operands[] = {
		[KSHM_OPERAND_IN] = &ioc->in,
		[KSHM_OPERAND_OUT] = &ioc->out,
		[KSHM_OPERAND_DATA] = &ioc->data,
	};

	if (operand >= ARRAY_SIZE(operands) || !operands[operand] ||
	    operands[operand]->kind != KSHM_OPERAND_REGION)
		return 0;
	return operands[operand]->id;
}

static void fill_explanation(struct kshm_explanation *explanation,
			     const struct kshm_handle *handle,
			     const struct kshm_ioc_control *ioc,
			     const struct kshm_result *result,
			     const struct kshm_explain *explain)
{
	kshm_explanation_from_uapi(explanation, handle, result->status,
				   explain);
	if (!result->status)
		return;
	explanation->said_by = result->said_by;
	explanation->code = ioc->code;
	explanation->region = region_of(ioc, explain->operand);
	if (result->said_by == KSHM_SAID_BY_DRIVER) {
		explanation->needed = result->needed;
		explanation->detail = result->detail;
	}
}

struct kshm_ioc_control kshm_control_to_uapi(__u32 code,
					     const struct kshm_operand *in,
					     const struct kshm_operand *out,
					     const struct kshm_operand *data)
{
	return (struct kshm_ioc_control){
		.size = sizeof(struct kshm_ioc_control),
		.code = code,
		.in = operand_to_uapi(in),
		.out = operand_to_uapi(out),
		.data = operand_to_uapi(data),
	};
}

/*
 * Folds the two levels of a request's end into one. The module explains what it
 * said itself, also after the handler ran, and nothing that the driver said.
 */
int kshm_control_send(const struct kshm_handle *handle,
		      struct kshm_ioc_control *ioc, struct kshm_result *result,
		      struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_result end = { 0 };
	int ret;

	ioc->explain = (uintptr_t)&explain;
	ret = kshm_ioctl(handle->fd, KSHM_IOC_CONTROL, ioc);
	end.ran = !ret;
	end.status = ret < 0 ? ret : ioc->out_status;
	if (ret < 0 || (end.status && explain.check != KSHM_EXPLAIN_NONE))
		end.said_by = KSHM_SAID_BY_KSHM;
	end.detail = ioc->out_detail;
	end.needed = ioc->out_needed;
	end.in_returned = ioc->in.out_returned;
	end.out_returned = ioc->out.out_returned;
	end.data_returned = ioc->data.out_returned;

	if (result)
		*result = end;
	if (explanation)
		fill_explanation(explanation, handle, ioc, &end, &explain);
	return end.status;
}

KSHM_EXPORT int kshm_control(const struct kshm_handle *handle, __u32 code,
			     const struct kshm_operand *in,
			     const struct kshm_operand *out,
			     const struct kshm_operand *data,
			     struct kshm_result *result,
			     struct kshm_explanation *explanation)
{
	struct kshm_ioc_control ioc = kshm_control_to_uapi(code, in, out, data);

	return kshm_control_send(handle, &ioc, result, explanation);
}

KSHM_EXPORT int kshm_device_io_control(const struct kshm_handle *handle,
				       __u32 code,
				       const void *in, size_t in_len,
				       void *out, size_t out_len,
				       size_t *returned)
{
	struct kshm_operand first = kshm_operand_user(in, in_len);
	struct kshm_operand second = kshm_operand_user(out, out_len);
	bool direct = KSHM_CODE_METHOD(code) == KSHM_METHOD_IN_DIRECT ||
		      KSHM_CODE_METHOD(code) == KSHM_METHOD_OUT_DIRECT;
	struct kshm_result result;
	int ret;

	ret = kshm_control(handle, code, &first, direct ? NULL : &second,
			   direct ? &second : NULL, &result, NULL);
	if (!ret && returned)
		*returned = direct ? result.data_returned : result.out_returned;
	return ret;
}

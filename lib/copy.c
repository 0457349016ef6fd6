// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - copies between regions of any processes and plain memory
 */
#include <assert.h>
#include <errno.h>
#include <linux/kshm_copy.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static_assert(sizeof(struct kshm_copy) == 16, "the ABI of the module");

/* What is copied, and the same as the device takes it. */
struct input {
	const struct kshm_operand *to;
	size_t nr_to;
	const struct kshm_operand *from;
	size_t nr_from;
	void *bytes;
	size_t len;
};

/* More than there may be are one more: enough for the module to say so. */
static size_t at_most(size_t nr)
{
	return nr <= KSHM_COPY_MAX_PIECES ? nr : KSHM_COPY_MAX_PIECES + 1;
}

static void add(struct input *input, const void *bytes, size_t len)
{
	if (len)
		memcpy((char *)input->bytes + input->len, bytes, len);
	input->len += len;
}

static int make_bytes(struct input *input)
{
	const size_t size = sizeof(struct kshm_operand);
	struct kshm_copy head = {
		.nr_from = input->nr_from, .nr_to = input->nr_to,
	};

	input->bytes = malloc(sizeof(head) + (input->nr_from + input->nr_to) * size);
	if (!input->bytes)
		return -ENOMEM;
	add(input, &head, sizeof(head));
	add(input, input->from, input->nr_from * size);
	add(input, input->to, input->nr_to * size);
	return 0;
}

/* The id of the region that @operand, of an explanation, names, or 0. */
static __u32 region_of(const struct input *input, __u32 operand)
{
	const struct kshm_operand *piece = NULL;
	__u32 read = operand - KSHM_OPERAND_PIECE_READ;
	__u32 written = operand - KSHM_OPERAND_PIECE_WRITTEN;

	if (read < input->nr_from)
		piece = &input->from[read];
	else if (written < input->nr_to)
		piece = &input->to[written];
	return piece && piece->kind == KSHM_OPERAND_REGION ? piece->id : 0;
}

static void explain(struct kshm_explanation *explanation,
		    const struct kshm_handle *handle, int error, bool ran,
		    const struct kshm_explain *why, const struct input *input)
{
	if (!explanation)
		return;
	kshm_explanation_from_uapi(explanation, handle, error, why);
	if (!error)
		return;
	if (ran && why->check == KSHM_EXPLAIN_NONE)
		explanation->said_by = KSHM_SAID_BY_DRIVER;
	explanation->code = KSHM_COPY;
	explanation->region = region_of(input, why->operand);
}

/* What was copied of one that ends early is told beside success, with the errno. */
static int call(const struct kshm_handle *handle, const struct input *input,
		__u64 *copied, struct kshm_explanation *explanation)
{
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_control ioc = {
		.size = sizeof(ioc),
		.code = KSHM_COPY,
		.in = kshm_operand_user(input->bytes, input->len),
		.out = kshm_operand_user(copied, sizeof(*copied)),
		.explain = (uintptr_t)&why,
	};
	int error, ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_CONTROL, &ioc);
	error = ret;
	if (!ret)
		error = ioc.out_status ?: -(int)ioc.out_detail;
	explain(explanation, handle, error, !ret, &why, input);
	return error;
}

KSHM_EXPORT int kshm_copy(const struct kshm_handle *handle,
			  const struct kshm_operand *to, size_t nr_to,
			  const struct kshm_operand *from, size_t nr_from,
			  __u64 *copied, struct kshm_explanation *explanation)
{
	const struct kshm_explain nothing = { .check = KSHM_EXPLAIN_NONE };
	struct input input = {
		.to = to,
		.nr_to = at_most(nr_to),
		.from = from,
		.nr_from = at_most(nr_from),
	};
	__u64 done = 0;
	int ret;

	ret = make_bytes(&input);
	if (ret)
		explain(explanation, handle, ret, false, &nothing, &input);
	else
		ret = call(handle, &input, &done, explanation);
	free(input.bytes);
	if (copied)
		*copied = done;
	return ret;
}

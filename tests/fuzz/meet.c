// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: threads that meet
 */
#include <string.h>
#include <unistd.h>

#include "known.h"
#include "known_name.h"
#include "known_request.h"
#include "known_share.h"
#include "meet.h"

/* How long is waited, and how often looked meanwhile. */
#define STEP_US		100
#define STEPS		30

#define NO_SLOT		(~0ull)

static bool is_empty(enum value_type type, __u64 value)
{
	static const struct kshm_region_key none;
	struct kshm_region_key key;

	switch (type) {
	case VALUE_REGION:
		return !known_id(value);
	case VALUE_FD:
		return share_fd(value) == -1;
	case VALUE_NAME:
		return !name_find(value, NULL);
	default:
		key = share_key(value);
		return !memcmp(&key, &none, sizeof(key));
	}
}

static bool fills(const struct op *op, enum value_type type, __u64 slot)
{
	switch (type) {
	case VALUE_REGION:
		return op_makes_region(op) && op_slot(op) == slot;
	case VALUE_FD:
		return op_makes_fd(op) && op_fd_slot(op) == slot;
	case VALUE_KEY:
		return op->type == OP_REGION_KEY && op->v[TO] == slot;
	case VALUE_NAME:
		return op->type == OP_NAME_PUBLISH && op->v[TO] == slot;
	default:
		return false;
	}
}

/* Whether a slot is filled by another thread than that of the operation. */
static bool others_fill(const struct program *program, const struct op *op,
			enum value_type type, __u64 slot)
{
	unsigned int i;

	for (i = 0; i < program->nr_ops; i++)
		if (program->ops[i].thread != op->thread &&
		    fills(&program->ops[i], type, slot))
			return true;
	return false;
}

/* The slot that a value stands for, or that it is none. */
static __u64 slot_of(enum value_type type, __u64 value)
{
	if (type == VALUE_NAME)
		return value;
	return value >= SLOT0 && value < SLOT0 + SLOTS ? value - SLOT0 : NO_SLOT;
}

/* Whether another thread submits requests for one that reads or cancels such. */
static bool others_submit(const struct program *program, const struct op *op)
{
	unsigned int i;

	if (op->type != OP_COMPLETE && op->type != OP_CANCEL)
		return false;
	for (i = 0; i < program->nr_ops; i++)
		if (program->ops[i].thread != op->thread && op_submits(&program->ops[i]) &&
		    program->ops[i].v[HANDLE] == op->v[HANDLE])
			return true;
	return false;
}

void meet(const struct program *program, const struct op *op)
{
	const struct op_info *info = &op_infos[op->type];
	unsigned int i, steps = 0;

	while (others_submit(program, op) && steps++ < STEPS && !requests_of(op->v[HANDLE]))
		usleep(STEP_US);
	for (i = 0; i < info->nr_values; i++) {
		enum value_type type = info->values[i].type;

		if (!others_fill(program, op, type, slot_of(type, op->v[i])))
			continue;
		while (steps++ < STEPS && is_empty(type, op->v[i]))
			usleep(STEP_US);
	}
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: what <linux/kshm.h> promises about a request
 *
 * Written down once more, and independently of the module: the checks in their
 * order, and what an explanation says.
 */
#include <errno.h>
#include <stddef.h>

#include "control.h"
#include "known.h"
#include "promise.h"

#define PAGE		4096ull
#define MAX_COPIED	(64ull << 20)

static int form_error(const struct op *op)
{
	unsigned int i;

	if (op->v[FLAGS])
		return -EOPNOTSUPP;
	if (op->v[RESERVED])
		return -EINVAL;
	for (i = IN; i <= DATA; i += OUT - IN) {
		const __u64 *operand = &op->v[i];

		if (operand[KIND] == KSHM_OPERAND_REGION)
			continue;
		if (operand[OP_ID] || operand[KIND] > KSHM_OPERAND_REGION)
			return -EINVAL;
		if (!operand[KIND] && (operand[ADDR] || operand[LEN]))
			return -EINVAL;
	}
	return 0;
}

static bool copies(const struct op *op)
{
	return KSHM_CODE_METHOD(op->v[CODE]) != KSHM_METHOD_NEITHER;
}

static int length_error(const struct op *op, const struct control *control)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		__u64 len = op->v[IN + i * (OUT - IN) + LEN];

		if (len < control->bounds[i].min || len > control->bounds[i].max)
			return -EMSGSIZE;
		if (i < 2 && copies(op) && len > MAX_COPIED)
			return -EMSGSIZE;
	}
	return 0;
}

/* Where user space ends depends on the machine; the upper half is never of it. */
static int range_error(__u64 addr, __u64 len)
{
	if (addr >> 63 || len >> 63 || (addr + len) >> 63)
		return -EFAULT;
	return (addr + len) >> 46 ? CANNOT_TELL : 0;
}

static int part_error(const struct op *op, unsigned int operand)
{
	const __u64 *v = &op->v[operand];
	bool written = operand == OUT || (operand == DATA &&
		KSHM_CODE_METHOD(op->v[CODE]) == KSHM_METHOD_OUT_DIRECT);
	struct region region;

	if (!known_is_sure(op->v[HANDLE]))
		return CANNOT_TELL;
	if (!known_find(op->v[HANDLE], v[OP_ID], &region))
		return -ENOENT;
	if (!(region.rights & (written ? KSHM_REGION_WRITE : KSHM_REGION_READ)))
		return -EACCES;
	return v[ADDR] > region.len || v[LEN] > region.len - v[ADDR] ? -ERANGE : 0;
}

static int region_error(const struct op *op)
{
	unsigned int i;
	int error = 0;

	for (i = IN; !error && i <= DATA; i += OUT - IN)
		if (op->v[i + KIND] == KSHM_OPERAND_REGION)
			error = copies(op) ? part_error(op, i) : -EINVAL;
	return error;
}

static int pointer_error(const struct op *op)
{
	bool unsure = false;
	unsigned int i;
	int error;

	for (i = IN; copies(op) && i <= DATA; i += OUT - IN) {
		if (!op->v[i + LEN] || op->v[i + KIND] == KSHM_OPERAND_REGION)
			continue;
		error = range_error(op->v[i + ADDR], op->v[i + LEN]);
		if (error == -EFAULT)
			return error;
		unsure |= error == CANNOT_TELL;
	}
	error = region_error(op);
	if (error)
		return unsure ? CANNOT_TELL : error;
	error = range_error(op->v[EXPLAIN], sizeof(struct kshm_explain));
	if (error == -EFAULT)
		return error;
	return unsure || error ? CANNOT_TELL : 0;
}

static int limit_error(const struct op *op)
{
	__u64 in = op->v[IN + LEN], out = op->v[OUT + LEN];
	__u64 data = op->v[DATA + LEN], pages;

	pages = (in + PAGE - 1) / PAGE + (out + PAGE - 1) / PAGE;
	if (data && op->v[DATA + KIND] != KSHM_OPERAND_REGION)
		pages += (op->v[DATA + ADDR] % PAGE + data + PAGE - 1) / PAGE;
	return copies(op) && pages > MAX_REQUEST_PAGES ? -EDQUOT : 0;
}

/* Of the first version of a struct. */
static __u64 least_size(const struct op *op)
{
	switch (op->type) {
	case OP_REGION_CREATE:	return offsetof(struct kshm_ioc_region_create, flags);
	case OP_REGION_QUERY:	return offsetof(struct kshm_ioc_region_query, out_holds);
	default:		return op_infos[op->type].values[SIZE].usual;
	}
}

static int struct_error(const struct op *op)
{
	__u64 size = op_infos[op->type].values[SIZE].usual;

	if (op->v[AT] != OWN)
		return CANNOT_TELL;
	if ((__u32)op->v[SIZE] < least_size(op))
		return -EINVAL;
	if (op->v[SIZE] > size && op->v[TAIL])
		return -E2BIG;
	return op->v[SIZE] > PAGE ? CANNOT_TELL : 0;
}

int promised_error(const struct op *op, enum device device, unsigned int access)
{
	const struct control *control = control_find(device, op->v[CODE]);
	int error;

	error = struct_error(op) ?: form_error(op);
	if (error)
		return error;
	if (!control)
		return -ENOTTY;
	if (KSHM_CODE_ACCESS(control->code) & ~access)
		return -EACCES;
	return length_error(op, control) ?: pointer_error(op) ?: limit_error(op);
}

/* How often a range is one of the region's, of which there may be billions. */
static __u64 times(const struct op *op, unsigned int number)
{
	if (number >= op->v[RANGES])
		return 0;
	return number < NR_RANGES - 1 ? 1 : op->v[RANGES] - number;
}

__u64 ranges_len(const struct op *op)
{
	__u64 len = 0;
	unsigned int i;

	for (i = 0; i < NR_RANGES; i++)
		len += op_range(op, i)[RANGE_LEN] * times(op, i);
	return len;
}

static __u64 span(const __u64 *range)
{
	if (!range[RANGE_LEN])
		return 0;
	return (range[RANGE_ADDR] % PAGE + range[RANGE_LEN] + PAGE - 1) / PAGE;
}

__u64 ranges_pages(const struct op *op)
{
	__u64 pages = 0;
	unsigned int i;

	for (i = 0; i < NR_RANGES; i++)
		pages += span(op_range(op, i)) * times(op, i);
	return pages;
}

/* All but the first begin at a page, and all but the last end at one. */
static int ranges_error(const struct op *op)
{
	bool unsure = false, any = false;
	__u64 end = 0;
	unsigned int i;
	int error;

	if (op->v[RANGES_AT] != OWN)
		return op->v[RANGES] ? CANNOT_TELL : 0;
	for (i = 0; i < op->v[RANGES]; i++) {
		const __u64 *range = op_range(op, i);

		if (!range[RANGE_LEN])
			continue;
		error = range_error(range[RANGE_ADDR], range[RANGE_LEN]);
		if (error == CANNOT_TELL)
			unsure = true;
		else if (!error && any && (range[RANGE_ADDR] | end) % PAGE)
			error = -EINVAL;
		if (error < 0)
			return unsure ? CANNOT_TELL : error;
		end = range[RANGE_ADDR] + range[RANGE_LEN];
		any = true;
	}
	return unsure ? CANNOT_TELL : 0;
}

static int region_limit_error(const struct op *op)
{
	if (!known_is_sure(op->v[HANDLE]))
		return CANNOT_TELL;
	if (known_number(op->v[HANDLE]) >= MAX_HANDLE_REGIONS)
		return A_LIMIT;
	if (op->v[RANGES_AT] == OWN && ranges_pages(op) &&
	    known_pages() + ranges_pages(op) > MAX_LOCKED_PAGES)
		return A_LIMIT;
	return 0;
}

int promised_create_error(const struct op *op)
{
	int error = struct_error(op);

	if (error)
		return error;
	if (op->v[RIGHTS] & ~(__u64)(KSHM_REGION_READ | KSHM_REGION_WRITE))
		return -EOPNOTSUPP;
	if (!op->v[RIGHTS] || op->v[RANGES] > KSHM_REGION_MAX_RANGES)
		return -EINVAL;
	return ranges_error(op) ?: region_limit_error(op);
}

static int id_error(const struct op *op)
{
	struct region region;

	if (!known_is_sure(op->v[HANDLE]))
		return CANNOT_TELL;
	return known_find(op->v[HANDLE], op->v[REGION_ID], &region) ? 0 : -ENOENT;
}

int promised_query_error(const struct op *op)
{
	return struct_error(op) ?: id_error(op);
}

int promised_destroy_error(const struct op *op)
{
	int error = struct_error(op);

	if (error)
		return error;
	if (op->v[DESTROY_FLAGS] & ~(__u64)KSHM_REGION_WAIT)
		return -EOPNOTSUPP;
	return op->v[DESTROY_RESERVED] ? -EINVAL : id_error(op);
}

enum {
	CONTROL = 1 << OP_CONTROL,
	INFO = 1 << OP_INFO,
	CREATE = 1 << OP_REGION_CREATE,
	QUERY = 1 << OP_REGION_QUERY,
	DESTROY = 1 << OP_REGION_DESTROY,
	ALL = CONTROL | INFO | CREATE | QUERY | DESTROY,
};

/* Which commands may end with an errno, and which may after all that is known here. */
static const struct {
	int error;
	unsigned int promised, late;
} errors[] = {
	{ EFAULT, ALL, CONTROL | CREATE },
	{ EINVAL, ALL, 0 },
	{ E2BIG, ALL, 0 },
	{ EOPNOTSUPP, CONTROL | INFO | CREATE | DESTROY, 0 },
	{ ENOTTY, CONTROL, 0 },
	{ EACCES, CONTROL, 0 },
	{ EMSGSIZE, CONTROL, 0 },
	{ ENOENT, CONTROL | QUERY | DESTROY, 0 },
	{ ERANGE, CONTROL, 0 },
	{ EBUSY, DESTROY, 0 },
	{ EDQUOT, CONTROL | CREATE, CONTROL | CREATE },
	{ ENOSPC, CREATE, 0 },
	{ ENOMEM, CONTROL | CREATE, CONTROL | CREATE },
	{ EINTR, CONTROL | CREATE | DESTROY, 0 },
	{ ENODEV, CONTROL | INFO | CREATE, 0 },
	{ ESTALE, CONTROL, CONTROL },
};

#define NR_ERRORS	(sizeof(errors) / sizeof(*errors))

bool is_promised_errno(enum op_type type, int error)
{
	unsigned int i;

	for (i = 0; i < NR_ERRORS; i++)
		if (errors[i].error == error)
			return errors[i].promised & 1u << type;
	return false;
}

bool is_late_errno(enum op_type type, int error)
{
	unsigned int i;

	for (i = 0; i < NR_ERRORS; i++)
		if (errors[i].error == error)
			return errors[i].late & 1u << type;
	return false;
}

bool is_limit(int error)
{
	return error == EDQUOT || error == ENOSPC || error == ENOMEM;
}

enum { ADDRESS = 1, MAPPING = 2, NEEDED = 4, USED = 8, LIMIT = 16, OPERAND = 32 };

#define NUMBERS	(NEEDED | USED | LIMIT)
#define PLACE	(ADDRESS | MAPPING | OPERAND)

/* The errno of each check, and the members that its explanation has a use for. */
static const struct {
	int error;
	unsigned int members;
} checks[] = {
	[KSHM_EXPLAIN_FLAGS] = { EOPNOTSUPP, NEEDED },
	[KSHM_EXPLAIN_RESERVED] = { EINVAL, OPERAND },
	[KSHM_EXPLAIN_KIND] = { EINVAL, OPERAND | NEEDED | LIMIT },
	[KSHM_EXPLAIN_CODE] = { ENOTTY, USED },
	[KSHM_EXPLAIN_METHOD] = { ENOTTY, NEEDED | USED },
	[KSHM_EXPLAIN_ACCESS_BITS] = { ENOTTY, NEEDED | USED },
	[KSHM_EXPLAIN_ACCESS] = { EACCES, NEEDED | USED },
	[KSHM_EXPLAIN_SHORT] = { EMSGSIZE, OPERAND | NUMBERS },
	[KSHM_EXPLAIN_LONG] = { EMSGSIZE, OPERAND | NUMBERS },
	[KSHM_EXPLAIN_RANGE] = { EFAULT, PLACE | NEEDED },
	[KSHM_EXPLAIN_ADDRESS] = { EFAULT, PLACE },
	[KSHM_EXPLAIN_LIMIT_REQUEST] = { EDQUOT, NUMBERS },
	[KSHM_EXPLAIN_LIMIT_USER] = { EDQUOT, NUMBERS },
	[KSHM_EXPLAIN_LIMIT_SYSTEM] = { EDQUOT, NUMBERS },
	[KSHM_EXPLAIN_MEMORY] = { ENOMEM, OPERAND | NEEDED },
	[KSHM_EXPLAIN_SIGNAL] = { EINTR, OPERAND },
	[KSHM_EXPLAIN_GONE] = { ENODEV, 0 },
	[KSHM_EXPLAIN_COPY_OUT] = { EFAULT, PLACE },
	[KSHM_EXPLAIN_REGION] = { ENOENT, OPERAND | USED },
	[KSHM_EXPLAIN_RIGHTS] = { EACCES, OPERAND | NEEDED | USED },
	[KSHM_EXPLAIN_PART] = { ERANGE, OPERAND | NUMBERS },
	[KSHM_EXPLAIN_BUSY] = { EBUSY, 0 },
	[KSHM_EXPLAIN_JOIN] = { EINVAL, USED },
	[KSHM_EXPLAIN_RANGES] = { EINVAL, USED | LIMIT },
	[KSHM_EXPLAIN_LONG_TERM] = { EFAULT, ADDRESS | MAPPING },
	[KSHM_EXPLAIN_MEMLOCK] = { ENOMEM, NUMBERS },
	[KSHM_EXPLAIN_LIMIT_REGIONS] = { ENOSPC, NUMBERS },
	[KSHM_EXPLAIN_NO_RIGHTS] = { EINVAL, 0 },
	[KSHM_EXPLAIN_STALE] = { ESTALE, OPERAND | ADDRESS | USED },
};

#define NR_CHECKS	(sizeof(checks) / sizeof(*checks))

const char *wrong_explanation(enum op_type type, const struct kshm_explain *why, __u64 size,
			      int error)
{
	unsigned int members;

	if (size < offsetof(struct kshm_explain, mapping))
		return NULL;
	if (!why->check || why->check >= NR_CHECKS)
		return "an unknown check";
	members = checks[why->check].members;
	if (why->error != (__u32)checks[why->check].error || (error && error != (int)why->error))
		return "another error";
	/* Of what is no control, nothing is one. */
	if (type != OP_CONTROL)
		members &= ~OPERAND;
	if (why->operand > (members & OPERAND ? KSHM_OPERAND_DATA : 0))
		return "an operand that is none";
	if (size < sizeof(*why))
		return NULL;
	if (why->mapping > (members & MAPPING ? KSHM_MAPPING_KERNEL : 0) ||
	    why->prot > (members & MAPPING ? KSHM_PROT_READ | KSHM_PROT_WRITE : 0))
		return "a mapping that is none";
	if ((why->addr && !(members & ADDRESS)) || (why->needed && !(members & NEEDED)) ||
	    (why->used && !(members & USED)) || (why->limit && !(members & LIMIT)))
		return "a number that it has no use for";
	return NULL;
}

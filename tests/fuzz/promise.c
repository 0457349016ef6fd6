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

/* There are no regions here, whatever their id. */
static int region_error(const struct op *op)
{
	unsigned int i;

	for (i = IN; i <= DATA; i += OUT - IN)
		if (op->v[i + KIND] == KSHM_OPERAND_REGION)
			return copies(op) ? -ENOENT : -EINVAL;
	return 0;
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
	if (data)
		pages += (op->v[DATA + ADDR] % PAGE + data + PAGE - 1) / PAGE;
	return copies(op) && pages > MAX_REQUEST_PAGES ? -EDQUOT : 0;
}

int promised_error(const struct op *op, enum device device, unsigned int access)
{
	const struct control *control = control_find(device, op->v[CODE]);
	int error;

	if (op->v[AT] != OWN)
		return CANNOT_TELL;
	if ((__u32)op->v[SIZE] < sizeof(struct kshm_ioc_control))
		return -EINVAL;
	if (op->v[SIZE] > sizeof(struct kshm_ioc_control) && op->v[TAIL])
		return -E2BIG;
	if (op->v[SIZE] > PAGE)
		return CANNOT_TELL;
	error = form_error(op);
	if (error)
		return error;
	if (!control)
		return -ENOTTY;
	if (KSHM_CODE_ACCESS(control->code) & ~access)
		return -EACCES;
	return length_error(op, control) ?: pointer_error(op) ?: limit_error(op);
}

bool is_promised_errno(int error)
{
	switch (error) {
	case EFAULT:
	case EINVAL:
	case E2BIG:
	case EOPNOTSUPP:
	case ENOTTY:
	case EACCES:
	case EMSGSIZE:
	case ENOENT:
	case EDQUOT:
	case ENOMEM:
	case EINTR:
	case ENODEV:
		return true;
	default:
		return false;
	}
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
};

#define NR_CHECKS	(sizeof(checks) / sizeof(*checks))

const char *wrong_explanation(const struct kshm_explain *why, __u64 size, int error)
{
	unsigned int members;

	if (size < offsetof(struct kshm_explain, mapping))
		return NULL;
	if (!why->check || why->check >= NR_CHECKS)
		return "an unknown check";
	members = checks[why->check].members;
	if (why->error != (__u32)checks[why->check].error || (error && error != (int)why->error))
		return "another error";
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

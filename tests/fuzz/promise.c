// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: what <linux/kshm.h> promises about a request
 *
 * Written down once more, and independently of the module: the checks in their
 * order, and what an explanation says.
 */
#include <errno.h>
#include <stddef.h>

#include <linux/kshm_copy.h>

#include "control.h"
#include "known.h"
#include "known_request.h"
#include "promise.h"

#define PAGE		4096ull
#define MAX_COPIED	(64ull << 20)

static int form_error(const struct op *op)
{
	unsigned int i;

	if (op->v[FLAGS] & ~KSHM_REQUEST_SUBMIT)
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
int promised_range_error(__u64 addr, __u64 len)
{
	if (addr >> 63 || len >> 63 || (addr + len) >> 63)
		return -EFAULT;
	return (addr + len) >> 46 ? CANNOT_TELL : 0;
}

int promised_part_error(unsigned int handle, const __u64 *v, bool written)
{
	struct hold hold;

	if (!known_is_sure())
		return CANNOT_TELL;
	if (!known_find(handle, v[OP_ID], &hold))
		return -ENOENT;
	if (hold.region->revoked)
		return -ESTALE;
	if (!(hold.rights & (written ? KSHM_REGION_WRITE : KSHM_REGION_READ)))
		return -EACCES;
	if (v[ADDR] > hold.region->len || v[LEN] > hold.region->len - v[ADDR])
		return -ERANGE;
	switch (known_lost(hold.region, v[ADDR], v[LEN])) {
	case KEPT:	return 0;
	case LOST:	return -ESTALE;
	default:	return CANNOT_TELL;
	}
}

static int part_error(const struct op *op, unsigned int operand)
{
	bool written = operand == OUT || (operand == DATA &&
		KSHM_CODE_METHOD(op->v[CODE]) == KSHM_METHOD_OUT_DIRECT);

	return promised_part_error(op->v[HANDLE], &op->v[operand], written);
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
		error = promised_range_error(op->v[i + ADDR], op->v[i + LEN]);
		if (error == -EFAULT)
			return error;
		unsure |= error == CANNOT_TELL;
	}
	error = region_error(op);
	if (error)
		return unsure ? CANNOT_TELL : error;
	error = promised_range_error(op->v[EXPLAIN], sizeof(struct kshm_explain));
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

/* One more of the handle that is kept for a while, or may be. */
static int number_error(const struct op *op, const struct control *control)
{
	if (!op_submits(op) && !control->may_pend)
		return 0;
	if (!requests_are_sure(op->v[HANDLE]))
		return 0;
	return requests_of(op->v[HANDLE]) >= MAX_HANDLE_REQUESTS ? A_LIMIT : 0;
}

/* Of the first version of a struct; that of most is the only one. */
static __u64 least_size(const struct op *op)
{
	switch (op->type) {
	case OP_CONTROL:	return offsetof(struct kshm_ioc_control, user_data);
	case OP_REGION_CREATE:	return offsetof(struct kshm_ioc_region_create, flags);
	case OP_REGION_QUERY:	return offsetof(struct kshm_ioc_region_query, out_holds);
	default:		return op_infos[op->type].values[SIZE].usual;
	}
}

int promised_struct_error(const struct op *op)
{
	__u64 size = op_infos[op->type].values[SIZE].usual;

	if (op->v[AT] != OWN)
		return CANNOT_TELL;
	if ((__u32)op->v[SIZE] < least_size(op))
		return -EINVAL;
	/* What ends outside of user space is EFAULT, whatever is in it. */
	if (op->v[SIZE] > OWN_BEHIND)
		return CANNOT_TELL;
	if (op->v[SIZE] > size && op->v[TAIL])
		return -E2BIG;
	return op->v[SIZE] > PAGE ? CANNOT_TELL : 0;
}

int promised_error(const struct op *op, enum device device, unsigned int access)
{
	const struct control *control = control_find(device, op->v[CODE]);
	int error;

	error = promised_struct_error(op) ?: form_error(op);
	if (error)
		return error;
	if (!control)
		return -ENOTTY;
	if (KSHM_CODE_ACCESS(control->code) & ~access)
		return -EACCES;
	if (op_submits(op) && !(access & KSHM_ACCESS_READ))
		return -EACCES;
	return length_error(op, control) ?: pointer_error(op) ?:
	       number_error(op, control) ?: limit_error(op);
}

enum {
	CONTROL = 1 << OP_CONTROL,
	INFO = 1 << OP_INFO,
	CANCEL = 1 << OP_CANCEL,
	EVENTFD = 1 << OP_EVENTFD,
	CREATE = 1 << OP_REGION_CREATE,
	QUERY = 1 << OP_REGION_QUERY,
	DESTROY = 1 << OP_REGION_DESTROY,
	REVOKE = 1 << OP_REGION_REVOKE,
	EXPORT = 1 << OP_REGION_EXPORT,
	IMPORT = 1 << OP_REGION_IMPORT,
	KEY = 1 << OP_REGION_KEY,
	OPEN = 1 << OP_REGION_OPEN,
	ATTACH = 1 << OP_SECTION_ATTACH,
	SEQUENCE = 1 << OP_SECTION_SEQUENCE,
	PUBLISH = 1 << OP_NAME_PUBLISH,
	NAME_OPEN = 1 << OP_NAME_OPEN,
	REMOVE = 1 << OP_NAME_REMOVE,
	LIST = 1 << OP_NAME_LIST | 1 << OP_HANDLE_LIST,
	/* What passes rights on, what pins pages of theirs, and what gives ids. */
	PASS = EXPORT | IMPORT | KEY | OPEN | SEQUENCE | PUBLISH | NAME_OPEN,
	PIN = CREATE | ATTACH,
	GIVE = PIN | IMPORT | OPEN | NAME_OPEN,
	NAMES = PUBLISH | NAME_OPEN | REMOVE,
	ALL = CONTROL | INFO | PIN | QUERY | DESTROY | REVOKE | PASS | NAMES | LIST |
	      CANCEL | EVENTFD,
};

/* Which commands may end with an errno, and which may after all that is known here. */
static const struct {
	int error;
	unsigned int promised, late;
} errors[] = {
	{ EFAULT, ALL, CONTROL | CREATE },
	{ EINVAL, ALL, 0 },
	{ E2BIG, ALL, 0 },
	{ EOPNOTSUPP, ALL & ~QUERY, 0 },
	{ ENOTTY, CONTROL, 0 },
	{ EACCES, CONTROL | PASS | ATTACH, 0 },
	{ EMSGSIZE, CONTROL, 0 },
	{ ENOENT, CONTROL | QUERY | DESTROY | REVOKE | EXPORT | KEY | OPEN | SEQUENCE |
		  NAMES | CANCEL, 0 },
	{ EEXIST, KEY | PUBLISH, 0 },
	{ EBADF, IMPORT | ATTACH | EVENTFD, 0 },
	/* All names are of one user. */
	{ EPERM, REVOKE | PUBLISH, 0 },
	{ EMFILE, EXPORT | SEQUENCE | NAME_OPEN, 0 },
	{ ENFILE, EXPORT | ATTACH | SEQUENCE | NAME_OPEN, 0 },
	{ ERANGE, CONTROL | ATTACH, 0 },
	{ EBUSY, DESTROY | ATTACH | NAME_OPEN, 0 },
	{ EDQUOT, CONTROL | PIN, CONTROL | PIN },
	{ ENOSPC, CONTROL | GIVE | PUBLISH, CONTROL },
	{ ENOMEM, CONTROL | PIN | PASS, CONTROL | PIN | PASS },
	{ EINTR, CONTROL | PIN | DESTROY | REVOKE | CANCEL, CONTROL },
	{ ENODEV, CONTROL | INFO | GIVE | CANCEL, 0 },
	{ ESTALE, CONTROL | PASS | ATTACH, 0 },
};

#define NR_ERRORS	(sizeof(errors) / sizeof(*errors))

/* Of what nobody took back or away, whatever threads there are. */
static bool can_be_stale(enum op_type type)
{
	if (type == OP_SECTION_ATTACH)
		return known_changes();
	return known_revokes() || (type == OP_CONTROL && known_changes());
}

bool is_promised_errno(enum op_type type, int error)
{
	unsigned int i;

	if (error == ESTALE && !can_be_stale(type))
		return false;
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
	[KSHM_EXPLAIN_LONG_TERM] = { EFAULT, PLACE },
	[KSHM_EXPLAIN_MEMLOCK] = { ENOMEM, NUMBERS },
	[KSHM_EXPLAIN_LIMIT_REGIONS] = { ENOSPC, NUMBERS },
	[KSHM_EXPLAIN_NO_RIGHTS] = { EINVAL, 0 },
	[KSHM_EXPLAIN_REVOKED] = { ESTALE, OPERAND | USED },
	[KSHM_EXPLAIN_FD] = { EBADF, USED },
	[KSHM_EXPLAIN_NOT_CREATED] = { EPERM, 0 },
	[KSHM_EXPLAIN_FILES] = { EMFILE, 0 },
	[KSHM_EXPLAIN_SYSTEM_FILES] = { ENFILE, 0 },
	[KSHM_EXPLAIN_KEY] = { ENOENT, USED },
	[KSHM_EXPLAIN_HAS_KEY] = { EEXIST, 0 },
	[KSHM_EXPLAIN_STALE] = { ESTALE, OPERAND | ADDRESS | USED },
	[KSHM_EXPLAIN_MEMFD] = { EBADF, USED },
	[KSHM_EXPLAIN_FD_ACCESS] = { EACCES, NEEDED },
	[KSHM_EXPLAIN_SEALS] = { EINVAL, NEEDED | USED },
	[KSHM_EXPLAIN_SEALED] = { EACCES, USED },
	[KSHM_EXPLAIN_EMPTY_FILE] = { EINVAL, 0 },
	[KSHM_EXPLAIN_ALIGN] = { EINVAL, NEEDED | USED },
	[KSHM_EXPLAIN_FILE_PART] = { ERANGE, NUMBERS },
	[KSHM_EXPLAIN_FILE_PAGES] = { ENOMEM, NEEDED },
	[KSHM_EXPLAIN_HOLE] = { ESTALE, OPERAND | NEEDED | USED },
	[KSHM_EXPLAIN_NAME] = { ENOENT, 0 },
	[KSHM_EXPLAIN_NAME_TAKEN] = { EEXIST, 0 },
	[KSHM_EXPLAIN_BAD_NAME] = { EINVAL, NUMBERS },
	[KSHM_EXPLAIN_NOT_SECTION] = { EINVAL, USED },
	[KSHM_EXPLAIN_MODE] = { EINVAL, NUMBERS },
	[KSHM_EXPLAIN_GROUP] = { EPERM, USED },
	[KSHM_EXPLAIN_NAME_MODE] = { EACCES, NEEDED | USED },
	[KSHM_EXPLAIN_FD_RIGHTS] = { EINVAL, 0 },
	[KSHM_EXPLAIN_NOT_OWNER] = { EPERM, 0 },
	[KSHM_EXPLAIN_LIMIT_NAMES] = { ENOSPC, NUMBERS },
	[KSHM_EXPLAIN_LIMIT_REQUESTS] = { ENOSPC, NUMBERS },
	[KSHM_EXPLAIN_REQUEST] = { ENOENT, USED },
	[KSHM_EXPLAIN_EVENTFD] = { EBADF, USED },
	[KSHM_EXPLAIN_LEASE] = { EBUSY, 0 },
};

#define NR_CHECKS	(sizeof(checks) / sizeof(*checks))

/* An operand, or, of what has such, a piece. */
static bool is_operand(const struct op *op, __u32 operand)
{
	if (operand <= KSHM_OPERAND_DATA)
		return true;
	return op->v[CODE] == KSHM_COPY &&
	       (operand - KSHM_OPERAND_PIECE_READ < KSHM_COPY_MAX_PIECES ||
		operand - KSHM_OPERAND_PIECE_WRITTEN < KSHM_COPY_MAX_PIECES);
}

const char *wrong_explanation(const struct op *op, const struct kshm_explain *why, __u64 size,
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
	if (op->type != OP_CONTROL)
		members &= ~OPERAND;
	if (members & OPERAND ? !is_operand(op, why->operand) : why->operand)
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

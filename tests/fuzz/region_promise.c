// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: what <linux/kshm.h> promises about the commands of regions
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "known.h"
#include "known_request.h"
#include "known_share.h"
#include "promise.h"

#define PAGE		4096ull
#define READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)

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
		error = promised_range_error(range[RANGE_ADDR], range[RANGE_LEN]);
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

/* One id more. */
static int number_error(const struct op *op)
{
	if (!known_is_sure())
		return CANNOT_TELL;
	return known_number(op->v[HANDLE]) >= MAX_HANDLE_REGIONS ? A_LIMIT : 0;
}

int promised_limit_error(const struct op *op, __u64 pages)
{
	int error = number_error(op);

	if (error)
		return error;
	return pages && known_pages() + pages > MAX_LOCKED_PAGES ? A_LIMIT : 0;
}

/* What the module sees of a member, of which the struct may have the first bytes only. */
static __u32 seen(const struct op *op, __u64 value, size_t offset)
{
	__u64 size = (__u32)op->v[SIZE];

	if (size >= offset + sizeof(__u32))
		return value;
	return size <= offset ? 0 : (__u32)value & ((1u << 8 * (size - offset)) - 1);
}

static __u32 create_flags(const struct op *op)
{
	return seen(op, op->v[CREATE_FLAGS], offsetof(struct kshm_ioc_region_create, flags));
}

bool promised_unwatched(const struct op *op)
{
	return create_flags(op) & KSHM_REGION_UNWATCHED;
}

static int create_form_error(const struct op *op)
{
	if (op->v[RIGHTS] & ~(__u64)READ_WRITE || create_flags(op) & ~KSHM_REGION_UNWATCHED)
		return -EOPNOTSUPP;
	if (seen(op, op->v[CREATE_RESERVED], offsetof(struct kshm_ioc_region_create, reserved)))
		return -EINVAL;
	return !op->v[RIGHTS] || op->v[RANGES] > KSHM_REGION_MAX_RANGES ? -EINVAL : 0;
}

int promised_create_error(const struct op *op)
{
	return promised_struct_error(op) ?: create_form_error(op) ?: ranges_error(op) ?:
	       promised_limit_error(op, op->v[RANGES_AT] == OWN ? ranges_pages(op) : 0);
}

static int id_error(const struct op *op, struct hold *hold)
{
	if (!known_is_sure())
		return CANNOT_TELL;
	return known_find(op->v[HANDLE], op->v[REGION_ID], hold) ? 0 : -ENOENT;
}

int promised_query_error(const struct op *op)
{
	struct hold hold;

	return promised_struct_error(op) ?: id_error(op, &hold);
}

/* Of the commands that let go, which know one flag. */
static int flags_error(const struct op *op, __u32 known)
{
	if (op->v[REGION_FLAGS] & ~(__u64)known)
		return -EOPNOTSUPP;
	return op->v[REGION_RESERVED] ? -EINVAL : 0;
}

int promised_destroy_error(const struct op *op)
{
	struct hold hold;

	int error = promised_struct_error(op) ?: flags_error(op, KSHM_REGION_WAIT) ?:
		    id_error(op, &hold);

	/* It may be in use. */
	return error ?: requests_any() ? CANNOT_TELL : 0;
}

int promised_revoke_error(const struct op *op)
{
	struct hold hold;
	int error = promised_struct_error(op) ?: flags_error(op, KSHM_REGION_NO_WAIT) ?:
		    id_error(op, &hold);

	return error ?: hold.created ? 0 : -EPERM;
}

static int form_error(__u32 flags, __u64 reserved, __u32 rights)
{
	if (flags || rights & ~READ_WRITE)
		return -EOPNOTSUPP;
	return reserved || !rights ? -EINVAL : 0;
}

int promised_form_error(const struct op *op)
{
	return promised_struct_error(op) ?:
	       form_error(op->v[SHARE_FLAGS], op->v[SHARE_RESERVED], op->v[SHARE_RIGHTS]);
}

int promised_pass_error(const struct op *op, const struct region *region, __u32 rights)
{
	if (region->revoked)
		return -ESTALE;
	return op->v[SHARE_RIGHTS] & ~(__u64)rights ? -EACCES : 0;
}

int promised_export_error(const struct op *op)
{
	struct hold hold;
	int error = promised_form_error(op) ?: id_error(op, &hold);

	return error ?: promised_pass_error(op, hold.region, hold.rights);
}

int promised_sequence_error(const struct op *op)
{
	struct hold hold;
	int error = promised_form_error(op) ?: id_error(op, &hold);

	if (!error && !hold.region->section)
		error = -EINVAL;
	return error ?: promised_pass_error(op, hold.region, hold.rights);
}

int promised_import_error(const struct op *op)
{
	struct share share;
	int error = promised_form_error(op);

	if (error)
		return error;
	if (!known_is_sure())
		return CANNOT_TELL;
	if (!share_find(op->v[FROM], &share) || !share.region)
		return -EBADF;
	return promised_pass_error(op, share.region, share.rights) ?: number_error(op);
}

static int key_form_error(const struct op *op)
{
	__u32 flags = op->v[SHARE_FLAGS];

	if (flags & ~(KSHM_KEY_ANY_UID | KSHM_KEY_REMOVE))
		return -EOPNOTSUPP;
	if (!(flags & KSHM_KEY_REMOVE))
		return form_error(0, 0, op->v[SHARE_RIGHTS]);
	return flags != KSHM_KEY_REMOVE || op->v[SHARE_RIGHTS] ? -EINVAL : 0;
}

int promised_key_error(const struct op *op)
{
	struct hold hold;
	int error = promised_struct_error(op) ?: key_form_error(op) ?: id_error(op, &hold);

	if (error)
		return error;
	if (op->v[SHARE_FLAGS] & KSHM_KEY_REMOVE)
		return hold.has_key ? 0 : -ENOENT;
	return promised_pass_error(op, hold.region, hold.rights) ?: hold.has_key ? -EEXIST : 0;
}

struct kshm_region_key promised_key(const struct op *op)
{
	struct kshm_region_key key = share_key(op->v[FROM]);
	__u64 half;

	memcpy(&half, &key, sizeof(half));
	half ^= op->v[KEY_FLIP];
	memcpy(&key, &half, sizeof(half));
	return key;
}

int promised_open_error(const struct op *op)
{
	const struct kshm_region_key key = promised_key(op);
	struct hold hold;
	int error = promised_form_error(op);

	if (error)
		return error;
	if (!known_is_sure())
		return CANNOT_TELL;
	if (!known_find_key(&key, &hold))
		return -ENOENT;
	return promised_pass_error(op, hold.region, hold.key_rights) ?: number_error(op);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: what <linux/kshm_name.h> promises about names of sections
 */
#include <errno.h>
#include <unistd.h>

#include "known.h"
#include "known_name.h"
#include "name.h"
#include "promise.h"

#define MAX_GROUPS	16

static int text_error(__u64 number)
{
	struct name_bytes name = name_bytes(number);
	unsigned int at = name_bad_at(&name);

	return at && at < sizeof(name) && !name.text[at] ? 0 : -EINVAL;
}

/* Of members that others have, too, one flag being known. */
static int form_error(const struct op *op, __u64 flag)
{
	struct op without = *op;

	without.v[SHARE_FLAGS] &= ~flag;
	return promised_form_error(&without);
}

/* Which groups the caller is in, the kernel tells. */
static int group_error(__u32 gid)
{
	gid_t groups[MAX_GROUPS];
	int i, nr = getgroups(MAX_GROUPS, groups);

	if (gid == KSHM_NAME_OWN_GROUP || gid == getegid())
		return 0;
	for (i = 0; i < nr; i++)
		if (groups[i] == gid)
			return 0;
	return -EPERM;
}

static int publish_form_error(const struct op *op)
{
	int error = form_error(op, KSHM_NAME_UNTIL_CLOSE);

	if (!error && (__u32)op->v[NAME_MODE] & ~0666)
		error = -EINVAL;
	return error ?: text_error(op->v[TO]) ?: group_error(op->v[NAME_GID]);
}

static int place_error(__u64 number)
{
	if (name_find(number, NULL))
		return -EEXIST;
	return names_number() >= MAX_USER_NAMES ? -ENOSPC : 0;
}

int promised_publish_error(const struct op *op)
{
	int error = publish_form_error(op);
	struct hold hold;

	if (error)
		return error;
	if (!known_is_sure())
		return CANNOT_TELL;
	if (!known_find(op->v[HANDLE], op->v[FROM], &hold))
		return -ENOENT;
	if (!hold.region->section)
		return -EINVAL;
	if (!hold.created)
		return -EPERM;
	return promised_pass_error(op, hold.region, hold.rights) ?: place_error(op->v[TO]);
}

static int open_form_error(const struct op *op)
{
	int error = form_error(op, KSHM_NAME_FD);

	if (!error && op->v[SHARE_FLAGS] & KSHM_NAME_FD &&
	    !(op->v[SHARE_RIGHTS] & KSHM_REGION_READ))
		error = -EINVAL;
	return error ?: text_error(op->v[FROM]);
}

/* Whoever opens it is who published it: the owner. */
static int mode_error(const struct op *op, __u32 mode)
{
	const __u32 reads = 0400, writes = 0200;

	if (op->v[SHARE_RIGHTS] & KSHM_REGION_READ && !(mode & reads))
		return -EACCES;
	return op->v[SHARE_RIGHTS] & KSHM_REGION_WRITE && !(mode & writes) ? -EACCES : 0;
}

int promised_name_open_error(const struct op *op)
{
	int error = open_form_error(op);
	struct name name;

	if (error)
		return error;
	if (!known_is_sure())
		return CANNOT_TELL;
	if (!name_find(op->v[FROM], &name))
		return -ENOENT;
	return mode_error(op, name.mode) ?:
	       promised_pass_error(op, name.region, name.rights) ?:
	       promised_limit_error(op, 0);
}

/* Of what knows no flags. */
static int flags_error(const struct op *op)
{
	if ((__u32)op->v[REGION_FLAGS])
		return -EOPNOTSUPP;
	return op->v[REGION_RESERVED] ? -EINVAL : 0;
}

int promised_list_error(const struct op *op)
{
	int error = promised_struct_error(op) ?: flags_error(op);

	if (!error && op->v[FROM] != NAME_EMPTY)
		error = text_error(op->v[FROM]);
	if (error)
		return error;
	return op->v[LIST_AT] == OWN ? 0 : CANNOT_TELL;
}

int promised_handles_error(const struct op *op)
{
	int error = promised_struct_error(op) ?: flags_error(op);

	return error ?: op->v[LIST_AT] == OWN ? 0 : CANNOT_TELL;
}

int promised_remove_error(const struct op *op)
{
	int error = promised_struct_error(op) ?: flags_error(op) ?: text_error(op->v[FROM]);

	if (error)
		return error;
	if (!known_is_sure())
		return CANNOT_TELL;
	return name_find(op->v[FROM], NULL) ? 0 : -ENOENT;
}

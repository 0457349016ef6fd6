// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tables of controls
 *
 * A table is checked once, when its device is registered, so that a request
 * needs to look at nothing but its own row.
 */
#include <linux/ctype.h>
#include <linux/kshm_driver.h>
#include <linux/string.h>

#include "control.h"
#include "explain.h"
#include "limits.h"

/* Names become file names and words on a command line. */
bool kshm_name_ok(const char *name)
{
	size_t len = strlen(name);
	size_t i;

	if (!len || len >= KSHM_NAME_SIZE || name[0] == '.' || name[0] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (!isascii(name[i]) || (!isalnum(name[i]) &&
					  !strchr("-_.", name[i])))
			return false;
	return true;
}

static bool bounds_ok(size_t min, size_t max, bool taken)
{
	return min <= max && (taken || !max);
}

static int check_row(const struct kshm_control *row)
{
	u32 method = KSHM_CODE_METHOD(row->code);
	bool direct = method == KSHM_METHOD_IN_DIRECT ||
		      method == KSHM_METHOD_OUT_DIRECT;

	if (!row->name || !kshm_name_ok(row->name) || !row->handle)
		return -EINVAL;
	if (row->flags & ~(KSHM_CONTROL_MAY_PEND | KSHM_CONTROL_KILLABLE |
			   KSHM_CONTROL_NOWAIT))
		return -EINVAL;
	if (row->flags & KSHM_CONTROL_KILLABLE && !(row->flags & KSHM_CONTROL_MAY_PEND))
		return -EINVAL;
	if (row->context > KSHM_CONTEXT_HARDIRQ)
		return -EINVAL;
	/* A raw buffer is good for nothing outside of its owner. */
	if (method == KSHM_METHOD_NEITHER &&
	    row->context != KSHM_CONTEXT_CALLER)
		return -EINVAL;
	if (!bounds_ok(row->in_min, row->in_max, true) ||
	    !bounds_ok(row->out_min, row->out_max, true) ||
	    !bounds_ok(row->data_min, row->data_max, direct))
		return -EINVAL;
	/* There a hard interrupt is a thread, or what is in one may not even be locked. */
	if (IS_ENABLED(CONFIG_PREEMPT_RT) && row->context == KSHM_CONTEXT_HARDIRQ)
		return -EOPNOTSUPP;
	return 0;
}

static bool clash(const struct kshm_control *a, const struct kshm_control *b)
{
	return a->code == b->code ||
	       (KSHM_CODE_METHOD(a->code) == KSHM_CODE_METHOD(b->code) &&
		!strcmp(a->name, b->name));
}

/**
 * kshm_controls_check() - refuse a table that makes no sense
 * @ops: with the table
 *
 * Return: 0, -EINVAL for nonsense, -EEXIST for two rows that cannot be told
 * apart, -EOPNOTSUPP for what is not built.
 */
int kshm_controls_check(const struct kshm_device_ops *ops)
{
	unsigned int i, j;
	int ret;

	if (!ops->controls || !ops->nr_controls ||
	    ops->nr_controls > KSHM_MAX_CONTROLS)
		return -EINVAL;
	for (i = 0; i < ops->nr_controls; i++) {
		ret = check_row(&ops->controls[i]);
		if (ret)
			return ret;
		for (j = 0; j < i; j++)
			if (clash(&ops->controls[i], &ops->controls[j]))
				return -EEXIST;
	}
	return 0;
}

/*
 * Whole codes are matched: one that differs in its method or access bits from
 * a row is as unknown as any, but the caller is told which row he missed.
 */
int kshm_control_explain_unknown(const struct kshm_device_ops *ops, u32 code,
				 struct kshm_explain *why)
{
	const u32 method = KSHM_CODE(0, 0, 3, 0), access = KSHM_CODE(0, 0, 0, 3);
	u32 check = KSHM_EXPLAIN_CODE, nearest = 0, differs;
	unsigned int i;

	for (i = 0; i < ops->nr_controls; i++) {
		differs = ops->controls[i].code ^ code;
		if (differs & ~(method | access))
			continue;
		nearest = ops->controls[i].code;
		check = differs & method ? KSHM_EXPLAIN_METHOD :
					   KSHM_EXPLAIN_ACCESS_BITS;
		if (check == KSHM_EXPLAIN_ACCESS_BITS)
			break;
	}
	return kshm_explain_numbers(why, check, 0, ENOTTY, nearest, code, 0);
}

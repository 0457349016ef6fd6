// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_REGION_QUERY and _DESTROY: a region looked at, and let go
 */
#include <linux/uaccess.h>
#include <linux/xarray.h>

#include "explain.h"
#include "handle.h"
#include "hold.h"
#include "region.h"
#include "release.h"

/* Under the lock of the table, so that asking is no use. */
static int look_at(struct kshm_handle *handle, struct kshm_ioc_region_query *out)
{
	const struct kshm_hold *hold;
	int ret = -ENOENT;

	xa_lock(&handle->regions);
	hold = xa_load(&handle->regions, out->id);
	if (hold) {
		out->out_rights = hold->rights;
		out->out_uses = refcount_read(&hold->ref) - 1;
		out->out_len = hold->region->buffer.len;
		out->out_pages = hold->region->buffer.nr_pages;
		out->out_extents = hold->region->buffer.nr_extents;
		ret = 0;
	}
	xa_unlock(&handle->regions);
	return ret;
}

/* KSHM_IOC_REGION_QUERY; @arg is the captured struct, @uarg the caller's. */
long kshm_region_query(struct kshm_handle *handle,
		       const struct kshm_ioc_region_query *arg,
		       struct kshm_ioc_region_query __user *uarg, size_t usize)
{
	struct kshm_ioc_region_query out = *arg;
	struct kshm_explain why;
	int ret;

	out.size = usize;
	if (look_at(handle, &out)) {
		ret = kshm_hold_explain_unknown(&why, arg->id);
		kshm_explain_to_user(&why, arg->explain);
		return ret;
	}
	return copy_to_user(uarg, &out, min(usize, sizeof(out))) ? -EFAULT : 0;
}

static int destroy(struct kshm_handle *handle,
		   const struct kshm_ioc_region_destroy *arg,
		   struct kshm_explain *why)
{
	int ret;

	if (arg->flags & ~KSHM_REGION_WAIT) {
		kshm_explain(why, KSHM_EXPLAIN_FLAGS, 0, EOPNOTSUPP);
		kshm_explain_numbers(why, arg->flags & ~KSHM_REGION_WAIT, 0, 0);
		return -EOPNOTSUPP;
	}
	if (arg->reserved) {
		kshm_explain(why, KSHM_EXPLAIN_RESERVED, 0, EINVAL);
		return -EINVAL;
	}
	if (arg->flags & KSHM_REGION_WAIT)
		ret = kshm_hold_destroy_waiting(handle, arg->id);
	else
		ret = kshm_hold_destroy_unused(handle, arg->id);
	if (ret == -ENOENT)
		return kshm_hold_explain_unknown(why, arg->id);
	if (ret)
		kshm_explain(why, ret == -EBUSY ? KSHM_EXPLAIN_BUSY :
						  KSHM_EXPLAIN_SIGNAL, 0, -ret);
	return ret;
}

/* KSHM_IOC_REGION_DESTROY */
long kshm_region_destroy(struct kshm_handle *handle,
			 const struct kshm_ioc_region_destroy *arg,
			 struct kshm_ioc_region_destroy __user *uarg,
			 size_t usize)
{
	struct kshm_explain why;
	int ret = destroy(handle, arg, &why);

	if (ret)
		kshm_explain_to_user(&why, arg->explain);
	return ret;
}

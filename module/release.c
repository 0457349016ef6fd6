// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_REGION_QUERY, _REVOKE and _DESTROY: a region looked at, and let go
 */
#include <linux/uaccess.h>

#include "explain.h"
#include "hold.h"
#include "region.h"
#include "release.h"

/* KSHM_IOC_REGION_QUERY; @arg is the captured struct, @uarg the caller's. */
int kshm_region_query(struct kshm_handle *handle,
		      const struct kshm_ioc_region_query *arg,
		      struct kshm_ioc_region_query __user *uarg, size_t usize,
		      struct kshm_explain *why)
{
	struct kshm_ioc_region_query out = *arg;
	struct kshm_held held;

	if (!kshm_hold_look_up(handle, arg->id, &held))
		return kshm_hold_explain_unknown(why, arg->id);
	out.size = usize;
	out.out_rights = held.rights;
	out.out_uses = held.uses;
	kshm_region_describe(held.region, &out);
	kshm_region_put(held.region);
	if (copy_to_user(uarg, &out, min(usize, sizeof(out))))
		return kshm_explain_result(why, uarg, usize);
	return 0;
}

/* KSHM_IOC_REGION_REVOKE */
int kshm_region_revoke_call(struct kshm_handle *handle,
			    const struct kshm_ioc_region_revoke *arg,
			    struct kshm_ioc_region_revoke __user *uarg, size_t usize,
			    struct kshm_explain *why)
{
	struct kshm_held held;
	int ret;

	ret = kshm_hold_check_unknown(arg->flags & ~KSHM_REGION_NO_WAIT,
				      arg->reserved, why);
	if (ret)
		return ret;
	if (!kshm_hold_look_up(handle, arg->id, &held))
		return kshm_hold_explain_unknown(why, arg->id);
	ret = -EPERM;
	if (held.created)
		ret = kshm_region_revoke(held.region,
					 !(arg->flags & KSHM_REGION_NO_WAIT));
	kshm_region_put(held.region);
	if (ret)
		kshm_explain(why, ret == -EPERM ? KSHM_EXPLAIN_NOT_CREATED :
						  KSHM_EXPLAIN_SIGNAL, 0, -ret);
	return ret;
}

/* KSHM_IOC_REGION_DESTROY */
int kshm_region_destroy(struct kshm_handle *handle,
			const struct kshm_ioc_region_destroy *arg,
			struct kshm_ioc_region_destroy __user *uarg, size_t usize,
			struct kshm_explain *why)
{
	int ret;

	ret = kshm_hold_check_unknown(arg->flags & ~KSHM_REGION_WAIT,
				      arg->reserved, why);
	if (ret)
		return ret;
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

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_REGION_KEY and _OPEN: a region opened by a key
 *
 * For programs that have nothing in common but a way to tell each other a number.
 * An id can have one key, which ends with it.
 */
#include <linux/uaccess.h>

#include "device.h"
#include "explain.h"
#include "handle.h"
#include "hold.h"
#include "key.h"
#include "open.h"
#include "region.h"

static int explain_key(struct kshm_explain *why, u32 id)
{
	return kshm_explain_numbers(why, KSHM_EXPLAIN_KEY, 0, ENOENT, 0, id, 0);
}

static int explain_make(struct kshm_explain *why, int error)
{
	if (error == -EEXIST)
		return kshm_explain(why, KSHM_EXPLAIN_HAS_KEY, 0, EEXIST);
	return kshm_explain_error(why, 0, error);
}

static int remove_key(struct kshm_hold *hold, u32 id, struct kshm_explain *why)
{
	return kshm_key_remove(&hold->key) ? 0 : explain_key(why, id);
}

static int make_key(struct kshm_hold *hold, const struct kshm_ioc_region_key *arg,
		    struct kshm_ioc_region_key __user *uarg,
		    struct kshm_explain *why)
{
	struct kshm_region_key bytes;
	int ret;

	ret = kshm_hold_check_share(hold->region, arg->id, hold->rights,
				    arg->rights, why);
	if (ret)
		return ret;
	ret = kshm_key_make(&hold->key, hold->region, arg->rights,
			    arg->flags & KSHM_KEY_ANY_UID, &bytes);
	if (ret)
		return explain_make(why, ret);
	if (copy_to_user(&uarg->out_key, &bytes, sizeof(bytes))) {
		kshm_key_abandon(&hold->key);
		return kshm_explain_result(why, uarg, sizeof(*uarg));
	}
	kshm_key_publish(&hold->key);
	return 0;
}

static int check_key(const struct kshm_ioc_region_key *arg,
		     struct kshm_explain *why)
{
	const u32 unknown = arg->flags & ~(KSHM_KEY_ANY_UID | KSHM_KEY_REMOVE);

	if (unknown || !(arg->flags & KSHM_KEY_REMOVE))
		return kshm_hold_check_form(unknown, 0, arg->rights, why);
	if (arg->flags == KSHM_KEY_REMOVE && !arg->rights)
		return 0;
	return kshm_explain(why, KSHM_EXPLAIN_RESERVED, 0, EINVAL);
}

/* KSHM_IOC_REGION_KEY; @arg is the captured struct, @uarg the caller's. */
int kshm_region_key(struct kshm_handle *handle,
		    const struct kshm_ioc_region_key *arg,
		    struct kshm_ioc_region_key __user *uarg, size_t usize,
		    struct kshm_explain *why)
{
	struct kshm_hold *hold;
	int ret;

	ret = check_key(arg, why);
	if (ret)
		return ret;
	/* To be destroyed not before there is a key, or none. */
	hold = kshm_hold_get(handle, arg->id);
	if (!hold)
		return kshm_hold_explain_unknown(why, arg->id);
	if (arg->flags & KSHM_KEY_REMOVE)
		ret = remove_key(hold, arg->id, why);
	else
		ret = make_key(hold, arg, uarg, why);
	kshm_hold_put(handle, hold);
	return ret;
}

/* KSHM_IOC_REGION_OPEN */
int kshm_region_open(struct kshm_handle *handle,
		     const struct kshm_ioc_region_open *arg,
		     struct kshm_ioc_region_open __user *uarg, size_t usize,
		     struct kshm_explain *why)
{
	struct kshm_region *region;
	u32 has;
	int ret;

	ret = kshm_hold_check_form(arg->flags, arg->reserved, arg->rights, why);
	if (ret)
		return ret;
	if (kshm_device_going(handle->dev))
		return kshm_explain(why, KSHM_EXPLAIN_GONE, 0, ENODEV);
	region = kshm_key_find(&arg->key, &has);
	if (!region)
		return explain_key(why, 0);
	ret = kshm_hold_check_share(region, 0, has, arg->rights, why);
	if (!ret)
		ret = kshm_hold_add(handle, region, arg->rights, &uarg->out_id,
				    why);
	kshm_region_put(region);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_INFO: the module, its limits, the device
 */
#include <linux/kshm_driver.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "account.h"
#include "device.h"
#include "handle.h"
#include "info.h"
#include "limits.h"
#include "uring.h"
#include "version.h"

static int fill(struct kshm_ioc_info *info, const struct kshm_handle *handle)
{
	struct kshm_user *user = kshm_user_get_current(handle->user);

	if (!user)
		return -ENOMEM;
	info->out_abi_version = KSHM_ABI_VERSION;
	info->out_page_size = PAGE_SIZE;
	info->out_features = KSHM_FEATURE_REGIONS | KSHM_FEATURE_REVOKE |
			      KSHM_FEATURE_EXPORT | KSHM_FEATURE_KEYS |
			      KSHM_FEATURE_WATCH | KSHM_FEATURE_SECTIONS |
			      KSHM_FEATURE_NAMES | KSHM_FEATURE_HANDLES |
			      KSHM_FEATURE_SEQUENCES | KSHM_FEATURE_SUBMIT |
			      KSHM_FEATURE_RINGS;
	if (kshm_uring_can_pend())
		info->out_features |= KSHM_FEATURE_RINGS_PEND;
	info->out_max_copied = KSHM_MAX_COPIED;
	info->out_max_request_pages = READ_ONCE(kshm_max_request_pages);
	info->out_max_user_pages = READ_ONCE(kshm_max_user_pages);
	info->out_max_system_pages = READ_ONCE(kshm_max_system_pages);
	info->out_user_pages = atomic_long_read(&user->pages);
	info->out_system_pages = kshm_system_pages();
	strscpy(info->out_device, kshm_device_name(handle->dev),
		sizeof(info->out_device));
	strscpy(info->out_version, KSHM_VERSION, sizeof(info->out_version));
	kshm_user_put(user);
	return 0;
}

/* KSHM_IOC_INFO; @arg is the captured struct, @uarg the caller's. */
long kshm_info(struct kshm_handle *handle, const struct kshm_ioc_info *arg,
	       struct kshm_ioc_info __user *uarg, size_t usize)
{
	struct kshm_ioc_info out = { .size = usize };
	int ret;

	if (arg->flags)
		return -EOPNOTSUPP;
	if (!kshm_device_enter(handle->dev))
		return -ENODEV;
	ret = fill(&out, handle);
	kshm_device_leave(handle->dev);
	if (ret)
		return ret;
	return copy_to_user(uarg, &out, min(usize, sizeof(out))) ? -EFAULT : 0;
}

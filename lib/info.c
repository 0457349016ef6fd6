// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - the module, its ABI and its limits
 */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

static_assert(sizeof(struct kshm_ioc_info) == 136, "the ABI of the module");
static_assert(sizeof(struct kshm_info) == 192, "the ABI of the library");

/* The sentences of these two errors are in error.c. */
int kshm_check_abi(__u32 module_abi)
{
	if (module_abi < KSHM_ABI_VERSION)
		return -EPROTONOSUPPORT;
	if (module_abi > KSHM_ABI_VERSION)
		return -EPROTO;
	return 0;
}

static void info_from_uapi(struct kshm_info *info,
			   const struct kshm_ioc_info *ioc)
{
	memset(info, 0, sizeof(*info));
	info->abi_version = ioc->out_abi_version;
	info->page_size = ioc->out_page_size;
	info->features = ioc->out_features;
	memcpy(info->device, ioc->out_device, sizeof(info->device));
	memcpy(info->version, ioc->out_version, sizeof(info->version));
	info->device[sizeof(info->device) - 1] = '\0';
	info->version[sizeof(info->version) - 1] = '\0';
	info->max_copied = ioc->out_max_copied;
	info->max_request_pages = ioc->out_max_request_pages;
	info->max_user_pages = ioc->out_max_user_pages;
	info->max_system_pages = ioc->out_max_system_pages;
	info->user_pages = ioc->out_user_pages;
	info->system_pages = ioc->out_system_pages;
}

/*
 * Of a module of any ABI: the struct only ever grows. What is on the other end
 * is not known yet. Some drivers answer EINVAL to a foreign command, or 0
 * without doing anything; kshm does neither.
 */
int kshm_query_any(int fd, struct kshm_info *info)
{
	struct kshm_ioc_info ioc = { .size = sizeof(ioc) };
	int ret;

	ret = kshm_ioctl(fd, KSHM_IOC_INFO, &ioc);
	if (ret == -EINVAL || (!ret && !ioc.out_abi_version))
		return -ENOTTY;
	if (ret < 0)
		return ret;
	info_from_uapi(info, &ioc);
	return 0;
}

int kshm_query(int fd, struct kshm_info *info)
{
	struct kshm_info answer;
	int ret;

	ret = kshm_query_any(fd, &answer);
	if (!ret)
		ret = kshm_check_abi(answer.abi_version);
	if (!ret)
		*info = answer;
	return ret;
}

/* Asks the one device that is always there, and that everybody may open. */
KSHM_EXPORT int kshm_module_info(struct kshm_info *info)
{
	int fd = kshm_open_path(KSHM_DEV_DIR "null", KSHM_OPEN_READ);
	int ret;

	if (fd < 0)
		return fd == -ENOENT && !kshm_loaded() ? -ENODEV : fd;
	ret = kshm_query_any(fd, info);
	close(fd);
	return ret;
}

KSHM_EXPORT int kshm_info(const struct kshm_handle *handle,
			  struct kshm_info *info)
{
	return kshm_query(handle->fd, info);
}

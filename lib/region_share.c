// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - regions in other handles: by a file descriptor, by a key
 */
#include <assert.h>
#include <stdint.h>

#include "internal.h"

static_assert(sizeof(struct kshm_ioc_region_export) == 32, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_region_import) == 32, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_region_key) == 40, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_region_open) == 48, "the ABI of the module");

KSHM_EXPORT int kshm_region_export(const struct kshm_handle *handle, __u32 id,
				   unsigned int rights, int *fd,
				   struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_region_export ioc = {
		.size = sizeof(ioc),
		.id = id,
		.rights = rights,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_REGION_EXPORT, &ioc);
	if (!ret)
		*fd = ioc.out_fd;
	kshm_explanation_of_region(explanation, handle, ret, &explain, id, rights);
	return ret;
}

KSHM_EXPORT int kshm_region_import(const struct kshm_handle *handle, int fd,
				   unsigned int rights, __u32 *id,
				   struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_region_import ioc = {
		.size = sizeof(ioc),
		.fd = fd,
		.rights = rights,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_REGION_IMPORT, &ioc);
	if (!ret)
		*id = ioc.out_id;
	kshm_explanation_of_region(explanation, handle, ret, &explain, 0, rights);
	return ret;
}

KSHM_EXPORT int kshm_region_make_key(const struct kshm_handle *handle, __u32 id,
				     unsigned int rights, unsigned int flags,
				     struct kshm_region_key *key,
				     struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_region_key ioc = {
		.size = sizeof(ioc),
		.flags = flags,
		.id = id,
		.rights = rights,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_REGION_KEY, &ioc);
	if (!ret && !(flags & KSHM_KEY_REMOVE))
		*key = ioc.out_key;
	kshm_explanation_of_region(explanation, handle, ret, &explain, id, rights);
	return ret;
}

KSHM_EXPORT int kshm_region_remove_key(const struct kshm_handle *handle, __u32 id,
				       struct kshm_explanation *explanation)
{
	return kshm_region_make_key(handle, id, 0, KSHM_KEY_REMOVE, NULL,
				    explanation);
}

KSHM_EXPORT int kshm_region_open_key(const struct kshm_handle *handle,
				     const struct kshm_region_key *key,
				     unsigned int rights, __u32 *id,
				     struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_region_open ioc = {
		.size = sizeof(ioc),
		.rights = rights,
		.key = *key,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_REGION_OPEN, &ioc);
	if (!ret)
		*id = ioc.out_id;
	kshm_explanation_of_region(explanation, handle, ret, &explain, 0, rights);
	return ret;
}

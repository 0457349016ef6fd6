// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - regions: memory that is pinned once and used by id
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "internal.h"

static_assert(sizeof(struct kshm_range) == 16, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_region_create) == 48, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_region_query) == 56, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_region_destroy) == 24, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_region_revoke) == 24, "the ABI of the module");
static_assert(sizeof(struct kshm_region_info) == 64, "the ABI of the library");

KSHM_EXPORT struct kshm_operand kshm_operand_region(__u32 id, __u64 offset,
						    __u64 len)
{
	return (struct kshm_operand){
		.kind = KSHM_OPERAND_REGION,
		.id = id,
		.addr = offset,
		.len = len,
	};
}

/* What is said of the call that failed, beside what the module says. */
void kshm_explanation_of_region(struct kshm_explanation *explanation,
				const struct kshm_handle *handle, int error,
				const struct kshm_explain *explain, __u32 id,
				__u32 rights)
{
	if (!explanation)
		return;
	kshm_explanation_from_uapi(explanation, handle, error, explain);
	if (!error)
		return;
	explanation->about = KSHM_ABOUT_REGION;
	explanation->region = id;
	explanation->rights = rights;
}

KSHM_EXPORT int kshm_region_create_ranges(const struct kshm_handle *handle,
					  const struct kshm_range *ranges,
					  size_t nr, unsigned int rights,
					  __u32 *id,
					  struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_region_create ioc = {
		.size = sizeof(ioc),
		/* One argument has both; they share no bits. */
		.rights = rights & ~KSHM_REGION_UNWATCHED,
		.flags = rights & KSHM_REGION_UNWATCHED,
		/* More than the ABI can say is more than the module takes. */
		.nr_ranges = nr < UINT32_MAX ? nr : UINT32_MAX,
		.ranges = (uintptr_t)ranges,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_REGION_CREATE, &ioc);
	if (!ret)
		*id = ioc.out_id;
	kshm_explanation_of_region(explanation, handle, ret, &explain, 0, rights);
	return ret;
}

KSHM_EXPORT int kshm_region_create(const struct kshm_handle *handle,
				   const void *addr, size_t len,
				   unsigned int rights, __u32 *id,
				   struct kshm_explanation *explanation)
{
	struct kshm_range range = { .addr = (uintptr_t)addr, .len = len };

	return kshm_region_create_ranges(handle, &range, 1, rights, id,
					 explanation);
}

KSHM_EXPORT int kshm_region_query(const struct kshm_handle *handle, __u32 id,
				  struct kshm_region_info *info,
				  struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_region_query ioc = {
		.size = sizeof(ioc),
		.id = id,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_REGION_QUERY, &ioc);
	if (!ret)
		*info = (struct kshm_region_info){
			.rights = ioc.out_rights,
			.uses = ioc.out_uses,
			.len = ioc.out_len,
			.pages = ioc.out_pages,
			.extents = ioc.out_extents,
			.holds = ioc.out_holds,
			.state = ioc.out_state,
		};
	kshm_explanation_of_region(explanation, handle, ret, &explain, id, 0);
	return ret;
}

KSHM_EXPORT int kshm_region_destroy(const struct kshm_handle *handle, __u32 id,
				    unsigned int flags,
				    struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_region_destroy ioc = {
		.size = sizeof(ioc),
		.flags = flags,
		.id = id,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_REGION_DESTROY, &ioc);
	kshm_explanation_of_region(explanation, handle, ret, &explain, id, 0);
	return ret;
}

KSHM_EXPORT int kshm_region_revoke(const struct kshm_handle *handle, __u32 id,
				   unsigned int flags,
				   struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_region_revoke ioc = {
		.size = sizeof(ioc),
		.flags = flags,
		.id = id,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_REGION_REVOKE, &ioc);
	kshm_explanation_of_region(explanation, handle, ret, &explain, id, 0);
	return ret;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - counters of sections, by which those who share one wake each other
 */
#include <assert.h>
#include <stdint.h>

#include "internal.h"

static_assert(sizeof(struct kshm_ioc_section_sequence) == 32, "the ABI of the module");

KSHM_EXPORT int kshm_section_sequence(const struct kshm_handle *handle, __u32 id,
				      unsigned int rights, int *fd,
				      struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_section_sequence ioc = {
		.size = sizeof(ioc),
		.id = id,
		.rights = rights,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_SECTION_SEQUENCE, &ioc);
	if (!ret)
		*fd = ioc.out_fd;
	kshm_explanation_of_region(explanation, handle, ret, &explain, id, rights);
	return ret;
}

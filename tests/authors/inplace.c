// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: pinned data, mapped and walked
 */
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "handlers.h"

int lesson_find(struct kshm_request *req)
{
	struct kshm_mdl *mdl = kshm_request_mdl(req);
	const u8 *byte = kshm_request_in(req);
	u64 *where = kshm_request_out(req);
	const void *data, *found;

	data = kshm_mdl_map(mdl);
	if (IS_ERR(data))
		return PTR_ERR(data);
	found = memchr(data, *byte, kshm_mdl_len(mdl));
	if (!found)
		return -ENOENT;
	*where = found - data;
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*where));
	return 0;
}

int lesson_reverse(struct kshm_request *req)
{
	struct kshm_mdl *mdl = kshm_request_mdl(req);
	size_t i, len = kshm_mdl_len(mdl);
	u8 *data = kshm_mdl_map_write(mdl);

	if (IS_ERR(data))
		return PTR_ERR(data);
	for (i = 0; i < len / 2; i++)
		swap(data[i], data[len - 1 - i]);
	kshm_request_set_returned(req, KSHM_OPERAND_DATA, len);
	return 0;
}

int lesson_fill(struct kshm_request *req)
{
	struct kshm_mdl *mdl = kshm_request_mdl(req);
	const u8 *byte = kshm_request_in(req);
	struct kshm_segment seg;

	kshm_mdl_for_each_segment(mdl, seg) {
		memset(kshm_mdl_segment_write(mdl, &seg), *byte, seg.len);
		cond_resched();
	}
	kshm_request_set_returned(req, KSHM_OPERAND_DATA, kshm_mdl_len(mdl));
	return 0;
}

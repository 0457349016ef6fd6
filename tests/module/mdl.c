// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: the life of an mdl of its own
 */
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "test.h"

static bool there(const void *mapping)
{
	return is_vmalloc_addr(mapping) && vmalloc_to_page(mapping);
}

static int map_and_unmap(struct kshm_mdl *mdl, struct kshm_test_mdl *saw)
{
	const void *mapping = kshm_mdl_map(mdl);

	if (IS_ERR(mapping))
		return PTR_ERR(mapping);
	saw->mapped = there(mapping);
	saw->mapped_once = kshm_mdl_map(mdl) == mapping;
	kshm_mdl_unmap(mdl);
	saw->unmapped = !there(mapping);
	return 0;
}

static int map_and_unlock(struct kshm_mdl *mdl, struct kshm_test_mdl *saw)
{
	const void *mapping = kshm_mdl_map(mdl);

	if (IS_ERR(mapping))
		return PTR_ERR(mapping);
	kshm_mdl_unlock(mdl);
	saw->unlocked = !there(mapping);
	return 0;
}

int test_mdl(struct kshm_request *req)
{
	struct kshm_user_buffer *in = kshm_request_user_in(req);
	struct kshm_test_mdl saw;
	struct kshm_mdl mdl;
	int ret;

	test_count_call();
	ret = kshm_user_read(in, 0, &saw, sizeof(saw));
	if (ret)
		return ret;
	ret = kshm_mdl_init(&mdl, kshm_request_user_out(req), saw.offset,
			    saw.len, KSHM_TO_DRIVER);
	if (ret)
		return ret;
	saw.byte_count = kshm_mdl_len(&mdl);
	saw.byte_offset = kshm_mdl_offset(&mdl);
	saw.pages_before = kshm_mdl_nr_pages(&mdl);
	ret = kshm_mdl_lock(&mdl);
	if (ret)
		return ret;
	saw.pages_locked = kshm_mdl_nr_pages(&mdl);
	ret = map_and_unmap(&mdl, &saw);
	if (!ret)
		ret = map_and_unlock(&mdl, &saw);
	kshm_mdl_unlock(&mdl);
	saw.pages_after = kshm_mdl_nr_pages(&mdl);
	return ret ?: kshm_user_write(in, 0, &saw, sizeof(saw));
}

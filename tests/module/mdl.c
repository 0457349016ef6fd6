// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: the life of an mdl of its own
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
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
	if (ret)
		kshm_mdl_unlock(&mdl);
	saw.pages_after = kshm_mdl_nr_pages(&mdl);
	return ret ?: kshm_user_write(in, 0, &saw, sizeof(saw));
}

/**
 * struct look - a look at a mapping while its first page is unpinned
 * @mapping: the mapping
 * @page: that page, locked: what marks it dirty waits
 * @gone: the mapping was gone before the page was unlocked
 * @done: it is unlocked
 */
struct look {
	const void *mapping;
	struct page *page;
	bool gone;
	struct completion done;
};

/* The mapping may go a moment later; unpinning goes on only after this. */
static int look_and_unlock(void *data)
{
	struct look *look = data;
	int tries;

	for (tries = 0; tries < 100 && there(look->mapping); tries++)
		msleep(20);
	look->gone = !there(look->mapping);
	unlock_page(look->page);
	complete(&look->done);
	return 0;
}

static int unlock_and_look(struct kshm_mdl *mdl, u32 *gone)
{
	struct look look = { .mapping = kshm_mdl_map_write(mdl) };
	struct task_struct *thread;

	if (IS_ERR(look.mapping))
		return PTR_ERR(look.mapping);
	if (!there(look.mapping))
		return -EDOM;
	init_completion(&look.done);
	look.page = vmalloc_to_page(look.mapping);
	lock_page(look.page);
	/* Nothing would wait for the lock of a page that is dirty. */
	if (PageDirty(look.page)) {
		unlock_page(look.page);
		return -EDOM;
	}
	thread = kthread_run(look_and_unlock, &look, "kshm_test");
	if (IS_ERR(thread)) {
		unlock_page(look.page);
		return PTR_ERR(thread);
	}
	kshm_mdl_unlock(mdl);
	wait_for_completion(&look.done);
	*gone = look.gone;
	return 0;
}

int test_mdl_unlock(struct kshm_request *req)
{
	struct kshm_user_buffer *out = kshm_request_user_out(req);
	struct kshm_mdl mdl;
	u32 gone = 0;
	int ret;

	test_count_call();
	ret = kshm_mdl_init(&mdl, out, 0, kshm_user_len(out), KSHM_FROM_DRIVER);
	if (ret)
		return ret;
	ret = kshm_mdl_lock(&mdl);
	if (ret)
		return ret;
	ret = unlock_and_look(&mdl, &gone);
	if (ret)
		kshm_mdl_unlock(&mdl);
	return ret ?: kshm_user_write(kshm_request_user_in(req), 0, &gone,
				      sizeof(gone));
}

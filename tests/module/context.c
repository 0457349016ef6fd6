// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: handlers of rows that name a context
 */
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "test.h"

static struct workqueue_struct *queue;

int test_hop_init(void)
{
	queue = alloc_workqueue("kshm_test", WQ_UNBOUND, 0);
	return queue ? 0 : -ENOMEM;
}

void test_hop_exit(void)
{
	destroy_workqueue(queue);
}

static void do_nothing(struct work_struct *work)
{
}

/* What a driver would do by itself. */
int test_hop(struct kshm_request *req)
{
	struct work_struct work;

	test_count_call();
	INIT_WORK_ONSTACK(&work, do_nothing);
	queue_work(queue, &work);
	flush_work(&work);
	destroy_work_on_stack(&work);
	return 0;
}

/* Some bytes at a time, for the stack is small. */
#define STEP	61

static void look_around(struct kshm_request *req, struct kshm_test_where *where)
{
	where->in_hardirq = !!in_hardirq();
	where->in_softirq = !!in_serving_softirq();
	where->has_mm = !!current->mm;
	where->pid = current->tgid;
	where->is_compat = kshm_request_is_compat(req);
}

static int try_view(struct kshm_request *req, unsigned int operand)
{
	struct kshm_view *view = kshm_request_view(req, operand);

	if (IS_ERR(view))
		return PTR_ERR(view);
	kshm_view_release(view);
	return 0;
}

static int try_make(struct kshm_request *req)
{
	struct kshm_view *view = kshm_section_create(req, 1, 0);

	if (IS_ERR(view))
		return PTR_ERR(view);
	kshm_view_release(view);
	return 0;
}

/* As little as there is, of a driver that does so where nobody waits for memory. */
static int try_allocate(void)
{
	void *memory = kmalloc(8, GFP_ATOMIC | __GFP_NOWARN);

	kfree(memory);
	return memory ? 0 : -ENOMEM;
}

/* Of kshm, all that needs the caller. There is no data to view, and no region. */
static void try_calls(struct kshm_request *req, s32 *calls)
{
	const struct kshm_operand none = { .kind = KSHM_OPERAND_REGION };
	const struct kshm_operand user = { .kind = KSHM_OPERAND_USER };
	struct kshm_user_buffer buf;
	struct kshm_mdl *mdl;

	kshm_user_buffer_init(&buf, NULL, 1);
	calls[KSHM_TEST_CALL_EXPLAIN] =
		kshm_request_explain_memory(req, 0, KSHM_TO_DRIVER, &buf);

	calls[KSHM_TEST_CALL_VIEW] = try_view(req, KSHM_OPERAND_DATA);
	mdl = kshm_request_region(req, 0, &none, KSHM_TO_DRIVER);
	calls[KSHM_TEST_CALL_REGION] = PTR_ERR_OR_ZERO(mdl);
	calls[KSHM_TEST_CALL_MEMORY] = kshm_request_memory(req, 0, &user,
							   KSHM_TO_DRIVER, &buf);
	calls[KSHM_TEST_CALL_MAKE] = try_make(req);
	calls[KSHM_TEST_CALL_ALLOCATE] = try_allocate();
}

static int touch_mapped(struct kshm_mdl *mdl, u32 seed, bool write, u64 *wrong)
{
	const void *data = kshm_mdl_map(mdl);

	if (IS_ERR(data))
		return PTR_ERR(data);
	if (write)
		test_fill_bytes(kshm_mdl_map_write(mdl), kshm_mdl_len(mdl), seed, 0);
	else
		*wrong = test_count_wrong(data, kshm_mdl_len(mdl), seed, 0);
	return 0;
}

static int touch_segments(struct kshm_mdl *mdl, u32 seed, bool write, u64 *wrong)
{
	struct kshm_segment seg;
	u64 offset = 0;

	kshm_mdl_for_each_segment(mdl, seg) {
		if (write)
			test_fill_bytes(kshm_mdl_segment_write(mdl, &seg), seg.len, seed,
					offset);
		else
			*wrong += test_count_wrong(seg.data, seg.len, seed, offset);
		offset += seg.len;
	}
	return offset == kshm_mdl_len(mdl) ? 0 : -EIO;
}

static int touch_copies(struct kshm_mdl *mdl, u32 seed, bool write, u64 *wrong)
{
	size_t len = kshm_mdl_len(mdl), at, part;
	u8 bytes[STEP];
	int ret = 0;

	for (at = 0; !ret && at < len; at += part) {
		part = min_t(size_t, len - at, STEP);
		if (write) {
			test_fill_bytes(bytes, part, seed, at);
			ret = kshm_mdl_write(mdl, at, bytes, part);
		} else {
			ret = kshm_mdl_read(mdl, at, bytes, part);
			*wrong += test_count_wrong(bytes, part, seed, at);
		}
	}
	return ret;
}

static int touch(struct kshm_request *req, const struct kshm_test_there *there,
		 u64 *wrong)
{
	const u32 method = KSHM_CODE_METHOD(kshm_request_control(req)->code);
	const bool write = method == KSHM_METHOD_OUT_DIRECT;
	struct kshm_mdl *mdl = kshm_request_mdl(req);

	switch (there->access) {
	case KSHM_TEST_BY_MAP:
		return touch_mapped(mdl, there->seed, write, wrong);
	case KSHM_TEST_BY_SEGMENTS:
		return touch_segments(mdl, there->seed, write, wrong);
	default:
		return touch_copies(mdl, there->seed, write, wrong);
	}
}

/* What is behind the structs, as far as there is room. */
static size_t copy_rest(struct kshm_request *req)
{
	size_t in = kshm_request_in_len(req) - sizeof(struct kshm_test_there);
	size_t out = kshm_request_out_len(req) - sizeof(struct kshm_test_where);
	size_t len = min(in, out);

	memcpy(kshm_request_out(req) + sizeof(struct kshm_test_where),
	       kshm_request_in(req) + sizeof(struct kshm_test_there), len);
	return sizeof(struct kshm_test_where) + len;
}

int test_context(struct kshm_request *req)
{
	const struct kshm_test_there *there = kshm_request_in(req);
	struct kshm_test_where *where = kshm_request_out(req);
	int ret;

	test_count_call();
	look_around(req, where);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, copy_rest(req));
	kshm_request_set_detail(req, there->detail);
	if (KSHM_CODE_METHOD(kshm_request_control(req)->code) == KSHM_METHOD_BUFFERED) {
		try_calls(req, where->calls);
		return test_status(-(s64)there->error);
	}
	ret = touch(req, there, &where->wrong);
	return ret ?: test_status(-(s64)there->error);
}

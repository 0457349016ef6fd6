// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: what drivers do and should not
 *
 * The table is in kshm_test.h, with what kshm has to do about each row.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "test.h"

/**
 * struct misbehaviour - one of them under way
 * @req: the request
 * @how: what the caller wants, captured
 * @buf: the memory it named
 * @answer: what kshm said to it
 * @done: the kernel thread is through
 */
struct misbehaviour {
	struct kshm_request *req;
	const struct kshm_test_misbehave *how;
	struct kshm_user_buffer buf;
	s32 answer;
	struct completion done;
};

static int sleeps_deaf(struct misbehaviour *m)
{
	test_wait_deaf();
	return 0;
}

static int fails_with_nonsense(struct misbehaviour *m)
{
	return m->how->argument;
}

static int returns_too_much(struct misbehaviour *m)
{
	u32 operand;

	for (operand = KSHM_OPERAND_IN; operand <= KSHM_OPERAND_DATA; operand++)
		kshm_request_set_returned(m->req, operand, m->how->argument);
	return 0;
}

static int returns_of_no_operand(struct misbehaviour *m)
{
	kshm_request_set_returned(m->req, m->how->argument, 1);
	return 0;
}

static int lock_own(struct misbehaviour *m, struct kshm_mdl *mdl)
{
	return kshm_mdl_init(mdl, &m->buf, 0, kshm_user_len(&m->buf),
			     KSHM_FROM_DRIVER) ?: kshm_mdl_lock(mdl);
}

static s32 use_buffer(struct misbehaviour *m)
{
	struct kshm_mdl mdl;
	u8 byte = 'x';

	switch (m->how->argument) {
	case 0:
		return kshm_user_read(&m->buf, 0, &byte, 1);
	case 1:
		return kshm_user_write(&m->buf, 0, &byte, 1);
	case 2:
		return kshm_user_clear(&m->buf, 0, 1);
	case 3:
		return kshm_user_strnlen(&m->buf, 0, 1);
	default:
		return lock_own(m, &mdl);
	}
}

static int elsewhere(void *data)
{
	struct misbehaviour *m = data;

	m->answer = use_buffer(m);
	complete(&m->done);
	return 0;
}

static int goes_elsewhere(struct misbehaviour *m)
{
	struct task_struct *thread = kthread_run(elsewhere, m, "kshm_test");

	if (IS_ERR(thread))
		return PTR_ERR(thread);
	wait_for_completion(&m->done);
	return 0;
}

static int locks_twice(struct misbehaviour *m)
{
	struct kshm_mdl mdl;
	int ret = lock_own(m, &mdl);
	u8 *data;

	if (ret)
		return ret;
	m->answer = kshm_mdl_lock(&mdl);
	data = kshm_mdl_map_write(&mdl);
	if (IS_ERR(data))
		ret = PTR_ERR(data);
	else
		data[0] = 'x';
	kshm_mdl_unlock(&mdl);
	return ret;
}

static int locks_the_mdl_of_the_request(struct misbehaviour *m)
{
	m->answer = kshm_mdl_lock(kshm_request_mdl(m->req));
	return 0;
}

static int unlocks_the_mdl_of_the_request(struct misbehaviour *m)
{
	struct kshm_mdl *mdl = kshm_request_mdl(m->req);
	void *data = kshm_mdl_map_write(mdl);

	if (IS_ERR(data))
		return PTR_ERR(data);
	kshm_mdl_unlock(mdl);
	kshm_mdl_unlock(mdl);
	return 0;
}

static int takes_a_region_for_memory(struct misbehaviour *m)
{
	const struct kshm_operand op = { .kind = KSHM_OPERAND_REGION, .id = 1, .len = 1 };
	struct kshm_user_buffer buf;

	m->answer = kshm_request_memory(m->req, m->how->argument, &op, KSHM_TO_DRIVER, &buf);
	return 0;
}

static int uses_what_is_not_locked(struct misbehaviour *m)
{
	struct kshm_segment seg = { };
	struct kshm_mdl mdl;
	u8 byte = 'x';
	int ret;

	ret = kshm_mdl_init(&mdl, &m->buf, 0, kshm_user_len(&m->buf),
			    KSHM_FROM_DRIVER);
	if (ret)
		return ret;
	switch (m->how->argument) {
	case 0:
		m->answer = PTR_ERR_OR_ZERO(kshm_mdl_map(&mdl));
		return 0;
	case 1:
		m->answer = PTR_ERR_OR_ZERO(kshm_mdl_map_write(&mdl));
		return 0;
	case 2:
		m->answer = kshm_mdl_read(&mdl, 0, &byte, 1);
		return 0;
	case 3:
		m->answer = kshm_mdl_write(&mdl, 0, &byte, 1);
		return 0;
	default:
		m->answer = kshm_mdl_next_segment(&mdl, &seg) ? 0 : -EINVAL;
		return 0;
	}
}

static int undoes_what_was_not_done(struct misbehaviour *m)
{
	struct kshm_mdl mdl;
	int ret;

	ret = kshm_mdl_init(&mdl, &m->buf, 0, kshm_user_len(&m->buf),
			    KSHM_FROM_DRIVER);
	if (ret)
		return ret;
	kshm_mdl_unmap(&mdl);
	kshm_mdl_unlock(&mdl);
	kshm_mdl_unmap(kshm_request_mdl(m->req));
	return 0;
}

/* What is kept from one call to another; there is one caller at a time. */
static struct kshm_mdl kept_mdl;
static const void *kept_mapping;

static int forgets_to_unlock(struct misbehaviour *m)
{
	if (!m->how->argument)
		return lock_own(m, &kept_mdl);
	kshm_mdl_unlock(&kept_mdl);
	return 0;
}

static int keeps_a_mapping(struct misbehaviour *m)
{
	if (m->how->argument) {
		m->answer = vmalloc_to_page(kept_mapping) ? -EEXIST : -ENOENT;
		return 0;
	}
	kept_mapping = kshm_mdl_map_write(kshm_request_mdl(m->req));
	if (IS_ERR(kept_mapping))
		return PTR_ERR(kept_mapping);
	/* Only of that can be told whether it is there without touching it. */
	return is_vmalloc_addr(kept_mapping) ? 0 : -EDOM;
}

static int completes_twice(struct misbehaviour *m)
{
	int ret = kshm_request_pend(m->req, NULL);

	if (ret)
		return ret;
	kshm_request_complete(m->req, -EXDEV);
	kshm_request_complete(m->req, 0);
	return -EIOCBQUEUED;
}

static int queues_and_keeps_nothing(struct misbehaviour *m)
{
	return -EIOCBQUEUED;
}

static int pends_and_returns(struct misbehaviour *m)
{
	static struct kshm_request *kept;
	int ret;

	if (m->how->argument == 1) {
		kshm_request_complete(kept, 0);
		return 0;
	}
	ret = kshm_request_pend(m->req, NULL);
	kept = m->req;
	return ret ?: m->how->argument;
}

static int pends_what_may_not(struct misbehaviour *m)
{
	m->answer = kshm_request_pend(m->req, NULL);
	return 0;
}

static int completes_what_does_not_pend(struct misbehaviour *m)
{
	kshm_request_complete(m->req, -EXDEV);
	return 0;
}

static int unlocks_twice(struct misbehaviour *m)
{
	struct kshm_mdl mdl;
	int ret = lock_own(m, &mdl);

	if (ret)
		return ret;
	kshm_mdl_unlock(&mdl);
	kshm_mdl_unlock(&mdl);
	return 0;
}

static void go_on(struct kshm_request *req, s64 way)
{
	switch (way) {
	case 0:
		kshm_request_in(req);
		break;
	case 1:
		kshm_request_in_len(req);
		break;
	case 2:
		kshm_request_out(req);
		break;
	case 3:
		kshm_request_out_len(req);
		break;
	case 4:
		kshm_request_mdl(req);
		break;
	case 5:
		kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(s32));
		break;
	case 6:
		kshm_request_set_needed(req, 1);
		break;
	default:
		kshm_request_set_detail(req, 1);
		break;
	}
}

/* Whoever gets the completion does so when the handler has returned. */
static int uses_what_has_ended(struct misbehaviour *m)
{
	const s64 way = m->how->argument;
	int ret = kshm_request_pend(m->req, NULL);

	if (ret)
		return ret;
	kshm_request_complete(m->req, 0);
	go_on(m->req, way);
	return -EIOCBQUEUED;
}

static int write_beyond(struct misbehaviour *m, const void *buf, size_t len)
{
	const s64 way = m->how->argument;
	u8 *byte = (u8 *)buf + (way == 1 ? -1 : (long)len);
	int ret = way == 2 ? kshm_request_pend(m->req, NULL) : 0;

	if (ret)
		return ret;
	WRITE_ONCE(*byte, 'x');
	if (way != 2)
		return 0;
	kshm_request_complete(m->req, 0);
	return -EIOCBQUEUED;
}

static int writes_beyond_its_input(struct misbehaviour *m)
{
	return write_beyond(m, m->how, kshm_request_in_len(m->req));
}

static int writes_beyond_its_output(struct misbehaviour *m)
{
	return write_beyond(m, kshm_request_out(m->req), kshm_request_out_len(m->req));
}

#define ROW(name, driver, kshm)	name,
static int (*const misbehaviours[])(struct misbehaviour *m) = {
	KSHM_TEST_MISBEHAVIOURS(ROW)
	KSHM_TEST_MISBEHAVIOURS_VERIFIED(ROW)
};

int test_misbehave(struct kshm_request *req)
{
	struct misbehaviour m = { .req = req, .how = kshm_request_in(req) };
	size_t len = min(kshm_request_out_len(req), sizeof(m.answer));
	int ret;

	test_count_call();
	if (m.how->which >= KSHM_TEST_MISBEHAVE_ROWS)
		return -EDOM;
	init_completion(&m.done);
	kshm_user_buffer_init(&m.buf, u64_to_user_ptr(m.how->pointer),
			      m.how->len);
	ret = misbehaviours[m.how->which](&m);
	/* It may be somebody else's by now. */
	if (ret == -EIOCBQUEUED)
		return ret;
	memcpy(kshm_request_out(req), &m.answer, len);
	if (m.how->which != KSHM_TEST_MISBEHAVE_returns_too_much)
		kshm_request_set_returned(req, KSHM_OPERAND_OUT, len);
	return ret;
}

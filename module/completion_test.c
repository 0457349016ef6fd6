// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - completions: tests of what needs no user process
 *
 * They are read to memory of the kernel's, from a handle of no device; the requests have
 * ended, and were undone, before: what a handler returned at once.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "completion.h"
#include "handle.h"
#include "in_flight.h"
#include "pended.h"

#define NR	4
#define SIZE	sizeof(struct kshm_completion)

/**
 * struct scene - a handle of a test's own, and who reads it
 * @handle: the handle, of which the test has a reference
 * @iocb: of a reader who does not wait, unless the test says so
 * @file: the reader's
 * @got: what was read
 * @ends: has one more end as soon as somebody waits
 * @over: nobody will
 */
struct scene {
	struct kshm_handle handle;
	struct kiocb iocb;
	struct file file;
	struct kshm_completion got[NR];
	struct work_struct ends;
	bool over;
};

static int completion_init(struct kunit *test)
{
	struct scene *scene = kunit_kzalloc(test, sizeof(*scene), GFP_KERNEL);

	if (!scene)
		return -ENOMEM;
	refcount_set(&scene->handle.ref, 1);
	spin_lock_init(&scene->handle.requests_lock);
	scene->handle.requests = RB_ROOT;
	kshm_queue_init(&scene->handle.queue, kshm_pended_undo_left);
	scene->iocb.ki_filp = &scene->file;
	scene->iocb.ki_flags = IOCB_NOWAIT;
	test->priv = scene;
	return 0;
}

/* All that ended was read, and nothing is left of it. */
static void completion_exit(struct kunit *test)
{
	struct scene *scene = test->priv;

	if (!scene)
		return;
	KUNIT_EXPECT_FALSE(test, kshm_queue_has_ended(&scene->handle.queue));
	KUNIT_EXPECT_EQ(test, scene->handle.nr_requests, 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&scene->handle.ref), 1);
	kshm_queue_end(&scene->handle.queue);
}

/* A request that was submitted and ended, so far. */
static struct kshm_pended *make(struct scene *scene, u64 user_data)
{
	struct kshm_pended *pended = kzalloc(sizeof(*pended), GFP_KERNEL);

	if (!pended)
		return NULL;
	pended->req.handle = &scene->handle;
	pended->req.arg = &pended->arg;
	pended->user_data = user_data;
	pended->submitted = true;
	pended->undone = true;
	refcount_set(&pended->ref, 1);
	kshm_handle_get(&scene->handle);
	if (kshm_in_flight_add(&scene->handle, pended, NULL)) {
		kshm_in_flight_put(pended);
		return NULL;
	}
	return pended;
}

static void end(struct kunit *test, u64 user_data)
{
	struct scene *scene = test->priv;
	struct kshm_pended *pended = make(scene, user_data);

	KUNIT_ASSERT_NOT_NULL(test, pended);
	kshm_queue_add(&scene->handle.queue, &pended->ended, false);
}

static ssize_t read(struct scene *scene, size_t room)
{
	struct kvec vec = { scene->got, room };
	struct iov_iter to;

	memset(scene->got, 0xee, sizeof(scene->got));
	iov_iter_kvec(&to, READ, &vec, 1, room);
	return kshm_completions_read(&scene->handle, &scene->iocb, &to);
}

/* To where a process has no memory. */
static ssize_t read_to_nowhere(struct scene *scene)
{
	struct iov_iter to;

	iov_iter_ubuf(&to, READ, (void __force __user *)scene->got, sizeof(scene->got));
	return kshm_completions_read(&scene->handle, &scene->iocb, &to);
}

/* The next ones are of requests @first, @first + 1 and so on, @nr of them. */
static void expect(struct kunit *test, size_t room, u64 first, unsigned int nr)
{
	struct scene *scene = test->priv;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, read(scene, room), nr * SIZE);
	for (i = 0; i < nr; i++)
		KUNIT_EXPECT_EQ(test, scene->got[i].user_data, first + i);
	/* And nothing is written behind them. */
	if (nr < NR)
		KUNIT_EXPECT_EQ(test, scene->got[nr].user_data, 0xeeeeeeeeeeeeeeeeULL);
}

static void completion_tells_how_a_request_ended(struct kunit *test)
{
	const struct kshm_completion wanted = {
		.user_data = ~0ULL, .status = -EIO, .detail = 7, .code = 0x80002004,
		.flags = KSHM_COMPLETION_KSHM, .in_returned = 1, .out_returned = 2,
		.data_returned = 3, .needed = 4,
	};
	struct scene *scene = test->priv;
	struct kshm_pended *pended = make(scene, wanted.user_data);

	KUNIT_ASSERT_NOT_NULL(test, pended);
	pended->arg.code = wanted.code;
	pended->flags = wanted.flags;
	pended->req.status = wanted.status;
	pended->req.detail = wanted.detail;
	pended->req.needed = wanted.needed;
	pended->req.returned[KSHM_OPERAND_IN] = wanted.in_returned;
	pended->req.returned[KSHM_OPERAND_OUT] = wanted.out_returned;
	pended->req.returned[KSHM_OPERAND_DATA] = wanted.data_returned;
	kshm_queue_add(&scene->handle.queue, &pended->ended, false);
	KUNIT_EXPECT_EQ(test, read(scene, SIZE), SIZE);
	KUNIT_EXPECT_EQ(test, memcmp(&scene->got[0], &wanted, SIZE), 0);
}

static void completion_as_many_are_read_as_fit(struct kunit *test)
{
	u64 i;

	for (i = 0; i < 6; i++)
		end(test, i);
	expect(test, 2 * SIZE, 0, 2);
	expect(test, 2 * SIZE - 1, 2, 1);
	expect(test, NR * SIZE, 3, 3);
	KUNIT_EXPECT_EQ(test, read(test->priv, NR * SIZE), -EAGAIN);
}

static void completion_without_room_for_one_is_not_read(struct kunit *test)
{
	struct scene *scene = test->priv;

	KUNIT_EXPECT_EQ(test, read(scene, SIZE - 1), -EINVAL);
	end(test, 1);
	KUNIT_EXPECT_EQ(test, read(scene, SIZE - 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, read(scene, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, scene->handle.nr_requests, 1);
	expect(test, SIZE, 1, 1);
}

/* It is the first one still, known, and whole. */
static void completion_that_cannot_be_copied_stays(struct kunit *test)
{
	struct scene *scene = test->priv;
	unsigned int i;

	end(test, 1);
	end(test, 2);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, read_to_nowhere(scene), -EFAULT);
		KUNIT_EXPECT_TRUE(test, kshm_queue_has_ended(&scene->handle.queue));
		KUNIT_EXPECT_EQ(test, scene->handle.nr_requests, 2);
	}
	expect(test, NR * SIZE, 1, 2);
}

static void completion_is_read_of_a_device_that_is_gone(struct kunit *test)
{
	struct scene *scene = test->priv;

	end(test, 1);
	scene->handle.detached = true;
	/* Neither would wait now. */
	scene->iocb.ki_flags = 0;
	expect(test, NR * SIZE, 1, 1);
	KUNIT_EXPECT_EQ(test, read(scene, SIZE), -ENODEV);
}

static void end_for_who_waits(struct work_struct *work)
{
	struct scene *scene = container_of(work, struct scene, ends);
	struct kshm_pended *pended = make(scene, 1);

	while (!wq_has_sleeper(&scene->handle.queue.wait) && !READ_ONCE(scene->over))
		usleep_range(100, 1000);
	if (pended)
		kshm_queue_add(&scene->handle.queue, &pended->ended, false);
}

static void completion_is_waited_for(struct kunit *test)
{
	struct scene *scene = test->priv;
	ssize_t ret;

	scene->file.f_flags = O_NONBLOCK;
	scene->iocb.ki_flags = 0;
	KUNIT_EXPECT_EQ(test, read(scene, SIZE), -EAGAIN);
	scene->file.f_flags = 0;
	INIT_WORK(&scene->ends, end_for_who_waits);
	schedule_work(&scene->ends);
	ret = read(scene, NR * SIZE);
	WRITE_ONCE(scene->over, true);
	flush_work(&scene->ends);
	KUNIT_EXPECT_EQ(test, ret, SIZE);
	KUNIT_EXPECT_EQ(test, scene->got[0].user_data, 1);
}

static struct kunit_case completion_cases[] = {
	KUNIT_CASE(completion_tells_how_a_request_ended),
	KUNIT_CASE(completion_as_many_are_read_as_fit),
	KUNIT_CASE(completion_without_room_for_one_is_not_read),
	KUNIT_CASE(completion_that_cannot_be_copied_stays),
	KUNIT_CASE(completion_is_read_of_a_device_that_is_gone),
	KUNIT_CASE(completion_is_waited_for),
	{ }
};

static struct kunit_suite completion_suite = {
	.name = "kshm_completion",
	.init = completion_init,
	.exit = completion_exit,
	.test_cases = completion_cases,
};

kunit_test_suite(completion_suite);

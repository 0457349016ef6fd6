// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of requests that io_uring brings
 *
 * Kernels that cannot take a command back refuse requests that pend: tests of those see to
 * that there, and to what a ring has instead.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/kshm_null.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "pattern.h"
#include "pended_calls.h"
#include "release.h"
#include "state.h"

#define KEY	5
#define SEED	3

static int fd;
static struct io_uring ring;
static struct buffer b;
static struct kshm_test_pend pend;

static void set_up(void)
{
	fd = device_open("test", O_RDWR);
	assert_int_equal(io_uring_queue_init(64, &ring, 0), 0);
	b = buffer_make(BUFFER_SHARED, 3 * page_size());
}

static void tear_down(void)
{
	struct io_uring_cqe *cqe;

	assert_int_equal(io_uring_peek_cqe(&ring, &cqe), -EAGAIN);
	io_uring_queue_exit(&ring);
	completion_none(fd);
	buffer_free(&b);
	close(fd);
}

static bool can_pend(void)
{
	return device_info(fd).out_features & KSHM_FEATURE_RINGS_PEND;
}

/* As the module says, it is since 6.8. */
WITH_SET_UP(uring_says_whether_requests_can_pend)
{
	assert_int_equal(can_pend(), release_is_since(6, 8));
}

/* An entry of the ring that brings a request; what that names has to last. */
static struct io_uring_sqe *bring(int file, struct kshm_ioc_control *arg)
{
	const struct kshm_uring_arg from = { .arg = (uintptr_t)arg };
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	assert_non_null(sqe);
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, file, NULL, 0, 0);
	sqe->cmd_op = KSHM_IOC_CONTROL;
	memcpy(sqe->cmd, &from, sizeof(from));
	sqe->user_data = (uintptr_t)arg;
	return sqe;
}

static void enter(void)
{
	assert_true(io_uring_submit(&ring) >= 0);
}

static bool has_completion(void)
{
	struct io_uring_cqe *cqe;

	return !io_uring_peek_cqe(&ring, &cqe);
}

/* What the ring says of the next one, whoever's it is. */
static int next_result(__u64 *user_data)
{
	struct io_uring_cqe *cqe;
	int res;

	assert_int_equal(io_uring_wait_cqe(&ring, &cqe), 0);
	res = cqe->res;
	if (user_data)
		*user_data = cqe->user_data;
	io_uring_cqe_seen(&ring, cqe);
	return res;
}

/* Has the ring bring a request, and waits for it. */
static int call_in_ring(struct kshm_ioc_control *arg)
{
	__u64 user_data;
	int res;

	bring(fd, arg);
	enter();
	res = next_result(&user_data);
	assert_int_equal(user_data, (uintptr_t)arg);
	return res;
}

/* That a driver writes all of the buffer, or as much as @len, when it is told to. */
static struct kshm_ioc_control pending(__u32 code, __u32 how)
{
	pend = (struct kshm_test_pend){ .how = how, .key = KEY, .seed = SEED };
	return pend_buffer(code, &pend, &b);
}

/* Has the ring bring it; false, after a look at how, if it is refused. */
static bool pends(struct kshm_ioc_control *arg)
{
	struct kshm_explain why = { .size = sizeof(why) };
	const __u64 kept = test_state(fd).kept;

	if (!can_pend()) {
		arg->explain = to_u64(&why);
		assert_int_equal(call_in_ring(arg), -EOPNOTSUPP);
		assert_int_equal(why.check, KSHM_EXPLAIN_RING);
		return false;
	}
	bring(fd, arg);
	enter();
	wait_until_driver_keeps(fd, kept + 1);
	assert_false(has_completion());
	return true;
}

WITH_SET_UP(uring_does_what_the_ioctl_does)
{
	const struct kshm_test_work work = { .place = KSHM_TEST_IN_HARDIRQ, .seed = SEED };
	struct kshm_test_place place = { };
	unsigned char out[200] = { }, by_ioctl[200] = { };
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL_COPIED), same;

	arg.out = user_operand(out, sizeof(out));
	same = arg;
	same.out.addr = to_u64(by_ioctl);
	assert_int_equal(control_try(fd, &same), 0);
	assert_int_equal(call_in_ring(&arg), 0);
	assert_int_equal(arg.out.out_returned, sizeof(out));
	assert_memory_equal(out, by_ioctl, sizeof(out));
	same.out.addr = arg.out.addr;
	assert_memory_equal(&arg, &same, sizeof(arg));

	arg = request(KSHM_TEST_FILL);
	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = user_operand(b.data, b.len);
	assert_int_equal(call_in_ring(&arg), 0);
	assert_int_equal(arg.out_status, 0);
	assert_true(place.in_hardirq);
	assert_true(has_pattern(b.data, b.len, SEED));
}

WITH_SET_UP(uring_fails_as_the_ioctl_does)
{
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_control arg = request(KSHM_NULL_NOP);

	arg.explain = to_u64(&why);
	assert_int_equal(call_in_ring(&arg), -ENOTTY);
	assert_int_equal(why.check, KSHM_EXPLAIN_CODE);

	arg = request(KSHM_TEST_BOUNDS);
	arg.explain = to_u64(&why);
	assert_int_equal(call_in_ring(&arg), -EMSGSIZE);
	assert_int_equal(why.check, KSHM_EXPLAIN_SHORT);
	arg.size = 1;
	assert_int_equal(call_in_ring(&arg), -EINVAL);

	/* What the driver says is in the struct. */
	arg = pending(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_AT_ONCE);
	pend.status = -EXDEV;
	assert_int_equal(call_in_ring(&arg), can_pend() ? 0 : -EOPNOTSUPP);
	assert_int_equal(arg.out_status, can_pend() ? -EXDEV : 0);
}

WITH_SET_UP(uring_refuses_other_commands)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_STATE);
	struct kshm_uring_arg from = { .arg = to_u64(&arg), .reserved = 1 };
	const struct iovec iov = { b.data, b.len };
	struct io_uring_sqe *sqe;

	bring(fd, &arg)->cmd_op = KSHM_IOC_INFO;
	enter();
	assert_int_equal(next_result(NULL), -ENOTTY);
	memcpy(bring(fd, &arg)->cmd, &from, sizeof(from));
	enter();
	assert_int_equal(next_result(NULL), -EINVAL);
	from = (struct kshm_uring_arg){ .arg = 8 };
	memcpy(bring(fd, &arg)->cmd, &from, sizeof(from));
	enter();
	assert_int_equal(next_result(NULL), -EFAULT);

	assert_int_equal(io_uring_register_buffers(&ring, &iov, 1), 0);
	sqe = bring(fd, &arg);
	sqe->rw_flags = 1;	/* IORING_URING_CMD_FIXED */
	sqe->buf_index = 0;
	enter();
	assert_int_equal(next_result(NULL), -EOPNOTSUPP);
	assert_int_equal(io_uring_unregister_buffers(&ring), 0);

	/* A flag that this kernel may know, and not kshm: it is not taken for success. */
	sqe = bring(fd, &arg);
	sqe->rw_flags = 2;	/* IORING_URING_CMD_MULTISHOT */
	sqe->flags |= IOSQE_BUFFER_SELECT;
	enter();
	assert_true(next_result(NULL) < 0);
}

/* What does not sleep has ended when it is submitted, in order; what may has not. */
WITH_SET_UP(uring_waits_for_nothing)
{
	int null = device_open("null", O_RDWR);
	struct kshm_ioc_control args[32], held;
	struct kshm_test_held out;
	__u64 user_data;
	size_t i;

	held = hold_request(KSHM_TEST_HOLD, &out, NULL, 0);
	bring(fd, &held);
	for (i = 0; i < ARRAY_SIZE(args); i++) {
		args[i] = request(KSHM_NULL_NOP);
		args[i].out_status = -1;
		bring(null, &args[i]);
	}
	enter();
	for (i = 0; i < ARRAY_SIZE(args); i++) {
		assert_true(has_completion());
		assert_int_equal(next_result(&user_data), 0);
		assert_int_equal(user_data, to_u64(&args[i]));
		assert_int_equal(args[i].out_status, 0);
	}
	assert_false(has_completion());
	wait_until_holding(fd, 1);
	release(fd);
	assert_int_equal(next_result(&user_data), 0);
	assert_int_equal(user_data, to_u64(&held));
	close(null);
}

static const __u32 places[] = {
	KSHM_TEST_IN_CALLER, KSHM_TEST_IN_HARDIRQ, KSHM_TEST_IN_KTHREAD, KSHM_TEST_ON_CPU,
};

/* Wherever the handler runs, and wherever it is completed. */
WITH_SET_UP(uring_tells_when_what_pends_has_ended)
{
	struct kshm_ioc_control arg;
	__u32 context;
	size_t i;

	for (context = 0; context <= KSHM_TEST_HARDIRQ; context++) {
		for (i = 0; i < ARRAY_SIZE(places); i++) {
			arg = pending(KSHM_TEST_PEND_IN(context), KSHM_TEST_PEND_CANCELLABLE);
			pend.seed = SEED + i;
			pend.detail = 17;
			memset(b.data, 0, b.len);
			if (!pends(&arg))
				return;
			while (!complete_where(fd, KEY, places[i]))
				usleep(1000);
			assert_int_equal(next_result(NULL), 0);
			assert_int_equal(arg.out_status, 0);
			assert_int_equal(arg.out_detail, 17);
			assert_int_equal(arg.data.out_returned, b.len);
			assert_true(has_pattern(b.data, b.len, SEED + i));
			completion_none(fd);
		}
	}
}

/* One that ends before its handler has returned, and one whose handler does not pend. */
WITH_SET_UP(uring_of_what_ends_at_once)
{
	static const __u32 hows[] = {
		KSHM_TEST_PEND_AT_ONCE, KSHM_TEST_PEND_BEFORE_RETURN, KSHM_TEST_PEND_IRQ,
	};
	struct kshm_ioc_control arg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hows); i++) {
		arg = pending(KSHM_TEST_PEND_WRITE, hows[i]);
		memset(b.data, 0, b.len);
		assert_int_equal(call_in_ring(&arg), can_pend() ? 0 : -EOPNOTSUPP);
		assert_int_equal(arg.data.out_returned, can_pend() ? b.len : 0);
		assert_true(!can_pend() || has_pattern(b.data, b.len, SEED));
	}
	for (i = 0; i < 100; i++) {
		arg = request(KSHM_TEST_PEND_NOTHING);
		assert_int_equal(call_in_ring(&arg), can_pend() ? 0 : -EOPNOTSUPP);
	}
}

WITH_SET_UP(uring_output_of_what_pends)
{
	unsigned char out[300];
	struct kshm_ioc_control arg;

	arg = pending(KSHM_TEST_PEND, KSHM_TEST_PEND_CANCELLABLE);
	arg.data = (struct kshm_operand){ };
	arg.out = user_operand(out, sizeof(out));
	pend.returned = 200;
	memset(out, 0xee, sizeof(out));
	if (!pends(&arg))
		return;
	complete_one(fd, KEY);
	assert_int_equal(next_result(NULL), 0);
	assert_int_equal(arg.out.out_returned, 200);
	assert_true(has_pattern(out, 200, SEED));
	assert_int_equal(out[200], 0xee);
}

WITH_SET_UP(uring_results_that_cannot_be_written)
{
	struct kshm_ioc_control *arg = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
					    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(arg, MAP_FAILED);
	*arg = pending(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_CANCELLABLE);
	if (pends(arg)) {
		munmap(arg, page_size());
		complete_one(fd, KEY);
		assert_int_equal(next_result(NULL), -EFAULT);
		assert_true(has_pattern(b.data, b.len, SEED));
	} else {
		munmap(arg, page_size());
	}
}

/* By the user_data of its struct, through the handle, as any. */
WITH_SET_UP(uring_cancelled)
{
	struct kshm_ioc_control arg;

	arg = pending(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_CANCELLABLE);
	if (!pends(&arg)) {
		assert_int_equal(cancel_try(fd, KEY, 0, NULL), -ENOENT);
		return;
	}
	assert_int_equal(cancel_try(fd, KEY, 0, NULL), 1);
	assert_int_equal(next_result(NULL), 0);
	assert_int_equal(arg.out_status, -ECANCELED);
	assert_int_equal(arg.data.out_returned, 0);
}

/* Requests that are submitted have completions of their own, which a ring reads. */
WITH_SET_UP(uring_submits_and_reads)
{
	struct kshm_completion completion = { };
	struct kshm_ioc_control arg;
	struct io_uring_sqe *sqe;

	arg = pending(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_CANCELLABLE);
	arg.flags = KSHM_REQUEST_SUBMIT;
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_poll_add(sqe, fd, POLLIN);
	sqe->user_data = 1;
	enter();
	assert_int_equal(call_in_ring(&arg), 0);
	assert_false(has_completion());
	complete_one(fd, KEY);
	assert_true(next_result(NULL) & POLLIN);
	io_uring_prep_read(io_uring_get_sqe(&ring), fd, &completion, sizeof(completion), 0);
	enter();
	assert_int_equal(next_result(NULL), sizeof(completion));
	assert_int_equal(completion.user_data, KEY);
	assert_int_equal(completion.status, 0);
	assert_true(has_pattern(b.data, b.len, SEED));
}

/* The command has the file, whoever closes it. */
WITH_SET_UP(uring_keeps_the_file)
{
	const __u64 closed = test_state(fd).closed;
	struct kshm_ioc_control arg;
	int other = device_open("test", O_RDWR);

	arg = pending(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_CANCELLABLE);
	if (can_pend()) {
		const __u64 kept = test_state(fd).kept;

		bring(other, &arg);
		enter();
		wait_until_driver_keeps(fd, kept + 1);
		close(other);
		assert_int_equal(test_state(fd).closed, closed);
		complete_one(fd, KEY);
		assert_int_equal(next_result(NULL), 0);
		assert_true(has_pattern(b.data, b.len, SEED));
	} else {
		close(other);
	}
	while (test_state(fd).closed != closed + 1)
		usleep(1000);
}

/* The kernel's threads see to the rest of a ring. */
static void wait_until_nothing_charged(void)
{
	while (device_info(fd).out_system_pages)
		usleep(1000);
	nothing_charged();
}

/*
 * The ring goes, and with it its hold on a file that is closed otherwise; the request ends
 * if it can be cancelled, and if not goes on for itself.
 */
static void ring_goes(__u32 code, __u32 how)
{
	const struct kshm_test_state before = test_state(fd);
	struct kshm_ioc_control arg = pending(code, how);
	int other = device_open("test", O_RDWR);

	bring(other, &arg);
	enter();
	wait_until_driver_keeps(fd, before.kept + 1);
	close(other);
	assert_int_equal(test_state(fd).cleaned, before.cleaned);
	io_uring_queue_exit(&ring);
	while (test_state(fd).cleaned != before.cleaned + 1)
		usleep(1000);
	assert_int_equal(io_uring_queue_init(64, &ring, 0), 0);
	if (how == KSHM_TEST_PEND_UNCANCELLABLE) {
		assert_int_equal(test_state(fd).completed, before.completed);
		assert_true(device_info(fd).out_system_pages > 0);
		assert_int_equal(complete_where(fd, KEY, KSHM_TEST_IN_HARDIRQ), 1);
		assert_true(has_pattern(b.data, b.len, SEED));
	} else {
		assert_true(test_state(fd).cancels > before.cancels);
	}
	while (test_state(fd).completed != before.completed + 1)
		usleep(1000);
	wait_until_nothing_charged();
}

WITH_SET_UP(uring_that_goes)
{
	if (!can_pend())
		return;
	ring_goes(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_CANCELLABLE);
	ring_goes(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_UNCANCELLABLE);
	ring_goes(KSHM_TEST_PEND_IN(KSHM_TEST_WORKER), KSHM_TEST_PEND_UNCANCELLABLE);
	ring_goes(KSHM_TEST_PEND_IN(KSHM_TEST_HARDIRQ), KSHM_TEST_PEND_CANCELLABLE);
}

/* Rings that go about it in other ways: each brings, is told, and goes. */
WITH_SET_UP(uring_of_each_kind)
{
	static const unsigned int kinds[] = {
		IORING_SETUP_SQPOLL, IORING_SETUP_SQE128, IORING_SETUP_CQE32,
		IORING_SETUP_COOP_TASKRUN,
		IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
	};
	struct kshm_ioc_control arg, null;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		io_uring_queue_exit(&ring);
		assert_int_equal(io_uring_queue_init(8, &ring, kinds[i]), 0);
		null = request(KSHM_TEST_NOTHING_IN(KSHM_TEST_HARDIRQ));
		assert_int_equal(call_in_ring(&null), 0);
		arg = pending(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_CANCELLABLE);
		memset(b.data, 0, b.len);
		if (!pends(&arg))
			continue;
		complete_where(fd, KEY, KSHM_TEST_IN_HARDIRQ);
		assert_int_equal(next_result(NULL), 0);
		assert_true(has_pattern(b.data, b.len, SEED));
		ring_goes(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_CANCELLABLE);
	}
}

static pid_t gone;

static void *bring_and_go(void *arg)
{
	gone = gettid();
	bring(fd, arg);
	enter();
	return NULL;
}

/* The thread that brought it is gone; others of its process are told. */
WITH_SET_UP(uring_of_a_thread_that_goes)
{
	const __u64 kept = test_state(fd).kept;
	struct kshm_ioc_control arg;
	pthread_t thread;
	char path[32];

	if (!can_pend())
		return;
	arg = pending(KSHM_TEST_PEND_WRITE, KSHM_TEST_PEND_UNCANCELLABLE);
	assert_int_equal(pthread_create(&thread, NULL, bring_and_go, &arg), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	/* It is joined before it is gone. */
	snprintf(path, sizeof(path), "/proc/self/task/%d", gone);
	while (!access(path, F_OK))
		usleep(1000);
	wait_until_driver_keeps(fd, kept + 1);
	complete_one(fd, KEY);
	assert_int_equal(next_result(NULL), 0);
	assert_int_equal(arg.data.out_returned, b.len);
	assert_true(has_pattern(b.data, b.len, SEED));
}

/* A process is killed, with one of either in a ring, and is gone. */
__attribute__((noreturn))
static void wait_to_be_killed(void)
{
	struct kshm_ioc_control args[2];
	struct kshm_test_pend pends[2];
	size_t i;

	WANT(!io_uring_queue_init(8, &ring, 0));
	for (i = 0; i < ARRAY_SIZE(args); i++) {
		args[i] = pending(KSHM_TEST_PEND_WRITE, i ? KSHM_TEST_PEND_UNCANCELLABLE :
						       KSHM_TEST_PEND_CANCELLABLE);
		pends[i] = pend;
		args[i].in.addr = to_u64(&pends[i]);
		bring(fd, &args[i]);
	}
	WANT(io_uring_submit(&ring) == ARRAY_SIZE(args));
	for (;;)
		pause();
}

WITH_SET_UP(uring_of_a_process_that_is_killed)
{
	const __u64 kept = test_state(fd).kept, completed = test_state(fd).completed;
	pid_t child;

	if (!can_pend())
		return;
	child = fork();
	assert_int_not_equal(child, -1);
	if (!child)
		wait_to_be_killed();
	wait_until_driver_keeps(fd, kept + 2);
	assert_true(dies(child));
	while (test_state(fd).completed != completed + 1)
		usleep(1000);
	assert_int_equal(complete_where(fd, KEY, KSHM_TEST_IN_HARDIRQ), 1);
	assert_true(has_pattern(b.data, b.len, SEED));
	wait_until_nothing_charged();
}

/* Many at a time, some of them cancelled: each ends once. */
WITH_SET_UP(uring_of_many)
{
	static struct kshm_ioc_control args[64];
	unsigned int i, cancelled = 0;
	__u64 user_data;

	if (!can_pend())
		return;
	for (i = 0; i < ARRAY_SIZE(args); i++) {
		args[i] = pend_request(KSHM_TEST_PEND, &pend, i);
		bring(fd, &args[i]);
	}
	pend = (struct kshm_test_pend){ .key = KEY };
	enter();
	while (test_state(fd).kept - test_state(fd).completed < ARRAY_SIZE(args))
		usleep(1000);
	for (i = 0; i < ARRAY_SIZE(args); i += 3)
		assert_int_equal(cancel_try(fd, i, 0, NULL), 1);
	complete_where(fd, KEY, KSHM_TEST_IN_HARDIRQ);
	for (i = 0; i < ARRAY_SIZE(args); i++) {
		struct kshm_ioc_control *arg;

		assert_int_equal(next_result(&user_data), 0);
		arg = (struct kshm_ioc_control *)(uintptr_t)user_data;
		assert_int_not_equal(arg->reserved, 1);
		arg->reserved = 1;
		cancelled += arg->out_status == -ECANCELED;
	}
	assert_int_equal(cancelled, (ARRAY_SIZE(args) + 2) / 3);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(uring_says_whether_requests_can_pend),
	cmocka_unit_test(uring_does_what_the_ioctl_does),
	cmocka_unit_test(uring_fails_as_the_ioctl_does),
	cmocka_unit_test(uring_refuses_other_commands),
	cmocka_unit_test(uring_waits_for_nothing),
	cmocka_unit_test(uring_tells_when_what_pends_has_ended),
	cmocka_unit_test(uring_of_what_ends_at_once),
	cmocka_unit_test(uring_output_of_what_pends),
	cmocka_unit_test(uring_results_that_cannot_be_written),
	cmocka_unit_test(uring_cancelled),
	cmocka_unit_test(uring_submits_and_reads),
	cmocka_unit_test(uring_keeps_the_file),
	cmocka_unit_test(uring_that_goes),
	cmocka_unit_test(uring_of_each_kind),
	cmocka_unit_test(uring_of_a_thread_that_goes),
	cmocka_unit_test(uring_of_a_process_that_is_killed),
	cmocka_unit_test(uring_of_many),
};

HARNESS_MAIN_AFTER(tests, nothing_charged)

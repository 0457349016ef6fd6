// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fault sweep of requests that io_uring brings
 *
 * What may not sleep is issued in the task that enters the ring; the rest is put off to a
 * thread of io_uring's, which there is one of, for as long as the process lives: things
 * fail in the one or in the other.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "pended_calls.h"
#include "scenario.h"
#include "state.h"
#include "thread_state.h"

#define KEY	5
#define COPIED	1000

static struct io_uring ring;

static void make_ring(void)
{
	static bool is_made;
	unsigned int most[2] = { 1, 1 };

	if (is_made)
		return;
	assert_int_equal(io_uring_queue_init(8, &ring, 0), 0);
	assert_int_equal(io_uring_register_iowq_max_workers(&ring, most), 0);
	is_made = true;
}

/* The thread, or 0. */
static pid_t find_thread(void)
{
	DIR *dir = opendir("/proc/self/task");
	char path[300], comm[32];
	struct dirent *entry;
	pid_t found = 0;
	FILE *file;

	assert_non_null(dir);
	while (!found && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/self/task/%s/comm", entry->d_name);
		file = isdigit(entry->d_name[0]) ? fopen(path, "re") : NULL;
		if (!file)
			continue;
		if (fgets(comm, sizeof(comm), file) && !strncmp(comm, "iou-wrk-", 8))
			found = atoi(entry->d_name);
		fclose(file);
	}
	closedir(dir);
	return found;
}

/* It is there since the first run, in which nothing fails, and through with the last one. */
static pid_t thread(void)
{
	const pid_t found = find_thread();

	assert_int_not_equal(found, 0);
	while (thread_state(found) != 'S')
		usleep(1000);
	return found;
}

/* Has the ring bring scene.arg. */
static int bring(void)
{
	const struct kshm_uring_arg from = { .arg = to_u64(&scene.arg) };
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
	int ret;

	assert_non_null(sqe);
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, scene.fd, NULL, 0, 0);
	sqe->cmd_op = KSHM_IOC_CONTROL;
	memcpy(sqe->cmd, &from, sizeof(from));
	do {
		/* It stays in the ring if there was no memory for it. */
		ret = io_uring_submit(&ring);
	} while (ret == -EAGAIN);
	return ret < 0 ? ret : 0;
}

static int result(void)
{
	struct io_uring_cqe *cqe;
	int ret;

	do {
		ret = io_uring_wait_cqe(&ring, &cqe);
	} while (ret == -EINTR);
	assert_int_equal(ret, 0);
	ret = cqe->res;
	io_uring_cqe_seen(&ring, cqe);
	return ret ? ret : scene.arg.out_status;
}

static int call_in_ring(void)
{
	const int ret = bring();

	return ret ? ret : result();
}

static struct {
	struct kshm_test_there there;
	unsigned char bytes[COPIED];
} in;

static struct {
	struct kshm_test_where where;
	unsigned char bytes[COPIED];
} out;

/* So little that it is done at once. */
static void prepare_copy(void)
{
	make_ring();
	memset(in.bytes, SCENARIO_SEED, sizeof(in.bytes));
	memset(&out, 0, sizeof(out));
	scene.arg = request(KSHM_TEST_COPY_IN(KSHM_TEST_HARDIRQ));
	scene.arg.in = user_operand(&in, sizeof(in));
	scene.arg.out = user_operand(&out, sizeof(out));
}

static void check_copy(void)
{
	assert_memory_equal(out.bytes, in.bytes, sizeof(out.bytes));
}

static void prepare_fill(void)
{
	make_ring();
	scenario_prepare_fill_mapped();
}

static struct kshm_test_pend pend;
static struct kshm_explain why;

static void prepare_pend(void)
{
	make_ring();
	pend = (struct kshm_test_pend){
		.key = KEY, .seed = SCENARIO_SEED, .returned = scene.len,
	};
	scene.arg = pend_request(KSHM_TEST_PEND_WRITE, &pend, KEY);
	scene.arg.data = user_operand(scene.memory, scene.len);
	why = (struct kshm_explain){ .size = sizeof(why) };
	scene.arg.explain = to_u64(&why);
}

static void prepare_submit(void)
{
	prepare_pend();
	scene.arg.flags = KSHM_REQUEST_SUBMIT;
}

static int submit_and_read(void)
{
	const int ret = call_in_ring();

	if (ret)
		return ret;
	complete_one(scene.fd, KEY);
	return completion_of(scene.fd, KEY, 0).status;
}

static bool can_pend(void)
{
	return device_info(scene.fd).out_features & KSHM_FEATURE_RINGS_PEND;
}

/* Where it cannot be taken back it is refused, and that explained: then this succeeds. */
static int pend_in_ring(void)
{
	const __u64 kept = test_state(scene.fd).kept;
	struct io_uring_cqe *cqe;
	int ret = bring();

	if (ret)
		return ret;
	if (can_pend()) {
		while (io_uring_peek_cqe(&ring, &cqe) && test_state(scene.fd).kept == kept)
			usleep(1000);
		complete_where(scene.fd, KEY, KSHM_TEST_IN_CALLER);
		return result();
	}
	ret = result();
	if (ret != -EOPNOTSUPP)
		return ret ? ret : -EIO;
	return why.check == KSHM_EXPLAIN_RING ? 0 : -EFAULT;
}

static void check_pended(void)
{
	if (can_pend())
		scenario_check_fill();
}

SWEEP(ring_at_once) = {
	.sweeps = "kshm_uring_cmd",
	.device = "test", .len = 4096, .prepare = prepare_copy, .call = call_in_ring,
	.check = check_copy,
};

SWEEP(ring_put_off) = {
	.device = "test", .prepare = prepare_fill, .call = call_in_ring,
	.check = scenario_check_fill,
};

SWEEP(ring_in_a_thread) = {
	.device = "test", .task = thread, .prepare = prepare_fill, .call = call_in_ring,
	.check = scenario_check_fill,
};

SWEEP(ring_submits) = {
	.device = "test", .task = thread, .prepare = prepare_submit, .call = submit_and_read,
	.check = scenario_check_fill,
};

SWEEP(ring_pends) = {
	.device = "test", .task = thread, .prepare = prepare_pend, .call = pend_in_ring,
	.check = check_pended,
};

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sweep_ring_at_once),
	cmocka_unit_test(sweep_ring_put_off),
	cmocka_unit_test(sweep_ring_in_a_thread),
	cmocka_unit_test(sweep_ring_submits),
	cmocka_unit_test(sweep_ring_pends),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

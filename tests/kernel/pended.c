// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of requests that last longer than their handlers: what is theirs stays as
 * it is until they are completed, wherever that is, and whatever became of who made them
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "pattern.h"
#include "pended_calls.h"
#include "region_calls.h"
#include "state.h"
#include "twin.h"

#define PAGES	3

static int fd;
static unsigned char *data, *twin;	/* one memory, seen twice */
static size_t len;
static struct kshm_test_pend pend;
static __u64 user_data;

static void set_up(void)
{
	const struct twin both = twin_make(PAGES * page_size());

	fd = device_open("test", O_RDWR);
	data = both.first;
	twin = both.second;
	len = both.len;
	pend = (struct kshm_test_pend){ .key = 5 };
	user_data = 0x123456789abcdef0;
}

static void tear_down(void)
{
	munmap(data, len);
	munmap(twin, len);
	close(fd);
}

static struct kshm_ioc_control row(__u32 code)
{
	return pend_request(code, &pend, user_data);
}

/* Each place that a request can be completed in. */
static const __u32 places[] = {
	KSHM_TEST_IN_CALLER, KSHM_TEST_IN_HARDIRQ, KSHM_TEST_IN_KTHREAD, KSHM_TEST_ON_CPU,
};

/* All that a driver tells is in the completion, and its output where it was wanted. */
WITH_SET_UP(pended_tells_all)
{
	struct kshm_completion completion;
	unsigned char out[100];
	struct kshm_ioc_control arg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		pend = (struct kshm_test_pend){
			.key = 5, .seed = 70 + i, .detail = 80 + i, .returned = 90 + i,
			.needed = 1ULL << 40,
		};
		memset(out, 0xee, sizeof(out));
		arg = row(KSHM_TEST_PEND);
		arg.out = user_operand(out, sizeof(out));
		assert_int_equal(submit_try(fd, &arg), 0);
		assert_int_equal(arg.out.out_returned, 0);
		completion_none(fd);
		assert_int_equal(complete_where(fd, 5, places[i]), 1);
		assert_int_equal(out[0], 0xee);
		completion = completion_of(fd, user_data, 0);
		assert_int_equal(completion.code, KSHM_TEST_PEND);
		assert_int_equal(completion.flags, 0);
		assert_int_equal(completion.detail, 80 + i);
		assert_int_equal(completion.in_returned, 0);
		assert_int_equal(completion.out_returned, 90 + i);
		assert_int_equal(completion.needed, 1ULL << 40);
		assert_true(has_pattern(out, 90 + i, 70 + i));
		assert_int_equal(out[90 + i], 0xee);
		completion_none(fd);
	}
}

/* Bytes of the caller's, in each context that a row names and each that completes. */
WITH_SET_UP(pended_writes_and_reads_data)
{
	struct kshm_ioc_control arg;
	__u32 context;
	size_t i;

	for (context = 0; context <= KSHM_TEST_HARDIRQ; context++) {
		for (i = 0; i < ARRAY_SIZE(places); i++) {
			pend.seed++;
			pend.returned = len - 7;
			arg = row(KSHM_TEST_PEND_IN(context));
			arg.data = user_operand(data + 7, len - 7);
			submit(fd, arg);
			while (!complete_where(fd, 5, places[i]))
				usleep(1000);
			assert_true(has_pattern(twin + 7, len - 7, pend.seed));
			assert_int_equal(completion_of(fd, user_data, 0).data_returned,
					 len - 7);
		}
	}
	pend.seed = 9;
	fill_pattern(data, len, 9);
	data[len - 1]++;
	arg = row(KSHM_TEST_PEND_READ);
	arg.data = user_operand(data, len);
	submit(fd, arg);
	assert_int_equal(complete_where(fd, 5, KSHM_TEST_ON_CPU), 1);
	assert_int_equal(completion_of(fd, user_data, 0).detail, 1);
}

/* A caller who waits gets what one who submits reads. */
static void call_in_a_thread(struct kshm_ioc_control *arg)
{
	control(fd, arg);
	WANT(arg->out.out_returned == 60 && arg->out_detail == 3);
}

WITH_SET_UP(pended_is_waited_for)
{
	const __u64 calls = test_state(fd).calls;
	unsigned char *out = data;
	struct kshm_ioc_control arg;
	pid_t child = fork();

	assert_int_not_equal(child, -1);
	pend = (struct kshm_test_pend){ .key = 5, .seed = 2, .detail = 3, .returned = 60 };
	if (!child) {
		arg = row(KSHM_TEST_PEND);
		arg.out = user_operand(out, 64);
		call_in_a_thread(&arg);
		_exit(0);
	}
	wait_until_kept(fd, calls + 1);
	assert_int_equal(complete_where(fd, 5, KSHM_TEST_IN_HARDIRQ), 1);
	completion_none(fd);
	{
		int status;

		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
	assert_true(has_pattern(twin, 60, 2));
	assert_int_equal(twin[60], 0);
}

/* What fails at once has no completion, and what succeeds at once has one. */
WITH_SET_UP(pended_that_does_not_pend)
{
	unsigned char out[16] = { 0 };
	struct kshm_ioc_control arg;

	pend.how = KSHM_TEST_PEND_AT_ONCE;
	pend.status = -EXDEV;
	arg = row(KSHM_TEST_PEND);
	assert_int_equal(submit_try(fd, &arg), -EXDEV);
	completion_none(fd);
	pend.status = 0;
	pend.seed = 3;
	pend.returned = sizeof(out);
	arg = row(KSHM_TEST_PEND);
	arg.out = user_operand(out, sizeof(out));
	assert_int_equal(submit_try(fd, &arg), 0);
	assert_true(has_pattern(out, sizeof(out), 3));
	assert_int_equal(completion_of(fd, user_data, 0).out_returned, sizeof(out));
	completion_none(fd);
	/* And a driver that fails later. */
	pend.how = KSHM_TEST_PEND_CANCELLABLE;
	pend.status = -EXDEV;
	submit(fd, row(KSHM_TEST_PEND));
	complete_one(fd, 5);
	assert_int_equal(completion_of(fd, user_data, -EXDEV).flags, 0);
}

/* Completed before the handler has returned, or by an interrupt in its midst. */
WITH_SET_UP(pended_completed_early)
{
	pend.how = KSHM_TEST_PEND_BEFORE_RETURN;
	pend.detail = 4;
	submit(fd, row(KSHM_TEST_PEND));
	assert_int_equal(completion_of(fd, user_data, 0).detail, 4);
	pend.how = KSHM_TEST_PEND_IRQ;
	submit(fd, row(KSHM_TEST_PEND));
	while (!test_state(fd).completed)
		usleep(1000);
	{
		struct kshm_completion completion;

		assert_int_equal(read(fd, &completion, sizeof(completion)),
				 sizeof(completion));
		assert_int_equal(completion.detail, 4);
	}
}

/* A row that cannot pend can be submitted all the same. */
WITH_SET_UP(pended_of_any_row)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL_COPIED);
	unsigned char out[300];
	__u32 context;

	arg.out = user_operand(out, sizeof(out));
	arg.user_data = 9;
	submit(fd, arg);
	assert_int_equal(completion_of(fd, 9, 0).out_returned, sizeof(out));
	assert_true(has_pattern(out, sizeof(out), 0));
	for (context = KSHM_TEST_WORKER; context <= KSHM_TEST_HARDIRQ; context++) {
		struct kshm_completion completion;

		arg = request(KSHM_TEST_NOTHING_IN(context));
		arg.user_data = context;
		submit(fd, arg);
		assert_int_equal(read(fd, &completion, sizeof(completion)),
				 sizeof(completion));
		assert_int_equal(completion.user_data, context);
		assert_int_equal(completion.status, 0);
	}
}

/* Parts of regions are used until it is undone: neither destroyed nor changed. */
WITH_SET_UP(pended_uses_a_region)
{
	__u32 id = region_make(fd, data, len, READ_WRITE);
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND_WRITE);

	pend.seed = 6;
	arg.data = region_operand(id, 10, len - 20);
	submit(fd, arg);
	assert_int_equal(region_destroy_try(fd, id, 0), -EBUSY);
	assert_int_equal(complete_where(fd, 5, KSHM_TEST_IN_HARDIRQ), 1);
	assert_int_equal(region_destroy_try(fd, id, 0), -EBUSY);
	completion_of(fd, user_data, 0);
	region_destroy(fd, id);
	assert_true(has_pattern(twin + 10, len - 20, 6));
}

/* The pages are the driver's until it is through, whatever becomes of the addresses. */
WITH_SET_UP(pended_whose_memory_is_unmapped)
{
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND_WRITE);

	pend.seed = 8;
	arg.data = user_operand(data, len);
	submit(fd, arg);
	assert_int_equal(munmap(data, len), 0);
	assert_int_equal(complete_where(fd, 5, KSHM_TEST_IN_HARDIRQ), 1);
	assert_true(has_pattern(twin, len, 8));
	completion_of(fd, user_data, 0);
	data = mmap(NULL, len, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* Output whose memory is gone when it is to be copied, and kshm says so. */
WITH_SET_UP(pended_whose_output_is_unmapped)
{
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND);
	struct kshm_completion completion;

	pend.returned = 16;
	arg.out = user_operand(data, 16);
	submit(fd, arg);
	assert_int_equal(munmap(data, len), 0);
	complete_one(fd, 5);
	completion = completion_of(fd, user_data, -EFAULT);
	assert_int_equal(completion.flags, KSHM_COMPLETION_KSHM);
	assert_int_equal(completion.out_returned, 0);
	data = mmap(NULL, len, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static unsigned char *private;

static void submit_here(void *unused)
{
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND);

	private = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	WANT(private != MAP_FAILED);
	memset(private, 0xee, len);
	pend.returned = len - page_size();
	pend.seed = 5;
	arg.out = user_operand(private + 9, len - page_size());
	WANT(!submit_try(fd, &arg));
	arg = row(KSHM_TEST_PEND_WRITE);
	arg.data = user_operand(data, len);
	WANT(!submit_try(fd, &arg));
	child_stop();
	WANT(has_pattern(private + 9, len - page_size(), 5));
	WANT(private[8] == 0xee && private[9 + len - page_size()] == 0xee);
	child_stop();
}

/* Another process reads: the output goes to the one that submitted it. */
WITH_SET_UP(pended_read_by_another_process)
{
	struct child child = child_make(submit_here, NULL);
	struct kshm_completion completion;

	child_stopped(&child);
	assert_int_equal(complete_where(fd, 5, KSHM_TEST_IN_HARDIRQ), 2);
	completion = completion_of(fd, user_data, 0);
	assert_int_equal(completion.out_returned, len - page_size());
	completion_of(fd, user_data, 0);
	child_step(&child);
	child_end(&child);
}

static void submit_and_unmap(void *unused)
{
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND);
	void *out = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);

	WANT(out != MAP_FAILED);
	pend.returned = len;
	arg.out = user_operand(out, len);
	WANT(!submit_try(fd, &arg));
	WANT(!munmap(out, len));
	child_stop();
}

/* It lives, and has no such memory any more. */
WITH_SET_UP(pended_read_by_another_after_it_is_unmapped)
{
	struct child child = child_make(submit_and_unmap, NULL);
	struct kshm_completion completion;

	child_stopped(&child);
	complete_one(fd, 5);
	completion = completion_of(fd, user_data, -EFAULT);
	assert_int_equal(completion.flags, KSHM_COMPLETION_KSHM);
	assert_int_equal(completion.out_returned, 0);
	child_end(&child);
}

/* Who submitted is dead, and its mapping gone: what it shares is written all the same. */
WITH_SET_UP(pended_whose_submitter_is_dead)
{
	struct child child = child_make(submit_here, NULL);
	struct kshm_completion completion;

	child_stopped(&child);
	kill(child.pid, SIGKILL);
	child_ended(&child, SIGKILL);
	assert_int_equal(complete_where(fd, 5, KSHM_TEST_ON_CPU), 2);
	assert_true(has_pattern(twin, len, 5));
	completion = completion_of(fd, user_data, -EFAULT);
	assert_int_equal(completion.flags, KSHM_COMPLETION_KSHM);
	assert_int_equal(completion_of(fd, user_data, 0).data_returned, len - page_size());
}

/* What is pinned is the parent's, as of any longer pin, and its child has a copy. */
WITH_SET_UP(pended_over_a_fork)
{
	unsigned char *anon = mmap(NULL, len, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND_WRITE);
	int status;
	pid_t child;

	assert_ptr_not_equal(anon, MAP_FAILED);
	memset(anon, 1, len);
	pend.seed = 4;
	arg.data = user_operand(anon, len);
	submit(fd, arg);
	child = fork();
	assert_int_not_equal(child, -1);
	if (!child) {
		pause();
		_exit(0);
	}
	anon[0] = 2;
	assert_int_equal(complete_where(fd, 5, KSHM_TEST_IN_HARDIRQ), 1);
	assert_true(has_pattern(anon, len, 4));
	completion_of(fd, user_data, 0);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	munmap(anon, len);
}

/* An older program's struct has no user_data. */
WITH_SET_UP(pended_of_an_older_program)
{
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND);

	arg.size = offsetof(struct kshm_ioc_control, user_data);
	arg.user_data = 1;
	submit(fd, arg);
	complete_one(fd, 5);
	completion_of(fd, 0, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(pended_tells_all),
	cmocka_unit_test(pended_writes_and_reads_data),
	cmocka_unit_test(pended_is_waited_for),
	cmocka_unit_test(pended_that_does_not_pend),
	cmocka_unit_test(pended_completed_early),
	cmocka_unit_test(pended_of_any_row),
	cmocka_unit_test(pended_uses_a_region),
	cmocka_unit_test(pended_whose_memory_is_unmapped),
	cmocka_unit_test(pended_whose_output_is_unmapped),
	cmocka_unit_test(pended_read_by_another_process),
	cmocka_unit_test(pended_read_by_another_after_it_is_unmapped),
	cmocka_unit_test(pended_whose_submitter_is_dead),
	cmocka_unit_test(pended_over_a_fork),
	cmocka_unit_test(pended_of_an_older_program),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

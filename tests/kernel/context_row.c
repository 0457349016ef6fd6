// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of rows that name a context: their handlers run there, with all that
 * belongs to the request, while the caller waits
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "pattern.h"
#include "region_calls.h"
#include "state.h"
#include "thread_state.h"
#include "twin.h"

#define PAGES	3

static int fd;
static unsigned char *data, *twin;	/* one memory, seen twice */
static size_t len;

static void set_up(void)
{
	const struct twin both = twin_make(PAGES * page_size());

	fd = device_open("test", O_RDWR);
	data = both.first;
	twin = both.second;
	len = both.len;
}

static void tear_down(void)
{
	munmap(data, len);
	munmap(twin, len);
	close(fd);
}

static struct kshm_test_there there;
static struct kshm_test_where where;

static struct kshm_ioc_control row(__u32 code, struct kshm_operand op)
{
	struct kshm_ioc_control arg = request(code);

	memset(&where, 0xff, sizeof(where));
	arg.in = user_operand(&there, sizeof(there));
	arg.out = user_operand(&where, sizeof(where));
	arg.data = op;
	return arg;
}

/* Where the kernel says that it was. Whose turn it is there may be anybody's. */
static void assert_place(__u32 context)
{
	assert_int_equal(where.in_hardirq, context == KSHM_TEST_HARDIRQ);
	if (context != KSHM_TEST_HARDIRQ)
		assert_int_equal(where.in_softirq, context == KSHM_TEST_SOFTIRQ);
	if (context != KSHM_TEST_WORKER)
		return;
	assert_int_equal(where.has_mm, 0);
	assert_int_not_equal(where.pid, getpid());
}

static void reaches(__u32 context, struct kshm_operand op, size_t offset)
{
	struct kshm_ioc_control arg;

	for (there.access = KSHM_TEST_BY_MAP; there.access <= KSHM_TEST_BY_COPY;
	     there.access++) {
		there.seed += 3;
		arg = row(KSHM_TEST_FILL_IN(context), op);
		control(fd, &arg);
		assert_place(context);
		assert_true(has_pattern(twin + offset, op.len, there.seed));
		arg = row(KSHM_TEST_CHECK_IN(context), op);
		control(fd, &arg);
		assert_place(context);
		assert_int_equal(where.wrong, 0);
		if (!op.len)
			continue;
		data[offset + op.len - 1]++;
		control(fd, &arg);
		assert_int_equal(where.wrong, 1);
	}
}

/* What is pinned for the call: within a page, and in several, which takes a mapping. */
static void reaches_memory(__u32 context)
{
	reaches(context, user_operand(data + 8, 1000), 8);
	reaches(context, user_operand(data + 8, len - 100), 8);
	reaches(context, user_operand(data, 0), 0);
}

WITH_SET_UP(context_row_of_a_worker)
{
	reaches_memory(KSHM_TEST_WORKER);
}

WITH_SET_UP(context_row_of_a_softirq)
{
	reaches_memory(KSHM_TEST_SOFTIRQ);
}

WITH_SET_UP(context_row_of_a_hard_interrupt)
{
	reaches_memory(KSHM_TEST_HARDIRQ);
}

WITH_SET_UP(context_row_of_a_region)
{
	__u32 context, id = region_make(fd, data, len, READ_WRITE);

	for (context = KSHM_TEST_WORKER; context <= KSHM_TEST_HARDIRQ; context++) {
		reaches(context, region_operand(id, 8, 1000), 8);
		reaches(context, region_operand(id, 1, len - 1), 1);
	}
	region_destroy(fd, id);
}

/* In and out of a request, and all that it tells. */
WITH_SET_UP(context_row_of_copied_bytes)
{
	struct { struct kshm_test_there there; unsigned char rest[700]; } in;
	struct { struct kshm_test_where where; unsigned char rest[600]; } out;
	struct kshm_ioc_control arg;
	__u32 context;

	for (context = KSHM_TEST_WORKER; context <= KSHM_TEST_HARDIRQ; context++) {
		memset(&in, 0, sizeof(in));
		memset(&out, 0xff, sizeof(out));
		fill_pattern(in.rest, sizeof(in.rest), context);
		in.there.detail = 70 + context;
		arg = request(KSHM_TEST_COPY_IN(context));
		arg.in = user_operand(&in, sizeof(in));
		arg.out = user_operand(&out, sizeof(out));
		control(fd, &arg);
		assert_int_equal(arg.out.out_returned, sizeof(out));
		assert_int_equal(arg.out_detail, 70 + context);
		assert_memory_equal(out.rest, in.rest, sizeof(out.rest));
		assert_int_equal(out.where.is_compat, 0);
	}
}

WITH_SET_UP(context_row_that_fails)
{
	struct kshm_ioc_control arg;
	__u32 context;

	for (context = KSHM_TEST_WORKER; context <= KSHM_TEST_HARDIRQ; context++) {
		there = (struct kshm_test_there){ .detail = context, .error = EXDEV };
		arg = row(KSHM_TEST_FILL_IN(context), user_operand(data, len));
		control_status(fd, &arg, -EXDEV);
		assert_int_equal(arg.out_detail, context);
		assert_int_equal(arg.out.out_returned, 0);
		assert_int_equal(where.pid, -1U);
		there.error = 0;
	}
}

/* Whatever the program says, no row of the driver returns what kshm would warn of. */
WITH_SET_UP(context_row_that_fails_as_none_may)
{
	/* The last is the kernel's own, EIOCBQUEUED. */
	static const __u32 errors[] = { -1U, 1U << 31, 4096, 529 };
	struct kshm_ioc_control arg;
	__u32 context;
	size_t i;

	for (context = KSHM_TEST_WORKER; context <= KSHM_TEST_HARDIRQ; context++) {
		for (i = 0; i < ARRAY_SIZE(errors); i++) {
			there = (struct kshm_test_there){ .error = errors[i] };
			arg = row(KSHM_TEST_FILL_IN(context), user_operand(data, len));
			control_status(fd, &arg, -EDOM);
			arg = request(KSHM_TEST_COPY_IN(context));
			arg.in = user_operand(&there, sizeof(there));
			arg.out = user_operand(&where, sizeof(where));
			control_status(fd, &arg, -EDOM);
		}
	}
	there.error = 0;
}

/* What needs the caller says that it cannot be had, and that without him it is not told. */
WITH_SET_UP(context_row_calls_what_it_may)
{
	static const int expected[KSHM_TEST_CALLS] = {
		-EOPNOTSUPP, -EOPNOTSUPP, -EOPNOTSUPP, -EOPNOTSUPP, -EFAULT, 0,
	};
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_control arg;
	__u32 context;

	for (context = KSHM_TEST_WORKER; context <= KSHM_TEST_HARDIRQ; context++) {
		arg = row(KSHM_TEST_COPY_IN(context), (struct kshm_operand){ .kind = 0 });
		arg.explain = to_u64(&why);
		control(fd, &arg);
		assert_memory_equal(where.calls, expected, sizeof(where.calls));
		assert_int_equal(why.check, KSHM_EXPLAIN_NONE);
	}
}

/* The memory is the driver's until it returns, whatever becomes of the addresses. */
WITH_SET_UP(context_worker_whose_caller_unmaps)
{
	struct call call;

	call_hold(&call, fd, KSHM_TEST_HOLD_WORKER, data, len);
	assert_int_equal(twin[0], KSHM_TEST_HELD_BEFORE);
	assert_int_equal(munmap(data, len), 0);
	assert_int_equal(twin[1], 0);
	call_release(&call);
	assert_int_equal(twin[1], KSHM_TEST_HELD_AFTER);
	data = mmap(NULL, len, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static volatile sig_atomic_t alarms;

static void count_alarm(int signal)
{
	alarms++;
}

static void call_in_a_child(const struct kshm_ioc_control *arg)
{
	struct sigaction action = { .sa_handler = count_alarm };
	struct kshm_ioc_control call = *arg;

	sigaction(SIGALRM, &action, NULL);
	_exit(control_try(fd, &call) ? 1 : 0);
}

/*
 * It sleeps where no signal reaches it, for longer than the caller may take to die. One
 * that he handles changes nothing of that.
 */
WITH_SET_UP(context_worker_killed_with_its_caller)
{
	struct kshm_test_held held;
	struct kshm_ioc_control arg = hold_request(KSHM_TEST_HOLD_WORKER, &held, data, len);
	pid_t child = fork();

	assert_int_not_equal(child, -1);
	if (!child)
		call_in_a_child(&arg);
	wait_until_holding(fd, 1);
	assert_int_equal(kill(child, SIGALRM), 0);
	if (!dies(child)) {
		release(fd);
		fail_msg("the caller does not die");
	}
	assert_int_equal(test_state(fd).holding, 0);
	wait_until_free(fd);
	/* It knew that it was over, and went the rest of its way. */
	assert_int_equal(twin[1], KSHM_TEST_HELD_AFTER);
}

#define WORKERS	64	/* KSHM_MAX_WORKERS of the module, of each node of memory */

/* Those before it hold all threads that there are: it ends without having run. */
WITH_SET_UP(context_worker_killed_before_its_turn)
{
	static struct call calls[WORKERS];
	struct kshm_test_held held;
	struct kshm_ioc_control arg;
	pid_t child;
	size_t i;

	for (i = 0; i < WORKERS; i++) {
		calls[i].arg = hold_request(KSHM_TEST_HOLD_WORKER, &calls[i].held, data, 2);
		call_start(&calls[i], fd);
	}
	wait_until_holding(fd, WORKERS);
	arg = hold_request(KSHM_TEST_HOLD_WORKER, &held, data + page_size(), 2);
	child = fork();
	assert_int_not_equal(child, -1);
	if (!child)
		call_in_a_child(&arg);
	while (thread_state(child) != 'D')
		usleep(1000);
	assert_true(dies(child));
	assert_int_equal(test_state(fd).holding, WORKERS);
	release(fd);
	for (i = 0; i < WORKERS; i++)
		call_join(&calls[i]);
	assert_int_equal(twin[page_size()], 0);
}

static void *interrupt(void *caller)
{
	pthread_t *thread = caller;
	int n;

	wait_until_holding(fd, 1);
	for (n = 0; n < 3; n++) {
		assert_int_equal(pthread_kill(*thread, SIGALRM), 0);
		usleep(10000);
	}
	assert_int_equal(test_state(fd).holding, 1);
	release(fd);
	return NULL;
}

/* A signal that is handled waits until the call is over. */
WITH_SET_UP(context_worker_is_not_interrupted)
{
	struct sigaction action = { .sa_handler = count_alarm }, before;
	struct kshm_test_held held;
	struct kshm_ioc_control arg = hold_request(KSHM_TEST_HOLD_WORKER, &held, data, len);
	pthread_t self = pthread_self(), thread;

	alarms = 0;
	assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
	assert_int_equal(pthread_create(&thread, NULL, interrupt, &self), 0);
	control(fd, &arg);
	pthread_join(thread, NULL);
	assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
	assert_int_not_equal(alarms, 0);
	assert_int_equal(twin[1], KSHM_TEST_HELD_AFTER);
}

WITH_SET_UP(context_row_is_listed)
{
	static const char * const expected[] = {
		"CONTEXT=caller\n", "CONTEXT=worker\n", "CONTEXT=softirq\n",
		"CONTEXT=hardirq\n",
	};
	char path[128], text[512];
	__u32 context;
	FILE *file;

	for (context = KSHM_TEST_WORKER; context <= KSHM_TEST_HARDIRQ; context++) {
		snprintf(path, sizeof(path), "/sys/class/kshm/test/controls/%08x",
			 KSHM_TEST_FILL_IN(context));
		file = fopen(path, "re");
		assert_non_null(file);
		text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
		fclose(file);
		assert_non_null(strstr(text, expected[context]));
	}
}

#define CALLERS	4

static void *call_often(void *unused)
{
	unsigned int times = harness_brief() ? 100 : 1000, n;
	struct kshm_test_there in = { .seed = 0 };
	struct kshm_test_where out;
	struct kshm_ioc_control arg;

	for (n = 0; n < times; n++) {
		arg = request(KSHM_TEST_COPY_IN(KSHM_TEST_WORKER + n % 3));
		in.detail = n;
		arg.in = user_operand(&in, sizeof(in));
		arg.out = user_operand(&out, sizeof(out));
		control(fd, &arg);
		assert_int_equal(arg.out_detail, n);
	}
	return NULL;
}

WITH_SET_UP(context_row_of_many_callers)
{
	pthread_t threads[CALLERS];
	size_t i;

	for (i = 0; i < CALLERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, call_often, NULL), 0);
	for (i = 0; i < CALLERS; i++)
		pthread_join(threads[i], NULL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(context_row_of_a_worker),
	cmocka_unit_test(context_row_of_a_softirq),
	cmocka_unit_test(context_row_of_a_hard_interrupt),
	cmocka_unit_test(context_row_of_a_region),
	cmocka_unit_test(context_row_of_copied_bytes),
	cmocka_unit_test(context_row_that_fails),
	cmocka_unit_test(context_row_that_fails_as_none_may),
	cmocka_unit_test(context_row_calls_what_it_may),
	cmocka_unit_test(context_row_is_listed),
	cmocka_unit_test(context_row_of_many_callers),
	cmocka_unit_test(context_worker_whose_caller_unmaps),
	cmocka_unit_test(context_worker_killed_with_its_caller),
	cmocka_unit_test(context_worker_killed_before_its_turn),
	cmocka_unit_test(context_worker_is_not_interrupted),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

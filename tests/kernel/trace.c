// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the tracepoints of requests: each step once, in order, by the number of
 * its request, whichever way that goes and wherever it ends
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include <linux/kshm_null.h>

#include "call.h"
#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "parameter.h"
#include "pended_calls.h"
#include "region_calls.h"
#include "setting.h"
#include "state.h"

#define TRACING		"/sys/kernel/tracing/"
#define USER_DATA	4711

/**
 * struct line - what one event told
 * @number: of the request
 * @step: the event, without what all of them begin with
 * @fields: the rest
 * @pid: who was running
 */
struct line {
	char number[32];
	char step[32];
	char fields[256];
	int pid;
};

static int fd;
static unsigned char data[3 * 4096] __attribute__((aligned(4096)));
static struct line lines[512];
static size_t nr_lines;

/*
 * By a clock that counts events, so that those of several processors have an order. What
 * stands for addresses takes random numbers, of which a kernel that has just booted may have
 * none yet.
 */
static void set_up(void)
{
	char random;

	assert_int_equal(getrandom(&random, sizeof(random), 0), sizeof(random));
	fd = device_open("test", O_RDWR);
	write_to(TRACING "trace_clock", "counter");
	write_to(TRACING "trace", "");
	write_to(TRACING "events/kshm/enable", "1");
}

static void tear_down(void)
{
	write_to(TRACING "events/kshm/enable", "0");
	write_to(TRACING "trace", "");
	write_to(TRACING "trace_clock", "local");
	close(fd);
}

/* "  <...>-PID  [CPU] FLAGS TIME: kshm_STEP: KEY=NUMBER ..." */
static bool parse(const char *text, struct line *line)
{
	const char *event = strstr(text, ": kshm_"), *cpu = strstr(text, " [");
	const char *pid;
	int got;

	if (!event || !cpu)
		return false;
	event += strlen(": kshm_");
	if (strncmp(event, "request_", 8) == 0)
		event += 8;
	for (pid = cpu; pid > text && pid[-1] != '-'; pid--)
		;
	line->pid = atoi(pid);
	got = sscanf(event, "%31[a-z_]: %*[a-z]=%31s %255[^\n]", line->step, line->number,
		     line->fields);
	assert_int_equal(got, 3);
	return true;
}

static void look(void)
{
	FILE *trace = fopen(TRACING "trace", "re");
	char text[512];

	assert_non_null(trace);
	nr_lines = 0;
	while (fgets(text, sizeof(text), trace)) {
		assert_true(nr_lines < ARRAY_SIZE(lines));
		nr_lines += parse(text, &lines[nr_lines]);
	}
	fclose(trace);
}

/* The number of the one request of @code with that user_data, by its first step. */
static size_t start_of(__u32 code, __u64 user_data)
{
	size_t i, found = 0, nr = 0;
	char expected[64];

	snprintf(expected, sizeof(expected), "code=0x%08x user_data=%llu ", code,
		 (unsigned long long)user_data);
	for (i = 0; i < nr_lines; i++)
		if (!strcmp(lines[i].step, "start") && strstr(lines[i].fields, expected)) {
			found = i;
			nr++;
		}
	assert_int_equal(nr, 1);
	return found;
}

/* The next line with the number of line @i, or NULL when another request has it. */
static const struct line *next_of(size_t *i)
{
	const char *number = lines[*i].number;

	while (++*i < nr_lines)
		if (!strcmp(lines[*i].number, number))
			return strcmp(lines[*i].step, "start") ? &lines[*i] : NULL;
	return NULL;
}

static const char *steps_of(__u32 code, __u64 user_data)
{
	size_t i = start_of(code, user_data);
	static char steps[512];
	const struct line *line;

	strcpy(steps, "start");
	while ((line = next_of(&i)))
		snprintf(steps + strlen(steps), sizeof(steps) - strlen(steps), " %s",
			 line->step);
	return steps;
}

/* Those of the request, and no others. */
static void expect(__u32 code, __u64 user_data, const char *steps)
{
	look();
	assert_string_equal(steps_of(code, user_data), steps);
}

/* The one step of that name. */
static const struct line *step_of(__u32 code, __u64 user_data, const char *step)
{
	size_t i = start_of(code, user_data);
	const struct line *line;

	if (!strcmp(step, "start"))
		return &lines[i];
	while ((line = next_of(&i)))
		if (!strcmp(line->step, step))
			return line;
	fail_msg("no step %s", step);
	return NULL;
}

static void expect_fields(__u32 code, __u64 user_data, const char *step,
			  const char *fields)
{
	const char *all = step_of(code, user_data, step)->fields;

	if (!all || !strstr(all, fields))
		fail_msg("%s: %s: no %s", step, all ? all : "nothing", fields);
}

/* What somebody else does, in his time: how it ends is known when its last step is. */
static void wait_for_step(__u32 code, __u64 user_data, const char *step)
{
	int n;

	for (n = 0; n < 10000; n++) {
		look();
		if (strstr(steps_of(code, user_data), step))
			return;
		usleep(1000);
	}
	fail_msg("no step %s: %s", step, steps_of(code, user_data));
}

static struct kshm_ioc_control null_request(__u32 code, size_t len)
{
	struct kshm_ioc_control arg = request(code);

	arg.user_data = USER_DATA;
	arg.data = user_operand(data, len);
	return arg;
}

/* Calls null, through a handle of its own: 0 or -errno. */
static int call_null(struct kshm_ioc_control arg)
{
	int null = device_open("null", O_RDWR);
	int ret = control_try(null, &arg);

	close(null);
	return ret;
}

WITH_SET_UP(trace_request_without_operands)
{
	struct kshm_ioc_control arg = request(KSHM_NULL_NOP);

	arg.user_data = USER_DATA;
	assert_int_equal(call_null(arg), 0);
	expect(KSHM_NULL_NOP, USER_DATA, "start done");
	expect_fields(KSHM_NULL_NOP, USER_DATA, "start",
		      "device=null code=0x8e002000 user_data=4711 in=0 out=0 data=0");
	expect_fields(KSHM_NULL_NOP, USER_DATA, "done",
		      "device=null code=0x8e002000 user_data=4711 status=0 pages=0");
	expect_fields(KSHM_NULL_NOP, USER_DATA, "done",
		      " pages=0 mapping=none copied_in=0 copied_out=0");
	assert_int_equal(step_of(KSHM_NULL_NOP, USER_DATA, "done")->pid, getpid());
}

WITH_SET_UP(trace_request_with_operands)
{
	const __u32 code = KSHM_NULL_NOP_TO_DRIVER;
	struct kshm_ioc_control arg = null_request(code, sizeof(data));

	arg.in = user_operand(data, 40);
	arg.out = user_operand(data, 50);
	assert_int_equal(call_null(arg), 0);
	expect(code, USER_DATA, "start mdl_lock prepare done");
	expect_fields(code, USER_DATA, "start", "in=40 out=50 data=12288");
	expect_fields(code, USER_DATA, "mdl_lock", "len=12288 pages=3 direction=to-driver ret=0");
	expect_fields(code, USER_DATA, "prepare",
		      "device=null code=0x8e002001 user_data=4711 context=task");
	expect_fields(code, USER_DATA, "done", "status=0 pages=3 mapping=none copied_in=40");
}

/* Nothing has to be prepared for what is a part of a region, and no more than that. */
WITH_SET_UP(trace_request_with_a_region)
{
	struct kshm_ioc_control arg = request(KSHM_NULL_NOP_FROM_DRIVER);
	int null = device_open("null", O_RDWR);
	__u32 id = region_make(null, data, sizeof(data), KSHM_REGION_WRITE);

	arg.user_data = USER_DATA;
	arg.data = region_operand(id, 0, sizeof(data));
	control(null, &arg);
	expect(KSHM_NULL_NOP_FROM_DRIVER, USER_DATA, "start done");
	close(null);
}

WITH_SET_UP(trace_request_that_is_refused)
{
	const __u32 code = KSHM_NULL_NOP_TO_DRIVER;
	struct kshm_ioc_control arg = null_request(code, 100);

	arg.data.addr = 4096;
	assert_int_equal(call_null(arg), -EFAULT);
	expect(code, USER_DATA, "start mdl_lock done");
	expect_fields(code, USER_DATA, "mdl_lock", "ret=-14");
	expect_fields(code, USER_DATA, "done", "status=-14");
}

/* The handler runs where its row says, for a caller who waits. */
static void row(__u32 context, const char *name)
{
	const __u32 code = KSHM_TEST_FILL_IN(context);
	struct kshm_test_there there = { .error = EXDEV };
	struct kshm_ioc_control arg = request(code);
	struct kshm_test_where where;
	char expected[32];

	snprintf(expected, sizeof(expected), "context=%s", name);
	arg.in = user_operand(&there, sizeof(there));
	arg.out = user_operand(&where, sizeof(where));
	arg.data = user_operand(data, sizeof(data));
	arg.user_data = USER_DATA;
	control_status(fd, &arg, -EXDEV);
	expect(code, USER_DATA, "start mdl_lock prepare mdl_map enter return done");
	expect_fields(code, USER_DATA, "prepare", "context=task");
	expect_fields(code, USER_DATA, "enter", expected);
	expect_fields(code, USER_DATA, "return", expected);
	expect_fields(code, USER_DATA, "return", "status=-18");
	expect_fields(code, USER_DATA, "done", "status=-18 pages=3 mapping=vmap");
	if (context == KSHM_TEST_WORKER)
		assert_int_not_equal(step_of(code, USER_DATA, "enter")->pid, getpid());
}

WITH_SET_UP(trace_row_of_a_worker)
{
	row(KSHM_TEST_WORKER, "worker");
}

WITH_SET_UP(trace_row_of_a_softirq)
{
	row(KSHM_TEST_SOFTIRQ, "softirq");
}

WITH_SET_UP(trace_row_of_a_hard_interrupt)
{
	row(KSHM_TEST_HARDIRQ, "hardirq");
}

static void completed_in(__u32 where, const char *name)
{
	char expected[64];

	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, USER_DATA + where);
	expect(KSHM_TEST_PEND, USER_DATA + where, "start prepare pend");
	assert_int_equal(complete_where(fd, USER_DATA + where, where), 1);
	expect(KSHM_TEST_PEND, USER_DATA + where, "start prepare pend complete");
	snprintf(expected, sizeof(expected),
		 "device=test code=0x%08x user_data=%u context=%s status=0", KSHM_TEST_PEND,
		 USER_DATA + where, name);
	expect_fields(KSHM_TEST_PEND, USER_DATA + where, "complete", expected);
	completion_of(fd, USER_DATA + where, 0);
	expect(KSHM_TEST_PEND, USER_DATA + where, "start prepare pend complete done read");
	snprintf(expected, sizeof(expected), "user_data=%u context=task status=0",
		 USER_DATA + where);
	expect_fields(KSHM_TEST_PEND, USER_DATA + where, "read", expected);
}

WITH_SET_UP(trace_submitted_request)
{
	completed_in(KSHM_TEST_IN_CALLER, "task");
	completed_in(KSHM_TEST_IN_KTHREAD, "worker");
	completed_in(KSHM_TEST_IN_HARDIRQ, "hardirq");
}

/* Of a worker it is waited for, as the request may be over before its handler is. */
WITH_SET_UP(trace_submitted_request_of_a_worker)
{
	const __u32 code = KSHM_TEST_PEND_IN(KSHM_TEST_WORKER);
	const struct kshm_test_pend pend = { .key = USER_DATA };

	submit(fd, pend_request(code, &pend, USER_DATA));
	wait_for_step(code, USER_DATA, "return");
	expect(code, USER_DATA, "start prepare enter pend return");
	expect_fields(code, USER_DATA, "pend", "context=worker");
	complete_one(fd, USER_DATA);
	completion_of(fd, USER_DATA, 0);
	expect(code, USER_DATA, "start prepare enter pend return complete done read");
}

/* One that does not pend has ended with its handler. */
WITH_SET_UP(trace_submitted_request_that_ends_at_once)
{
	const struct kshm_test_pend pend = { .how = KSHM_TEST_PEND_AT_ONCE };
	const __u32 code = KSHM_TEST_PEND_IN(KSHM_TEST_WORKER);
	struct kshm_completion completion;

	submit(fd, pend_request(KSHM_TEST_PEND, &pend, USER_DATA));
	expect(KSHM_TEST_PEND, USER_DATA, "start prepare done");
	completion_of(fd, USER_DATA, 0);
	expect(KSHM_TEST_PEND, USER_DATA, "start prepare done read");

	submit(fd, pend_request(code, &pend, USER_DATA));
	assert_int_equal(read(fd, &completion, sizeof(completion)), sizeof(completion));
	expect(code, USER_DATA, "start prepare enter return complete done read");
	expect_fields(code, USER_DATA, "complete", "context=worker status=0");
}

WITH_SET_UP(trace_cancelled_request)
{
	submit_pend(fd, KSHM_TEST_PEND_SLOW_CANCEL, USER_DATA);
	assert_int_equal(cancel_try(fd, USER_DATA, 0, NULL), 1);
	expect(KSHM_TEST_PEND, USER_DATA, "start prepare pend cancel");
	complete_one(fd, USER_DATA);
	/* What has ended is not to end. */
	assert_int_equal(cancel_try(fd, USER_DATA, 0, NULL), -ENOENT);
	completion_of(fd, USER_DATA, -ECANCELED);
	expect(KSHM_TEST_PEND, USER_DATA, "start prepare pend cancel complete done read");
	expect_fields(KSHM_TEST_PEND, USER_DATA, "complete", "status=-125");
	expect_fields(KSHM_TEST_PEND, USER_DATA, "read", "status=-125");
}

/* Nobody reads it. */
WITH_SET_UP(trace_request_of_a_handle_that_is_closed)
{
	int closed = device_open("test", O_RDWR);

	submit_pend(closed, KSHM_TEST_PEND_CANCELLABLE, USER_DATA);
	close(closed);
	wait_for_step(KSHM_TEST_PEND, USER_DATA, "done");
	expect(KSHM_TEST_PEND, USER_DATA, "start prepare pend cancel complete done");
}

/* And the same of one whose caller waited for it, until he was killed. */
WITH_SET_UP(trace_request_of_a_caller_who_is_killed)
{
	const struct kshm_test_pend pend = {
		.how = KSHM_TEST_PEND_UNCANCELLABLE, .key = USER_DATA,
	};
	struct kshm_ioc_control arg = pend_request(KSHM_TEST_PEND, &pend, USER_DATA);
	const __u64 kept = test_state(fd).kept;
	pid_t child = fork();

	assert_int_not_equal(child, -1);
	if (!child) {
		control_try(fd, &arg);
		_exit(1);
	}
	wait_until_driver_keeps(fd, kept + 1);
	assert_true(dies(child));
	expect(KSHM_TEST_PEND, USER_DATA, "start prepare pend cancel");
	assert_int_equal(step_of(KSHM_TEST_PEND, USER_DATA, "pend")->pid, child);
	complete_one(fd, USER_DATA);
	wait_for_step(KSHM_TEST_PEND, USER_DATA, "done");
	expect(KSHM_TEST_PEND, USER_DATA, "start prepare pend cancel complete done");
	assert_int_not_equal(step_of(KSHM_TEST_PEND, USER_DATA, "done")->pid, child);
}

/* Refused when it had a number already. */
WITH_SET_UP(trace_request_that_is_one_too_many)
{
	const unsigned long most = parameter_get("max_handle_requests");
	const struct kshm_test_pend pend = { .how = KSHM_TEST_PEND_AT_ONCE };
	struct kshm_ioc_control arg = pend_request(KSHM_TEST_PEND, &pend, USER_DATA);

	parameter_set("max_handle_requests", 0);
	assert_int_equal(submit_try(fd, &arg), -ENOSPC);
	parameter_set("max_handle_requests", most);
	expect(KSHM_TEST_PEND, USER_DATA, "start done");
	expect_fields(KSHM_TEST_PEND, USER_DATA, "done", "status=-28");
}

static void assert_others(__u32 code, __u64 user_data, __u32 other_code, __u64 other)
{
	assert_string_not_equal(lines[start_of(code, user_data)].number,
				lines[start_of(other_code, other)].number);
}

/* Two of one program, and two that wait in their calls, with steps between each other's. */
WITH_SET_UP(trace_requests_at_a_time)
{
	struct call call = { };

	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, 1);
	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, 2);
	call_hold(&call, fd, KSHM_TEST_HOLD_WRITE, data, sizeof(data));
	assert_int_equal(call_null(null_request(KSHM_NULL_NOP_TO_DRIVER, 9)), 0);
	call_release(&call);
	complete_one(fd, 2);
	complete_one(fd, 1);
	completion_of(fd, 2, 0);
	completion_of(fd, 1, 0);
	expect(KSHM_TEST_PEND, 1, "start prepare pend complete done read");
	expect(KSHM_TEST_PEND, 2, "start prepare pend complete done read");
	expect(KSHM_TEST_HOLD_WRITE, 0, "start mdl_lock prepare mdl_map done");
	expect(KSHM_NULL_NOP_TO_DRIVER, USER_DATA, "start mdl_lock prepare done");
	assert_others(KSHM_TEST_PEND, 1, KSHM_TEST_PEND, 2);
	assert_others(KSHM_TEST_PEND, 1, KSHM_TEST_HOLD_WRITE, 0);
	assert_others(KSHM_TEST_HOLD_WRITE, 0, KSHM_NULL_NOP_TO_DRIVER, USER_DATA);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(trace_request_without_operands),
	cmocka_unit_test(trace_request_with_operands),
	cmocka_unit_test(trace_request_with_a_region),
	cmocka_unit_test(trace_request_that_is_refused),
	cmocka_unit_test(trace_row_of_a_worker),
	cmocka_unit_test(trace_row_of_a_softirq),
	cmocka_unit_test(trace_row_of_a_hard_interrupt),
	cmocka_unit_test(trace_submitted_request),
	cmocka_unit_test(trace_submitted_request_of_a_worker),
	cmocka_unit_test(trace_submitted_request_that_ends_at_once),
	cmocka_unit_test(trace_cancelled_request),
	cmocka_unit_test(trace_request_of_a_handle_that_is_closed),
	cmocka_unit_test(trace_request_of_a_caller_who_is_killed),
	cmocka_unit_test(trace_request_that_is_one_too_many),
	cmocka_unit_test(trace_requests_at_a_time),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

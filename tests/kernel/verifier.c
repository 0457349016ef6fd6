// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the verifier; root's, who turns it on and may read what it tells
 *
 * Each misuse that has a code is found: one line of the kernel log that says whose it is,
 * one more in the counter of its code, and in no other. Nothing changes for the caller.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "leak.h"
#include "misbehaving.h"
#include "parameter.h"
#include "pattern.h"
#include "pended_calls.h"
#include "setting.h"
#include "warning.h"

#define VERIFIER	"/sys/module/kshm/parameters/verifier"
#define REPORTS		"/sys/module/kshm/parameters/verifier_reports"

#define MAY_NOT_PEND	"; driver kshm_test, device test, control misbehave\n"
#define MAY_PEND	"; driver kshm_test, device test, control misbehave-kept\n"

/* What was told of @name; or of everything, if that is NULL. */
static unsigned int reports_of(const char *name)
{
	FILE *file = fopen(REPORTS, "re");
	unsigned int nr, sum = 0, rows = 0;
	char row[64];

	assert_non_null(file);
	while (fscanf(file, "%63s %u\n", row, &nr) == 2) {
		rows++;
		if (!name || !strcmp(row, name))
			sum += nr;
	}
	fclose(file);
	assert_int_equal(rows, 17);
	return sum;
}

static void turn(bool on)
{
	write_to(VERIFIER, on ? "1" : "0");
}

static void turn_on(void)
{
	write_to(REPORTS, "0");
	assert_int_equal(reports_of(NULL), 0);
	turn(true);
}

static struct misbehaving begin(enum kshm_test_misbehaviour which, __u32 code)
{
	struct misbehaving m = misbehaving(which);

	m.code = code;
	turn_on();
	return m;
}

/* As many reports came as @nr, and good calls are none. */
static void end(struct misbehaving *m, unsigned int nr)
{
	misbehaving_end(m);
	assert_int_equal(reports_of(NULL), nr);
	turn(false);
}

static const char *who_of(const struct misbehaving *m)
{
	return m->code == KSHM_TEST_MISBEHAVE ? MAY_NOT_PEND : MAY_PEND;
}

/* The driver does it, and that is told, by @name; the request ends with @status. */
static void tells(struct misbehaving *m, __s64 argument, int status, const char *name)
{
	const unsigned int before = reports_of(name);

	reports_expect(name, NULL);
	misbehave(m, argument, status);
	reports_came(who_of(m));
	assert_int_equal(reports_of(name), before + 1);
}

/* The same of one that is submitted. */
static void tells_submitted(struct misbehaving *m, __s64 argument, int status,
			    const char *name)
{
	const unsigned int before = reports_of(name);

	misbehaving_prepare(m, argument);
	m->arg.user_data = 7;
	reports_expect(name, NULL);
	submit(m->fd, m->arg);
	reports_came(who_of(m));
	assert_int_equal(reports_of(name), before + 1);
	completion_of(m->fd, 7, status);
}

static void verifier_off_counts_nothing(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_locks_twice);

	write_to(REPORTS, "0");
	warning_expect("mdl.c:");
	misbehave(&m, 0, 0);
	warning_came();
	misbehaving_end(&m);
	assert_int_equal(reports_of(NULL), 0);
}

static void verifier_completed_twice(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_completes_twice,
				     KSHM_TEST_MISBEHAVE_KEPT);

	tells(&m, 0, -EXDEV, "completed-twice");
	tells_submitted(&m, 0, -EXDEV, "completed-twice");
	end(&m, 2);
}

static void verifier_completed_not_pending(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_completes_what_does_not_pend,
				     KSHM_TEST_MISBEHAVE);

	tells(&m, 0, 0, "completed-not-pending");
	m.code = KSHM_TEST_MISBEHAVE_KEPT;
	tells(&m, 0, 0, "completed-not-pending");
	end(&m, 2);
}

static void verifier_queued_not_pending(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_queues_and_keeps_nothing,
				     KSHM_TEST_MISBEHAVE);

	tells(&m, 0, -EIO, "queued-not-pending");
	m.code = KSHM_TEST_MISBEHAVE_KEPT;
	tells(&m, 0, -EIO, "queued-not-pending");
	end(&m, 2);
}

static void verifier_pending_not_queued(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_pends_and_returns,
				     KSHM_TEST_MISBEHAVE_KEPT);

	misbehaving_prepare(&m, 0);
	m.arg.user_data = 7;
	reports_expect("pending-not-queued", NULL);
	submit(m.fd, m.arg);
	reports_came(MAY_PEND);
	misbehave(&m, 1, 0);
	completion_of(m.fd, 7, 0);
	end(&m, 1);
}

static void verifier_may_not_pend(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_pends_what_may_not,
				     KSHM_TEST_MISBEHAVE);

	tells(&m, 0, 0, "may-not-pend");
	assert_int_equal(m.answer, -EINVAL);
	tells_submitted(&m, 0, 0, "may-not-pend");
	end(&m, 2);
}

/* By each accessor. What the driver says then is not what the caller gets. */
static void verifier_used_after_end(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_uses_what_has_ended,
				     KSHM_TEST_MISBEHAVE_KEPT);
	int way;

	for (way = 0; way < 8; way++) {
		tells(&m, way, 0, "used-after-end");
		assert_int_equal(m.arg.out.out_returned, 0);
		assert_int_equal(m.arg.out_needed, 0);
		assert_int_equal(m.arg.out_detail, 0);
	}
	end(&m, 8);
}

static void verifier_status(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_fails_with_nonsense,
				     KSHM_TEST_MISBEHAVE);

	tells(&m, EINVAL, -EIO, "status");
	tells(&m, -4096, -EIO, "status");
	misbehave(&m, -4095, -4095);
	end(&m, 2);
}

static void verifier_operand(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_returns_of_no_operand,
				     KSHM_TEST_MISBEHAVE);

	tells(&m, 0, 0, "operand");
	tells(&m, KSHM_OPERAND_DATA + 1, 0, "operand");
	end(&m, 2);
}

/* Behind and before; also of one that pends, when it is completed. */
static void tells_overrun(enum kshm_test_misbehaviour which, const char *name)
{
	struct misbehaving m = begin(which, KSHM_TEST_MISBEHAVE);

	tells(&m, 0, 0, name);
	tells(&m, 1, 0, name);
	m.code = KSHM_TEST_MISBEHAVE_KEPT;
	tells(&m, 0, 0, name);
	tells_submitted(&m, 1, 0, name);
	tells(&m, 2, 0, name);
	tells_submitted(&m, 2, 0, name);
	end(&m, 6);
}

static void verifier_in_overrun(void **state)
{
	tells_overrun(KSHM_TEST_MISBEHAVE_writes_beyond_its_input, "in-overrun");
}

static void verifier_out_overrun(void **state)
{
	tells_overrun(KSHM_TEST_MISBEHAVE_writes_beyond_its_output, "out-overrun");
}

static void verifier_mdl_not_locked(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_uses_what_is_not_locked,
				     KSHM_TEST_MISBEHAVE);
	int way;

	for (way = 0; way < 5; way++) {
		tells(&m, way, 0, "mdl-not-locked");
		assert_int_equal(m.answer, -EINVAL);
	}
	end(&m, 5);
}

static void verifier_mdl_locked_twice(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_locks_twice,
				     KSHM_TEST_MISBEHAVE);

	tells(&m, 0, 0, "mdl-locked-twice");
	m.how.which = KSHM_TEST_MISBEHAVE_locks_the_mdl_of_the_request;
	tells(&m, 0, 0, "mdl-locked-twice");
	end(&m, 2);
}

/* What never was locked can be unlocked, as on the way of an error. */
static void verifier_mdl_unlocked_twice(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_unlocks_twice,
				     KSHM_TEST_MISBEHAVE);

	tells(&m, 0, 0, "mdl-unlocked-twice");
	m.how.which = KSHM_TEST_MISBEHAVE_undoes_what_was_not_done;
	misbehave(&m, 0, 0);
	end(&m, 1);
}

static void verifier_mdl_of_request(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_unlocks_the_mdl_of_the_request,
				     KSHM_TEST_MISBEHAVE);

	reports_expect("mdl-of-request", "mdl-unlocked-twice");
	misbehave(&m, 0, 0);
	reports_came(MAY_NOT_PEND);
	end(&m, 2);
}

/* It is unlocked in a later call, which is not told again. */
static void verifier_mdl_left_locked(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_forgets_to_unlock,
				     KSHM_TEST_MISBEHAVE);

	tells(&m, 0, 0, "mdl-left-locked");
	misbehave(&m, 1, 0);
	end(&m, 1);
}

/* No handler runs there: all that is known is who called. */
static void verifier_context(void **state)
{
	struct misbehaving m = begin(KSHM_TEST_MISBEHAVE_goes_elsewhere,
				     KSHM_TEST_MISBEHAVE);
	int way;

	for (way = 0; way < 5; way++) {
		reports_expect("context", NULL);
		misbehave(&m, way, 0);
		reports_came(" [kshm_test]\n");
		assert_int_equal(m.answer, -EFAULT);
	}
	assert_int_equal(reports_of("context"), 5);
	end(&m, 5);
}

static void set_devices(int fd, __u32 nr)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_DEVICES);

	arg.in = user_operand(&nr, sizeof(nr));
	control(fd, &arg);
}

/* Who unregisters waits for it, as ever, until it is completed. */
static void verifier_not_completed(void **state)
{
	int fd = device_open("test", O_RDWR), other, status, n;
	pid_t child;

	set_devices(fd, 1);
	other = device_open("test-0", O_RDWR);
	submit_pend(other, KSHM_TEST_PEND_UNCANCELLABLE, 7);
	turn_on();
	reports_expect("not-completed", NULL);
	child = fork();
	if (!child) {
		set_devices(fd, 0);
		_exit(0);
	}
	for (n = 0; n < 300 && !reports_of("not-completed"); n++)
		usleep(100000);
	reports_came("; driver kshm_test, device test-0, control pend\n");
	assert_int_equal(waitpid(child, &status, WNOHANG), 0);
	complete_one(fd, 7);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(reports_of(NULL), 1);
	turn(false);
	close(other);
	close(fd);
}

/* One that lets go of it when it is asked to. */
static void verifier_is_silent_of_who_lets_go(void **state)
{
	int fd = device_open("test", O_RDWR), other;

	set_devices(fd, 1);
	other = device_open("test-0", O_RDWR);
	submit_pend(other, KSHM_TEST_PEND_CANCELLABLE, 7);
	turn_on();
	set_devices(fd, 0);
	assert_int_equal(reports_of(NULL), 0);
	turn(false);
	close(other);
	close(fd);
}

static void fill_copied(int fd, unsigned char *data, size_t len)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL_COPIED);

	memset(data, 'x', len);
	arg.out = user_operand(data, len);
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, len);
	assert_true(has_pattern(data, len, 0));
}

static void check_copied(int fd, const unsigned char *data, size_t len)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_CHECK_COPIED);

	arg.in = user_operand(data, len);
	control(fd, &arg);
}

/* Whatever the lengths, and whether the kernel allocates them by pages. */
static void verifier_changes_no_bytes(void **state)
{
	static const size_t lens[] = { 0, 1, 7, 64, 4096, 65537, 5 << 20 };
	struct buffer b = buffer_make(BUFFER_ANON, 5 << 20);
	int fd = device_open("test", O_RDWR);
	size_t i;

	turn_on();
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		fill_copied(fd, b.data, lens[i]);
		check_copied(fd, b.data, lens[i]);
	}
	assert_int_equal(reports_of(NULL), 0);
	turn(false);
	buffer_free(&b);
	close(fd);
}

/* Interrupts are of no task; and a worker's is not its caller's. */
static void verifier_lets_handlers_run_anywhere(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 4096);
	struct kshm_test_there in = { .seed = 5 };
	struct kshm_test_where out;
	struct kshm_ioc_control arg;
	int fd = device_open("test", O_RDWR), context;

	turn_on();
	for (context = KSHM_TEST_WORKER; context <= KSHM_TEST_HARDIRQ; context++) {
		memset(b.data, 0, b.len);
		arg = request(KSHM_TEST_FILL_IN(context));
		arg.in = user_operand(&in, sizeof(in));
		arg.out = user_operand(&out, sizeof(out));
		arg.data = user_operand(b.data, b.len);
		control(fd, &arg);
		assert_true(has_pattern(b.data, b.len, 5));
	}
	assert_int_equal(reports_of(NULL), 0);
	turn(false);
	buffer_free(&b);
	close(fd);
}

/* What there is around its operands is as it was when it began. */
static void verifier_is_turned_under_a_request(void **state)
{
	int fd = device_open("test", O_RDWR), on;

	for (on = 0; on < 2; on++) {
		turn(on);
		submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, 7);
		turn(!on);
		complete_one(fd, 7);
		completion_of(fd, 7, 0);
	}
	turn(false);
	close(fd);
}

/* What is neither leaves it as it is. */
static void verifier_is_on_or_off(void **state)
{
	char text[8] = "";
	int fd = open(VERIFIER, O_RDWR | O_CLOEXEC);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, "perhaps", 7), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(pread(fd, text, sizeof(text), 0), 2);
	assert_string_equal(text, "N\n");
	turn(true);
	turn(true);
	assert_int_equal(pread(fd, text, sizeof(text), 0), 2);
	assert_string_equal(text, "Y\n");
	turn(false);
	close(fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(verifier_is_on_or_off),
	cmocka_unit_test(verifier_off_counts_nothing),
	cmocka_unit_test(verifier_completed_twice),
	cmocka_unit_test(verifier_completed_not_pending),
	cmocka_unit_test(verifier_not_completed),
	cmocka_unit_test(verifier_used_after_end),
	cmocka_unit_test(verifier_queued_not_pending),
	cmocka_unit_test(verifier_pending_not_queued),
	cmocka_unit_test(verifier_may_not_pend),
	cmocka_unit_test(verifier_status),
	cmocka_unit_test(verifier_operand),
	cmocka_unit_test(verifier_in_overrun),
	cmocka_unit_test(verifier_out_overrun),
	cmocka_unit_test(verifier_mdl_not_locked),
	cmocka_unit_test(verifier_mdl_locked_twice),
	cmocka_unit_test(verifier_mdl_unlocked_twice),
	cmocka_unit_test(verifier_mdl_of_request),
	cmocka_unit_test(verifier_mdl_left_locked),
	cmocka_unit_test(verifier_context),
	cmocka_unit_test(verifier_is_silent_of_who_lets_go),
	cmocka_unit_test(verifier_changes_no_bytes),
	cmocka_unit_test(verifier_lets_handlers_run_anywhere),
	cmocka_unit_test(verifier_is_turned_under_a_request),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

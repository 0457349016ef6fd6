// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of drivers that do what they should not; root's, who may read what
 * the kernel warns of
 *
 * A test for each row of the table in kshm_test.h. After each the next good call
 * works, and nothing is pinned or charged.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "misbehaving.h"
#include "pattern.h"
#include "pended_calls.h"
#include "region_calls.h"
#include "state.h"
#include "warning.h"

static void warns(struct misbehaving *m, __s64 argument, int status, const char *where)
{
	warning_expect(where);
	misbehave(m, argument, status);
	warning_came();
}

/* The same of one that is submitted, and ends as that does. */
static void warns_submitted(struct misbehaving *m, int status, const char *where)
{
	misbehaving_prepare(m, 0);
	m->arg.user_data = 7;
	warning_expect(where);
	submit(m->fd, m->arg);
	warning_came();
	completion_of(m->fd, 7, status);
	completion_none(m->fd);
}

/* What was started stays under way as long as the handler sleeps; then it ends well. */
static void outlasts(const struct misbehaving *m, pid_t child, int status)
{
	int got;

	usleep(200000);
	assert_int_equal(waitpid(child, &got, WNOHANG), 0);
	assert_int_equal(test_state(m->fd).holding, 1);
	assert_true(device_info(m->fd).out_system_pages >= MISBEHAVING_PAGES);
	release(m->fd);
	assert_int_equal(waitpid(child, &got, 0), child);
	assert_int_equal(got, status);
}

static pid_t call_in_child(struct misbehaving *m)
{
	pid_t child = fork();

	if (!child) {
		misbehave(m, 0, 0);
		_exit(0);
	}
	wait_until_holding(m->fd, 1);
	return child;
}

static void set_devices(int fd, __u32 nr)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_DEVICES);

	arg.in = user_operand(&nr, sizeof(nr));
	control(fd, &arg);
}

static void unregistering_waits(struct misbehaving *m)
{
	int other = m->fd, status;
	pid_t caller, child;

	set_devices(other, 1);
	m->fd = device_open("test-0", O_RDWR);
	caller = call_in_child(m);
	close(m->fd);
	m->fd = other;
	child = fork();
	if (!child) {
		set_devices(other, 0);
		_exit(0);
	}
	outlasts(m, child, 0);
	assert_int_equal(waitpid(caller, &status, 0), caller);
	assert_int_equal(status, 0);
}

static void misbehave_sleeps_deaf(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_sleeps_deaf);
	pid_t child = call_in_child(&m);

	kill(child, SIGKILL);
	outlasts(&m, child, SIGKILL);
	wait_until_free(m.fd);
	unregistering_waits(&m);
	misbehaving_end(&m);
}

static void misbehave_fails_with_nonsense(void **state)
{
	static const int nonsense[] = { 1, EINVAL, -4096, INT_MAX, INT_MIN };
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_fails_with_nonsense);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nonsense); i++) {
		warns(&m, nonsense[i], -EIO, "request.c:");
		assert_int_equal(m.answer, INT_MAX);
		assert_int_equal(m.arg.out.out_returned, 0);
	}
	misbehave(&m, -4095, -4095);
	misbehaving_end(&m);
}

static void misbehave_returns_too_much(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_returns_too_much);
	static const __s64 much[] = { 1 << 20, INT_MAX, 1L << 40, -1 };
	size_t i;

	fill_pattern(m.b.data, m.b.len, 5);
	for (i = 0; i < ARRAY_SIZE(much); i++) {
		misbehave(&m, much[i], 0);
		assert_int_equal(m.answer, 0);
		assert_int_equal(m.arg.in.out_returned, m.arg.in.len);
		assert_int_equal(m.arg.out.out_returned, m.arg.out.len);
		assert_int_equal(m.arg.data.out_returned, m.arg.data.len);
		assert_int_equal(m.how.argument, much[i]);
		assert_int_equal(m.arg.code, KSHM_TEST_MISBEHAVE);
	}
	assert_true(has_pattern(m.b.data, m.b.len, 5));
	misbehaving_end(&m);
}

static void misbehave_returns_of_no_operand(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_returns_of_no_operand);
	static const __s64 none[] = { 0, KSHM_OPERAND_DATA + 1, UINT_MAX };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(none); i++) {
		warns(&m, none[i], 0, "handler.c:");
		assert_int_equal(m.arg.in.out_returned, 0);
		assert_int_equal(m.arg.data.out_returned, 0);
	}
	misbehaving_end(&m);
}

static void misbehave_goes_elsewhere(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_goes_elsewhere);
	int way;

	fill_pattern(m.b.data, m.b.len, 5);
	for (way = 0; way < 5; way++) {
		warns(&m, way, 0, way < 4 ? "user_buffer.c:" : "mdl.c:");
		assert_int_equal(m.answer, -EFAULT);
	}
	assert_true(has_pattern(m.b.data, m.b.len, 5));
	misbehaving_end(&m);
}

static void misbehave_locks_twice(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_locks_twice);

	warns(&m, 0, 0, "mdl.c:");
	assert_int_equal(m.answer, -EINVAL);
	/* The first lock was good. */
	assert_int_equal(m.b.data[m.b.len / 2], 'x');
	misbehaving_end(&m);
}

static void misbehave_locks_the_mdl_of_the_request(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_locks_the_mdl_of_the_request);

	warns(&m, 0, 0, "mdl.c:");
	assert_int_equal(m.answer, -EINVAL);
	misbehaving_end(&m);
}

/* Of a region nothing is unpinned, or unmapped: that is there for others, and later. */
static void unlock_a_part(struct misbehaving *m)
{
	__u32 id = region_make(m->fd, m->b.data, m->b.len, READ_WRITE);

	misbehaving_prepare(m, 0);
	m->arg.data = region_operand(id, 5, m->b.len / 2);
	control_status(m->fd, &m->arg, 0);
	assert_int_equal(device_info(m->fd).out_system_pages, 2 * MISBEHAVING_PAGES);
	region_fill(m->fd, id, 0, m->b.len, 5);
	assert_true(has_pattern(m->b.data, m->b.len, 5));
	region_destroy(m->fd, id);
}

static void misbehave_unlocks_the_mdl_of_the_request(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_unlocks_the_mdl_of_the_request);

	misbehave(&m, 0, 0);
	unlock_a_part(&m);
	misbehaving_end(&m);
}

static void misbehave_takes_a_region_for_memory(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_takes_a_region_for_memory);
	struct kshm_explain why = { .size = sizeof(why) };

	misbehaving_prepare(&m, 3);
	m.arg.explain = to_u64(&why);
	control_status(m.fd, &m.arg, 0);
	assert_int_equal(m.answer, -EINVAL);
	assert_int_equal(why.error, EINVAL);
	assert_int_equal(why.check, KSHM_EXPLAIN_KIND);
	assert_int_equal(why.operand, KSHM_OPERAND_PIECE_READ + 3);
	assert_int_equal(why.needed, KSHM_OPERAND_REGION);
	assert_int_equal(why.limit, KSHM_OPERAND_USER);
	misbehaving_end(&m);
}

static void misbehave_uses_what_is_not_locked(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_uses_what_is_not_locked);
	int way;

	fill_pattern(m.b.data, m.b.len, 5);
	for (way = 0; way < 5; way++) {
		warns(&m, way, 0, "mdl.c:");
		assert_int_equal(m.answer, -EINVAL);
	}
	assert_true(has_pattern(m.b.data, m.b.len, 5));
	misbehaving_end(&m);
}

static void misbehave_undoes_what_was_not_done(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_undoes_what_was_not_done);

	misbehave(&m, 0, 0);
	misbehaving_end(&m);
}

/* The caller is gone when it comes back. */
static void misbehave_forgets_to_unlock(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_forgets_to_unlock);
	pid_t child = fork();

	if (!child) {
		misbehave(&m, 0, 0);
		_exit(0);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(device_info(m.fd).out_user_pages, MISBEHAVING_PAGES);
	assert_int_equal(device_info(m.fd).out_system_pages, MISBEHAVING_PAGES);
	/* Of another user, who does not get it back for it. */
	assert_int_equal(setresuid(1000, 1000, 0), 0);
	assert_int_equal(device_info(m.fd).out_user_pages, 0);
	misbehave(&m, 1, 0);
	assert_int_equal(device_info(m.fd).out_user_pages, 0);
	assert_int_equal(setresuid(0, 0, 0), 0);
	assert_int_equal(device_info(m.fd).out_user_pages, 0);
	misbehaving_end(&m);
}

static void misbehave_keeps_a_mapping(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_keeps_a_mapping);

	misbehave(&m, 0, 0);
	misbehave(&m, 1, 0);
	assert_int_equal(m.answer, -ENOENT);
	misbehaving_end(&m);
}

/* Waited for, and submitted. */
static void misbehave_completes_twice(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_completes_twice);

	m.code = KSHM_TEST_MISBEHAVE_KEPT;
	warns(&m, 0, -EXDEV, "pended.c:");
	warns_submitted(&m, -EXDEV, "pended.c:");
	misbehaving_end(&m);
}

static void misbehave_queues_and_keeps_nothing(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_queues_and_keeps_nothing);

	warns(&m, 0, -EIO, "request.c:");
	m.code = KSHM_TEST_MISBEHAVE_KEPT;
	warns(&m, 0, -EIO, "request.c:");
	misbehaving_prepare(&m, 0);
	warning_expect("request.c:");
	assert_int_equal(submit_try(m.fd, &m.arg), -EIO);
	warning_came();
	completion_none(m.fd);
	misbehaving_end(&m);
}

static void misbehave_pends_and_returns(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_pends_and_returns);
	static const __s64 returns[] = { 0, -EXDEV };
	size_t i;

	m.code = KSHM_TEST_MISBEHAVE_KEPT;
	for (i = 0; i < ARRAY_SIZE(returns); i++) {
		misbehaving_prepare(&m, returns[i]);
		m.arg.user_data = i;
		warning_expect("pended.c:");
		submit(m.fd, m.arg);
		warning_came();
		completion_none(m.fd);
		assert_true(device_info(m.fd).out_system_pages >= MISBEHAVING_PAGES);
		misbehave(&m, 1, 0);
		completion_of(m.fd, i, 0);
		completion_none(m.fd);
	}
	misbehaving_end(&m);
}

/* There is no more of the request than of any other, or all of it. */
static void misbehave_pends_what_may_not(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_pends_what_may_not);

	warns(&m, 0, 0, "pended.c:");
	assert_int_equal(m.answer, -EINVAL);
	warns_submitted(&m, 0, "pended.c:");
	assert_int_equal(m.answer, -EINVAL);
	misbehaving_end(&m);
}

static void misbehave_completes_what_does_not_pend(void **state)
{
	struct misbehaving m = misbehaving(KSHM_TEST_MISBEHAVE_completes_what_does_not_pend);

	warns(&m, 0, 0, "pended.c:");
	m.code = KSHM_TEST_MISBEHAVE_KEPT;
	warns(&m, 0, 0, "pended.c:");
	warns_submitted(&m, 0, "pended.c:");
	misbehaving_end(&m);
}

#define TEST(name, driver, kshm)	cmocka_unit_test(misbehave_##name),
static const struct CMUnitTest tests[] = {
	KSHM_TEST_MISBEHAVIOURS(TEST)
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

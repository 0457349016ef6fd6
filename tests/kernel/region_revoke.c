// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of regions that are revoked: not used any more, unpinned, whoever
 * holds them; root's, whose the nodes of new devices are
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pattern.h"
#include "region_calls.h"
#include "state.h"

#define SEED	7

static struct buffer b;
static int fd;
static __u32 id;

static void set_up(enum buffer_kind kind, size_t pages)
{
	b = buffer_make(kind, pages * page_size());
	fd = device_open("test", O_RDWR);
	id = region_make(fd, b.data, b.len, READ_WRITE);
}

static void tear_down(void)
{
	close(fd);
	buffer_free(&b);
}

static void stale(struct kshm_ioc_control arg, __u32 operand)
{
	struct kshm_explain why = control_error(fd, &arg, ESTALE,
						KSHM_EXPLAIN_REVOKED, operand);

	assert_int_equal(why.used, id);
}

/* In whatever place, with bytes or without. */
static void every_use_is_stale(void)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_CHECK_COPIED);
	struct kshm_test_place place;
	struct kshm_test_work work;

	arg.in = region_operand(id, 0, 1);
	stale(arg, KSHM_OPERAND_IN);
	arg = request(KSHM_TEST_FILL_COPIED);
	arg.out = region_operand(id, 0, 1);
	stale(arg, KSHM_OPERAND_OUT);
	arg = request(KSHM_TEST_CHECK);
	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = region_operand(id, 0, 1);
	stale(arg, KSHM_OPERAND_DATA);
	arg.data.len = 0;
	stale(arg, KSHM_OPERAND_DATA);
	/* One that was never inside of it. */
	arg.data.addr = -1ULL;
	stale(arg, KSHM_OPERAND_DATA);
}

static void assert_shell(void)
{
	struct kshm_ioc_region_query query = region_query(fd, id);

	assert_int_equal(query.out_state, KSHM_STATE_REVOKED);
	assert_int_equal(query.out_rights, READ_WRITE);
	assert_int_equal(query.out_uses, 0);
	assert_int_equal(query.out_holds, 1);
	assert_int_equal(query.out_len, 0);
	assert_int_equal(query.out_pages, 0);
	assert_int_equal(query.out_extents, 0);
}

static void revoke_unpins_and_leaves_a_shell(void **state)
{
	set_up(BUFFER_ANON, 5);
	region_fill(fd, id, 0, b.len, SEED);
	assert_false(region_is_revoked(fd, id));
	assert_int_equal(region_query(fd, id).out_holds, 1);
	region_revoke(fd, id);
	assert_int_equal(device_info(fd).out_system_pages, 0);
	nothing_pinned();
	assert_true(has_pattern(b.data, b.len, SEED));
	assert_shell();
	every_use_is_stale();
	region_destroy(fd, id);
	assert_int_equal(region_destroy_try(fd, id, 0), -ENOENT);
	tear_down();
}

static void revoke_again_is_no_error(void **state)
{
	set_up(BUFFER_ANON, 1);
	region_revoke(fd, id);
	region_revoke(fd, id);
	assert_int_equal(region_revoke_try(fd, id, KSHM_REGION_NO_WAIT), 0);
	assert_shell();
	assert_int_equal(region_destroy_try(fd, id, KSHM_REGION_WAIT), 0);
	tear_down();
}

/* A handle that is closed, and others, have no part in it. */
static void revoke_one_of_many(void **state)
{
	__u32 other;

	set_up(BUFFER_ANON, 4);
	other = region_make(fd, b.data, b.len, READ_WRITE);
	region_revoke(fd, id);
	assert_int_equal(device_info(fd).out_user_pages, 4);
	every_use_is_stale();
	region_fill(fd, other, 0, b.len, SEED);
	region_check(fd, other, 0, b.len, SEED);
	tear_down();
}

static void revoke_of_nothing(void **state)
{
	struct kshm_ioc_region_create arg = region_request(NULL, 0, READ_WRITE);

	set_up(BUFFER_ANON, 1);
	region_destroy(fd, id);
	assert_int_equal(region_try(fd, &arg), 0);
	id = arg.out_id;
	region_revoke(fd, id);
	assert_shell();
	every_use_is_stale();
	tear_down();
}

static void refused_revoke(struct kshm_ioc_region_revoke arg, int error,
			   __u32 check, __u64 needed, __u64 used)
{
	struct kshm_explain why = { .size = sizeof(why) };

	arg.size = sizeof(arg);
	arg.explain = to_u64(&why);
	assert_int_equal(ioctl(fd, KSHM_IOC_REGION_REVOKE, &arg), -1);
	assert_int_equal(errno, error);
	assert_int_equal(why.error, error);
	assert_int_equal(why.check, check);
	assert_int_equal(why.needed, needed);
	assert_int_equal(why.used, used);
}

static void revoke_refuses(void **state)
{
	set_up(BUFFER_ANON, 1);
	refused_revoke((struct kshm_ioc_region_revoke){ .id = id, .flags = 3 },
		       EOPNOTSUPP, KSHM_EXPLAIN_FLAGS, 2, 0);
	refused_revoke((struct kshm_ioc_region_revoke){ .id = id, .reserved = 1 },
		       EINVAL, KSHM_EXPLAIN_RESERVED, 0, 0);
	refused_revoke((struct kshm_ioc_region_revoke){ .id = id + 1 },
		       ENOENT, KSHM_EXPLAIN_REGION, 0, id + 1);
	refused_revoke((struct kshm_ioc_region_revoke){ .id = 0 },
		       ENOENT, KSHM_EXPLAIN_REGION, 0, 0);
	region_fill(fd, id, 0, b.len, SEED);
	tear_down();
}

static void hold(struct call *call)
{
	call->arg = hold_request(KSHM_TEST_HOLD_WRITE, &call->held, NULL, 0);
	call->arg.data = region_operand(id, 0, 10);
	call_start(call, fd);
	wait_until_holding(fd, 1);
}

/* The pages of the region, and that of the request's out. */
static void assert_in_use(void)
{
	struct kshm_ioc_region_query query = region_query(fd, id);

	assert_int_equal(query.out_uses, 1);
	assert_int_equal(query.out_pages, 3);
	assert_int_equal(query.out_len, b.len);
	assert_int_equal(device_info(fd).out_user_pages, 4);
}

/* The request that is under way has its pages until it ends, and none has after. */
static void revoke_in_use_without_waiting(void **state)
{
	struct call call;

	set_up(BUFFER_ANON, 3);
	hold(&call);
	assert_int_equal(region_revoke_try(fd, id, KSHM_REGION_NO_WAIT), 0);
	assert_true(region_is_revoked(fd, id));
	assert_in_use();
	every_use_is_stale();
	assert_in_use();
	assert_int_equal(region_destroy_try(fd, id, 0), -EBUSY);
	call_release(&call);
	assert_int_equal(b.data[0], KSHM_TEST_HELD_BEFORE);
	assert_int_equal(b.data[1], KSHM_TEST_HELD_AFTER);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	assert_shell();
	tear_down();
}

struct revoker {
	pthread_t thread;
	int ret;
};

static void *revoke_waiting(void *data)
{
	struct revoker *revoker = data;

	__atomic_store_n(&revoker->ret, region_revoke_try(fd, id, 0), __ATOMIC_SEQ_CST);
	return NULL;
}

static void wait_until_revoked(void)
{
	while (!region_is_revoked(fd, id))
		usleep(1000);
}

static void revoke_waits_for_uses(void **state)
{
	struct revoker revokers[3];
	struct call call;
	size_t i;

	set_up(BUFFER_ANON, 3);
	hold(&call);
	for (i = 0; i < ARRAY_SIZE(revokers); i++) {
		revokers[i].ret = 1;
		assert_int_equal(pthread_create(&revokers[i].thread, NULL,
						revoke_waiting, &revokers[i]), 0);
	}
	wait_until_revoked();
	every_use_is_stale();
	assert_in_use();
	for (i = 0; i < ARRAY_SIZE(revokers); i++)
		assert_int_equal(__atomic_load_n(&revokers[i].ret, __ATOMIC_SEQ_CST), 1);
	call_release(&call);
	for (i = 0; i < ARRAY_SIZE(revokers); i++) {
		pthread_join(revokers[i].thread, NULL);
		assert_int_equal(revokers[i].ret, 0);
	}
	assert_int_equal(device_info(fd).out_user_pages, 0);
	assert_shell();
	tear_down();
}

/* One that is killed leaves the rest to the last use. */
static void revoke_can_be_killed_while_it_waits(void **state)
{
	struct call call;
	int status;
	pid_t pid;

	set_up(BUFFER_SHARED, 3);
	hold(&call);
	pid = fork();
	if (!pid)
		_exit(region_revoke_try(fd, id, 0) ? 1 : 0);
	wait_until_revoked();
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_in_use();
	call_release(&call);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	assert_shell();
	tear_down();
}

/* The id goes at once, the pages with the request. */
static void revoke_and_destroy_in_use(void **state)
{
	struct kshm_ioc_region_query query;
	struct call call;
	int status;
	pid_t pid;

	set_up(BUFFER_SHARED, 3);
	hold(&call);
	assert_int_equal(region_revoke_try(fd, id, KSHM_REGION_NO_WAIT), 0);
	pid = fork();
	if (!pid)
		_exit(region_destroy_try(fd, id, KSHM_REGION_WAIT) ? 1 : 0);
	while (region_query_try(fd, id, &query) != -ENOENT)
		usleep(1000);
	assert_int_equal(device_info(fd).out_user_pages, 4);
	call_release(&call);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	tear_down();
}

static void set_devices(__u32 nr)
{
	int test = device_open("test", O_RDWR);
	struct kshm_ioc_control arg = request(KSHM_TEST_DEVICES);

	arg.in = user_operand(&nr, sizeof(nr));
	control(test, &arg);
	close(test);
}

static void revoke_after_the_device_is_gone(void **state)
{
	b = buffer_make(BUFFER_ANON, 3 * page_size());
	set_devices(1);
	fd = device_open("test-0", O_RDWR);
	id = region_make(fd, b.data, b.len, READ_WRITE);
	set_devices(0);
	region_revoke(fd, id);
	nothing_pinned();
	assert_shell();
	region_destroy(fd, id);
	tear_down();
}

/* Uses meet a revoke: each is a whole one or none, and after it there is none. */
struct user {
	pthread_t thread;
	__u32 seed;
	unsigned int uses;
	int error;
};

static void *use_until_stale(void *data)
{
	struct user *user = data;
	__u64 offset = user->seed * page_size();

	do {
		user->error = region_fill_try(fd, id, offset, page_size(), user->seed);
		if (!user->error)
			__atomic_fetch_add(&user->uses, 1, __ATOMIC_SEQ_CST);
	} while (!user->error);
	return NULL;
}

static void revoke_against_uses(void **state)
{
	const unsigned int rounds = harness_brief() ? 20 : 200;
	struct user users[3] = { 0 };
	unsigned int round;
	size_t i;

	for (round = 0; round < rounds; round++) {
		set_up(BUFFER_ANON, ARRAY_SIZE(users));
		for (i = 0; i < ARRAY_SIZE(users); i++) {
			users[i] = (struct user){ .seed = i };
			assert_int_equal(pthread_create(&users[i].thread, NULL,
							use_until_stale, &users[i]), 0);
		}
		/* At another moment each time. */
		while (__atomic_load_n(&users[round % 3].uses, __ATOMIC_SEQ_CST) <
		       round % 5)
			sched_yield();
		region_revoke(fd, id);
		assert_int_equal(region_query(fd, id).out_pages, 0);
		assert_int_equal(region_fill_try(fd, id, 0, 1, 0), -ESTALE);
		for (i = 0; i < ARRAY_SIZE(users); i++) {
			pthread_join(users[i].thread, NULL);
			assert_int_equal(users[i].error, -ESTALE);
			if (users[i].uses)
				assert_true(has_pattern(b.data + i * page_size(),
							page_size(), i));
		}
		tear_down();
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(revoke_unpins_and_leaves_a_shell),
	cmocka_unit_test(revoke_again_is_no_error),
	cmocka_unit_test(revoke_one_of_many),
	cmocka_unit_test(revoke_of_nothing),
	cmocka_unit_test(revoke_refuses),
	cmocka_unit_test(revoke_in_use_without_waiting),
	cmocka_unit_test(revoke_waits_for_uses),
	cmocka_unit_test(revoke_can_be_killed_while_it_waits),
	cmocka_unit_test(revoke_and_destroy_in_use),
	cmocka_unit_test(revoke_after_the_device_is_gone),
	cmocka_unit_test(revoke_against_uses),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

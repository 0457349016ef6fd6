// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of regions that two have, one of whom is killed while the other works;
 * root's, who becomes others
 */
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "call.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "passing.h"
#include "pattern.h"
#include "pinnable_memory.h"
#include "region_pair.h"
#include "state.h"

#define SEED	13
#define USER	4321
#define HELD	2	/* bytes that the driver writes of what a request holds */

/* Holds a request of the whole of @of, in a thread. */
static void hold(struct call *call, int handle, __u32 of, size_t len)
{
	call->arg = hold_request(KSHM_TEST_HOLD_WRITE, &call->held, NULL, 0);
	call->arg.data = region_operand(of, 0, len);
	call_start(call, handle);
}

/* Makes a region of what nobody else has, as another user, and sends it. */
static void own_and_send(struct memory (*make)(void), int socket)
{
	int handle = device_open("test", O_RDWR), share;
	struct memory m;
	__u32 made;

	become_for_good(USER);
	m = make();
	fill_pattern(m.data + HELD, m.len - HELD, SEED);
	made = region_make(handle, m.data, m.len, READ_WRITE);
	share = region_export(handle, made, READ_WRITE);
	send_fds(socket, &share, 1);
	close(share);
	for (;;)
		pause();
}

/* Its pages are there for the request, and after it; and it is who pays for them. */
static void owner_is_killed(struct memory (*make)(void))
{
	int user = device_open("test", O_RDWR), pair[2], share;
	struct kshm_ioc_region_query query;
	struct call call;
	__u32 there;
	pid_t child;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	child = fork();
	if (!child)
		own_and_send(make, pair[1]);
	close(pair[1]);
	share = receive_fd(pair[0]);
	there = region_import(user, share, READ_WRITE);
	close(share);
	query = region_query(user, there);
	hold(&call, user, there, query.out_len);
	wait_until_holding(user, 1);
	assert_true(dies(child));
	region_check(user, there, HELD, query.out_len - HELD, SEED);
	call_release(&call);
	region_check(user, there, HELD, query.out_len - HELD, SEED);
	region_fill(user, there, 0, query.out_len, SEED + 1);
	region_check(user, there, 0, query.out_len, SEED + 1);
	assert_int_equal(region_query(user, there).out_holds, 1);
	assert_int_equal(region_query(user, there).out_state, 0);
	assert_int_equal(device_info(user).out_user_pages, 0);
	assert_int_equal(device_info(user).out_system_pages, query.out_pages);
	region_destroy(user, there);
	nothing_pinned();
	close(pair[0]);
	close(user);
}

static void killed_owner_of_what_another_works_on(void **state)
{
	owner_is_killed(memory_private_anonymous);
	owner_is_killed(memory_private_hugetlb);
}

/* A child with a handle of its own, and a request of the region under way. */
static pid_t start_importer(void)
{
	int share = region_export(fd, id, READ_WRITE);
	struct call call;
	pid_t child = fork();

	if (!child) {
		close(fd);
		close(other);
		fd = device_open("test", O_RDWR);
		hold(&call, fd, region_import(fd, share, READ_WRITE), b.len);
		for (;;)
			pause();
	}
	close(share);
	wait_until_holding(fd, 1);
	assert_int_equal(region_query(fd, id).out_holds, 3);
	return child;
}

/* With its request, and its handle. */
static void importer_is_killed(pid_t child)
{
	assert_true(dies(child));
	assert_int_equal(test_state(fd).holding, 0);
}

WITH_SET_UP(killed_importer_beside_its_owner)
{
	pid_t child = start_importer();

	region_fill(fd, id, 0, b.len, SEED);
	assert_true(has_pattern(b.data, b.len, SEED));
	importer_is_killed(child);
	assert_int_equal(region_query(fd, id).out_holds, 1);
	assert_int_equal(device_info(fd).out_system_pages, 3);
	region_fill(fd, id, 0, b.len, SEED + 1);
	assert_true(has_pattern(b.data, b.len, SEED + 1));
}

/* It is the last that has it. */
WITH_SET_UP(killed_importer_of_what_its_owner_let_go)
{
	pid_t child = start_importer();

	region_destroy(fd, id);
	assert_true(device_info(fd).out_user_pages >= 3);
	importer_is_killed(child);
	nothing_pinned();
}

static void *revoke_waiting(void *data)
{
	int *ret = data;

	__atomic_store_n(ret, region_revoke_try(fd, id, 0), __ATOMIC_SEQ_CST);
	return NULL;
}

/* Whoever revokes waits for its request, which ends with it. */
WITH_SET_UP(killed_importer_of_what_its_owner_revokes)
{
	pid_t child = start_importer();
	pthread_t thread;
	int ret = 1;

	assert_int_equal(pthread_create(&thread, NULL, revoke_waiting, &ret), 0);
	while (!region_is_revoked(fd, id) && __atomic_load_n(&ret, __ATOMIC_SEQ_CST) == 1)
		sched_yield();
	assert_int_equal(region_query(fd, id).out_pages, 3);
	assert_int_equal(__atomic_load_n(&ret, __ATOMIC_SEQ_CST), 1);
	importer_is_killed(child);
	pthread_join(thread, NULL);
	assert_int_equal(ret, 0);
	assert_int_equal(region_query(fd, id).out_pages, 0);
	nothing_pinned();
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(killed_owner_of_what_another_works_on),
	cmocka_unit_test(killed_importer_beside_its_owner),
	cmocka_unit_test(killed_importer_of_what_its_owner_let_go),
	cmocka_unit_test(killed_importer_of_what_its_owner_revokes),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

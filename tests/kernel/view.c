// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of views: what a driver keeps of regions when the request is over
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pattern.h"
#include "region_pair.h"
#include "section_calls.h"
#include "state.h"
#include "thread_state.h"

#define SEED	9
#define AT	100	/* a part that begins and ends within pages */
#define LEN	(b.len - 300)

static struct kshm_test_view in;
static struct kshm_test_made made;

static struct kshm_ioc_control work(__u32 code, __u32 op)
{
	struct kshm_ioc_control arg = request(code);

	in = (struct kshm_test_view){ .op = op, .operand = KSHM_OPERAND_DATA, .seed = SEED };
	memset(&made, 0xff, sizeof(made));
	arg.in = user_operand(&in, sizeof(in));
	arg.out = user_operand(&made, sizeof(made));
	return arg;
}

/* Has the driver keep a part of region @of of @handle, by @code. */
static void keep(int handle, __u32 code, __u32 of, __u64 offset, __u64 len)
{
	struct kshm_ioc_control arg = work(code, KSHM_TEST_VIEW_KEEP);

	arg.data = region_operand(of, offset, len);
	control(handle, &arg);
	assert_int_equal(made.len, len);
}

/* What the driver does with its view, which ends with @status. */
static void driver(int handle, __u32 op, int status)
{
	struct kshm_ioc_control arg = work(KSHM_TEST_VIEW, op);

	control_status(handle, &arg, status);
}

/* The driver writes what the program reads at @data, in a hard interrupt. */
static void view_is_of(int handle, const unsigned char *data, size_t len)
{
	driver(handle, KSHM_TEST_VIEW_FILL, 0);
	assert_true(has_pattern(data, len, SEED));
}

/* The driver reads what the program writes at @data. */
static void view_reads(int handle, unsigned char *data, size_t len)
{
	fill_pattern(data, len, SEED);
	driver(handle, KSHM_TEST_VIEW_CHECK, 0);
	assert_int_equal(made.wrong, 0);
	data[len - 1]++;
	driver(handle, KSHM_TEST_VIEW_CHECK, 0);
	assert_int_equal(made.wrong, 1);
}

WITH_SET_UP(view_has_the_bytes_of_the_operand)
{
	size_t i;

	keep(fd, KSHM_TEST_VIEW_FROM, id, AT, LEN);
	view_is_of(fd, b.data + AT, LEN);
	for (i = 0; i < AT; i++)
		assert_int_equal(b.data[i], 0);
	for (i = AT + LEN; i < b.len; i++)
		assert_int_equal(b.data[i], 0);
	view_reads(fd, b.data + AT, LEN);
}

WITH_SET_UP(view_of_data_to_the_driver_is_to_be_read)
{
	keep(fd, KSHM_TEST_VIEW_TO, id, AT, LEN);
	view_reads(fd, b.data + AT, LEN);
	driver(fd, KSHM_TEST_VIEW_FILL, -EACCES);
}

/* Of the memory, not of the copy. */
WITH_SET_UP(view_of_copied_operands)
{
	struct kshm_ioc_control arg = work(KSHM_TEST_VIEW, KSHM_TEST_VIEW_KEEP);

	in.operand = KSHM_OPERAND_IN;
	memcpy(b.data + AT, &in, sizeof(in));
	arg.in = region_operand(id, AT, LEN);
	control(fd, &arg);
	view_reads(fd, b.data + AT, LEN);
	driver(fd, KSHM_TEST_VIEW_FILL, -EACCES);
	arg = work(KSHM_TEST_VIEW, KSHM_TEST_VIEW_KEEP);
	in.operand = KSHM_OPERAND_OUT;
	arg.out = region_operand(id, AT, LEN);
	control(fd, &arg);
	view_is_of(fd, b.data + AT, LEN);
}

WITH_SET_UP(view_of_nothing)
{
	keep(fd, KSHM_TEST_VIEW_FROM, id, b.len, 0);
	driver(fd, KSHM_TEST_VIEW_FILL, 0);
	driver(fd, KSHM_TEST_VIEW_LOOK, 0);
	assert_int_equal(made.len, 0);
}

/* Released at the end of its scope, by itself; one that there is not is not. */
WITH_SET_UP(view_in_a_scope)
{
	struct kshm_ioc_control arg = work(KSHM_TEST_VIEW_FROM, KSHM_TEST_VIEW_SCOPED);

	fill_pattern(b.data + AT, LEN, SEED);
	arg.data = region_operand(id, AT, LEN);
	control(fd, &arg);
	assert_int_equal(made.wrong, 0);
	assert_int_equal(region_query(fd, id).out_holds, 1);
	b.data[AT]++;
	control(fd, &arg);
	assert_int_equal(made.wrong, 1);
	arg.data = user_operand(b.data, b.len);
	control_status(fd, &arg, -EINVAL);
	region_destroy(fd, id);
	nothing_charged();
}

WITH_SET_UP(view_of_no_region)
{
	struct kshm_ioc_control arg = work(KSHM_TEST_VIEW_FROM, KSHM_TEST_VIEW_KEEP);
	struct kshm_explain why = { .size = sizeof(why) };
	const __u32 none[] = { 0, KSHM_OPERAND_DATA + 1, -1U };
	unsigned int i;

	arg.explain = to_u64(&why);
	arg.data = user_operand(b.data, b.len);
	control_status(fd, &arg, -EINVAL);
	assert_int_equal(why.check, KSHM_EXPLAIN_KIND);
	assert_int_equal(why.operand, KSHM_OPERAND_DATA);
	assert_int_equal(why.needed, KSHM_OPERAND_USER);
	assert_int_equal(why.limit, KSHM_OPERAND_REGION);
	arg.data = region_operand(id, 0, b.len);
	for (i = 0; i < ARRAY_SIZE(none); i++) {
		in.operand = none[i];
		why = (struct kshm_explain){ .size = sizeof(why) };
		control_status(fd, &arg, -EINVAL);
		assert_int_equal(why.check, 0);
	}
	driver(fd, KSHM_TEST_VIEW_CHECK, -ENODATA);
}

WITH_SET_UP(view_outlives_the_id)
{
	keep(fd, KSHM_TEST_VIEW_FROM, id, 0, b.len);
	region_destroy(fd, id);
	view_is_of(fd, b.data, b.len);
	assert_int_equal(device_info(fd).out_user_pages, 3);
	driver(fd, KSHM_TEST_VIEW_RELEASE, 0);
	nothing_charged();
}

WITH_SET_UP(view_outlives_the_handle_of_its_region)
{
	int share = region_export(fd, id, READ_WRITE);
	__u32 imported = region_import(other, share, READ_WRITE);

	close(share);
	keep(other, KSHM_TEST_VIEW_FROM, imported, AT, LEN);
	close(fd);
	region_destroy(other, imported);
	view_is_of(other, b.data + AT, LEN);
	assert_int_equal(device_info(other).out_user_pages, 3);
	driver(other, KSHM_TEST_VIEW_RELEASE, 0);
	nothing_charged();
	fd = dup(other);
}

/* The driver keeps one of no handle, too. */
WITH_SET_UP(view_outlives_its_own_handle)
{
	keep(other, KSHM_TEST_VIEW_FROM, region_make(other, b.data, b.len, READ_WRITE), 0,
	     b.len);
	driver(other, KSHM_TEST_VIEW_SWAP, 0);
	close(other);
	region_destroy(fd, id);
	assert_int_equal(device_info(fd).out_user_pages, 3);
	driver(fd, KSHM_TEST_VIEW_SWAP, 0);
	view_is_of(fd, b.data, b.len);
	driver(fd, KSHM_TEST_VIEW_RELEASE, 0);
	nothing_charged();
	other = dup(fd);
}

WITH_SET_UP(view_ends_when_the_driver_says_so)
{
	keep(other, KSHM_TEST_VIEW_FROM, region_make(other, b.data, b.len, READ_WRITE), 0,
	     b.len);
	region_destroy(fd, id);
	assert_int_equal(device_info(fd).out_user_pages, 3);
	close(other);
	nothing_charged();
	other = dup(fd);
}

WITH_SET_UP(view_outlives_its_owner)
{
	int share[2], status;
	__u32 there;
	pid_t pid;

	assert_int_equal(pipe2(share, O_CLOEXEC), 0);
	pid = fork();
	if (!pid) {
		static unsigned char data[8192] __attribute__((aligned(4096)));
		__u32 made_here = region_make(fd, data, sizeof(data), READ_WRITE);

		fill_pattern(data, sizeof(data), SEED);
		if (write(share[1], &made_here, sizeof(made_here)) != sizeof(made_here))
			_exit(1);
		keep(fd, KSHM_TEST_VIEW_FROM, made_here, 0, sizeof(data));
		_exit(0);
	}
	assert_int_equal(read(share[0], &there, sizeof(there)), sizeof(there));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	driver(fd, KSHM_TEST_VIEW_LOOK, 0);
	driver(fd, KSHM_TEST_VIEW_CHECK, 0);
	assert_int_equal(made.wrong, 0);
	driver(fd, KSHM_TEST_VIEW_FILL, 0);
	region_destroy(fd, there);
	region_destroy(fd, id);
	assert_int_equal(device_info(fd).out_user_pages, 8192 / page_size());
	driver(fd, KSHM_TEST_VIEW_RELEASE, 0);
	nothing_charged();
	close(share[0]);
	close(share[1]);
}

WITH_SET_UP(view_of_a_revoked_region_keeps_its_pages)
{
	keep(fd, KSHM_TEST_VIEW_FROM, id, 0, b.len);
	driver(fd, KSHM_TEST_VIEW_LOOK, 0);
	assert_int_equal(region_revoke_try(fd, id, KSHM_REGION_NO_WAIT), 0);
	driver(fd, KSHM_TEST_VIEW_LOOK, -ESTALE);
	assert_int_equal(region_fill_try(fd, id, 0, b.len, SEED), -ESTALE);
	assert_int_equal(device_info(fd).out_user_pages, 3);
	view_is_of(fd, b.data, b.len);
	driver(fd, KSHM_TEST_VIEW_RELEASE, 0);
	nothing_charged();
}

struct revoker {
	pthread_t thread;
	pid_t tid;
	bool ended;
};

static void *revokes(void *data)
{
	struct revoker *revoker = data;

	__atomic_store_n(&revoker->tid, gettid(), __ATOMIC_RELEASE);
	assert_int_equal(region_revoke_try(fd, id, 0), 0);
	__atomic_store_n(&revoker->ended, true, __ATOMIC_RELEASE);
	return NULL;
}

/* Waits until it sleeps, so that only a kill could end that, or has ended. */
static void until_it_waits(struct revoker *revoker)
{
	while (!__atomic_load_n(&revoker->tid, __ATOMIC_ACQUIRE))
		sched_yield();
	while (thread_state(revoker->tid) != 'D')
		assert_false(__atomic_load_n(&revoker->ended, __ATOMIC_ACQUIRE));
}

WITH_SET_UP(view_is_waited_for_by_who_revokes)
{
	struct revoker revoker = { .ended = false };

	keep(fd, KSHM_TEST_VIEW_FROM, id, 0, b.len);
	assert_int_equal(pthread_create(&revoker.thread, NULL, revokes, &revoker), 0);
	until_it_waits(&revoker);
	assert_true(region_is_revoked(fd, id));
	view_is_of(fd, b.data, b.len);
	driver(fd, KSHM_TEST_VIEW_RELEASE, 0);
	pthread_join(revoker.thread, NULL);
	nothing_charged();
}

WITH_SET_UP(view_of_what_was_revoked_meanwhile)
{
	struct kshm_explain why = { .size = sizeof(why) };
	struct call call = {
		.arg = work(KSHM_TEST_VIEW_FROM, KSHM_TEST_VIEW_KEEP_LATER),
	};

	call.arg.data = region_operand(id, 0, b.len);
	call.arg.explain = to_u64(&why);
	call_start(&call, fd);
	wait_until_holding(fd, 1);
	assert_int_equal(region_revoke_try(fd, id, KSHM_REGION_NO_WAIT), 0);
	release(fd);
	call_join(&call);
	assert_int_equal(call.ret, 0);
	assert_int_equal(call.arg.out_status, -ESTALE);
	assert_int_equal(why.check, KSHM_EXPLAIN_REVOKED);
	assert_int_equal(why.operand, KSHM_OPERAND_DATA);
	assert_int_equal(why.used, id);
	nothing_charged();
}

static void punch(int file, size_t page)
{
	assert_int_equal(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				   page * page_size(), page_size()), 0);
}

static void view_of_a_section_with_holes(void **state)
{
	struct section s = section_make(0, 4);
	const size_t page = page_size();

	keep(s.fd, KSHM_TEST_VIEW_FROM, s.id, page + AT, page);
	view_is_of(s.fd, s.data + page + AT, page);
	punch(s.file, 0);
	punch(s.file, 3);
	driver(s.fd, KSHM_TEST_VIEW_LOOK, 0);
	punch(s.file, 2);
	driver(s.fd, KSHM_TEST_VIEW_LOOK, -ESTALE);
	/* The driver has its pages all the same. */
	driver(s.fd, KSHM_TEST_VIEW_FILL, 0);
	driver(s.fd, KSHM_TEST_VIEW_CHECK, 0);
	assert_int_equal(made.wrong, 0);
	section_free(&s);
}

static void view_of_hugetlb(void **state)
{
	struct section s = section_make(MFD_HUGETLB, 1);

	keep(s.fd, KSHM_TEST_VIEW_FROM, s.id, AT, s.len - AT);
	view_is_of(s.fd, s.data + AT, s.len - AT);
	keep(s.fd, KSHM_TEST_VIEW_TO, s.id, AT, s.len - AT);
	driver(s.fd, KSHM_TEST_VIEW_CHECK, 0);
	assert_int_equal(made.wrong, 0);
	section_free(&s);
}

WITH_SET_UP(view_of_memory_that_its_owner_changes)
{
	struct buffer anon = buffer_make(BUFFER_ANON, 3 * page_size());
	__u32 watched = region_make(fd, anon.data, anon.len, READ_WRITE);

	keep(fd, KSHM_TEST_VIEW_FROM, watched, 0, anon.len);
	view_is_of(fd, anon.data, anon.len);
	driver(fd, KSHM_TEST_VIEW_LOOK, 0);
	assert_int_equal(madvise(anon.data + page_size(), page_size(), MADV_DONTNEED), 0);
	driver(fd, KSHM_TEST_VIEW_LOOK, -ESTALE);
	driver(fd, KSHM_TEST_VIEW_CHECK, 0);
	assert_int_equal(made.wrong, 0);
	buffer_free(&anon);
}

/* What a caller lent is not the driver's to give to others. */
static void view_is_not_given(void **state)
{
	struct section s = section_make(0, 1);

	keep(s.fd, KSHM_TEST_VIEW_TO, s.id, 0, s.len);
	driver(s.fd, KSHM_TEST_VIEW_GIVE, -EINVAL);
	section_free(&s);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(view_has_the_bytes_of_the_operand),
	cmocka_unit_test(view_of_data_to_the_driver_is_to_be_read),
	cmocka_unit_test(view_of_copied_operands),
	cmocka_unit_test(view_of_nothing),
	cmocka_unit_test(view_in_a_scope),
	cmocka_unit_test(view_of_no_region),
	cmocka_unit_test(view_outlives_the_id),
	cmocka_unit_test(view_outlives_the_handle_of_its_region),
	cmocka_unit_test(view_outlives_its_own_handle),
	cmocka_unit_test(view_ends_when_the_driver_says_so),
	cmocka_unit_test(view_outlives_its_owner),
	cmocka_unit_test(view_of_a_revoked_region_keeps_its_pages),
	cmocka_unit_test(view_is_waited_for_by_who_revokes),
	cmocka_unit_test(view_of_what_was_revoked_meanwhile),
	cmocka_unit_test(view_of_a_section_with_holes),
	cmocka_unit_test(view_of_hugetlb),
	cmocka_unit_test(view_of_memory_that_its_owner_changes),
	cmocka_unit_test(view_is_not_given),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

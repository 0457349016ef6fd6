// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of callers that are killed: in a handler, while a page is awaited that
 * never comes, and anywhere in what makes and passes on; root's, who may keep a fault
 * of the kernel waiting
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/kshm_name.h>
#include <linux/kshm_null.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "name_calls.h"
#include "region_calls.h"
#include "section_calls.h"
#include "state.h"
#include "userfault.h"

#define NAME	"killed"

/* The times that a child is killed in the middle of one thing. */
#define MOMENTS	20

static void kill_a_running_request(void **state)
{
	struct buffer b = buffer_make(BUFFER_SHARED, 100 * page_size());
	int fd = device_open("test", O_RDWR);
	struct kshm_test_held held;
	struct kshm_ioc_control arg =
		hold_request(KSHM_TEST_HOLD_READ, &held, b.data, b.len);
	pid_t child = fork();

	if (!child)
		_exit(control_try(fd, &arg) ? 1 : 0);
	wait_until_holding(fd, 1);
	assert_true(device_info(fd).out_user_pages >= 100);
	if (!dies(child)) {
		release(fd);
		fail_msg("the caller does not die");
	}
	assert_int_equal(test_state(fd).holding, 0);
	wait_until_free(fd);
	close(fd);
	buffer_free(&b);
}

/*
 * A page that never comes: the child's fault on it is kept waiting, and the
 * parent told of it.
 */
struct awaited {
	int userfault;
	int tell;
};

static void *tell_of_fault(void *data)
{
	struct awaited *awaited = data;

	userfault_await(awaited->userfault);
	write(awaited->tell, "", 1);
	return NULL;
}

/* Of one mapping, so that it is asked for together with those before it. */
static void await_page(const struct buffer *b, size_t page, struct awaited *awaited)
{
	pthread_t thread;

	WANT(!madvise(b->data + page * page_size(), page_size(), MADV_DONTNEED));
	awaited->userfault = userfault_open(b->data, b->len, 0);
	WANT(!pthread_create(&thread, NULL, tell_of_fault, awaited));
}

/* A call that does not end, of memory where a page is awaited. */
typedef void call_fn(int fd, const void *data, size_t len);

static void kill_while_awaited(call_fn *call, size_t pages, size_t awaited)
{
	struct buffer b = buffer_make(BUFFER_ANON, pages * page_size());
	int fd = device_open("null", O_RDWR), fault[2];
	struct awaited page;
	pid_t child;
	char byte;

	assert_int_equal(pipe(fault), 0);
	child = fork();
	if (!child) {
		page.tell = fault[1];
		await_page(&b, awaited, &page);
		call(fd, b.data, b.len);
		_exit(1);
	}
	close(fault[1]);
	assert_int_equal(read(fault[0], &byte, 1), 1);
	assert_true(dies(child));
	wait_until_free(fd);
	close(fault[0]);
	close(fd);
	buffer_free(&b);
}

/* The first page, one behind others, and one behind a batch of them. */
static void kill_while_any_is_awaited(call_fn *call)
{
	kill_while_awaited(call, 1, 0);
	kill_while_awaited(call, 3, 1);
	kill_while_awaited(call, 600, 550);
}

static void copy_in(int fd, const void *data, size_t len)
{
	struct kshm_ioc_control arg = request(KSHM_NULL_NOP);

	arg.in = user_operand(data, len);
	control_try(fd, &arg);
}

static void copy_out(int fd, const void *data, size_t len)
{
	struct kshm_ioc_control arg = request(KSHM_NULL_NOP);

	arg.out = user_operand(data, len);
	control_try(fd, &arg);
}

static void pin_to_driver(int fd, const void *data, size_t len)
{
	struct kshm_ioc_control arg = request(KSHM_NULL_NOP_TO_DRIVER);

	arg.data = user_operand(data, len);
	control_try(fd, &arg);
}

static void pin_from_driver(int fd, const void *data, size_t len)
{
	struct kshm_ioc_control arg = request(KSHM_NULL_NOP_FROM_DRIVER);

	arg.data = user_operand(data, len);
	control_try(fd, &arg);
}

static void kill_while_a_page_is_awaited(void **state)
{
	kill_while_any_is_awaited(copy_in);
	kill_while_any_is_awaited(copy_out);
	kill_while_any_is_awaited(pin_to_driver);
	kill_while_any_is_awaited(pin_from_driver);
}

static void region_to_read(int fd, const void *data, size_t len)
{
	region_make(fd, data, len, KSHM_REGION_READ);
}

static void region_to_write(int fd, const void *data, size_t len)
{
	region_make(fd, data, len, KSHM_REGION_WRITE);
}

static void kill_while_a_page_of_a_region_is_awaited(void **state)
{
	kill_while_any_is_awaited(region_to_read);
	kill_while_any_is_awaited(region_to_write);
}

/* What children that are killed are given; the file has no pages yet. */
static struct buffer b;
static int file;

/* And what each of them has of its own: handles of devices, a region of a page. */
static int null, fd, other;
static __u32 id;

static void set_up(void)
{
	b = buffer_make(BUFFER_SHARED, harness_brief() ? 8 << 20 : 16 << 20);
	file = section_file(0, b.len, F_SEAL_SHRINK);
}

/* Of the file no page is pinned, and none mapped to be written. */
static void tear_down(void)
{
	assert_int_equal(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE), 0);
	close(file);
	buffer_free(&b);
}

/* What is done once, of what a child does all the time: whether it works. */
typedef bool once_fn(void);

static void do_until_killed(once_fn *once, int tell)
{
	null = device_open("null", O_RDWR);
	fd = device_open("test", O_RDWR);
	other = device_open("test", O_RDWR);
	id = region_make(fd, b.data, page_size(), READ_WRITE);
	WANT(write(tell, "", 1) == 1);
	WANT(once());
	WANT(write(tell, "", 1) == 1);
	for (;;)
		WANT(once());
}

static double seconds(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* How many a child takes to do it once: it tells the beginning and the end. */
static double seconds_of(int tells)
{
	double begin;
	char byte;

	assert_int_equal(read(tells, &byte, 1), 1);
	begin = seconds();
	assert_int_equal(read(tells, &byte, 1), 1);
	return seconds() - begin;
}

/* Wherever they are hit, nothing stays. */
static void kill_in_the_middle(once_fn *once)
{
	int watch = device_open("null", O_RDWR), told[2], moment;
	pid_t child;

	for (moment = 0; moment < MOMENTS; moment++) {
		assert_int_equal(pipe(told), 0);
		child = fork();
		if (!child) {
			close(told[0]);
			do_until_killed(once, told[1]);
		}
		close(told[1]);
		usleep(seconds_of(told[0]) * 1e6 * moment / MOMENTS);
		assert_true(dies(child));
		wait_until_free(watch);
		close(told[0]);
	}
	assert_int_equal(name_remove_try(watch, NAME, NULL), -ENOENT);
	close(watch);
}

static bool pin(void)
{
	struct kshm_ioc_control arg = request(KSHM_NULL_NOP_FROM_DRIVER);

	arg.data = user_operand(b.data, b.len);
	return !control_try(null, &arg);
}

WITH_SET_UP(kill_in_the_middle_of_a_pin)
{
	kill_in_the_middle(pin);
}

static bool copy(void)
{
	struct kshm_ioc_control arg = request(KSHM_NULL_NOP);

	arg.in = user_operand(b.data, b.len);
	return !control_try(null, &arg);
}

WITH_SET_UP(kill_in_the_middle_of_a_copy)
{
	kill_in_the_middle(copy);
}

static bool make(void)
{
	struct kshm_range range = { .addr = to_u64(b.data), .len = b.len };
	struct kshm_ioc_region_create arg = region_request(&range, 1, READ_WRITE);

	return !region_try(fd, &arg) && !region_destroy_try(fd, arg.out_id, 0);
}

WITH_SET_UP(kill_in_the_middle_of_a_region)
{
	kill_in_the_middle(make);
}

/* All are looked up: page tables lead nowhere any more. */
static bool look_up(void)
{
	struct kshm_ioc_control arg = request(KSHM_NULL_NOP_TO_DRIVER);
	static __u32 all;

	if (!all)
		all = region_make(null, b.data, b.len, READ_WRITE);
	arg.data = region_operand(all, 0, b.len);
	return !madvise(b.data, b.len, MADV_DONTNEED) && !control_try(null, &arg);
}

WITH_SET_UP(kill_while_pages_of_a_region_are_looked_up)
{
	kill_in_the_middle(look_up);
}

/* The file has no pages each time: those that it had go to a hole. */
static bool attach(void)
{
	struct kshm_ioc_section_attach arg = section_request(file, READ_WRITE);

	return !fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, b.len) &&
	       !section_try(fd, &arg, NULL) && !region_destroy_try(fd, arg.out_id, 0);
}

WITH_SET_UP(kill_in_the_middle_of_a_section)
{
	kill_in_the_middle(attach);
}

/* 0, or -errno of whoever says it. */
static int driver(__u32 code, const void *in, size_t len, __u32 of, int *given)
{
	struct kshm_ioc_control arg = request(code);
	struct kshm_test_made made;
	int ret;

	arg.in = user_operand(in, len);
	arg.out = user_operand(&made, sizeof(made));
	if (of)
		arg.data = region_operand(of, 0, page_size());
	ret = control_try(fd, &arg) ?: arg.out_status;
	if (given)
		*given = made.fd;
	return ret;
}

static bool made_by_the_driver(void)
{
	const struct kshm_test_section makes = {
		.op = KSHM_TEST_SECTION_MAKE, .len = b.len,
	}, releases = { .op = KSHM_TEST_SECTION_RELEASE };
	int given;

	return !driver(KSHM_TEST_SECTION, &makes, sizeof(makes), 0, &given) &&
	       !close(given) &&
	       !driver(KSHM_TEST_SECTION, &releases, sizeof(releases), 0, NULL);
}

WITH_SET_UP(kill_in_the_middle_of_a_made_section)
{
	kill_in_the_middle(made_by_the_driver);
}

static bool share(void)
{
	int shared;
	__u32 there;

	return !region_export_try(fd, id, READ_WRITE, &shared, NULL) &&
	       !region_import_try(other, shared, READ_WRITE, &there, NULL) &&
	       !region_destroy_try(other, there, 0) && !close(shared);
}

WITH_SET_UP(kill_in_the_middle_of_a_share)
{
	kill_in_the_middle(share);
}

static bool key(void)
{
	struct kshm_region_key made;
	__u32 there;

	return !region_key_try(fd, id, READ_WRITE, 0, &made, NULL) &&
	       !region_open_try(other, &made, READ_WRITE, &there, NULL) &&
	       !region_destroy_try(other, there, 0) &&
	       !region_key_try(fd, id, 0, KSHM_KEY_REMOVE, NULL, NULL);
}

WITH_SET_UP(kill_in_the_middle_of_a_key)
{
	kill_in_the_middle(key);
}

static bool publish(void)
{
	struct kshm_ioc_section_attach arg = section_request(file, READ_WRITE);
	struct kshm_ioc_name_publish as;
	struct kshm_ioc_name_open found;

	arg.len = page_size();
	if (section_try(fd, &arg, NULL))
		return false;
	as = name_request(arg.out_id, NAME, READ_WRITE);
	as.flags = KSHM_NAME_UNTIL_CLOSE;
	return !name_try(fd, &as, NULL) &&
	       !name_open_try(other, NAME, READ_WRITE, KSHM_NAME_FD, &found, NULL) &&
	       !close(found.out_fd) && !region_destroy_try(other, found.out_id, 0) &&
	       !name_remove_try(fd, NAME, NULL) &&
	       !region_destroy_try(fd, arg.out_id, 0);
}

WITH_SET_UP(kill_in_the_middle_of_a_name)
{
	kill_in_the_middle(publish);
}

static bool view(void)
{
	const struct kshm_test_view keeps = {
		.op = KSHM_TEST_VIEW_KEEP, .operand = KSHM_OPERAND_DATA,
	}, releases = { .op = KSHM_TEST_VIEW_RELEASE };

	return !driver(KSHM_TEST_VIEW_FROM, &keeps, sizeof(keeps), id, NULL) &&
	       !driver(KSHM_TEST_VIEW, &releases, sizeof(releases), 0, NULL);
}

WITH_SET_UP(kill_in_the_middle_of_a_view)
{
	kill_in_the_middle(view);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(kill_a_running_request),
	cmocka_unit_test(kill_while_a_page_is_awaited),
	cmocka_unit_test(kill_while_a_page_of_a_region_is_awaited),
	cmocka_unit_test(kill_in_the_middle_of_a_pin),
	cmocka_unit_test(kill_in_the_middle_of_a_copy),
	cmocka_unit_test(kill_in_the_middle_of_a_region),
	cmocka_unit_test(kill_while_pages_of_a_region_are_looked_up),
	cmocka_unit_test(kill_in_the_middle_of_a_section),
	cmocka_unit_test(kill_in_the_middle_of_a_made_section),
	cmocka_unit_test(kill_in_the_middle_of_a_share),
	cmocka_unit_test(kill_in_the_middle_of_a_key),
	cmocka_unit_test(kill_in_the_middle_of_a_name),
	cmocka_unit_test(kill_in_the_middle_of_a_view),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

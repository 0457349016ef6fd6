// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the driver of docs/driver-authors.md: every control does what
 * the document says; root's, who plugs the devices in
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "lesson.h"
#include "pended_calls.h"
#include "setting.h"

#define PLATFORM_DRIVER	"/sys/bus/platform/drivers/kshm_lesson"

static void plug(const char *devices)
{
	write_to("/sys/module/kshm_lesson/parameters/plugged", devices);
}

/* Opens lesson0; unplug() is its opposite. */
static int plugged(void)
{
	plug("1");
	return device_open("lesson0", O_RDWR);
}

static void unplug(int fd)
{
	close(fd);
	plug("0");
}

/* A call that has a number as its answer. */
static __u64 number(int fd, struct kshm_ioc_control arg)
{
	__u64 answer = ~0ULL;

	arg.out = user_operand(&answer, sizeof(answer));
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, sizeof(answer));
	return answer;
}

static void lesson_sum_captures(void **state)
{
	struct {
		struct lesson_numbers head;
		__u32 numbers[3];
	} data = { { .count = 3 }, { 1, 20, 0xffffffff } };
	struct kshm_ioc_control arg = request(LESSON_SUM);
	__u64 sum;
	int fd = plugged();

	arg.data = user_operand(&data, sizeof(data));
	assert_int_equal(number(fd, arg), 0x100000014);
	data.head.count = 2;
	assert_int_equal(number(fd, arg), 21);

	/* More numbers than there are. */
	data.head.count = 4;
	arg.out = user_operand(&sum, sizeof(sum));
	control_status(fd, &arg, -EMSGSIZE);
	data.head.count = ~0U;
	control_status(fd, &arg, -EMSGSIZE);
	unplug(fd);
}

static void lesson_find_maps_for_reading(void **state)
{
	char text[10000], byte = 'x';
	struct kshm_ioc_control arg = request(LESSON_FIND);
	__u64 where;
	int fd = plugged();

	memset(text, '.', sizeof(text));
	text[8765] = byte;
	arg.in = user_operand(&byte, 1);
	arg.data = user_operand(text, sizeof(text));
	assert_int_equal(number(fd, arg), 8765);
	text[8765] = '.';
	arg.out = user_operand(&where, sizeof(where));
	control_status(fd, &arg, -ENOENT);
	arg.data = user_operand(NULL, 0);
	control_status(fd, &arg, -ENOENT);
	unplug(fd);
}

static void lesson_reverse_maps_for_writing(void **state)
{
	unsigned char bytes[9001];
	struct kshm_ioc_control arg = request(LESSON_REVERSE);
	int fd = plugged();
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = i * 7 + (i >> 8);
	arg.data = user_operand(bytes, sizeof(bytes));
	control(fd, &arg);
	assert_int_equal(arg.data.out_returned, sizeof(bytes));
	for (i = 0; i < sizeof(bytes); i++) {
		size_t was = sizeof(bytes) - 1 - i;

		assert_int_equal(bytes[i], (unsigned char)(was * 7 + (was >> 8)));
	}
	unplug(fd);
}

static void lesson_fill_writes_segments(void **state)
{
	char bytes[9002], byte = 'f';
	struct kshm_ioc_control arg = request(LESSON_FILL);
	int fd = plugged();
	size_t i;

	memset(bytes, '.', sizeof(bytes));
	arg.in = user_operand(&byte, 1);
	arg.data = user_operand(bytes + 1, sizeof(bytes) - 2);
	control(fd, &arg);
	assert_int_equal(arg.data.out_returned, sizeof(bytes) - 2);
	assert_int_equal(bytes[0], '.');
	assert_int_equal(bytes[sizeof(bytes) - 1], '.');
	for (i = 1; i < sizeof(bytes) - 1; i++)
		assert_int_equal(bytes[i], 'f');
	unplug(fd);
}

static void lesson_gather_follows_pointers(void **state)
{
	char out[16] = "";
	struct lesson_piece pieces[] = {
		{ to_u64("point"), 5, 0 }, { 0, 0, 0 }, { to_u64("ers"), 3, 0 },
	};
	struct kshm_ioc_control arg = request(LESSON_GATHER);
	int fd = plugged();

	arg.in = user_operand(pieces, sizeof(pieces));
	arg.out = user_operand(out, sizeof(out));
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, 8);
	assert_string_equal(out, "pointers");

	/* What came before the bad one is in place, and said to be. */
	pieces[2].addr = 0;
	control_status(fd, &arg, -EFAULT);
	assert_int_equal(arg.out.out_returned, 5);
	pieces[1].reserved = 1;
	control_status(fd, &arg, -EINVAL);
	pieces[1].reserved = 0;
	pieces[1].len = LESSON_PIECE_MAX + 1;
	control_status(fd, &arg, -EINVAL);
	arg.out.len = 4;
	control_status(fd, &arg, -EMSGSIZE);
	unplug(fd);
}

static void lesson_next_counts_by_handle(void **state)
{
	int fd = plugged(), other = device_open("lesson0", O_RDWR);

	assert_int_equal(number(fd, request(LESSON_NEXT)), 1);
	assert_int_equal(number(fd, request(LESSON_NEXT)), 2);
	assert_int_equal(number(other, request(LESSON_NEXT)), 1);
	close(other);
	unplug(fd);
}

/* For 10 seconds at most. */
static void until_ticking(int fd)
{
	__u64 before = number(fd, request(LESSON_TICKS));
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (number(fd, request(LESSON_TICKS)) > before + 1)
			return;
		usleep(10000);
	}
	fail_msg("nothing ticks");
}

static void lesson_cleanup_stops_what_a_handle_started(void **state)
{
	struct kshm_ioc_control arg = request(LESSON_START);
	int fd = plugged(), other = device_open("lesson0", O_RDWR);
	__u64 ticks;

	control(other, &arg);
	until_ticking(fd);
	close(other);
	ticks = number(fd, request(LESSON_TICKS));
	usleep(200000);
	assert_int_equal(number(fd, request(LESSON_TICKS)), ticks);

	/* Unplugged under it, with what it counts in. */
	control(fd, &arg);
	until_ticking(fd);
	plug("0");
	close(fd);
}

static void lesson_motto_says_what_it_needs(void **state)
{
	struct kshm_ioc_control arg = request(LESSON_MOTTO);
	char text[100];
	int fd = plugged();

	arg.out = user_operand(text, 4);
	control_status(fd, &arg, -EMSGSIZE);
	assert_int_equal(arg.out.out_returned, 0);
	assert_in_range(arg.out_needed, 5, sizeof(text));

	arg.out = user_operand(text, arg.out_needed);
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, strlen(text) + 1);
	assert_int_equal(arg.out_needed, 0);
	unplug(fd);
}

static void lesson_beginning_warns(void **state)
{
	struct kshm_ioc_control arg = request(LESSON_BEGINNING);
	char text[100] = "";
	int fd = plugged();

	arg.out = user_operand(text, 3);
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, 3);
	assert_int_equal(arg.out_detail, LESSON_MORE);
	assert_string_equal(text, "one");

	arg.out = user_operand(text, sizeof(text));
	control(fd, &arg);
	assert_int_equal(arg.out_detail, 0);
	assert_int_equal(arg.out.out_returned, strlen(text) + 1);
	unplug(fd);
}

static void lesson_distance_knows_32_bit_callers(void **state)
{
	struct { long from, to; } numbers = { -5000000000, 7 };
	struct kshm_ioc_control arg = request(LESSON_DISTANCE);
	int fd = plugged(), status;
	__u64 distance;
	pid_t child;

	arg.in = user_operand(&numbers, sizeof(numbers));
	assert_int_equal(number(fd, arg), 5000000007);
	arg.in.len /= 2;
	arg.out = user_operand(&distance, sizeof(distance));
	control_status(fd, &arg, -EINVAL);

	child = fork();
	if (!child) {
		execl("tests/kernel/lesson-32", "lesson-32", NULL);
		perror("tests/kernel/lesson-32");
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	unplug(fd);
}

static void lesson_sign_writes_from_elsewhere(void **state)
{
	struct kshm_ioc_control arg = request(LESSON_SIGN);
	char text[9000] = "";
	int fd = plugged();

	arg.data = user_operand(text, sizeof(text));
	control(fd, &arg);
	assert_string_equal(text, "a worker, mm none");
	assert_int_equal(arg.data.out_returned, strlen(text) + 1);
	arg.data = user_operand(text, 3);
	control(fd, &arg);
	assert_string_equal(text, "a ");
	unplug(fd);
}

/* For 10 seconds at most. */
static void until_waiting(int fd)
{
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (number(fd, request(LESSON_WAITING)) == 1)
			return;
		usleep(10000);
	}
	fail_msg("nobody waits");
}

static void lesson_wait_ends_by_post(void **state)
{
	struct call call = { .arg = request(LESSON_WAIT) };
	struct kshm_ioc_control arg = request(LESSON_POST);
	int fd = plugged();

	call_start(&call, fd);
	until_waiting(fd);
	control(fd, &arg);
	call_join(&call);
	assert_int_equal(call.ret, 0);
	assert_int_equal(call.arg.out_status, 0);
	unplug(fd);
}

static void lesson_wait_ends_when_unplugged(void **state)
{
	struct call call = { .arg = request(LESSON_WAIT) };
	struct kshm_ioc_control arg = request(LESSON_NEXT);
	int fd = plugged();

	call_start(&call, fd);
	until_waiting(fd);
	write_to(PLATFORM_DRIVER "/unbind", "kshm_lesson.0");
	call_join(&call);
	assert_int_equal(call.ret, 0);
	assert_int_equal(call.arg.out_status, -EINTR);

	/* Gone from under the handle, and from /dev. */
	control_error(fd, &arg, ENODEV, KSHM_EXPLAIN_GONE, 0);
	assert_int_equal(access("/dev/kshm/lesson0", F_OK), -1);
	close(fd);

	write_to(PLATFORM_DRIVER "/bind", "kshm_lesson.0");
	fd = device_open("lesson0", O_RDWR);
	assert_int_equal(number(fd, request(LESSON_NEXT)), 1);
	unplug(fd);
}

static void lesson_probe_makes_a_device_for_each(void **state)
{
	char link[256] = "";
	struct stat st;

	plug("3");
	assert_int_equal(access("/dev/kshm/lesson2", F_OK), 0);
	assert_int_equal(access("/dev/kshm/lesson3", F_OK), -1);
	assert_return_code(readlink("/sys/class/kshm/lesson2", link,
				    sizeof(link) - 1), errno);
	assert_non_null(strstr(link, "/platform/kshm_lesson.2/"));
	assert_int_equal(stat("/dev/kshm/lesson2", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	plug("0");
	assert_int_equal(access("/dev/kshm/lesson0", F_OK), -1);
}

static void lesson_ask_pends_until_told(void **state)
{
	struct kshm_ioc_control ask = request(LESSON_ASK), tell = request(LESSON_TELL);
	__u64 answers[3] = { 0 }, answer = 42;
	int fd = plugged();
	size_t i;

	for (i = 0; i < 3; i++) {
		ask.out = user_operand(&answers[i], sizeof(answers[i]));
		ask.user_data = i;
		submit(fd, ask);
	}
	assert_int_equal(cancel_try(fd, 1, 0, NULL), 1);
	completion_of(fd, 1, -ECANCELED);
	completion_none(fd);
	tell.in = user_operand(&answer, sizeof(answer));
	control(fd, &tell);
	completion_of(fd, 0, 0);
	completion_of(fd, 2, 0);
	assert_int_equal(answers[0], 42);
	assert_int_equal(answers[1], 0);
	assert_int_equal(answers[2], 42);
	unplug(fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(lesson_ask_pends_until_told),
	cmocka_unit_test(lesson_probe_makes_a_device_for_each),
	cmocka_unit_test(lesson_sum_captures),
	cmocka_unit_test(lesson_find_maps_for_reading),
	cmocka_unit_test(lesson_reverse_maps_for_writing),
	cmocka_unit_test(lesson_fill_writes_segments),
	cmocka_unit_test(lesson_gather_follows_pointers),
	cmocka_unit_test(lesson_next_counts_by_handle),
	cmocka_unit_test(lesson_cleanup_stops_what_a_handle_started),
	cmocka_unit_test(lesson_motto_says_what_it_needs),
	cmocka_unit_test(lesson_beginning_warns),
	cmocka_unit_test(lesson_distance_knows_32_bit_callers),
	cmocka_unit_test(lesson_sign_writes_from_elsewhere),
	cmocka_unit_test(lesson_wait_ends_by_post),
	cmocka_unit_test(lesson_wait_ends_when_unplugged),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the device "event": messages from one program to others
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "event_calls.h"
#include "harness.h"
#include "leak.h"
#include "pattern.h"
#include "pended_calls.h"
#include "twin.h"

#define LEN	(3 * 4096 + 100)

static int fd, sender;
static struct kshm_event event;
static unsigned char message[LEN];

static void set_up(void)
{
	fd = device_open("event", O_RDWR);
	sender = device_open("event", O_WRONLY);
	memset(&event, 0xee, sizeof(event));
	fill_pattern(message, LEN, 7);
}

static void tear_down(void)
{
	completion_none(fd);
	close(sender);
	close(fd);
}

/* A message of @len bytes that came, to room for @room. */
static void has_come(const struct kshm_completion *completion, size_t len, size_t room)
{
	assert_int_equal(completion->data_returned, len < room ? len : room);
	assert_int_equal(completion->needed, len);
	assert_int_equal(completion->out_returned, sizeof(event));
	assert_int_equal(event.count, len);
}

/* Seen where else the page is mapped: it is the page that was written. */
WITH_SET_UP(message_comes_to_whose_it_is)
{
	struct twin twin = twin_make(LEN);
	const __u64 before = event_now();
	struct kshm_completion completion;

	submit(fd, event_wait("news", twin.first + 1, LEN - 1, &event, sizeof(event), 1));
	submit(fd, event_wait("new", twin.first, 1, NULL, 0, 2));
	completion_none(fd);
	assert_int_equal(event_send(sender, "news", message, 1000), 1);
	completion = completion_of(fd, 1, 0);
	has_come(&completion, 1000, LEN);
	assert_memory_equal(twin.second + 1, message, 1000);
	assert_true(event.time >= before && event.time <= event_now());
	completion_none(fd);
	assert_int_equal(event_send(sender, "new", "x", 1), 1);
	completion_of(fd, 2, 0);
	twin_free(&twin);
}

/* Each handle gets it once, and nobody after. */
WITH_SET_UP(message_comes_to_all_that_wait)
{
	int others[5];
	unsigned char data[5] = { 0 };
	size_t i;

	for (i = 0; i < 5; i++) {
		others[i] = device_open("event", O_RDONLY);
		submit(others[i], event_wait("news", data + i, 1, NULL, 0, i));
	}
	assert_int_equal(event_send(fd, "news", message + 1, 1), 5);
	for (i = 0; i < 5; i++) {
		assert_int_equal(data[i], message[1]);
		completion_of(others[i], i, 0);
		close(others[i]);
	}
	assert_int_equal(event_send(fd, "news", message, 1), 0);
	submit(fd, event_wait("news", data, 1, NULL, 0, 1));
	completion_none(fd);
	assert_int_equal(cancel_try(fd, 1, 0, NULL), 1);
	completion_of(fd, 1, -ECANCELED);
}

/* Requests of one handle get one message after the other, in the order in which they came. */
WITH_SET_UP(messages_to_several_requests)
{
	const int other = device_open("event", O_RDONLY);
	unsigned char data[4] = { 0 }, heard[2] = { 0 };
	size_t i;

	for (i = 0; i < 4; i++)
		submit(fd, event_wait(i == 2 ? "else" : "news", data + i, 1, NULL, 0, i));
	for (i = 0; i < 2; i++)
		submit(other, event_wait("news", heard + i, 1, NULL, 0, i));
	assert_int_equal(event_send(sender, "news", "a", 1), 2);
	completion_of(fd, 0, 0);
	completion_none(fd);
	assert_int_equal(event_send(sender, "news", "b", 1), 2);
	completion_of(fd, 1, 0);
	assert_int_equal(event_send(sender, "else", "c", 1), 1);
	completion_of(fd, 2, 0);
	assert_int_equal(event_send(sender, "news", "d", 1), 1);
	completion_of(fd, 3, 0);
	assert_memory_equal(data, "abcd", 4);
	assert_memory_equal(heard, "ab", 2);
	completion_of(other, 0, 0);
	completion_of(other, 1, 0);
	close(other);
}

/* Of any lengths, across pages on both sides. */
WITH_SET_UP(message_of_each_length)
{
	static const size_t lengths[] = { 0, 1, 4095, 4096, 4097, LEN - 1 };
	struct buffer b = buffer_make(BUFFER_ANON, LEN + 1);
	struct kshm_completion completion;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		for (j = 0; j < ARRAY_SIZE(lengths); j++) {
			memset(b.data, 0, b.len);
			submit(fd, event_wait("", b.data + 1, lengths[i], &event,
					      sizeof(event), i));
			assert_int_equal(event_send(fd, "", message + 1, lengths[j]), 1);
			completion = completion_of(fd, i, 0);
			has_come(&completion, lengths[j], lengths[i]);
			assert_memory_equal(b.data + 1, message + 1,
					    completion.data_returned);
			assert_int_equal(b.data[1 + completion.data_returned], 0);
		}
	}
	buffer_free(&b);
}

WITH_SET_UP(message_with_less_room_for_the_event)
{
	static const size_t rooms[] = { 0, 3, 8, 15, 16, 40 };
	struct kshm_completion completion;
	struct kshm_event events[3];
	size_t i, told;

	for (i = 0; i < ARRAY_SIZE(rooms); i++) {
		memset(events, 0xee, sizeof(events));
		submit(fd, event_wait("news", NULL, 0, events, rooms[i], i));
		assert_int_equal(event_send(fd, "news", message, 500), 1);
		completion = completion_of(fd, i, 0);
		told = rooms[i] < sizeof(event) ? rooms[i] : sizeof(event);
		assert_int_equal(completion.out_returned, told);
		assert_int_equal(((unsigned char *)events)[told], 0xee);
		if (told == sizeof(event))
			assert_int_equal(events[0].count, 500);
	}
}

/* A name is bytes, and one is not the beginning of another. */
WITH_SET_UP(message_of_names_that_are_alike)
{
	char longest[KSHM_EVENT_MAX_NAME + 2];
	struct kshm_ioc_control arg;

	memset(longest, 'n', sizeof(longest) - 1);
	longest[KSHM_EVENT_MAX_NAME + 1] = '\0';
	arg = event_wait(longest, NULL, 0, NULL, 0, 1);
	control_error(fd, &arg, EMSGSIZE, KSHM_EXPLAIN_LONG, KSHM_OPERAND_IN);
	longest[KSHM_EVENT_MAX_NAME] = '\0';
	submit(fd, event_wait(longest, NULL, 0, NULL, 0, 1));
	submit(fd, event_wait(longest + 1, NULL, 0, NULL, 0, 2));
	arg = request(KSHM_EVENT_SEND);
	arg.in = user_operand("n\0n", 3);
	control(fd, &arg);
	assert_int_equal(arg.out_detail, 0);
	assert_int_equal(event_send(fd, longest + 1, NULL, 0), 1);
	completion_of(fd, 2, 0);
	assert_int_equal(event_send(fd, longest, NULL, 0), 1);
	completion_of(fd, 1, 0);
}

/* Who calls and does not submit waits, and the message comes to his pages. */
WITH_SET_UP(message_to_who_waits_in_the_call)
{
	unsigned char *data = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kshm_ioc_control arg;
	pid_t child;
	int status;

	assert_ptr_not_equal(data, MAP_FAILED);
	child = fork();
	assert_int_not_equal(child, -1);
	if (!child) {
		arg = event_wait("call", data, 100, NULL, 0, 0);
		_exit(control_try(fd, &arg) || arg.out_status || arg.data.out_returned != 50);
	}
	while (!event_send(sender, "call", message, 50)) {
		usleep(1000);
		assert_int_equal(waitpid(child, &status, WNOHANG), 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_memory_equal(data, message, 50);
	munmap(data, 4096);
}

WITH_SET_UP(message_is_bounded)
{
	const size_t most = KSHM_EVENT_MAX_MESSAGE;
	struct buffer b = buffer_make(BUFFER_ANON, most + 1);
	struct kshm_completion completion;
	struct kshm_ioc_control arg;

	arg = request(KSHM_EVENT_SEND);
	arg.data = user_operand(b.data, most + 1);
	control_error(fd, &arg, EMSGSIZE, KSHM_EXPLAIN_LONG, KSHM_OPERAND_DATA);
	fill_pattern(b.data, most, 5);
	submit(fd, event_wait("long", NULL, 0, &event, sizeof(event), 1));
	assert_int_equal(event_send(fd, "long", b.data, most), 1);
	completion = completion_of(fd, 1, 0);
	has_come(&completion, most, 0);
	buffer_free(&b);
}

WITH_SET_UP(message_waited_for_by_too_many)
{
	struct kshm_ioc_control arg = event_wait("much", NULL, 0, NULL, 0, 1);
	const int other = device_open("event", O_RDWR);
	size_t i;

	for (i = 0; i < KSHM_EVENT_MAX_REQUESTS; i++)
		submit(fd, event_wait("much", NULL, 0, NULL, 0, i));
	assert_int_equal(submit_try(fd, &arg), -EBUSY);
	submit(other, event_wait("much", NULL, 0, NULL, 0, 1));
	assert_int_equal(event_send(fd, "much", NULL, 0), 2);
	completion_of(fd, 0, 0);
	submit(fd, event_wait("else", NULL, 0, NULL, 0, 1000));
	assert_int_equal(submit_try(fd, &arg), -EBUSY);
	assert_int_equal(cancel_try(fd, 1000, 0, NULL), 1);
	completion_of(fd, 1000, -ECANCELED);
	submit(fd, event_wait("else", NULL, 0, NULL, 0, 1000));
	close(other);
	close(fd);
	fd = device_open("event", O_RDWR);
}

WITH_SET_UP(message_needs_what_it_is_opened_for)
{
	const int reader = device_open("event", O_RDONLY);
	struct kshm_ioc_control arg = event_wait("news", NULL, 0, NULL, 0, 0);

	control_error(sender, &arg, EACCES, KSHM_EXPLAIN_ACCESS, 0);
	arg = request(KSHM_EVENT_SEND);
	control_error(reader, &arg, EACCES, KSHM_EXPLAIN_ACCESS, 0);
	close(reader);
}

/* Nobody gets it whose handle is closed, or who was cancelled. */
WITH_SET_UP(message_to_who_is_gone)
{
	const int other = device_open("event", O_RDWR);
	unsigned char byte = 0;

	submit(other, event_wait("news", &byte, 1, NULL, 0, 1));
	submit(fd, event_wait("news", &byte, 1, NULL, 0, 2));
	close(other);
	assert_int_equal(cancel_try(fd, 2, 0, NULL), 1);
	completion_of(fd, 2, -ECANCELED);
	assert_int_equal(event_send(sender, "news", message, 1), 0);
	assert_int_equal(byte, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(message_comes_to_whose_it_is),
	cmocka_unit_test(message_comes_to_all_that_wait),
	cmocka_unit_test(messages_to_several_requests),
	cmocka_unit_test(message_of_each_length),
	cmocka_unit_test(message_with_less_room_for_the_event),
	cmocka_unit_test(message_of_names_that_are_alike),
	cmocka_unit_test(message_to_who_waits_in_the_call),
	cmocka_unit_test(message_is_bounded),
	cmocka_unit_test(message_waited_for_by_too_many),
	cmocka_unit_test(message_needs_what_it_is_opened_for),
	cmocka_unit_test(message_to_who_is_gone),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

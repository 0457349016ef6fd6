// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the device "event": requests that end by an eventfd
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "event_calls.h"
#include "harness.h"
#include "leak.h"
#include "pended_calls.h"

static int fd, eventfd_of;
static struct kshm_event event;

static void set_up(void)
{
	fd = device_open("event", O_RDWR);
	eventfd_of = eventfd(0, EFD_NONBLOCK);
	assert_int_not_equal(eventfd_of, -1);
	memset(&event, 0xee, sizeof(event));
}

static void tear_down(void)
{
	completion_none(fd);
	close(eventfd_of);
	close(fd);
}

static struct kshm_ioc_control counted(const int *number, __u64 user_data)
{
	return event_of(KSHM_EVENT_EVENTFD, number, sizeof(*number), &event, user_data);
}

static void count(__u64 by)
{
	assert_int_equal(eventfd_write(eventfd_of, by), 0);
}

static void is_zero(void)
{
	eventfd_t value;

	assert_int_equal(eventfd_read(eventfd_of, &value), -1);
	assert_int_equal(errno, EAGAIN);
}

WITH_SET_UP(eventfd_ends_a_request)
{
	const __u64 before = event_now();

	submit(fd, counted(&eventfd_of, 1));
	completion_none(fd);
	count(5);
	assert_int_equal(event_ended(fd, 1, 0).out_returned, sizeof(event));
	assert_int_equal(event.count, 5);
	assert_true(event.time >= before && event.time <= event_now());
	is_zero();
}

/* What it was counted up by before is there at once. */
WITH_SET_UP(eventfd_counted_before)
{
	struct kshm_ioc_control arg = counted(&eventfd_of, 0);

	count(1ULL << 40);
	submit(fd, counted(&eventfd_of, 1));
	completion_of(fd, 1, 0);
	assert_int_equal(event.count, 1ULL << 40);
	is_zero();
	count(3);
	control(fd, &arg);
	assert_int_equal(event.count, 3);
	is_zero();
}

/* The first gets all that there is, and the next waits for more. */
WITH_SET_UP(eventfd_of_several)
{
	__u64 i;

	for (i = 1; i <= 3; i++)
		submit(fd, counted(&eventfd_of, i));
	for (i = 1; i <= 3; i++) {
		count(10 * i);
		event_ended(fd, i, 0);
		assert_int_equal(event.count, 10 * i);
		completion_none(fd);
	}
	is_zero();
}

/* Each request takes one of it, as a read() does. */
WITH_SET_UP(eventfd_that_is_a_semaphore)
{
	const int semaphore = eventfd(1, EFD_SEMAPHORE | EFD_NONBLOCK);
	eventfd_t value;
	__u64 i;

	for (i = 1; i <= 4; i++)
		submit(fd, counted(&semaphore, i));
	event_ended(fd, 1, 0);
	assert_int_equal(event.count, 1);
	completion_none(fd);
	assert_int_equal(eventfd_write(semaphore, 2), 0);
	event_ended(fd, 2, 0);
	event_ended(fd, 3, 0);
	completion_none(fd);
	assert_int_equal(eventfd_write(semaphore, 2), 0);
	event_ended(fd, 4, 0);
	assert_int_equal(eventfd_read(semaphore, &value), 0);
	assert_int_equal(eventfd_read(semaphore, &value), -1);
	close(semaphore);
}

WITH_SET_UP(eventfd_waited_for_in_the_call)
{
	struct kshm_ioc_control arg = counted(&eventfd_of, 0);
	pid_t child = fork();
	int status;

	assert_int_not_equal(child, -1);
	if (!child) {
		usleep(20000);
		_exit(eventfd_write(eventfd_of, 2) != 0);
	}
	control(fd, &arg);
	assert_int_equal(event.count, 2);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* Nothing is taken by who is cancelled, and the eventfd is as any other after. */
WITH_SET_UP(eventfd_whose_request_is_cancelled)
{
	eventfd_t value;

	submit(fd, counted(&eventfd_of, 1));
	assert_int_equal(cancel_try(fd, 1, 0, NULL), 1);
	completion_of(fd, 1, -ECANCELED);
	count(4);
	assert_int_equal(eventfd_read(eventfd_of, &value), 0);
	assert_int_equal(value, 4);
}

/* A request does not keep it: where everybody has closed it, nobody counts. */
WITH_SET_UP(eventfd_that_is_closed)
{
	const int copy = dup(eventfd_of);

	submit(fd, counted(&eventfd_of, 1));
	submit(fd, counted(&copy, 2));
	close(eventfd_of);
	completion_none(fd);
	close(copy);
	event_ended(fd, 1, -EPIPE);
	event_ended(fd, 2, -EPIPE);
	eventfd_of = eventfd(0, 0);
}

/* The requests that are left when their handle is closed leave the eventfd, too. */
WITH_SET_UP(eventfd_whose_handle_is_closed)
{
	const int other = device_open("event", O_RDWR);
	__u64 i;

	for (i = 0; i < 10; i++)
		submit(other, counted(&eventfd_of, i));
	close(other);
	submit(fd, counted(&eventfd_of, 1));
	count(1);
	event_ended(fd, 1, 0);
}

/* Requests end in the order in which they wait also if each is raised by the one before. */
WITH_SET_UP(eventfd_that_a_completion_raises)
{
	const int next = eventfd(0, EFD_NONBLOCK);
	const int other = device_open("event", O_RDWR);

	assert_int_equal(eventfd_set(other, next, NULL), 0);
	submit(other, counted(&eventfd_of, 1));
	submit(fd, counted(&next, 2));
	count(1);
	event_ended(fd, 2, 0);
	completion_of(other, 1, 0);
	close(next);
	close(other);
}

/* Each request that ends raises what the next one waits for. */
WITH_SET_UP(eventfd_that_its_own_completions_raise)
{
	const int other = device_open("event", O_RDWR);
	struct kshm_completion completion;
	__u64 i;

	assert_int_equal(eventfd_set(other, eventfd_of, NULL), 0);
	for (i = 0; i < KSHM_EVENT_MAX_REQUESTS; i++)
		submit(other, counted(&eventfd_of, i));
	count(1);
	for (i = 0; i < KSHM_EVENT_MAX_REQUESTS; i++) {
		completion = event_ended(other, i, 0);
		assert_int_equal(completion.out_returned, sizeof(event));
	}
	close(other);
}

static void refused(int number, int error)
{
	struct kshm_ioc_control arg = counted(&number, 1);

	assert_int_equal(submit_try(fd, &arg), -error);
}

WITH_SET_UP(eventfd_that_is_none)
{
	refused(-1, EBADF);
	refused(12345, EBADF);
	refused(fd, EINVAL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(eventfd_ends_a_request),
	cmocka_unit_test(eventfd_counted_before),
	cmocka_unit_test(eventfd_of_several),
	cmocka_unit_test(eventfd_that_is_a_semaphore),
	cmocka_unit_test(eventfd_waited_for_in_the_call),
	cmocka_unit_test(eventfd_whose_request_is_cancelled),
	cmocka_unit_test(eventfd_that_is_closed),
	cmocka_unit_test(eventfd_whose_handle_is_closed),
	cmocka_unit_test(eventfd_that_a_completion_raises),
	cmocka_unit_test(eventfd_that_its_own_completions_raise),
	cmocka_unit_test(eventfd_that_is_none),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

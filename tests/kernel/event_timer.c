// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the device "event": requests that end by a timer
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "event_calls.h"
#include "harness.h"
#include "leak.h"
#include "pended_calls.h"
#include "twin.h"

#define MS	1000000ULL
#define LONG	(3600 * 1000 * MS)
#define TICKS	20

static int fd;
static struct kshm_event event;

static void set_up(void)
{
	fd = device_open("event", O_RDWR);
	memset(&event, 0xee, sizeof(event));
}

static void tear_down(void)
{
	completion_none(fd);
	close(fd);
}

static struct kshm_ioc_control after(const __u64 *delay, __u64 user_data)
{
	return event_of(KSHM_EVENT_AFTER, delay, sizeof(*delay), &event, user_data);
}

static struct kshm_ioc_control ticks(const __u64 *period, void *data, size_t len,
				     __u64 user_data)
{
	struct kshm_ioc_control arg = event_of(KSHM_EVENT_TICKS, period, sizeof(*period),
					       &event, user_data);

	arg.data = user_operand(data, len);
	return arg;
}

WITH_SET_UP(after_some_time)
{
	static const __u64 delays[] = { 0, 1, MS, 20 * MS };
	struct kshm_completion completion;
	__u64 before;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(delays); i++) {
		before = event_now();
		submit(fd, after(&delays[i], i));
		completion = event_ended(fd, i, 0);
		assert_int_equal(completion.out_returned, sizeof(event));
		assert_true(event.time >= before + delays[i]);
		assert_true(event.time <= event_now());
		assert_int_equal(event.count, 0);
	}
}

/* The one that is over first ends first, and who waits in the call does not wait for it. */
WITH_SET_UP(after_each_its_time)
{
	const __u64 delay = 5 * MS, later = LONG;
	struct kshm_ioc_control arg = after(&delay, 0);

	submit(fd, after(&later, 1));
	submit(fd, after(&delay, 2));
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, sizeof(event));
	event_ended(fd, 2, 0);
	completion_none(fd);
	assert_int_equal(cancel_try(fd, 1, 0, NULL), 1);
	completion_of(fd, 1, -ECANCELED);
}

/* Each time is one of the interrupts', none before it is due; seen where else it is mapped. */
WITH_SET_UP(ticks_are_written_where_they_happen)
{
	struct twin twin = twin_make(4096 + TICKS * sizeof(__u64));
	const size_t len = TICKS * sizeof(__u64), offset = 4096 - len / 2 + 3;
	const __u64 period = MS, before = event_now();
	struct kshm_completion completion;
	__u64 times[TICKS];
	size_t i;

	submit(fd, ticks(&period, twin.first + offset, len, 1));
	completion = event_ended(fd, 1, 0);
	assert_int_equal(completion.data_returned, len);
	memcpy(times, twin.second + offset, len);
	for (i = 0; i < TICKS; i++) {
		assert_true(times[i] >= before + (i + 1) * period);
		assert_true(!i || times[i] > times[i - 1]);
	}
	assert_int_equal(event.time, times[TICKS - 1]);
	assert_true(times[TICKS - 1] >= before + (TICKS + event.count) * period);
	assert_true(times[TICKS - 1] <= event_now());
	assert_int_equal(twin.second[offset - 1], 0);
	assert_int_equal(twin.second[offset + len], 0);
	twin_free(&twin);
}

WITH_SET_UP(ticks_cancelled_midway)
{
	struct buffer b = buffer_make(BUFFER_ANON, 64 * 4096);
	const __u64 period = MS;
	const __u64 *times = (void *)b.data;
	unsigned int tries;

	submit(fd, ticks(&period, b.data, b.len, 1));
	for (tries = 0; tries < 60000 && !__atomic_load_n(&times[3], __ATOMIC_RELAXED); tries++)
		usleep(1000);
	completion_none(fd);
	assert_int_equal(cancel_try(fd, 1, 0, NULL), 1);
	assert_int_equal(completion_of(fd, 1, -ECANCELED).data_returned, 0);
	assert_true(times[0] && times[0] < times[1] && times[1] < times[2]);
	assert_int_equal(times[b.len / sizeof(*times) - 1], 0);
	buffer_free(&b);
}

static void refused(struct kshm_ioc_control arg, int error)
{
	assert_int_equal(submit_try(fd, &arg), -error);
}

WITH_SET_UP(timers_that_are_refused)
{
	static const __u64 wrong[] = { 1ULL << 63, ~0ULL };
	static const __u64 fast[] = { 0, 1, MS - 1, 1ULL << 63, ~0ULL };
	const __u64 period = MS;
	__u64 times[4];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		refused(after(&wrong[i], 1), EINVAL);
	for (i = 0; i < ARRAY_SIZE(fast); i++)
		refused(ticks(&fast[i], times, sizeof(times), 1), EINVAL);
	refused(ticks(&period, times, 0, 1), EINVAL);
	refused(ticks(&period, times, sizeof(times) - 1, 1), EINVAL);
	refused(ticks(&period, times, 4, 1), EINVAL);
}

/* As many as there may be; one that ends makes room for another. */
WITH_SET_UP(ticks_of_too_many)
{
	const int other = device_open("event", O_RDWR);
	const __u64 rare = LONG, period = MS;
	__u64 time;
	size_t i;

	for (i = 0; i < KSHM_EVENT_MAX_TICKS - 1; i++)
		submit(i % 2 ? fd : other, ticks(&rare, &time, sizeof(time), i));
	submit(fd, ticks(&period, &time, sizeof(time), 99));
	event_ended(fd, 99, 0);
	submit(fd, ticks(&rare, &time, sizeof(time), 99));
	refused(ticks(&rare, &time, sizeof(time), 1), EBUSY);
	submit(fd, after(&rare, 98));
	assert_int_equal(cancel_try(fd, 99, 0, NULL), 1);
	completion_of(fd, 99, -ECANCELED);
	submit(fd, ticks(&rare, &time, sizeof(time), 99));
	close(other);
	for (i = 0; i < KSHM_EVENT_MAX_TICKS / 2; i++)
		submit(fd, ticks(&rare, &time, sizeof(time), 99));
	refused(ticks(&rare, &time, sizeof(time), 1), EBUSY);
	close(fd);
	fd = device_open("event", O_RDWR);
	for (i = 0; i < KSHM_EVENT_MAX_TICKS; i++)
		submit(fd, ticks(&rare, &time, sizeof(time), i));
	close(fd);
	fd = device_open("event", O_RDWR);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(after_some_time),
	cmocka_unit_test(after_each_its_time),
	cmocka_unit_test(ticks_are_written_where_they_happen),
	cmocka_unit_test(ticks_cancelled_midway),
	cmocka_unit_test(timers_that_are_refused),
	cmocka_unit_test(ticks_of_too_many),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

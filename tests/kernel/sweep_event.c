// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fault sweep of the device "event"
 *
 * Once a request waits, a call that fails does so without having done anything: it is made
 * again, and the request ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "device.h"
#include "event_calls.h"
#include "harness.h"
#include "leak.h"
#include "pended_calls.h"
#include "scenario.h"

#define TRIES	4000	/* of a millisecond */

static const __u64 moment = 1, period = 1000000;
static struct kshm_event event;
static int eventfd_of = -1;

static int open_one(void)
{
	int other = open("/dev/kshm/event", O_RDWR | O_CLOEXEC);

	if (other < 0)
		return -errno;
	close(other);
	return 0;
}

static int submit_and_read(void)
{
	int ret = submit_try(scene.fd, &scene.arg);

	return ret ? ret : scenario_end_by(NULL, TRIES);
}

static int send_try(void)
{
	struct kshm_ioc_control arg = request(KSHM_EVENT_SEND);
	int ret;

	arg.in = user_operand("sweep", 5);
	arg.data = user_operand("message", 7);
	ret = control_try(scene.fd, &arg);
	return ret ? ret : arg.out_status;
}

static int submit_and_send(void)
{
	int ret = submit_try(scene.fd, &scene.arg);

	return ret ? ret : scenario_end_by(send_try, TRIES);
}

static void prepare_wait(void)
{
	scene.arg = event_wait("sweep", scene.memory, scene.len, &event, sizeof(event), 1);
}

static void check_message(void)
{
	assert_memory_equal(scene.memory, "message", 7);
}

static void prepare_after(void)
{
	scene.arg = event_of(KSHM_EVENT_AFTER, &moment, sizeof(moment), &event, 1);
}

static void prepare_ticks(void)
{
	scene.arg = event_of(KSHM_EVENT_TICKS, &period, sizeof(period), &event, 1);
	scene.arg.data = user_operand(scene.memory, 16);
}

static void prepare_eventfd(void)
{
	if (eventfd_of == -1)
		eventfd_of = eventfd(0, EFD_NONBLOCK);
	assert_int_not_equal(eventfd_of, -1);
	assert_int_equal(eventfd_write(eventfd_of, 1), 0);
	scene.arg = event_of(KSHM_EVENT_EVENTFD, &eventfd_of, sizeof(eventfd_of), &event, 1);
}

SWEEP(event_opened) = {
	.device = "event", .len = 4096, .prepare = prepare_after, .call = open_one,
};

SWEEP(event_message) = {
	.device = "event", .len = 10000, .prepare = prepare_wait, .call = submit_and_send,
	.check = check_message,
};

SWEEP(event_after) = {
	.device = "event", .len = 4096, .prepare = prepare_after, .call = submit_and_read,
};

SWEEP(event_ticks) = {
	.device = "event", .len = 4096, .prepare = prepare_ticks, .call = submit_and_read,
};

SWEEP(event_eventfd) = {
	.device = "event", .len = 4096, .prepare = prepare_eventfd, .call = submit_and_read,
};

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sweep_event_opened),
	cmocka_unit_test(sweep_event_message),
	cmocka_unit_test(sweep_event_after),
	cmocka_unit_test(sweep_event_ticks),
	cmocka_unit_test(sweep_event_eventfd),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

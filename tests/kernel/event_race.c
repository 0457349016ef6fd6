// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the device "event": what happens, is cancelled and closed at the same
 * time: each request ends once, and nothing stays
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "device.h"
#include "event_calls.h"
#include "harness.h"
#include "leak.h"
#include "loop.h"
#include "pended_calls.h"
#include "state.h"

#define ROUNDS	(harness_brief() ? 50U : 500U)
#define KINDS	4
#define EACH	8U

static int fd, eventfd_of;
static const __u64 moment = 50000, period = 1000000;
static unsigned char data[EACH][64];
static struct kshm_event events[EACH];
static unsigned int happened[KINDS];	/* and was not cancelled */

static void set_up(void)
{
	fd = device_open("event", O_RDWR);
	eventfd_of = eventfd(0, EFD_NONBLOCK);
	assert_int_not_equal(eventfd_of, -1);
}

static void tear_down(void)
{
	close(eventfd_of);
	close(fd);
}

static void *cause_always(void *unused)
{
	while (!loop_is_over()) {
		event_send(fd, "race", "message", 7);
		eventfd_write(eventfd_of, 1);
	}
	return NULL;
}

/* Now and then, so that each kind happens as well. */
static void *cancel_often(void *unused)
{
	unsigned int n;

	for (n = 0; !loop_is_over(); n++) {
		cancel_try(fd, 0, KSHM_CANCEL_ALL, NULL);
		usleep(n % 20 * 100);
	}
	return NULL;
}

/* Of each kind; some have happened by the time they are asked for. */
static struct kshm_ioc_control any(unsigned int n)
{
	struct kshm_event *event = &events[n % EACH];
	struct kshm_ioc_control arg;

	switch (n % KINDS) {
	case 0:
		return event_wait("race", data[n % EACH], 64, event, sizeof(*event), n);
	case 1:
		return event_of(KSHM_EVENT_AFTER, &moment, sizeof(moment), event, n);
	case 2:
		arg = event_of(KSHM_EVENT_TICKS, &period, sizeof(period), event, n);
		arg.data = user_operand(data[n % EACH], 8);
		return arg;
	default:
		return event_of(KSHM_EVENT_EVENTFD, &eventfd_of, sizeof(eventfd_of),
				event, n);
	}
}

/* Each that was accepted ends once: by itself, or cancelled. */
static void end_each(unsigned int nr)
{
	struct kshm_completion completion;
	bool ended[EACH] = { false };

	while (nr--) {
		assert_int_equal(read(fd, &completion, sizeof(completion)),
				 sizeof(completion));
		assert_true(!completion.status || completion.status == -ECANCELED);
		assert_false(ended[completion.user_data % EACH]);
		ended[completion.user_data % EACH] = true;
		happened[completion.user_data % KINDS] += !completion.status;
	}
	completion_none(fd);
}

WITH_SET_UP(race_of_what_happens_and_cancelling)
{
	unsigned int round, n;
	pthread_t cause, cancel;

	cause = loop_begin(cause_always);
	cancel = loop_begin(cancel_often);
	for (round = 0; round < ROUNDS; round++) {
		struct kshm_ioc_control arg;
		unsigned int nr = 0;
		int ret;

		for (n = 0; n < EACH; n++) {
			arg = any(n);
			ret = submit_try(fd, &arg);
			/* It was cancelled while it was being kept. */
			assert_true(!ret || ret == -ECANCELED);
			nr += !ret;
		}
		end_each(nr);
	}
	loop_end(cause);
	loop_end(cancel);
	for (n = 0; n < KINDS; n++)
		assert_int_not_equal(happened[n], 0);
}

WITH_SET_UP(race_of_what_happens_and_closing)
{
	unsigned int round, n;
	pthread_t cause;
	int other;

	cause = loop_begin(cause_always);
	for (round = 0; round < ROUNDS; round++) {
		other = device_open("event", O_RDWR);
		for (n = 0; n < EACH; n++)
			submit(other, any(n));
		usleep(round % 5 * 300);
		close(other);
	}
	loop_end(cause);
	/* What an interrupt had in its hands when its handle was closed is undone after. */
	wait_until_free(fd);
}

#define LISTENERS	20

static int listeners[LISTENERS];

static void listen_again(unsigned int n)
{
	submit(listeners[n], event_wait("send", NULL, 0, NULL, 0, n));
}

/* How many got a message; they wait for the next one. */
static unsigned int heard(void)
{
	struct kshm_completion completion;
	unsigned int n, nr = 0;

	for (n = 0; n < LISTENERS; n++) {
		if (completion_try(listeners[n], &completion) == -EAGAIN)
			continue;
		assert_int_equal(completion.status, 0);
		listen_again(n);
		nr++;
	}
	return nr;
}

/* Sends; how many that was for, and whether it was cancelled before all had got it. */
static bool send_cancelled(__u32 *nr)
{
	struct kshm_ioc_control arg = request(KSHM_EVENT_SEND);
	int ret;

	arg.in = user_operand("send", 4);
	ret = submit_try(fd, &arg);
	if (ret) {
		assert_int_equal(ret, -EINTR);
		*nr = arg.out_detail;
		return true;
	}
	*nr = completion_of(fd, 0, 0).detail;
	return false;
}

/* Who did not get it when its sender was cancelled waits on, and gets the next one. */
WITH_SET_UP(race_of_sending_and_its_cancelling)
{
	unsigned int tries, n, cancelled = 0;
	pthread_t cancel;
	__u32 nr;

	for (n = 0; n < LISTENERS; n++) {
		listeners[n] = device_open("event", O_RDWR);
		listen_again(n);
	}
	cancel = loop_begin(cancel_often);
	for (tries = 0; tries < 100000 && cancelled < 3; tries++) {
		cancelled += send_cancelled(&nr);
		assert_int_equal(heard(), nr);
	}
	loop_end(cancel);
	assert_int_equal(cancelled, 3);
	assert_int_equal(event_send(fd, "send", NULL, 0), LISTENERS);
	for (n = 0; n < LISTENERS; n++)
		close(listeners[n]);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(race_of_what_happens_and_cancelling),
	cmocka_unit_test(race_of_what_happens_and_closing),
	cmocka_unit_test(race_of_sending_and_its_cancelling),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

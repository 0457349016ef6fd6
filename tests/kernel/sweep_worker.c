// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what workers do while none of them gets memory
 *
 * The other sweeps count failures in the task that calls. What runs in threads of the
 * kernel's makes no allocation whose failure could be counted, and copies nothing of the
 * user's: handlers that a row or a request has in a worker find all that they use there
 * already, a request that nobody wants is undone by nothing but giving back, as its handle
 * is, and whoever waits is woken. So all of that is done here with every allocation and
 * copy of every worker failing, and all of it has to go as it always does.
 *
 * In interrupts nothing may sleep for memory, and debug kernels tell of who does; that
 * the module asks for none that it need not sleep for, tests/static/sweep.sh looks.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "event_calls.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "pattern.h"
#include "pended_calls.h"
#include "section_calls.h"
#include "starve.h"
#include "state.h"

#define PAGES	16
#define KEY	5
#define SEED	3
#define TRIES	20	/* of having the workers that there are, and no new one */

static int fd;
static struct buffer b;		/* children share it */

static void set_up(void)
{
	workers_feed();		/* of a test that failed */
	fd = device_open("test", O_RDWR);
	b = buffer_make(BUFFER_SHARED, PAGES * page_size());
}

static void tear_down(void)
{
	completion_none(fd);
	buffer_free(&b);
	close(fd);
}

/*
 * First with memory, for the workers that it needs to be there; then without. One that was
 * made meanwhile got memory: once more.
 */
static void starving(void (*work)(void))
{
	unsigned int nr = 0;
	bool all = false;
	int n;

	work();
	for (n = 0; n < TRIES && !all; n++) {
		workers_starve();
		work();
		all = workers_all_starve();
		nr += workers_feed();
	}
	assert_true(all);
	harness_note("%u allocations of workers failed", nr);
}

static struct kshm_test_there there;
static struct kshm_test_where where;

/* What the handler got that asked for memory in a worker. */
static int allocate(void)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_COPY_IN(KSHM_TEST_WORKER));

	there = (struct kshm_test_there){ };
	memset(&where, 0xff, sizeof(where));
	arg.in = user_operand(&there, sizeof(there));
	arg.out = user_operand(&where, sizeof(where));
	control(fd, &arg);
	return where.calls[KSHM_TEST_CALL_ALLOCATE];
}

/* Or the others would say nothing. */
WITH_SET_UP(worker_that_allocates_gets_nothing)
{
	bool all = false;
	int n, got = 0;

	assert_int_equal(allocate(), 0);
	for (n = 0; n < TRIES && !all; n++) {
		workers_starve();
		got = allocate();
		all = workers_all_starve();
		assert_true(workers_feed() > 0 || !all);
	}
	assert_true(all);
	assert_int_equal(got, -ENOMEM);
	assert_int_equal(allocate(), 0);
}

static void fill(void)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL_IN(KSHM_TEST_WORKER));

	there = (struct kshm_test_there){ .seed = SEED };
	memset(b.data, 0, b.len);
	arg.in = user_operand(&there, sizeof(there));
	arg.out = user_operand(&where, sizeof(where));
	arg.data = user_operand(b.data, b.len);
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, sizeof(where));
	assert_true(has_pattern(b.data, b.len, SEED));
}

WITH_SET_UP(worker_runs_a_handler_without_memory)
{
	starving(fill);
}

static struct kshm_test_pend pend;

/* That the driver writes @data. */
static struct kshm_ioc_control row(__u32 code, struct kshm_operand data)
{
	struct kshm_ioc_control arg;

	pend = (struct kshm_test_pend){
		.how = KSHM_TEST_PEND_UNCANCELLABLE, .key = KEY, .seed = SEED,
		.returned = data.len,
	};
	arg = pend_request(code, &pend, KEY);
	arg.data = data;
	return arg;
}

/* From a worker, by a worker. */
static void complete(void)
{
	const __u64 kept = test_state(fd).kept;

	memset(b.data, 0, b.len);
	submit(fd, row(KSHM_TEST_PEND_IN(KSHM_TEST_WORKER), user_operand(b.data, b.len)));
	wait_until_driver_keeps(fd, kept + 1);
	assert_int_equal(complete_where(fd, KEY, KSHM_TEST_IN_KTHREAD), 1);
	completion_of(fd, KEY, 0);
	assert_true(has_pattern(b.data, b.len, SEED));
}

WITH_SET_UP(worker_completes_without_memory)
{
	starving(complete);
}

/* The driver keeps a view of it in that handle. */
static void keep_view(int other, struct kshm_operand data)
{
	const struct kshm_test_view view = {
		.op = KSHM_TEST_VIEW_KEEP, .operand = KSHM_OPERAND_DATA,
	};
	struct kshm_ioc_control arg = request(KSHM_TEST_VIEW_FROM);
	struct kshm_test_made made;

	arg.in = user_operand(&view, sizeof(view));
	arg.out = user_operand(&made, sizeof(made));
	arg.data = data;
	control(other, &arg);
}

/* A handle that is closed, while the driver has a request of each kind of memory. */
static void leave(unsigned char *out, size_t len)
{
	const int other = device_open("test", O_RDWR);
	const int file = section_file(0, b.len, F_SEAL_SHRINK);
	const __u32 id = region_make(other, b.data, b.len, READ_WRITE);
	const __u32 section = section_attach(other, file, READ_WRITE);
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND, (struct kshm_operand){ });

	arg.out = user_operand(out, len);
	submit(other, arg);
	submit(other, row(KSHM_TEST_PEND_WRITE, user_operand(b.data, b.len)));
	submit(other, row(KSHM_TEST_PEND_WRITE, region_operand(id, 0, b.len)));
	submit(other, row(KSHM_TEST_PEND_WRITE, region_operand(section, 0, b.len)));
	keep_view(other, region_operand(section, 0, b.len));
	close(file);
	close(other);
}

/* All that is left of it then goes in workers: requests, regions, the view, the handle. */
static void undo(void)
{
	const __u64 closed = test_state(fd).closed;
	unsigned char out[300];
	int n;

	leave(out, sizeof(out));
	assert_true(device_info(fd).out_system_pages >= PAGES);
	assert_int_equal(complete_where(fd, KEY, KSHM_TEST_IN_HARDIRQ), 4);
	wait_until_free(fd);
	/* A bound for what never comes. */
	for (n = 0; n < 10000 && test_state(fd).closed == closed; n++)
		usleep(1000);
	assert_int_equal(test_state(fd).closed, closed + 1);
	nothing_pinned();
}

WITH_SET_UP(worker_undoes_what_is_left_without_memory)
{
	starving(undo);
}

static void wait_in_a_call(void *data)
{
	struct kshm_ioc_control arg = row(KSHM_TEST_PEND_WRITE,
					  user_operand(b.data, b.len));

	control_try(fd, &arg);
}

/* The memory of who waited goes in his own name; his request does not. */
static void kill_caller(void)
{
	const __u64 kept = test_state(fd).kept;
	struct child child = child_make(wait_in_a_call, NULL);

	wait_until_driver_keeps(fd, kept + 1);
	assert_true(dies(child.pid));
	close(child.to);
	close(child.from);
	assert_int_equal(complete_where(fd, KEY, KSHM_TEST_IN_HARDIRQ), 1);
	wait_until_free(fd);
	nothing_pinned();
}

WITH_SET_UP(worker_undoes_for_a_killed_caller_without_memory)
{
	starving(kill_caller);
}

static struct kshm_event event;

/* What raising an eventfd ends raises another one: by a worker. */
static void raise_by_raising(void)
{
	int other = device_open("event", O_RDWR);
	int first = eventfd(0, EFD_NONBLOCK), second = eventfd(0, EFD_NONBLOCK);
	struct pollfd poller = { .fd = second, .events = POLLIN };

	assert_int_equal(eventfd_set(other, second, NULL), 0);
	submit(other, event_of(KSHM_EVENT_EVENTFD, &first, sizeof(first), &event, KEY));
	assert_int_equal(eventfd_write(first, 1), 0);
	/* A bound for what never comes. */
	assert_int_equal(poll(&poller, 1, 60000), 1);
	event_ended(other, KEY, 0);
	close(first);
	close(second);
	close(other);
}

WITH_SET_UP(worker_raises_an_eventfd_without_memory)
{
	starving(raise_by_raising);
}

/* The driver has a worker free the timer. */
static void end_by_timer(void)
{
	const __u64 moment = 1;
	int other = device_open("event", O_RDWR);

	submit(other, event_of(KSHM_EVENT_AFTER, &moment, sizeof(moment), &event, KEY));
	event_ended(other, KEY, 0);
	/* What the same workers do of a later work they do after that. */
	assert_int_equal(complete_where(fd, KEY, KSHM_TEST_IN_KTHREAD), 0);
	close(other);
}

WITH_SET_UP(worker_frees_a_timer_without_memory)
{
	starving(end_by_timer);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(worker_that_allocates_gets_nothing),
	cmocka_unit_test(worker_runs_a_handler_without_memory),
	cmocka_unit_test(worker_completes_without_memory),
	cmocka_unit_test(worker_undoes_what_is_left_without_memory),
	cmocka_unit_test(worker_undoes_for_a_killed_caller_without_memory),
	cmocka_unit_test(worker_raises_an_eventfd_without_memory),
	cmocka_unit_test(worker_frees_a_timer_without_memory),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

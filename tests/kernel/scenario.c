// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - scenarios of the fault sweep: calls that work, in which everything fails once
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "entered.h"
#include "fault.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "pended_calls.h"
#include "scenario.h"
#include "setting.h"

#define LEN		(16 * 4096UL)
#define MOST		1000		/* failures; more is one that never ends */
#define FEW		30
#define ROUNDS		3

#define VERIFIER	"/sys/module/kshm/parameters/verifier"

struct scene scene;

static struct kshm_test_work work;
static struct kshm_test_place place;

int scenario_control(void)
{
	return ioctl(scene.fd, KSHM_IOC_CONTROL, &scene.arg) ? -errno :
							       scene.arg.out_status;
}

/* Turns the verifier off, if a test failed on its way, or took too long. */
static void verify_no_more(void)
{
	const int file = open(VERIFIER, O_WRONLY | O_CLOEXEC);

	if (file == -1 || write(file, "0", 1) != 1)
		_exit(1);
	close(file);
}

static void stopped(int signal)
{
	verify_no_more();
	_exit(1);
}

static void verify(bool on)
{
	static bool is_on, is_watched;

	if (on == is_on)
		return;
	if (!is_watched) {
		assert_int_equal(atexit(verify_no_more), 0);
		signal(SIGTERM, stopped);
	}
	is_watched = true;
	write_to(VERIFIER, on ? "1" : "0");
	is_on = on;
}

static void begin(const struct scenario *scenario)
{
	scene.len = scenario->len ?: LEN;
	scene.memory = mmap(NULL, scene.len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(scene.memory, MAP_FAILED);
	scene.fd = device_open(scenario->device, O_RDWR);
	if (scenario->prepare)
		scenario->prepare();
}

static int end(const struct scenario *scenario, int ret)
{
	if (!ret && scenario->check)
		scenario->check();
	close(scene.fd);
	munmap(scene.memory, scene.len);
	nothing_charged();
	return ret;
}

static int run(const struct scenario *scenario, unsigned int nth, bool *failed)
{
	int (*call)(void) = scenario->call ?: scenario_control;
	int ret;

	begin(scenario);
	assert_int_equal(setreuid(scenario->user, -1), 0);
	if (nth)
		fault_arm(scenario->task ? scenario->task() : gettid(), nth);
	else if (scenario->sweeps)
		entered_begin();
	ret = call();
	if (nth)
		*failed = fault_disarm();
	else if (scenario->sweeps)
		entered_end();
	assert_int_equal(setreuid(0, -1), 0);
	return end(scenario, ret);
}

/* That the call, when nothing failed, did what the scenario is for. */
static void enters(const struct scenario *scenario)
{
	char names[256], *name, *rest = names;

	snprintf(names, sizeof(names), "%s", scenario->sweeps ?: "");
	while ((name = strtok_r(rest, " ", &rest)))
		if (!entered(name))
			fail_msg("it does not come to %s", name);
}

/* Adds up how many failures there were, and how many of them the call survived. */
static unsigned int sweep_once(const struct scenario *scenario, unsigned int *survived)
{
	bool failed = true;
	unsigned int nth;
	int ret;

	for (nth = 1; failed; nth++) {
		assert_true(nth < MOST);
		ret = run(scenario, nth, &failed);
		if (ret && ret != -ENOMEM && ret != -EFAULT)
			fail_msg("failure %u: %s", nth, strerror(-ret));
		if (!failed)
			assert_int_equal(ret, 0);
		*survived += failed && !ret;
		/* What stayed was left by this one. */
		nothing_pinned();
		assert_int_equal(run(scenario, 0, NULL), 0);
	}
	assert_true(nth > 2);
	return nth - 2;
}

/*
 * A slab that is used up is an allocation more, now and then, and the one behind it is
 * passed over. Where that can be the only one of its kind, there are few of all.
 */
void scenario_sweep(const struct scenario *scenario)
{
	unsigned int failures = 0, survived = 0, round;

	verify(scenario->verified);
	if (scenario->function)
		fault_function(scenario->function, -EFAULT);
	assert_int_equal(run(scenario, 0, NULL), 0);
	enters(scenario);
	for (round = 0; round < ROUNDS && failures <= FEW * round; round++)
		failures += sweep_once(scenario, &survived);
	if (scenario->function)
		fault_function_end(scenario->function);
	verify(false);
	harness_note("%u failures, %u of them survived", failures, survived);
}

/* What ends a request is made so often, for a failure in it is one of its own. */
#define ENDS	4

/*
 * What was done nevertheless, as if it had failed alone. A worker's is not there to be
 * completed before it ran.
 */
int scenario_end_by(int (*end)(void), int tries)
{
	struct kshm_completion completion;
	int ret = 0, n, more;

	for (n = 0; end && n < ENDS; n++) {
		more = end();
		ret = ret ? ret : more;
	}
	for (n = 0; n < tries; n++) {
		more = completion_try(scene.fd, &completion);
		if (!more)
			return ret ? ret : completion.status;
		ret = ret ? ret : more == -EAGAIN ? 0 : more;
		usleep(1000);
	}
	fail_msg("it does not end");
	return ret;
}

void scenario_prepare_direct(__u32 code, __u32 access)
{
	memset(&place, 0xff, sizeof(place));
	work = (struct kshm_test_work){ .seed = SCENARIO_SEED, .access = access };
	scene.arg = request(code);
	scene.arg.in = user_operand(&work, sizeof(work));
	scene.arg.out = user_operand(&place, sizeof(place));
	scene.arg.data = user_operand(scene.memory, scene.len);
}

__u64 scenario_wrong(void)
{
	return place.wrong;
}

void scenario_prepare_fill(void)
{
	scenario_prepare_direct(KSHM_TEST_FILL, KSHM_TEST_BY_SEGMENTS);
}

void scenario_prepare_fill_touched(void)
{
	memset(scene.memory, 1, scene.len);
	scenario_prepare_fill();
}

void scenario_prepare_fill_mapped(void)
{
	scenario_prepare_direct(KSHM_TEST_FILL, KSHM_TEST_BY_MAP);
}

void scenario_prepare_fill_copied(void)
{
	scene.arg = request(KSHM_TEST_FILL_COPIED);
	scene.arg.out = user_operand(scene.memory, scene.len);
}

static void expect_pattern(__u32 seed)
{
	size_t i;

	for (i = 0; i < scene.len; i++)
		if (scene.memory[i] != kshm_test_byte(seed, i))
			fail_msg("byte %zu is wrong", i);
}

void scenario_check_fill(void)
{
	expect_pattern(SCENARIO_SEED);
}

void scenario_check_fill_copied(void)
{
	expect_pattern(0);
}

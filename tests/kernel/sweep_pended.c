// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fault sweep of requests that pend, and of what is done with them
 *
 * Once a request pends, a call that fails does so without having done anything: it is
 * made again, and the request ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pended_calls.h"
#include "scenario.h"

#define TRIES		4	/* of a millisecond */

static struct kshm_test_pend pend;

static void prepare_pend(__u32 code)
{
	pend = (struct kshm_test_pend){
		.key = 5, .seed = SCENARIO_SEED, .returned = scene.len,
	};
	scene.arg = pend_request(code, &pend, 5);
}

static void prepare_copied(void)
{
	prepare_pend(KSHM_TEST_PEND);
	scene.arg.out = user_operand(scene.memory, scene.len);
}

static void prepare_pinned(void)
{
	prepare_pend(KSHM_TEST_PEND_WRITE);
	scene.arg.data = user_operand(scene.memory, scene.len);
}

static void prepare_pinned_for_a_worker(void)
{
	prepare_pend(KSHM_TEST_PEND_IN(KSHM_TEST_WORKER));
	scene.arg.data = user_operand(scene.memory, scene.len);
}

/* Waited for, in the call. */
static void prepare_completed(void)
{
	prepare_pinned();
	pend.how = KSHM_TEST_PEND_BEFORE_RETURN;
}

static int complete_try(void)
{
	const struct kshm_test_complete which = { .key = 5 };
	struct kshm_ioc_control arg = request(KSHM_TEST_COMPLETE);
	__u32 nr = 0;
	int ret;

	arg.in = user_operand(&which, sizeof(which));
	arg.out = user_operand(&nr, sizeof(nr));
	ret = control_try(scene.fd, &arg);
	return ret ? ret : arg.out_status;
}

static int submit_and_complete(void)
{
	int ret = submit_try(scene.fd, &scene.arg);

	return ret ? ret : scenario_end_by(complete_try, TRIES);
}

static int cancel_one(void)
{
	int ret = cancel_try(scene.fd, 5, 0, NULL);

	return ret > 0 || ret == -ENOENT ? 0 : ret;
}

static int submit_and_cancel(void)
{
	int ret = submit_try(scene.fd, &scene.arg);

	ret = ret ? ret : scenario_end_by(cancel_one, TRIES);
	return ret == -ECANCELED ? 0 : ret;
}

static int set_eventfd(void)
{
	int event = eventfd(0, EFD_NONBLOCK), ret = event < 0 ? -errno : 0;

	if (!ret) {
		ret = eventfd_set(scene.fd, event, NULL);
		close(event);
	}
	return ret;
}

static void check_bytes(void)
{
	size_t i;

	for (i = 0; i < scene.len; i++)
		assert_int_equal(scene.memory[i], kshm_test_byte(SCENARIO_SEED, i));
}

SWEEP(pended_copied) = {
	.sweeps = "kshm_request_pend kshm_request_private kshm_request_complete "
		  "kshm_read_iter",
	.device = "test", .len = 10000, .prepare = prepare_copied,
	.call = submit_and_complete, .check = check_bytes,
};

SWEEP(pended_pinned) = {
	.device = "test", .prepare = prepare_pinned,
	.call = submit_and_complete, .check = check_bytes,
};

SWEEP(pended_in_a_worker) = {
	.device = "test", .len = 10000, .prepare = prepare_pinned_for_a_worker,
	.call = submit_and_cancel,
};

SWEEP(pended_cancelled) = {
	.sweeps = "KSHM_IOC_CANCEL",
	.device = "test", .len = 10000, .prepare = prepare_pinned, .call = submit_and_cancel,
};

SWEEP(pended_waited_for) = {
	.device = "test", .len = 10000, .prepare = prepare_completed, .check = check_bytes,
};

SWEEP(pended_verified) = {
	.verified = true,
	.device = "test", .len = 10000, .prepare = prepare_copied,
	.call = submit_and_complete, .check = check_bytes,
};

SWEEP(pended_eventfd) = {
	.sweeps = "KSHM_IOC_EVENTFD",
	.device = "test", .len = 4096, .prepare = prepare_copied, .call = set_eventfd,
};

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sweep_pended_copied),
	cmocka_unit_test(sweep_pended_pinned),
	cmocka_unit_test(sweep_pended_in_a_worker),
	cmocka_unit_test(sweep_pended_cancelled),
	cmocka_unit_test(sweep_pended_waited_for),
	cmocka_unit_test(sweep_pended_verified),
	cmocka_unit_test(sweep_pended_eventfd),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

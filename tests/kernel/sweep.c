// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fault sweep of handles and requests
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kshm_digest.h>
#include <linux/kshm_sioctl.h>

#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "scenario.h"

#define LONG		(1030 * 4096UL)	/* pinned in three batches */

static int call_open(void)
{
	int other = open("/dev/kshm/test", O_RDWR);

	if (other == -1)
		return -errno;
	close(other);
	return 0;
}

static struct kshm_ioc_info info;

static int call_info(void)
{
	info = (struct kshm_ioc_info){ .size = sizeof(info) };
	return ioctl(scene.fd, KSHM_IOC_INFO, &info) ? -errno : 0;
}

static void check_info(void)
{
	assert_string_equal(info.out_device, "null");
}

static void prepare_to_driver_mapped(void)
{
	size_t i;

	scenario_prepare_direct(KSHM_TEST_CHECK, KSHM_TEST_BY_MAP);
	for (i = 0; i < scene.len; i++)
		scene.memory[i] = kshm_test_byte(SCENARIO_SEED, i);
}

/* It is mapped before, in the caller. */
static void prepare_fill_in_interrupt(void)
{
	static struct kshm_test_there there;
	static struct kshm_test_where where;

	there = (struct kshm_test_there){ .seed = SCENARIO_SEED };
	scene.arg = request(KSHM_TEST_FILL_IN(KSHM_TEST_HARDIRQ));
	scene.arg.in = user_operand(&there, sizeof(there));
	scene.arg.out = user_operand(&where, sizeof(where));
	scene.arg.data = user_operand(scene.memory, scene.len);
}

static void check_place(void)
{
	assert_int_equal(scenario_wrong(), 0);
}

static struct kshm_test_access access_in;

static void prepare_access(__u32 op)
{
	scene.arg = request(KSHM_TEST_ACCESS);
	access_in = (struct kshm_test_access){
		.op = op, .len = scene.len, .value = SCENARIO_SEED,
	};
	scene.arg.in = user_operand(&access_in, sizeof(access_in));
	scene.arg.out = user_operand(scene.memory, scene.len);
}

static void prepare_write(void)
{
	prepare_access(KSHM_TEST_ACCESS_WRITE);
}

static void prepare_lock(void)
{
	prepare_access(KSHM_TEST_ACCESS_LOCK);
}

static void prepare_read(void)
{
	prepare_access(KSHM_TEST_ACCESS_READ);
	scene.memory[0] = 7;
}

/* A buffer whose address is in another. */
static void prepare_nested(void)
{
	prepare_access(KSHM_TEST_ACCESS_NESTED);
	access_in.pointer = to_u64(scene.memory);
	scene.memory[5000] = 7;
}

static void check_read(void)
{
	assert_int_equal(access_in.value, 7);
}

/* All pages but one come in as they are cleared. */
static void prepare_clear(void)
{
	prepare_access(KSHM_TEST_ACCESS_CLEAR);
	scene.memory[scene.len - 1] = 7;
}

static void check_cleared(void)
{
	assert_int_equal(scene.memory[scene.len - 1], 0);
}

/* Measuring makes no copy that could fail: but the end of the text is on a page to come. */
static void prepare_measure(void)
{
	munmap(scene.memory, scene.len);
	scene.memory = mmap(NULL, scene.len, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(scene.memory, MAP_FAILED);
	memset(scene.memory, 'x', 4096);
	prepare_access(KSHM_TEST_ACCESS_STRNLEN);
}

static void check_measured(void)
{
	assert_int_equal(access_in.value, 4096);
}

static void prepare_probe(void)
{
	prepare_access(KSHM_TEST_ACCESS_PROBE);
	access_in.len = 4096;
}

static const __u64 captured_at = 5000;
static unsigned char captured[9000];

static void prepare_capture(void)
{
	size_t i;

	for (i = 0; i < scene.len; i++)
		scene.memory[i] = kshm_test_byte(SCENARIO_SEED, i);
	scene.arg = request(KSHM_TEST_CAPTURE);
	scene.arg.in = user_operand(&captured_at, sizeof(captured_at));
	scene.arg.out = user_operand(captured, sizeof(captured));
	scene.arg.data = user_operand(scene.memory, scene.len);
	memset(captured, 0, sizeof(captured));
}

static void check_captured(void)
{
	assert_memory_equal(captured, scene.memory + captured_at, sizeof(captured));
}

static void check_filled(void)
{
	size_t i;

	for (i = 0; i < scene.len; i++)
		if (scene.memory[i] != SCENARIO_SEED)
			fail_msg("byte %zu is wrong", i);
}

static struct kshm_explain why;

/* A refusal is what this one succeeds with, its explanation what is swept. */
static int call_refused(void)
{
	why = (struct kshm_explain){ .size = sizeof(why) };
	scenario_prepare_fill();
	scene.arg.explain = to_u64(&why);
	scene.arg.data = user_operand(NULL, 4096);
	assert_int_equal(ioctl(scene.fd, KSHM_IOC_CONTROL, &scene.arg), -1);
	return errno == EFAULT && why.check == KSHM_EXPLAIN_ADDRESS ?
		0 : -errno;
}

static void prepare_register(void)
{
	scene.arg = request(KSHM_TEST_NAME_DEVICE);
	scene.arg.in = user_operand("swept", 5);
}

static unsigned char digest[32];

static void prepare_digest_of(__u32 code)
{
	scene.arg = request(code);
	scene.arg.data = user_operand(scene.memory, scene.len);
	scene.arg.out = user_operand(digest, sizeof(digest));
}

static void prepare_digest(void)
{
	prepare_digest_of(KSHM_DIGEST_TO_DRIVER(KSHM_DIGEST_SHA256));
}

static void prepare_digest_mapped(void)
{
	prepare_digest_of(KSHM_DIGEST_MAPPED(KSHM_DIGEST_SHA256));
}

static void prepare_sioctl_of(__u32 code)
{
	scene.arg = request(code);
	scene.arg.in = user_operand("a", 2);
	scene.arg.data = user_operand(scene.memory, scene.len);
}

static void prepare_sioctl(void)
{
	prepare_sioctl_of(KSHM_SIOCTL_METHOD_IN_DIRECT);
}

static void prepare_sioctl_from_driver(void)
{
	prepare_sioctl_of(KSHM_SIOCTL_METHOD_OUT_DIRECT);
}

SWEEP(open) = {
	.sweeps = "kshm_open",
	.device = "test", .call = call_open,
};

SWEEP(info) = {
	.sweeps = "KSHM_IOC_INFO",
	.device = "null", .call = call_info, .check = check_info,
};

/* A user that kshm does not know yet. */
SWEEP(open_of_a_new_user) = {
	.device = "null", .user = 4321, .call = call_open,
};

SWEEP(info_of_a_new_user) = {
	.device = "null", .user = 4321, .call = call_info, .check = check_info,
};

SWEEP(copied_of_a_new_user) = {
	.device = "test", .user = 4321, .prepare = scenario_prepare_fill_copied,
	.check = scenario_check_fill_copied,
};

SWEEP(copied) = {
	.sweeps = "KSHM_IOC_CONTROL kshm_ioctl",
	.device = "test", .prepare = scenario_prepare_fill_copied,
	.check = scenario_check_fill_copied,
};

SWEEP(from_driver) = {
	.device = "test", .prepare = scenario_prepare_fill,
	.check = scenario_check_fill,
};

SWEEP(from_driver_mapped) = {
	.sweeps = "kshm_mdl_map_write",
	.device = "test", .prepare = scenario_prepare_fill_mapped,
	.check = scenario_check_fill,
};

SWEEP(from_driver_in_an_interrupt) = {
	.device = "test", .len = 15 * 4096UL, .prepare = prepare_fill_in_interrupt,
	.check = scenario_check_fill,
};

SWEEP(a_part_of_a_pin) = {
	.device = "test", .len = LONG, .function = "kshm_mdl_pin_batch",
	.prepare = scenario_prepare_fill_touched, .check = scenario_check_fill,
};

SWEEP(to_driver_mapped) = {
	.sweeps = "kshm_mdl_map",
	.device = "test", .prepare = prepare_to_driver_mapped,
	.check = check_place,
};

SWEEP(raw) = {
	.sweeps = "kshm_user_read kshm_user_write",
	.device = "test", .prepare = prepare_write, .check = check_filled,
};

SWEEP(raw_read) = {
	.sweeps = "kshm_user_read",
	.device = "test", .prepare = prepare_read, .check = check_read,
};

SWEEP(raw_nested) = {
	.sweeps = "kshm_user_read",
	.device = "test", .prepare = prepare_nested, .check = check_read,
};

SWEEP(raw_cleared) = {
	.sweeps = "kshm_user_clear",
	.device = "test", .prepare = prepare_clear, .check = check_cleared,
};

SWEEP(raw_measured) = {
	.sweeps = "kshm_user_strnlen",
	.device = "test", .prepare = prepare_measure, .check = check_measured,
};

SWEEP(raw_probed) = {
	.sweeps = "kshm_user_probe",
	.device = "test", .prepare = prepare_probe,
};

SWEEP(captured) = {
	.sweeps = "kshm_request_capture kshm_mdl_read",
	.device = "test", .prepare = prepare_capture, .check = check_captured,
};

SWEEP(mdl_of_the_driver) = {
	.sweeps = "kshm_mdl_lock",
	.device = "test", .prepare = prepare_lock, .check = check_filled,
};

/* Input and output are between guards. */
SWEEP(verified) = {
	.verified = true,
	.device = "test", .prepare = scenario_prepare_fill_mapped,
	.check = scenario_check_fill,
};

SWEEP(verified_copied) = {
	.verified = true,
	.device = "test", .prepare = scenario_prepare_fill_copied,
	.check = scenario_check_fill_copied,
};

SWEEP(explanation) = {
	.device = "test", .call = call_refused,
};

SWEEP(register) = {
	.sweeps = "kshm_device_register",
	.device = "test", .prepare = prepare_register,
};

SWEEP(digest) = {
	.device = "digest", .prepare = prepare_digest,
};

SWEEP(digest_mapped) = {
	.device = "digest", .prepare = prepare_digest_mapped,
};

SWEEP(sioctl) = {
	.device = "sioctl", .prepare = prepare_sioctl,
};

SWEEP(sioctl_from_driver) = {
	.device = "sioctl", .prepare = prepare_sioctl_from_driver,
};

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sweep_open),
	cmocka_unit_test(sweep_info),
	cmocka_unit_test(sweep_open_of_a_new_user),
	cmocka_unit_test(sweep_info_of_a_new_user),
	cmocka_unit_test(sweep_copied_of_a_new_user),
	cmocka_unit_test(sweep_copied),
	cmocka_unit_test(sweep_from_driver),
	cmocka_unit_test(sweep_from_driver_mapped),
	cmocka_unit_test(sweep_from_driver_in_an_interrupt),
	cmocka_unit_test(sweep_a_part_of_a_pin),
	cmocka_unit_test(sweep_to_driver_mapped),
	cmocka_unit_test(sweep_raw),
	cmocka_unit_test(sweep_raw_read),
	cmocka_unit_test(sweep_raw_nested),
	cmocka_unit_test(sweep_raw_cleared),
	cmocka_unit_test(sweep_raw_measured),
	cmocka_unit_test(sweep_raw_probed),
	cmocka_unit_test(sweep_captured),
	cmocka_unit_test(sweep_mdl_of_the_driver),
	cmocka_unit_test(sweep_verified),
	cmocka_unit_test(sweep_verified_copied),
	cmocka_unit_test(sweep_explanation),
	cmocka_unit_test(sweep_register),
	cmocka_unit_test(sweep_digest),
	cmocka_unit_test(sweep_digest_mapped),
	cmocka_unit_test(sweep_sioctl),
	cmocka_unit_test(sweep_sioctl_from_driver),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

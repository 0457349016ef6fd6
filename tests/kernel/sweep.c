// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fault sweep: every allocation and user copy fails once
 *
 * A scenario is run with its first allocation or user copy failing, then with
 * its second, and so on until it passes untouched. It may fail with ENOMEM or
 * EFAULT alone, must leave nothing pinned or charged, and must work right after.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kshm_digest.h>
#include <linux/kshm_sioctl.h>

#include "device.h"
#include "fault.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "region_calls.h"

#define LEN		(16 * 4096UL)	/* more than an mdl has room for */
#define LONG		(1030 * 4096UL)	/* pinned in three batches */
#define SEED		3
#define MOST		1000		/* failures; more is one that never ends */

/* Of the scenario under way; the memory is new each time, so that it is faulted in. */
static int fd;
static unsigned char *memory;
static size_t len;
static struct kshm_ioc_control arg;
static struct kshm_test_work work;
static union {
	struct kshm_test_place place;
	unsigned char bytes[32];
} answer;

/**
 * struct scenario - a call that works
 * @device: that it is made of
 * @len: bytes of memory; 0: LEN
 * @user: real user id of the caller, who did not open the handle; 0: the opener
 * @function: of the module, one that allows it, whose calls fail with -EFAULT in
 *	their turn; may be NULL
 * @prepare: fills in arg; not swept
 * @call: 0 or -errno; NULL: KSHM_IOC_CONTROL with arg
 * @check: that the answer is right, after success; may be NULL
 */
struct scenario {
	const char *device;
	size_t len;
	uid_t user;
	const char *function;
	void (*prepare)(void);
	int (*call)(void);
	void (*check)(void);
};

static int call_control(void)
{
	return ioctl(fd, KSHM_IOC_CONTROL, &arg) ? -errno : arg.out_status;
}

static void begin(const struct scenario *scenario)
{
	len = scenario->len ?: LEN;
	memory = mmap(NULL, len, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	fd = device_open(scenario->device, O_RDWR);
	memset(&answer, 0, sizeof(answer));
	if (scenario->prepare)
		scenario->prepare();
}

static int end(const struct scenario *scenario, int ret)
{
	if (!ret && scenario->check)
		scenario->check();
	close(fd);
	munmap(memory, len);
	nothing_pinned();
	return ret;
}

static int run(const struct scenario *scenario, unsigned int nth, bool *failed)
{
	int (*call)(void) = scenario->call ?: call_control;
	int ret;

	begin(scenario);
	assert_int_equal(setreuid(scenario->user, -1), 0);
	if (nth)
		fault_arm(nth);
	ret = call();
	if (nth)
		*failed = fault_disarm();
	assert_int_equal(setreuid(0, -1), 0);
	return end(scenario, ret);
}

static void sweep(const struct scenario *scenario)
{
	unsigned int nth, survived = 0;
	bool failed = true;
	int ret;

	if (scenario->function)
		fault_function(scenario->function, -EFAULT);
	assert_int_equal(run(scenario, 0, NULL), 0);
	for (nth = 1; failed; nth++) {
		assert_true(nth < MOST);
		ret = run(scenario, nth, &failed);
		if (ret && ret != -ENOMEM && ret != -EFAULT)
			fail_msg("failure %u: %s", nth, strerror(-ret));
		if (!failed)
			assert_int_equal(ret, 0);
		survived += failed && !ret;
		assert_int_equal(run(scenario, 0, NULL), 0);
	}
	if (scenario->function)
		fault_function_end(scenario->function);
	harness_note("%u failures, %u of them survived", nth - 2, survived);
	assert_true(nth > 2);
}

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
	return ioctl(fd, KSHM_IOC_INFO, &info) ? -errno : 0;
}

static void check_info(void)
{
	assert_string_equal(info.out_device, "null");
}

static void prepare_copied(void)
{
	arg = request(KSHM_TEST_FILL_COPIED);
	arg.out = user_operand(memory, len);
}

static void expect_pattern(__u32 seed)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (memory[i] != kshm_test_byte(seed, i))
			fail_msg("byte %zu is wrong", i);
}

static void check_copied(void)
{
	expect_pattern(0);
}

static void check_pattern(void)
{
	expect_pattern(SEED);
}

static void prepare_direct(__u32 code, __u32 access)
{
	arg = request(code);
	work = (struct kshm_test_work){ .seed = SEED, .access = access };
	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&answer.place, sizeof(answer.place));
	arg.data = user_operand(memory, len);
}

static void prepare_from_driver(void)
{
	prepare_direct(KSHM_TEST_FILL, KSHM_TEST_BY_SEGMENTS);
}

/* Its pages are there: only pinning them is to fail. */
static void prepare_from_driver_touched(void)
{
	memset(memory, 1, len);
	prepare_from_driver();
}

static void prepare_from_driver_mapped(void)
{
	prepare_direct(KSHM_TEST_FILL, KSHM_TEST_BY_MAP);
}

static void prepare_to_driver_mapped(void)
{
	size_t i;

	prepare_direct(KSHM_TEST_CHECK, KSHM_TEST_BY_MAP);
	for (i = 0; i < len; i++)
		memory[i] = kshm_test_byte(SEED, i);
}

static void check_place(void)
{
	assert_int_equal(answer.place.wrong, 0);
}

static struct kshm_test_access access_in;

static void prepare_access(__u32 op)
{
	arg = request(KSHM_TEST_ACCESS);
	access_in = (struct kshm_test_access){
		.op = op, .len = len, .value = SEED,
	};
	arg.in = user_operand(&access_in, sizeof(access_in));
	arg.out = user_operand(memory, len);
}

static void prepare_write(void)
{
	prepare_access(KSHM_TEST_ACCESS_WRITE);
}

static void prepare_lock(void)
{
	prepare_access(KSHM_TEST_ACCESS_LOCK);
}

static void check_filled(void)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (memory[i] != SEED)
			fail_msg("byte %zu is wrong", i);
}

static struct kshm_explain why;

/* A refusal is what this one succeeds with, its explanation what is swept. */
static int call_refused(void)
{
	why = (struct kshm_explain){ .size = sizeof(why) };
	arg = request(KSHM_TEST_FILL);
	arg.explain = to_u64(&why);
	work = (struct kshm_test_work){ .seed = SEED };
	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&answer.place, sizeof(answer.place));
	arg.data = user_operand(NULL, 4096);
	assert_int_equal(ioctl(fd, KSHM_IOC_CONTROL, &arg), -1);
	return errno == EFAULT && why.check == KSHM_EXPLAIN_ADDRESS ?
		0 : -errno;
}

static void prepare_register(void)
{
	arg = request(KSHM_TEST_NAME_DEVICE);
	arg.in = user_operand("swept", 5);
}

static void prepare_digest_of(__u32 code)
{
	arg = request(code);
	arg.data = user_operand(memory, len);
	arg.out = user_operand(answer.bytes, sizeof(answer.bytes));
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
	arg = request(code);
	arg.in = user_operand("a", 2);
	arg.data = user_operand(memory, len);
}

static void prepare_sioctl(void)
{
	prepare_sioctl_of(KSHM_SIOCTL_METHOD_IN_DIRECT);
}

static void prepare_sioctl_from_driver(void)
{
	prepare_sioctl_of(KSHM_SIOCTL_METHOD_OUT_DIRECT);
}

/* The memory as a region, destroyed again after @call. */
static int call_region(int (*call)(__u32 id))
{
	const struct kshm_range ranges[] = {
		{ to_u64(memory), len / 2 }, { to_u64(memory + len / 2), len / 2 },
	};
	struct kshm_ioc_region_create create = region_request(ranges, 2, READ_WRITE);
	int ret = region_try(fd, &create), end;

	if (ret)
		return ret;
	ret = call(create.out_id);
	end = region_destroy_try(fd, create.out_id, 0);
	return ret ?: end;
}

static int fill_region(__u32 id)
{
	arg.data = region_operand(id, 0, len);
	return call_control();
}

static int call_fill_region(void)
{
	return call_region(fill_region);
}

static int fill_region_copied(__u32 id)
{
	struct kshm_ioc_region_query query;

	arg.out = region_operand(id, 0, len);
	return call_control() ?: region_query_try(fd, id, &query);
}

static int call_fill_region_copied(void)
{
	return call_region(fill_region_copied);
}

/* The region in a handle of another device, and out of both again. */
static int fill_import(int share)
{
	int other = open("/dev/kshm/test", O_RDWR | O_CLOEXEC), ret;
	__u32 id;

	if (other == -1)
		return -errno;
	ret = region_import_try(other, share, READ_WRITE, &id, NULL);
	if (!ret) {
		arg.data = region_operand(id, 0, len);
		ret = ioctl(other, KSHM_IOC_CONTROL, &arg) ? -errno : arg.out_status;
	}
	close(other);
	return ret;
}

static int export_region(__u32 id)
{
	int share, ret = region_export_try(fd, id, READ_WRITE, &share, NULL);

	if (ret)
		return ret;
	ret = fill_import(share);
	close(share);
	return ret;
}

static int call_export_region(void)
{
	return call_region(export_region);
}

static int open_region_by_key(__u32 id)
{
	struct kshm_region_key key;
	__u32 there;
	int ret;

	ret = region_key_try(fd, id, READ_WRITE, 0, &key, NULL) ?:
	      region_open_try(fd, &key, READ_WRITE, &there, NULL);
	if (ret)
		return ret;
	arg.data = region_operand(there, 0, len);
	ret = call_control();
	return ret ?: region_revoke_try(fd, id, 0);
}

static int call_open_region_by_key(void)
{
	return call_region(open_region_by_key);
}

/* Its second page is another by then: that is what this one succeeds with. */
static int use_stale_region(__u32 id)
{
	if (madvise(memory + 4096, 4096, MADV_DONTNEED))
		return -errno;
	why = (struct kshm_explain){ .size = sizeof(why) };
	arg.explain = to_u64(&why);
	arg.data = region_operand(id, 0, len);
	assert_int_equal(ioctl(fd, KSHM_IOC_CONTROL, &arg), -1);
	return errno == ESTALE && why.check == KSHM_EXPLAIN_STALE ? 0 : -EFAULT;
}

static int call_use_stale_region(void)
{
	return call_region(use_stale_region);
}

/* A test for each, whose scenario follows. */
#define SWEEP(name)							\
static const struct scenario scenario_##name;				\
static void sweep_##name(void **state)					\
{									\
	sweep(&scenario_##name);					\
}									\
static const struct scenario scenario_##name

SWEEP(open) = {
	.device = "test", .call = call_open,
};

SWEEP(info) = {
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
	.device = "test", .user = 4321, .prepare = prepare_copied,
	.check = check_copied,
};

SWEEP(copied) = {
	.device = "test", .prepare = prepare_copied, .check = check_copied,
};

SWEEP(from_driver) = {
	.device = "test", .prepare = prepare_from_driver,
	.check = check_pattern,
};

SWEEP(from_driver_mapped) = {
	.device = "test", .prepare = prepare_from_driver_mapped,
	.check = check_pattern,
};

SWEEP(a_part_of_a_pin) = {
	.device = "test", .len = LONG, .function = "kshm_mdl_pin_batch",
	.prepare = prepare_from_driver_touched, .check = check_pattern,
};

SWEEP(to_driver_mapped) = {
	.device = "test", .prepare = prepare_to_driver_mapped,
	.check = check_place,
};

SWEEP(raw) = {
	.device = "test", .prepare = prepare_write, .check = check_filled,
};

SWEEP(mdl_of_the_driver) = {
	.device = "test", .prepare = prepare_lock, .check = check_filled,
};

SWEEP(explanation) = {
	.device = "test", .call = call_refused,
};

SWEEP(register) = {
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

SWEEP(region_of_a_new_user) = {
	.device = "test", .user = 4321, .prepare = prepare_from_driver_mapped,
	.call = call_fill_region, .check = check_pattern,
};

SWEEP(region) = {
	.device = "test", .prepare = prepare_from_driver_mapped,
	.call = call_fill_region, .check = check_pattern,
};

SWEEP(region_copied) = {
	.device = "test", .prepare = prepare_copied,
	.call = call_fill_region_copied, .check = check_copied,
};

SWEEP(region_exported) = {
	.device = "test", .prepare = prepare_from_driver,
	.call = call_export_region, .check = check_pattern,
};

SWEEP(region_opened_by_key) = {
	.device = "test", .prepare = prepare_from_driver,
	.call = call_open_region_by_key, .check = check_pattern,
};

SWEEP(a_part_of_a_region) = {
	.device = "test", .len = LONG, .function = "kshm_longterm_pin_batch",
	.prepare = prepare_from_driver_touched, .call = call_fill_region,
	.check = check_pattern,
};

SWEEP(watch_of_a_region) = {
	.device = "test", .function = "kshm_watch_add",
	.prepare = prepare_from_driver_touched, .call = call_fill_region,
	.check = check_pattern,
};

SWEEP(stale_region) = {
	.device = "test", .prepare = prepare_from_driver_touched,
	.call = call_use_stale_region,
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
	cmocka_unit_test(sweep_a_part_of_a_pin),
	cmocka_unit_test(sweep_to_driver_mapped),
	cmocka_unit_test(sweep_raw),
	cmocka_unit_test(sweep_mdl_of_the_driver),
	cmocka_unit_test(sweep_explanation),
	cmocka_unit_test(sweep_register),
	cmocka_unit_test(sweep_digest),
	cmocka_unit_test(sweep_digest_mapped),
	cmocka_unit_test(sweep_sioctl),
	cmocka_unit_test(sweep_sioctl_from_driver),
	cmocka_unit_test(sweep_region_of_a_new_user),
	cmocka_unit_test(sweep_region),
	cmocka_unit_test(sweep_region_copied),
	cmocka_unit_test(sweep_region_exported),
	cmocka_unit_test(sweep_region_opened_by_key),
	cmocka_unit_test(sweep_a_part_of_a_region),
	cmocka_unit_test(sweep_watch_of_a_region),
	cmocka_unit_test(sweep_stale_region),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

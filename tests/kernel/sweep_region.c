// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fault sweep of regions, and of sections
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kshm_copy.h>

#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "name_calls.h"
#include "region_calls.h"
#include "scenario.h"
#include "section_calls.h"
#include "sequence_calls.h"

#define LONG		(1030 * 4096UL)	/* pinned in three batches */

/* In memory of hugetlb, which is not there before it is pinned. */
static void prepare_fill_hugetlb(void)
{
	munmap(scene.memory, scene.len);
	scene.len = HUGE_SIZE;
	scene.memory = mmap(NULL, scene.len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	assert_ptr_not_equal(scene.memory, MAP_FAILED);
	scenario_prepare_fill_mapped();
}

/* The memory as a region, destroyed again after @call. */
static int call_region(int (*call)(__u32 id))
{
	const size_t half = scene.len / 2;
	const struct kshm_range ranges[] = {
		{ to_u64(scene.memory), half }, { to_u64(scene.memory + half), half },
	};
	struct kshm_ioc_region_create create = region_request(ranges, 2, READ_WRITE);
	int ret = region_try(scene.fd, &create), end;

	if (ret)
		return ret;
	ret = call(create.out_id);
	end = region_destroy_try(scene.fd, create.out_id, 0);
	return ret ?: end;
}

/* No more than that: it ends with the handle. */
static int call_create(void)
{
	const struct kshm_range range = { to_u64(scene.memory), scene.len };
	struct kshm_ioc_region_create create = region_request(&range, 1, READ_WRITE);

	return region_try(scene.fd, &create);
}

static int fill_region(__u32 id)
{
	scene.arg.data = region_operand(id, 0, scene.len);
	return scenario_control();
}

static int call_fill_region(void)
{
	return call_region(fill_region);
}

static int fill_region_copied(__u32 id)
{
	struct kshm_ioc_region_query query;

	scene.arg.out = region_operand(id, 0, scene.len);
	return scenario_control() ?: region_query_try(scene.fd, id, &query);
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
		scene.arg.data = region_operand(id, 0, scene.len);
		ret = ioctl(other, KSHM_IOC_CONTROL, &scene.arg) ? -errno :
								   scene.arg.out_status;
	}
	close(other);
	return ret;
}

static int export_region(__u32 id)
{
	int share, ret = region_export_try(scene.fd, id, READ_WRITE, &share, NULL);

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

	ret = region_key_try(scene.fd, id, READ_WRITE, 0, &key, NULL) ?:
	      region_open_try(scene.fd, &key, READ_WRITE, &there, NULL);
	if (ret)
		return ret;
	scene.arg.data = region_operand(there, 0, scene.len);
	ret = scenario_control();
	return ret ?: region_revoke_try(scene.fd, id, 0);
}

static int call_open_region_by_key(void)
{
	return call_region(open_region_by_key);
}

/* Behind all that a region takes, what its key takes is passed over too often. */
static __u32 to_open;

static void prepare_key(void)
{
	to_open = region_make(scene.fd, scene.memory, scene.len, KSHM_REGION_READ);
}

static int call_key(void)
{
	struct kshm_region_key key;

	return region_key_try(scene.fd, to_open, KSHM_REGION_READ, 0, &key, NULL);
}

static struct kshm_explain why;

/* Its second page is another by then: that is what this one succeeds with. */
static int use_stale_region(__u32 id)
{
	if (madvise(scene.memory + 4096, 4096, MADV_DONTNEED))
		return -errno;
	why = (struct kshm_explain){ .size = sizeof(why) };
	scene.arg.explain = to_u64(&why);
	scene.arg.data = region_operand(id, 0, scene.len);
	assert_int_equal(ioctl(scene.fd, KSHM_IOC_CONTROL, &scene.arg), -1);
	return errno == ESTALE && why.check == KSHM_EXPLAIN_STALE ? 0 : -EFAULT;
}

static int call_use_stale_region(void)
{
	return call_region(use_stale_region);
}

static int file = -1;	/* a section as long as the memory */

static void prepare_section_of(unsigned int kind, size_t len)
{
	scenario_prepare_fill_mapped();
	if (file != -1)
		close(file);
	file = section_file(kind, len, F_SEAL_SHRINK);
}

static void prepare_section(void)
{
	prepare_section_of(0, scene.len);
}

/* Of which the driver works on as much as there is memory beside it. */
static void prepare_section_of_hugetlb(void)
{
	prepare_section_of(MFD_HUGETLB, HUGE_SIZE);
}

static int attach(__u32 rights, __u32 *id)
{
	struct kshm_ioc_section_attach attach = section_request(file, rights);
	int ret = section_try(scene.fd, &attach, NULL);

	*id = attach.out_id;
	return ret;
}

static int call_section(void)
{
	__u32 readable, id;
	int ret, end;

	ret = attach(KSHM_REGION_READ, &readable);
	if (ret)
		return ret;
	ret = attach(READ_WRITE, &id);
	if (!ret) {
		ret = fill_region(id);
		end = region_destroy_try(scene.fd, id, 0);
		ret = ret ?: end;
	}
	end = region_destroy_try(scene.fd, readable, 0);
	return ret ?: end;
}

static int use_by_name(void)
{
	struct kshm_ioc_name_open open;
	int ret, end;

	ret = name_open_try(scene.fd, "sweep", READ_WRITE, KSHM_NAME_FD, &open, NULL);
	if (ret)
		return ret;
	ret = fill_region(open.out_id);
	end = close(open.out_fd) ? -errno : 0;
	ret = ret ?: end;
	end = region_destroy_try(scene.fd, open.out_id, 0);
	return ret ?: end;
}

static int call_section_by_name(void)
{
	struct kshm_ioc_name_publish publish;
	int ret, end;
	__u32 id;

	ret = attach(READ_WRITE, &id);
	if (ret)
		return ret;
	publish = name_request(id, "sweep", READ_WRITE);
	ret = name_try(scene.fd, &publish, NULL);
	if (!ret) {
		ret = use_by_name();
		end = name_remove_try(scene.fd, "sweep", NULL);
		ret = ret ?: end;
	}
	end = region_destroy_try(scene.fd, id, 0);
	return ret ?: end;
}

static __u32 section;

static void prepare_publish(void)
{
	prepare_section();
	section = section_attach(scene.fd, file, READ_WRITE);
}

/* The name ends with the handle. */
static int call_publish(void)
{
	struct kshm_ioc_name_publish publish = name_request(section, "sweep", READ_WRITE);

	publish.flags = KSHM_NAME_UNTIL_CLOSE;
	return name_try(scene.fd, &publish, NULL);
}

static __u64 raised_to;

static int call_sequence(void)
{
	struct kshm_ioc_section_sequence arg = sequence_request(section, READ_WRITE);
	int ret = sequence_try(scene.fd, &arg, NULL);

	if (ret)
		return ret;
	ret = sequence_raise_try(arg.out_fd, 1);
	if (!ret && read(arg.out_fd, &raised_to, sizeof(raised_to)) == -1)
		ret = -errno;
	return close(arg.out_fd) ? -errno : ret;
}

static void check_sequence(void)
{
	assert_true(raised_to > 0);
}

static void prepare_open_by_name(void)
{
	prepare_publish();
	assert_int_equal(call_publish(), 0);
}

static int call_open_by_name(void)
{
	struct kshm_ioc_name_open open;
	int ret = name_open_try(scene.fd, "sweep", KSHM_REGION_READ, KSHM_NAME_FD, &open,
				NULL);

	return ret ?: close(open.out_fd) ? -errno : 0;
}

static void check_section(void)
{
	assert_int_equal(pread(file, scene.memory, scene.len, 0), scene.len);
	scenario_check_fill();
	assert_int_equal(section_mappings(), 0);
}

static struct kshm_test_section to_make;
static struct kshm_test_made made;

static void prepare_make(void)
{
	to_make = (struct kshm_test_section){ .len = scene.len };
	scene.arg = request(KSHM_TEST_SECTION);
	scene.arg.in = user_operand(&to_make, sizeof(to_make));
	scene.arg.out = user_operand(&made, sizeof(made));
}

/* The descriptor, the next that there was not, is given only if it succeeds. */
static int call_given(void)
{
	int next = dup(scene.fd), ret;

	assert_int_equal(close(next), 0);
	ret = scenario_control();
	assert_int_equal(close(next), ret ? -1 : 0);
	return ret;
}

/* Behind all that making takes, what giving takes is passed over too often. */
static void prepare_give(void)
{
	prepare_make();
	assert_int_equal(scenario_control(), 0);
	close(made.fd);
	to_make.op = KSHM_TEST_SECTION_GIVE;
}

static struct kshm_test_view to_keep;

static void prepare_keep(void)
{
	to_keep = (struct kshm_test_view){ .op = KSHM_TEST_VIEW_KEEP,
					   .operand = KSHM_OPERAND_DATA };
	scene.arg = request(KSHM_TEST_VIEW_FROM);
	scene.arg.in = user_operand(&to_keep, sizeof(to_keep));
	scene.arg.out = user_operand(&made, sizeof(made));
	scene.arg.data = region_operand(region_make(scene.fd, scene.memory, scene.len,
						    READ_WRITE), 0, scene.len);
}

/* Whose pages may be others by now, so that there is something to look at. */
static void prepare_look(void)
{
	prepare_keep();
	assert_int_equal(scenario_control(), 0);
	assert_int_equal(mprotect(scene.memory, scene.len, PROT_READ), 0);
	assert_int_equal(mprotect(scene.memory, scene.len, PROT_READ | PROT_WRITE), 0);
	to_keep.op = KSHM_TEST_VIEW_LOOK;
	/* It is the view that looks, and not the request. */
	scene.arg.code = KSHM_TEST_VIEW;
	scene.arg.data = (struct kshm_operand){ };
}

static struct {
	struct kshm_copy head;
	struct kshm_operand from, to;
} copy;
static __u64 copied;

/* One half of the memory to the other. */
static void prepare_copy_of(struct kshm_operand from, struct kshm_operand to)
{
	memset(scene.memory, SCENARIO_SEED, from.len);
	copy.head = (struct kshm_copy){ .nr_from = 1, .nr_to = 1 };
	copy.from = from;
	copy.to = to;
	scene.arg = request(KSHM_COPY);
	scene.arg.in = user_operand(&copy, sizeof(copy));
	scene.arg.out = user_operand(&copied, sizeof(copied));
}

/* A half that is a region, which nothing has mapped yet. */
static struct kshm_operand half_as_region(unsigned char *data, __u32 rights)
{
	const size_t half = scene.len / 2;

	return region_operand(region_make(scene.fd, data, half, rights), 0, half);
}

static void prepare_copy(void)
{
	const size_t half = scene.len / 2;

	prepare_copy_of(half_as_region(scene.memory, KSHM_REGION_READ),
			user_operand(scene.memory + half, half));
}

static void prepare_copy_plain(void)
{
	const size_t half = scene.len / 2;

	prepare_copy_of(user_operand(scene.memory, half),
			half_as_region(scene.memory + half, KSHM_REGION_WRITE));
}

/* A copy that fails on its way is told as a part of it. */
static int call_copy(void)
{
	return scenario_control() ?: -(int)scene.arg.out_detail;
}

/* What there is to be copied is not there: it is that which this one succeeds with. */
static void prepare_copy_of_nothing(void)
{
	prepare_copy_plain();
	assert_int_equal(munmap(scene.memory, scene.len / 2), 0);
	scene.arg.explain = to_u64(&why);
}

static int call_copy_of_nothing(void)
{
	int ret;

	why = (struct kshm_explain){ .size = sizeof(why) };
	ret = scenario_control();
	return ret == -EFAULT && why.addr == to_u64(scene.memory) ? 0 : ret ?: -EIO;
}

static void check_copy(void)
{
	assert_int_equal(copied, scene.len / 2);
	assert_memory_equal(scene.memory, scene.memory + scene.len / 2, scene.len / 2);
}

SWEEP(region_of_a_new_user) = {
	.device = "test", .user = 4321, .prepare = scenario_prepare_fill_mapped,
	.call = call_fill_region, .check = scenario_check_fill,
};

/* Of more pages than are pinned without memory for a list of them. */
SWEEP(region_created) = {
	.sweeps = "KSHM_IOC_REGION_CREATE",
	.device = "test", .len = 24 * 4096UL,
	.prepare = scenario_prepare_fill_touched, .call = call_create,
};

SWEEP(region) = {
	.sweeps = "KSHM_IOC_REGION_CREATE KSHM_IOC_REGION_DESTROY",
	.device = "test", .prepare = scenario_prepare_fill_mapped,
	.call = call_fill_region, .check = scenario_check_fill,
};

SWEEP(region_of_hugetlb) = {
	.device = "test", .prepare = prepare_fill_hugetlb, .call = call_fill_region,
	.check = scenario_check_fill,
};

SWEEP(region_copied) = {
	.sweeps = "KSHM_IOC_REGION_QUERY",
	.device = "test", .prepare = scenario_prepare_fill_copied,
	.call = call_fill_region_copied, .check = scenario_check_fill_copied,
};

SWEEP(region_exported) = {
	.sweeps = "KSHM_IOC_REGION_EXPORT KSHM_IOC_REGION_IMPORT",
	.device = "test", .prepare = scenario_prepare_fill,
	.call = call_export_region, .check = scenario_check_fill,
};

SWEEP(region_opened_by_key) = {
	.sweeps = "KSHM_IOC_REGION_OPEN KSHM_IOC_REGION_REVOKE",
	.device = "test", .prepare = scenario_prepare_fill,
	.call = call_open_region_by_key, .check = scenario_check_fill,
};

SWEEP(key_made) = {
	.sweeps = "KSHM_IOC_REGION_KEY",
	.device = "test", .prepare = prepare_key, .call = call_key,
};

SWEEP(a_part_of_a_region) = {
	.device = "test", .len = LONG, .function = "kshm_longterm_pin_batch",
	.prepare = scenario_prepare_fill_touched, .call = call_fill_region,
	.check = scenario_check_fill,
};

SWEEP(watch_of_a_region) = {
	.device = "test", .function = "kshm_watch_add",
	.prepare = scenario_prepare_fill_touched, .call = call_fill_region,
	.check = scenario_check_fill,
};

SWEEP(stale_region) = {
	.device = "test", .prepare = scenario_prepare_fill_touched,
	.call = call_use_stale_region,
};

SWEEP(section) = {
	.sweeps = "KSHM_IOC_SECTION_ATTACH",
	.device = "test", .prepare = prepare_section, .call = call_section,
	.check = check_section,
};

SWEEP(section_of_hugetlb) = {
	.device = "test", .prepare = prepare_section_of_hugetlb, .call = call_section,
	.check = check_section,
};

SWEEP(section_by_name) = {
	.sweeps = "KSHM_IOC_NAME_REMOVE",
	.device = "test", .user = 4321, .prepare = prepare_section,
	.call = call_section_by_name, .check = check_section,
};

SWEEP(publish) = {
	.sweeps = "KSHM_IOC_NAME_PUBLISH",
	.device = "test", .user = 4321, .prepare = prepare_publish, .call = call_publish,
};

SWEEP(sequence) = {
	.sweeps = "KSHM_IOC_SECTION_SEQUENCE sequence_read sequence_write",
	.device = "test", .prepare = prepare_publish, .call = call_sequence,
	.check = check_sequence,
};

SWEEP(open_by_name) = {
	.sweeps = "KSHM_IOC_NAME_OPEN",
	.device = "test", .prepare = prepare_open_by_name, .call = call_open_by_name,
};

SWEEP(section_made) = {
	.sweeps = "kshm_section_create",
	.device = "test", .prepare = prepare_make, .call = call_given,
};

SWEEP(section_given) = {
	.sweeps = "kshm_request_give_section",
	.device = "test", .prepare = prepare_give, .call = call_given,
};

/* It ends with the handle. */
SWEEP(view) = {
	.sweeps = "kshm_request_view",
	.device = "test", .prepare = prepare_keep,
};

SWEEP(view_looked_at) = {
	.sweeps = "kshm_view_check",
	.device = "test", .prepare = prepare_look,
};

SWEEP(copy) = {
	.sweeps = "kshm_request_region",
	.device = "copy", .prepare = prepare_copy, .call = call_copy, .check = check_copy,
};

SWEEP(copy_plain) = {
	.sweeps = "kshm_request_memory",
	.device = "copy", .prepare = prepare_copy_plain, .call = call_copy,
	.check = check_copy,
};

SWEEP(copy_of_nothing) = {
	.sweeps = "kshm_request_explain_memory",
	.device = "copy", .prepare = prepare_copy_of_nothing, .call = call_copy_of_nothing,
};

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sweep_region_of_a_new_user),
	cmocka_unit_test(sweep_region_created),
	cmocka_unit_test(sweep_region),
	cmocka_unit_test(sweep_region_of_hugetlb),
	cmocka_unit_test(sweep_region_copied),
	cmocka_unit_test(sweep_region_exported),
	cmocka_unit_test(sweep_region_opened_by_key),
	cmocka_unit_test(sweep_key_made),
	cmocka_unit_test(sweep_a_part_of_a_region),
	cmocka_unit_test(sweep_watch_of_a_region),
	cmocka_unit_test(sweep_stale_region),
	cmocka_unit_test(sweep_section),
	cmocka_unit_test(sweep_section_of_hugetlb),
	cmocka_unit_test(sweep_section_by_name),
	cmocka_unit_test(sweep_publish),
	cmocka_unit_test(sweep_open_by_name),
	cmocka_unit_test(sweep_sequence),
	cmocka_unit_test(sweep_section_made),
	cmocka_unit_test(sweep_section_given),
	cmocka_unit_test(sweep_view),
	cmocka_unit_test(sweep_view_looked_at),
	cmocka_unit_test(sweep_copy),
	cmocka_unit_test(sweep_copy_plain),
	cmocka_unit_test(sweep_copy_of_nothing),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

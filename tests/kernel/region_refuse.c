// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of regions that cannot be: one errno, a true explanation, nothing
 * pinned
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pattern.h"
#include "region_calls.h"

#define KERNEL_ADDRESS	0xffff888000000000ULL

static struct buffer b;
static int fd;

static void set_up(void)
{
	b = buffer_make(BUFFER_ANON, 4 * page_size());
	fd = device_open("test", O_RDWR);
}

static void tear_down(void)
{
	close(fd);
	buffer_free(&b);
}

static struct kshm_explain refuse_range(__u64 addr, __u64 len, __u32 rights,
					int error, __u32 check)
{
	struct kshm_range range = { addr, len };

	return region_refused(fd, region_request(&range, 1, rights), error, check);
}

/* An address that cannot serve, found where it is. */
static void bad_address(__u64 addr, __u64 len, __u32 rights, __u64 bad,
			__u32 mapping, __u32 prot)
{
	struct kshm_explain why = refuse_range(addr, len, rights, EFAULT,
					       KSHM_EXPLAIN_ADDRESS);

	assert_int_equal(why.addr, bad);
	assert_int_equal(why.mapping, mapping);
	assert_int_equal(why.prot, prot);
}

WITH_SET_UP(region_refuses_rights)
{
	struct kshm_explain why;

	refuse_range(to_u64(b.data), 1, 0, EINVAL, KSHM_EXPLAIN_NO_RIGHTS);
	why = refuse_range(to_u64(b.data), 1, 0x80000001, EOPNOTSUPP,
			   KSHM_EXPLAIN_FLAGS);
	assert_int_equal(why.needed, 0x80000000);
	why = refuse_range(to_u64(b.data), 1, 4, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS);
	assert_int_equal(why.needed, 4);
}

WITH_SET_UP(region_refuses_too_many_ranges)
{
	static struct kshm_range ranges[KSHM_REGION_MAX_RANGES + 1];
	struct kshm_ioc_region_create arg;
	struct kshm_explain why;

	arg = region_request(ranges, KSHM_REGION_MAX_RANGES, READ_WRITE);
	assert_int_equal(region_try(fd, &arg), 0);
	arg = region_request(ranges, KSHM_REGION_MAX_RANGES + 1, READ_WRITE);
	why = region_refused(fd, arg, EINVAL, KSHM_EXPLAIN_RANGES);
	assert_int_equal(why.used, KSHM_REGION_MAX_RANGES + 1);
	assert_int_equal(why.limit, KSHM_REGION_MAX_RANGES);
	arg.nr_ranges = -1;
	region_refused(fd, arg, EINVAL, KSHM_EXPLAIN_RANGES);
}

WITH_SET_UP(region_refuses_ranges_that_are_not_there)
{
	struct kshm_ioc_region_create arg = region_request(NULL, 1, READ_WRITE);
	struct kshm_range *last = (void *)(b.data + b.len - sizeof(*last));

	region_refused(fd, arg, EFAULT, KSHM_EXPLAIN_ADDRESS);
	*last = (struct kshm_range){ to_u64(b.data), 1 };
	region_refused(fd, region_request(last, 2, READ_WRITE), EFAULT,
		       KSHM_EXPLAIN_ADDRESS);
	arg.ranges = KERNEL_ADDRESS;
	region_refused(fd, arg, EFAULT, KSHM_EXPLAIN_RANGE);
}

WITH_SET_UP(region_refuses_ranges_that_wrap)
{
	const __u64 addr = to_u64(b.data);
	const struct { __u64 addr, len; } bad[] = {
		{ addr, -1ULL }, { addr, -addr }, { addr, -addr - 1 }, { addr, -addr + 1 },
		{ -1ULL, 1 }, { -4096ULL, 4096 }, { KERNEL_ADDRESS, 1 }, { 0, -1ULL },
		{ addr, 1ULL << 63 },
	};
	struct kshm_explain why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		why = refuse_range(bad[i].addr, bad[i].len, READ_WRITE, EFAULT,
				   KSHM_EXPLAIN_RANGE);
		assert_int_equal(why.addr, bad[i].addr);
		assert_int_equal(why.mapping, KSHM_MAPPING_KERNEL);
	}
}

WITH_SET_UP(region_refuses_ranges_that_do_not_join)
{
	const size_t page = page_size();
	const __u64 a = to_u64(b.data), c = to_u64(b.data + 2 * page);
	const struct kshm_range bad[][3] = {
		{ { a, page - 1 }, { c, page } },
		{ { a, page }, { c + 1, 1 } },
		{ { a + 1, page }, { c, page } },
		{ { a, page }, { c, 1 }, { a, 1 } },
		{ { a + 3, 1 }, { a + 4, 1 } },
	};
	const __u32 which[] = { 1, 1, 1, 2, 1 };
	struct kshm_explain why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		why = region_refused(fd, region_request(bad[i], 3, READ_WRITE),
				     EINVAL, KSHM_EXPLAIN_JOIN);
		assert_int_equal(why.used, which[i]);
	}
}

WITH_SET_UP(region_refuses_holes)
{
	const size_t page = page_size();
	const __u64 hole = to_u64(b.data + 2 * page);

	assert_int_equal(munmap(b.data + 2 * page, page), 0);
	bad_address(to_u64(b.data + 1), 3 * page, READ_WRITE, hole,
		    KSHM_MAPPING_HOLE, 0);
	bad_address(hole, 1, KSHM_REGION_READ, hole, KSHM_MAPPING_HOLE, 0);
	bad_address(0, 1, KSHM_REGION_READ, 0, KSHM_MAPPING_HOLE, 0);
}

WITH_SET_UP(region_refuses_memory_without_access)
{
	const size_t page = page_size();
	const __u64 at = to_u64(b.data + page);

	assert_int_equal(mprotect(b.data + page, page, PROT_NONE), 0);
	bad_address(to_u64(b.data), 3 * page, KSHM_REGION_READ, at,
		    KSHM_MAPPING_ANON, 0);
	bad_address(at, 1, KSHM_REGION_WRITE, at, KSHM_MAPPING_ANON, 0);
	assert_int_equal(mprotect(b.data + page, page, PROT_READ), 0);
	bad_address(to_u64(b.data), 3 * page, READ_WRITE, at, KSHM_MAPPING_ANON,
		    KSHM_PROT_READ);
}

/* The last of many pages: the others are given back. */
WITH_SET_UP(region_refuses_a_mapping_beyond_its_file)
{
	const size_t page = page_size(), len = 1030 * page;
	int file = memfd_create("short", MFD_CLOEXEC);
	unsigned char *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	assert_int_equal(ftruncate(file, len - page), 0);
	bad_address(to_u64(p), len, READ_WRITE, to_u64(p + len - page),
		    KSHM_MAPPING_SHMEM, KSHM_PROT_READ | KSHM_PROT_WRITE);
	munmap(p, len);
	close(file);
}

/* Good pages, then a file's that is written back: found where it begins. */
WITH_SET_UP(region_refuses_to_write_a_file_behind_other_memory)
{
	int file = open("/scratch", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	unsigned char *middle = b.data + b.len / 2;
	struct kshm_explain why;
	__u32 id;
	void *p;

	assert_int_not_equal(file, -1);
	assert_int_equal(ftruncate(file, b.len / 2), 0);
	p = mmap(middle, b.len / 2, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0);
	assert_ptr_equal(p, middle);
	why = refuse_range(to_u64(b.data), b.len, READ_WRITE, EFAULT,
			   KSHM_EXPLAIN_LONG_TERM);
	assert_int_equal(why.addr, to_u64(middle));
	/* To read it is one like any other. */
	id = region_make(fd, b.data, b.len, KSHM_REGION_READ);
	fill_pattern(b.data, b.len, 3);
	region_check(fd, id, 0, b.len, 3);
	close(file);
}

/* The id is told before there is one: it leads nowhere then. */
WITH_SET_UP(region_refuses_a_struct_that_cannot_be_written)
{
	struct kshm_ioc_region_create *arg = (void *)(b.data + page_size());
	struct kshm_range range = { to_u64(b.data), 1 };
	struct kshm_ioc_region_query query;
	__u32 id, next;

	*arg = region_request(&range, 1, READ_WRITE);
	assert_int_equal(mprotect(arg, page_size(), PROT_READ), 0);
	assert_int_equal(region_try(fd, arg), -EFAULT);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	next = region_make(fd, b.data, 1, READ_WRITE);
	for (id = 0; id < 64; id++)
		if (id != next)
			assert_int_equal(region_query_try(fd, id, &query), -ENOENT);
}

WITH_SET_UP(region_refuses_to_tell_what_cannot_be_written)
{
	struct kshm_ioc_region_query *arg = (void *)(b.data + page_size());
	__u32 id = region_make(fd, b.data, 1, READ_WRITE);
	struct kshm_explain why = { .size = sizeof(why) };

	*arg = (struct kshm_ioc_region_query){
		.size = sizeof(*arg), .id = id, .explain = to_u64(&why),
	};
	assert_int_equal(mprotect(arg, page_size(), PROT_READ), 0);
	assert_int_equal(ioctl(fd, KSHM_IOC_REGION_QUERY, arg), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(why.check, KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(why.addr, to_u64(arg));
}

WITH_SET_UP(region_refuses_flags_and_reserved_members_of_destroy)
{
	__u32 id = region_make(fd, b.data, 1, READ_WRITE);
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_region_destroy arg = {
		.size = sizeof(arg), .id = id, .flags = 2, .explain = to_u64(&why),
	};

	assert_int_equal(ioctl(fd, KSHM_IOC_REGION_DESTROY, &arg), -1);
	assert_int_equal(errno, EOPNOTSUPP);
	assert_int_equal(why.check, KSHM_EXPLAIN_FLAGS);
	assert_int_equal(why.needed, 2);
	arg.flags = 0;
	arg.reserved = 1;
	assert_int_equal(ioctl(fd, KSHM_IOC_REGION_DESTROY, &arg), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(why.check, KSHM_EXPLAIN_RESERVED);
	assert_int_equal(region_query(fd, id).out_len, 1);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(region_refuses_rights),
	cmocka_unit_test(region_refuses_too_many_ranges),
	cmocka_unit_test(region_refuses_ranges_that_are_not_there),
	cmocka_unit_test(region_refuses_ranges_that_wrap),
	cmocka_unit_test(region_refuses_ranges_that_do_not_join),
	cmocka_unit_test(region_refuses_holes),
	cmocka_unit_test(region_refuses_memory_without_access),
	cmocka_unit_test(region_refuses_a_mapping_beyond_its_file),
	cmocka_unit_test(region_refuses_to_write_a_file_behind_other_memory),
	cmocka_unit_test(region_refuses_a_struct_that_cannot_be_written),
	cmocka_unit_test(region_refuses_to_tell_what_cannot_be_written),
	cmocka_unit_test(region_refuses_flags_and_reserved_members_of_destroy),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

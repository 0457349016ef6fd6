// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of bad input: one errno, a true explanation, no handler
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "state.h"

#define KERNEL_ADDRESS	((void *)0xffff888000000000UL)
#define LAST_PAGE	((void *)-4096UL)

static struct kshm_test_work work;
static struct kshm_test_place place;

/* A good request to and one from the driver, and copied ones. */
static struct kshm_ioc_control to_driver(const void *addr, __u64 len)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_CHECK);

	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = user_operand(addr, len);
	return arg;
}

static struct kshm_ioc_control from_driver(const void *addr, __u64 len)
{
	struct kshm_ioc_control arg = to_driver(addr, len);

	arg.code = KSHM_TEST_FILL;
	return arg;
}

static struct kshm_ioc_control copied_in(const void *addr, __u64 len)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_CHECK_COPIED);

	arg.in = user_operand(addr, len);
	return arg;
}

static struct kshm_ioc_control copied_out(const void *addr, __u64 len)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL_COPIED);

	arg.out = user_operand(addr, len);
	return arg;
}

static void bad_address(struct kshm_ioc_control arg, __u32 operand,
			const void *addr, __u32 mapping, __u32 prot)
{
	struct kshm_explain why = refused(arg, EFAULT, KSHM_EXPLAIN_ADDRESS,
					  operand);

	assert_int_equal(why.addr, to_u64(addr));
	assert_int_equal(why.mapping, mapping);
	assert_int_equal(why.prot, prot);
}

static void bad_range(const void *addr, __u64 len)
{
	refused(copied_in(addr, len), EFAULT, KSHM_EXPLAIN_RANGE,
		KSHM_OPERAND_IN);
	refused(copied_out(addr, len), EFAULT, KSHM_EXPLAIN_RANGE,
		KSHM_OPERAND_OUT);
	refused(to_driver(addr, len), EFAULT, KSHM_EXPLAIN_RANGE,
		KSHM_OPERAND_DATA);
	refused(from_driver(addr, len), EFAULT, KSHM_EXPLAIN_RANGE,
		KSHM_OPERAND_DATA);
}

static void reject_null_pointers(void **state)
{
	bad_address(copied_in(NULL, 1), KSHM_OPERAND_IN, NULL,
		    KSHM_MAPPING_HOLE, 0);
	bad_address(copied_out(NULL, 1), KSHM_OPERAND_OUT, NULL,
		    KSHM_MAPPING_HOLE, 0);
	bad_address(to_driver(NULL, 1), KSHM_OPERAND_DATA, NULL,
		    KSHM_MAPPING_HOLE, 0);
	bad_address(from_driver(NULL, 1), KSHM_OPERAND_DATA, NULL,
		    KSHM_MAPPING_HOLE, 0);
}

static void reject_kernel_addresses(void **state)
{
	bad_range(KERNEL_ADDRESS, 1);
	bad_range(KERNEL_ADDRESS, 4096);
	bad_range(LAST_PAGE, 1);
}

/* Where user space ends: with five levels of page tables a page fits above 2^47. */
static char *end_of_user_space(void)
{
	void *page = mmap((void *)(1UL << 50), 4096, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
			  -1, 0);

	if (page == MAP_FAILED)
		return (char *)(1UL << 47);
	munmap(page, 4096);
	return (char *)(1UL << 56);
}

static void reject_ranges_that_wrap(void **state)
{
	bad_range(LAST_PAGE, 4097);
	bad_range((void *)-1UL, 2);
	/* Begins in user space and reaches out of it, without wrapping. */
	bad_range(end_of_user_space() - 65536, 64 << 20);
}

static void reject_lengths_of_2_to_63(void **state)
{
	refused(to_driver(&work, 1UL << 63), EFAULT, KSHM_EXPLAIN_RANGE,
		KSHM_OPERAND_DATA);
	refused(from_driver(&work, -1UL), EFAULT, KSHM_EXPLAIN_RANGE,
		KSHM_OPERAND_DATA);
	refused(copied_in(&work, 1UL << 63), EMSGSIZE, KSHM_EXPLAIN_LONG,
		KSHM_OPERAND_IN);
	refused(copied_out(&work, -1UL), EMSGSIZE, KSHM_EXPLAIN_LONG,
		KSHM_OPERAND_OUT);
}

/* Pages 0 and 2 are there, page 1 is not. */
static void reject_a_hole(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 3 * page_size());
	unsigned char *hole = b.data + page_size();
	size_t len = 2 * page_size();

	munmap(hole, page_size());
	bad_address(copied_in(b.data + 100, len), KSHM_OPERAND_IN, hole,
		    KSHM_MAPPING_HOLE, 0);
	bad_address(copied_out(b.data + 100, len), KSHM_OPERAND_OUT, hole,
		    KSHM_MAPPING_HOLE, 0);
	bad_address(to_driver(b.data + 100, len), KSHM_OPERAND_DATA, hole,
		    KSHM_MAPPING_HOLE, 0);
	bad_address(from_driver(b.data + 100, len), KSHM_OPERAND_DATA, hole,
		    KSHM_MAPPING_HOLE, 0);
	/* Begins in it. */
	bad_address(from_driver(hole + 5, 1), KSHM_OPERAND_DATA, hole + 5,
		    KSHM_MAPPING_HOLE, 0);
	buffer_free(&b);
}

/* Beyond the first batch of pages. */
static void reject_a_hole_far_in(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 1500 * page_size());
	unsigned char *hole = b.data + 1300 * page_size();

	munmap(hole, page_size());
	bad_address(copied_in(b.data, b.len), KSHM_OPERAND_IN, hole,
		    KSHM_MAPPING_HOLE, 0);
	bad_address(copied_out(b.data, b.len), KSHM_OPERAND_OUT, hole,
		    KSHM_MAPPING_HOLE, 0);
	bad_address(from_driver(b.data, b.len), KSHM_OPERAND_DATA, hole,
		    KSHM_MAPPING_HOLE, 0);
	buffer_free(&b);
}

static void reject_no_access(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * page_size());
	unsigned char *second = b.data + page_size();

	mprotect(second, page_size(), PROT_NONE);
	bad_address(copied_in(b.data, b.len), KSHM_OPERAND_IN, second,
		    KSHM_MAPPING_ANON, 0);
	bad_address(copied_out(b.data, b.len), KSHM_OPERAND_OUT, second,
		    KSHM_MAPPING_ANON, 0);
	bad_address(to_driver(b.data, b.len), KSHM_OPERAND_DATA, second,
		    KSHM_MAPPING_ANON, 0);
	bad_address(from_driver(b.data, b.len), KSHM_OPERAND_DATA, second,
		    KSHM_MAPPING_ANON, 0);
	buffer_free(&b);
}

static void reject_output_to_read_only_memory(void **state)
{
	static const struct {
		enum buffer_kind kind;
		__u32 mapping;
	} kinds[] = {
		{ BUFFER_ANON, KSHM_MAPPING_ANON },
		{ BUFFER_SHARED, KSHM_MAPPING_SHMEM },
		{ BUFFER_MEMFD, KSHM_MAPPING_SHMEM },
		{ BUFFER_FILE, KSHM_MAPPING_FILE },
		{ BUFFER_FILE_PRIVATE, KSHM_MAPPING_FILE },
	};
	struct buffer b;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		b = buffer_make(kinds[i].kind, page_size());
		mprotect(b.data, b.len, PROT_READ);
		bad_address(copied_out(b.data, b.len), KSHM_OPERAND_OUT,
			    b.data, kinds[i].mapping, KSHM_PROT_READ);
		bad_address(from_driver(b.data, b.len), KSHM_OPERAND_DATA,
			    b.data, kinds[i].mapping, KSHM_PROT_READ);
		buffer_free(&b);
	}
}

/* There need not be any huge page: it is refused before one is touched. */
static void reject_output_to_a_read_only_huge_page(void **state)
{
	const size_t len = 2 << 20;
	unsigned char *p = mmap(NULL, len, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS |
				MAP_HUGETLB | MAP_NORESERVE, -1, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	bad_address(from_driver(p, 64), KSHM_OPERAND_DATA, p,
		    KSHM_MAPPING_HUGETLB, KSHM_PROT_READ);
	munmap(p, len);
}

static void reject_unknown_operand_kinds(void **state)
{
	const __u32 kinds[] = { 3, 4, 0x80000000, 0xffffffff };
	struct kshm_ioc_control arg;
	struct kshm_explain why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		arg = copied_in(&work, 4);
		arg.in.kind = kinds[i];
		why = refused(arg, EINVAL, KSHM_EXPLAIN_KIND, KSHM_OPERAND_IN);
		assert_int_equal(why.needed, kinds[i]);
		arg = copied_out(&work, 4);
		arg.out.kind = kinds[i];
		refused(arg, EINVAL, KSHM_EXPLAIN_KIND, KSHM_OPERAND_OUT);
		arg = to_driver(&work, 4);
		arg.data.kind = kinds[i];
		refused(arg, EINVAL, KSHM_EXPLAIN_KIND, KSHM_OPERAND_DATA);
	}
}

static void reject_reserved_members(void **state)
{
	struct kshm_ioc_control arg = to_driver(&work, 4);

	arg.reserved = 1;
	refused(arg, EINVAL, KSHM_EXPLAIN_RESERVED, 0);
	arg = to_driver(&work, 4);
	arg.in.id = 1;
	refused(arg, EINVAL, KSHM_EXPLAIN_RESERVED, KSHM_OPERAND_IN);
	arg = to_driver(&work, 4);
	arg.out.id = 0x80000000;
	refused(arg, EINVAL, KSHM_EXPLAIN_RESERVED, KSHM_OPERAND_OUT);
	arg = to_driver(&work, 4);
	arg.data.id = 1;
	refused(arg, EINVAL, KSHM_EXPLAIN_RESERVED, KSHM_OPERAND_DATA);
}

static void reject_absent_operands_with_something_in_them(void **state)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_CHECK_COPIED);

	arg.in.addr = 1;
	refused(arg, EINVAL, KSHM_EXPLAIN_RESERVED, KSHM_OPERAND_IN);
	arg.in.addr = 0;
	arg.out.len = 1;
	refused(arg, EINVAL, KSHM_EXPLAIN_RESERVED, KSHM_OPERAND_OUT);
	arg.out.len = 0;
	arg.data.len = 1;
	refused(arg, EINVAL, KSHM_EXPLAIN_RESERVED, KSHM_OPERAND_DATA);
}

static void reject_unknown_flags(void **state)
{
	struct kshm_ioc_control arg = copied_in(&work, 4);
	struct kshm_explain why;

	arg.flags = 0x40;
	why = refused(arg, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS, 0);
	assert_int_equal(why.needed, 0x40);
}

static void reject_unknown_codes(void **state)
{
	struct kshm_explain why;

	refused(request(0), ENOTTY, KSHM_EXPLAIN_CODE, 0);
	refused(request(0xffffffff), ENOTTY, KSHM_EXPLAIN_CODE, 0);
	/* Another type, another function. */
	refused(request(KSHM_TEST_CHECK ^ 0x10000), ENOTTY, KSHM_EXPLAIN_CODE,
		0);
	why = refused(request(KSHM_TEST_CHECK ^ 0x2000), ENOTTY,
		      KSHM_EXPLAIN_CODE, 0);
	assert_int_equal(why.used, KSHM_TEST_CHECK ^ 0x2000);
}

static void reject_another_method_of_a_known_function(void **state)
{
	struct kshm_explain why;

	why = refused(request(KSHM_TEST_FILL & ~3u), ENOTTY,
		      KSHM_EXPLAIN_METHOD, 0);
	assert_int_equal(why.needed, KSHM_TEST_FILL);
	refused(request(KSHM_TEST_FILL | 3), ENOTTY, KSHM_EXPLAIN_METHOD, 0);
}

static void reject_other_access_bits_of_a_known_function(void **state)
{
	struct kshm_explain why;

	why = refused(request(KSHM_TEST_NEEDS_READ & ~0xc000u), ENOTTY,
		      KSHM_EXPLAIN_ACCESS_BITS, 0);
	assert_int_equal(why.needed, KSHM_TEST_NEEDS_READ);
	refused(request(KSHM_TEST_FILL | 0xc000), ENOTTY,
		KSHM_EXPLAIN_ACCESS_BITS, 0);
}

static void access_refused(int flags, __u32 code, __u32 lacks)
{
	struct kshm_ioc_control arg = request(code);
	int fd = device_open("test", flags);
	struct kshm_explain why = control_error(fd, &arg, EACCES,
						KSHM_EXPLAIN_ACCESS, 0);

	assert_int_equal(why.needed, lacks);
	close(fd);
}

static void access_granted(int flags, __u32 code)
{
	struct kshm_ioc_control arg = request(code);
	int fd = device_open("test", flags);

	control(fd, &arg);
	close(fd);
}

static void reject_handles_without_the_access(void **state)
{
	access_refused(O_RDONLY, KSHM_TEST_NEEDS_WRITE, KSHM_ACCESS_WRITE);
	access_refused(O_WRONLY, KSHM_TEST_NEEDS_READ, KSHM_ACCESS_READ);
	access_granted(O_RDONLY, KSHM_TEST_NEEDS_READ);
	access_granted(O_WRONLY, KSHM_TEST_NEEDS_WRITE);
	access_granted(O_RDWR, KSHM_TEST_NEEDS_READ);
	access_granted(O_RDWR, KSHM_TEST_NEEDS_WRITE);
	/* Any access will do. */
	access_granted(O_RDONLY, KSHM_TEST_RELEASE);
	access_granted(O_WRONLY, KSHM_TEST_RELEASE);
}

static unsigned char room[KSHM_TEST_DATA_MAX + 1];

static struct kshm_ioc_control bounds(size_t in, size_t out, size_t data)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_BOUNDS);

	arg.in = user_operand(room, in);
	arg.out = user_operand(room, out);
	arg.data = user_operand(room, data);
	return arg;
}

static void wrong_length(struct kshm_ioc_control arg, __u32 operand,
			 __u32 check, __u64 used, __u64 needed, __u64 limit)
{
	struct kshm_explain why = refused(arg, EMSGSIZE, check, operand);

	assert_int_equal(why.used, used);
	assert_int_equal(why.needed, needed);
	assert_int_equal(why.limit, limit);
}

static void reject_lengths_outside_the_table(void **state)
{
	const size_t in = KSHM_TEST_IN_MIN, in_max = KSHM_TEST_IN_MAX;
	const size_t out = KSHM_TEST_OUT_MIN, out_max = KSHM_TEST_OUT_MAX;
	const size_t data = KSHM_TEST_DATA_MIN, data_max = KSHM_TEST_DATA_MAX;
	struct kshm_ioc_control arg;
	int fd = device_open("test", O_RDWR);

	wrong_length(bounds(in - 1, out, data), KSHM_OPERAND_IN,
		     KSHM_EXPLAIN_SHORT, in - 1, in, in_max);
	wrong_length(bounds(in_max + 1, out, data), KSHM_OPERAND_IN,
		     KSHM_EXPLAIN_LONG, in_max + 1, in, in_max);
	wrong_length(bounds(in, out - 1, data), KSHM_OPERAND_OUT,
		     KSHM_EXPLAIN_SHORT, out - 1, out, out_max);
	wrong_length(bounds(in, out_max + 1, data), KSHM_OPERAND_OUT,
		     KSHM_EXPLAIN_LONG, out_max + 1, out, out_max);
	wrong_length(bounds(in, out, data - 1), KSHM_OPERAND_DATA,
		     KSHM_EXPLAIN_SHORT, data - 1, data, data_max);
	wrong_length(bounds(in, out, data_max + 1), KSHM_OPERAND_DATA,
		     KSHM_EXPLAIN_LONG, data_max + 1, data, data_max);

	arg = bounds(in, out, data);
	control(fd, &arg);
	arg = bounds(in_max, out_max, data_max);
	control(fd, &arg);
	close(fd);
}

static void reject_operands_that_a_control_does_not_take(void **state)
{
	struct kshm_ioc_control arg = copied_in(&work, 4);

	arg.out = user_operand(&place, 1);
	refused(arg, EMSGSIZE, KSHM_EXPLAIN_LONG, KSHM_OPERAND_OUT);
	arg = copied_in(&work, 4);
	arg.data = user_operand(&place, 1);
	refused(arg, EMSGSIZE, KSHM_EXPLAIN_LONG, KSHM_OPERAND_DATA);
	arg = request(KSHM_TEST_FILL_RAW);
	arg.data = user_operand(&place, 1);
	refused(arg, EMSGSIZE, KSHM_EXPLAIN_LONG, KSHM_OPERAND_DATA);
}

/* The struct can be read but takes no results. */
static void reject_a_read_only_struct(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * page_size());
	struct kshm_ioc_control *arg;
	struct kshm_explain why = { .size = sizeof(why) };
	int fd = device_open("test", O_RDWR);
	__u64 calls = test_state(fd).calls;
	const size_t last = offsetof(struct kshm_ioc_control, out_detail);
	size_t on_first;

	/* Wholly, and from its last result on, on the read-only page. */
	for (on_first = 0; on_first <= last; on_first += last) {
		mprotect(b.data, b.len, PROT_READ | PROT_WRITE);
		arg = (void *)(b.data + page_size() - on_first);
		*arg = request(KSHM_TEST_RELEASE);
		arg->explain = to_u64(&why);
		mprotect(b.data + page_size(), page_size(), PROT_READ);
		assert_int_equal(control_try(fd, arg), -EFAULT);
		assert_int_equal(why.check, KSHM_EXPLAIN_ADDRESS);
		assert_int_equal(why.operand, 0);
		assert_int_equal(why.addr, to_u64(on_first ? b.data + page_size() :
						  (void *)arg));
	}
	assert_int_equal(test_state(fd).calls, calls);
	close(fd);
	buffer_free(&b);
}

static void reject_a_bad_explain_pointer(void **state)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_RELEASE);
	int fd = device_open("test", O_RDWR);
	__u64 calls = test_state(fd).calls;

	arg.explain = to_u64(KERNEL_ADDRESS);
	assert_int_equal(control_try(fd, &arg), -EFAULT);
	assert_int_equal(test_state(fd).calls, calls);
	/* One that is not mapped is looked at only when there is a failure. */
	arg.explain = 8;
	control(fd, &arg);
	arg.code = 0;
	assert_int_equal(control_try(fd, &arg), -ENOTTY);
	close(fd);
}

/* The module writes what fits into the caller's explanation, no more. */
static void reject_explains_to_short_structs(void **state)
{
	struct kshm_explain why;
	struct kshm_ioc_control arg = request(0);
	int fd = device_open("test", O_RDWR);
	size_t size;

	for (size = 0; size <= sizeof(why); size += 4) {
		memset(&why, 0xaa, sizeof(why));
		why.size = size;
		arg.explain = to_u64(&why);
		assert_int_equal(control_try(fd, &arg), -ENOTTY);
		assert_int_equal(why.size, size);
		assert_int_equal(why.check, size >= 8 ? KSHM_EXPLAIN_CODE :
							0xaaaaaaaa);
		assert_int_equal(why.error, size >= 16 ? ENOTTY : 0xaaaaaaaa);
	}
	close(fd);
}

/*
 * What a check has nothing to say of is zero, and not left over from the request
 * before. The kernel moves its stack about, so that one try would not do.
 */
static void reject_explains_nothing_else(void **state)
{
	struct kshm_explain why = { .size = sizeof(why) };
	const struct kshm_explain want = {
		.size = sizeof(why), .check = KSHM_EXPLAIN_RESERVED, .error = EINVAL,
	};
	struct kshm_ioc_control bad = to_driver(NULL, 1), reserved = request(0);
	int fd = device_open("test", O_RDWR), tries;

	reserved.reserved = 1;
	bad.explain = to_u64(&why);
	reserved.explain = to_u64(&why);
	for (tries = 0; tries < 200; tries++) {
		assert_int_equal(control_try(fd, &bad), -EFAULT);
		assert_int_equal(control_try(fd, &reserved), -EINVAL);
		assert_memory_equal(&why, &want, sizeof(why));
	}
	close(fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(reject_null_pointers),
	cmocka_unit_test(reject_kernel_addresses),
	cmocka_unit_test(reject_ranges_that_wrap),
	cmocka_unit_test(reject_lengths_of_2_to_63),
	cmocka_unit_test(reject_a_hole),
	cmocka_unit_test(reject_a_hole_far_in),
	cmocka_unit_test(reject_no_access),
	cmocka_unit_test(reject_output_to_read_only_memory),
	cmocka_unit_test(reject_output_to_a_read_only_huge_page),
	cmocka_unit_test(reject_unknown_operand_kinds),
	cmocka_unit_test(reject_reserved_members),
	cmocka_unit_test(reject_absent_operands_with_something_in_them),
	cmocka_unit_test(reject_unknown_flags),
	cmocka_unit_test(reject_unknown_codes),
	cmocka_unit_test(reject_another_method_of_a_known_function),
	cmocka_unit_test(reject_other_access_bits_of_a_known_function),
	cmocka_unit_test(reject_handles_without_the_access),
	cmocka_unit_test(reject_lengths_outside_the_table),
	cmocka_unit_test(reject_operands_that_a_control_does_not_take),
	cmocka_unit_test(reject_a_read_only_struct),
	cmocka_unit_test(reject_a_bad_explain_pointer),
	cmocka_unit_test(reject_explains_to_short_structs),
	cmocka_unit_test(reject_explains_nothing_else),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the bytes: the right ones, and no others
 *
 * Around a border between two pages every offset within 64 bytes and every
 * length up to 130, both ways, with guards on either side; then sizes up to
 * 64 MiB. Over every kind of mapping, through one mapping, by segments and by
 * copies; and by the methods that copy.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pattern.h"
#include "spans.h"

static const __u32 accesses[] = {
	KSHM_TEST_BY_MAP, KSHM_TEST_BY_SEGMENTS, KSHM_TEST_BY_COPY,
};

static int fd;

static void use_both_ways(unsigned char *data, size_t len, __u32 access)
{
	struct kshm_test_work work = { .access = access, .seed = to_u64(data) + len };

	assert_both_ways(fd, data, len, work);
}

static void around_a_border(enum buffer_kind kind)
{
	struct buffer b = buffer_make(kind, 2 * page_size());

	fd = device_open("test", O_RDWR);
	spans_use(b.data + page_size(), 1, use_both_ways);
	close(fd);
	buffer_free(&b);
}

static void sizes(enum buffer_kind kind, const size_t *list, size_t nr)
{
	struct buffer b = buffer_make(kind, list[nr - 1] + page_size());
	struct kshm_test_work work = { };
	size_t i;

	fd = device_open("test", O_RDWR);
	for (i = 0; i < nr; i++) {
		work.seed = i;
		work.access = accesses[i % ARRAY_SIZE(accesses)];
		memset(b.data, SPANS_GUARD, 8);
		memset(b.data + 7 + list[i], SPANS_GUARD, 8);
		assert_both_ways(fd, b.data + 7, list[i], work);
		assert_int_equal(b.data[6], SPANS_GUARD);
		assert_int_equal(b.data[7 + list[i]], SPANS_GUARD);
	}
	close(fd);
	buffer_free(&b);
}

static const size_t small_sizes[] = {
	1, 4089, 4090, 4095, 4096, 4097, 8185, 8192, 12288,
	7 * 4096, 8 * 4096, 9 * 4096, 511 * 4096, 512 * 4096 + 1,
};

#define BYTES_TESTS(name, kind)						\
static void bytes_around_a_border_##name(void **state)			\
{									\
	around_a_border(kind);						\
}									\
									\
static void bytes_of_many_sizes_##name(void **state)			\
{									\
	sizes(kind, small_sizes, ARRAY_SIZE(small_sizes));		\
}

BYTES_TESTS(anonymous, BUFFER_ANON)
BYTES_TESTS(huge, BUFFER_HUGE)
BYTES_TESTS(shared, BUFFER_SHARED)
BYTES_TESTS(memfd, BUFFER_MEMFD)
BYTES_TESTS(hugetlb, BUFFER_HUGETLB)
BYTES_TESTS(file, BUFFER_FILE)
BYTES_TESTS(private_file, BUFFER_FILE_PRIVATE)

static void bytes_of_64_mib_in_base_pages(void **state)
{
	const size_t most[] = { 64 << 20 };

	sizes(BUFFER_ANON, most, 1);
}

static void bytes_of_64_mib_in_huge_pages(void **state)
{
	const size_t most[] = { 64 << 20 };

	sizes(BUFFER_HUGE, most, 1);
}

/* Copied and raw: what is checked is of seed 0, the driver has no room for more. */
static void use_copied(unsigned char *data, size_t len, __u32 access)
{
	__u32 seed = to_u64(data) + len;
	struct kshm_ioc_control arg;

	fill_pattern(data, len, 0);
	arg = request(KSHM_TEST_CHECK_COPIED);
	arg.in = user_operand(data, len);
	control(fd, &arg);
	arg.code = KSHM_TEST_CHECK_RAW;
	control(fd, &arg);

	memset(data, SPANS_GUARD, len);
	arg = request(KSHM_TEST_FILL_COPIED);
	arg.in = user_operand(&seed, sizeof(seed));
	arg.out = user_operand(data, len);
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, len);
	assert_true(has_pattern(data, len, seed));
	memset(data, SPANS_GUARD, len);
	arg.code = KSHM_TEST_FILL_RAW;
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, len);
	assert_true(has_pattern(data, len, seed));
}

static void bytes_copied_and_raw_around_a_border(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * page_size());

	fd = device_open("test", O_RDWR);
	spans_use(b.data + page_size(), 3, use_copied);
	close(fd);
	buffer_free(&b);
}

static void bytes_copied_and_raw_of_many_sizes(void **state)
{
	const size_t most = 33 << 20;
	struct buffer b = buffer_make(BUFFER_ANON, most + 4096);
	unsigned char *data = b.data + page_size() + 3;
	size_t i, len;

	fd = device_open("test", O_RDWR);
	for (i = 0; i <= ARRAY_SIZE(small_sizes); i++) {
		len = i < ARRAY_SIZE(small_sizes) ? small_sizes[i] : most - page_size();
		data[-1] = SPANS_GUARD;
		data[len] = SPANS_GUARD;
		use_copied(data, len, 0);
		assert_int_equal(data[-1], SPANS_GUARD);
		assert_int_equal(data[len], SPANS_GUARD);
	}
	close(fd);
	buffer_free(&b);
}

#define BOTH(name)							\
	cmocka_unit_test(bytes_around_a_border_##name),			\
	cmocka_unit_test(bytes_of_many_sizes_##name)

static const struct CMUnitTest tests[] = {
	BOTH(anonymous),
	BOTH(huge),
	BOTH(shared),
	BOTH(memfd),
	BOTH(hugetlb),
	BOTH(file),
	BOTH(private_file),
	cmocka_unit_test(bytes_of_64_mib_in_base_pages),
	cmocka_unit_test(bytes_of_64_mib_in_huge_pages),
	cmocka_unit_test(bytes_copied_and_raw_around_a_border),
	cmocka_unit_test(bytes_copied_and_raw_of_many_sizes),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

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

#define AROUND	64
#define LONGEST	130
#define GUARD	0xee

static const __u32 accesses[] = {
	KSHM_TEST_BY_MAP, KSHM_TEST_BY_SEGMENTS, KSHM_TEST_BY_COPY,
};

/* Of the two pages around @border only the bytes in question may change. */
static void check_guards(const unsigned char *border, long offset, size_t len)
{
	const unsigned char *p, *from = border - 4 * AROUND;
	const unsigned char *to = border + 4 * AROUND;

	for (p = from; p < to; p++)
		if (p < border + offset || p >= border + offset + len)
			if (*p != GUARD)
				fail_msg("offset %ld, length %zu: byte %ld changed",
					 offset, len, (long)(p - border));
}

static void one_span(int fd, unsigned char *border, long offset, size_t len,
		     __u32 access)
{
	struct kshm_test_work work = { .access = access, .seed = offset + len };

	memset(border - 4 * AROUND, GUARD, 8 * AROUND);
	assert_both_ways(fd, border + offset, len, work);
	check_guards(border, offset, len);
}

/* Primes, that no length goes with the same offsets, or way, alone. */
static long offset_step(void)
{
	return harness_brief() ? 7 : 1;
}

static size_t length_step(void)
{
	return harness_brief() ? 11 : 1;
}

/*
 * Every offset and length once; the way in which the driver reaches the bytes
 * goes round, so that neighbours are reached in all ways.
 */
static void around_a_border(enum buffer_kind kind)
{
	struct buffer b = buffer_make(kind, 2 * page_size());
	unsigned char *border = b.data + page_size();
	int fd = device_open("test", O_RDWR);
	unsigned int turn = 0;
	size_t len;
	long offset;

	for (offset = -AROUND; offset <= AROUND; offset += offset_step())
		for (len = 0; len <= LONGEST; len += length_step())
			one_span(fd, border, offset, len,
				 accesses[turn++ % ARRAY_SIZE(accesses)]);
	close(fd);
	buffer_free(&b);
}

static void sizes(enum buffer_kind kind, const size_t *list, size_t nr)
{
	struct buffer b = buffer_make(kind, list[nr - 1] + page_size());
	int fd = device_open("test", O_RDWR);
	struct kshm_test_work work = { };
	size_t i;

	for (i = 0; i < nr; i++) {
		work.seed = i;
		work.access = accesses[i % ARRAY_SIZE(accesses)];
		memset(b.data, GUARD, 8);
		memset(b.data + 7 + list[i], GUARD, 8);
		assert_both_ways(fd, b.data + 7, list[i], work);
		assert_int_equal(b.data[6], GUARD);
		assert_int_equal(b.data[7 + list[i]], GUARD);
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
static void copied_span(int fd, unsigned char *border, long offset, size_t len)
{
	unsigned char *data = border + offset;
	__u32 seed = offset + len;
	struct kshm_ioc_control arg;

	memset(border - 4 * AROUND, GUARD, 8 * AROUND);
	fill_pattern(data, len, 0);
	arg = request(KSHM_TEST_CHECK_COPIED);
	arg.in = user_operand(data, len);
	control(fd, &arg);
	arg.code = KSHM_TEST_CHECK_RAW;
	control(fd, &arg);

	memset(data, GUARD, len);
	arg = request(KSHM_TEST_FILL_COPIED);
	arg.in = user_operand(&seed, sizeof(seed));
	arg.out = user_operand(data, len);
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, len);
	assert_true(has_pattern(data, len, seed));
	memset(data, GUARD, len);
	arg.code = KSHM_TEST_FILL_RAW;
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, len);
	assert_true(has_pattern(data, len, seed));
	check_guards(border, offset, len);
}

static void bytes_copied_and_raw_around_a_border(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * page_size());
	int fd = device_open("test", O_RDWR);
	size_t len;
	long offset;

	for (offset = -AROUND; offset <= AROUND; offset += 3 * offset_step())
		for (len = 0; len <= LONGEST; len++)
			copied_span(fd, b.data + page_size(), offset, len);
	close(fd);
	buffer_free(&b);
}

static void bytes_copied_and_raw_of_many_sizes(void **state)
{
	const size_t most = 33 << 20;
	struct buffer b = buffer_make(BUFFER_ANON, most + 4096);
	int fd = device_open("test", O_RDWR);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(small_sizes); i++)
		copied_span(fd, b.data + page_size(), 3, small_sizes[i]);
	copied_span(fd, b.data + page_size(), 3, most - page_size());
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

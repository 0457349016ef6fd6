// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of parts of regions, and of regions of any number of pages; for root, whom
 * no limit keeps from two of the longest
 *
 * Around a border between two extents, and between two pages of one extent, every part is
 * used, of regions that begin at the first byte of a page, behind it, and at the last one.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pattern.h"
#include "region_calls.h"
#include "spans.h"

#define SEED	5

static int fd;
static __u32 id;
static unsigned char *begin;	/* of the region */

static void set_up(void)
{
	fd = device_open("test", O_RDWR);
}

static void tear_down(void)
{
	close(fd);
}

static void use_both_ways(unsigned char *data, size_t len, __u32 access)
{
	struct kshm_test_work work = { .access = access, .seed = to_u64(data) + len };

	assert_both_ways_by(fd, region_operand(id, data - begin, len), data, work);
}

/* @border: a page at least behind the first that the region is of */
static void parts_around(struct buffer *b, size_t border)
{
	const size_t begins[] = { 0, 1, page_size() - 1 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(begins); i++) {
		begin = b->data + begins[i];
		id = region_make(fd, begin, b->len - begins[i], READ_WRITE);
		spans_use(b->data + border, 1, use_both_ways);
		region_destroy(fd, id);
	}
	buffer_free(b);
}

WITH_SET_UP(region_parts_around_a_border_of_pages)
{
	struct buffer b = buffer_make(BUFFER_ANON, 3 * page_size());

	parts_around(&b, 2 * page_size());
}

WITH_SET_UP(region_parts_around_a_border_within_an_extent)
{
	struct buffer b = buffer_make(BUFFER_HUGE, HUGE_SIZE);

	parts_around(&b, HUGE_SIZE / 2);
}

WITH_SET_UP(region_parts_around_a_border_of_huge_pages)
{
	struct buffer b = buffer_make(BUFFER_HUGE, 2 * HUGE_SIZE);

	parts_around(&b, HUGE_SIZE);
}

/* The last byte, and that alone. */
static void last_byte_works(__u32 of, unsigned char *data, size_t len)
{
	data[len] = SPANS_GUARD;
	data[len - 2] = SPANS_GUARD;
	assert_both_ways_by(fd, region_operand(of, len - 1, 1), data + len - 1,
			    (struct kshm_test_work){ .seed = len });
	assert_int_equal(data[len], SPANS_GUARD);
	assert_int_equal(data[len - 2], SPANS_GUARD);
}

/* From the second byte of its first page to the last of its last. */
static void pages_work(struct buffer *b, size_t pages)
{
	unsigned char *data = b->data + 1;
	const size_t len = pages * page_size() - 1;
	__u32 one = region_make(fd, data, len, READ_WRITE);
	__u32 two = region_make(fd, data, len, READ_WRITE);

	assert_int_equal(region_query(fd, one).out_pages, pages);
	assert_int_equal(device_info(fd).out_user_pages, 2 * pages);
	last_byte_works(one, data, len);
	region_destroy(fd, one);
	last_byte_works(two, data, len);
	fill_pattern(data, len, SEED);
	region_check(fd, two, 0, len, SEED);
	region_destroy(fd, two);
	assert_int_equal(device_info(fd).out_user_pages, 0);
}

/* Also as many as are pinned without a list of their own, or in one go, or in two. */
WITH_SET_UP(region_of_any_number_of_pages)
{
	const size_t many[] = { 511, 512, 513, 1023, 1024, 1025 };
	struct buffer b = buffer_make(BUFFER_ANON, 1026 * page_size());
	size_t i;

	for (i = 1; i <= 17; i++)
		pages_work(&b, i);
	for (i = 0; i < ARRAY_SIZE(many); i++)
		pages_work(&b, many[i]);
	buffer_free(&b);
}

/* From the middle of one to the middle of the other. */
WITH_SET_UP(region_across_hugetlb_pages)
{
	struct buffer b = buffer_make(BUFFER_HUGETLB, 2 * HUGE_SIZE);
	struct kshm_ioc_region_query query;

	begin = b.data + HUGE_SIZE / 2;
	id = region_make(fd, begin, HUGE_SIZE, READ_WRITE);
	query = region_query(fd, id);
	assert_int_equal(query.out_pages, HUGE_SIZE / page_size());
	assert_int_equal(query.out_extents, 2);
	spans_use(b.data + HUGE_SIZE, 1, use_both_ways);
	memset(b.data, SPANS_GUARD, b.len);
	region_fill(fd, id, 0, HUGE_SIZE, SEED);
	assert_true(has_pattern(begin, HUGE_SIZE, SEED));
	assert_int_equal(begin[-1], SPANS_GUARD);
	assert_int_equal(begin[HUGE_SIZE], SPANS_GUARD);
	region_destroy(fd, id);
	buffer_free(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(region_parts_around_a_border_of_pages),
	cmocka_unit_test(region_parts_around_a_border_within_an_extent),
	cmocka_unit_test(region_parts_around_a_border_of_huge_pages),
	cmocka_unit_test(region_of_any_number_of_pages),
	cmocka_unit_test(region_across_hugetlb_pages),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

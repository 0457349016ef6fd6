// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of physical order: pages that follow each other in the caller's
 * addresses and not in memory
 *
 * The right bytes, and the way that belongs to the order: through the linear
 * map only what is contiguous within one folio.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "paging.h"
#include "pattern.h"

#define PAGES	16

/* Expects the bytes, the kind of mapping and the number of segments. */
static void expect(unsigned char *data, size_t len, __u32 is_vmap,
		   __u64 segments)
{
	int fd = device_open("test", O_RDWR);
	struct kshm_test_work work = { .seed = 11 };
	struct kshm_test_place place;

	assert_both_ways(fd, data, len, work);
	place = driver_fills(fd, data, len, work);
	assert_int_equal(place.is_vmap, is_vmap);
	work.access = KSHM_TEST_BY_SEGMENTS;
	assert_both_ways(fd, data, len, work);
	place = driver_fills(fd, data, len, work);
	assert_int_equal(place.segments, segments);
	work.access = KSHM_TEST_BY_COPY;
	assert_both_ways(fd, data, len, work);
	close(fd);
}

/* A memfd of @pages, mapped page by page: page i shows page order[i] of it. */
static unsigned char *map_in_order(const size_t *order, size_t pages)
{
	size_t i, page = page_size();
	int fd = memfd_create("pages", MFD_CLOEXEC);
	unsigned char *base;

	assert_int_not_equal(fd, -1);
	assert_int_equal(ftruncate(fd, pages * page), 0);
	base = mmap(NULL, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0);
	assert_ptr_not_equal(base, MAP_FAILED);
	for (i = 0; i < pages; i++)
		assert_ptr_equal(mmap(base + i * page, page,
				      PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_FIXED, fd,
				      order[i] * page), base + i * page);
	close(fd);
	return base;
}

/*
 * What is written last stays: every page shows the pattern of the last one.
 */
static void physical_one_page_many_times(void **state)
{
	const size_t order[PAGES] = { 0 }, page = page_size();
	unsigned char *base = map_in_order(order, PAGES);
	struct kshm_test_work work = { .seed = 5 };
	int fd = device_open("test", O_RDWR);
	struct kshm_test_place place;
	size_t i;

	for (work.access = KSHM_TEST_BY_MAP; work.access <= KSHM_TEST_BY_COPY;
	     work.access++) {
		memset(base, 0, page);
		place = driver_fills(fd, base, PAGES * page, work);
		for (i = 0; i < PAGES * page; i++)
			assert_int_equal(base[i],
					 kshm_test_byte(work.seed,
							(PAGES - 1) * page +
							i % page));
		if (work.access == KSHM_TEST_BY_MAP)
			assert_int_equal(place.is_vmap, 1);
		if (work.access == KSHM_TEST_BY_SEGMENTS)
			assert_int_equal(place.segments, PAGES);
	}
	close(fd);
	munmap(base, PAGES * page);
}

static void physical_reverse_order(void **state)
{
	unsigned char *base;
	size_t order[PAGES], i;

	for (i = 0; i < PAGES; i++)
		order[i] = PAGES - 1 - i;
	base = map_in_order(order, PAGES);
	expect(base, PAGES * page_size(), 1, PAGES);
	munmap(base, PAGES * page_size());
}

static void physical_shuffled_order(void **state)
{
	unsigned char *base;
	size_t order[PAGES], i;

	for (i = 0; i < PAGES; i++)
		order[i] = i * 7 % PAGES;
	base = map_in_order(order, PAGES);
	expect(base, PAGES * page_size(), 1, PAGES);
	munmap(base, PAGES * page_size());
}

static void physical_a_whole_huge_page(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGE, HUGE_SIZE);

	expect(b.data, b.len, 0, 1);
	expect(b.data + 5, b.len - 9, 0, 1);
	buffer_free(&b);
}

static void physical_two_huge_pages(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGE, 2 * HUGE_SIZE);

	expect(b.data + HUGE_SIZE - 100, 200, 1, 2);
	expect(b.data, b.len, 1, 2);
	buffer_free(&b);
}

static void physical_a_hugetlb_page(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGETLB, HUGE_SIZE);

	expect(b.data + 1, b.len - 1, 0, 1);
	buffer_free(&b);
}

/* Moves page @from of a huge page to the address @to. */
static void move_page(unsigned char *from, unsigned char *to)
{
	assert_ptr_equal(mremap(from, page_size(), page_size(),
				MREMAP_MAYMOVE | MREMAP_FIXED, to), to);
}

static unsigned char *reserve(size_t pages)
{
	unsigned char *base = mmap(NULL, pages * page_size(), PROT_NONE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(base, MAP_FAILED);
	return base;
}

/* Of one folio all of them, but not one after the other. */
static void physical_folio_tails_out_of_order(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGE, HUGE_SIZE);
	unsigned char *base = reserve(PAGES);
	size_t i;

	for (i = 0; i < PAGES; i++)
		move_page(b.data + (PAGES - i) * page_size(),
			  base + i * page_size());
	expect(base, PAGES * page_size(), 1, PAGES);
	munmap(base, PAGES * page_size());
	buffer_free(&b);
}

/* In order, but every other one is somewhere else: what is between is nobody's here. */
static void physical_folio_tails_with_gaps(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGE, HUGE_SIZE);
	unsigned char *base = reserve(PAGES);
	size_t i;

	for (i = 0; i < PAGES; i++)
		move_page(b.data + (100 + 2 * i) * page_size(),
			  base + i * page_size());
	expect(base, PAGES * page_size(), 1, PAGES);
	munmap(base, PAGES * page_size());
	buffer_free(&b);
}

/* All in order: a part of a folio that is mapped by small entries. */
static void physical_folio_tails_in_order(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGE, HUGE_SIZE);
	unsigned char *base = reserve(PAGES);
	size_t i;

	for (i = 0; i < PAGES; i++)
		move_page(b.data + (100 + i) * page_size(),
			  base + i * page_size());
	expect(base, PAGES * page_size(), 0, 1);
	munmap(base, PAGES * page_size());
	buffer_free(&b);
}

/* Base pages before and behind a huge one. */
static void physical_mixed_sizes(void **state)
{
	struct buffer huge = buffer_make(BUFFER_HUGE, HUGE_SIZE);
	struct buffer base = buffer_make(BUFFER_ANON, 3 * page_size());
	unsigned char *whole = reserve(4);

	move_page(base.data, whole);
	move_page(huge.data + 8 * page_size(), whole + page_size());
	move_page(huge.data + 9 * page_size(), whole + 2 * page_size());
	move_page(base.data + page_size(), whole + 3 * page_size());
	expect(whole, 4 * page_size(), 1, 3);
	munmap(whole, 4 * page_size());
	buffer_free(&base);
	buffer_free(&huge);
}

/* Finds two pages of @b whose frames follow each other; false if none do. */
static int find_neighbours(const struct buffer *b, size_t *first,
			   size_t *second)
{
	size_t i, j, pages = b->len / page_size();
	__u64 *frames = calloc(pages, sizeof(*frames));
	int found = 0;

	assert_non_null(frames);
	for (i = 0; i < pages; i++)
		frames[i] = page_frame(b->data + i * page_size());
	for (i = 0; i < pages && !found; i++)
		for (j = 0; j < pages && !found; j++)
			if (frames[j] == frames[i] + 1) {
				*first = i;
				*second = j;
				found = 1;
			}
	free(frames);
	return found;
}

/*
 * Two base pages that are neighbours in memory are two folios all the same,
 * of which one can go where the other stays.
 */
static void physical_two_folios_adjacent_by_chance(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2048 * page_size());
	unsigned char *base = reserve(2);
	size_t first = 0, second = 0;

	if (geteuid())
		harness_skip("only root sees page frame numbers");
	assert_true(find_neighbours(&b, &first, &second));
	move_page(b.data + first * page_size(), base);
	move_page(b.data + second * page_size(), base + page_size());
	expect(base, 2 * page_size(), 1, 2);
	munmap(base, 2 * page_size());
	buffer_free(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(physical_one_page_many_times),
	cmocka_unit_test(physical_reverse_order),
	cmocka_unit_test(physical_shuffled_order),
	cmocka_unit_test(physical_a_whole_huge_page),
	cmocka_unit_test(physical_two_huge_pages),
	cmocka_unit_test(physical_a_hugetlb_page),
	cmocka_unit_test(physical_folio_tails_out_of_order),
	cmocka_unit_test(physical_folio_tails_with_gaps),
	cmocka_unit_test(physical_folio_tails_in_order),
	cmocka_unit_test(physical_mixed_sizes),
	cmocka_unit_test(physical_two_folios_adjacent_by_chance),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - buffers: tests of what needs no user process
 *
 * The buffers here are over pages of a folio of the tests' own, as if they had
 * been pinned.
 */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/mm.h>

#include "buffer.h"

#define NR	8UL	/* pages of the folio */

/* Extents of a buffer, and how many pages each has; 0 ends them. */
struct shape {
	bool indexed;	/* whether a search is needed to find a page */
	unsigned long sizes[6];
};

static struct page *make_pages(struct kunit *test, gfp_t flags)
{
	struct page *pages = alloc_pages(GFP_KERNEL | flags, ilog2(NR));
	unsigned long i;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	for (i = 0; i < NR; i++)
		memset(page_address(pages + i), i + 1, PAGE_SIZE);
	return pages;
}

/* Adds @nr of @pages, from page number @first on. */
static void add_run(struct kunit *test, struct kshm_buffer *buf,
		    struct page *pages, unsigned long first, unsigned long nr)
{
	struct page *run[NR];
	unsigned long i;

	for (i = 0; i < nr; i++)
		run[i] = pages + first + i;
	KUNIT_ASSERT_EQ(test, kshm_buffer_reserve(buf, nr), 0);
	kshm_buffer_add(buf, run, nr);
}

/* Undoes all but the pins, which were none. */
static void drop(struct kshm_buffer *buf)
{
	buf->nr_extents = 0;
	kshm_buffer_undo(buf);
}

static void buffer_joins_what_follows_in_a_folio(struct kunit *test)
{
	struct page *pages = make_pages(test, __GFP_COMP);
	struct kshm_buffer buf;

	kshm_buffer_init(&buf, false);
	add_run(test, &buf, pages, 1, 2);
	add_run(test, &buf, pages, 3, 3);
	KUNIT_EXPECT_EQ(test, buf.nr_extents, 1);
	/* The same page again, and one before it. */
	add_run(test, &buf, pages, 5, 1);
	KUNIT_EXPECT_EQ(test, buf.nr_extents, 2);
	add_run(test, &buf, pages, 4, 2);
	KUNIT_EXPECT_EQ(test, buf.nr_extents, 3);
	/* One is left out. */
	add_run(test, &buf, pages, 7, 1);
	KUNIT_EXPECT_EQ(test, buf.nr_extents, 4);
	KUNIT_EXPECT_EQ(test, buf.nr_pages, 9);
	drop(&buf);
	__free_pages(pages, ilog2(NR));
}

/* They may belong to anybody tomorrow, each to somebody else. */
static void buffer_ends_an_extent_with_its_folio(struct kunit *test)
{
	struct page *pages = make_pages(test, 0);
	struct kshm_buffer buf;

	kshm_buffer_init(&buf, false);
	add_run(test, &buf, pages, 0, 2);
	add_run(test, &buf, pages, 2, 1);
	KUNIT_EXPECT_EQ(test, buf.nr_extents, 3);
	drop(&buf);
	__free_pages(pages, ilog2(NR));
}

static const struct shape shapes[] = {
	{ false, { 1, } },
	{ false, { 5, } },
	{ false, { 3, 5, } },
	{ false, { 8, 2, } },
	{ false, { 4, 4, 4, } },
	{ false, { 1, 4, 4, 4, 3, } },
	{ false, { 1, 1, 1, 1, 1, } },
	{ true, { 5, 4, 4, } },
	{ true, { 4, 4, 5, } },
	{ true, { 3, 3, 3, } },
	{ true, { 4, 4, 2, 4, } },
};

/* Each extent begins with the folio, so that none goes on where another ends. */
static void build(struct kunit *test, struct kshm_buffer *buf,
		  struct page *pages, const unsigned long *sizes)
{
	unsigned long n;

	kshm_buffer_init(buf, true);
	for (n = 0; sizes[n]; n++)
		add_run(test, buf, pages, 0, sizes[n]);
	KUNIT_ASSERT_EQ(test, kshm_buffer_finish(buf), 0);
	KUNIT_EXPECT_EQ(test, buf->nr_extents, n);
}

static void buffer_finds_every_page(struct kunit *test)
{
	struct page *pages = make_pages(test, __GFP_COMP);
	unsigned long n, page, first, run;
	const struct shape *shape;
	struct kshm_buffer buf;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		shape = &shapes[i];
		build(test, &buf, pages, shape->sizes);
		KUNIT_EXPECT_EQ_MSG(test, !!buf.index, shape->indexed,
				    "shape %zu", i);
		first = 0;
		for (n = 0; shape->sizes[n]; n++, first += shape->sizes[n - 1]) {
			for (page = 0; page < shape->sizes[n]; page++) {
				KUNIT_EXPECT_PTR_EQ(test, pages + page,
						    kshm_buffer_run(&buf, first + page, &run));
				KUNIT_EXPECT_EQ_MSG(test, run, shape->sizes[n] - page,
						    "shape %zu, extent %lu", i, n);
			}
		}
		drop(&buf);
	}
	__free_pages(pages, ilog2(NR));
}

/* More extents than one entry of the index is for, none as long as the next. */
static void buffer_finds_pages_by_its_index(struct kunit *test)
{
	struct page *pages = make_pages(test, __GFP_COMP);
	unsigned long n, first = 0, run;
	struct kshm_buffer buf;

	kshm_buffer_init(&buf, false);
	for (n = 0; n < 100; n++)
		add_run(test, &buf, pages, 0, n % 3 + 1);
	KUNIT_ASSERT_EQ(test, kshm_buffer_finish(&buf), 0);
	KUNIT_EXPECT_NOT_NULL(test, buf.index);
	for (n = 0; n < 100; n++) {
		KUNIT_EXPECT_PTR_EQ(test, pages,
				    kshm_buffer_run(&buf, first, &run));
		KUNIT_EXPECT_EQ_MSG(test, run, n % 3 + 1, "extent %lu", n);
		first += run;
	}
	KUNIT_EXPECT_EQ(test, first, buf.nr_pages);
	drop(&buf);
	__free_pages(pages, ilog2(NR));
}

/* Kernel memory that the extents of a finished buffer take, which need no index. */
static size_t bytes_of(struct kunit *test, const struct kshm_buffer *buf)
{
	KUNIT_EXPECT_NULL(test, buf->index);
	return buf->room * sizeof(*buf->extents);
}

/* As many extents as 1 GiB has huge pages are far below 64 KiB; a page takes 8 bytes. */
static void buffer_takes_little_memory(struct kunit *test)
{
	struct page *pages = make_pages(test, __GFP_COMP);
	struct kshm_buffer buf;
	unsigned long n;

	kshm_buffer_init(&buf, false);
	for (n = 0; n < 512; n++)
		add_run(test, &buf, pages, 0, NR);
	KUNIT_ASSERT_EQ(test, kshm_buffer_finish(&buf), 0);
	KUNIT_EXPECT_EQ(test, buf.nr_extents, 512);
	KUNIT_EXPECT_EQ(test, bytes_of(test, &buf), 4096);
	drop(&buf);

	kshm_buffer_init(&buf, false);
	for (n = 0; n < 1000; n++)
		add_run(test, &buf, pages, 0, 1);
	KUNIT_ASSERT_EQ(test, kshm_buffer_finish(&buf), 0);
	KUNIT_EXPECT_EQ(test, bytes_of(test, &buf), 8 * buf.nr_pages);
	drop(&buf);
	__free_pages(pages, ilog2(NR));
}

static void expect_mapping(struct kunit *test, struct kshm_buffer *buf,
			   enum kshm_direction direction, bool vmapped)
{
	const unsigned char *bytes = kshm_buffer_map(buf, direction);

	KUNIT_ASSERT_FALSE(test, IS_ERR(bytes));
	KUNIT_EXPECT_EQ(test, is_vmalloc_addr(bytes), vmapped);
	KUNIT_EXPECT_EQ(test, offset_in_page(bytes), buf->offset);
	KUNIT_EXPECT_EQ(test, *bytes, 1);
	KUNIT_EXPECT_EQ(test, bytes[PAGE_SIZE], 2);
	KUNIT_EXPECT_PTR_EQ(test, kshm_buffer_map(buf, direction),
			    (void *)bytes);
}

/* Only what is for writing may be reached where all memory can be written. */
static void buffer_maps_by_direction_and_extents(struct kunit *test)
{
	static const unsigned long one[] = { NR, 0 }, two[] = { 2, 2, 0 };
	struct page *pages = make_pages(test, __GFP_COMP);
	struct kshm_buffer buf;

	build(test, &buf, pages, one);
	buf.offset = 10;
	expect_mapping(test, &buf, KSHM_FROM_DRIVER, false);
	expect_mapping(test, &buf, KSHM_TO_DRIVER, true);
	drop(&buf);
	build(test, &buf, pages, two);
	expect_mapping(test, &buf, KSHM_FROM_DRIVER, true);
	expect_mapping(test, &buf, KSHM_TO_DRIVER, true);
	drop(&buf);
	__free_pages(pages, ilog2(NR));
}

static struct kunit_case buffer_cases[] = {
	KUNIT_CASE(buffer_joins_what_follows_in_a_folio),
	KUNIT_CASE(buffer_ends_an_extent_with_its_folio),
	KUNIT_CASE(buffer_finds_every_page),
	KUNIT_CASE(buffer_finds_pages_by_its_index),
	KUNIT_CASE(buffer_takes_little_memory),
	KUNIT_CASE(buffer_maps_by_direction_and_extents),
	{ }
};

static struct kunit_suite buffer_suite = {
	.name = "kshm_buffer",
	.test_cases = buffer_cases,
};

kunit_test_suite(buffer_suite);

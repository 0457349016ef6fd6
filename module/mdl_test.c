// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - mdl: tests of what needs no user process
 *
 * The mdls here are over pages of the tests' own, as if they had been pinned.
 */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/mm.h>

#include "mdl.h"

#define NR	4UL	/* pages, at most KSHM_MDL_INLINE_PAGES */

static void mdl_counts_the_pages_of_its_span(struct kunit *test)
{
	static const struct {
		size_t offset;
		size_t len;
		unsigned long pages;
	} spans[] = {
		{ 0, 0, 0 },
		{ PAGE_SIZE - 1, 0, 0 },
		{ 0, 1, 1 },
		{ 0, PAGE_SIZE, 1 },
		{ 0, PAGE_SIZE + 1, 2 },
		{ 1, PAGE_SIZE - 1, 1 },
		{ 1, PAGE_SIZE, 2 },
		{ PAGE_SIZE - 1, 1, 1 },
		{ PAGE_SIZE - 1, 2, 2 },
		{ PAGE_SIZE - 1, PAGE_SIZE + 1, 2 },
		{ PAGE_SIZE - 1, PAGE_SIZE + 2, 3 },
		{ 0, SZ_4G, SZ_4G / PAGE_SIZE },
		{ 1, SZ_4G, SZ_4G / PAGE_SIZE + 1 },
	};
	struct kshm_mdl mdl;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(spans); i++) {
		kshm_mdl_setup(&mdl, (void __user *)(SZ_1M + spans[i].offset),
			       spans[i].len, KSHM_TO_DRIVER);
		KUNIT_EXPECT_EQ_MSG(test, kshm_mdl_span(&mdl), spans[i].pages,
				    "%zu bytes at %zu", spans[i].len,
				    spans[i].offset);
	}
}

static void mdl_is_inside_of_its_buffer(struct kunit *test)
{
	static const struct {
		size_t offset;
		size_t len;
		int ret;
	} parts[] = {
		{ 0, 0, 0 },
		{ 0, 100, 0 },
		{ 100, 0, 0 },
		{ 99, 1, 0 },
		{ 0, 101, -EMSGSIZE },
		{ 101, 0, -EMSGSIZE },
		{ 100, 1, -EMSGSIZE },
		{ 1, SIZE_MAX, -EMSGSIZE },
		{ SIZE_MAX, 1, -EMSGSIZE },
		{ SIZE_MAX, SIZE_MAX, -EMSGSIZE },
	};
	struct kshm_user_buffer buf;
	struct kshm_mdl mdl;
	size_t i;

	kshm_user_buffer_init(&buf, (void __user *)(SZ_1M + 7), 100);
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		KUNIT_EXPECT_EQ_MSG(test,
				    kshm_mdl_init(&mdl, &buf, parts[i].offset,
						  parts[i].len, KSHM_TO_DRIVER),
				    parts[i].ret, "%zu bytes at %zu",
				    parts[i].len, parts[i].offset);
		KUNIT_EXPECT_EQ(test, kshm_mdl_len(&mdl),
				parts[i].ret ? 0 : parts[i].len);
		KUNIT_EXPECT_FALSE(test, mdl.locked);
	}
}

/* Page n is filled with n + 1. */
static void fill(struct page *pages, bool folio)
{
	unsigned long i;

	for (i = 0; i < NR; i++)
		memset(page_address(pages + i), i + 1, PAGE_SIZE);
	WARN_ON(folio != PageCompound(pages));
}

static struct page *make_pages(struct kunit *test, bool folio)
{
	struct page *pages = alloc_pages(GFP_KERNEL | (folio ? __GFP_COMP : 0),
					 ilog2(NR));

	KUNIT_ASSERT_NOT_NULL(test, pages);
	fill(pages, folio);
	return pages;
}

/* As if the pages of @order had been pinned, from byte @offset of the first. */
static void lock(struct kshm_mdl *mdl, struct page *pages,
		 const unsigned int order[NR], size_t offset, size_t len,
		 enum kshm_direction direction)
{
	unsigned long i;

	kshm_mdl_setup(mdl, (void __user *)(SZ_1M + offset), len, direction);
	mdl->pages = mdl->inline_pages;
	mdl->nr_pages = kshm_mdl_span(mdl);
	for (i = 0; i < mdl->nr_pages; i++)
		mdl->pages[i] = pages + order[i];
	mdl->locked = true;
}

static const unsigned int in_order[NR] = { 0, 1, 2, 3 };
static const unsigned int backwards[NR] = { 3, 2, 1, 0 };
static const unsigned int one_twice[NR] = { 0, 0, 1, 2 };

/* The lengths of the segments, as far as there are any; 0 ends them. */
static void expect_segments(struct kunit *test, struct kshm_mdl *mdl,
			    const size_t *lens)
{
	struct kshm_segment seg;
	size_t i = 0;

	kshm_mdl_for_each_segment(mdl, seg) {
		KUNIT_EXPECT_EQ(test, seg.len, lens[i]);
		if (!lens[i])
			return;
		i++;
	}
	KUNIT_EXPECT_EQ(test, lens[i], 0);
}

static void mdl_has_one_segment_per_run_of_a_folio(struct kunit *test)
{
	struct page *pages = make_pages(test, true);
	struct kshm_mdl mdl;

	lock(&mdl, pages, in_order, 1, NR * PAGE_SIZE - 1, KSHM_TO_DRIVER);
	expect_segments(test, &mdl, (size_t[]){ NR * PAGE_SIZE - 1, 0 });
	lock(&mdl, pages, backwards, PAGE_SIZE - 1, PAGE_SIZE + 2,
	     KSHM_TO_DRIVER);
	expect_segments(test, &mdl, (size_t[]){ 1, PAGE_SIZE, 1, 0 });
	lock(&mdl, pages, one_twice, 0, NR * PAGE_SIZE, KSHM_TO_DRIVER);
	expect_segments(test, &mdl,
			(size_t[]){ PAGE_SIZE, 3 * PAGE_SIZE, 0 });
	__free_pages(pages, ilog2(NR));
}

/* They may belong to anybody tomorrow, each to somebody else. */
static void mdl_ends_a_segment_with_its_folio(struct kunit *test)
{
	struct page *pages = make_pages(test, false);
	struct kshm_mdl mdl;

	lock(&mdl, pages, in_order, 0, 2 * PAGE_SIZE + 1, KSHM_TO_DRIVER);
	expect_segments(test, &mdl, (size_t[]){ PAGE_SIZE, PAGE_SIZE, 1, 0 });
	__free_pages(pages, ilog2(NR));
}

static void expect_pages(struct kunit *test, const unsigned char *bytes,
			 const unsigned int order[NR])
{
	unsigned long i;

	for (i = 0; i < NR; i++)
		KUNIT_EXPECT_EQ(test, bytes[i * PAGE_SIZE], order[i] + 1);
}

static void mdl_maps_by_direction_and_contiguity(struct kunit *test)
{
	static const struct {
		const unsigned int *order;
		enum kshm_direction direction;
		enum kshm_mapping mapping;
	} ways[] = {
		{ in_order, KSHM_FROM_DRIVER, KSHM_MAPPED_PAGE_ADDRESS },
		{ in_order, KSHM_TO_DRIVER, KSHM_MAPPED_VMAP },
		{ backwards, KSHM_FROM_DRIVER, KSHM_MAPPED_VMAP },
		{ backwards, KSHM_TO_DRIVER, KSHM_MAPPED_VMAP },
		{ one_twice, KSHM_FROM_DRIVER, KSHM_MAPPED_VMAP },
	};
	struct page *pages = make_pages(test, true);
	const unsigned char *bytes;
	struct kshm_mdl mdl;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		lock(&mdl, pages, ways[i].order, 0, NR * PAGE_SIZE,
		     ways[i].direction);
		bytes = kshm_mdl_map(&mdl);
		KUNIT_ASSERT_FALSE(test, IS_ERR(bytes));
		KUNIT_EXPECT_EQ(test, mdl.mapping, ways[i].mapping);
		KUNIT_EXPECT_EQ(test, is_vmalloc_addr(bytes),
				ways[i].mapping == KSHM_MAPPED_VMAP);
		expect_pages(test, bytes, ways[i].order);
		KUNIT_EXPECT_PTR_EQ(test, kshm_mdl_map(&mdl),
				    (const void *)bytes);
		kshm_mdl_unmap(&mdl);
		kshm_mdl_unmap(&mdl);
		KUNIT_EXPECT_NULL(test, mdl.kaddr);
	}
	__free_pages(pages, ilog2(NR));
}

static void mdl_is_written_from_the_driver_only(struct kunit *test)
{
	struct page *pages = make_pages(test, true);
	unsigned char byte = 0xa5;
	struct kshm_segment seg = { };
	struct kshm_mdl mdl;

	lock(&mdl, pages, in_order, 0, NR * PAGE_SIZE, KSHM_TO_DRIVER);
	KUNIT_EXPECT_EQ(test, PTR_ERR(kshm_mdl_map_write(&mdl)), -EACCES);
	KUNIT_EXPECT_EQ(test, kshm_mdl_write(&mdl, 0, &byte, 1), -EACCES);
	KUNIT_ASSERT_TRUE(test, kshm_mdl_next_segment(&mdl, &seg));
	KUNIT_EXPECT_EQ(test, PTR_ERR(kshm_mdl_segment_write(&mdl, &seg)),
			-EACCES);
	KUNIT_EXPECT_EQ(test, *(unsigned char *)page_address(pages), 1);
	__free_pages(pages, ilog2(NR));
}

static void mdl_copies_over_the_edges_of_pages(struct kunit *test)
{
	struct page *pages = make_pages(test, true);
	unsigned char bytes[4] = { };
	struct kshm_mdl mdl;

	lock(&mdl, pages, backwards, 10, 2 * PAGE_SIZE, KSHM_FROM_DRIVER);
	KUNIT_EXPECT_EQ(test, kshm_mdl_read(&mdl, PAGE_SIZE - 12, bytes, 4), 0);
	KUNIT_EXPECT_EQ(test, memcmp(bytes, "\4\4\3\3", 4), 0);
	KUNIT_EXPECT_EQ(test, kshm_mdl_write(&mdl, PAGE_SIZE - 11, "ab", 2), 0);
	KUNIT_EXPECT_EQ(test, kshm_mdl_read(&mdl, PAGE_SIZE - 12, bytes, 4), 0);
	KUNIT_EXPECT_EQ(test, memcmp(bytes, "\4ab\3", 4), 0);
	KUNIT_EXPECT_EQ(test, kshm_mdl_read(&mdl, 2 * PAGE_SIZE, bytes, 0), 0);
	KUNIT_EXPECT_EQ(test, kshm_mdl_read(&mdl, 2 * PAGE_SIZE, bytes, 1),
			-EMSGSIZE);
	KUNIT_EXPECT_EQ(test, kshm_mdl_write(&mdl, SIZE_MAX, bytes, 2),
			-EMSGSIZE);
	__free_pages(pages, ilog2(NR));
}

static void mdl_without_bytes_maps_to_something(struct kunit *test)
{
	struct kshm_segment seg = { };
	struct kshm_mdl mdl;

	kshm_mdl_setup_empty(&mdl, KSHM_TO_DRIVER);
	KUNIT_EXPECT_EQ(test, PTR_ERR(kshm_mdl_map_write(&mdl)), -EACCES);
	kshm_mdl_setup_empty(&mdl, KSHM_FROM_DRIVER);
	KUNIT_EXPECT_PTR_EQ(test, kshm_mdl_map(&mdl),
			    (const void *)ZERO_SIZE_PTR);
	KUNIT_EXPECT_PTR_EQ(test, kshm_mdl_map_write(&mdl), ZERO_SIZE_PTR);
	KUNIT_EXPECT_FALSE(test, kshm_mdl_next_segment(&mdl, &seg));
	KUNIT_EXPECT_EQ(test, kshm_mdl_nr_pages(&mdl), 0);
	kshm_mdl_undo(&mdl);
	KUNIT_EXPECT_FALSE(test, mdl.locked);
}

static struct kunit_case mdl_cases[] = {
	KUNIT_CASE(mdl_counts_the_pages_of_its_span),
	KUNIT_CASE(mdl_is_inside_of_its_buffer),
	KUNIT_CASE(mdl_has_one_segment_per_run_of_a_folio),
	KUNIT_CASE(mdl_ends_a_segment_with_its_folio),
	KUNIT_CASE(mdl_maps_by_direction_and_contiguity),
	KUNIT_CASE(mdl_is_written_from_the_driver_only),
	KUNIT_CASE(mdl_copies_over_the_edges_of_pages),
	KUNIT_CASE(mdl_without_bytes_maps_to_something),
	{ }
};

static struct kunit_suite mdl_suite = {
	.name = "kshm_mdl",
	.test_cases = mdl_cases,
};

kunit_test_suite(mdl_suite);

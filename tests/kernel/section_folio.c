// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of sections whose file has huge pages that are none of hugetlb: which are
 * one extent, and are split where nobody has them pinned
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "leak.h"
#include "paging.h"
#include "pattern.h"
#include "section_calls.h"

#define HUGE_PAGES	2
#define LEN		(HUGE_PAGES * HUGE_SIZE)

/* All frames of each huge page follow each other, from where one can begin. */
static void assert_huge(const unsigned char *data)
{
	const size_t pages = HUGE_SIZE / page_size();
	__u64 first = 0;
	size_t n;

	for (n = 0; n < HUGE_PAGES * pages; n++) {
		if (n % pages == 0) {
			first = page_frame(data + n * page_size());
			assert_int_equal(first % pages, 0);
		}
		assert_int_equal(page_frame(data + n * page_size()), first + n % pages);
	}
}

/* A file of huge pages, of which the region is not made yet. */
static struct section folios(void)
{
	struct section s = { .len = LEN };
	unsigned char *hint;

	s.fd = device_open("test", O_RDWR);
	s.file = section_file(0, LEN, F_SEAL_SHRINK);
	/* Where a huge page can be mapped as one. */
	hint = mmap(NULL, LEN + HUGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(hint, MAP_FAILED);
	s.data = hint + (-(uintptr_t)hint & (HUGE_SIZE - 1));
	munmap(hint, LEN + HUGE_SIZE);
	assert_ptr_equal(mmap(s.data, LEN, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_FIXED_NOREPLACE, s.file, 0), s.data);
	assert_int_equal(madvise(s.data, LEN, MADV_HUGEPAGE), 0);
	memset(s.data, 0, LEN);
	assert_huge(s.data);
	return s;
}

static struct section folios_attached(void)
{
	struct section s = folios();

	s.id = section_attach(s.fd, s.file, READ_WRITE);
	return s;
}

static void folio_of_a_section_is_one_extent(void **state)
{
	struct section s = folios_attached();
	struct kshm_ioc_region_query query = region_query(s.fd, s.id);

	assert_int_equal(query.out_len, LEN);
	assert_int_equal(query.out_pages, LEN / page_size());
	assert_true(query.out_extents <= HUGE_PAGES);
	section_is_true(&s, 0, LEN);
	section_is_true(&s, HUGE_SIZE - 5, 10);
	assert_huge(s.data);
	section_free(&s);
}

static void folio_of_a_section_in_part(void **state)
{
	struct section s = folios();
	struct kshm_ioc_section_attach arg = section_request(s.file, READ_WRITE);

	arg.offset = HUGE_SIZE - 3 * page_size();
	arg.len = 7 * page_size();
	assert_int_equal(section_try(s.fd, &arg, NULL), 0);
	assert_true(region_query(s.fd, arg.out_id).out_extents <= 2);
	region_fill(s.fd, arg.out_id, 1, arg.len - 2, 3);
	assert_int_equal(s.data[arg.offset], 0);
	assert_int_equal(s.data[arg.offset + arg.len - 1], 0);
	region_check(s.fd, arg.out_id, 1, arg.len - 2, 3);
	section_free(&s);
}

static int punch(const struct section *s, size_t offset, size_t len)
{
	return fallocate(s->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, len);
}

static bool is_zero(const unsigned char *data, size_t len)
{
	while (len--)
		if (*data++)
			return false;
	return true;
}

/*
 * A huge page that is pinned is not split: a hole in it is zeros in the same memory, for
 * the program and the driver alike, and the section goes on.
 */
static void folio_with_a_hole_in_it(void **state)
{
	struct section s = folios_attached();
	const size_t at = 5 * page_size(), len = 2 * page_size();

	region_fill(s.fd, s.id, 0, LEN, 4);
	assert_int_equal(punch(&s, at, len), 0);
	assert_true(is_zero(s.data + at, len));
	assert_int_equal(region_query(s.fd, s.id).out_state, KSHM_STATE_SECTION);
	section_is_true(&s, 0, LEN);
	section_free(&s);
}

/* One that goes as a whole is the file's no more. */
static void folio_that_is_a_hole(void **state)
{
	struct section s = folios_attached();

	assert_int_equal(punch(&s, HUGE_SIZE, HUGE_SIZE), 0);
	assert_int_equal(region_fill_try(s.fd, s.id, 0, HUGE_SIZE, 1), 0);
	assert_int_equal(region_fill_try(s.fd, s.id, HUGE_SIZE - 1, 2, 1), -ESTALE);
	assert_int_equal(region_query(s.fd, s.id).out_state,
			 KSHM_STATE_SECTION | KSHM_STATE_STALE);
	section_free(&s);
}

/* The same memory, by the addresses of the process. */
static void folio_of_a_region(void **state)
{
	struct section s = folios();

	s.id = region_make(s.fd, s.data, LEN, READ_WRITE);
	assert_true(region_query(s.fd, s.id).out_extents <= HUGE_PAGES);
	section_is_true(&s, 0, LEN);
	section_free(&s);
}

/*
 * From a page within a huge one on: what is not mapped any more is looked for in the
 * file, as the page of the folio that it has to be.
 */
static void folio_of_a_region_is_looked_up(void **state)
{
	const size_t at = 3 * page_size(), len = 9 * page_size();
	struct section s = folios();
	unsigned char *data = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, s.file, at);

	assert_ptr_not_equal(data, MAP_FAILED);
	s.id = region_make(s.fd, data, len, READ_WRITE);
	assert_int_equal(madvise(data, len, MADV_DONTNEED), 0);
	region_fill(s.fd, s.id, 5, len - 5, 6);
	assert_true(has_pattern(s.data + at + 5, len - 5, 6));
	/* In the file, where the region's owner has not mapped it again. */
	assert_int_equal(region_query(s.fd, s.id).out_state,
			 KSHM_STATE_WATCHED | KSHM_STATE_SUSPECT);
	memset(data, 7, len);
	region_fill(s.fd, s.id, 5, len - 5, 8);
	assert_true(has_pattern(data + 5, len - 5, 8));
	assert_int_equal(region_query(s.fd, s.id).out_state, KSHM_STATE_WATCHED);
	munmap(data, len);
	section_free(&s);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(folio_of_a_section_is_one_extent),
	cmocka_unit_test(folio_of_a_section_in_part),
	cmocka_unit_test(folio_with_a_hole_in_it),
	cmocka_unit_test(folio_that_is_a_hole),
	cmocka_unit_test(folio_of_a_region),
	cmocka_unit_test(folio_of_a_region_is_looked_up),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

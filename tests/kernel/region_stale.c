// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of regions that notice that the memory is not what was pinned; root's,
 * whose RLIMIT_MEMLOCK is no bound
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "kshm_test.h"
#include "leak.h"
#include "paging.h"
#include "pattern.h"
#include "region_calls.h"
#include "watched.h"

static void stale_unmapped(void **state)
{
	struct watched w;
	size_t i, step;

	for (i = 0; i < WATCHED_KINDS; i++) {
		step = watched_step(watched_kinds[i]);
		w = watched_make_pages(watched_kinds[i]);
		assert_int_equal(munmap(w.b.data + 2 * step, 2 * step), 0);
		watched_is_stale(&w, step, w.b.len - step, w.b.data + 2 * step);
		watched_free(&w);
	}
}

static void stale_unmapped_as_a_whole(void **state)
{
	struct watched w = watched_make_pages(BUFFER_ANON);

	assert_int_equal(munmap(w.b.data, w.b.len), 0);
	watched_is_stale(&w, 0, w.b.len, w.b.data);
	close(w.fd);
}

static void stale_moved_away(void **state)
{
	struct watched w;
	size_t i, step;
	void *to;

	for (i = 0; i < WATCHED_KINDS; i++) {
		if (watched_kinds[i] == BUFFER_HUGETLB)
			continue;
		step = watched_step(watched_kinds[i]);
		w = watched_make_pages(watched_kinds[i]);
		to = watched_unused(step);
		assert_ptr_equal(mremap(w.b.data + step, step, step,
					MREMAP_MAYMOVE | MREMAP_FIXED, to), to);
		watched_is_stale(&w, 0, w.b.len, w.b.data + step);
		munmap(to, step);
		watched_free(&w);
	}
}

/* Private memory begins anew, whether it was written to since or not. */
static void stale_not_needed(enum buffer_kind kind, bool written)
{
	struct watched w = watched_make_pages(kind);
	size_t step = watched_step(kind);

	assert_int_equal(madvise(w.b.data + 3 * step, step, MADV_DONTNEED), 0);
	if (written)
		memset(w.b.data + 3 * step, 1, step);
	watched_is_stale(&w, 0, w.b.len, w.b.data + 3 * step);
	watched_free(&w);
}

static void stale_dontneed(void **state)
{
	stale_not_needed(BUFFER_ANON, false);
	stale_not_needed(BUFFER_ANON, true);
	stale_not_needed(BUFFER_HUGE, false);
	stale_not_needed(BUFFER_HUGE, true);
}

static void stale_mapped_over(void **state)
{
	struct watched w;
	size_t i, step;
	void *p;

	for (i = 0; i < WATCHED_KINDS; i++) {
		step = watched_step(watched_kinds[i]);
		w = watched_make_pages(watched_kinds[i]);
		p = mmap(w.b.data + step, step, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		assert_ptr_equal(p, w.b.data + step);
		memset(p, 9, step);
		watched_is_stale(&w, step - 1, 2, p);
		watched_free(&w);
	}
}

/* Whether the program looks at the hole, and so has a new page there, or not. */
static void stale_hole_in_file(void **state)
{
	const size_t page = page_size();
	struct watched w;
	int file, touch;

	for (touch = 0; touch < 2; touch++) {
		w = watched_make_of_file(&file);
		assert_int_equal(fallocate(file, FALLOC_FL_PUNCH_HOLE |
					   FALLOC_FL_KEEP_SIZE, 4 * page, page), 0);
		if (touch)
			assert_int_equal(w.b.data[4 * page], 0);
		watched_is_stale(&w, 0, w.b.len, w.b.data + 4 * page);
		watched_free(&w);
		close(file);
	}
}

static void stale_file_cut_short(void **state)
{
	const size_t page = page_size();
	struct watched w;
	int file;

	w = watched_make_of_file(&file);
	assert_int_equal(ftruncate(file, 2 * page), 0);
	watched_is_stale(&w, 0, w.b.len, w.b.data + 2 * page);
	watched_free(&w);
	close(file);
}

/* Another place of the same file, which has not been looked at there. */
static void stale_file_mapped_elsewhere(void **state)
{
	const size_t page = page_size();
	struct watched w;
	int file;
	void *p;

	w = watched_make_of_file(&file);
	p = mmap(w.b.data + page, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		 file, 2 * page);
	assert_ptr_equal(p, w.b.data + page);
	watched_is_stale(&w, 0, w.b.len, p);
	watched_free(&w);
	close(file);
}

static struct kshm_ioc_region_create in_two(const struct buffer *b,
					    struct kshm_range ranges[3])
{
	const size_t page = page_size();

	ranges[0] = (struct kshm_range){ to_u64(b->data + 4 * page + 7), 2 * page - 7 };
	ranges[1] = (struct kshm_range){ 0, 0 };
	ranges[2] = (struct kshm_range){ to_u64(b->data), 3 * page };
	return region_request(ranges, 3, READ_WRITE);
}

/*
 * A page that was found in the file, where nobody has it mapped, leaves that without any
 * word of the kernel's: written to around the cache, it is dropped from there.
 */
static void stale_written_around_what_is_not_mapped(void **state)
{
	const size_t page = page_size(), len = WATCHED_PAGES * page;
	int file = open("/scratch", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600), around;
	int fd = device_open("test", O_RDWR);
	unsigned char *data, *other;
	char path[32];
	__u32 id;

	assert_int_not_equal(file, -1);
	assert_int_equal(ftruncate(file, len), 0);
	data = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	other = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(data != MAP_FAILED && other != MAP_FAILED);
	fill_pattern(data, len, 3);
	assert_int_equal(msync(data, len, MS_SYNC), 0);
	id = region_make(fd, data, len, KSHM_REGION_READ);
	assert_int_equal(madvise(data, len, MADV_DONTNEED), 0);
	assert_int_equal(watched_check(fd, id, 0, len, 3), 0);
	assert_false(is_present(data + page));

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	around = open(path, O_WRONLY | O_DIRECT | O_CLOEXEC);
	assert_int_not_equal(around, -1);
	memset(other, 0x77, page);
	assert_int_equal(pwrite(around, other, page, page), page);
	assert_int_equal(data[page], 0x77);
	assert_int_equal(watched_check(fd, id, 0, page, 3), 0);
	assert_int_equal(watched_check(fd, id, 0, len, 3), -ESTALE);
	close(around);
	close(fd);
	close(file);
	munmap(data, len);
	munmap(other, page);
}

/* The address is that of the range, not of where its bytes are in the region. */
static void stale_second_range(void **state)
{
	struct watched w = { .b = buffer_make(BUFFER_ANON, WATCHED_PAGES * page_size()) };
	const size_t page = page_size();
	struct kshm_range ranges[3];
	struct kshm_ioc_region_create arg = in_two(&w.b, ranges);

	w.fd = device_open("test", O_RDWR);
	assert_int_equal(region_try(w.fd, &arg), 0);
	w.id = arg.out_id;
	assert_int_equal(madvise(w.b.data + page, page, MADV_DONTNEED), 0);
	/* The first range, and the first page of the second. */
	fill_pattern(w.b.data + 4 * page + 7, 2 * page - 7, 1);
	assert_int_equal(watched_check(w.fd, w.id, 0, 2 * page - 7, 1), 0);
	fill_pattern(w.b.data, page, 1);
	assert_int_equal(watched_check(w.fd, w.id, 2 * page - 7, page, 1), 0);
	w.b.len = arg.out_len;
	watched_is_stale(&w, 3 * page - 8, 2, w.b.data + page);
	watched_free(&w);
}

/* As in or out, too, which are copied. */
static void stale_in_and_out(void **state)
{
	struct watched w = watched_make_pages(BUFFER_ANON);
	struct kshm_ioc_control arg = request(KSHM_TEST_CHECK_COPIED);

	assert_int_equal(madvise(w.b.data, page_size(), MADV_DONTNEED), 0);
	arg.in = region_operand(w.id, 1, 1);
	control_error(w.fd, &arg, ESTALE, KSHM_EXPLAIN_STALE, KSHM_OPERAND_IN);
	arg = request(KSHM_TEST_FILL_COPIED);
	arg.out = region_operand(w.id, 1, 1);
	control_error(w.fd, &arg, ESTALE, KSHM_EXPLAIN_STALE, KSHM_OPERAND_OUT);
	watched_free(&w);
}

/* What is not used does not matter, until it is. */
static void suspect_part_that_is_not_used(void **state)
{
	struct watched w;
	size_t i, n, step;

	for (i = 0; i < WATCHED_KINDS; i++) {
		step = watched_step(watched_kinds[i]);
		w = watched_make_pages(watched_kinds[i]);
		assert_int_equal(munmap(w.b.data + 3 * step, step), 0);
		for (n = 0; n < 3; n++) {
			fill_pattern(w.b.data, 3 * step, n);
			assert_int_equal(watched_check(w.fd, w.id, 0, 3 * step, n), 0);
			fill_pattern(w.b.data + 4 * step, 2 * step, n);
			assert_int_equal(watched_check(w.fd, w.id, 4 * step, 2 * step,
						       n), 0);
		}
		watched_is_stale(&w, 3 * step, 1, w.b.data + 3 * step);
		watched_free(&w);
	}
}

/* Regions that nobody watches, and requests of other ages: */

static void unwatched_region(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, WATCHED_PAGES * page_size());
	struct kshm_range range = { to_u64(b.data), b.len };
	struct kshm_ioc_region_create arg = region_request(&range, 1, READ_WRITE);
	int fd = device_open("test", O_RDWR);

	arg.flags = KSHM_REGION_UNWATCHED;
	assert_int_equal(region_try(fd, &arg), 0);
	assert_int_equal(region_query(fd, arg.out_id).out_state, 0);
	fill_pattern(b.data, b.len, 3);
	assert_int_equal(munmap(b.data + page_size(), page_size()), 0);
	assert_int_equal(watched_check(fd, arg.out_id, 0, b.len, 3), 0);
	assert_int_equal(region_query(fd, arg.out_id).out_state, 0);
	close(fd);
	buffer_free(&b);
}

static void unwatched_is_the_only_flag(void **state)
{
	struct kshm_ioc_region_create arg = region_request(NULL, 0, READ_WRITE);
	int fd = device_open("test", O_RDWR), bit;

	for (bit = 0; bit < 32; bit++) {
		arg.flags = 1u << bit;
		if (arg.flags != KSHM_REGION_UNWATCHED)
			assert_int_equal(region_refused(fd, arg, EOPNOTSUPP,
							KSHM_EXPLAIN_FLAGS).needed,
					 arg.flags);
	}
	arg.flags = 0;
	arg.reserved = 1;
	region_refused(fd, arg, EINVAL, KSHM_EXPLAIN_RESERVED);
	close(fd);
}

/* Whoever knows nothing of it gets it. */
static void watched_by_an_older_program(void **state)
{
	struct watched w = { .b = buffer_make(BUFFER_ANON, WATCHED_PAGES * page_size()) };
	struct kshm_range range = { to_u64(w.b.data), w.b.len };
	struct kshm_ioc_region_create arg = region_request(&range, 1, READ_WRITE);
	struct kshm_ioc_region_query query = { .out_state = 77 };

	w.fd = device_open("test", O_RDWR);
	arg.size = offsetof(struct kshm_ioc_region_create, flags);
	arg.flags = -1;
	assert_int_equal(region_try(w.fd, &arg), 0);
	w.id = arg.out_id;
	query.id = w.id;
	query.size = offsetof(struct kshm_ioc_region_query, out_state);
	assert_int_equal(ioctl(w.fd, KSHM_IOC_REGION_QUERY, &query), 0);
	assert_int_equal(query.out_pages, WATCHED_PAGES);
	assert_int_equal(query.out_state, 77);
	assert_int_equal(watched_state(&w) & KSHM_STATE_WATCHED, KSHM_STATE_WATCHED);
	assert_int_equal(munmap(w.b.data, page_size()), 0);
	watched_is_stale(&w, 0, 1, w.b.data);
	watched_free(&w);
}

/* Nothing to watch. */
static void watched_region_of_nothing(void **state)
{
	struct kshm_range ranges[] = { { 0, 0 }, { 0, 0 } };
	struct kshm_ioc_region_create arg = region_request(ranges, 2, READ_WRITE);
	int fd = device_open("test", O_RDWR);

	assert_int_equal(region_try(fd, &arg), 0);
	assert_int_equal(watched_check(fd, arg.out_id, 0, 0, 0), 0);
	assert_int_equal(region_query(fd, arg.out_id).out_state, 0);
	close(fd);
}

/* As many as there can be, each a page, of which one in the middle goes. */
static void watched_ranges_as_many_as_can_be(void **state)
{
	const size_t page = page_size(), len = 2 * KSHM_REGION_MAX_RANGES * page;
	static struct kshm_range ranges[KSHM_REGION_MAX_RANGES];
	struct watched w = { .b = buffer_make(BUFFER_ANON, len) };
	struct kshm_ioc_region_create arg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		ranges[i] = (struct kshm_range){ to_u64(w.b.data + 2 * i * page), page };
		memset(w.b.data + 2 * i * page, 0, page);
	}
	arg = region_request(ranges, ARRAY_SIZE(ranges), READ_WRITE);
	w.fd = device_open("test", O_RDWR);
	assert_int_equal(region_try(w.fd, &arg), 0);
	w.id = arg.out_id;
	/* Between the ranges: none of its business. */
	assert_int_equal(munmap(w.b.data + 1001 * page, page), 0);
	fill_pattern(w.b.data + 1000 * page, page, 3);
	assert_int_equal(watched_check(w.fd, w.id, 500 * page, page, 3), 0);
	assert_int_equal(munmap(w.b.data + 1000 * page, page), 0);
	w.b.len = arg.out_len;
	watched_is_stale(&w, 0, w.b.len, w.b.data + 1000 * page);
	watched_free(&w);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(stale_unmapped),
	cmocka_unit_test(stale_unmapped_as_a_whole),
	cmocka_unit_test(stale_moved_away),
	cmocka_unit_test(stale_dontneed),
	cmocka_unit_test(stale_mapped_over),
	cmocka_unit_test(stale_hole_in_file),
	cmocka_unit_test(stale_file_cut_short),
	cmocka_unit_test(stale_file_mapped_elsewhere),
	cmocka_unit_test(stale_written_around_what_is_not_mapped),
	cmocka_unit_test(stale_second_range),
	cmocka_unit_test(stale_in_and_out),
	cmocka_unit_test(suspect_part_that_is_not_used),
	cmocka_unit_test(unwatched_region),
	cmocka_unit_test(unwatched_is_the_only_flag),
	cmocka_unit_test(watched_by_an_older_program),
	cmocka_unit_test(watched_region_of_nothing),
	cmocka_unit_test(watched_ranges_as_many_as_can_be),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of memory that is set aside for what can be moved: nothing stays pinned
 * there for longer than a call, or it could be taken away no more; for root
 *
 * The machine has a zone of it, where the kernel takes a program's memory from first.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "paging.h"
#include "pattern.h"
#include "region_calls.h"
#include "section_calls.h"

#define PAGES	64
#define SEED	5

/* The frames of the zone, which is on one node; it is there, or the test fails. */
static void find_zone(__u64 *start, __u64 *end)
{
	FILE *file = fopen("/proc/zoneinfo", "re");
	unsigned long long first = 0, spanned = 0;
	bool movable = false, found = false;
	char line[256], name[32];

	assert_non_null(file);
	while (!found && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Node %*d, zone %31s", name) == 1)
			movable = !strcmp(name, "Movable");
		if (movable && !sscanf(line, " spanned %llu", &spanned))
			found = sscanf(line, " start_pfn: %llu", &first) == 1;
	}
	fclose(file);
	assert_true(found && spanned);
	*start = first;
	*end = first + spanned;
}

/* Pages of the memory that are in the zone. */
static size_t movable_pages(const unsigned char *data, size_t len)
{
	__u64 start, end, frame;
	size_t at, nr = 0;

	find_zone(&start, &end);
	for (at = 0; at < len; at += page_size()) {
		frame = page_frame(data + at);
		nr += frame >= start && frame < end;
	}
	return nr;
}

static void assert_moved(int fd, __u32 id, const struct buffer *b)
{
	assert_int_equal(movable_pages(b->data, b->len), 0);
	assert_true(has_pattern(b->data, b->len, SEED));
	region_check(fd, id, 0, b->len, SEED);
	region_destroy(fd, id);
}

static void region_is_pinned_elsewhere(enum buffer_kind kind, __u32 rights)
{
	struct buffer b = buffer_make(kind, PAGES * page_size());
	int fd = device_open("test", O_RDWR);

	fill_pattern(b.data, b.len, SEED);
	assert_int_not_equal(movable_pages(b.data, b.len), 0);
	assert_moved(fd, region_make(fd, b.data, b.len, rights), &b);
	close(fd);
	buffer_free(&b);
}

static void movable_pages_of_a_region(void **state)
{
	region_is_pinned_elsewhere(BUFFER_ANON, READ_WRITE);
	region_is_pinned_elsewhere(BUFFER_ANON, KSHM_REGION_READ);
	region_is_pinned_elsewhere(BUFFER_MEMFD, READ_WRITE);
	region_is_pinned_elsewhere(BUFFER_SHARED, KSHM_REGION_READ);
}

static void movable_huge_pages_of_a_region(void **state)
{
	region_is_pinned_elsewhere(BUFFER_HUGE, READ_WRITE);
	region_is_pinned_elsewhere(BUFFER_HUGE, KSHM_REGION_READ);
}

/* A call that ends lets go of them before anybody has to wait. */
static void movable_pages_of_a_request(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, PAGES * page_size());
	struct kshm_test_work work = { .seed = SEED };
	struct kshm_ioc_control arg = request(KSHM_TEST_CHECK);
	int fd = device_open("test", O_RDWR);
	struct kshm_test_place place;
	size_t before;

	fill_pattern(b.data, b.len, SEED);
	before = movable_pages(b.data, b.len);
	assert_int_not_equal(before, 0);
	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = user_operand(b.data, b.len);
	control(fd, &arg);
	assert_int_equal(place.wrong, 0);
	assert_int_equal(movable_pages(b.data, b.len), before);
	close(fd);
	buffer_free(&b);
}

static void movable_pages_of_a_section(void **state)
{
	const size_t len = PAGES * page_size();
	int file = section_file(0, len, F_SEAL_SHRINK), fd = device_open("test", O_RDWR);
	unsigned char *data = section_map(file, len);
	__u32 id;

	fill_pattern(data, len, SEED);
	assert_int_not_equal(movable_pages(data, len), 0);
	id = section_attach(fd, file, KSHM_REGION_READ);
	region_check(fd, id, 0, len, SEED);
	/* Whoever has it mapped finds them anew. */
	assert_true(has_pattern(data, len, SEED));
	assert_int_equal(movable_pages(data, len), 0);
	close(fd);
	munmap(data, len);
	close(file);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(movable_pages_of_a_region),
	cmocka_unit_test(movable_huge_pages_of_a_region),
	cmocka_unit_test(movable_pages_of_a_request),
	cmocka_unit_test(movable_pages_of_a_section),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

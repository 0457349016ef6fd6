// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the device "copy": which bytes are where then
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "copy_pair.h"
#include "harness.h"
#include "leak.h"
#include "section_calls.h"
#include "spans.h"

WITH_SET_UP(copy_parts_of_every_shape)
{
	const size_t page = page_size(), len = a.len;
	const struct { size_t from, to, len; } parts[] = {
		{ 0, 0, 0 }, { 0, 0, 1 }, { 0, 0, len - 1 }, { 0, 0, len },
		{ 1, 0, len - 1 }, { 0, 1, len - 1 }, { len, len, 0 },
		{ len, 0, 0 }, { len - 1, len - 1, 1 }, { len - 1, 0, 1 },
		{ page - 1, 0, 2 }, { 0, page - 1, 2 }, { 3, page - 5, 2 * page + 1 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		memset(b.data, 0xee, b.len);
		copies_piece(region_operand(from, parts[i].from, parts[i].len),
			     region_operand(to, parts[i].to, parts[i].len));
		wrote(parts[i].to, parts[i].from, parts[i].len);
	}
}

#define AROUND	8
#define LONGEST	70

/* From and to a region, and each of both with plain memory, in turn. */
static void copies_around(long reads, long writes, size_t len, unsigned int turn)
{
	const size_t page = page_size();
	unsigned char *source = a.data + page, *border = b.data + page;

	harness_case();
	spans_guard(border);
	copies_piece(turn % 3 == 1 ? user_operand(source + reads, len) :
				     region_operand(from, page + reads, len),
		     turn % 3 == 2 ? user_operand(border + writes, len) :
				     region_operand(to, page + writes, len));
	assert_memory_equal(border + writes, source + reads, len);
	spans_guarded(border, writes, len);
}

/* Each side begins at every place around a border between two pages. */
WITH_SET_UP(copy_around_borders)
{
	const long step = harness_brief() ? 5 : 1;
	const size_t length_step = harness_brief() ? 7 : 1;
	unsigned int turn = 0;
	long reads, writes;
	size_t len;

	for (reads = -AROUND; reads <= AROUND; reads += step)
		for (writes = -AROUND; writes <= AROUND; writes += step)
			for (len = 0; len <= LONGEST; len += length_step)
				copies_around(reads, writes, len, turn++);
}

/* Borders of pieces and of pages of both sides, at different places. */
WITH_SET_UP(copy_many_pieces_to_others)
{
	const size_t page = page_size();
	const struct kshm_operand reads[] = {
		region_operand(from, 2 * page - 7, 9), region_operand(from, 0, 0),
		region_operand(from, 1, page + 3), region_operand(from, 5, 1),
		region_operand(from, 3 * page, page - 13),
	};
	const struct kshm_operand writes[] = {
		region_operand(to, page - 1, 3), region_operand(to, 2 * page - 8, page + 8),
		region_operand(to, b.len, 0), region_operand(to, 3 * page + 1, page - 11),
	};
	static unsigned char run[4 * 65536];
	size_t done = 0, i;

	for (i = 0; i < ARRAY_SIZE(reads); i++) {
		memcpy(run + done, a.data + reads[i].addr, reads[i].len);
		done += reads[i].len;
	}
	copy_set(reads, ARRAY_SIZE(reads), writes, ARRAY_SIZE(writes));
	copy_works(fd, done);
	for (i = 0, done = 0; i < ARRAY_SIZE(writes); i++) {
		assert_memory_equal(b.data + writes[i].addr, run + done, writes[i].len);
		done += writes[i].len;
	}
}

WITH_SET_UP(copy_of_nothing)
{
	const struct kshm_operand none[] = {
		region_operand(from, 0, 0), region_operand(from, a.len, 0),
	};
	__u32 empty = region_make(fd, NULL, 0, READ_WRITE);

	copy_set(NULL, 0, NULL, 0);
	copy_works(fd, 0);
	copy_set(none, 2, NULL, 0);
	copy_works(fd, 0);
	copies_piece(region_operand(empty, 0, 0), region_operand(empty, 0, 0));
	region_destroy(fd, empty);
}

WITH_SET_UP(copy_of_as_many_pieces_as_there_may_be)
{
	const __u32 half = KSHM_COPY_MAX_PIECES / 2;
	struct kshm_ioc_control arg;
	struct kshm_explain why;
	__u32 i;

	copy.head = (struct kshm_copy){ .nr_from = half, .nr_to = half };
	for (i = 0; i < half; i++) {
		copy.pieces[i] = region_operand(from, i, 1);
		copy.pieces[half + i] = region_operand(to, half - 1 - i, 1);
	}
	copy_works(fd, half);
	for (i = 0; i < half; i++)
		assert_int_equal(b.data[half - 1 - i], a.data[i]);
	copy.head.nr_to++;
	arg = copy_request();
	why = control_error(fd, &arg, EMSGSIZE, KSHM_EXPLAIN_LONG, KSHM_OPERAND_IN);
	assert_int_equal(why.limit, sizeof(copy.head) +
			 KSHM_COPY_MAX_PIECES * sizeof(copy.pieces[0]));
}

/* Larger than what is copied in one go, from pages to huge pages and back. */
static void copy_of_much(void **state)
{
	struct buffer large = buffer_make(BUFFER_ANON, 5 << 19);
	struct buffer other = buffer_make(BUFFER_MEMFD, 5 << 19);
	__u32 reads, writes;

	fd = device_open("copy", O_RDWR);
	fill_pattern(large.data, large.len, SEED);
	reads = region_make(fd, large.data, large.len, KSHM_REGION_READ);
	writes = region_make(fd, other.data, other.len, KSHM_REGION_WRITE);
	copies_piece(region_operand(reads, 0, large.len - 1),
		     region_operand(writes, 1, large.len - 1));
	assert_memory_equal(other.data + 1, large.data, large.len - 1);
	close(fd);
	buffer_free(&large);
	buffer_free(&other);
}

/* What the other process does: its status. */
static int other_process(int to_read, int to_write, size_t len)
{
	int handle = device_open("copy", O_RDWR);
	struct buffer own = buffer_make(BUFFER_ANON, len);
	__u32 reads = region_import(handle, to_read, KSHM_REGION_READ);
	__u32 writes = region_import(handle, to_write, KSHM_REGION_WRITE);
	__u32 mine = region_make(handle, own.data, own.len, READ_WRITE);

	set_piece(region_operand(reads, 0, len), region_operand(mine, 0, len));
	copy_works(handle, len);
	if (!has_pattern(own.data, len, SEED))
		return 1;
	fill_pattern(own.data, len, SEED + 1);
	set_piece(region_operand(mine, 1, len - 1), region_operand(writes, 1, len - 1));
	copy_works(handle, len - 1);
	return 0;
}

WITH_SET_UP(copy_between_processes)
{
	int to_read = region_export(fd, from, KSHM_REGION_READ);
	int to_write = region_export(fd, to, KSHM_REGION_WRITE), status;
	unsigned char *expected = calloc(1, b.len);
	pid_t child;

	fill_pattern(expected, b.len, SEED + 1);
	expected[0] = 0xee;
	memset(b.data, 0xee, b.len);
	child = fork();
	if (!child)
		_exit(other_process(to_read, to_write, a.len));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_memory_equal(b.data, expected, b.len);
	free(expected);
	close(to_read);
	close(to_write);
}

WITH_SET_UP(copy_to_a_section_and_back)
{
	int file = section_file(0, a.len, F_SEAL_SHRINK);
	__u32 section = section_attach(fd, file, READ_WRITE);
	unsigned char *there = section_map(file, a.len);

	copies_piece(region_operand(from, 3, a.len - 3),
		     region_operand(section, 0, a.len - 3));
	assert_memory_equal(there, a.data + 3, a.len - 3);
	memset(b.data, 0xee, b.len);
	copies_piece(region_operand(section, 1, a.len - 4),
		     region_operand(to, 2, a.len - 4));
	wrote(2, 4, a.len - 4);
	assert_int_equal(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				   page_size(), page_size()), 0);
	refuses_piece(region_operand(section, 0, a.len), region_operand(to, 0, a.len),
		      ESTALE, KSHM_EXPLAIN_HOLE, READS(0));
	munmap(there, a.len);
	close(file);
	region_destroy(fd, section);
}

/* Many of much, so that it takes long; what is killed meanwhile leaves nothing. */
static void copy_can_be_killed(void **state)
{
	const __u32 half = KSHM_COPY_MAX_PIECES / 2;
	struct kshm_ioc_control arg;
	int status;
	pid_t child;
	__u32 i;

	a = buffer_make(BUFFER_SHARED, 1 << 20);
	b = buffer_make(BUFFER_SHARED, 1 << 20);
	fd = device_open("copy", O_RDWR);
	from = region_make(fd, a.data, a.len, KSHM_REGION_READ);
	to = region_make(fd, b.data, b.len, KSHM_REGION_WRITE);
	copy.head = (struct kshm_copy){ .nr_from = half, .nr_to = half };
	for (i = 0; i < half; i++) {
		copy.pieces[i] = region_operand(from, 0, a.len);
		copy.pieces[half + i] = region_operand(to, 0, b.len);
	}
	child = fork();
	if (!child) {
		arg = copy_request();
		for (;;)
			control_try(fd, &arg);
	}
	while (region_query(fd, to).out_uses < half)
		usleep(1000);
	assert_int_equal(region_destroy_try(fd, from, 0), -EBUSY);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	tear_down();
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(copy_parts_of_every_shape),
	cmocka_unit_test(copy_around_borders),
	cmocka_unit_test(copy_many_pieces_to_others),
	cmocka_unit_test(copy_of_nothing),
	cmocka_unit_test(copy_of_as_many_pieces_as_there_may_be),
	cmocka_unit_test(copy_of_much),
	cmocka_unit_test(copy_between_processes),
	cmocka_unit_test(copy_to_a_section_and_back),
	cmocka_unit_test(copy_can_be_killed),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

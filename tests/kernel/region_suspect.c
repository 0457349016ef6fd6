// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of regions that are suspect, and found to be what they were; root's, who
 * can have memory swapped, moved and merged
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "in_child.h"
#include "kshm_test.h"
#include "leak.h"
#include "paging.h"
#include "pattern.h"
#include "region_calls.h"
#include "release.h"
#include "setting.h"
#include "watched.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25	/* since Linux 6.1 */
#endif

static long read_from(const char *path)
{
	FILE *file = fopen(path, "re");
	long value;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld", &value), 1);
	fclose(file);
	return value;
}

static void suspect_protection(void **state)
{
	struct watched w;
	size_t i;

	for (i = 0; i < WATCHED_KINDS; i++) {
		w = watched_make_pages(watched_kinds[i]);
		fill_pattern(w.b.data, w.b.len, 3);
		/* Moved away and back, so that it is looked up with any protection. */
		assert_int_equal(mprotect(w.b.data, w.b.len, PROT_READ), 0);
		assert_int_equal(watched_check(w.fd, w.id, 0, w.b.len, 3), 0);
		assert_int_equal(mprotect(w.b.data, w.b.len, PROT_NONE), 0);
		assert_int_equal(watched_check(w.fd, w.id, 0, w.b.len, 3), 0);
		assert_int_equal(mprotect(w.b.data, w.b.len, PROT_READ | PROT_WRITE), 0);
		watched_is_true(&w);
		watched_free(&w);
	}
}

/*
 * Written to once more each page faults, and is the same: nothing has to be looked up.
 */
static void suspect_soft_dirty(void **state)
{
	struct watched w;
	size_t i;

	/* Where that is not to be had nothing comes of it. */
	assert_true(has_soft_dirty() || !release_is_debians());
	for (i = 0; i < WATCHED_KINDS; i++) {
		w = watched_make_pages(watched_kinds[i]);
		clear_soft_dirty();
		assert_int_equal(watched_state(&w), KSHM_STATE_WATCHED);
		watched_is_true(&w);
		assert_int_equal(watched_state(&w), KSHM_STATE_WATCHED);
		watched_free(&w);
	}
}

static void move(unsigned char *from, unsigned char *to, size_t len)
{
	assert_ptr_equal(mremap(from, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, to), to);
}

/* Somewhere else for a while, and looked up when it may not be read. */
static void suspect_moved_and_back(void **state)
{
	const enum buffer_kind movable[] = {
		BUFFER_ANON, BUFFER_SHARED, BUFFER_MEMFD, BUFFER_HUGE,
	};
	struct watched w;
	void *to;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(movable); i++) {
		w = watched_make_pages(movable[i]);
		to = watched_unused(w.b.len);
		move(w.b.data, to, w.b.len);
		move(to, w.b.data, w.b.len);
		watched_was_suspect(&w);
		move(w.b.data, to, w.b.len);
		move(to, w.b.data, w.b.len);
		fill_pattern(w.b.data, w.b.len, 3);
		assert_int_equal(mprotect(w.b.data, w.b.len, PROT_NONE), 0);
		assert_int_equal(watched_check(w.fd, w.id, 0, w.b.len, 3), 0);
		assert_int_equal(watched_state(&w), KSHM_STATE_WATCHED);
		watched_free(&w);
	}
}

/* A shared mapping has the same pages when they are next touched, and before. */
static void suspect_shared_dontneed(void **state)
{
	struct watched w;
	size_t i;

	for (i = 0; i < WATCHED_KINDS; i++) {
		if (watched_kinds[i] == BUFFER_ANON || watched_kinds[i] == BUFFER_HUGE)
			continue;
		w = watched_make_pages(watched_kinds[i]);
		assert_int_equal(madvise(w.b.data, w.b.len, MADV_DONTNEED), 0);
		watched_was_suspect(&w);
		fill_pattern(w.b.data, w.b.len, 3);
		assert_int_equal(madvise(w.b.data, w.b.len, MADV_DONTNEED), 0);
		if (is_present(w.b.data))
			fail_msg("%s: there all the same", buffer_kind_name(watched_kinds[i]));
		assert_int_equal(watched_check(w.fd, w.id, 0, w.b.len, 3), 0);
		/* Nothing is brought in to look, but by hugetlb, which has it. */
		if (watched_kinds[i] != BUFFER_HUGETLB) {
			assert_false(is_present(w.b.data));
			assert_false(is_present(w.b.data + w.b.len - page_size()));
		}
		watched_free(&w);
	}
}

/* The same place of the same file. */
static void suspect_same_file_mapped_anew(void **state)
{
	struct watched w;
	int file;
	void *p;

	w = watched_make_of_file(&file);
	p = mmap(w.b.data, w.b.len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		 file, 0);
	assert_ptr_equal(p, w.b.data);
	watched_was_suspect(&w);
	watched_free(&w);
	close(file);
}

/* A mapping that begins in the middle of what is one huge page of the file's. */
static void suspect_middle_of_huge_page(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGETLB, HUGE_SIZE);
	struct watched w = { .b = b, .fd = device_open("test", O_RDWR) };

	w.b.data += 5 * page_size();
	w.b.len = 7 * page_size();
	w.id = region_make(w.fd, w.b.data, w.b.len, READ_WRITE);
	watched_is_true(&w);
	assert_int_equal(madvise(b.data, b.len, MADV_DONTNEED), 0);
	watched_was_suspect(&w);
	close(w.fd);
	buffer_free(&b);
}

/* A child, that has no page of its own before it writes. */
static void live_beside(void *data)
{
	child_stop();
}

static void write_beside(void *data)
{
	const struct watched *w = data;

	memset(w->b.data, 0, w->b.len);
	child_stop();
}

static void suspect_fork(void **state)
{
	struct watched w;
	struct child child;
	size_t i;

	for (i = 0; i < WATCHED_KINDS; i++) {
		w = watched_make_pages(watched_kinds[i]);
		child = child_make(watched_kinds[i] == BUFFER_ANON ? write_beside : live_beside,
				   &w);
		watched_is_true(&w);
		child_end(&child);
		watched_is_true(&w);
		watched_free(&w);
	}
}

/* Half of a huge page, whose other half goes. */
static void suspect_neighbour_unmapped(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGE, HUGE_SIZE);
	struct watched w = { .b = b, .fd = device_open("test", O_RDWR) };

	w.b.len = HUGE_SIZE / 2;
	w.id = region_make(w.fd, w.b.data, w.b.len, READ_WRITE);
	watched_is_true(&w);
	assert_int_equal(watched_state(&w), KSHM_STATE_WATCHED);
	assert_int_equal(munmap(b.data + HUGE_SIZE / 2, HUGE_SIZE / 2), 0);
	watched_was_suspect(&w);
	watched_free(&w);
}

/* A huge page in small ones, and whatever comes of making it huge again. */
static void suspect_split_and_collapsed(void **state)
{
	struct watched w = watched_make_pages(BUFFER_HUGE);
	int round;

	for (round = 0; round < 3; round++) {
		fill_pattern(w.b.data, w.b.len, round);
		assert_int_equal(mprotect(w.b.data + page_size(), page_size(),
					  PROT_READ), 0);
		assert_int_equal(watched_check(w.fd, w.id, 0, w.b.len, round), 0);
		assert_int_equal(mprotect(w.b.data, w.b.len, PROT_READ | PROT_WRITE), 0);
		(void)madvise(w.b.data, w.b.len, MADV_COLLAPSE);
		watched_is_true(&w);
	}
	watched_free(&w);
}

static void suspect_small_pages_collapsed(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGE, HUGE_SIZE);
	struct watched w = { .b = b, .fd = device_open("test", O_RDWR) };

	/* Mapped anew in small pages. */
	assert_int_equal(madvise(b.data, b.len, MADV_DONTNEED), 0);
	assert_int_equal(madvise(b.data, b.len, MADV_NOHUGEPAGE), 0);
	memset(b.data, 1, b.len);
	w.id = region_make(w.fd, w.b.data, w.b.len, READ_WRITE);
	watched_is_true(&w);
	assert_int_equal(madvise(b.data, b.len, MADV_HUGEPAGE), 0);
	(void)madvise(b.data, b.len, MADV_COLLAPSE);
	watched_is_true(&w);
	watched_free(&w);
}

static void suspect_compaction(void **state)
{
	struct watched w;
	int round;
	size_t i;

	for (i = 0; i < WATCHED_KINDS; i++) {
		w = watched_make_pages(watched_kinds[i]);
		for (round = 0; round < 3; round++) {
			write_to("/proc/sys/vm/compact_memory", "1");
			watched_is_true(&w);
		}
		watched_free(&w);
	}
}

#define KSM	"/sys/kernel/mm/ksm/"

/* Its pages, all the same, beside others that are the same and not pinned. */
static void suspect_merged(void **state)
{
	struct watched w = watched_make_pages(BUFFER_ANON);
	/* At a lower address, and so merged before the pinned ones are tried. */
	struct buffer other = buffer_make(BUFFER_ANON, WATCHED_PAGES * page_size());
	long scans;
	size_t at;

	memset(w.b.data, 0x77, w.b.len);
	memset(other.data, 0x77, other.len);
	assert_int_equal(madvise(w.b.data, w.b.len, MADV_MERGEABLE), 0);
	assert_int_equal(madvise(other.data, other.len, MADV_MERGEABLE), 0);
	scans = read_from(KSM "full_scans");
	write_to(KSM "pages_to_scan", "10000");
	write_to(KSM "run", "1");
	while (read_from(KSM "full_scans") < scans + 4)
		usleep(10000);
	assert_true(read_from(KSM "pages_sharing") > 0);
	write_to(KSM "run", "0");
	for (at = 0; at < w.b.len; at++)
		assert_int_equal(w.b.data[at], 0x77);
	watched_is_true(&w);
	write_to(KSM "run", "2");
	watched_is_true(&w);
	write_to(KSM "run", "0");
	watched_free(&w);
	buffer_free(&other);
}

/* What is not pinned goes, so that what is was asked for, too. */
static void page_out(struct watched *w, enum buffer_kind kind)
{
	struct buffer other = buffer_make(kind, WATCHED_PAGES * page_size());

	assert_int_equal(madvise(other.data, other.len, MADV_PAGEOUT), 0);
	assert_int_equal(madvise(w->b.data, w->b.len, MADV_PAGEOUT), 0);
	assert_false(is_present(other.data));
	buffer_free(&other);
}

static void suspect_paged_out(void **state)
{
	const enum buffer_kind swapped[] = { BUFFER_ANON, BUFFER_SHARED, BUFFER_MEMFD };
	const char *where[ARRAY_SIZE(swapped)];
	struct watched w;
	size_t i;

	swap_on();
	for (i = 0; i < ARRAY_SIZE(swapped); i++) {
		w = watched_make_pages(swapped[i]);
		page_out(&w, swapped[i]);
		where[i] = is_present(w.b.data) ? "mapped" : "not mapped";
		watched_is_true(&w);
		fill_pattern(w.b.data, w.b.len, 3);
		page_out(&w, swapped[i]);
		/* Looked up before the program touches it again. */
		assert_int_equal(watched_check(w.fd, w.id, 0, w.b.len, 3), 0);
		assert_true(has_pattern(w.b.data, w.b.len, 3));
		watched_is_true(&w);
		watched_free(&w);
	}
	harness_note("pinned pages of %s are %s, of %s %s, of %s %s",
		     buffer_kind_name(swapped[0]), where[0], buffer_kind_name(swapped[1]),
		     where[1], buffer_kind_name(swapped[2]), where[2]);
	swap_off();
}

/* A file's page that is read only, and taken out of the page table. */
static void suspect_file_for_reading(void **state)
{
	struct buffer b = buffer_make(BUFFER_FILE, WATCHED_PAGES * page_size());
	int fd = device_open("test", O_RDWR);
	__u32 id = region_make(fd, b.data, b.len, KSHM_REGION_READ);

	fill_pattern(b.data, b.len, 3);
	assert_int_equal(msync(b.data, b.len, MS_SYNC), 0);
	assert_int_equal(madvise(b.data, b.len, MADV_PAGEOUT), 0);
	assert_int_equal(watched_check(fd, id, 0, b.len, 3), 0);
	assert_int_equal(madvise(b.data, b.len, MADV_DONTNEED), 0);
	assert_int_equal(watched_check(fd, id, 0, b.len, 3), 0);
	close(fd);
	buffer_free(&b);
}

/* All are suspect, and mapped again: the very same pages. */
static void zap_and_touch(const struct watched *w)
{
	size_t at;

	assert_int_equal(madvise(w->b.data, w->b.len, MADV_DONTNEED), 0);
	for (at = 0; at < w->b.len; at += page_size())
		*(volatile unsigned char *)(w->b.data + at);
	assert_int_equal(watched_state(w), KSHM_STATE_WATCHED | KSHM_STATE_SUSPECT);
}

/* More than is looked at by one use: it gets less by each, whatever they use. */
static void suspect_until_all_was_looked_at(void **state)
{
	const size_t len = 3 * 512 * page_size(), part = 16 * page_size();
	struct watched w = watched_make(BUFFER_SHARED, len);
	int uses, tries = 0;

	fill_pattern(w.b.data + len / 2, part, 3);
	do {
		assert_true(tries++ < 5);
		zap_and_touch(&w);
		for (uses = 0; uses < 5; uses++)
			assert_int_equal(watched_check(w.fd, w.id, len / 2, part, 3), 0);
	} while (watched_state(&w) & KSHM_STATE_SUSPECT);
	watched_is_true(&w);
	watched_free(&w);
}

/*
 * The last pages first. Each use looks at 512 more, so that two are enough only if the
 * first has left what comes before what it used. Others can mark pages meanwhile, but
 * not each time.
 */
static void suspect_from_its_end(void **state)
{
	const size_t part = 16 * page_size(), len = 2 * 512 * page_size() + part;
	struct watched w = watched_make(BUFFER_SHARED, len);
	int tries = 0;

	fill_pattern(w.b.data + len - part, part, 3);
	do {
		assert_true(tries++ < 5);
		zap_and_touch(&w);
		assert_int_equal(watched_check(w.fd, w.id, len - part, part, 3), 0);
		assert_true(watched_state(&w) & KSHM_STATE_SUSPECT);
		assert_int_equal(watched_check(w.fd, w.id, len - part, part, 3), 0);
	} while (watched_state(&w) & KSHM_STATE_SUSPECT);
	watched_is_true(&w);
	watched_free(&w);
}

/*
 * What is not mapped stays suspect, though all of it is used, and others are not looked
 * up for ever because of it: once it is touched, and used, nothing is suspect, whatever
 * is used besides. Others can mark pages meanwhile, but not each time.
 */
static bool settles_after(const struct watched *w, size_t away)
{
	const size_t part = 16 * page_size();
	int uses;

	zap_and_touch(w);
	assert_int_equal(madvise(w->b.data + away, page_size(), MADV_DONTNEED), 0);
	for (uses = 0; uses < 5; uses++)
		assert_int_equal(watched_check(w->fd, w->id, 0, w->b.len, 3), 0);
	assert_int_equal(watched_state(w), KSHM_STATE_WATCHED | KSHM_STATE_SUSPECT);
	assert_false(is_present(w->b.data + away));
	*(volatile unsigned char *)(w->b.data + away);
	assert_int_equal(watched_check(w->fd, w->id, 0, w->b.len, 3), 0);

	fill_pattern(w->b.data + w->b.len - part, part, 4);
	assert_int_equal(madvise(w->b.data, page_size(), MADV_DONTNEED), 0);
	for (uses = 0; uses < 5; uses++)
		assert_int_equal(watched_check(w->fd, w->id, w->b.len - part, part, 4), 0);
	*(volatile unsigned char *)w->b.data;
	assert_int_equal(watched_check(w->fd, w->id, 0, page_size(), 3), 0);
	for (uses = 0; uses < 5; uses++)
		assert_int_equal(watched_check(w->fd, w->id, w->b.len - part, part, 4), 0);
	return watched_state(w) == KSHM_STATE_WATCHED;
}

static void suspect_until_it_is_mapped(void **state)
{
	const size_t len = 3 * 512 * page_size();
	struct watched w = watched_make(BUFFER_SHARED, len);
	int tries = 0;

	do {
		assert_true(tries++ < 5);
		fill_pattern(w.b.data, len, 3);
	} while (!settles_after(&w, len / 2));
	watched_is_true(&w);
	watched_free(&w);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(suspect_protection),
	cmocka_unit_test(suspect_soft_dirty),
	cmocka_unit_test(suspect_moved_and_back),
	cmocka_unit_test(suspect_shared_dontneed),
	cmocka_unit_test(suspect_same_file_mapped_anew),
	cmocka_unit_test(suspect_middle_of_huge_page),
	cmocka_unit_test(suspect_fork),
	cmocka_unit_test(suspect_neighbour_unmapped),
	cmocka_unit_test(suspect_split_and_collapsed),
	cmocka_unit_test(suspect_small_pages_collapsed),
	cmocka_unit_test(suspect_compaction),
	cmocka_unit_test(suspect_merged),
	cmocka_unit_test(suspect_paged_out),
	cmocka_unit_test(suspect_file_for_reading),
	cmocka_unit_test(suspect_until_all_was_looked_at),
	cmocka_unit_test(suspect_until_it_is_mapped),
	cmocka_unit_test(suspect_from_its_end),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

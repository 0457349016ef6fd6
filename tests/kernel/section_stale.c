// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of sections whose file loses pages, or is sealed, while they are
 * attached and used
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pattern.h"
#include "race.h"
#include "section_calls.h"

#define SEED	31
#define PAGES	4

static void punch(int file, off_t offset, off_t len)
{
	assert_int_equal(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				   offset, len), 0);
}

static void refused_at(const struct section *s, __u32 code, size_t offset, size_t len,
		       size_t lost)
{
	struct kshm_test_work work = { .seed = SEED };
	struct kshm_test_place place;
	struct kshm_ioc_control arg = request(code);
	struct kshm_explain why;

	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = region_operand(s->id, offset, len);
	why = control_error(s->fd, &arg, ESTALE, KSHM_EXPLAIN_HOLE, KSHM_OPERAND_DATA);
	assert_int_equal(why.needed, lost);
	assert_int_equal(why.used, s->id);
}

/* The use of a part finds that the page at @lost has gone; from then on all are refused. */
static void is_stale(const struct section *s, size_t offset, size_t len, size_t lost)
{
	assert_int_equal(region_query(s->fd, s->id).out_state, KSHM_STATE_SECTION);
	refused_at(s, KSHM_TEST_CHECK, offset, len, lost);
	assert_int_equal(region_query(s->fd, s->id).out_state,
			 KSHM_STATE_SECTION | KSHM_STATE_STALE);
	refused_at(s, KSHM_TEST_CHECK, 0, 0, lost);
	refused_at(s, KSHM_TEST_FILL, 0, s->len, lost);
	refused_at(s, KSHM_TEST_FILL, s->len - 1, 1, lost);
	assert_int_equal(region_query(s->fd, s->id).out_uses, 0);
	region_destroy(s->fd, s->id);
}

/* Whether the file gets another page there, or has none. */
static void section_with_a_hole(void **state)
{
	struct section s;
	size_t k, step;
	int refill;

	for (k = 0; k < SECTION_KINDS; k++)
		for (refill = 0; refill < 2; refill++) {
			step = section_step(section_kinds[k]);
			s = section_make(section_kinds[k], 2 + 2 * !k);
			punch(s.file, s.len - step, step);
			if (refill)
				s.data[s.len - 1] = 1;
			is_stale(&s, 0, s.len, s.len - step);
			section_free(&s);
		}
}

static void section_as_a_whole_a_hole(void **state)
{
	struct section s = section_make(0, PAGES);

	punch(s.file, 0, s.len);
	is_stale(&s, 2 * page_size() + 1, 1, 2 * page_size());
	section_free(&s);
}

static void section_with_memory_removed(void **state)
{
	struct section s = section_make(0, PAGES);

	assert_int_equal(madvise(s.data + page_size(), page_size(), MADV_REMOVE), 0);
	is_stale(&s, page_size() - 1, 2, page_size());
	section_free(&s);
}

/* What is not used does not matter, until it is. */
static void section_with_a_hole_elsewhere(void **state)
{
	const size_t page = page_size();
	struct section s = section_make(0, PAGES);
	int n;

	punch(s.file, 2 * page, page);
	for (n = 0; n < 3; n++) {
		section_is_true(&s, 0, 2 * page);
		section_is_true(&s, 3 * page, page);
		section_is_true(&s, 2 * page, 0);
	}
	assert_int_equal(region_query(s.fd, s.id).out_state, KSHM_STATE_SECTION);
	is_stale(&s, 3 * page - 1, 1, 2 * page);
	section_free(&s);
}

/* The number is one in the file, not in the region, which has no part in holes elsewhere. */
static void section_of_a_part_with_a_hole(void **state)
{
	const size_t page = page_size();
	struct section s = section_make(0, PAGES);
	struct kshm_ioc_section_attach arg = section_request(s.file, READ_WRITE);
	int n;

	region_destroy(s.fd, s.id);
	arg.offset = page;
	arg.len = 2 * page;
	assert_int_equal(section_try(s.fd, &arg, NULL), 0);
	punch(s.file, 3 * page, page);
	for (n = 0; n < 10; n++) {
		punch(s.file, 0, page);
		s.data[0] = n;
		region_fill(s.fd, arg.out_id, 0, n % 2 ? 1 : arg.len, SEED + n);
		assert_true(has_pattern(s.data + page, n % 2 ? 1 : arg.len, SEED + n));
		assert_int_equal(s.data[0], n);
	}
	punch(s.file, 2 * page, page);
	s.id = arg.out_id;
	s.len = arg.len;
	is_stale(&s, 0, arg.len, 2 * page);
	s.len = PAGES * page;
	section_free(&s);
}

/* Less than a page is no hole: its bytes are zero from then on, for all. */
static void section_with_bytes_zeroed(void **state)
{
	struct section s;
	size_t k, step;

	for (k = 0; k < SECTION_KINDS; k++) {
		step = section_step(section_kinds[k]);
		s = section_make(section_kinds[k], 2);
		memset(s.data, 0xee, s.len);
		punch(s.file, step - 10, 20);
		section_is_true(&s, 0, s.len);
		section_is_true(&s, step - 10, 20);
		section_free(&s);
	}
}

/* As in or out, too, which are copied. */
static void section_in_and_out_with_a_hole(void **state)
{
	struct section s = section_make(0, PAGES);
	struct kshm_ioc_control arg = request(KSHM_TEST_CHECK_COPIED);

	punch(s.file, 0, page_size());
	arg.in = region_operand(s.id, 1, 1);
	control_error(s.fd, &arg, ESTALE, KSHM_EXPLAIN_HOLE, KSHM_OPERAND_IN);
	arg = request(KSHM_TEST_FILL_COPIED);
	arg.out = region_operand(s.id, 1, 1);
	control_error(s.fd, &arg, ESTALE, KSHM_EXPLAIN_HOLE, KSHM_OPERAND_OUT);
	section_free(&s);
}

/* The file is as good as ever, and so is what is attached of it afterwards. */
static void section_attached_again(void **state)
{
	struct section s = section_make(0, PAGES);
	__u32 again;

	punch(s.file, 0, s.len);
	again = section_attach(s.fd, s.file, READ_WRITE);
	is_stale(&s, 0, s.len, 0);
	s.id = again;
	section_is_true(&s, 0, s.len);
	section_free(&s);
}

/* Who can write to it can give it no hole any more: nothing is looked for. */
static void section_sealed_keeps_its_pages(void **state)
{
	struct section s;
	size_t k;

	for (k = 0; k < SECTION_KINDS; k++) {
		s = section_make(section_kinds[k], 2);
		section_is_true(&s, 0, s.len);
		assert_int_equal(fcntl(s.file, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
		section_is_true(&s, 0, 1);
		assert_int_equal(fallocate(s.file, FALLOC_FL_PUNCH_HOLE |
					   FALLOC_FL_KEEP_SIZE, 0, s.len), -1);
		assert_int_equal(madvise(s.data, s.len, MADV_REMOVE), -1);
		section_is_true(&s, 0, s.len);
		section_free(&s);
	}
}

/* What it had before it is as stale as ever. */
static void section_sealed_with_a_hole(void **state)
{
	const size_t page = page_size();
	struct section s = section_make(0, PAGES);
	int n;

	punch(s.file, page, page);
	assert_int_equal(fcntl(s.file, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
	for (n = 0; n < 3; n++)
		section_is_true(&s, 2 * page, 2 * page);
	is_stale(&s, 2 * page - 1, 1, page);
	section_free(&s);
}

/* Each page of it goes, once. */
static void punch_all(void *data)
{
	const struct section *s = data;
	size_t at;

	for (at = 0; at < s->len; at += page_size())
		punch(s->file, at, page_size());
}

/*
 * Attached it is either true, then and when the holes have ended, or known to be stale.
 * Whether it is stale.
 */
static bool attach_among_holes(struct race *race, struct section *s)
{
	struct kshm_ioc_section_attach arg = section_request(s->file, READ_WRITE);
	struct kshm_explain why;
	bool stale;
	int ret;

	race_start(race, s);
	ret = section_try(s->fd, &arg, &why);
	race_end(race);
	if (ret) {
		assert_int_equal(ret, -ESTALE);
		assert_int_equal(why.check, KSHM_EXPLAIN_HOLE);
		assert_int_equal(why.used, 0);
		return true;
	}
	s->id = arg.out_id;
	stale = region_fill_try(s->fd, s->id, 0, s->len, SEED);
	if (region_query(s->fd, s->id).out_state == KSHM_STATE_SECTION)
		assert_true(has_pattern(s->data, s->len, SEED));
	region_destroy(s->fd, s->id);
	return stale;
}

static void section_attached_among_holes(void **state)
{
	struct race race = { .other = punch_all };
	struct section s = section_make(0, 64);

	while (race_goes_on(&race, harness_brief() ? 3 : 20))
		race_came_out(&race, attach_among_holes(&race, &s));
	harness_note("%u stale, %u not", race.firsts, race.seconds);
	section_free(&s);
}

/* What a thread does to a file while it is attached, until it is told to end. */
struct meanwhile {
	pthread_t thread;
	int file;
	size_t len;
	bool end;
};

/* What a thread puts in the place of the mapping that an attach has for a moment. */
struct replacement {
	struct meanwhile m;
	unsigned char *data;	/* where the section is mapped anyway */
	int other;		/* a file, from its first page on; -1: none */
	void *at;		/* where it did so last; NULL: nowhere */
};

/* Where else a section is mapped, or NULL. */
static void *second_mapping(const unsigned char *first)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long start, found = 0;
	char line[256];

	while (maps && !found && fgets(line, sizeof(line), maps))
		if (strstr(line, "/memfd:section") &&
		    sscanf(line, "%lx-", &start) == 1 && start != (unsigned long)first)
			found = start;
	if (maps)
		fclose(maps);
	return (void *)found;
}

static void *replaces(void *data)
{
	struct replacement *r = data;
	void *at;

	while (!r->at && !__atomic_load_n(&r->m.end, __ATOMIC_RELAXED)) {
		at = second_mapping(r->data);
		if (!at)
			continue;
		if (r->other == -1)
			r->at = mmap(at, r->m.len, PROT_READ | PROT_WRITE, MAP_FIXED |
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		else
			r->at = mmap(at, r->m.len, PROT_READ | PROT_WRITE,
				     MAP_FIXED | MAP_SHARED, r->other, 0);
	}
	return NULL;
}

/*
 * Whatever is mapped there meanwhile, what is attached is the file, from its second
 * page on.
 */
static bool attach_replaced(const struct section *s, int other)
{
	const size_t page = page_size();
	struct replacement r = {
		.m = { .len = s->len - page }, .data = s->data, .other = other,
	};
	struct kshm_ioc_section_attach arg = section_request(s->file, READ_WRITE);
	struct section part = *s;
	struct kshm_explain why;
	int ret;

	arg.offset = page;
	assert_int_equal(pthread_create(&r.m.thread, NULL, replaces, &r), 0);
	ret = section_try(s->fd, &arg, &why);
	__atomic_store_n(&r.m.end, true, __ATOMIC_RELAXED);
	pthread_join(r.m.thread, NULL);
	if (r.at)
		munmap(r.at, r.m.len);
	if (ret) {
		assert_int_equal(ret, -ESTALE);
		assert_int_equal(why.check, KSHM_EXPLAIN_HOLE);
		return true;
	}
	part.id = arg.out_id;
	part.data += page;
	part.len -= page;
	section_is_true(&part, 0, part.len);
	region_destroy(s->fd, part.id);
	return false;
}

/* That it takes a while to attach it, it has no pages when that begins. */
static void section_mapping_replaced(void **state)
{
	struct section s = section_make(0, 900);
	unsigned int good = 0, bad[3] = { 0 }, n;
	int others[3] = { s.file, section_file(0, s.len, F_SEAL_SHRINK), -1 };

	region_destroy(s.fd, s.id);
	for (n = 0; n < RACE_TRIES; n++) {
		if (n >= (harness_brief() ? 9 : 30) && bad[0] && bad[1] && bad[2])
			break;
		punch(s.file, 0, s.len);
		if (attach_replaced(&s, others[n % 3]))
			bad[n % 3]++;
		else
			good++;
	}
	harness_note("%u, %u and %u refused, %u not", bad[0], bad[1], bad[2], good);
	assert_true(bad[0] && bad[1] && bad[2]);
	close(others[1]);
	section_free(&s);
}

static void seal(void *data)
{
	struct meanwhile *m = data;

	m->end = !fcntl(m->file, F_ADD_SEALS, F_SEAL_WRITE);
}

/* Sealed against writing, or attached for it; never both. Whether it was attached. */
static bool attach_while_it_is_sealed(struct race *race, int fd)
{
	struct meanwhile m = { .file = section_file(0, page_size(), F_SEAL_SHRINK) };
	struct kshm_ioc_section_attach arg = section_request(m.file, READ_WRITE);
	struct kshm_explain why;
	int ret;

	race_start(race, &m);
	ret = section_try(fd, &arg, &why);
	race_end(race);
	close(m.file);
	assert_int_equal(m.end, !!ret);
	if (ret) {
		assert_int_equal(ret, -EACCES);
		assert_int_equal(why.check, KSHM_EXPLAIN_SEALED);
		return false;
	}
	region_destroy(fd, arg.out_id);
	return true;
}

static void section_attached_while_it_is_sealed(void **state)
{
	int fd = device_open("test", O_RDWR);
	struct race race = { .other = seal };

	while (race_goes_on(&race, harness_brief() ? 3 : 10))
		race_came_out(&race, attach_while_it_is_sealed(&race, fd));
	harness_note("%u sealed, %u attached", race.seconds, race.firsts);
	close(fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(section_with_a_hole),
	cmocka_unit_test(section_as_a_whole_a_hole),
	cmocka_unit_test(section_with_memory_removed),
	cmocka_unit_test(section_with_a_hole_elsewhere),
	cmocka_unit_test(section_of_a_part_with_a_hole),
	cmocka_unit_test(section_with_bytes_zeroed),
	cmocka_unit_test(section_in_and_out_with_a_hole),
	cmocka_unit_test(section_attached_again),
	cmocka_unit_test(section_sealed_keeps_its_pages),
	cmocka_unit_test(section_sealed_with_a_hole),
	cmocka_unit_test(section_attached_among_holes),
	cmocka_unit_test(section_mapping_replaced),
	cmocka_unit_test(section_attached_while_it_is_sealed),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

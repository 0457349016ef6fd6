// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of sections: memfds that processes and drivers see the same bytes of
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pattern.h"
#include "section_calls.h"
#include "spans.h"
#include "state.h"

#define SEED	5

static const __u32 accesses[] = {
	KSHM_TEST_BY_MAP, KSHM_TEST_BY_SEGMENTS, KSHM_TEST_BY_COPY,
};

/* Both ways, and only the bytes in question. */
static void use_part(const struct section *s, size_t offset, size_t len, __u32 access)
{
	struct kshm_test_work work = { .seed = offset + len, .access = access };

	if (offset)
		s->data[offset - 1] = SPANS_GUARD;
	if (offset + len < s->len)
		s->data[offset + len] = SPANS_GUARD;
	assert_both_ways_by(s->fd, region_operand(s->id, offset, len), s->data + offset, work);
	if (offset)
		assert_int_equal(s->data[offset - 1], SPANS_GUARD);
	if (offset + len < s->len)
		assert_int_equal(s->data[offset + len], SPANS_GUARD);
}

static void section_parts(void **state)
{
	const size_t page = page_size();
	struct section s;
	size_t i, j, k;

	for (k = 0; k < SECTION_KINDS; k++) {
		s = section_make(section_kinds[k], 2);
		const struct { size_t offset, len; } parts[] = {
			{ 0, 0 }, { 0, 1 }, { 0, s.len }, { 1, s.len - 1 },
			{ s.len, 0 }, { s.len - 1, 1 }, { s.len - 1, 0 },
			{ page - 1, 2 }, { s.len / 2 - 1, 2 }, { s.len / 2 + 1, page / 2 },
		};

		for (i = 0; i < ARRAY_SIZE(accesses); i++)
			for (j = 0; j < ARRAY_SIZE(parts); j++)
				use_part(&s, parts[j].offset, parts[j].len, accesses[i]);
		section_free(&s);
	}
}

static struct section around;

static void use_around(unsigned char *data, size_t len, __u32 access)
{
	struct kshm_test_work work = { .seed = to_u64(data) + len, .access = access };

	assert_both_ways_by(around.fd, region_operand(around.id, data - around.data, len),
			    data, work);
}

static void section_parts_around_a_border(void **state)
{
	size_t k;

	for (k = 0; k < SECTION_KINDS; k++) {
		around = section_make(section_kinds[k], 2);
		spans_use(around.data + around.len / 2, 1, use_around);
		section_free(&around);
	}
}

static void section_parts_outside_of_it(void **state)
{
	struct section s = section_make(0, 2);
	const struct { __u64 offset, len; } bad[] = {
		{ 0, s.len + 1 }, { 1, s.len }, { s.len, 1 }, { s.len + 1, 0 },
		{ 1, -1ULL }, { -1ULL, 1 }, { -1ULL, 0 }, { 0, -1ULL },
	};
	struct kshm_test_work work = { .seed = SEED };
	struct kshm_test_place place;
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL);
	struct kshm_explain why;
	size_t i;

	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		arg.data = region_operand(s.id, bad[i].offset, bad[i].len);
		why = control_error(s.fd, &arg, ERANGE, KSHM_EXPLAIN_PART,
				    KSHM_OPERAND_DATA);
		assert_int_equal(why.limit, s.len);
	}
	section_free(&s);
}

/* More pages than are pinned, or looked at, in one go. */
static void section_of_many_pages(void **state)
{
	struct section s = section_make(0, 1030);

	assert_int_equal(device_info(s.fd).out_user_pages, 1030);
	section_is_true(&s, 0, s.len);
	section_is_true(&s, s.len / 2 + 3, s.len / 3);
	section_free(&s);
}

static void section_as_in_and_out(void **state)
{
	struct section s = section_make(0, 3);
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL_COPIED);
	const size_t len = 2 * page_size() - 3;

	arg.out = region_operand(s.id, 10, len);
	control(s.fd, &arg);
	assert_int_equal(arg.out.out_returned, len);
	assert_int_equal(s.data[9], 0);
	assert_true(has_pattern(s.data + 10, len, 0));
	assert_int_equal(s.data[10 + len], 0);

	arg = request(KSHM_TEST_CHECK_COPIED);
	arg.in = region_operand(s.id, 10, len);
	control(s.fd, &arg);
	s.data[500] ^= 1;
	control_status(s.fd, &arg, -EIO);
	section_free(&s);
}

static int other_process(int file, size_t len)
{
	unsigned char *data = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED,
				   file, 0);

	if (data == MAP_FAILED || !has_pattern(data, len, SEED))
		return 1;
	fill_pattern(data, len, SEED + 1);
	return 0;
}

/* Another process that maps the file sees the driver's bytes, and the reverse. */
static void section_in_another_process(void **state)
{
	struct section s;
	int status;
	pid_t pid;
	size_t k;

	for (k = 0; k < SECTION_KINDS; k++) {
		s = section_make(section_kinds[k], 2);
		region_fill(s.fd, s.id, 0, s.len, SEED);
		pid = fork();
		if (!pid)
			_exit(other_process(s.file, s.len));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		region_check(s.fd, s.id, 0, s.len, SEED + 1);
		assert_true(has_pattern(s.data, s.len, SEED + 1));
		section_free(&s);
	}
}

/* Not from its beginning, nor to its end; and of hugetlb, of a part of a huge page. */
static void section_of_a_part_of_a_file(void **state)
{
	const size_t page = page_size();
	struct kshm_ioc_section_attach arg;
	struct section s;
	size_t k;

	for (k = 0; k < SECTION_KINDS; k++) {
		s = section_make(section_kinds[k], 2 + 2 * !k);
		region_destroy(s.fd, s.id);
		arg = section_request(s.file, READ_WRITE);
		arg.offset = s.len / 2 - page;
		arg.len = 2 * page;
		assert_int_equal(section_try(s.fd, &arg, NULL), 0);
		assert_int_equal(arg.out_len, 2 * page);
		assert_int_equal(region_query(s.fd, arg.out_id).out_pages, 2);
		region_fill(s.fd, arg.out_id, 0, 2 * page, SEED);
		assert_true(has_pattern(s.data + s.len / 2 - page, 2 * page, SEED));
		arg.offset = s.len - page;
		arg.len = 0;
		assert_int_equal(section_try(s.fd, &arg, NULL), 0);
		assert_int_equal(arg.out_len, page);
		region_fill(s.fd, arg.out_id, 1, page - 1, SEED);
		assert_true(has_pattern(s.data + s.len - page + 1, page - 1, SEED));
		section_free(&s);
	}
}

static void section_is_told(void **state)
{
	struct kshm_ioc_region_query query;
	struct section s;
	size_t k;

	for (k = 0; k < SECTION_KINDS; k++) {
		s = section_make(section_kinds[k], 2);
		query = region_query(s.fd, s.id);
		assert_int_equal(query.out_state, KSHM_STATE_SECTION);
		assert_int_equal(query.out_rights, READ_WRITE);
		assert_int_equal(query.out_len, s.len);
		assert_int_equal(query.out_pages, s.len / page_size());
		assert_int_equal(query.out_extents, 2);
		assert_int_equal(query.out_holds, 1);
		assert_int_equal(device_info(s.fd).out_user_pages, query.out_pages);
		region_destroy(s.fd, s.id);
		assert_int_equal(device_info(s.fd).out_user_pages, 0);
		section_free(&s);
	}
}

static void cannot_be_written(const struct section *s, __u32 id)
{
	struct kshm_test_work work = { .seed = SEED };
	struct kshm_test_place place;
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL);

	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = region_operand(id, 0, 1);
	control_error(s->fd, &arg, EACCES, KSHM_EXPLAIN_RIGHTS, KSHM_OPERAND_DATA);
}

/* Through a descriptor for reading, and through one for both. */
static void section_for_reading(void **state)
{
	struct section s;
	__u32 id, too;
	int readable;
	size_t k;

	for (k = 0; k < SECTION_KINDS; k++) {
		s = section_make(section_kinds[k], 1);
		readable = section_reopen(s.file, O_RDONLY);
		id = section_attach(s.fd, readable, KSHM_REGION_READ);
		too = section_attach(s.fd, s.file, KSHM_REGION_READ);
		close(readable);
		fill_pattern(s.data, s.len, SEED);
		region_check(s.fd, id, 0, s.len, SEED);
		region_check(s.fd, too, 0, s.len, SEED);
		cannot_be_written(&s, id);
		cannot_be_written(&s, too);
		section_free(&s);
	}
}

static void section_of_a_sealed_file(void **state)
{
	const unsigned int seals[] = {
		F_SEAL_SHRINK | F_SEAL_GROW, F_SEAL_SHRINK | F_SEAL_SEAL,
		F_SEAL_SHRINK | F_SEAL_WRITE, F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE,
		F_SEAL_SHRINK | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL,
	};
	struct section s = { .fd = device_open("test", O_RDWR), .len = 3 * page_size() };
	size_t i, k;

	for (k = 0; k < SECTION_KINDS; k++) {
		s.len = section_step(section_kinds[k]);
		for (i = 0; i < ARRAY_SIZE(seals); i++) {
			s.file = section_file(section_kinds[k], s.len, F_SEAL_SHRINK);
			s.data = section_map(s.file, s.len);
			fill_pattern(s.data, s.len, SEED);
			munmap(s.data, s.len);
			assert_int_equal(fcntl(s.file, F_ADD_SEALS, seals[i]), 0);
			s.id = section_attach(s.fd, s.file, KSHM_REGION_READ);
			region_check(s.fd, s.id, 0, s.len, SEED);
			region_destroy(s.fd, s.id);
			close(s.file);
		}
	}
	close(s.fd);
}

/* What a driver can read, or write, without a mapping of it being left. */
struct pin {
	int fd;
	__u32 id;
	struct call call;
};

static void pin_section(struct pin *pin, int file, size_t len, __u32 rights)
{
	pin->id = section_attach(pin->fd, file, rights);
}

static void pin_region(struct pin *pin, int file, size_t len, __u32 rights)
{
	unsigned char *data = section_map(file, len);
	struct kshm_range range = { to_u64(data) + 1, len - 1 };
	struct kshm_ioc_region_create arg = region_request(&range, 1, rights);

	arg.flags = KSHM_REGION_UNWATCHED;
	assert_int_equal(region_try(pin->fd, &arg), 0);
	pin->id = arg.out_id;
	munmap(data, len);
}

static void unpin_region(struct pin *pin)
{
	region_destroy(pin->fd, pin->id);
}

static void pin_request(struct pin *pin, int file, size_t len, __u32 rights)
{
	unsigned char *data = section_map(file, len);

	call_hold(&pin->call, pin->fd, rights & KSHM_REGION_WRITE ? KSHM_TEST_HOLD_WRITE :
		  KSHM_TEST_HOLD_READ, data + 1, len - 1);
	munmap(data, len);
}

static void unpin_request(struct pin *pin)
{
	call_release(&pin->call);
}

/* Nobody can say that it does not change any more while a driver has it in some way. */
static void cannot_be_sealed(void (*take)(struct pin *pin, int file, size_t len, __u32 rights),
			     void (*let_go)(struct pin *pin))
{
	const __u32 rights[] = { KSHM_REGION_READ, READ_WRITE };
	struct pin pin = { .fd = device_open("test", O_RDWR) };
	size_t i, k, len;
	int file;

	for (k = 0; k < SECTION_KINDS; k++) {
		len = section_step(section_kinds[k]);
		for (i = 0; i < ARRAY_SIZE(rights); i++) {
			file = section_file(section_kinds[k], len, F_SEAL_SHRINK);
			take(&pin, file, len, rights[i]);
			assert_int_equal(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE), -1);
			assert_int_equal(errno, EBUSY);
			let_go(&pin);
			assert_int_equal(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE), 0);
			close(file);
		}
	}
	close(pin.fd);
}

static void section_cannot_be_sealed_against_writing(void **state)
{
	cannot_be_sealed(pin_section, unpin_region);
}

static void section_file_of_a_region_cannot_be_sealed(void **state)
{
	cannot_be_sealed(pin_region, unpin_region);
}

static void section_file_of_a_request_cannot_be_sealed(void **state)
{
	cannot_be_sealed(pin_request, unpin_request);
}

/* Whoever has attached goes on writing, others do not begin to. */
static void section_sealed_against_future_writers(void **state)
{
	struct section s = section_make(0, 2);
	struct kshm_explain why;

	assert_int_equal(fcntl(s.file, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
	section_is_true(&s, 0, s.len);
	why = section_refused(s.fd, section_request(s.file, READ_WRITE), EACCES,
			      KSHM_EXPLAIN_SEALED);
	assert_int_equal(why.used, F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE);
	fill_pattern(s.data, s.len, SEED);
	region_check(s.fd, section_attach(s.fd, s.file, KSHM_REGION_READ), 0, s.len, SEED);
	section_free(&s);
}

static void section_keeps_its_size(void **state)
{
	struct section s = section_make(0, 2);
	const size_t more = s.len + page_size();
	__u32 id;

	assert_int_equal(ftruncate(s.file, more), 0);
	assert_int_equal(region_query(s.fd, s.id).out_len, s.len);
	section_is_true(&s, 0, s.len);
	id = section_attach(s.fd, s.file, READ_WRITE);
	assert_int_equal(region_query(s.fd, id).out_len, more);
	section_free(&s);
}

static void section_leaves_no_mapping_behind(void **state)
{
	int file = section_file(0, 3 * page_size(), F_SEAL_SHRINK);
	int fd = device_open("test", O_RDWR);

	section_attach(fd, file, READ_WRITE);
	section_attach(fd, file, KSHM_REGION_READ);
	assert_int_equal(section_mappings(), 0);
	close(file);
	close(fd);
}

static long free_huge_pages(void)
{
	FILE *info = fopen("/proc/meminfo", "re");
	char line[256];
	long nr = -1;

	assert_non_null(info);
	while (fgets(line, sizeof(line), info) &&
	       sscanf(line, "HugePages_Free: %ld", &nr) != 1)
		;
	fclose(info);
	assert_int_not_equal(nr, -1);
	return nr;
}

/* The region keeps the file, with all its bytes; and lets it go. */
static void section_outlives_its_descriptor(void **state)
{
	long before = free_huge_pages();
	struct section s = section_make(MFD_HUGETLB, 2);

	fill_pattern(s.data, s.len, SEED);
	munmap(s.data, s.len);
	close(s.file);
	region_check(s.fd, s.id, 0, s.len, SEED);
	assert_int_equal(free_huge_pages(), before - 2);
	region_destroy(s.fd, s.id);
	assert_int_equal(free_huge_pages(), before);
	close(s.fd);
}

/* Attaches @file in a process of its own, tells a key, and waits. */
static pid_t start_attacher(int file, size_t len, struct kshm_region_key *key)
{
	int told[2], fd;
	pid_t pid;

	assert_int_equal(pipe(told), 0);
	pid = fork();
	if (!pid) {
		fd = device_open("test", O_RDWR);
		*key = region_key(fd, section_attach(fd, file, READ_WRITE), READ_WRITE, 0);
		if (write(told[1], key, sizeof(*key)) == sizeof(*key))
			pause();
		_exit(1);
	}
	assert_int_equal(read(told[0], key, sizeof(*key)), sizeof(*key));
	close(told[0]);
	close(told[1]);
	return pid;
}

/* The one that attached is killed while the driver works for another. */
static void section_outlives_who_attached_it(void **state)
{
	struct section s = { .len = 3 * page_size() };
	struct kshm_region_key key;
	struct call call;
	int status;
	pid_t pid;

	s.file = section_file(0, s.len, F_SEAL_SHRINK);
	s.data = section_map(s.file, s.len);
	pid = start_attacher(s.file, s.len, &key);
	s.fd = device_open("test", O_RDWR);
	s.id = region_open(s.fd, &key, READ_WRITE);
	call.arg = hold_request(KSHM_TEST_HOLD_WRITE, &call.held, NULL, 0);
	call.arg.data = region_operand(s.id, 0, s.len);
	call_start(&call, s.fd);
	wait_until_holding(s.fd, 1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	call_release(&call);
	section_is_true(&s, 0, s.len);
	assert_int_equal(device_info(s.fd).out_user_pages, 3);
	assert_int_equal(region_query(s.fd, s.id).out_holds, 1);
	section_free(&s);
}

/* Its creator wants it back: the file is as if it had never been attached. */
static void section_revoked(void **state)
{
	struct section s = section_make(0, 2);
	int share = region_export(s.fd, s.id, KSHM_REGION_READ);
	int other = device_open("test", O_RDWR);
	__u32 there = region_import(other, share, KSHM_REGION_READ);

	fill_pattern(s.data, s.len, SEED);
	region_check(other, there, 0, s.len, SEED);
	region_revoke(s.fd, s.id);
	assert_int_equal(region_query(s.fd, s.id).out_state, KSHM_STATE_REVOKED);
	assert_int_equal(region_check_try(other, there, 0, s.len, SEED), -ESTALE);
	assert_int_equal(device_info(s.fd).out_user_pages, 0);
	munmap(s.data, s.len);
	assert_int_equal(fcntl(s.file, F_ADD_SEALS, F_SEAL_WRITE), 0);
	close(other);
	close(share);
	close(s.file);
	close(s.fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(section_parts),
	cmocka_unit_test(section_parts_around_a_border),
	cmocka_unit_test(section_parts_outside_of_it),
	cmocka_unit_test(section_of_many_pages),
	cmocka_unit_test(section_as_in_and_out),
	cmocka_unit_test(section_in_another_process),
	cmocka_unit_test(section_of_a_part_of_a_file),
	cmocka_unit_test(section_is_told),
	cmocka_unit_test(section_for_reading),
	cmocka_unit_test(section_of_a_sealed_file),
	cmocka_unit_test(section_cannot_be_sealed_against_writing),
	cmocka_unit_test(section_file_of_a_region_cannot_be_sealed),
	cmocka_unit_test(section_file_of_a_request_cannot_be_sealed),
	cmocka_unit_test(section_sealed_against_future_writers),
	cmocka_unit_test(section_keeps_its_size),
	cmocka_unit_test(section_leaves_no_mapping_behind),
	cmocka_unit_test(section_outlives_its_descriptor),
	cmocka_unit_test(section_outlives_who_attached_it),
	cmocka_unit_test(section_revoked),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

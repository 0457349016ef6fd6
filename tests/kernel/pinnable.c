// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of what can be pinned: the table of kshm(7), row by row
 *
 * Each answer is asked for with memory of its own, which nobody has touched, and with such
 * as was read there, so that pages are mapped. Where it is yes the driver finds the
 * bytes that are there, and what it writes is where it has to be and nowhere else; and
 * a region sees what the program sees, also after the program's first write to a page
 * that it shared until then. Where it is no the refusal is the one that the manual names.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "pattern.h"
#include "pinnable_memory.h"
#include "region_calls.h"
#include "section_calls.h"

enum answer {
	NO = 0,
	READ = KSHM_REGION_READ,
	WRITE = KSHM_REGION_WRITE,
	/* READ_WRITE is both */
	READ_NOT_6_1 = 1 << 8 | READ,
};

/* The memory, and what it may serve for: data of a request, a region, a section. */
#define ROWS(ROW) \
	ROW(private_anonymous,		READ_WRITE,	READ_WRITE,	NO)	\
	ROW(transparent_huge_pages,	READ_WRITE,	READ_WRITE,	NO)	\
	ROW(zero_page,			READ_WRITE,	READ_WRITE,	NO)	\
	ROW(huge_zero_page,		READ_WRITE,	READ_WRITE,	NO)	\
	ROW(shared_anonymous,		READ_WRITE,	READ_WRITE,	NO)	\
	ROW(memfd,			READ_WRITE,	READ_WRITE,	READ_WRITE) \
	ROW(memfd_read_only,		READ,		READ,		READ_WRITE) \
	ROW(private_memfd,		READ_WRITE,	READ_WRITE,	NO)	\
	ROW(file_on_tmpfs,		READ_WRITE,	READ_WRITE,	NO)	\
	ROW(private_hugetlb,		READ_WRITE,	READ_WRITE,	NO)	\
	ROW(private_hugetlb_read_only,	READ,		READ_NOT_6_1,	NO)	\
	ROW(shared_hugetlb,		READ_WRITE,	READ_WRITE,	READ_WRITE) \
	ROW(shared_hugetlb_read_only,	READ,		READ,		READ_WRITE) \
	ROW(private_file,		READ_WRITE,	READ_WRITE,	NO)	\
	ROW(private_file_read_only,	READ,		READ,		NO)	\
	ROW(shared_file_on_ext4,	READ_WRITE,	READ,		NO)	\
	ROW(shared_file_on_xfs,		READ_WRITE,	READ,		NO)	\
	ROW(shared_file_read_only,	READ,		READ,		NO)	\
	ROW(file_opened_read_only,	READ,		READ,		NO)	\
	ROW(device_memory,		NO,		NO,		NO)	\
	ROW(secret_memory,		NO,		NO,		NO)	\
	ROW(gap,			NO,		NO,		NO)	\
	ROW(beyond_the_end_of_a_file,	NO,		NO,		NO)	\
	ROW(userfaultfd,		READ_WRITE,	READ_WRITE,	NO)	\
	ROW(userfaultfd_user_mode_only,	NO,		NO,		NO)

/* The manual names the kernel. */
static bool is_6_1(void)
{
	struct utsname name;

	assert_int_equal(uname(&name), 0);
	return !strncmp(name.release, "6.1.", 4);
}

static __u32 rights_of(enum answer answer)
{
	return answer == READ_NOT_6_1 && is_6_1() ? 0 : answer & READ_WRITE;
}

/* What the driver finds there. */
static const unsigned char *seen(int fd, struct kshm_operand data)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_CAPTURE);
	static unsigned char bytes[4 * 4096];
	__u64 offset = 0;

	assert_true(data.len <= sizeof(bytes));
	arg.in = user_operand(&offset, sizeof(offset));
	arg.out = user_operand(bytes, data.len);
	arg.data = data;
	control(fd, &arg);
	return bytes;
}

/* FILL or CHECK. */
static struct kshm_ioc_control work_request(__u32 code, struct kshm_operand data,
					    __u32 seed)
{
	static struct kshm_test_work work;
	static struct kshm_test_place place;
	struct kshm_ioc_control arg = request(code);

	work.seed = seed;
	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = data;
	return arg;
}

static void driver_writes(int fd, struct kshm_operand data, __u32 seed)
{
	struct kshm_ioc_control arg = work_request(KSHM_TEST_FILL, data, seed);

	control(fd, &arg);
}

/* The program has it, and of others who has to. */
static void is_written(const struct memory *m, __u32 seed)
{
	assert_true(has_pattern(m->data, m->len, seed));
	if (m->other && m->shared)
		assert_true(has_pattern(m->other, m->len, seed));
	else if (m->other)
		assert_true(memory_is_first(m, m->other));
}

static void request_works(int fd, const struct memory *m, __u32 right)
{
	struct kshm_operand data = user_operand(m->data, m->len);

	if (right == WRITE) {
		driver_writes(fd, data, 10);
		is_written(m, 10);
	} else {
		assert_true(memory_is_first(m, seen(fd, data)));
	}
}

/* Whatever it was made for can be had of it, for as long as it is there. */
static void region_is_true(int fd, __u32 id, const struct memory *m, __u32 right)
{
	struct kshm_operand data = region_operand(id, 0, m->len);

	assert_true(memory_is_first(m, seen(fd, data)));
	if (right == WRITE) {
		driver_writes(fd, data, 20);
		is_written(m, 20);
	}
	if (!m->fixed) {
		assert_int_equal(mprotect(m->base, m->size, PROT_READ | PROT_WRITE), 0);
		fill_pattern(m->data, m->len, 21);
		assert_true(has_pattern(seen(fd, data), m->len, 21));
		is_written(m, 21);
	}
	if (m->other && m->shared) {
		fill_pattern(m->other, m->len, 22);
		assert_true(has_pattern(seen(fd, data), m->len, 22));
	}
}

static __u32 rights_for(__u32 right)
{
	return right == WRITE ? READ_WRITE : KSHM_REGION_READ;
}

static void region_works(int fd, const struct memory *m, __u32 right)
{
	__u32 id = region_make(fd, m->data, m->len, rights_for(right));

	region_is_true(fd, id, m, right);
}

static void section_works(int fd, const struct memory *m, __u32 right)
{
	__u32 id = section_attach(fd, m->file, rights_for(right));

	region_is_true(fd, id, m, right);
}

static void is_found(struct kshm_explain why, const struct memory *m)
{
	assert_int_equal(why.addr, to_u64(m->data + m->bad));
	assert_int_equal(why.mapping, m->mapping);
	assert_int_equal(why.prot, m->prot);
}

static void request_refused(int fd, const struct memory *m, __u32 right)
{
	struct kshm_ioc_control arg =
		work_request(right == WRITE ? KSHM_TEST_FILL : KSHM_TEST_CHECK,
			     user_operand(m->data, m->len), 0);

	is_found(control_error(fd, &arg, EFAULT, KSHM_EXPLAIN_ADDRESS, KSHM_OPERAND_DATA), m);
}

/* @check: KSHM_EXPLAIN_LONG_TERM of what a request can have */
static void region_refuses(int fd, const struct memory *m, __u32 right, __u32 check)
{
	struct kshm_range range = { to_u64(m->data), m->len };

	is_found(region_refused(fd, region_request(&range, 1, rights_for(right)), EFAULT,
				check), m);
}

/* Of files of tmpfs seals can be asked for, but none can be set. */
static void section_refuses(int fd, const struct memory *m, __u32 right)
{
	bool has_seals = fcntl(m->file, F_GET_SEALS) != -1;

	section_refused(fd, section_request(m->file, rights_for(right)),
			has_seals ? EINVAL : EBADF,
			has_seals ? KSHM_EXPLAIN_SEALS : KSHM_EXPLAIN_MEMFD);
}

/**
 * struct row - a row of the table
 * @make: memory of it
 * @request: what requests may do with it
 * @region: what regions may
 * @section: what sections may
 */
struct row {
	struct memory (*make)(void);
	enum answer request;
	enum answer region;
	enum answer section;
};

static void ask_request(const struct row *row, int fd, const struct memory *m,
			__u32 right)
{
	if (rights_of(row->request) & right)
		request_works(fd, m, right);
	else
		request_refused(fd, m, right);
}

static void ask_region(const struct row *row, int fd, const struct memory *m,
		       __u32 right)
{
	if (rights_of(row->region) & right)
		region_works(fd, m, right);
	else if (rights_of(row->request) & right)
		region_refuses(fd, m, right, KSHM_EXPLAIN_LONG_TERM);
	else
		region_refuses(fd, m, right, KSHM_EXPLAIN_ADDRESS);
}

/* Where there is no file there is nothing to ask for. */
static void ask_section(const struct row *row, int fd, const struct memory *m,
			__u32 right)
{
	if (rights_of(row->section) & right)
		section_works(fd, m, right);
	else if (m->file != -1)
		section_refuses(fd, m, right);
}

static void answers_are_true(const struct row *row, bool read_first)
{
	void (*const ask[])(const struct row *row, int fd, const struct memory *m,
			    __u32 right) = { ask_request, ask_region, ask_section };
	const __u32 rights[] = { READ, WRITE };
	struct memory m;
	size_t i, j;
	int fd;

	for (i = 0; i < ARRAY_SIZE(ask); i++) {
		for (j = 0; j < ARRAY_SIZE(rights); j++) {
			m = row->make();
			if (read_first)
				memory_read(&m);
			fd = device_open("test", O_RDWR);
			ask[i](row, fd, &m, rights[j]);
			close(fd);
			memory_end(&m);
		}
	}
}

static void row_is_true(struct row row)
{
	answers_are_true(&row, false);
	answers_are_true(&row, true);
}

#define ROW_TEST(name, request, region, section)			\
static void pinnable_##name(void **state)				\
{									\
	row_is_true((struct row){ memory_##name, request, region, section }); \
}

ROWS(ROW_TEST)

/* What no driver gets in place it can have a copy of. */
static void secret_memory_can_be_copied(void **state)
{
	struct memory m = memory_secret_memory();
	struct kshm_ioc_control arg = request(KSHM_TEST_CHECK_COPIED);
	int fd = device_open("test", O_RDWR);

	fill_pattern(m.data, m.len, 0);
	arg.in = user_operand(m.data, m.len);
	control(fd, &arg);
	close(fd);
	memory_end(&m);
}

#define ROW_ENTRY(name, request, region, section) cmocka_unit_test(pinnable_##name),

static const struct CMUnitTest tests[] = {
	ROWS(ROW_ENTRY)
	cmocka_unit_test(secret_memory_can_be_copied),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of sections through the library
 *
 * What a section does is tested in kernel/; here it is that the functions pass on all
 * that they are given, and explain themselves.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kshm.h>
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"

#define READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)
#define HUGE_SIZE	(2 << 20)

static struct kshm_handle *handle;
static int file;	/* of two pages */
static size_t page;

static void set_up(void)
{
	page = sysconf(_SC_PAGESIZE);
	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_section_create("two pages", page + 1, 0, &file), 0);
}

static void tear_down(void)
{
	close(file);
	kshm_close(handle);
}

static off_t size_of(int fd)
{
	struct stat stat;

	assert_int_equal(fstat(fd, &stat), 0);
	return stat.st_size;
}

static void section_created_is_sealed_and_of_whole_pages(void **state)
{
	char path[64], target[128] = { 0 };

	set_up();
	assert_int_equal(size_of(file), 2 * page);
	assert_int_equal(fcntl(file, F_GET_SEALS) & (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL),
			 F_SEAL_SHRINK | F_SEAL_GROW);
	assert_int_equal(fcntl(file, F_GETFD), FD_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	assert_true(readlink(path, target, sizeof(target) - 1) > 0);
	assert_non_null(strstr(target, "memfd:two pages"));
	tear_down();
}

static void section_created_of_any_length(void **state)
{
	const size_t step = sysconf(_SC_PAGESIZE);
	const size_t lens[] = { 1, step - 1, step, step + 1, 1ULL << 40 };
	const size_t sizes[] = { step, step, step, 2 * step, 1ULL << 40 };
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		assert_int_equal(kshm_section_create(NULL, lens[i], 0, &fd), 0);
		assert_int_equal(size_of(fd), sizes[i]);
		close(fd);
	}
	assert_int_equal(kshm_section_create(NULL, 1, KSHM_SECTION_HUGETLB, &fd), 0);
	assert_int_equal(size_of(fd), HUGE_SIZE);
	close(fd);
}

static void section_not_created(void **state)
{
	char name[251] = { 0 };
	int fd = 4711;

	assert_int_equal(kshm_section_create("none", 0, 0, &fd), -EINVAL);
	assert_int_equal(kshm_section_create("none", 1, 0x80, &fd), -EINVAL);
	assert_int_equal(kshm_section_create("none", -1, 0, &fd), -EFBIG);
	assert_int_equal(kshm_section_create("none", -1ULL >> 1, 0, &fd), -EFBIG);
	assert_int_equal(kshm_section_create("none", -1, KSHM_SECTION_HUGETLB, &fd), -EFBIG);
	memset(name, 'x', 250);
	assert_int_equal(kshm_section_create(name, 1, 0, &fd), -EINVAL);
	assert_int_equal(fd, 4711);
	name[249] = 0;
	assert_int_equal(kshm_section_create(name, 1, 0, &fd), 0);
	close(fd);
}

/* Has the driver fill a part, or look whether it is filled so. */
static int work_on(__u32 code, __u32 id, __u64 offset, __u64 len,
		   struct kshm_explanation *why)
{
	struct kshm_test_work work = { .seed = 3 };
	struct kshm_test_place place = { .wrong = 0 };
	struct kshm_operand in = kshm_operand_user(&work, sizeof(work));
	struct kshm_operand out = kshm_operand_user(&place, sizeof(place));
	struct kshm_operand data = kshm_operand_region(id, offset, len);
	int ret = kshm_control(handle, code, &in, &out, &data, NULL, why);

	assert_int_equal(place.wrong, 0);
	return ret;
}

static void section_attached_is_what_is_mapped(void **state)
{
	struct kshm_region_info info;
	struct kshm_explanation why;
	unsigned char *data;
	__u32 id = 0;
	size_t i;

	set_up();
	data = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	assert_ptr_not_equal(data, MAP_FAILED);
	assert_int_equal(kshm_section_attach(handle, file, page, 0, READ_WRITE, &id,
					     &why), 0);
	assert_int_equal(why.error, 0);
	assert_int_equal(kshm_region_query(handle, id, &info, NULL), 0);
	assert_int_equal(info.len, page);
	assert_int_equal(info.rights, READ_WRITE);
	assert_int_equal(info.state, KSHM_STATE_SECTION);
	assert_int_equal(work_on(KSHM_TEST_FILL, id, 0, page, NULL), 0);
	for (i = 0; i < page; i++)
		assert_int_equal(data[page + i], kshm_test_byte(3, i));
	assert_int_equal(data[page - 1], 0);
	assert_int_equal(kshm_section_attach(handle, file, 0, page, KSHM_REGION_READ, &id,
					     NULL), 0);
	memcpy(data, data + page, page);
	assert_int_equal(work_on(KSHM_TEST_CHECK, id, 0, page, NULL), 0);
	assert_int_equal(kshm_region_query(handle, id, &info, NULL), 0);
	assert_int_equal(info.rights, KSHM_REGION_READ);
	munmap(data, 2 * page);
	tear_down();
}

static void assert_said(const struct kshm_explanation *why, int ret, int error,
			const char *expected)
{
	char text[512];

	assert_int_equal(ret, -error);
	assert_int_equal(why->error, -error);
	assert_int_equal(why->said_by, KSHM_SAID_BY_KSHM);
	kshm_explain(why, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void section_not_attached_says_why(void **state)
{
	struct kshm_explanation why;
	__u32 id = 4711;
	int ret;

	set_up();
	ret = kshm_section_attach(handle, -1, 0, 0, READ_WRITE, &id, &why);
	assert_said(&why, ret, EBADF,
		    "Descriptor -1 is not open, or not that of a memfd: pass one that kshm_section_create() or memfd_create() gave, here or in another process (EBADF).");
	ret = kshm_section_attach(handle, file, 1, 0, READ_WRITE, &id, &why);
	assert_said(&why, ret, EINVAL,
		    "An offset or a length of 1 byte is no multiple of the page size, 4096: attach whole pages, of a memfd that has whole pages (EINVAL).");
	ret = kshm_section_attach(handle, file, page, 2 * page, READ_WRITE, &id, &why);
	assert_said(&why, ret, ERANGE,
		    "8192 bytes (8 KiB) from offset 4096 on are not in the memfd, which has 8192 bytes (8 KiB): keep offset and length inside of it (ERANGE).");
	assert_int_equal(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE), 0);
	ret = kshm_section_attach(handle, file, 0, 0, READ_WRITE, &id, &why);
	assert_said(&why, ret, EACCES,
		    "The memfd is sealed against writing, with F_SEAL_WRITE: attach it with KSHM_REGION_READ alone, or before it is sealed (EACCES).");
	ret = kshm_section_attach(handle, file, 0, 0, 0x80, &id, &why);
	assert_said(&why, ret, EOPNOTSUPP,
		    "The module does not know the rights 0x80 of the region, so it is older than the program: update kshm.ko (EOPNOTSUPP).");
	assert_int_equal(id, 4711);
	tear_down();
}

static void section_with_a_hole_says_so(void **state)
{
	struct kshm_explanation why;
	char expected[512];
	__u32 id;
	int ret;

	set_up();
	assert_int_equal(kshm_section_attach(handle, file, 0, 0, READ_WRITE, &id, NULL), 0);
	assert_int_equal(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, page,
				   page), 0);
	ret = work_on(KSHM_TEST_FILL, id, 0, 2 * page, &why);
	snprintf(expected, sizeof(expected),
		 "The data operand is a part of region %u, whose memfd has lost the page at offset 4096: destroy the region and attach the memfd again, and punch no holes into it as long as that lasts (ESTALE).",
		 id);
	assert_said(&why, ret, ESTALE, expected);
	tear_down();
}

static void section_sequence_has_what_was_given(void **state)
{
	const __u64 by = 1;
	struct kshm_explanation why;
	int reader = -1, writer = -1;
	__u64 value;
	__u32 id;

	set_up();
	assert_int_equal(kshm_section_attach(handle, file, 0, 0, READ_WRITE, &id, NULL), 0);
	assert_int_equal(kshm_section_sequence(handle, id, KSHM_REGION_READ, &reader, &why),
			 0);
	assert_int_equal(why.error, 0);
	assert_int_equal(kshm_section_sequence(handle, id, KSHM_REGION_WRITE, &writer, NULL),
			 0);
	assert_int_equal(fcntl(reader, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(reader, F_GETFL) & O_ACCMODE, O_RDONLY);
	assert_int_equal(fcntl(writer, F_GETFL) & O_ACCMODE, O_WRONLY);
	assert_int_equal(write(writer, &by, sizeof(by)), sizeof(by));
	assert_int_equal(read(reader, &value, sizeof(value)), sizeof(value));
	assert_int_equal(value, 1);
	close(reader);
	close(writer);
	tear_down();
}

static void section_without_a_sequence_says_why(void **state)
{
	static char bytes[64];
	const struct kshm_operand memory = kshm_operand_user(bytes, sizeof(bytes));
	struct kshm_explanation why;
	int fd = 4711, ret;
	char expected[512];
	__u32 id;

	set_up();
	assert_int_equal(kshm_region_create(handle, &memory, 1, READ_WRITE, &id, NULL), 0);
	ret = kshm_section_sequence(handle, id, READ_WRITE, &fd, &why);
	snprintf(expected, sizeof(expected),
		 "Region %u is not one of a section, so that it has neither names nor a counter: make one with kshm_section_create() and kshm_section_attach() (EINVAL).",
		 id);
	assert_said(&why, ret, EINVAL, expected);
	assert_int_equal(kshm_section_attach(handle, file, 0, 0, KSHM_REGION_READ, &id,
					     NULL), 0);
	ret = kshm_section_sequence(handle, id, KSHM_REGION_WRITE, &fd, &why);
	assert_int_equal(ret, -EACCES);
	assert_int_equal(why.check, KSHM_EXPLAIN_RIGHTS);
	assert_int_equal(fd, 4711);
	tear_down();
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(section_created_is_sealed_and_of_whole_pages),
	cmocka_unit_test(section_created_of_any_length),
	cmocka_unit_test(section_not_created),
	cmocka_unit_test(section_attached_is_what_is_mapped),
	cmocka_unit_test(section_not_attached_says_why),
	cmocka_unit_test(section_with_a_hole_says_so),
	cmocka_unit_test(section_sequence_has_what_was_given),
	cmocka_unit_test(section_without_a_sequence_says_why),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

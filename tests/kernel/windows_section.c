// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of what sections have in common with those of Windows, and of the
 * differences that are on purpose
 *
 * The numbers are those of the cases in docs/porting-from-windows.md. A test that pins
 * a difference says so in its name. Views are those of mmap().
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "name_calls.h"
#include "pattern.h"
#include "section_calls.h"

#define SEED	31
#define NAME	"windows"
#define PAGES	3
#define RESERVE	(512UL << 30)

static struct section s;

static void set_up(void)
{
	s = section_make(0, PAGES);
}

static void tear_down(void)
{
	name_remove_all(s.fd);
	section_free(&s);
}

/* A view of all of @file. */
static unsigned char *map(int file, int prot, int flags)
{
	void *p = mmap(NULL, s.len, prot, flags, file, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* In a child, which the exception ends if there is one. */
static bool faults(volatile unsigned char *p, bool write)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		signal(SIGSEGV, SIG_DFL);
		if (write)
			*p = 1;
		else
			(void)*p;
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

/* A descriptor of what is published, with no more than @rights. */
static int open_name(__u32 rights)
{
	struct kshm_ioc_name_open arg;

	assert_int_equal(name_open_try(s.fd, NAME, rights, KSHM_NAME_FD, &arg, NULL), 0);
	assert_true(arg.out_fd >= 0);
	return arg.out_fd;
}

/* A section that the driver makes: the descriptor, or -errno. */
static int driver_makes(__u64 len)
{
	struct kshm_test_section in = { .op = KSHM_TEST_SECTION_MAKE, .len = len };
	struct kshm_ioc_control arg = request(KSHM_TEST_SECTION);
	struct kshm_test_made made;

	arg.in = user_operand(&in, sizeof(in));
	arg.out = user_operand(&made, sizeof(made));
	assert_int_equal(control_try(s.fd, &arg), 0);
	return arg.out_status ? arg.out_status : made.fd;
}

WITH_SET_UP(windows_case_73_section_of_no_size)
{
	assert_int_equal(driver_makes(0), -EINVAL);
}

WITH_SET_UP(windows_case_74_section_of_too_great_a_size)
{
	assert_int_equal(driver_makes(~0ULL), -EINVAL);
}

WITH_SET_UP(windows_case_79_name_with_a_slash)
{
	struct kshm_ioc_name_publish arg = name_request(s.id, "THIS/IS/INVALID",
							KSHM_REGION_READ);

	assert_int_equal(name_try(s.fd, &arg, NULL), -EINVAL);
}

/* Of all of a file, or of a part; the length is told. */
WITH_SET_UP(windows_case_82_size_of_the_file)
{
	struct kshm_ioc_section_attach arg = section_request(s.file, KSHM_REGION_READ);

	assert_int_equal(section_try(s.fd, &arg, NULL), 0);
	assert_int_equal(arg.out_len, s.len);
	arg.len = page_size();
	assert_int_equal(section_try(s.fd, &arg, NULL), 0);
	assert_int_equal(arg.out_len, page_size());
}

WITH_SET_UP(windows_case_84_new_section_is_zero)
{
	int file = driver_makes(s.len);
	unsigned char *p = section_map(file, s.len);
	size_t i;

	for (i = 0; i < s.len; i++)
		assert_int_equal(p[i], 0);
	memset(p, 1, s.len);
	munmap(p, s.len);
	close(file);
}

WITH_SET_UP(windows_case_85_empty_file)
{
	int file = section_file(0, 0, F_SEAL_SHRINK);

	section_refused(s.fd, section_request(file, KSHM_REGION_READ), EINVAL,
			KSHM_EXPLAIN_EMPTY_FILE);
	close(file);
}

/* Not the section that there is, with a warning that is easily overlooked. */
WITH_SET_UP(windows_case_86_difference_name_is_taken)
{
	struct kshm_ioc_name_publish arg = name_request(s.id, NAME, KSHM_REGION_READ);
	struct kshm_explain why;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	name_refused(name_try(s.fd, &arg, &why), &why, EEXIST, KSHM_EXPLAIN_NAME_TAKEN);
}

WITH_SET_UP(windows_case_87_opened_for_reading_is_not_written)
{
	unsigned char *p;
	int file;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	file = open_name(KSHM_REGION_READ);
	assert_null(map(file, PROT_READ | PROT_WRITE, MAP_SHARED));
	assert_int_equal(errno, EACCES);
	p = map(file, PROT_READ, MAP_SHARED);
	assert_non_null(p);
	assert_true(faults(p, true));
	munmap(p, s.len);
	close(file);
}

/* No view of Linux can be written only; a region can. */
WITH_SET_UP(windows_case_88_difference_opened_for_writing)
{
	struct kshm_ioc_name_open arg;
	struct kshm_explain why;
	__u32 id;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	name_refused(name_open_try(s.fd, NAME, KSHM_REGION_WRITE, KSHM_NAME_FD, &arg, &why),
		     &why, EINVAL, KSHM_EXPLAIN_FD_RIGHTS);
	id = name_open(s.fd, NAME, KSHM_REGION_WRITE);
	region_fill(s.fd, id, 0, s.len, SEED);
	assert_true(has_pattern(s.data, s.len, SEED));
	assert_int_equal(region_check_try(s.fd, id, 0, s.len, SEED), -EACCES);
}

WITH_SET_UP(windows_case_89_writing_through_a_file_for_reading)
{
	int file = section_reopen(s.file, O_RDONLY);

	section_refused(s.fd, section_request(file, READ_WRITE), EACCES,
			KSHM_EXPLAIN_FD_ACCESS);
	section_attach(s.fd, file, KSHM_REGION_READ);
	close(file);
}

/* The name is gone with the handle, the bytes with the last view. */
WITH_SET_UP(windows_case_90_view_outlives_its_handles)
{
	struct section old = s;
	struct kshm_ioc_name_open arg;

	name_publish(s.fd, s.id, NAME, READ_WRITE, KSHM_NAME_UNTIL_CLOSE);
	fill_pattern(s.data, s.len, SEED);
	close(s.fd);
	close(s.file);
	s = section_make(0, PAGES);
	assert_int_equal(name_open_try(s.fd, NAME, KSHM_REGION_READ, 0, &arg, NULL), -ENOENT);
	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	fill_pattern(s.data, s.len, SEED + 1);
	region_check(s.fd, name_open(s.fd, NAME, KSHM_REGION_READ), 0, s.len, SEED + 1);
	assert_true(has_pattern(old.data, old.len, SEED));
	munmap(old.data, old.len);
}

WITH_SET_UP(windows_case_91_unmapped_view_is_gone)
{
	unsigned char *p = map(s.file, PROT_READ, MAP_SHARED);

	assert_false(faults(p, false));
	munmap(p, s.len);
	assert_true(faults(p, false));
}

/* Views of a section that a file for reading, or a seal, lets nobody write. */
WITH_SET_UP(windows_case_92_views_within_its_protection)
{
	int file = section_file(0, s.len, F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE);
	unsigned char *p;

	assert_null(map(file, PROT_READ | PROT_WRITE, MAP_SHARED));
	assert_int_equal(errno, EPERM);
	p = map(file, PROT_READ, MAP_SHARED);
	assert_non_null(p);
	assert_int_equal(mprotect(p, s.len, PROT_READ | PROT_WRITE), -1);
	assert_int_equal(errno, EACCES);
	munmap(p, s.len);
	close(file);
}

/* The kernel asks vm.memfd_noexec, where it has that, and what the memfd was made with. */
WITH_SET_UP(windows_case_92_difference_executable_view)
{
	unsigned char *p = map(s.file, PROT_READ | PROT_EXEC, MAP_SHARED);

	assert_non_null(p);
	munmap(p, s.len);
}

/* That it is no section is seen before anything else of it is looked at. */
WITH_SET_UP(windows_case_93_descriptor_of_something_else)
{
	struct kshm_ioc_section_attach arg = section_request(-1, READ_WRITE);

	arg.offset = 1;
	section_refused(s.fd, arg, EBADF, KSHM_EXPLAIN_MEMFD);
	arg.fd = s.fd;
	section_refused(s.fd, arg, EBADF, KSHM_EXPLAIN_MEMFD);
}

WITH_SET_UP(windows_case_97_offset_within_a_page)
{
	struct kshm_ioc_section_attach arg = section_request(s.file, READ_WRITE);

	arg.offset = 1;
	arg.len = page_size();
	section_refused(s.fd, arg, EINVAL, KSHM_EXPLAIN_ALIGN);
	assert_ptr_equal(mmap(NULL, page_size(), PROT_READ, MAP_SHARED, s.file, 1), MAP_FAILED);
	assert_int_equal(errno, EINVAL);
}

WITH_SET_UP(windows_case_98_beyond_the_section)
{
	struct kshm_ioc_section_attach arg = section_request(s.file, READ_WRITE);

	arg.len = -page_size();
	section_refused(s.fd, arg, ERANGE, KSHM_EXPLAIN_FILE_PART);
	arg.len = s.len + page_size();
	section_refused(s.fd, arg, ERANGE, KSHM_EXPLAIN_FILE_PART);
	arg.len = 0;
	arg.offset = s.len;
	section_refused(s.fd, arg, ERANGE, KSHM_EXPLAIN_FILE_PART);
}

WITH_SET_UP(windows_case_100_view_without_access)
{
	unsigned char *p = map(s.file, PROT_NONE, MAP_SHARED);

	assert_non_null(p);
	assert_true(faults(p, false));
	munmap(p, s.len);
}

/* What is written to such a view is its own. */
WITH_SET_UP(windows_case_101_private_view_of_what_is_read)
{
	int file = section_reopen(s.file, O_RDONLY);
	unsigned char *p = map(file, PROT_READ | PROT_WRITE, MAP_PRIVATE);

	assert_non_null(p);
	fill_pattern(s.data, s.len, SEED);
	fill_pattern(p, s.len, SEED + 1);
	region_check(s.fd, s.id, 0, s.len, SEED);
	assert_true(has_pattern(p, s.len, SEED + 1));
	munmap(p, s.len);
	close(file);
}

WITH_SET_UP(windows_case_102_view_for_reading_is_not_written)
{
	unsigned char *p = map(s.file, PROT_READ, MAP_SHARED);

	assert_true(faults(p, true));
	assert_false(faults(p, false));
	munmap(p, s.len);
}

/* A kernel thread, of no process, works on the bytes of the first view. */
WITH_SET_UP(windows_case_105_system_thread_sees_the_same)
{
	struct kshm_test_work work = { .place = KSHM_TEST_IN_KTHREAD, .seed = SEED };
	struct kshm_test_place place = { };
	struct kshm_ioc_control arg;
	__u32 id;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	id = name_open(s.fd, NAME, READ_WRITE);
	fill_pattern(s.data, s.len, SEED);
	arg = request(KSHM_TEST_CHECK);
	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = region_operand(id, 0, s.len);
	control(s.fd, &arg);
	assert_int_equal(place.wrong, 0);
	work.seed++;
	arg.code = KSHM_TEST_FILL;
	control(s.fd, &arg);
	assert_true(has_pattern(s.data, s.len, SEED + 1));
}

WITH_SET_UP(windows_case_106_writing_is_seen_in_the_file)
{
	unsigned char *bytes = test_malloc(s.len);

	region_fill(s.fd, s.id, 0, s.len, SEED);
	assert_int_equal(pread(s.file, bytes, s.len, 0), s.len);
	assert_true(has_pattern(bytes, s.len, SEED));
	test_free(bytes);
}

/* Making it is nothing; having its pages is more than a user may have. */
WITH_SET_UP(windows_case_110_more_than_there_may_be)
{
	int file = section_file(0, RESERVE, F_SEAL_SHRINK);

	section_refused(s.fd, section_request(file, KSHM_REGION_READ), EDQUOT,
			KSHM_EXPLAIN_LIMIT_USER);
	close(file);
}

/* Of no length told: all of it. What is written here is seen there. */
WITH_SET_UP(windows_case_114_system_view_of_all)
{
	section_is_true(&s, 0, s.len);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(windows_case_73_section_of_no_size),
	cmocka_unit_test(windows_case_74_section_of_too_great_a_size),
	cmocka_unit_test(windows_case_79_name_with_a_slash),
	cmocka_unit_test(windows_case_82_size_of_the_file),
	cmocka_unit_test(windows_case_84_new_section_is_zero),
	cmocka_unit_test(windows_case_85_empty_file),
	cmocka_unit_test(windows_case_86_difference_name_is_taken),
	cmocka_unit_test(windows_case_87_opened_for_reading_is_not_written),
	cmocka_unit_test(windows_case_88_difference_opened_for_writing),
	cmocka_unit_test(windows_case_89_writing_through_a_file_for_reading),
	cmocka_unit_test(windows_case_90_view_outlives_its_handles),
	cmocka_unit_test(windows_case_91_unmapped_view_is_gone),
	cmocka_unit_test(windows_case_92_views_within_its_protection),
	cmocka_unit_test(windows_case_92_difference_executable_view),
	cmocka_unit_test(windows_case_93_descriptor_of_something_else),
	cmocka_unit_test(windows_case_97_offset_within_a_page),
	cmocka_unit_test(windows_case_98_beyond_the_section),
	cmocka_unit_test(windows_case_100_view_without_access),
	cmocka_unit_test(windows_case_101_private_view_of_what_is_read),
	cmocka_unit_test(windows_case_102_view_for_reading_is_not_written),
	cmocka_unit_test(windows_case_105_system_thread_sees_the_same),
	cmocka_unit_test(windows_case_106_writing_is_seen_in_the_file),
	cmocka_unit_test(windows_case_110_more_than_there_may_be),
	cmocka_unit_test(windows_case_114_system_view_of_all),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of views of sections, which need no module
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kshm.h>
#include "harness.h"

#define READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)
#define HUGE_SIZE	((size_t)2 << 20)
#define SAME		((void *)4711)	/* what is to stay as it is */

static int file;	/* of three pages */
static size_t page;

static void set_up(void)
{
	page = sysconf(_SC_PAGESIZE);
	assert_int_equal(kshm_section_create(NULL, 3 * page, 0, &file), 0);
}

static void tear_down(void)
{
	close(file);
}

static unsigned char *map(__u64 offset, size_t *len, unsigned int rights)
{
	void *data;

	assert_int_equal(kshm_section_map(file, offset, len, rights, &data), 0);
	return data;
}

/* Says @error, and nothing else changes. */
static void refused(int fd, __u64 offset, size_t len, unsigned int rights, int error)
{
	size_t same = len;
	void *data = SAME;

	assert_int_equal(kshm_section_map(fd, offset, &same, rights, &data), -error);
	assert_int_equal(same, len);
	assert_ptr_equal(data, SAME);
}

/* The file, opened once more. */
static int reopen(int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	fd = open(path, flags | O_CLOEXEC);
	assert_int_not_equal(fd, -1);
	return fd;
}

WITH_SET_UP(section_map_of_all_and_of_a_part)
{
	size_t all = 0, part = page, rest = 0;
	unsigned char *a = map(0, &all, READ_WRITE), *b = map(page, &part, KSHM_REGION_READ);
	unsigned char *c = map(2 * page, &rest, KSHM_REGION_READ);

	assert_int_equal(all, 3 * page);
	assert_int_equal(part, page);
	assert_int_equal(rest, page);
	memset(a, 1, page);
	memset(a + page, 2, page);
	memset(a + 2 * page, 3, page);
	assert_int_equal(b[0], 2);
	assert_int_equal(b[page - 1], 2);
	assert_int_equal(c[page - 1], 3);
	munmap(a, all);
	munmap(b, part);
	munmap(c, rest);
}

/* A view for reading is that also of a descriptor that is for more. */
WITH_SET_UP(section_map_has_no_more_rights_than_it_is_given)
{
	size_t len = 0;
	unsigned char *data = map(0, &len, KSHM_REGION_READ);

	/* The kernel reads a byte into it, if it may. */
	assert_int_equal(pread(file, data, 1, 0), -1);
	assert_int_equal(errno, EFAULT);
	munmap(data, len);
}

/* Also through a descriptor that could do more before it was sealed. */
WITH_SET_UP(section_map_of_what_nobody_can_write)
{
	unsigned char *data;
	size_t len = 0;

	assert_int_equal(pwrite(file, "x", 1, page), 1);
	assert_int_equal(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE), 0);
	refused(file, 0, 0, READ_WRITE, EACCES);
	data = map(page, &len, KSHM_REGION_READ);
	assert_int_equal(data[0], 'x');
	munmap(data, len);
}

/* A part of one could be mapped, but nobody could undo that. */
WITH_SET_UP(section_map_of_whole_huge_pages)
{
	size_t len = 0;
	void *data;
	int huge, ret;

	ret = kshm_section_create(NULL, 2 * HUGE_SIZE, KSHM_SECTION_HUGETLB, &huge);
	if (ret)
		harness_skip("no hugetlb: %s", strerror(-ret));
	refused(huge, 0, page, KSHM_REGION_READ, EINVAL);
	refused(huge, page, 0, KSHM_REGION_READ, EINVAL);
	ret = kshm_section_map(huge, HUGE_SIZE, &len, READ_WRITE, &data);
	if (ret == -ENOMEM)
		harness_skip("no hugetlb pages");
	assert_int_equal(ret, 0);
	assert_int_equal(len, HUGE_SIZE);
	memset(data, 1, len);
	assert_int_equal(munmap(data, len), 0);
	close(huge);
}

WITH_SET_UP(section_map_refuses_rights)
{
	refused(file, 0, 0, 0, EINVAL);
	refused(file, 0, 0, KSHM_REGION_WRITE, EINVAL);
	refused(file, 0, 0, READ_WRITE | 0x80000000, EINVAL);
}

WITH_SET_UP(section_map_refuses_parts_outside_of_the_file)
{
	refused(file, 3 * page, 0, KSHM_REGION_READ, ERANGE);
	refused(file, 0, 3 * page + 1, KSHM_REGION_READ, ERANGE);
	refused(file, 2 * page, page + 1, KSHM_REGION_READ, ERANGE);
	refused(file, page, -1, KSHM_REGION_READ, ERANGE);
	refused(file, -page, page, KSHM_REGION_READ, ERANGE);
	refused(file, 1, page, KSHM_REGION_READ, EINVAL);
	refused(file, 3 * page + 1, 0, KSHM_REGION_READ, EINVAL);
}

/* It ends in a SIGBUS as soon as somebody likes. */
WITH_SET_UP(section_map_refuses_what_can_become_shorter)
{
	int fd = memfd_create("loose", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int empty = memfd_create("empty", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_int_equal(fcntl(empty, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	refused(empty, 0, 0, KSHM_REGION_READ, EINVAL);
	close(empty);
	assert_int_equal(ftruncate(fd, page), 0);
	refused(fd, 0, 0, KSHM_REGION_READ, EINVAL);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW), 0);
	refused(fd, 0, 0, KSHM_REGION_READ, EINVAL);
	close(fd);
}

WITH_SET_UP(section_map_refuses_what_is_no_memfd)
{
	int null = open("/dev/zero", O_RDWR | O_CLOEXEC), closed = dup(file);

	close(closed);
	refused(null, 0, page, KSHM_REGION_READ, EBADF);
	refused(closed, 0, 0, KSHM_REGION_READ, EBADF);
	refused(-1, 0, 0, KSHM_REGION_READ, EBADF);
	close(null);
}

WITH_SET_UP(section_map_refuses_to_write_what_is_not_to_be_written)
{
	int fd = reopen(O_RDONLY);

	refused(fd, 0, 0, READ_WRITE, EACCES);
	assert_int_equal(fcntl(file, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
	refused(file, 0, 0, READ_WRITE, EACCES);
	close(fd);
}

#define ROUNDS	100

/* Until the word has the parity of @mine, then one more: @ROUNDS times. */
static bool take_turns(__u32 *word, __u32 mine)
{
	__u32 now;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		while ((now = __atomic_load_n(word, __ATOMIC_ACQUIRE)) % 2 != mine)
			if (syscall(SYS_futex, word, FUTEX_WAIT, now, NULL, NULL, 0) &&
			    errno != EAGAIN && errno != EINTR)
				return false;
		__atomic_store_n(word, now + 1, __ATOMIC_RELEASE);
		if (syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0) < 0)
			return false;
	}
	return true;
}

/* In views of their own, elsewhere. */
WITH_SET_UP(section_map_lets_processes_wait_for_each_other)
{
	size_t all = 0, rest = 0;
	__u32 *word = (__u32 *)(map(0, &all, READ_WRITE) + page);
	__u32 *same = (__u32 *)map(page, &rest, READ_WRITE);
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(!take_turns(same, 1));
	assert_true(take_turns(word, 0));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(*word, 2 * ROUNDS);
	munmap(same, rest);
	munmap((unsigned char *)word - page, all);
}

/* Woken in the middle of its wait, or ended with another status. */
WITH_SET_UP(section_map_to_read_lets_wait)
{
	size_t all = 0, same = 0;
	__u32 *word = (__u32 *)map(0, &all, READ_WRITE);
	__u32 *seen = (__u32 *)map(0, &same, KSHM_REGION_READ);
	pid_t ended, pid = fork();
	long woken = 0;
	int status;

	if (!pid)
		_exit(syscall(SYS_futex, seen, FUTEX_WAIT, 0, NULL, NULL, 0) != 0);
	do {
		woken += syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
		ended = waitpid(pid, &status, WNOHANG);
	} while (!ended);
	assert_int_equal(ended, pid);
	assert_int_equal(status, 0);
	assert_int_equal(woken, 1);
	munmap(seen, same);
	munmap(word, all);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(section_map_of_all_and_of_a_part),
	cmocka_unit_test(section_map_has_no_more_rights_than_it_is_given),
	cmocka_unit_test(section_map_of_what_nobody_can_write),
	cmocka_unit_test(section_map_of_whole_huge_pages),
	cmocka_unit_test(section_map_refuses_rights),
	cmocka_unit_test(section_map_refuses_parts_outside_of_the_file),
	cmocka_unit_test(section_map_refuses_what_can_become_shorter),
	cmocka_unit_test(section_map_refuses_what_is_no_memfd),
	cmocka_unit_test(section_map_refuses_to_write_what_is_not_to_be_written),
	cmocka_unit_test(section_map_lets_processes_wait_for_each_other),
	cmocka_unit_test(section_map_to_read_lets_wait),
};

HARNESS_MAIN(tests)

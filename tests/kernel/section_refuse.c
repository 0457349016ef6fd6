// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of sections that cannot be: one errno, a true explanation, nothing
 * pinned, and nothing mapped
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "leak.h"
#include "section_calls.h"

static int file, fd;	/* a section of four pages, a handle */
static size_t page;

static void set_up(void)
{
	page = page_size();
	file = section_file(0, 4 * page, F_SEAL_SHRINK);
	fd = device_open("test", O_RDWR);
}

static void tear_down(void)
{
	close(fd);
	close(file);
}

/* Closes @of. */
static struct kshm_explain refuse(int of, __u32 rights, int error, __u32 check)
{
	struct kshm_explain why = section_refused(fd, section_request(of, rights), error,
						  check);

	close(of);
	return why;
}

WITH_SET_UP(section_refuses_form)
{
	struct kshm_ioc_section_attach arg = section_request(file, 0);
	struct kshm_explain why;

	section_refused(fd, arg, EINVAL, KSHM_EXPLAIN_NO_RIGHTS);
	arg.rights = 0x80000001;
	why = section_refused(fd, arg, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS);
	assert_int_equal(why.needed, 0x80000000);
	arg.rights = READ_WRITE;
	arg.flags = 4;
	why = section_refused(fd, arg, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS);
	assert_int_equal(why.needed, 4);
	arg.flags = 0;
	arg.reserved = 1;
	section_refused(fd, arg, EINVAL, KSHM_EXPLAIN_RESERVED);
}

static void no_memfd(int of)
{
	struct kshm_explain why = refuse(of, KSHM_REGION_READ, EBADF,
					 KSHM_EXPLAIN_MEMFD);

	assert_int_equal(why.used, (__u32)of);
}

WITH_SET_UP(section_refuses_what_is_no_memfd)
{
	int ends[2], closed = dup(file);

	close(closed);
	no_memfd(closed);
	no_memfd(-1);
	no_memfd(section_reopen(file, O_PATH));
	assert_int_equal(pipe(ends), 0);
	no_memfd(ends[0]);
	close(ends[1]);
	no_memfd(open("/dev/zero", O_RDWR | O_CLOEXEC));
	no_memfd(open("/scratch", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
	no_memfd(open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	no_memfd(open("/proc/self/maps", O_RDONLY | O_CLOEXEC));
	no_memfd(device_open("test", O_RDWR));
	no_memfd(syscall(SYS_memfd_secret, 0));
}

/* Of tmpfs, but not a file of memory. */
WITH_SET_UP(section_refuses_a_fifo_on_tmpfs)
{
	char dir[] = "/tmp/section.XXXXXX", path[64];
	int fifo;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/fifo", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	fifo = open(path, O_RDWR | O_CLOEXEC);
	assert_int_not_equal(fifo, -1);
	unlink(path);
	rmdir(dir);
	no_memfd(fifo);
}

static void not_sealed(int of, unsigned int seals)
{
	struct kshm_explain why;

	assert_int_equal(ftruncate(of, 4 * page), 0);
	assert_int_equal(fcntl(of, F_GET_SEALS), seals);
	why = refuse(of, READ_WRITE, EINVAL, KSHM_EXPLAIN_SEALS);
	assert_int_equal(why.needed, F_SEAL_SHRINK);
	assert_int_equal(why.used, seals);
}

WITH_SET_UP(section_refuses_what_can_become_shorter)
{
	not_sealed(section_file(0, 4 * page, 0), 0);
	not_sealed(memfd_create("section", MFD_CLOEXEC), F_SEAL_SEAL);
	not_sealed(open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), F_SEAL_SEAL);
}

static void lacks(int of, __u32 rights, __u32 needed)
{
	struct kshm_explain why = refuse(of, rights, EACCES, KSHM_EXPLAIN_FD_ACCESS);

	assert_int_equal(why.needed, needed);
}

WITH_SET_UP(section_refuses_more_than_the_descriptor_may)
{
	lacks(section_reopen(file, O_RDONLY), READ_WRITE, KSHM_REGION_WRITE);
	lacks(section_reopen(file, O_RDONLY), KSHM_REGION_WRITE, KSHM_REGION_WRITE);
	/* What is mapped for writing can be read, too. */
	lacks(section_reopen(file, O_WRONLY), READ_WRITE, KSHM_REGION_READ);
	lacks(section_reopen(file, O_WRONLY), KSHM_REGION_READ, KSHM_REGION_READ);
}

WITH_SET_UP(section_refuses_to_write_what_is_sealed)
{
	const unsigned int seals[] = {
		F_SEAL_WRITE, F_SEAL_FUTURE_WRITE, F_SEAL_WRITE | F_SEAL_FUTURE_WRITE,
	};
	struct kshm_explain why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(seals); i++) {
		why = refuse(section_file(0, page, seals[i] | F_SEAL_SHRINK), READ_WRITE,
			     EACCES, KSHM_EXPLAIN_SEALED);
		assert_int_equal(why.used, seals[i] | F_SEAL_SHRINK);
	}
}

WITH_SET_UP(section_refuses_a_file_of_no_bytes)
{
	refuse(section_file(0, 0, F_SEAL_SHRINK), READ_WRITE, EINVAL,
	       KSHM_EXPLAIN_EMPTY_FILE);
	refuse(section_file(MFD_HUGETLB, 0, F_SEAL_SHRINK), READ_WRITE, EINVAL,
	       KSHM_EXPLAIN_EMPTY_FILE);
}

static struct kshm_explain refuse_part(__u64 offset, __u64 len, int error, __u32 check)
{
	struct kshm_ioc_section_attach arg = section_request(file, READ_WRITE);

	arg.offset = offset;
	arg.len = len;
	return section_refused(fd, arg, error, check);
}

static void not_whole_pages(__u64 offset, __u64 len, __u64 bad)
{
	struct kshm_explain why = refuse_part(offset, len, EINVAL, KSHM_EXPLAIN_ALIGN);

	assert_int_equal(why.needed, page);
	assert_int_equal(why.used, bad);
}

WITH_SET_UP(section_refuses_parts_of_pages)
{
	struct kshm_explain why;

	not_whole_pages(1, 0, 1);
	not_whole_pages(1, page, 1);
	not_whole_pages(page - 1, page, page - 1);
	not_whole_pages(page, 1, 1);
	not_whole_pages(0, 4 * page - 1, 4 * page - 1);
	why = refuse(section_file(0, page + 100, F_SEAL_SHRINK), READ_WRITE, EINVAL,
		     KSHM_EXPLAIN_ALIGN);
	assert_int_equal(why.used, page + 100);
}

WITH_SET_UP(section_refuses_parts_outside_of_the_file)
{
	const __u64 size = 4 * page;
	const struct { __u64 offset, len; } bad[] = {
		{ size, 0 }, { size, page }, { size + page, 0 }, { 0, size + page },
		{ page, size }, { page, -page }, { -page, page }, { -page, 0 },
		{ 0, -page }, { page, 1ULL << 63 }, { 1ULL << 63, page }, { size - page, 2 * page },
	};
	struct kshm_explain why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		why = refuse_part(bad[i].offset, bad[i].len, ERANGE,
				  KSHM_EXPLAIN_FILE_PART);
		assert_int_equal(why.needed, bad[i].len);
		assert_int_equal(why.used, bad[i].offset);
		assert_int_equal(why.limit, size);
	}
}

/* Nothing that it would bring in is there before the charge. */
WITH_SET_UP(section_refuses_more_than_may_be_locked)
{
	const size_t len = 9 << 20;
	struct kshm_explain why;
	struct stat stat;
	int large = section_file(0, len, F_SEAL_SHRINK);

	why = section_refused(fd, section_request(large, READ_WRITE), ENOMEM,
			      KSHM_EXPLAIN_MEMLOCK);
	assert_int_equal(why.needed, len / page);
	assert_int_equal(fstat(large, &stat), 0);
	assert_int_equal(stat.st_blocks, 0);
	close(large);
}

static void no_pages(int of, __u64 len)
{
	struct kshm_explain why = refuse(of, READ_WRITE, ENOMEM,
					 KSHM_EXPLAIN_FILE_PAGES);

	assert_int_equal(why.needed, len);
}

/* All but one are promised to others. */
WITH_SET_UP(section_refuses_without_huge_pages)
{
	size_t nr = 512;
	void *others = MAP_FAILED;

	for (; others == MAP_FAILED && nr; nr--)
		others = mmap(NULL, nr * HUGE_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	assert_ptr_not_equal(others, MAP_FAILED);
	no_pages(section_file(MFD_HUGETLB, 2 * HUGE_SIZE, F_SEAL_SHRINK), 2 * HUGE_SIZE);
	munmap(others, (nr + 1) * HUGE_SIZE);
}

/* The mapping is the caller's, as long as it is there. */
WITH_SET_UP(section_refuses_without_address_space)
{
	struct rlimit before, none;

	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	none = before;
	none.rlim_cur = 1 << 20;
	assert_int_equal(setrlimit(RLIMIT_AS, &none), 0);
	no_pages(dup(file), 4 * page);
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
}

/* The id is told before there is one: it leads nowhere then. */
WITH_SET_UP(section_refuses_a_struct_that_cannot_be_written)
{
	struct kshm_ioc_section_attach *arg;
	struct kshm_ioc_region_query query;
	__u32 next;

	arg = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(arg, MAP_FAILED);
	*arg = section_request(file, READ_WRITE);
	assert_int_equal(mprotect(arg, page, PROT_READ), 0);
	assert_int_equal(ioctl(fd, KSHM_IOC_SECTION_ATTACH, arg), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	next = section_attach(fd, file, READ_WRITE);
	assert_int_equal(region_query_try(fd, next - 1, &query), -ENOENT);
	munmap(arg, page);
}

/* Such a file can be made, but no page of it can be had. */
WITH_SET_UP(section_refuses_less_than_a_huge_page)
{
	int odd = section_file(MFD_HUGETLB, 0, 0);

	assert_int_equal(fallocate(odd, 0, 0, page), 0);
	assert_int_equal(fcntl(odd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	refuse(odd, READ_WRITE, EINVAL, KSHM_EXPLAIN_EMPTY_FILE);
}

/* For reading it is opened once more, which somebody wants to be asked of: not waited for. */
WITH_SET_UP(section_refuses_while_there_is_a_lease)
{
	int leaser = section_reopen(file, O_RDWR);

	signal(SIGIO, SIG_IGN);
	assert_int_equal(fcntl(leaser, F_SETLEASE, F_WRLCK), 0);
	section_refused(fd, section_request(file, KSHM_REGION_READ), EBUSY,
			KSHM_EXPLAIN_LEASE);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	assert_int_equal(fcntl(leaser, F_SETLEASE, F_UNLCK), 0);
	section_attach(fd, file, KSHM_REGION_READ);
	close(leaser);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(section_refuses_form),
	cmocka_unit_test(section_refuses_what_is_no_memfd),
	cmocka_unit_test(section_refuses_a_fifo_on_tmpfs),
	cmocka_unit_test(section_refuses_what_can_become_shorter),
	cmocka_unit_test(section_refuses_more_than_the_descriptor_may),
	cmocka_unit_test(section_refuses_to_write_what_is_sealed),
	cmocka_unit_test(section_refuses_a_file_of_no_bytes),
	cmocka_unit_test(section_refuses_parts_of_pages),
	cmocka_unit_test(section_refuses_parts_outside_of_the_file),
	cmocka_unit_test(section_refuses_more_than_may_be_locked),
	cmocka_unit_test(section_refuses_without_huge_pages),
	cmocka_unit_test(section_refuses_without_address_space),
	cmocka_unit_test(section_refuses_a_struct_that_cannot_be_written),
	cmocka_unit_test(section_refuses_less_than_a_huge_page),
	cmocka_unit_test(section_refuses_while_there_is_a_lease),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

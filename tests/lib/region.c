// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of regions through the library
 *
 * What a region does with memory of all kinds is tested in kernel/; here it is
 * that every function passes on all that it is given, and explains itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <kshm.h>
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "state.h"

#define READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)

static struct kshm_handle *open_test(void)
{
	struct kshm_handle *handle;

	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_READ), 0);
	return handle;
}

static size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

static unsigned char *map_pages(size_t pages, int protection)
{
	unsigned char *memory = mmap(NULL, pages * page_size(), protection,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	return memory;
}

static void unmap_pages(void *memory, size_t pages)
{
	assert_int_equal(munmap(memory, pages * page_size()), 0);
}

static __u32 make(struct kshm_handle *handle, void *memory, size_t len,
		  unsigned int rights)
{
	__u32 id = 0;

	assert_int_equal(kshm_region_create(handle, memory, len, rights, &id,
					    NULL), 0);
	assert_int_not_equal(id, 0);
	return id;
}

/* Has the driver fill a part of a region, or look whether it is filled so. */
static int work_on(struct kshm_handle *handle, __u32 code, __u32 seed, __u32 id,
		   __u64 offset, __u64 len, struct kshm_explanation *why)
{
	struct kshm_test_work work = { .seed = seed };
	struct kshm_test_place place = { .wrong = 0 };
	struct kshm_operand in = kshm_operand_user(&work, sizeof(work));
	struct kshm_operand out = kshm_operand_user(&place, sizeof(place));
	struct kshm_operand data = kshm_operand_region(id, offset, len);
	struct kshm_result result;
	int ret;

	ret = kshm_control(handle, code, &in, &out, &data, &result, why);
	if (!ret && code == KSHM_TEST_FILL)
		assert_int_equal(result.data_returned, len);
	assert_int_equal(place.wrong, 0);
	return ret;
}

static size_t wrong_bytes(const unsigned char *memory, size_t len, __u32 seed)
{
	size_t wrong = 0, i;

	for (i = 0; i < len; i++)
		wrong += memory[i] != kshm_test_byte(seed, i);
	return wrong;
}

static void region_is_the_callers_own_memory(void **state)
{
	size_t len = 2 * page_size() + 10, i;
	unsigned char *memory = map_pages(4, PROT_READ | PROT_WRITE);
	struct kshm_handle *handle = open_test();
	__u32 id = make(handle, memory + 5, len, READ_WRITE);

	assert_int_equal(work_on(handle, KSHM_TEST_FILL, 1, id, 0, len, NULL), 0);
	assert_int_equal(wrong_bytes(memory + 5, len, 1), 0);
	assert_int_equal(memory[4], 0);
	assert_int_equal(memory[5 + len], 0);
	for (i = 0; i < len; i++)
		memory[5 + i] = kshm_test_byte(2, i);
	assert_int_equal(work_on(handle, KSHM_TEST_CHECK, 2, id, 0, len, NULL), 0);
	assert_int_equal(kshm_region_destroy(handle, id, 0, NULL), 0);
	kshm_close(handle);
	unmap_pages(memory, 4);
}

static void region_operand_names_a_part(void **state)
{
	const struct kshm_operand expected = {
		.kind = KSHM_OPERAND_REGION,
		.id = 0x87654321,
		.addr = 0x123456789abc,
		.len = 0xdef012345678,
	};
	struct kshm_operand operand =
		kshm_operand_region(0x87654321, 0x123456789abc, 0xdef012345678);
	unsigned char *memory = map_pages(2, PROT_READ | PROT_WRITE);
	struct kshm_handle *handle = open_test();
	__u32 id = make(handle, memory, 2 * page_size(), READ_WRITE);

	assert_memory_equal(&operand, &expected, sizeof(expected));
	assert_int_equal(work_on(handle, KSHM_TEST_FILL, 3, id, 100, 5000, NULL),
			 0);
	assert_int_equal(wrong_bytes(memory + 100, 5000, 3), 0);
	assert_int_equal(memory[99], 0);
	assert_int_equal(memory[5100], 0);
	kshm_close(handle);
	unmap_pages(memory, 2);
}

static void region_of_ranges_is_them_one_after_the_other(void **state)
{
	size_t page = page_size(), len = 10 + page + 20;
	unsigned char *memory = map_pages(6, PROT_READ | PROT_WRITE);
	const struct kshm_range ranges[] = {
		{ (uintptr_t)memory + 5 * page - 10, 10 },
		{ (uintptr_t)memory, page },
		{ 0, 0 },
		{ (uintptr_t)memory + 2 * page, 20 },
	};
	struct kshm_handle *handle = open_test();
	unsigned char whole[10 + page + 20];
	struct kshm_explanation why;
	__u32 id = 0;

	assert_int_equal(kshm_region_create_ranges(handle, ranges,
						   ARRAY_SIZE(ranges),
						   KSHM_REGION_WRITE, &id, &why),
			 0);
	assert_int_equal(work_on(handle, KSHM_TEST_FILL, 4, id, 0, len, NULL), 0);
	memcpy(whole, memory + 5 * page - 10, 10);
	memcpy(whole + 10, memory, page);
	memcpy(whole + 10 + page, memory + 2 * page, 20);
	assert_int_equal(wrong_bytes(whole, len, 4), 0);
	kshm_close(handle);
	unmap_pages(memory, 6);
}

static void region_query_tells_what_was_created(void **state)
{
	size_t page = page_size();
	unsigned char *memory = map_pages(3, PROT_READ);
	struct kshm_handle *handle = open_test();
	__u32 id = make(handle, memory + 1, 2 * page, KSHM_REGION_READ);
	struct kshm_region_info info, expected = {
		.rights = KSHM_REGION_READ,
		.len = 2 * page,
		.pages = 3,
		.holds = 1,
		.state = KSHM_STATE_WATCHED,
	};

	memset(&info, 0xff, sizeof(info));
	assert_int_equal(kshm_region_query(handle, id, &info, NULL), 0);
	assert_in_range(info.extents, 1, 3);
	expected.extents = info.extents;
	/* Making it can have moved pages. */
	info.state &= ~KSHM_STATE_SUSPECT;
	assert_memory_equal(&info, &expected, sizeof(info));
	kshm_close(handle);
	unmap_pages(memory, 3);
}

static void region_success_explains_nothing(void **state)
{
	const struct kshm_explanation nothing = { 0 };
	unsigned char *memory = map_pages(1, PROT_READ | PROT_WRITE);
	struct kshm_handle *handle = open_test();
	struct kshm_explanation why;
	struct kshm_region_info info;
	__u32 id;

	memset(&why, 0xff, sizeof(why));
	assert_int_equal(kshm_region_create(handle, memory, 1, READ_WRITE, &id,
					    &why), 0);
	assert_memory_equal(&why, &nothing, sizeof(why));
	memset(&why, 0xff, sizeof(why));
	assert_int_equal(kshm_region_query(handle, id, &info, &why), 0);
	assert_memory_equal(&why, &nothing, sizeof(why));
	memset(&why, 0xff, sizeof(why));
	assert_int_equal(kshm_region_destroy(handle, id, 0, &why), 0);
	assert_memory_equal(&why, &nothing, sizeof(why));
	kshm_close(handle);
	unmap_pages(memory, 1);
}

/* The destroyed, one of nobody, and one of another handle of the same process. */
static void region_is_found_in_its_handle_only(void **state)
{
	unsigned char *memory = map_pages(1, PROT_READ | PROT_WRITE);
	struct kshm_handle *handle = open_test(), *other = open_test();
	__u32 id = make(handle, memory, 1, READ_WRITE);
	struct kshm_region_info info = { .len = 4711 };

	assert_int_equal(kshm_region_query(other, id, &info, NULL), -ENOENT);
	assert_int_equal(kshm_region_destroy(other, id, 0, NULL), -ENOENT);
	assert_int_equal(work_on(other, KSHM_TEST_CHECK, 0, id, 0, 0, NULL),
			 -ENOENT);
	assert_int_equal(kshm_region_destroy(handle, id, 0, NULL), 0);
	assert_int_equal(kshm_region_destroy(handle, id, KSHM_REGION_WAIT, NULL),
			 -ENOENT);
	assert_int_equal(kshm_region_query(handle, id, &info, NULL), -ENOENT);
	assert_int_equal(info.len, 4711);
	kshm_close(other);
	kshm_close(handle);
	unmap_pages(memory, 1);
}

static void assert_said(const struct kshm_explanation *why, int error,
			__u32 check, const char *format, ...)
{
	char text[512], expected[512];
	va_list args;

	assert_int_equal(why->error, -error);
	assert_int_equal(why->said_by, KSHM_SAID_BY_KSHM);
	assert_int_equal(why->check, check);
	assert_int_equal(why->page_size, page_size());
	assert_string_equal(why->device, "test");
	va_start(args, format);
	vsnprintf(expected, sizeof(expected), format, args);
	va_end(args);
	kshm_explain(why, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void region_that_is_not_there_is_enoent(void **state)
{
	struct kshm_handle *handle = open_test();
	struct kshm_explanation why;
	struct kshm_region_info info;

	assert_int_equal(kshm_region_query(handle, 77, &info, &why), -ENOENT);
	assert_said(&why, ENOENT, KSHM_EXPLAIN_REGION,
		    "The handle has no region 77: use an id that kshm_region_create() gave for this very handle, and that was not destroyed (ENOENT).");
	assert_int_equal(why.about, KSHM_ABOUT_REGION);
	assert_int_equal(why.region, 77);
	memset(&why, 0xff, sizeof(why));
	assert_int_equal(kshm_region_destroy(handle, 77, 0, &why), -ENOENT);
	assert_said(&why, ENOENT, KSHM_EXPLAIN_REGION,
		    "The handle has no region 77: use an id that kshm_region_create() gave for this very handle, and that was not destroyed (ENOENT).");
	assert_int_equal(why.region, 77);
	assert_int_equal(work_on(handle, KSHM_TEST_CHECK, 0, 77, 0, 1, &why),
			 -ENOENT);
	assert_said(&why, ENOENT, KSHM_EXPLAIN_REGION,
		    "The data operand is a part of region 77, which the handle does not have: use an id that kshm_region_create() gave for this very handle, and that was not destroyed (ENOENT).");
	assert_int_equal(why.about, KSHM_ABOUT_REQUEST);
	assert_int_equal(why.region, 77);
	kshm_close(handle);
}

static void region_without_the_right_is_eacces(void **state)
{
	unsigned char *memory = map_pages(1, PROT_READ | PROT_WRITE);
	struct kshm_handle *handle = open_test();
	__u32 readable = make(handle, memory, 1, KSHM_REGION_READ);
	__u32 writable = make(handle, memory, 1, KSHM_REGION_WRITE);
	struct kshm_explanation why;

	assert_int_equal(work_on(handle, KSHM_TEST_FILL, 0, readable, 0, 1, &why),
			 -EACCES);
	assert_said(&why, EACCES, KSHM_EXPLAIN_RIGHTS,
		    "The data operand is a part of region %u, which may not be written: create the region with KSHM_REGION_WRITE too (EACCES).",
		    readable);
	assert_int_equal(work_on(handle, KSHM_TEST_CHECK, 0, writable, 0, 1,
				 &why), -EACCES);
	assert_said(&why, EACCES, KSHM_EXPLAIN_RIGHTS,
		    "The data operand is a part of region %u, which may not be read: create the region with KSHM_REGION_READ too (EACCES).",
		    writable);
	kshm_close(handle);
	unmap_pages(memory, 1);
}

static __u64 state_of(struct kshm_handle *handle, __u32 id)
{
	struct kshm_region_info info = { .state = -1 };

	assert_int_equal(kshm_region_query(handle, id, &info, NULL), 0);
	return info.state;
}

static void region_of_memory_that_changed_is_estale(void **state)
{
	unsigned char *memory = map_pages(2, PROT_READ | PROT_WRITE);
	struct kshm_handle *handle = open_test();
	__u32 id = make(handle, memory, 2 * page_size(), READ_WRITE);
	struct kshm_explanation why;

	assert_int_equal(madvise(memory + page_size(), page_size(), MADV_DONTNEED), 0);
	assert_int_equal(state_of(handle, id),
			 KSHM_STATE_WATCHED | KSHM_STATE_SUSPECT);
	assert_int_equal(work_on(handle, KSHM_TEST_FILL, 0, id, page_size(), 1, &why),
			 -ESTALE);
	assert_said(&why, ESTALE, KSHM_EXPLAIN_STALE,
		    "The data operand is a part of region %u, whose memory is not what it was at address 0x%lx: destroy the region and create another, and keep the memory mapped as long as it lasts, or create it with KSHM_REGION_UNWATCHED if that is meant to be (ESTALE).",
		    id, (unsigned long)memory + page_size());
	assert_true(state_of(handle, id) & KSHM_STATE_STALE);
	kshm_close(handle);
	unmap_pages(memory, 2);
}

static void region_that_is_unwatched(void **state)
{
	unsigned char *memory = map_pages(2, PROT_READ | PROT_WRITE);
	struct kshm_handle *handle = open_test();
	__u32 id = make(handle, memory, 2 * page_size(),
			READ_WRITE | KSHM_REGION_UNWATCHED);

	assert_int_equal(state_of(handle, id), 0);
	unmap_pages(memory, 2);
	assert_int_equal(work_on(handle, KSHM_TEST_FILL, 0, id, 0, 2 * page_size(),
				 NULL), 0);
	assert_int_equal(state_of(handle, id), 0);
	kshm_close(handle);
}

static void region_part_outside_of_it_is_erange(void **state)
{
	unsigned char *memory = map_pages(1, PROT_READ | PROT_WRITE);
	struct kshm_handle *handle = open_test();
	__u32 id = make(handle, memory, 1000, READ_WRITE);
	struct kshm_explanation why;

	assert_int_equal(work_on(handle, KSHM_TEST_FILL, 0, id, 999, 2, &why),
			 -ERANGE);
	assert_said(&why, ERANGE, KSHM_EXPLAIN_PART,
		    "The data operand is 2 bytes from offset 999 on in region %u, which has 1000 bytes: keep offset and length inside of the region (ERANGE).",
		    id);
	kshm_close(handle);
	unmap_pages(memory, 1);
}

static void region_in_a_raw_control_is_einval(void **state)
{
	unsigned char *memory = map_pages(1, PROT_READ | PROT_WRITE);
	struct kshm_handle *handle = open_test();
	__u32 id = make(handle, memory, 1, READ_WRITE);
	struct kshm_operand out = kshm_operand_region(id, 0, 1);
	struct kshm_explanation why;

	assert_int_equal(kshm_control(handle, KSHM_TEST_FILL_RAW, NULL, &out,
				      NULL, NULL, &why), -EINVAL);
	assert_said(&why, EINVAL, KSHM_EXPLAIN_KIND,
		    "The out operand is a part of a region, but control 0x%08x of device test is raw and takes memory by its address only: make the operand with kshm_operand_user() (EINVAL).",
		    KSHM_TEST_FILL_RAW);
	kshm_close(handle);
	unmap_pages(memory, 1);
}

static void create_refused(struct kshm_handle *handle, const void *addr,
			   size_t len, unsigned int rights, int error,
			   struct kshm_explanation *why)
{
	__u32 id = 4711;

	memset(why, 0xff, sizeof(*why));
	assert_int_equal(kshm_region_create(handle, addr, len, rights, &id, why),
			 -error);
	assert_int_equal(id, 4711);
	assert_int_equal(why->about, KSHM_ABOUT_REGION);
	assert_int_equal(why->rights, rights);
	assert_int_equal(why->region, 0);
}

static void region_with_no_or_unknown_rights(void **state)
{
	struct kshm_handle *handle = open_test();
	struct kshm_explanation why;

	create_refused(handle, NULL, 0, 0, EINVAL, &why);
	assert_said(&why, EINVAL, KSHM_EXPLAIN_NO_RIGHTS,
		    "A region without any rights would be of no use: pass KSHM_REGION_READ, KSHM_REGION_WRITE or both (EINVAL).");
	create_refused(handle, NULL, 0, READ_WRITE | 0x80000000, EOPNOTSUPP, &why);
	assert_said(&why, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS,
		    "The module does not know the rights 0x80000000 of the region, so it is older than the program: update kshm.ko (EOPNOTSUPP).");
	assert_int_equal(kshm_region_destroy(handle, 1, 0x80000000, &why),
			 -EOPNOTSUPP);
	assert_said(&why, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS,
		    "The module does not know the flags 0x80000000 of the region, so it is older than the program: update kshm.ko (EOPNOTSUPP).");
	kshm_close(handle);
}

static void region_of_memory_that_is_not_there_is_efault(void **state)
{
	unsigned char *memory = map_pages(2, PROT_READ | PROT_WRITE);
	struct kshm_handle *handle = open_test();
	struct kshm_explanation why;

	unmap_pages(memory + page_size(), 1);
	create_refused(handle, memory + 7, page_size(), READ_WRITE, EFAULT, &why);
	assert_said(&why, EFAULT, KSHM_EXPLAIN_ADDRESS,
		    "Address 0x%lx in the region lies where nothing is mapped: check the address and the length, and map memory there first (EFAULT).",
		    (unsigned long)memory + page_size());
	create_refused(handle, (void *)-page_size(), 1, KSHM_REGION_READ, EFAULT, &why);
	assert_said(&why, EFAULT, KSHM_EXPLAIN_RANGE,
		    "The region at address 0x%lx wraps around or leaves the memory of user programs: pass the address and length of memory of your own (EFAULT).",
		    -page_size());
	kshm_close(handle);
	unmap_pages(memory, 1);
}

static void region_for_writing_of_read_only_memory_is_efault(void **state)
{
	unsigned char *memory = map_pages(1, PROT_READ);
	struct kshm_handle *handle = open_test();
	struct kshm_explanation why;

	create_refused(handle, memory, 1, READ_WRITE, EFAULT, &why);
	assert_said(&why, EFAULT, KSHM_EXPLAIN_ADDRESS,
		    "Address 0x%lx in the region lies in anonymous memory that may only be read, not written: map it with PROT_READ | PROT_WRITE, or create the region with KSHM_REGION_READ alone (EFAULT).",
		    (unsigned long)memory);
	kshm_close(handle);
	unmap_pages(memory, 1);
}

static void region_for_writing_of_a_file_is_efault(void **state)
{
	int fd = open("/scratch", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	struct kshm_handle *handle = open_test();
	struct kshm_explanation why;
	unsigned char *memory;

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, page_size()), 0);
	memory = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		      0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	create_refused(handle, memory, 1, READ_WRITE, EFAULT, &why);
	assert_said(&why, EFAULT, KSHM_EXPLAIN_LONG_TERM,
		    "Address 0x%lx in the region lies in a mapped file that can be pinned for a call only, not for as long as a region lasts: pass it with each request, or copy it to anonymous memory, or create the region with KSHM_REGION_READ alone (EFAULT).",
		    (unsigned long)memory);
	/* Which is true. */
	make(handle, memory, 1, KSHM_REGION_READ);
	kshm_close(handle);
	unmap_pages(memory, 1);
	close(fd);
}

static void region_of_ranges_that_do_not_join_is_einval(void **state)
{
	unsigned char *memory = map_pages(2, PROT_READ | PROT_WRITE);
	const struct kshm_range ranges[] = {
		{ (uintptr_t)memory, page_size() },
		{ 0, 0 },
		{ (uintptr_t)memory + 8, 1 },
	};
	struct kshm_handle *handle = open_test();
	struct kshm_explanation why;
	__u32 id = 4711;

	assert_int_equal(kshm_region_create_ranges(handle, ranges, 3, READ_WRITE,
						   &id, &why), -EINVAL);
	assert_said(&why, EINVAL, KSHM_EXPLAIN_JOIN,
		    "Range 2, counted from 0, does not join those before it at a page boundary: have all ranges but the first begin at one, and all but the last end at one (EINVAL).");
	assert_int_equal(id, 4711);
	kshm_close(handle);
	unmap_pages(memory, 2);
}

/* Also of more than the ABI has a number for, which is not one of few. */
static void region_of_too_many_ranges_is_einval(void **state)
{
	struct kshm_handle *handle = open_test();
	struct kshm_explanation why;
	__u32 id = 4711;

	assert_int_equal(kshm_region_create_ranges(handle, NULL,
						   KSHM_REGION_MAX_RANGES + 1,
						   READ_WRITE, &id, &why),
			 -EINVAL);
	assert_said(&why, EINVAL, KSHM_EXPLAIN_RANGES,
		    "1025 ranges are more than the 1024 that a region can have: make one of those that are neighbours, or several regions (EINVAL).");
	assert_int_equal(kshm_region_create_ranges(handle, NULL,
						   (size_t)UINT32_MAX + 1,
						   READ_WRITE, &id, &why),
			 -EINVAL);
	assert_int_equal(why.check, KSHM_EXPLAIN_RANGES);
	assert_int_equal(id, 4711);
	kshm_close(handle);
}

static void region_above_rlimit_memlock_is_enomem(void **state)
{
	unsigned char *memory = map_pages(4, PROT_READ | PROT_WRITE);
	size_t page = page_size();
	struct kshm_handle *handle = open_test();
	struct kshm_explanation why;
	struct rlimit before, few;
	int within, above;
	__u32 id;

	assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &before), 0);
	few = before;
	few.rlim_cur = 3 * page;
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &few), 0);
	within = kshm_region_create(handle, memory, 2 * page, READ_WRITE, &id,
				    NULL);
	above = kshm_region_create(handle, memory + page, 2 * page, READ_WRITE,
				   &id, &why);
	/* For the tests that follow, whatever came of it. */
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &before), 0);
	assert_int_equal(within, 0);
	assert_int_equal(above, -ENOMEM);
	assert_said(&why, ENOMEM, KSHM_EXPLAIN_MEMLOCK,
		    "The region needs 2 pages (8 KiB), but RLIMIT_MEMLOCK allows the user 3 pages (12 KiB) of locked memory, of which 2 pages (8 KiB) were in use: destroy regions, or raise the limit, with `ulimit -l`, memlock in /etc/security/limits.conf, or LimitMEMLOCK= of a systemd unit (ENOMEM).");
	kshm_close(handle);
	unmap_pages(memory, 4);
}

/* A request that lasts, with a region as its data. */
struct user {
	pthread_t thread;
	struct kshm_handle *handle;
	__u32 id;
	int ret;
};

static void *hold(void *arg)
{
	struct user *u = arg;
	struct kshm_test_held held;
	struct kshm_operand out = kshm_operand_user(&held, sizeof(held));
	struct kshm_operand data = kshm_operand_region(u->id, 0, 16);

	u->ret = kshm_control(u->handle, KSHM_TEST_HOLD_WRITE, NULL, &out, &data,
			      NULL, NULL);
	return NULL;
}

static void start_use(struct user *u)
{
	assert_int_equal(pthread_create(&u->thread, NULL, hold, u), 0);
	wait_until_holding(kshm_fd(u->handle), 1);
}

static void region_in_use_is_ebusy(void **state)
{
	unsigned char *memory = map_pages(1, PROT_READ | PROT_WRITE);
	struct user u = { .handle = open_test() };
	struct kshm_region_info info;
	struct kshm_explanation why;

	u.id = make(u.handle, memory, 16, READ_WRITE);
	start_use(&u);
	assert_int_equal(kshm_region_query(u.handle, u.id, &info, NULL), 0);
	assert_int_equal(info.uses, 1);
	assert_int_equal(kshm_region_destroy(u.handle, u.id, 0, &why), -EBUSY);
	release(kshm_fd(u.handle));
	assert_int_equal(pthread_join(u.thread, NULL), 0);
	assert_int_equal(u.ret, 0);
	assert_said(&why, EBUSY, KSHM_EXPLAIN_BUSY,
		    "Region %u is used by a request: destroy it when that is over, or with KSHM_REGION_WAIT to wait for that (EBUSY).",
		    u.id);
	assert_int_equal(kshm_region_destroy(u.handle, u.id, 0, NULL), 0);
	kshm_close(u.handle);
	unmap_pages(memory, 1);
}

/* Lets the request go when the region is not found any more: destroying waits. */
static void *release_what_is_waited_for(void *arg)
{
	struct user *u = arg;
	struct kshm_region_info info;

	while (kshm_region_query(u->handle, u->id, &info, NULL) != -ENOENT)
		usleep(1000);
	u->ret = test_state(kshm_fd(u->handle)).holding == 1 ? 0 : -EINVAL;
	release(kshm_fd(u->handle));
	return NULL;
}

static void region_destroyed_with_wait_waits_for_its_requests(void **state)
{
	unsigned char *memory = map_pages(1, PROT_READ | PROT_WRITE);
	struct user u = { .handle = open_test() }, releaser;

	u.id = make(u.handle, memory, 16, READ_WRITE);
	start_use(&u);
	releaser = u;
	assert_int_equal(pthread_create(&releaser.thread, NULL,
					release_what_is_waited_for, &releaser), 0);
	assert_int_equal(kshm_region_destroy(u.handle, u.id, KSHM_REGION_WAIT,
					     NULL), 0);
	assert_int_equal(pthread_join(releaser.thread, NULL), 0);
	assert_int_equal(pthread_join(u.thread, NULL), 0);
	assert_int_equal(releaser.ret, 0);
	assert_int_equal(u.ret, 0);
	assert_int_equal(memory[1], KSHM_TEST_HELD_AFTER);
	kshm_close(u.handle);
	unmap_pages(memory, 1);
}

static void region_revoked_is_estale_and_says_so(void **state)
{
	unsigned char *memory = map_pages(2, PROT_READ | PROT_WRITE);
	struct kshm_handle *handle = open_test();
	__u32 id = make(handle, memory, 2 * page_size(), READ_WRITE);
	struct kshm_region_info info;
	struct kshm_explanation why;

	assert_int_equal(kshm_region_query(handle, id, &info, NULL), 0);
	assert_int_equal(info.holds, 1);
	assert_int_equal(info.state & KSHM_STATE_REVOKED, 0);
	assert_int_equal(kshm_region_revoke(handle, id, 0, &why), 0);
	assert_int_equal(why.error, 0);
	nothing_pinned();
	assert_int_equal(work_on(handle, KSHM_TEST_CHECK, 0, id, 0, 0, &why),
			 -ESTALE);
	assert_said(&why, ESTALE, KSHM_EXPLAIN_REVOKED,
		    "The data operand is a part of region %u, which was revoked, for everybody and for good: destroy it, and have a new one made (ESTALE).",
		    id);
	assert_int_equal(kshm_region_query(handle, id, &info, NULL), 0);
	assert_int_equal(info.state, KSHM_STATE_REVOKED);
	assert_int_equal(info.pages, 0);
	assert_int_equal(kshm_region_destroy(handle, id, 0, NULL), 0);
	kshm_close(handle);
	unmap_pages(memory, 2);
}

static void region_revoked_without_waiting_keeps_its_request(void **state)
{
	unsigned char *memory = map_pages(1, PROT_READ | PROT_WRITE);
	struct user u = { .handle = open_test() };
	struct kshm_region_info info;

	u.id = make(u.handle, memory, 16, READ_WRITE);
	start_use(&u);
	assert_int_equal(kshm_region_revoke(u.handle, u.id, KSHM_REGION_NO_WAIT,
					    NULL), 0);
	assert_int_equal(kshm_region_query(u.handle, u.id, &info, NULL), 0);
	assert_int_equal(info.pages, 1);
	release(kshm_fd(u.handle));
	assert_int_equal(pthread_join(u.thread, NULL), 0);
	assert_int_equal(u.ret, 0);
	assert_int_equal(memory[1], KSHM_TEST_HELD_AFTER);
	nothing_pinned();
	kshm_close(u.handle);
	unmap_pages(memory, 1);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(region_is_the_callers_own_memory),
	cmocka_unit_test(region_operand_names_a_part),
	cmocka_unit_test(region_of_ranges_is_them_one_after_the_other),
	cmocka_unit_test(region_query_tells_what_was_created),
	cmocka_unit_test(region_success_explains_nothing),
	cmocka_unit_test(region_is_found_in_its_handle_only),
	cmocka_unit_test(region_that_is_not_there_is_enoent),
	cmocka_unit_test(region_without_the_right_is_eacces),
	cmocka_unit_test(region_of_memory_that_changed_is_estale),
	cmocka_unit_test(region_that_is_unwatched),
	cmocka_unit_test(region_part_outside_of_it_is_erange),
	cmocka_unit_test(region_in_a_raw_control_is_einval),
	cmocka_unit_test(region_with_no_or_unknown_rights),
	cmocka_unit_test(region_of_memory_that_is_not_there_is_efault),
	cmocka_unit_test(region_for_writing_of_read_only_memory_is_efault),
	cmocka_unit_test(region_for_writing_of_a_file_is_efault),
	cmocka_unit_test(region_of_ranges_that_do_not_join_is_einval),
	cmocka_unit_test(region_of_too_many_ranges_is_einval),
	cmocka_unit_test(region_above_rlimit_memlock_is_enomem),
	cmocka_unit_test(region_in_use_is_ebusy),
	cmocka_unit_test(region_destroyed_with_wait_waits_for_its_requests),
	cmocka_unit_test(region_revoked_is_estale_and_says_so),
	cmocka_unit_test(region_revoked_without_waiting_keeps_its_request),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

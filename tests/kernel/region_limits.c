// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of what regions cost, and of the limits on them; root's, who sets
 * those
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "parameter.h"
#include "region_calls.h"

#define USER	4321

/* Runs @fn as an ordinary user, who may have @pages locked. */
static void as_user(void (*fn)(int fd), size_t pages)
{
	const struct rlimit limit = { pages * page_size(), pages * page_size() };
	int fd = device_open("test", O_RDWR), status;
	pid_t pid = fork();

	if (!pid) {
		if (setrlimit(RLIMIT_MEMLOCK, &limit) || setgid(USER) || setuid(USER))
			_exit(1);
		fn(fd);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(fd);
}

/* What a file of /proc has in a line that begins with @name. */
static unsigned long kib_of(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	unsigned long kib = 0, found = -1UL;
	char line[256];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)) &&
		    sscanf(line + strlen(name), ": %lu kB", &kib) == 1)
			found = kib;
	fclose(file);
	assert_int_not_equal(found, -1UL);
	return found;
}

static unsigned long pinned_kib(void)
{
	return kib_of("/proc/self/status", "VmPin");
}

/* That the kernel has allocated for itself. */
static unsigned long kernel_kib(void)
{
	return kib_of("/proc/meminfo", "SUnreclaim") +
	       kib_of("/proc/meminfo", "VmallocUsed");
}

static int make(int fd, const void *data, size_t pages, __u32 *id,
		struct kshm_explain *why)
{
	struct kshm_range range = { to_u64(data), pages * page_size() };
	struct kshm_ioc_region_create arg = region_request(&range, 1, READ_WRITE);
	int ret;

	*why = (struct kshm_explain){ .size = sizeof(*why) };
	arg.explain = to_u64(why);
	ret = region_try(fd, &arg);
	*id = arg.out_id;
	return ret;
}

static void sixteen_pages(int fd)
{
	unsigned char *p = mmap(NULL, 32 * page_size(), PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kshm_explain why;
	__u32 id, other;

	WANT(make(fd, p, 17, &id, &why) == -ENOMEM);
	WANT(why.check == KSHM_EXPLAIN_MEMLOCK && why.error == ENOMEM);
	WANT(why.needed == 17 && why.used == 0 && why.limit == 16);
	WANT(make(fd, p, 10, &id, &why) == 0);
	/* Whatever handle, and whatever pages: a second pin of a page is one, too. */
	WANT(make(fd, p, 7, &other, &why) == -ENOMEM);
	WANT(why.needed == 7 && why.used == 10 && why.limit == 16);
	WANT(make(fd, p, 6, &other, &why) == 0);
	WANT(pinned_kib() == 16 * page_size() >> 10);
	WANT(make(fd, p, 1, &other, &why) == -ENOMEM);
	WANT(region_destroy_try(fd, id, 0) == 0);
	WANT(pinned_kib() == 6 * page_size() >> 10);
	WANT(make(fd, p + 1, 9, &id, &why) == 0);
	WANT(make(fd, p, 1, &other, &why) == -ENOMEM);
	/* Failures of other kinds give back what they charged. */
	WANT(region_destroy_try(fd, id, 0) == 0);
	munmap(p + 4 * page_size(), page_size());
	WANT(make(fd, p, 10, &id, &why) == -EFAULT);
	WANT(make(fd, p + 5 * page_size(), 10, &id, &why) == 0);
}

static void region_limits_memlock(void **state)
{
	as_user(sixteen_pages, 16);
}

static void no_page(int fd)
{
	struct kshm_explain why;
	static unsigned char byte;
	__u32 id;

	WANT(make(fd, &byte, 0, &id, &why) == 0);
	WANT(make(fd, &byte, 1, &id, &why) == -ENOMEM);
	WANT(why.limit == 0);
	WANT(make(fd, NULL, 0, &id, &why) == 0);
}

static void region_limits_memlock_of_nothing(void **state)
{
	as_user(no_page, 0);
}

static void fork_and_make(int fd)
{
	unsigned char *p = mmap(NULL, 16 * page_size(), PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kshm_explain why;
	int status;
	pid_t pid;
	__u32 id;

	WANT(make(fd, p, 10, &id, &why) == 0);
	pid = fork();
	if (!pid) {
		WANT(make(fd, p, 7, &id, &why) == -ENOMEM && why.used == 10);
		WANT(make(fd, p, 6, &id, &why) == 0);
		_exit(0);
	}
	WANT(waitpid(pid, &status, 0) == pid && !status);
	/* The child is gone, its region is the handle's. */
	WANT(make(fd, p, 1, &id, &why) == -ENOMEM && why.used == 16);
}

static void region_limits_memlock_of_all_processes(void **state)
{
	as_user(fork_and_make, 16);
}

/* Whoever has CAP_IPC_LOCK is not bound by it, and leaves room for others. */
static void region_limits_memlock_not_of_root(void **state)
{
	const struct rlimit none = { 0, 0 };
	struct buffer b = buffer_make(BUFFER_ANON, 20 * page_size());
	int fd = device_open("test", O_RDWR);

	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &none), 0);
	region_make(fd, b.data, b.len, READ_WRITE);
	assert_int_equal(pinned_kib(), 20 * page_size() >> 10);
	close(fd);
	assert_int_equal(pinned_kib(), 0);
	buffer_free(&b);
}

/* Charged to who made it, also when he is not who closes it. */
static void region_limits_charge_its_creator(void **state)
{
	struct buffer b = buffer_make(BUFFER_SHARED, 5 * page_size());
	int fd = device_open("test", O_RDWR);
	struct kshm_explain why;
	__u32 id;

	assert_int_equal(setreuid(USER, -1), 0);
	assert_int_equal(make(fd, b.data, 5, &id, &why), 0);
	assert_int_equal(device_info(fd).out_user_pages, 5);
	assert_int_equal(setreuid(0, -1), 0);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	assert_int_equal(device_info(fd).out_system_pages, 5);
	region_destroy(fd, id);
	assert_int_equal(device_info(fd).out_system_pages, 0);
	close(fd);
	buffer_free(&b);
}

static void bounded_by(const char *name, __u32 check)
{
	struct buffer b = buffer_make(BUFFER_ANON, 20 * page_size());
	int fd = device_open("test", O_RDWR);
	unsigned long before = parameter_get(name);
	struct kshm_explain why;
	__u32 id;

	parameter_set(name, 10);
	assert_int_equal(make(fd, b.data, 11, &id, &why), -EDQUOT);
	assert_int_equal(why.check, check);
	assert_int_equal(why.needed, 11);
	assert_int_equal(why.used, 0);
	assert_int_equal(why.limit, 10);
	assert_int_equal(make(fd, b.data, 10, &id, &why), 0);
	assert_int_equal(make(fd, b.data, 1, &id, &why), -EDQUOT);
	assert_int_equal(why.used, 10);
	parameter_set(name, before);
	assert_int_equal(make(fd, b.data, 20, &id, &why), 0);
	/* More than can be counted, far from any memory. */
	assert_int_equal(make(fd, (void *)4096, (1UL << 31) + 1, &id, &why), -EDQUOT);
	assert_int_equal(why.check, KSHM_EXPLAIN_LIMIT_USER);
	close(fd);
	buffer_free(&b);
}

static void region_limits_of_a_user(void **state)
{
	bounded_by("max_user_pages", KSHM_EXPLAIN_LIMIT_USER);
}

static void region_limits_of_the_system(void **state)
{
	bounded_by("max_system_pages", KSHM_EXPLAIN_LIMIT_SYSTEM);
}

/* Empty ones are bounded, too, and take no more than one page of what a user may have. */
static void region_limits_of_what_is_empty(void **state)
{
	static struct kshm_range none[KSHM_REGION_MAX_RANGES];
	struct kshm_ioc_region_create arg = region_request(none, ARRAY_SIZE(none), READ_WRITE);
	unsigned long before = parameter_get("max_user_pages");
	int fd = device_open("test", O_RDWR);
	struct kshm_explain why;
	__u32 id;
	int i;

	parameter_set("max_user_pages", 10);
	for (i = 0; i < 10; i++)
		assert_int_equal(region_try(fd, &arg), 0);
	assert_int_equal(make(fd, NULL, 0, &id, &why), -EDQUOT);
	assert_int_equal(why.check, KSHM_EXPLAIN_LIMIT_USER);
	assert_int_equal(why.needed, 1);
	assert_int_equal(why.used, 10);
	region_destroy(fd, arg.out_id);
	assert_int_equal(make(fd, NULL, 0, &id, &why), 0);
	parameter_set("max_user_pages", before);
	close(fd);
}

/* Ranges of nothing are not kept: a watch of them would take 28 MiB here. */
static void region_ranges_of_nothing_take_no_memory(void **state)
{
	static struct kshm_range none[KSHM_REGION_MAX_RANGES];
	struct kshm_ioc_region_create arg = region_request(none, ARRAY_SIZE(none), READ_WRITE);
	int fd = device_open("test", O_RDWR), i;
	unsigned long before = kernel_kib();

	for (i = 0; i < 256; i++)
		assert_int_equal(region_try(fd, &arg), 0);
	assert_true(kernel_kib() < before + 8 * 1024);
	close(fd);
}

/* That of one request is not that of a region. */
static void region_limits_not_of_a_request(void **state)
{
	unsigned long before = parameter_get("max_request_pages");
	struct buffer b = buffer_make(BUFFER_ANON, 20 * page_size());
	int fd = device_open("test", O_RDWR);

	parameter_set("max_request_pages", 10);
	region_make(fd, b.data, b.len, READ_WRITE);
	parameter_set("max_request_pages", before);
	close(fd);
	buffer_free(&b);
}

static void region_limits_of_a_handle(void **state)
{
	unsigned long before = parameter_get("max_handle_regions");
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	int fd = device_open("test", O_RDWR), other = device_open("test", O_RDWR);
	struct kshm_explain why;
	__u32 ids[3], id;
	size_t i;

	parameter_set("max_handle_regions", 3);
	for (i = 0; i < 3; i++)
		assert_int_equal(make(fd, b.data, 1, &ids[i], &why), 0);
	for (i = 0; i < 2; i++) {
		assert_int_equal(make(fd, b.data, 1, &id, &why), -ENOSPC);
		assert_int_equal(why.check, KSHM_EXPLAIN_LIMIT_REGIONS);
		assert_int_equal(why.limit, 3);
		assert_int_equal(why.used, 3);
	}
	/* Ranges that cannot be are found before. */
	assert_int_equal(make(fd, NULL, -1UL >> 13, &id, &why), -EFAULT);
	assert_int_equal(make(other, b.data, 1, &id, &why), 0);
	region_destroy(fd, ids[1]);
	assert_int_equal(make(fd, b.data, 1, &id, &why), 0);
	assert_int_equal(region_destroy_try(fd, id, KSHM_REGION_WAIT), 0);
	assert_int_equal(make(fd, b.data, 1, &id, &why), 0);
	parameter_set("max_handle_regions", before);
	close(other);
	close(fd);
	buffer_free(&b);
}

static void region_limits_allow_many(void **state)
{
	const unsigned int many = harness_brief() ? 5000 : 100000;
	struct buffer b = buffer_make(BUFFER_ANON, 64 * page_size());
	int fd = device_open("test", O_RDWR);
	unsigned int i;
	__u32 id = 0;

	for (i = 0; i < many; i++)
		id = region_make(fd, b.data + i % 64 * page_size() + 7, 100, READ_WRITE);
	assert_int_equal(device_info(fd).out_user_pages, many);
	assert_int_equal(region_query(fd, id).out_len, 100);
	close(fd);
	buffer_free(&b);
}

/* All that a user may have, which is a quarter of memory, in one region of base pages. */
static void region_limits_allow_a_large_one(void **state)
{
	unsigned long before = parameter_get("max_user_pages");
	unsigned long pages = harness_brief() ? 8192 : before;
	struct buffer b = buffer_make(BUFFER_ANON, (pages + 1) * page_size());
	struct kshm_range range = { to_u64(b.data), b.len };
	struct kshm_ioc_region_create arg = region_request(&range, 1, READ_WRITE);
	int fd = device_open("test", O_RDWR);
	__u32 id;

	parameter_set("max_user_pages", pages);
	assert_int_equal(region_try(fd, &arg), -EDQUOT);
	id = region_make(fd, b.data, pages * page_size(), READ_WRITE);
	assert_int_equal(region_query(fd, id).out_pages, pages);
	region_destroy(fd, id);
	parameter_set("max_user_pages", before);
	close(fd);
	buffer_free(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(region_limits_memlock),
	cmocka_unit_test(region_limits_memlock_of_nothing),
	cmocka_unit_test(region_limits_memlock_of_all_processes),
	cmocka_unit_test(region_limits_memlock_not_of_root),
	cmocka_unit_test(region_limits_charge_its_creator),
	cmocka_unit_test(region_limits_of_a_user),
	cmocka_unit_test(region_limits_of_the_system),
	cmocka_unit_test(region_limits_of_what_is_empty),
	cmocka_unit_test(region_ranges_of_nothing_take_no_memory),
	cmocka_unit_test(region_limits_not_of_a_request),
	cmocka_unit_test(region_limits_of_a_handle),
	cmocka_unit_test(region_limits_allow_many),
	cmocka_unit_test(region_limits_allow_a_large_one),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of pins that outlive the call: they stay what the process has at its
 * addresses, on every kernel; root's, who can wait for the kernel's page faults
 *
 * After the kernel's own tests of the same, selftests/mm/cow.c and gup_longterm.c:
 * what each asserts of the pins of others, kshm is held to.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "region_calls.h"

/* What a driver finds in the region. */
static unsigned char driver_sees(int fd, __u32 id, __u64 offset)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_CAPTURE);
	unsigned char byte = 0;

	arg.in = user_operand(&offset, sizeof(offset));
	arg.out = user_operand(&byte, 1);
	arg.data = region_operand(id, 0, offset + 1);
	control(fd, &arg);
	return byte;
}

/* What the process writes from now on is what the driver sees, in each page. */
static void stays_true(int fd, __u32 id, unsigned char *data, size_t len)
{
	size_t at;

	memset(data, 0x5a, len);
	for (at = 0; at < len; at += page_size())
		assert_int_equal(driver_sees(fd, id, at), 0x5a);
	for (at = 0; at < len; at += page_size()) {
		data[at] = at / page_size() % 7 + 1;
		assert_int_equal(driver_sees(fd, id, at), data[at]);
	}
}

static void make_and_see(void *data, size_t len, __u32 rights)
{
	int fd = device_open("test", O_RDWR);
	__u32 id = region_make(fd, data, len, rights);

	stays_true(fd, id, data, len);
	close(fd);
}

/* N2: nothing was ever written there. */
static void longterm_zero_page(void **state)
{
	const size_t len = 3 * page_size();
	volatile unsigned char *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t at;

	assert_ptr_not_equal(p, MAP_FAILED);
	for (at = 0; at < len; at += page_size())
		assert_int_equal(p[at], 0);
	make_and_see((void *)p, len, KSHM_REGION_READ);
	munmap((void *)p, len);
}

static int disk_file(size_t len)
{
	int file = open("/scratch", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);

	assert_int_not_equal(file, -1);
	assert_int_equal(ftruncate(file, len), 0);
	assert_int_equal(pwrite(file, "f", 1, 0), 1);
	return file;
}

static int memory_file(size_t len)
{
	int file = memfd_create("longterm", MFD_CLOEXEC);

	assert_int_equal(ftruncate(file, len), 0);
	assert_int_equal(pwrite(file, "f", 1, 0), 1);
	return file;
}

/* N2, L3: the file's page until the first write, and one of its own after. */
static void private_mapping_of(int file, __u32 rights, int prot)
{
	const size_t len = 2 * page_size();
	volatile unsigned char *p = mmap(NULL, len, prot, MAP_PRIVATE, file, 0);
	int fd = device_open("test", O_RDWR);
	unsigned char byte;
	__u32 id;

	assert_ptr_not_equal(p, MAP_FAILED);
	assert_int_equal(p[0], 'f');
	id = region_make(fd, (void *)p, len, rights);
	assert_int_equal(mprotect((void *)p, len, PROT_READ | PROT_WRITE), 0);
	stays_true(fd, id, (void *)p, len);
	close(fd);
	munmap((void *)p, len);
	/* And the file has nothing of it. */
	assert_int_equal(pread(file, &byte, 1, 0), 1);
	assert_int_equal(byte, 'f');
}

static void longterm_private_file(void **state)
{
	const size_t len = 2 * page_size();
	int files[] = { memory_file(len), disk_file(len) };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		private_mapping_of(files[i], KSHM_REGION_READ, PROT_READ | PROT_WRITE);
		private_mapping_of(files[i], KSHM_REGION_READ, PROT_READ);
		private_mapping_of(files[i], READ_WRITE, PROT_READ | PROT_WRITE);
		close(files[i]);
	}
}

/* L1, L2: a file on a disk has to know who writes to it. */
static void longterm_shared_file(void **state)
{
	const size_t len = 2 * page_size();
	int file = disk_file(len), fd = device_open("test", O_RDWR);
	unsigned char *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	struct kshm_range range = { to_u64(p), len };
	struct kshm_explain why;
	__u32 id;

	assert_ptr_not_equal(p, MAP_FAILED);
	why = region_refused(fd, region_request(&range, 1, READ_WRITE), EFAULT,
			     KSHM_EXPLAIN_LONG_TERM);
	assert_int_equal(why.addr, range.addr);
	assert_int_equal(why.mapping, KSHM_MAPPING_FILE);
	id = region_make(fd, p, len, KSHM_REGION_READ);
	stays_true(fd, id, p, len);
	close(fd);
	munmap(p, len);
	close(file);
}

/* Good pages, then the file's: found where it begins, nothing of the good ones kept. */
static void longterm_shared_file_behind_other_memory(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 4 * page_size());
	int file = disk_file(2 * page_size()), fd = device_open("test", O_RDWR);
	struct kshm_range range = { to_u64(b.data), b.len };
	struct kshm_explain why;
	void *p = mmap(b.data + 2 * page_size(), 2 * page_size(), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_FIXED, file, 0);

	assert_ptr_equal(p, b.data + 2 * page_size());
	why = region_refused(fd, region_request(&range, 1, READ_WRITE), EFAULT,
			     KSHM_EXPLAIN_LONG_TERM);
	assert_int_equal(why.addr, to_u64(p));
	make_and_see(b.data, b.len, KSHM_REGION_READ);
	close(fd);
	close(file);
	buffer_free(&b);
}

static void longterm_shared_memory(void **state)
{
	const enum buffer_kind kinds[] = { BUFFER_SHARED, BUFFER_MEMFD };
	struct buffer b;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		b = buffer_make(kinds[i], 3 * page_size());
		make_and_see(b.data, b.len, KSHM_REGION_READ);
		make_and_see(b.data, b.len, READ_WRITE);
		buffer_free(&b);
	}
}

static void longterm_huge_pages(void **state)
{
	const enum buffer_kind kinds[] = { BUFFER_HUGE, BUFFER_HUGETLB };
	struct buffer b;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		b = buffer_make(kinds[i], HUGE_SIZE);
		make_and_see(b.data + page_size(), 5 * page_size(), KSHM_REGION_READ);
		make_and_see(b.data, b.len, READ_WRITE);
		buffer_free(&b);
	}
}

static bool is_old_kernel(void)
{
	struct utsname name;

	assert_int_equal(uname(&name), 0);
	return !strncmp(name.release, "6.1.", 4);
}

/* 6.1 has no way to give the process a huge page of its own that it may not write. */
static void longterm_private_huge_page_read_only(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGETLB, HUGE_SIZE);
	int file = memfd_create("huge", MFD_CLOEXEC | MFD_HUGETLB);
	int fd = device_open("test", O_RDWR);
	struct kshm_range range = { .len = HUGE_SIZE };
	struct kshm_explain why;
	void *p;

	buffer_free(&b);
	assert_int_equal(ftruncate(file, HUGE_SIZE), 0);
	p = mmap(NULL, HUGE_SIZE, PROT_READ, MAP_PRIVATE, file, 0);
	assert_ptr_not_equal(p, MAP_FAILED);
	range.addr = to_u64(p);
	if (is_old_kernel()) {
		why = region_refused(fd, region_request(&range, 1, KSHM_REGION_READ),
				     EFAULT, KSHM_EXPLAIN_LONG_TERM);
		assert_int_equal(why.addr, range.addr);
		assert_int_equal(why.mapping, KSHM_MAPPING_HUGETLB);
		assert_int_equal(mprotect(p, HUGE_SIZE, PROT_READ | PROT_WRITE), 0);
		make_and_see(p, HUGE_SIZE, KSHM_REGION_READ);
	} else {
		region_make(fd, p, HUGE_SIZE, KSHM_REGION_READ);
	}
	close(fd);
	munmap(p, HUGE_SIZE);
	close(file);
}

/* A child that lives until the pipe is closed, and touches nothing. */
static pid_t live_beside(int *gate)
{
	int ends[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) ? 1 : 0);
	}
	close(ends[0]);
	*gate = ends[1];
	return pid;
}

static void end_child(pid_t pid, int gate)
{
	int status;

	close(gate);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* A4: the page is mapped read-only and writable again. */
static void longterm_mprotect(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * page_size());
	int fd = device_open("test", O_RDWR);
	__u32 id = region_make(fd, b.data, b.len, READ_WRITE);

	assert_int_equal(mprotect(b.data, b.len, PROT_READ), 0);
	assert_int_equal(mprotect(b.data, b.len, PROT_READ | PROT_WRITE), 0);
	stays_true(fd, id, b.data, b.len);
	close(fd);
	buffer_free(&b);
}

/* A5: a child that was forked meanwhile gets a copy, the pinned page stays. */
static void fork_after_the_pin(enum buffer_kind kind, __u32 rights)
{
	struct buffer b = buffer_make(kind, 2 * page_size());
	int fd = device_open("test", O_RDWR), gate;
	__u32 id = region_make(fd, b.data, b.len, rights);
	pid_t child = live_beside(&gate);

	stays_true(fd, id, b.data, b.len);
	end_child(child, gate);
	stays_true(fd, id, b.data, b.len);
	close(fd);
	buffer_free(&b);
}

static void longterm_fork_after_the_pin(void **state)
{
	fork_after_the_pin(BUFFER_ANON, READ_WRITE);
	fork_after_the_pin(BUFFER_ANON, KSHM_REGION_READ);
	fork_after_the_pin(BUFFER_HUGE, READ_WRITE);
	fork_after_the_pin(BUFFER_HUGE, KSHM_REGION_READ);
}

/* A6: shared with a child until one of them writes. */
static void fork_before_the_pin(enum buffer_kind kind, bool alive, __u32 rights)
{
	struct buffer b = buffer_make(kind, 2 * page_size());
	int fd = device_open("test", O_RDWR), gate;
	pid_t child = live_beside(&gate);
	__u32 id;

	if (!alive)
		end_child(child, gate);
	id = region_make(fd, b.data, b.len, rights);
	stays_true(fd, id, b.data, b.len);
	if (alive)
		end_child(child, gate);
	close(fd);
	buffer_free(&b);
}

static void longterm_fork_before_the_pin(void **state)
{
	const enum buffer_kind kinds[] = { BUFFER_ANON, BUFFER_HUGE };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		fork_before_the_pin(kinds[i], true, KSHM_REGION_READ);
		fork_before_the_pin(kinds[i], false, KSHM_REGION_READ);
		fork_before_the_pin(kinds[i], true, READ_WRITE);
		fork_before_the_pin(kinds[i], false, READ_WRITE);
	}
}

/* A1: what a child has is its own. */
static void longterm_child_sees_nothing_new(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	int fd = device_open("test", O_RDWR), go[2], status;
	__u32 id = region_make(fd, b.data, b.len, READ_WRITE);
	char byte;
	pid_t pid;

	b.data[0] = 'o';
	assert_int_equal(pipe(go), 0);
	pid = fork();
	if (!pid) {
		if (read(go[0], &byte, 1) != 1 || b.data[0] != 'o')
			_exit(1);
		b.data[0] = 'c';
		_exit(0);
	}
	b.data[0] = 'n';
	assert_int_equal(write(go[1], "", 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(driver_sees(fd, id, 0), 'n');
	close(go[0]);
	close(go[1]);
	close(fd);
	buffer_free(&b);
}

/* Who brings each missing page that is asked for, until @gate is closed. */
struct server {
	int fault;
	int gate;
};

static void *serve_faults(void *data)
{
	const struct server *server = data;
	struct pollfd fds[] = {
		{ .fd = server->fault, .events = POLLIN }, { .fd = server->gate },
	};
	struct uffdio_zeropage zero;
	struct uffd_msg message;

	while (poll(fds, ARRAY_SIZE(fds), -1) > 0 && !fds[1].revents) {
		/* Somebody else may have brought it meanwhile. */
		if (read(server->fault, &message, sizeof(message)) != sizeof(message))
			continue;
		zero = (struct uffdio_zeropage){ .range = {
			.start = message.arg.pagefault.address & -page_size(),
			.len = page_size(),
		} };
		ioctl(server->fault, UFFDIO_ZEROPAGE, &zero);
	}
	return NULL;
}

static int watch_faults(void *data, size_t len)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { .start = to_u64(data), .len = len },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fault = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	assert_int_not_equal(fault, -1);
	assert_int_equal(ioctl(fault, UFFDIO_API, &api), 0);
	assert_int_equal(ioctl(fault, UFFDIO_REGISTER, &range), 0);
	return fault;
}

static void longterm_userfault(void **state)
{
	const size_t len = 3 * page_size();
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	struct server server = { .fault = watch_faults(p, len) };
	pthread_t thread;
	int gate[2];

	assert_int_equal(pipe(gate), 0);
	server.gate = gate[0];
	assert_int_equal(pthread_create(&thread, NULL, serve_faults, &server), 0);
	make_and_see(p, len, READ_WRITE);
	assert_int_equal(madvise(p, len, MADV_DONTNEED), 0);
	make_and_see(p, len, KSHM_REGION_READ);
	close(gate[1]);
	pthread_join(thread, NULL);
	close(gate[0]);
	close(server.fault);
	munmap(p, len);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(longterm_zero_page),
	cmocka_unit_test(longterm_private_file),
	cmocka_unit_test(longterm_shared_file),
	cmocka_unit_test(longterm_shared_file_behind_other_memory),
	cmocka_unit_test(longterm_shared_memory),
	cmocka_unit_test(longterm_huge_pages),
	cmocka_unit_test(longterm_private_huge_page_read_only),
	cmocka_unit_test(longterm_mprotect),
	cmocka_unit_test(longterm_fork_after_the_pin),
	cmocka_unit_test(longterm_fork_before_the_pin),
	cmocka_unit_test(longterm_child_sees_nothing_new),
	cmocka_unit_test(longterm_userfault),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

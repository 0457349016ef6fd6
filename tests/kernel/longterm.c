// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of pins that outlive the call: they stay what the process has at its
 * addresses, whatever it does there, on every kernel
 *
 * After the kernel's own tests of the same, selftests/mm/cow.c: what it asserts of
 * the pins of others, kshm is held to. Of which memory there are such pins at all is
 * in pinnable.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
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

static int disk_file(size_t len)
{
	int file = open("/scratch", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);

	assert_int_not_equal(file, -1);
	assert_int_equal(ftruncate(file, len), 0);
	return file;
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

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(longterm_shared_file_behind_other_memory),
	cmocka_unit_test(longterm_mprotect),
	cmocka_unit_test(longterm_fork_after_the_pin),
	cmocka_unit_test(longterm_fork_before_the_pin),
	cmocka_unit_test(longterm_child_sees_nothing_new),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests that what a driver wrote to a file's pages reaches the file;
 * root's, who drops caches
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "leak.h"

static void forget_clean_pages(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, "3", 1), 1);
	close(fd);
}

/*
 * The page is written back while the driver has it, and is clean then. What
 * the driver writes after that is lost, unless the unpinning says otherwise.
 */
static void dirty_after_a_write_back(void **state)
{
	int file = open("/scratch", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	int fd = device_open("test", O_RDWR);
	unsigned char *data, byte = 0;
	struct call call;

	assert_int_not_equal(file, -1);
	assert_int_equal(ftruncate(file, page_size()), 0);
	data = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED,
		    file, 0);
	assert_ptr_not_equal(data, MAP_FAILED);
	call_hold(&call, fd, KSHM_TEST_HOLD_WRITE, data, page_size());
	assert_int_equal(msync(data, page_size(), MS_SYNC), 0);
	assert_int_equal(munmap(data, page_size()), 0);
	call_release(&call);

	assert_int_equal(fsync(file), 0);
	forget_clean_pages();
	assert_int_equal(pread(file, &byte, 1, 1), 1);
	assert_int_equal(byte, KSHM_TEST_HELD_AFTER);
	close(fd);
	close(file);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(dirty_after_a_write_back),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of opening and closing devices
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kshm.h>
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"

#define READ_WRITE (KSHM_OPEN_READ | KSHM_OPEN_WRITE)

/* Asserts that the device cannot be opened, and that @handle is left alone. */
static void assert_open_fails(const char *device, unsigned int access,
			      int error)
{
	struct kshm_handle * const untouched = (struct kshm_handle *)&error;
	struct kshm_handle *handle = untouched;

	assert_int_equal(kshm_open(&handle, device, access), -error);
	assert_ptr_equal(handle, untouched);
}

/* Asserts a part of the sentence that explains a failed open. */
static void assert_explained(const char *device, unsigned int access, int error,
			     const char *part)
{
	char text[512];
	int length;

	length = kshm_explain_open(device, access, error, text, sizeof(text));
	assert_int_equal(length, strlen(text));
	assert_int_equal(text[length - 1], '.');
	if (!strstr(text, part))
		assert_string_equal(text, part);
}

static void open_by_name_gives_the_device(void **state)
{
	struct kshm_handle *handle;
	struct stat node, opened;

	assert_int_equal(kshm_open(&handle, "null", KSHM_OPEN_READ), 0);
	assert_string_equal(kshm_device(handle), "null");
	assert_int_equal(stat("/dev/kshm/null", &node), 0);
	assert_int_equal(fstat(kshm_fd(handle), &opened), 0);
	assert_true(node.st_rdev == opened.st_rdev);
	kshm_close(handle);
}

static void open_by_path_gives_the_device(void **state)
{
	struct kshm_handle *handle;

	assert_int_equal(kshm_open(&handle, "/dev/kshm/../kshm/null",
				   READ_WRITE), 0);
	assert_string_equal(kshm_device(handle), "null");
	kshm_close(handle);
}

static void open_access_is_the_mode_of_the_descriptor(void **state)
{
	static const struct {
		unsigned int access;
		int mode;
	} modes[] = {
		{ KSHM_OPEN_READ, O_RDONLY },
		{ KSHM_OPEN_WRITE, O_WRONLY },
		{ READ_WRITE, O_RDWR },
	};
	struct kshm_handle *handle;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		assert_int_equal(kshm_open(&handle, "null", modes[i].access),
				 0);
		assert_int_equal(fcntl(kshm_fd(handle), F_GETFL) & O_ACCMODE,
				 modes[i].mode);
		assert_true(fcntl(kshm_fd(handle), F_GETFD) & FD_CLOEXEC);
		kshm_close(handle);
	}
}

static void open_without_known_access_is_einval(void **state)
{
	assert_open_fails("null", 0, EINVAL);
	assert_open_fails("null", READ_WRITE | 4, EINVAL);
	assert_explained("null", 4, -EINVAL, "0x4 is not what a device");
}

static void open_of_an_impossible_name_is_einval(void **state)
{
	assert_open_fails("", KSHM_OPEN_READ, EINVAL);
	assert_open_fails(".", KSHM_OPEN_READ, EINVAL);
	assert_open_fails("..", KSHM_OPEN_READ, EINVAL);
	assert_open_fails("-null", KSHM_OPEN_READ, EINVAL);
	assert_open_fails("nu ll", KSHM_OPEN_READ, EINVAL);
	assert_open_fails("n\xfcll", KSHM_OPEN_READ, EINVAL);
	assert_open_fails("a-name-of-more-than-31-characters", KSHM_OPEN_READ,
			  EINVAL);
	assert_explained("nu ll", KSHM_OPEN_READ, -EINVAL,
			 "\"nu ll\" cannot be the name of a device");
}

/* The error of the path is not laid at the driver's door. */
static void open_of_a_path_that_leads_nowhere_says_so(void **state)
{
	char path[5000];

	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[300] = '\0';
	assert_open_fails(path, KSHM_OPEN_READ, ENAMETOOLONG);
	assert_explained(path, KSHM_OPEN_READ, -ENAMETOOLONG,
			 "Nothing can be at the path /aaa");
	path[300] = 'a';
	path[sizeof(path) - 1] = '\0';
	assert_open_fails(path, KSHM_OPEN_READ, ENAMETOOLONG);
	assert_explained(path, KSHM_OPEN_READ, -ENAMETOOLONG,
			 "Nothing can be at the path /aaa");
	assert_open_fails("/dev/null/x", KSHM_OPEN_READ, ENOTDIR);
	assert_explained("/dev/null/x", KSHM_OPEN_READ, -ENOTDIR,
			 "Nothing can be at the path /dev/null/x, ");
	/* The same from a node that is there is of its driver. */
	assert_explained("null", KSHM_OPEN_READ, -ENAMETOOLONG,
			 "The driver of device null refused ");
}

/* How often the device test was opened. */
static __u64 opened(const struct kshm_handle *handle)
{
	struct kshm_test_state state = { 0 };
	struct kshm_operand out = kshm_operand_user(&state, sizeof(state));

	assert_int_equal(kshm_control(handle, KSHM_TEST_STATE, NULL, &out, NULL,
				      NULL, NULL), 0);
	return state.opened;
}

static void explaining_does_not_open_the_device(void **state)
{
	static const int errors[] = {
		EINVAL, ENODEV, ENOENT, EACCES, ENOTTY, EPROTO, EPROTONOSUPPORT, EIO
	};
	struct kshm_handle *handle;
	__u64 before;
	size_t i;

	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_READ), 0);
	before = opened(handle);
	for (i = 0; i < ARRAY_SIZE(errors); i++)
		assert_explained("test", KSHM_OPEN_READ, -errors[i], ": ");
	assert_int_equal(opened(handle), before);
	kshm_close(handle);
}

static void open_of_an_absent_device_is_enoent(void **state)
{
	assert_open_fails("absent", KSHM_OPEN_READ, ENOENT);
	assert_open_fails("a-name-of-exactly-31-characters", KSHM_OPEN_READ,
			  ENOENT);
	assert_open_fails("/dev/kshm/absent", KSHM_OPEN_READ, ENOENT);
	assert_explained("absent", KSHM_OPEN_READ, -ENOENT,
			 "There is no device absent: ");
}

static void open_of_another_kind_of_file_is_enotty(void **state)
{
	assert_open_fails("/dev/null", READ_WRITE, ENOTTY);
	assert_open_fails("/dev/urandom", KSHM_OPEN_READ, ENOTTY);
	assert_open_fails("/dev", READ_WRITE, ENOTTY);
	assert_open_fails("/proc/self/stat", KSHM_OPEN_READ, ENOTTY);
	assert_explained("/dev/null", KSHM_OPEN_READ, -ENOTTY,
			 "/dev/null is no kshm device: ");
}

/* Opening it would wait for a writer, for ever. */
static void open_of_a_pipe_is_enotty_at_once(void **state)
{
	char path[] = "/tmp/kshm-pipe-XXXXXX";

	assert_non_null(mkdtemp(path));
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_open_fails(path, KSHM_OPEN_READ, ENOTTY);
	assert_int_equal(unlink(path), 0);
}

/* The node's owner is root, and its group none of an ordinary user's. */
static void open_without_permission_is_eacces(void **state)
{
	assert_int_not_equal(geteuid(), 0);
	assert_open_fails("/dev/mem", KSHM_OPEN_READ, EACCES);
	assert_explained("/dev/mem", KSHM_OPEN_READ, -EACCES,
			 "The program may not open /dev/mem for reading, which belongs to user 0 and group ");
	assert_explained("/dev/mem", READ_WRITE, -EACCES,
			 "/dev/mem for reading and writing");
}

static void open_refused_in_spite_of_permission_blames_the_driver(void **state)
{
	assert_explained("null", READ_WRITE, -EACCES,
			 "The driver of device null refused to open it with \"Permission denied\"");
	assert_explained("null", READ_WRITE, -EBUSY,
			 "The driver of device null refused to open it with \"Device or resource busy\"");
}

static void open_of_a_removed_device_says_so(void **state)
{
	assert_explained("null", READ_WRITE, -ENODEV,
			 "Device null was removed: ");
}

static void open_with_another_abi_says_which_side_is_older(void **state)
{
	assert_explained("null", READ_WRITE, -EPROTONOSUPPORT,
			 "the module is older than the library");
	assert_explained("null", READ_WRITE, -EPROTO,
			 "the library is older than the module");
}

static void open_fd_takes_the_descriptor_over(void **state)
{
	struct kshm_handle *handle;
	int fd = open("/dev/kshm/null", O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(kshm_open_fd(&handle, fd), 0);
	assert_int_equal(kshm_fd(handle), fd);
	assert_string_equal(kshm_device(handle), "null");
	kshm_close(handle);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_int_equal(errno, EBADF);
}

static void open_fd_leaves_a_foreign_descriptor_open(void **state)
{
	struct kshm_handle *handle = NULL;
	int fd = open("/dev/null", O_RDWR);

	assert_true(fd >= 0);
	assert_int_equal(kshm_open_fd(&handle, fd), -ENOTTY);
	assert_null(handle);
	assert_true(fcntl(fd, F_GETFD) >= 0);
	assert_int_equal(close(fd), 0);
}

static void open_fd_of_no_descriptor_is_ebadf(void **state)
{
	struct kshm_handle *handle = NULL;

	assert_int_equal(kshm_open_fd(&handle, -1), -EBADF);
	assert_null(handle);
}

/* The lowest descriptor that is free. */
static int next_descriptor(void)
{
	int fd = dup(STDOUT_FILENO);

	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	return fd;
}

static void open_that_fails_leaves_no_descriptor(void **state)
{
	int before = next_descriptor();

	assert_open_fails("/dev/null", READ_WRITE, ENOTTY);
	assert_open_fails("absent", READ_WRITE, ENOENT);
	assert_int_equal(next_descriptor(), before);
}

static void close_of_null_does_nothing(void **state)
{
	kshm_close(NULL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(open_by_name_gives_the_device),
	cmocka_unit_test(open_by_path_gives_the_device),
	cmocka_unit_test(open_access_is_the_mode_of_the_descriptor),
	cmocka_unit_test(open_without_known_access_is_einval),
	cmocka_unit_test(open_of_an_impossible_name_is_einval),
	cmocka_unit_test(open_of_a_path_that_leads_nowhere_says_so),
	cmocka_unit_test(explaining_does_not_open_the_device),
	cmocka_unit_test(open_of_an_absent_device_is_enoent),
	cmocka_unit_test(open_of_another_kind_of_file_is_enotty),
	cmocka_unit_test(open_of_a_pipe_is_enotty_at_once),
	cmocka_unit_test(open_without_permission_is_eacces),
	cmocka_unit_test(open_refused_in_spite_of_permission_blames_the_driver),
	cmocka_unit_test(open_of_a_removed_device_says_so),
	cmocka_unit_test(open_with_another_abi_says_which_side_is_older),
	cmocka_unit_test(open_fd_takes_the_descriptor_over),
	cmocka_unit_test(open_fd_leaves_a_foreign_descriptor_open),
	cmocka_unit_test(open_fd_of_no_descriptor_is_ebadf),
	cmocka_unit_test(open_that_fails_leaves_no_descriptor),
	cmocka_unit_test(close_of_null_does_nothing),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

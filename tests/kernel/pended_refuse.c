// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of requests that are not kept, and what there is of them then: nothing;
 * root's, who sets limits
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "parameter.h"
#include "pended_calls.h"
#include "state.h"

#define USER	4321

static int fd;
static struct kshm_test_pend pend;

static void set_up(void)
{
	fd = device_open("test", O_RDWR);
	pend = (struct kshm_test_pend){ .key = 5 };
}

static void tear_down(void)
{
	completion_none(fd);
	assert_int_equal(complete_all(fd), 0);
	close(fd);
}

/* Submits, and asserts that kshm says no. */
static struct kshm_explain not_kept(int handle, struct kshm_ioc_control arg, int error,
				    __u32 check, __u32 operand)
{
	arg.flags = KSHM_REQUEST_SUBMIT;
	return control_error(handle, &arg, error, check, operand);
}

/* Nobody could read how it ended. */
WITH_SET_UP(pended_refuses_who_cannot_read)
{
	struct kshm_ioc_control arg = pend_request(KSHM_TEST_PEND, &pend, 1);
	int writer = device_open("test", O_WRONLY);
	struct kshm_explain why;

	why = not_kept(writer, arg, EACCES, KSHM_EXPLAIN_ACCESS, 0);
	assert_int_equal(why.needed, KSHM_ACCESS_READ);
	close(writer);
}

WITH_SET_UP(pended_refuses_bad_requests)
{
	struct kshm_ioc_control arg = pend_request(KSHM_TEST_PEND, &pend, 1);

	arg.flags = KSHM_REQUEST_SUBMIT | 0x10;
	assert_int_equal(control_error(fd, &arg, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS, 0).needed,
			 0x10);
	arg.flags = 0;
	arg.in.len--;
	not_kept(fd, arg, EMSGSIZE, KSHM_EXPLAIN_SHORT, KSHM_OPERAND_IN);
	arg.in.len++;
	arg.out = user_operand(NULL, 8);
	not_kept(fd, arg, EFAULT, KSHM_EXPLAIN_ADDRESS, KSHM_OPERAND_OUT);
	arg.out.len = 0;
	arg.code = KSHM_TEST_PEND_WRITE;
	arg.data = (struct kshm_operand){ .kind = KSHM_OPERAND_REGION, .id = 77, .len = 1 };
	not_kept(fd, arg, ENOENT, KSHM_EXPLAIN_REGION, KSHM_OPERAND_DATA);
	arg.data = user_operand(NULL, 8);
	not_kept(fd, arg, EFAULT, KSHM_EXPLAIN_ADDRESS, KSHM_OPERAND_DATA);
}

/* Memory that can be pinned for a call only cannot be, however the request is made. */
WITH_SET_UP(pended_refuses_memory_of_files)
{
	char path[] = "/scratch/pended.XXXXXX";
	struct kshm_ioc_control arg;
	int file = mkstemp(path);
	void *data;

	assert_int_not_equal(file, -1);
	assert_int_equal(ftruncate(file, page_size()), 0);
	data = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	assert_ptr_not_equal(data, MAP_FAILED);
	arg = pend_request(KSHM_TEST_PEND_WRITE, &pend, 1);
	arg.data = user_operand(data, page_size());
	not_kept(fd, arg, EFAULT, KSHM_EXPLAIN_LONG_TERM, KSHM_OPERAND_DATA);
	arg = pend_request(KSHM_TEST_PEND_WRITE, &pend, 1);
	arg.data = user_operand(data, page_size());
	control_error(fd, &arg, EFAULT, KSHM_EXPLAIN_LONG_TERM, KSHM_OPERAND_DATA);
	munmap(data, page_size());
	close(file);
	unlink(path);
}

/* Nobody could be told that it goes on: it does not. */
WITH_SET_UP(pended_refuses_a_read_only_struct)
{
	struct kshm_ioc_control *there = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
					      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kshm_explain why = { .size = sizeof(why) };
	const __u64 kept = test_state(fd).kept;

	assert_ptr_not_equal(there, MAP_FAILED);
	*there = pend_request(KSHM_TEST_PEND, &pend, 1);
	there->flags = KSHM_REQUEST_SUBMIT;
	there->explain = to_u64(&why);
	assert_int_equal(mprotect(there, page_size(), PROT_READ), 0);
	assert_int_equal(control_try(fd, there), -EFAULT);
	assert_int_equal(why.check, KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(why.operand, 0);
	assert_int_equal(why.addr, to_u64(there));
	assert_int_equal(test_state(fd).kept, kept);
	munmap(there, page_size());
}

WITH_SET_UP(pended_limit_of_a_handle)
{
	const unsigned long before = parameter_get("max_handle_requests");
	struct kshm_ioc_control arg = pend_request(KSHM_TEST_PEND, &pend, 1);
	int other = device_open("test", O_RDWR);
	struct kshm_explain why;
	int i;

	parameter_set("max_handle_requests", 3);
	for (i = 0; i < 3; i++)
		submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, i);
	why = not_kept(fd, arg, ENOSPC, KSHM_EXPLAIN_LIMIT_REQUESTS, 0);
	assert_int_equal(why.needed, 1);
	assert_int_equal(why.used, 3);
	assert_int_equal(why.limit, 3);
	/* Those that wait count, too. */
	arg.flags = 0;
	control_error(fd, &arg, ENOSPC, KSHM_EXPLAIN_LIMIT_REQUESTS, 0);
	/* One that has ended counts until it is read; another handle's do not. */
	complete_one(fd, 1);
	not_kept(fd, arg, ENOSPC, KSHM_EXPLAIN_LIMIT_REQUESTS, 0);
	submit_pend(other, KSHM_TEST_PEND_CANCELLABLE, 1);
	completion_of(fd, 1, 0);
	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, 4);
	assert_int_equal(complete_all(fd), 4);
	for (i = 0; i < 3; i++)
		completion_read(fd);
	close(other);
	parameter_set("max_handle_requests", before);
}

#define PAGES	4

/* As an ordinary user, who may have that many pages locked, and no more. */
static void keep_in_locked_memory(void)
{
	const struct rlimit limit = { PAGES * page_size(), PAGES * page_size() };
	unsigned char *data = mmap(NULL, 2 * PAGES * page_size(), PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kshm_ioc_control arg = pend_request(KSHM_TEST_PEND_WRITE, &pend, 1);
	struct kshm_explain why;

	WANT(!setrlimit(RLIMIT_MEMLOCK, &limit) && !setgid(USER) && !setuid(USER));
	arg.data = user_operand(data, (PAGES + 1) * page_size());
	why = not_kept(fd, arg, ENOMEM, KSHM_EXPLAIN_MEMLOCK, 0);
	WANT(why.needed == PAGES + 1 && why.used == 0 && why.limit == PAGES);
	/* Also to be waited for. */
	control_error(fd, &arg, ENOMEM, KSHM_EXPLAIN_MEMLOCK, 0);
	arg.data.len = PAGES * page_size();
	submit(fd, arg);
	arg.data.len = 1;
	why = not_kept(fd, arg, ENOMEM, KSHM_EXPLAIN_MEMLOCK, 0);
	WANT(why.used == PAGES);
	WANT(complete_all(fd) == 1);
	/* Undone when it is read. */
	not_kept(fd, arg, ENOMEM, KSHM_EXPLAIN_MEMLOCK, 0);
	completion_read(fd);
	submit(fd, arg);
	WANT(complete_all(fd) == 1);
	completion_read(fd);
}

WITH_SET_UP(pended_is_locked_memory)
{
	in_a_child(keep_in_locked_memory);
}

WITH_SET_UP(pended_limit_of_a_request)
{
	const unsigned long before = parameter_get("max_request_pages");
	unsigned char *data = mmap(NULL, PAGES * page_size(), PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kshm_ioc_control arg = pend_request(KSHM_TEST_PEND_WRITE, &pend, 1);
	struct kshm_explain why;

	parameter_set("max_request_pages", PAGES);
	/* A page of input, too. */
	arg.data = user_operand(data, PAGES * page_size());
	why = not_kept(fd, arg, EDQUOT, KSHM_EXPLAIN_LIMIT_REQUEST, 0);
	assert_int_equal(why.needed, PAGES + 1);
	parameter_set("max_request_pages", before);
	munmap(data, PAGES * page_size());
}

WITH_SET_UP(cancel_refuses)
{
	struct kshm_explain why;

	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, 1);
	assert_int_equal(cancel_try(fd, 1, KSHM_CANCEL_ALL, &why), -EINVAL);
	assert_int_equal(why.check, KSHM_EXPLAIN_RESERVED);
	assert_int_equal(cancel_try(fd, 1, 0x8, &why), -EOPNOTSUPP);
	assert_int_equal(why.check, KSHM_EXPLAIN_FLAGS);
	completion_none(fd);
	complete_one(fd, 1);
	completion_of(fd, 1, 0);
}

/* What has no meaning yet, and a struct that takes no result: nothing is cancelled. */
WITH_SET_UP(cancel_refuses_bad_structs)
{
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_cancel arg = {
		.size = sizeof(arg), .user_data = 1, .explain = to_u64(&why), .reserved = 1,
	};
	struct kshm_ioc_cancel *there = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
					     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, 1);
	assert_int_equal(ioctl(fd, KSHM_IOC_CANCEL, &arg), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(why.check, KSHM_EXPLAIN_RESERVED);
	assert_ptr_not_equal(there, MAP_FAILED);
	arg.reserved = 0;
	*there = arg;
	assert_int_equal(mprotect(there, page_size(), PROT_READ), 0);
	assert_int_equal(ioctl(fd, KSHM_IOC_CANCEL, there), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(why.check, KSHM_EXPLAIN_ADDRESS);
	munmap(there, page_size());
	completion_none(fd);
	complete_one(fd, 1);
	completion_of(fd, 1, 0);
}

WITH_SET_UP(eventfd_refuses_bad_structs)
{
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_eventfd arg = {
		.size = sizeof(arg), .fd = -1, .explain = to_u64(&why), .reserved = 1,
	};

	assert_int_equal(ioctl(fd, KSHM_IOC_EVENTFD, &arg), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(why.check, KSHM_EXPLAIN_RESERVED);
	arg.reserved = 0;
	arg.flags = 1;
	assert_int_equal(ioctl(fd, KSHM_IOC_EVENTFD, &arg), -1);
	assert_int_equal(errno, EOPNOTSUPP);
	assert_int_equal(why.check, KSHM_EXPLAIN_FLAGS);
	assert_int_equal(why.needed, 1);
}

WITH_SET_UP(eventfd_refuses_what_is_none)
{
	int good = eventfd(0, EFD_NONBLOCK), bad = memfd_create("bad", 0);
	struct kshm_explain why;
	__u64 value;

	assert_int_equal(eventfd_set(fd, good, NULL), 0);
	assert_int_equal(eventfd_set(fd, bad, &why), -EBADF);
	assert_int_equal(why.check, KSHM_EXPLAIN_EVENTFD);
	assert_int_equal(why.used, bad);
	assert_int_equal(eventfd_set(fd, -2, &why), -EBADF);
	assert_int_equal(eventfd_set(fd, 12345, &why), -EBADF);
	/* The one before is there still. */
	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, 1);
	complete_one(fd, 1);
	completion_of(fd, 1, 0);
	while (read(good, &value, sizeof(value)) < 0)
		usleep(1000);
	close(good);
	close(bad);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(pended_refuses_who_cannot_read),
	cmocka_unit_test(pended_refuses_bad_requests),
	cmocka_unit_test(pended_refuses_memory_of_files),
	cmocka_unit_test(pended_refuses_a_read_only_struct),
	cmocka_unit_test(pended_limit_of_a_handle),
	cmocka_unit_test(pended_is_locked_memory),
	cmocka_unit_test(pended_limit_of_a_request),
	cmocka_unit_test(cancel_refuses),
	cmocka_unit_test(cancel_refuses_bad_structs),
	cmocka_unit_test(eventfd_refuses_bad_structs),
	cmocka_unit_test(eventfd_refuses_what_is_none),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

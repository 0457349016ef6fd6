// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of output that cannot be copied after the driver has run
 *
 * The output buffer has to vanish after kshm has looked at it and before the
 * driver is done. Between the two kshm pins the data: userfaultfd holds it up
 * there for as long as it takes. Needs root, as only root may hold up the kernel.
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
#include <unistd.h>

#include <kshm.h>
#include <linux/kshm_digest.h>
#include "harness.h"
#include "leak.h"

#define SHA256_SIZE	32

/* A bound for the request to get to its data, far above what it takes. */
#define WAIT_MS		60000

struct request {
	const struct kshm_handle *handle;
	struct kshm_operand out;
	struct kshm_operand data;
	struct kshm_result result;
	struct kshm_explanation why;
	int ret;
};

static void *send_request(void *arg)
{
	struct request *r = arg;

	r->ret = kshm_control(r->handle,
			      KSHM_DIGEST_TO_DRIVER(KSHM_DIGEST_SHA256), NULL,
			      &r->out, &r->data, &r->result, &r->why);
	return NULL;
}

static char *map_page(void)
{
	char *page = mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(page, MAP_FAILED);
	return page;
}

/* From here on the first access to the page waits for let_go(). */
static int hold_up(const char *page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (uintptr_t)page, sysconf(_SC_PAGESIZE) },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	assert_true(fd >= 0);
	assert_int_equal(ioctl(fd, UFFDIO_API, &api), 0);
	assert_int_equal(ioctl(fd, UFFDIO_REGISTER, &range), 0);
	return fd;
}

static void wait_for_access(int fd)
{
	struct pollfd access = { .fd = fd, .events = POLLIN };

	assert_int_equal(poll(&access, 1, WAIT_MS), 1);
	assert_int_equal(access.revents, POLLIN);
}

static void let_go(int fd, const char *page)
{
	struct uffdio_zeropage zero = {
		.range = { (uintptr_t)page, sysconf(_SC_PAGESIZE) },
	};

	assert_int_equal(ioctl(fd, UFFDIO_ZEROPAGE, &zero), 0);
	assert_int_equal(close(fd), 0);
}

static void control_whose_output_vanishes_ran_and_is_efault_by_kshm(void **state)
{
	size_t page_size = sysconf(_SC_PAGESIZE);
	char *out = map_page(), *data = map_page();
	int fd = hold_up(data);
	struct request r = {
		.out = kshm_operand_user(out, SHA256_SIZE),
		.data = kshm_operand_user(data, page_size),
	};
	struct kshm_handle *handle;
	pthread_t thread;

	assert_int_equal(kshm_open(&handle, "digest", KSHM_OPEN_READ), 0);
	r.handle = handle;
	assert_int_equal(pthread_create(&thread, NULL, send_request, &r), 0);
	wait_for_access(fd);
	assert_int_equal(munmap(out, page_size), 0);
	let_go(fd, data);
	assert_int_equal(pthread_join(thread, NULL), 0);
	kshm_close(handle);
	munmap(data, page_size);

	assert_int_equal(r.ret, -EFAULT);
	assert_int_equal(r.result.status, -EFAULT);
	assert_int_equal(r.result.ran, 1);
	assert_int_equal(r.result.said_by, KSHM_SAID_BY_KSHM);
	assert_int_equal(r.result.out_returned, 0);
	assert_int_equal(r.why.error, -EFAULT);
	assert_int_equal(r.why.check, KSHM_EXPLAIN_COPY_OUT);
	assert_int_equal(r.why.operand, KSHM_OPERAND_OUT);
	assert_true(r.why.addr == (uintptr_t)out);
	assert_int_equal(r.why.mapping, KSHM_MAPPING_HOLE);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(control_whose_output_vanishes_ran_and_is_efault_by_kshm),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

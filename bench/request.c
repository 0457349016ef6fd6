// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what a request costs, beside its peers, in the same run
 */
#include <fcntl.h>
#include <liburing.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <linux/kshm_null.h>

#include "kshm_test.h"
#include "measure.h"

static int dev_null, null, test;
static struct io_uring ring;
static unsigned char *page;
static struct kshm_ioc_control arg;

static struct kshm_operand user(void *addr, size_t len)
{
	return (struct kshm_operand){
		.kind = KSHM_OPERAND_USER, .addr = (uintptr_t)addr, .len = len,
	};
}

static void set_up(__u32 code)
{
	memset(&arg, 0, sizeof(arg));
	arg.size = sizeof(arg);
	arg.code = code;
}

static void enotty(const struct operation *op)
{
	(void)op;
	expect(ioctl(dev_null, KSHM_IOC_CONTROL, &arg) == -1, "/dev/null");
}

static void prepare_empty(const struct operation *op)
{
	(void)op;
	set_up(KSHM_NULL_NOP);
}

static void call_null(const struct operation *op)
{
	(void)op;
	expect(!ioctl(null, KSHM_IOC_CONTROL, &arg), "null");
}

static void prepare_pin(const struct operation *op)
{
	(void)op;
	set_up(KSHM_NULL_NOP_FROM_DRIVER);
	arg.data = user(page, 4096);
}

static void prepare_copied(const struct operation *op)
{
	(void)op;
	set_up(KSHM_NULL_NOP);
	arg.in = user(page, 60);
}

static void prepare_from_driver(const struct operation *op)
{
	(void)op;
	set_up(KSHM_TEST_TOUCH);
	arg.data = user(page, 4096);
}

/* The code is in the place of a size. */
static void prepare_context(const struct operation *op)
{
	set_up(op->bytes);
}

static void call_test(const struct operation *op)
{
	(void)op;
	expect(!ioctl(test, KSHM_IOC_CONTROL, &arg) && !arg.out_status, "test");
}

/* @bytes requests, which an interrupt has ended by the time they are read. */
static void prepare_submit(const struct operation *op)
{
	(void)op;
	set_up(KSHM_TEST_PEND_NOTHING);
	arg.flags = KSHM_REQUEST_SUBMIT;
}

static void submit_and_read(const struct operation *op)
{
	static struct kshm_completion completions[32];
	size_t i;

	for (i = 0; i < op->bytes; i++)
		expect(!ioctl(test, KSHM_IOC_CONTROL, &arg) && !arg.out_status, "submit");
	expect(read(test, completions, sizeof(completions)) ==
	       (ssize_t)(op->bytes * sizeof(*completions)), "read");
}

static void register_buffer(const struct operation *op)
{
	struct iovec iov = { .iov_base = page, .iov_len = 4096 };

	(void)op;
	expect(!syscall(SYS_io_uring_register, ring.ring_fd, IORING_REGISTER_BUFFERS,
			&iov, 1), "register");
	expect(!syscall(SYS_io_uring_register, ring.ring_fd, IORING_UNREGISTER_BUFFERS,
			NULL, 0), "unregister");
}

/* The ring has the handles as its own files, and the request 32 times. */
static void bring(int file, unsigned int nr)
{
	const struct kshm_uring_arg from = { .arg = (uintptr_t)&arg };
	struct io_uring_cqe *cqes[32];
	struct io_uring_sqe *sqe;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		sqe = io_uring_get_sqe(&ring);
		io_uring_prep_rw(IORING_OP_URING_CMD, sqe, file, NULL, 0, 0);
		sqe->flags = IOSQE_FIXED_FILE;
		sqe->cmd_op = KSHM_IOC_CONTROL;
		memcpy(sqe->cmd, &from, sizeof(from));
	}
	expect(io_uring_submit_and_wait(&ring, nr) == (int)nr, "enter");
	expect(io_uring_peek_batch_cqe(&ring, cqes, nr) == nr, "completions");
	for (i = 0; i < nr; i++)
		expect(!cqes[i]->res, "res");
	io_uring_cq_advance(&ring, nr);
}

static void bring_null(const struct operation *op)
{
	bring(0, op->bytes);
}

static void prepare_pended(const struct operation *op)
{
	(void)op;
	set_up(KSHM_TEST_PEND_NOTHING);
}

static void bring_pended(const struct operation *op)
{
	bring(1, op->bytes);
}

static const struct operation operations[] = {
	{ .name = "enotty", .prepare = prepare_empty, .run = enotty },
	{ .name = "empty", .prepare = prepare_empty, .run = call_null },
	{ .name = "pin", .prepare = prepare_pin, .run = call_null },
	{ .name = "copied", .prepare = prepare_copied, .run = call_null },
	{ .name = "from-driver", .prepare = prepare_from_driver, .run = call_test },
	{ .name = "io_uring", .run = register_buffer },
	{ "hop", KSHM_TEST_HOP, prepare_context, call_test },
	{ "worker", KSHM_TEST_NOTHING_IN(KSHM_TEST_WORKER), prepare_context, call_test },
	{ "softirq", KSHM_TEST_NOTHING_IN(KSHM_TEST_SOFTIRQ), prepare_context, call_test },
	{ "hardirq", KSHM_TEST_NOTHING_IN(KSHM_TEST_HARDIRQ), prepare_context, call_test },
	{ "submitted", 1, prepare_submit, submit_and_read },
	{ "submitted-32", 32, prepare_submit, submit_and_read },
	{ "ring-32", 32, prepare_empty, bring_null },
	/* The last: 6.1 has no ring for what pends. */
	{ "ring-pended", 1, prepare_pended, bring_pended },
};

int main(void)
{
	struct kshm_ioc_info info = { .size = sizeof(info) };
	int files[2];

	dev_null = open("/dev/null", O_RDWR);
	null = open("/dev/kshm/null", O_RDWR);
	test = open("/dev/kshm/test", O_RDWR);
	expect(dev_null >= 0 && null >= 0 && test >= 0, "open");
	files[0] = null;
	files[1] = test;
	expect(!io_uring_queue_init(32, &ring, 0), "ring");
	expect(!io_uring_register_files(&ring, files, 2), "files");
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	expect(page != MAP_FAILED, "mmap");
	expect(!ioctl(test, KSHM_IOC_INFO, &info), "info");
	measure(operations, ARRAY_SIZE(operations) -
		!(info.out_features & KSHM_FEATURE_RINGS_PEND));
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what regions cost, beside io_uring's registered buffers, in the same run
 *
 * Making and unmaking them, of small pages and of huge ones; and requests on them,
 * which have to cost the same whatever their size. So have those on sections, whether they
 * can be given holes or not.
 */
#define _GNU_SOURCE

#include <fcntl.h>
#include <linux/io_uring.h>
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

#define KIB(n)	((size_t)(n) << 10)
#define MIB(n)	((size_t)(n) << 20)
#define HUGE	MIB(2)

static int null, test, ring;
static void *memory;
static struct kshm_ioc_control arg;
static __u32 region;

static void map(const struct operation *op, int flags)
{
	memory = mmap(NULL, op->bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
	expect(memory != MAP_FAILED, "mmap");
}

static void map_small(const struct operation *op)
{
	map(op, 0);
	expect(!madvise(memory, op->bytes, MADV_NOHUGEPAGE), "madvise");
	memset(memory, 1, op->bytes);
}

static void map_huge(const struct operation *op)
{
	map(op, MAP_HUGETLB);
	memset(memory, 1, op->bytes);
}

static void unmap(const struct operation *op)
{
	expect(!munmap(memory, op->bytes), "munmap");
}

static __u32 create(int fd, size_t bytes, __u32 flags)
{
	struct kshm_range range = { .addr = (uintptr_t)memory, .len = bytes };
	struct kshm_ioc_region_create create = {
		.size = sizeof(create), .nr_ranges = 1, .ranges = (uintptr_t)&range,
		.rights = KSHM_REGION_READ | KSHM_REGION_WRITE, .flags = flags,
	};

	expect(!ioctl(fd, KSHM_IOC_REGION_CREATE, &create), "create");
	return create.out_id;
}

static void destroy(int fd, __u32 id)
{
	struct kshm_ioc_region_destroy destroy = { .size = sizeof(destroy), .id = id };

	expect(!ioctl(fd, KSHM_IOC_REGION_DESTROY, &destroy), "destroy");
}

static void create_and_destroy(const struct operation *op)
{
	destroy(null, create(null, op->bytes, 0));
}

static void unwatched(const struct operation *op)
{
	destroy(null, create(null, op->bytes, KSHM_REGION_UNWATCHED));
}

static void register_buffer(const struct operation *op)
{
	struct iovec iov = { .iov_base = memory, .iov_len = op->bytes };

	expect(!syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS,
			&iov, 1), "register");
	expect(!syscall(SYS_io_uring_register, ring, IORING_UNREGISTER_BUFFERS,
			NULL, 0), "unregister");
}

static void set_up(__u32 code, size_t bytes)
{
	memset(&arg, 0, sizeof(arg));
	arg.size = sizeof(arg);
	arg.code = code;
	if (!bytes)
		return;
	arg.data = (struct kshm_operand){
		.kind = KSHM_OPERAND_REGION, .id = region, .len = bytes,
	};
}

static void prepare_empty(const struct operation *op)
{
	(void)op;
	set_up(KSHM_NULL_NOP, 0);
}

static void prepare_request(const struct operation *op)
{
	map_small(op);
	region = create(null, op->bytes, 0);
	set_up(KSHM_NULL_NOP_FROM_DRIVER, op->bytes);
}

/* A section of a file with @seals, of which the first request looks at all pages. */
static void make_section(const struct operation *op, int seals)
{
	struct kshm_ioc_section_attach attach = {
		.size = sizeof(attach), .len = op->bytes,
		.rights = KSHM_REGION_READ | KSHM_REGION_WRITE,
	};

	attach.fd = memfd_create("section", MFD_ALLOW_SEALING);
	expect(attach.fd >= 0 && !ftruncate(attach.fd, op->bytes) &&
	       !fcntl(attach.fd, F_ADD_SEALS, F_SEAL_SHRINK) &&
	       !ioctl(null, KSHM_IOC_SECTION_ATTACH, &attach) &&
	       !fcntl(attach.fd, F_ADD_SEALS, seals), "attach");
	close(attach.fd);
	region = attach.out_id;
	set_up(KSHM_NULL_NOP_FROM_DRIVER, op->bytes);
}

static void prepare_section(const struct operation *op)
{
	make_section(op, F_SEAL_SHRINK);
}

static void prepare_sealed(const struct operation *op)
{
	make_section(op, F_SEAL_FUTURE_WRITE);
}

static void call_null(const struct operation *op)
{
	(void)op;
	expect(!ioctl(null, KSHM_IOC_CONTROL, &arg), "null");
}

static void finish_request(const struct operation *op)
{
	destroy(null, region);
	unmap(op);
}

static void finish_section(const struct operation *op)
{
	(void)op;
	destroy(null, region);
}

static void prepare_touch(const struct operation *op)
{
	map_small(op);
	region = create(test, op->bytes, 0);
	set_up(KSHM_TEST_TOUCH, op->bytes);
}

static void call_test(const struct operation *op)
{
	(void)op;
	expect(!ioctl(test, KSHM_IOC_CONTROL, &arg) && !arg.out_status, "test");
}

static void finish_touch(const struct operation *op)
{
	destroy(test, region);
	unmap(op);
}

static const struct operation operations[] = {
	{ "region-4k", KIB(4), map_small, create_and_destroy, unmap },
	{ "unwatched-4k", KIB(4), map_small, unwatched, unmap },
	{ "io_uring-4k", KIB(4), map_small, register_buffer, unmap },
	{ "region-64k", KIB(64), map_small, create_and_destroy, unmap },
	{ "unwatched-64k", KIB(64), map_small, unwatched, unmap },
	{ "io_uring-64k", KIB(64), map_small, register_buffer, unmap },
	{ "region-16m", MIB(16), map_small, create_and_destroy, unmap },
	{ "unwatched-16m", MIB(16), map_small, unwatched, unmap },
	{ "io_uring-16m", MIB(16), map_small, register_buffer, unmap },
	{ "region-huge", 8 * HUGE, map_huge, create_and_destroy, unmap },
	{ "unwatched-huge", 8 * HUGE, map_huge, unwatched, unmap },
	{ "io_uring-huge", 8 * HUGE, map_huge, register_buffer, unmap },
	{ "no-region", 0, prepare_empty, call_null, NULL },
	{ "use-4k", KIB(4), prepare_request, call_null, finish_request },
	{ "use-16m", MIB(16), prepare_request, call_null, finish_request },
	{ "section-4k", KIB(4), prepare_section, call_null, finish_section },
	{ "section-16m", MIB(16), prepare_section, call_null, finish_section },
	{ "sealed-4k", KIB(4), prepare_sealed, call_null, finish_section },
	{ "sealed-16m", MIB(16), prepare_sealed, call_null, finish_section },
	{ "touch-4k", KIB(4), prepare_touch, call_test, finish_touch },
	{ "touch-16m", MIB(16), prepare_touch, call_test, finish_touch },
};

int main(void)
{
	struct io_uring_params params = { };

	null = open("/dev/kshm/null", O_RDWR);
	test = open("/dev/kshm/test", O_RDWR);
	ring = syscall(SYS_io_uring_setup, 4, &params);
	expect(null >= 0 && test >= 0 && ring >= 0, "open");
	measure(operations, ARRAY_SIZE(operations));
	return 0;
}

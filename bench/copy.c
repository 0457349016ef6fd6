// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what a copy between regions costs beyond the bytes, beside process_vm_readv()
 *
 * The bytes themselves are told by copying twice as many: what is more is one half of
 * that, by the same routine of the kernel, and what is left is the way there. One from a
 * region to memory of the caller is copied by the routine that process_vm_readv() uses.
 */
#define _GNU_SOURCE		/* process_vm_readv() */
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <linux/kshm_copy.h>

#include "measure.h"

#define MIB(n)	((size_t)(n) << 20)

static int device;
static void *from, *to;
static __u32 from_id, to_id;
static struct {
	struct kshm_copy head;
	struct kshm_operand from, to;
} in;
static __u64 copied;
static struct kshm_ioc_control arg;

static void *map(void)
{
	void *memory = mmap(NULL, MIB(2), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	expect(memory != MAP_FAILED, "mmap");
	expect(!madvise(memory, MIB(2), MADV_NOHUGEPAGE), "madvise");
	memset(memory, 1, MIB(2));
	return memory;
}

static __u32 make_region(void *memory, __u32 rights)
{
	struct kshm_range range = { .addr = (uintptr_t)memory, .len = MIB(2) };
	struct kshm_ioc_region_create create = {
		.size = sizeof(create), .nr_ranges = 1, .ranges = (uintptr_t)&range,
		.rights = rights,
	};

	expect(!ioctl(device, KSHM_IOC_REGION_CREATE, &create), "create");
	return create.out_id;
}

static struct kshm_operand part(__u32 id, size_t bytes)
{
	return (struct kshm_operand){
		.kind = KSHM_OPERAND_REGION, .id = id, .len = bytes,
	};
}

static struct kshm_operand plain(void *memory, size_t bytes)
{
	return (struct kshm_operand){
		.kind = KSHM_OPERAND_USER, .addr = (uintptr_t)memory, .len = bytes,
	};
}

static void prepare_regions(const struct operation *op)
{
	in.from = part(from_id, op->bytes);
	in.to = part(to_id, op->bytes);
}

static void prepare_memory(const struct operation *op)
{
	in.from = part(from_id, op->bytes);
	in.to = plain(to, op->bytes);
}

static void copy(const struct operation *op)
{
	expect(!ioctl(device, KSHM_IOC_CONTROL, &arg) && !arg.out_status &&
	       copied == op->bytes, "copy");
}

static void read_process(const struct operation *op)
{
	struct iovec remote = { from, op->bytes }, local = { to, op->bytes };

	expect(process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)op->bytes,
	       "process_vm_readv");
}

static const struct operation regions[] = {
	{ "copy-1m", MIB(1), prepare_regions, copy, NULL },
	{ "copy-2m", MIB(2), prepare_regions, copy, NULL },
};

static const struct operation memory[] = {
	{ "copy-out-1m", MIB(1), prepare_memory, copy, NULL },
	{ "copy-out-2m", MIB(2), prepare_memory, copy, NULL },
};

static const struct operation peer = {
	"process_vm-1m", MIB(1), NULL, read_process, NULL
};

/* Returns what the bytes of the smaller of two cost, and prints what is beyond them. */
static __u64 tell_beyond(const struct operation ops[2], const char *beyond)
{
	__u64 one = measure_operation(&ops[0]), two = measure_operation(&ops[1]);
	__u64 bare = two - one;

	tell(beyond, one > bare ? one - bare : 0);
	return bare;
}

int main(void)
{
	__u64 bare, process;

	device = open("/dev/kshm/copy", O_RDWR);
	expect(device >= 0, "open");
	from = map();
	to = map();
	from_id = make_region(from, KSHM_REGION_READ);
	to_id = make_region(to, KSHM_REGION_READ | KSHM_REGION_WRITE);
	in.head = (struct kshm_copy){ .nr_from = 1, .nr_to = 1 };
	arg = (struct kshm_ioc_control){
		.size = sizeof(arg), .code = KSHM_COPY,
		.in = plain(&in, sizeof(in)), .out = plain(&copied, sizeof(copied)),
	};
	tell("bare-1m", tell_beyond(regions, "beyond-1m"));
	bare = tell_beyond(memory, "beyond-out-1m");
	process = measure_operation(&peer);
	tell("process_vm-beyond", process > bare ? process - bare : 0);
	return 0;
}

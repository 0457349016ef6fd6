// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: the memory that programs work with
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/userfaultfd.h>

#include "known.h"
#include "known_file.h"
#include "memory.h"

#define MAX_FDS		MAX_OPS

/* On the disk that the machine has; each address has an offset of its own. */
static int disk_file;
/* Those of memory, and of userfaultfd, live as long as the program. */
static int fds[MAX_FDS];
static atomic_uint nr_fds;

void memory_prepare(void)
{
	disk_file = open("/scratch", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	if (disk_file == -1 || ftruncate(disk_file, AREA_END - AREA_BASE)) {
		perror("/scratch");
		exit(1);
	}
}

int memory_prot(__u64 prot)
{
	return (prot & 1 ? PROT_READ : 0) | (prot & 2 ? PROT_WRITE : 0);
}

bool memory_is_area(__u64 address, __u64 len)
{
	return address >= AREA_BASE && address < AREA_END && len <= AREA_END - address;
}

static int keep(int fd)
{
	unsigned int place = nr_fds++;

	if (fd == -1)
		return -1;
	if (place < MAX_FDS) {
		fds[place] = fd;
		return fd;
	}
	close(fd);
	return -1;
}

static int sized(int fd, size_t len)
{
	if (fd != -1 && ftruncate(fd, len)) {
		close(fd);
		fd = -1;
	}
	return keep(fd);
}

/* Nobody answers its faults: those of the kernel fail, and nobody else has any. */
static void watch_faults(void *data, size_t len)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { .start = (unsigned long)data, .len = len },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = keep(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY));

	if (fd != -1 && !ioctl(fd, UFFDIO_API, &api))
		ioctl(fd, UFFDIO_REGISTER, &range);
}

static int file_of(enum mapping kind, size_t len)
{
	switch (kind) {
	case MAPPING_MEMFD:
		return sized(memfd_create("fuzz", MFD_CLOEXEC), len);
	case MAPPING_HUGETLB:
		return sized(memfd_create("fuzz", MFD_CLOEXEC | MFD_HUGETLB), len);
	case MAPPING_SECRET:
		return sized(syscall(SYS_memfd_secret, O_CLOEXEC), len);
	case MAPPING_SHORT:
		return sized(memfd_create("fuzz", MFD_CLOEXEC), len / 2 + 1);
	case MAPPING_FILE:
	case MAPPING_FILE_PRIVATE:
		return disk_file;
	default:
		return -1;
	}
}

static int flags_of(enum mapping kind)
{
	switch (kind) {
	case MAPPING_ANON:
	case MAPPING_HUGE:
	case MAPPING_USERFAULT:
		return MAP_PRIVATE | MAP_ANONYMOUS;
	case MAPPING_SHARED:
		return MAP_SHARED | MAP_ANONYMOUS;
	case MAPPING_FILE_PRIVATE:
		return MAP_PRIVATE;
	default:
		return MAP_SHARED;
	}
}

void memory_map(const struct op *op)
{
	enum mapping kind = op->v[MAP_KIND];
	__u64 at = op_map_at(op), len = op_map_len(op);
	int flags = flags_of(kind), fd = -1;
	void *data;

	if (!memory_is_area(at, len) || !len)
		return;
	if (!(flags & MAP_ANONYMOUS)) {
		fd = file_of(kind, len);
		if (fd == -1)
			return;
	}
	data = mmap((void *)at, len, memory_prot(op->v[MAP_PROT]), flags | MAP_FIXED, fd,
		    fd == disk_file ? at - AREA_BASE : 0);
	/* What it fails with is not there to tell; and a page of the file may be back. */
	known_lose(at, len, data == MAP_FAILED || fd == disk_file ? MAYBE_LOST : LOST);
	if (data == MAP_FAILED)
		return;
	if (kind == MAPPING_HUGE)
		madvise(data, len, MADV_HUGEPAGE);
	else if (kind == MAPPING_ANON)
		madvise(data, len, MADV_NOHUGEPAGE);
	else if (kind == MAPPING_USERFAULT)
		watch_faults(data, len);
}

static void remap(__u64 at, size_t len, __u64 to, bool keep)
{
	int flags = MREMAP_MAYMOVE | MREMAP_FIXED | (keep ? MREMAP_DONTUNMAP : 0);
	void *data = mremap((void *)at, len, len, flags, (void *)to);

	files_moved(at, len, to);
	known_lose(at, len, data == MAP_FAILED || keep ? MAYBE_LOST : LOST);
	/* Gone even if it fails, or back where it was once. */
	known_lose(to, len, MAYBE_LOST);
}

/* Files keep what is not needed, and some mappings know nothing of that. */
void memory_change(const struct op *op)
{
	__u64 at = op->v[SPAN_AT] & -4096ull, len = op->v[SPAN_LEN];
	__u64 to = op->v[REMAP_TO] & -4096ull;
	int failed;

	if (!len || !memory_is_area(at, len))
		return;
	len = (len + 4095) & -4096ull;
	switch (op->type) {
	case OP_UNMAP:
		failed = munmap((void *)at, len);
		known_lose(at, len, failed ? MAYBE_LOST : LOST);
		break;
	case OP_PROTECT:
		mprotect((void *)at, len, memory_prot(op->v[SPAN_PROT]));
		break;
	case OP_DONTNEED:
		madvise((void *)at, len, MADV_DONTNEED);
		known_lose(at, len, MAYBE_LOST);
		break;
	case OP_REMAP:
		if (memory_is_area(to, len))
			remap(at, len, to, op->v[REMAP_KEEP]);
		break;
	}
}

void memory_reset(void)
{
	unsigned int i;

	munmap((void *)AREA_BASE, AREA_END - AREA_BASE);
	for (i = 0; i < nr_fds && i < MAX_FDS; i++)
		if (fds[i] > 0)
			close(fds[i]);
	memset(fds, 0, sizeof(fds));
	nr_fds = 0;
}

static size_t total(const struct iovec *pieces, unsigned int nr)
{
	size_t sum = 0;

	while (nr--)
		sum += pieces[nr].iov_len;
	return sum;
}

/* The kernel touches it, so that what is not mapped is an error and no signal. */
size_t memory_gather(void *to, const struct iovec *pieces, unsigned int nr)
{
	struct iovec here = { to, total(pieces, nr) };
	ssize_t got = process_vm_readv(getpid(), &here, 1, pieces, nr, 0);

	return got < 0 ? 0 : got;
}

size_t memory_scatter(const struct iovec *pieces, unsigned int nr, const void *from, size_t len)
{
	struct iovec here = { (void *)from, len };
	ssize_t got = process_vm_writev(getpid(), &here, 1, pieces, nr, 0);

	return got < 0 ? 0 : got;
}

size_t memory_read(void *to, __u64 from, size_t len)
{
	struct iovec there = { (void *)from, len };

	return memory_gather(to, &there, 1);
}

size_t memory_write(__u64 to, const void *from, size_t len)
{
	struct iovec there = { (void *)to, len };

	return memory_scatter(&there, 1, from, len);
}

__u64 memory_vvar(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long start, found = 0;
	char line[256];

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "[vvar]") && sscanf(line, "%lx-", &start) == 1)
			found = start;
	if (maps)
		fclose(maps);
	return found;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - buffers of every kind of mapping
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buffer.h"
#include "harness.h"

static const char * const names[] = {
	[BUFFER_ANON] = "anonymous",
	[BUFFER_HUGE] = "huge",
	[BUFFER_SHARED] = "shared",
	[BUFFER_MEMFD] = "memfd",
	[BUFFER_HUGETLB] = "hugetlb",
	[BUFFER_FILE] = "file",
	[BUFFER_FILE_PRIVATE] = "private file",
};

const char *buffer_kind_name(enum buffer_kind kind)
{
	return names[kind];
}

size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

static bool is_huge(enum buffer_kind kind)
{
	return kind == BUFFER_HUGE || kind == BUFFER_HUGETLB;
}

/* A file without a name, on the disk that the machine has at /scratch. */
static int open_file(enum buffer_kind kind, size_t len)
{
	int fd;

	if (kind == BUFFER_MEMFD)
		fd = memfd_create("buffer", MFD_CLOEXEC);
	else if (kind == BUFFER_HUGETLB)
		fd = memfd_create("buffer", MFD_CLOEXEC | MFD_HUGETLB);
	else
		fd = open("/scratch", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	assert_int_not_equal(fd, -1);
	assert_int_equal(ftruncate(fd, len), 0);
	return fd;
}

static int map_flags(enum buffer_kind kind)
{
	switch (kind) {
	case BUFFER_ANON:
	case BUFFER_HUGE:
		return MAP_PRIVATE | MAP_ANONYMOUS;
	case BUFFER_SHARED:
		return MAP_SHARED | MAP_ANONYMOUS;
	case BUFFER_FILE_PRIVATE:
		return MAP_PRIVATE;
	default:
		return MAP_SHARED;
	}
}

size_t buffer_huge_bytes(const void *data)
{
	FILE *smaps = fopen("/proc/self/smaps", "re");
	bool here = false;
	size_t kib, sum = 0;
	char line[256];
	unsigned long start, end;

	assert_non_null(smaps);
	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			here = start == (unsigned long)data;
		else if (here && sscanf(line, "AnonHugePages: %zu kB", &kib) == 1)
			sum += kib << 10;
	}
	fclose(smaps);
	return sum;
}

static void map(struct buffer *buffer, enum buffer_kind kind)
{
	int flags = map_flags(kind), fd = -1;
	void *got;

	if (!(flags & MAP_ANONYMOUS))
		fd = open_file(kind, buffer->len);
	got = mmap(buffer->data, buffer->len, PROT_READ | PROT_WRITE,
		   flags | MAP_FIXED, fd, 0);
	if (got == MAP_FAILED && kind == BUFFER_HUGETLB)
		harness_skip("no hugetlb pages: %s", strerror(errno));
	assert_ptr_equal(got, buffer->data);
	if (fd != -1)
		close(fd);
	if (kind == BUFFER_HUGE)
		assert_int_equal(madvise(got, buffer->len, MADV_HUGEPAGE), 0);
	if (kind == BUFFER_ANON)
		assert_int_equal(madvise(got, buffer->len, MADV_NOHUGEPAGE), 0);
	memset(got, 0, buffer->len);
	if (kind == BUFFER_HUGE)
		assert_int_equal(buffer_huge_bytes(got), buffer->len);
}

struct buffer buffer_make(enum buffer_kind kind, size_t len)
{
	size_t page = page_size(), align = is_huge(kind) ? HUGE_SIZE : page;
	struct buffer buffer = {
		.len = (len + align - 1) / align * align,
	};
	uintptr_t first;

	buffer.reserved = buffer.len + 2 * align + 2 * page;
	buffer.base = mmap(NULL, buffer.reserved, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_ptr_not_equal(buffer.base, MAP_FAILED);
	first = (uintptr_t)buffer.base + page;
	buffer.data = (void *)((first + align - 1) / align * align);
	map(&buffer, kind);
	return buffer;
}

void buffer_free(struct buffer *buffer)
{
	assert_int_equal(munmap(buffer->base, buffer->reserved), 0);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: memory of every kind, whose every byte is known
 *
 * Unlike tests/kernel/buffer.h, which asserts that it got just what it wanted, this
 * is content with what is there: under pressure huge pages come and go.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kshm_test.h"
#include "memory.h"
#include "state.h"

#define HUGE	((size_t)2 << 20)
#define PART_LEN	((size_t)512 << 10)
#define SMALL	((size_t)128 << 10)

static int section = -1;

/**
 * struct kind - how to make it
 * @name: of the kind
 * @len: bytes
 * @flags: for mmap()
 * @file: what is mapped
 * @advice: for madvise(), or 0
 */
static const struct kind {
	const char *name;
	size_t len;
	int flags;
	enum { NO_FILE, A_MEMFD, A_HUGE_MEMFD, A_DISK_FILE, THE_SECTION } file;
	int advice;
} kinds[] = {
	[MEMORY_ANON] = { "anonymous", 512 << 10, MAP_PRIVATE | MAP_ANONYMOUS,
			  NO_FILE, MADV_NOHUGEPAGE },
	[MEMORY_HUGE] = { "huge", 2 * HUGE, MAP_PRIVATE | MAP_ANONYMOUS, NO_FILE,
			  MADV_HUGEPAGE },
	[MEMORY_MERGEABLE] = { "mergeable", 512 << 10, MAP_PRIVATE | MAP_ANONYMOUS,
			       NO_FILE, MADV_MERGEABLE },
	[MEMORY_SHARED] = { "shared", 512 << 10, MAP_SHARED | MAP_ANONYMOUS },
	[MEMORY_MEMFD] = { "memfd", 512 << 10, MAP_SHARED, A_MEMFD },
	[MEMORY_HUGETLB] = { "hugetlb", HUGE, MAP_SHARED, A_HUGE_MEMFD },
	[MEMORY_FILE] = { "file", 512 << 10, MAP_SHARED, A_DISK_FILE },
	[MEMORY_FILE_PRIVATE] = { "private file", 512 << 10, MAP_PRIVATE, A_DISK_FILE },
	[MEMORY_SECTION] = { "section", PART_LEN, MAP_SHARED, THE_SECTION },
};

const char *memory_name(enum memory_kind kind)
{
	return kinds[kind].name;
}

bool memory_is_private(enum memory_kind kind)
{
	return kinds[kind].flags & MAP_PRIVATE;
}

static int sealed_file(size_t len)
{
	int fd = memfd_create("stress section", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd == -1 || ftruncate(fd, len) ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW))
		complain("no section: %s", strerror(errno));
	return fd;
}

static int open_file(const struct kind *kind, size_t len)
{
	int fd;

	switch (kind->file) {
	case NO_FILE:
		return -1;
	case THE_SECTION:
		return sealed_file(len);
	case A_DISK_FILE:
		fd = open("/scratch", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
		break;
	default:
		fd = memfd_create("stress", MFD_CLOEXEC |
				  (kind->file == A_HUGE_MEMFD ? MFD_HUGETLB : 0));
		break;
	}
	if (fd != -1 && ftruncate(fd, len)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* At a border between huge pages, that it can consist of them. */
static void *map(const struct kind *kind, size_t len, int fd, off_t at)
{
	size_t around = len + HUGE;
	uintptr_t first;
	char *base;

	base = mmap(NULL, around, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (base == MAP_FAILED)
		return MAP_FAILED;
	first = ((uintptr_t)base + HUGE - 1) / HUGE * HUGE;
	if (first > (uintptr_t)base)
		munmap(base, first - (uintptr_t)base);
	if (base + around > (char *)first + len)
		munmap((char *)first + len, base + around - (char *)first - len);
	return mmap((void *)first, len, PROT_READ | PROT_WRITE, kind->flags | MAP_FIXED, fd,
		    at);
}

void memory_make_section(unsigned int parts)
{
	section = sealed_file(parts * PART_LEN);
}

/* What of it is known is where, and how long. */
static bool make(struct memory *memory)
{
	const struct kind *how = &kinds[memory->kind];

	memory->data = map(how, memory->len, memory->fd, memory->at);
	if (memory->data == MAP_FAILED) {
		complain("no memory: %s: %s", how->name, strerror(errno));
		return false;
	}
	if (how->advice && madvise(memory->data, memory->len, how->advice))
		complain("no such memory: %s: %s", how->name, strerror(errno));
	memory_restore(memory, 0, memory->len);
	return true;
}

bool memory_make(struct memory *memory, enum memory_kind kind, unsigned int part,
		 __u32 seed)
{
	const struct kind *how = &kinds[kind];
	const bool common = how->file == THE_SECTION;

	*memory = (struct memory){
		.kind = kind, .len = how->len, .seed = seed,
		.fd = common ? dup(section) : open_file(how, how->len),
		.at = common ? part * PART_LEN : 0,
	};
	return make(memory);
}

bool memory_make_small(struct memory *memory, enum memory_kind kind, __u32 seed)
{
	const struct kind *how = &kinds[kind];
	const size_t len = how->len < HUGE ? SMALL : HUGE;

	*memory = (struct memory){
		.kind = kind, .len = len, .seed = seed, .fd = open_file(how, len),
	};
	return make(memory);
}

void memory_free(struct memory *memory)
{
	munmap(memory->data, memory->len);
	if (memory->fd != -1)
		close(memory->fd);
}

/* Where memory comes back from a swap file page by page, a part takes long enough. */
#define PART	(64 << 10)

void memory_restore(struct memory *memory, size_t from, size_t len)
{
	size_t i;

	for (i = from; i < from + len; i++) {
		memory->data[i] = kshm_test_byte(memory->seed, i);
		if (i % PART == 0)
			progress();
	}
}

bool memory_intact(const struct memory *memory, size_t from, size_t len)
{
	size_t i;

	for (i = from; i < from + len; i++) {
		if (memory->data[i] != kshm_test_byte(memory->seed, i))
			return false;
		if (i % PART == 0)
			progress();
	}
	return true;
}

void memory_page_out(struct memory *memory)
{
	if (memory->fd != -1)
		fsync(memory->fd);
	/* What cannot be paged out, like huge pages of hugetlb, stays. */
	madvise(memory->data, memory->len, MADV_PAGEOUT);
}

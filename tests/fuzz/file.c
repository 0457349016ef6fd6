// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: files of memory, and what programs do to them
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "finding.h"
#include "known.h"
#include "known_file.h"
#include "known_share.h"
#include "memory.h"

/* The last two are odd: one that nobody can seal, and one that is none of memory. */
static int open_kind(enum file_kind kind)
{
	switch (kind) {
	case FILE_MEMFD:
		return memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	case FILE_HUGETLB:
		return memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB);
	case FILE_TMPFS:
		return open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	default:
		return open("/scratch", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	}
}

static int reopen(int fd, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC);
}

/* Of the same file, for what programs may do with it; or the descriptor itself. */
static int with_access(int fd, unsigned int access)
{
	static const int flags[] = { O_ACCMODE, O_RDONLY, O_WRONLY, O_RDWR };
	int again;

	if (access == 3)
		return fd;
	again = reopen(fd, flags[access]);
	if (again == -1)
		return fd;
	close(fd);
	return again;
}

/* Where its bytes can be seen, and which nobody writes through: seals stay possible. */
static void map_view(struct file *file, int fd)
{
	int reader = reopen(fd, O_RDONLY);
	void *view;

	if (reader == -1)
		return;
	view = mmap((void *)file_view(file), FILE_VIEW, PROT_READ,
		    MAP_SHARED | MAP_FIXED | MAP_NORESERVE, reader, 0);
	close(reader);
	if (view != MAP_FAILED)
		file_mapped(file, (unsigned long)view, FILE_VIEW, 0);
}

void file_make(const struct op *op)
{
	struct share share = { .fd = open_kind(op->v[FILE_KIND]) };
	__u64 len = op->v[FILE_LEN];
	bool is_huge = op->v[FILE_KIND] == FILE_HUGETLB;

	if (share.fd == -1)
		return;
	if (is_huge)
		len = (len + HUGE_PAGE - 1) & -HUGE_PAGE;
	share.file = file_add(share.fd, is_huge ? HUGE_PAGE : 4096);
	if (!share.file || ftruncate(share.fd, len)) {
		close(share.fd);
		return;
	}
	/* Whatever becomes of that: the file is asked for its seals. */
	fcntl(share.fd, F_ADD_SEALS, op->v[FILE_SEALS]);
	map_view(share.file, share.fd);
	share.fd = with_access(share.fd, op->v[FILE_ACCESS]);
	share_add(&share, op->v[FILE_SHARE]);
}

/* "As long as that is so the kernel does not add F_SEAL_WRITE." */
static void add_seals(int fd, const struct file *file, unsigned int seals)
{
	unsigned int before = fcntl(fd, F_GET_SEALS);
	bool attached = known_attached(file);

	if (fcntl(fd, F_ADD_SEALS, seals))
		return;
	if (attached && seals & F_SEAL_WRITE && !(before & F_SEAL_WRITE))
		found("file-seal: nobody can write to a file whose pages are attached");
}

/* Only pages that a hole has wholly are gone; those that it has a part of are zeroed. */
static void punch(int fd, struct file *file, const struct op *op)
{
	__u64 at = op->v[FILE_OFFSET], end = at + op->v[FILE_HOLE_LEN];
	__u64 page = file_page(file);

	if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, end - at))
		return;
	at = (at + page - 1) & -page;
	end &= -page;
	if (at < end)
		known_lose_file(file, at, end - at);
}

static void resize(int fd, struct file *file, __u64 len)
{
	struct stat stat;

	if (fstat(fd, &stat) || ftruncate(fd, len))
		return;
	if (len < (__u64)stat.st_size)
		known_lose_file(file, len & -file_page(file), stat.st_size - len + HUGE_PAGE);
}

static void map(int fd, struct file *file, const struct op *op)
{
	__u64 page = file_page(file), at = op->v[MAP_AT] & -page;
	/* Of huge pages one, see op_map_len(). */
	__u64 len = page == HUGE_PAGE ? page : op->v[MAP_PAGES] * 4096;
	__u64 offset = op->v[MAP_OFFSET] & -page;
	void *data;

	if (!memory_is_area(at, len) || !len)
		return;
	data = mmap((void *)at, len, memory_prot(op->v[MAP_PROT]), MAP_SHARED | MAP_FIXED,
		    fd, offset);
	/* As with what memory_map() maps; and it may be what was there before. */
	known_lose(at, len, MAYBE_LOST);
	if (data != MAP_FAILED)
		file_mapped(file, at, len, offset);
}

void file_change(const struct op *op)
{
	const unsigned int place = op->type == OP_FILE_MAP ? MAP_FD : FILE_FD;
	struct share share;

	if (!share_find(share_fd(op->v[place]), &share) || !share.file)
		return;
	switch (op->type) {
	case OP_FILE_SEAL:
		return add_seals(share.fd, share.file, op->v[FILE_NEW_SEALS]);
	case OP_FILE_PUNCH:
		return punch(share.fd, share.file, op);
	case OP_FILE_SIZE:
		return resize(share.fd, share.file, op->v[FILE_NEW_LEN]);
	default:
		return map(share.fd, share.file, op);
	}
}

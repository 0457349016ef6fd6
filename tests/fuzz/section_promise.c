// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: what <linux/kshm.h> promises about attaching sections
 *
 * What the kernel says of the descriptor decides, whatever the program did to its file.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "known.h"
#include "promise.h"

#define PAGE		4096ull

/* Whether it is a file of memory, and its bytes: as far as pages of it can be had. */
static bool is_of_memory(int fd, __u64 *size)
{
	struct statfs fs;
	struct stat stat;

	if (fstat(fd, &stat) || fstatfs(fd, &fs) || !S_ISREG(stat.st_mode))
		return false;
	*size = stat.st_size;
	if (fs.f_type == HUGETLBFS_MAGIC)
		*size -= *size % stat.st_blksize;
	return fs.f_type == HUGETLBFS_MAGIC || fs.f_type == TMPFS_MAGIC;
}

static int access_error(int flags, __u32 rights)
{
	const int access = flags & O_ACCMODE;
	bool reads = access == O_RDONLY || access == O_RDWR;

	/* Whoever has only the right to write can read what he maps for that. */
	if (!reads || (rights & KSHM_REGION_WRITE && access != O_RDWR))
		return -EACCES;
	return 0;
}

static int seal_error(int fd, __u32 rights)
{
	int seals = fcntl(fd, F_GET_SEALS);

	if (!(seals & F_SEAL_SHRINK))
		return -EINVAL;
	if (rights & KSHM_REGION_WRITE && seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EACCES;
	return 0;
}

static int part_error(__u64 size, __u64 offset, __u64 len)
{
	if (!size)
		return -EINVAL;
	if (offset >= size || len > size - offset)
		return -ERANGE;
	return (offset | (len ?: size - offset)) % PAGE ? -EINVAL : 0;
}

static int file_error(const struct op *op)
{
	int fd = op->v[FROM], flags = fcntl(fd, F_GETFL);
	__u32 rights = op->v[SHARE_RIGHTS];
	__u64 size;

	if (flags == -1 || flags & O_PATH || !is_of_memory(fd, &size))
		return -EBADF;
	return access_error(flags, rights) ?: seal_error(fd, rights) ?:
	       part_error(size, op->v[PART_OFFSET], op->v[PART_LEN]);
}

__u64 promised_attach_len(const struct op *op)
{
	__u64 size = 0;

	if (!op->v[PART_LEN] && is_of_memory(op->v[FROM], &size))
		return size - op->v[PART_OFFSET];
	return op->v[PART_LEN];
}

int promised_attach_error(const struct op *op)
{
	int error = promised_form_error(op);

	if (error)
		return error;
	/* Of several threads one may close it, and another open something. */
	if (!known_is_sure())
		return CANNOT_TELL;
	return file_error(op) ?: promised_limit_error(op, promised_attach_len(op) / PAGE);
}

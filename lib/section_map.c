// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - views of sections: their bytes in a program
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

#define ALL_RIGHTS	(KSHM_REGION_READ | KSHM_REGION_WRITE)

/**
 * kshm_check_section() - whether a descriptor is one of a section
 * @fd: the descriptor, any number
 *
 * Return: 0; -EBADF: it is of no file of memory; or -EINVAL: that can become shorter.
 */
int kshm_check_section(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0)
		return -EBADF;
	return seals & F_SEAL_SHRINK ? 0 : -EINVAL;
}

/*
 * As many bytes as there are, if it is none that are asked for. Of huge pages only whole
 * ones are mapped, and could be unmapped.
 */
static int measure(int fd, __u64 offset, size_t *len)
{
	const __u64 page = sysconf(_SC_PAGESIZE);
	struct stat stat;
	__u64 size;

	if (fstat(fd, &stat))
		return -errno;
	size = stat.st_size;
	if (!size || offset % page)
		return -EINVAL;
	if (offset >= size || *len > size - offset)
		return -ERANGE;
	if (!*len && size - offset > SIZE_MAX)
		return -ENOMEM;
	if (!*len)
		*len = size - offset;
	if ((__u64)stat.st_blksize > page && (offset | *len) % stat.st_blksize)
		return -EINVAL;
	return 0;
}

/* The same file, for reading; a negative errno if that cannot be. */
static int reopen(int fd)
{
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(fd)];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY | O_CLOEXEC);
	return again < 0 ? -errno : again;
}

/* What is open for writing, too, older kernels do not map if it is sealed against that. */
static void *map_for_reading(int fd, size_t len, __u64 offset)
{
	void *data = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, offset);
	int again;

	if (data != MAP_FAILED || errno != EPERM)
		return data;
	again = reopen(fd);
	if (again < 0) {
		errno = -again;
		return MAP_FAILED;
	}
	data = mmap(NULL, len, PROT_READ, MAP_SHARED, again, offset);
	close(again);
	return data;
}

KSHM_EXPORT int kshm_section_map(int fd, __u64 offset, size_t *len,
				 unsigned int rights, void **data)
{
	size_t bytes = *len;
	void *mapped;
	int ret;

	if (rights & ~ALL_RIGHTS || !(rights & KSHM_REGION_READ))
		return -EINVAL;
	ret = kshm_check_section(fd);
	if (!ret)
		ret = measure(fd, offset, &bytes);
	if (ret)
		return ret;
	if (rights & KSHM_REGION_WRITE)
		mapped = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
	else
		mapped = map_for_reading(fd, bytes, offset);
	if (mapped == MAP_FAILED)
		/* It is sealed, or was opened for less. */
		return errno == EPERM ? -EACCES : -errno;
	*data = mapped;
	*len = bytes;
	return 0;
}

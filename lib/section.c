// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - sections: files of memory that programs map and drivers use the same bytes of
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

static_assert(sizeof(struct kshm_ioc_section_attach) == 56, "the ABI of the module");

/* Since Linux 6.3, which would have it said; older kernels do not know it. */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL	0x0008U
#endif

static int create_file(const char *name, unsigned int flags)
{
	int fd = memfd_create(name, flags | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, flags);
	return fd < 0 ? -errno : fd;
}

/* As many whole pages as @len takes; those of hugetlb are the file's blocks. */
static int set_length(int fd, size_t len, unsigned int flags)
{
	__u64 page = sysconf(_SC_PAGESIZE), whole;
	struct stat stat;

	if (flags & KSHM_SECTION_HUGETLB) {
		if (fstat(fd, &stat))
			return -errno;
		page = stat.st_blksize;
	}
	whole = ((__u64)len + page - 1) / page * page;
	if (whole < len || whole > INT64_MAX)
		return -EFBIG;
	if (ftruncate(fd, whole) ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW))
		return -errno;
	return 0;
}

KSHM_EXPORT int kshm_section_create(const char *name, size_t len,
				    unsigned int flags, int *fd)
{
	unsigned int memfd = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int file, ret;

	if (!len || flags & ~KSHM_SECTION_HUGETLB)
		return -EINVAL;
	if (flags & KSHM_SECTION_HUGETLB)
		memfd |= MFD_HUGETLB;
	file = create_file(name ? name : "kshm", memfd);
	if (file < 0)
		return file;
	ret = set_length(file, len, flags);
	if (ret)
		close(file);
	else
		*fd = file;
	return ret;
}

KSHM_EXPORT int kshm_section_attach(const struct kshm_handle *handle, int fd,
				    __u64 offset, __u64 len, unsigned int rights,
				    __u32 *id,
				    struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_section_attach ioc = {
		.size = sizeof(ioc),
		.fd = fd,
		.rights = rights,
		.offset = offset,
		.len = len,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_SECTION_ATTACH, &ioc);
	if (!ret)
		*id = ioc.out_id;
	kshm_explanation_of_region(explanation, handle, ret, &explain, 0, rights);
	return ret;
}

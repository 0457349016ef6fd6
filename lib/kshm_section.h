/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kshm - sections: files of memory that programs map and drivers use the same bytes of
 *
 * A part of <kshm.h>, which has what is said of all functions.
 */
#ifndef _KSHM_SECTION_H
#define _KSHM_SECTION_H

#include "kshm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Flags of kshm_section_create(). */
#define KSHM_SECTION_HUGETLB	0x1	/* of huge pages, of the system's usual size */

/**
 * kshm_section_create() - a file of memory that can be attached
 * @name: what /proc/PID/maps calls it, after "memfd:"; NULL: "kshm"
 * @len: bytes, at least one; the file has as many whole pages as that takes
 * @flags: KSHM_SECTION_HUGETLB, or 0
 * @fd: gets the descriptor, for reading and writing, which has O_CLOEXEC; untouched on
 *	error
 *
 * This is memfd_create(), ftruncate() and seals that keep the size as it is:
 * F_SEAL_SHRINK and F_SEAL_GROW. Others can be added. The bytes are zero, and no memory
 * is taken before they are touched, or attached. Programs map the file with mmap(), and
 * send the descriptor to others. No module is needed.
 *
 * Return: 0, or
 * -EINVAL: @len is 0, @name is longer than 249 bytes, or @flags are not known;
 * -EFBIG: no file can be that long, or RLIMIT_FSIZE is below it, with a SIGXFSZ;
 * -EMFILE or -ENFILE: the process, or the system, has as many files open as it may;
 * -ENODEV or -ENOENT: the kernel has no huge pages of hugetlb;
 * -EACCES, -EPERM, -ENOSYS or -ENOMEM, as memfd_create() says.
 * Since: 0.1
 */
int kshm_section_create(const char *name, size_t len, unsigned int flags,
			int *fd);

/**
 * kshm_section_attach() - have a driver use the bytes of a file of memory
 * @handle: the handle, through which the region is used
 * @fd: of the file, which has F_SEAL_SHRINK; not needed after this
 * @offset: in the file, of the first byte, a multiple of the page size
 * @len: bytes, a multiple of the page size; 0: all from @offset on
 * @rights: KSHM_REGION_READ, KSHM_REGION_WRITE or both: what requests may do with it.
 *	@fd has to be open for reading, and for KSHM_REGION_WRITE for writing, too.
 * @id: gets the id of the region, which is never 0; untouched on error
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * The file is mapped by programs with mmap(), and its bytes are the region's. That is
 * a region as kshm_region_create() makes one: its pages stay pinned, and count
 * against RLIMIT_MEMLOCK, until kshm_region_destroy(); it can be shared and revoked.
 * kshm_region_query() tells how long it is, and KSHM_STATE_SECTION. It keeps the file.
 *
 * A hole that is punched into the file takes pages from it. Requests that use
 * these fail with ESTALE, and so do all that name the region from then on.
 *
 * Return: 0, or a negative errno listed in <linux/kshm.h>, among them
 * -EBADF: @fd is not open, or of no file on tmpfs or hugetlbfs, as memfds are;
 * -EINVAL: the file can become shorter, or has no bytes, or @offset or @len is not of
 *	whole pages; or @rights is 0;
 * -EACCES: @fd is not open as @rights demand, or the file is sealed against writing;
 * -ERANGE: @offset and @len are not inside of the file;
 * -ESTALE: the file lost pages meanwhile;
 * -EOPNOTSUPP: the module does not know all of @rights;
 * -ENOTTY: the module is older and has no sections;
 * -ENOMEM: RLIMIT_MEMLOCK would be exceeded, or there are no pages for the file, or the
 *	kernel is out of memory;
 * -EDQUOT: a limit of kshm on pinned pages would be exceeded;
 * -ENOSPC: the handle has as many regions as it may;
 * -ENFILE, -EINTR or -ENODEV.
 * Since: 0.1
 */
int kshm_section_attach(const struct kshm_handle *handle, int fd, __u64 offset,
			__u64 len, unsigned int rights, __u32 *id,
			struct kshm_explanation *explanation);

#ifdef __cplusplus
}
#endif

#endif /* _KSHM_SECTION_H */

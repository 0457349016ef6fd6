/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kshm - counters of sections, by which those who share one wake each other
 *
 * A part of <linux/kshm.h>, which has the commands, the rights, and what errnos and
 * structs have in common.
 */
#ifndef _UAPI_LINUX_KSHM_SEQUENCE_H
#define _UAPI_LINUX_KSHM_SEQUENCE_H

#include <linux/types.h>

/**
 * struct kshm_ioc_section_sequence - KSHM_IOC_SECTION_SEQUENCE: a descriptor to wait with
 * @size: sizeof(struct kshm_ioc_section_sequence)
 * @flags: must be zero
 * @id: of the region, which is of a section
 * @rights: KSHM_REGION_READ to wait, KSHM_REGION_WRITE to raise, or both, all of them
 *	bits that the id has
 * @explain: address of a struct kshm_explain, or 0
 * @out_fd: the descriptor, with O_CLOEXEC
 * @reserved: must be zero
 *
 * A section has one counter, of 64 bits, whoever attached it, through whatever handle,
 * or made it. Programs and drivers raise it, by one, when they have changed something
 * that others wait for; what that is, the memory says. It is raised after the memory was
 * written: who sees it raised sees that.
 *
 * read() of at least 8 bytes gets the counter, as a __u64, when it is not what this file
 * got last; for the first time, not what it was when the file was made. As long as it
 * is, the call sleeps, until a signal comes (EINTR), or fails with EAGAIN if the file has
 * O_NONBLOCK. poll() says POLLIN when read() would not sleep. So who makes the file,
 * and then looks at the memory each time before he reads or polls, misses nothing, and
 * the difference of two counts says how many raises there were in between. Each file
 * gets all of that, whoever else waits: what one reads is there for the others, too. But
 * those who share the open file share what it got last.
 *
 * write() of at least 8 bytes raises the counter; they are a __u64 of 1, or it is EINVAL,
 * as less than 8 bytes are for both. Without the right that is EBADF.
 *
 * The file can be duplicated and sent to others like any. It depends on nothing but the
 * memory, which it keeps: it goes on when the id, the region, by whomever it is revoked,
 * the handle and the device are gone. When nobody has attached the section, and no such
 * file is open, the counter is forgotten, and begins with 0 the next time.
 */
struct kshm_ioc_section_sequence {
	__u32 size;
	__u32 flags;
	__u32 id;
	__u32 rights;
	__aligned_u64 explain;
	__s32 out_fd;
	__u32 reserved;
};

#endif /* _UAPI_LINUX_KSHM_SEQUENCE_H */

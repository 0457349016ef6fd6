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
 * -EBUSY: somebody has a lease on the file, which is to be opened for reading;
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

/**
 * kshm_section_map() - have the bytes of a section in the program
 * @fd: of the file, which has F_SEAL_SHRINK; not needed after this
 * @offset: in the file, of the first byte, a multiple of the page size; of huge pages
 *	of hugetlb, of theirs
 * @len: bytes, or 0 for all from @offset on; gets how many there are; untouched on error
 * @rights: KSHM_REGION_READ, or that and KSHM_REGION_WRITE, as @fd is open
 * @data: gets the address of the first; untouched on error
 *
 * This is mmap() with MAP_SHARED, of a file that is known not to become shorter, which
 * one that a stranger sent need not be: its bytes end in a SIGBUS once it is cut off.
 * What others can write they can change at any time, or take away by a hole: then they
 * are zero, and end in a SIGBUS after all if there is no memory for them any more.
 * F_SEAL_WRITE keeps everybody from that, F_SEAL_FUTURE_WRITE whoever has not mapped it
 * by then. munmap() undoes it. No module is needed.
 *
 * Return: 0, or
 * -EBADF: @fd is not open, or of no file on tmpfs or hugetlbfs, as memfds are;
 * -EINVAL: the file can become shorter, or has no bytes; @offset is not of whole pages,
 *	or with huge ones @len neither; or @rights are not known, or without
 *	KSHM_REGION_READ;
 * -ERANGE: @offset and @len are not inside of the file;
 * -EACCES: @fd is not open as @rights demand, or the file is sealed against writing;
 * -ENOMEM, -EAGAIN or -ENFILE, as mmap() says.
 * Since: 0.1
 */
int kshm_section_map(int fd, __u64 offset, size_t *len, unsigned int rights,
		     void **data);

/**
 * kshm_section_send() - give a section to the process at the other end of a socket
 * @socket: of AF_UNIX and connected; SOCK_STREAM or SOCK_SEQPACKET
 * @fd: of the section; it stays open
 *
 * One byte goes along, which kshm_section_receive() takes. The other process gets what
 * @fd is open for, and no region: it attaches the section itself.
 *
 * Return: 0, or
 * -EBADF: @fd is not open, or of no file on tmpfs or hugetlbfs, as memfds are; or
 *	@socket is not open;
 * -EINVAL: the file can become shorter, or @socket is not of AF_UNIX;
 * -EPIPE or -ECONNRESET: the other end is closed; there is no SIGPIPE;
 * -EAGAIN: @socket is full, and does not block;
 * -EINTR: a signal came, and nothing was sent;
 * -ETOOMANYREFS: too many descriptors of the user's are on their way;
 * and whatever else sendmsg() says.
 * Since: 0.1
 */
int kshm_section_send(int socket, int fd);

/**
 * kshm_section_receive() - get a section that was sent
 * @socket: of AF_UNIX and connected; SOCK_STREAM or SOCK_SEQPACKET
 * @fd: gets the descriptor, which has O_CLOEXEC; untouched on error
 *
 * It is a section, whoever sent it: a file of memory that does not become shorter. How
 * long it is, and what it may be used for, is for the caller to look at. Further
 * descriptors that came are closed.
 *
 * Return: 0, or
 * -EBADMSG: a byte came without a section, and is taken;
 * -EMFILE: a section came for which the process had no descriptor; it is lost, and its
 *	byte taken;
 * -EINVAL: @socket is not of AF_UNIX;
 * -EPIPE or -ECONNRESET: the other end is closed;
 * -EAGAIN: nothing is there, and @socket does not block;
 * -EINTR: a signal came, and nothing was taken;
 * and whatever else recvmsg() says.
 * Since: 0.1
 */
int kshm_section_receive(int socket, int *fd);

struct kshm_section_pool;

/**
 * kshm_section_pool_create() - hand out parts of a section
 * @offset: in the section, of the first byte that can be handed out
 * @len: how many bytes there are, at least one
 * @pool: gets the pool, which has all of them; untouched on error
 *
 * A pool knows which bytes are in use, and nothing of the section itself: it gives
 * offsets, which processes tell each other and requests name. One process hands out for
 * all, or each has a pool over bytes that are its alone. What is known is in that
 * process's memory, where nobody else changes it; a child that is forked has a pool of
 * its own from then on.
 *
 * Of the functions on one pool only one may run at a time. They look at one part after
 * the other: thousands are well, millions are not. No module is needed.
 *
 * Return: 0, or
 * -EINVAL: @len is 0, or the end is beyond what an offset can be;
 * -ENOMEM.
 * Since: 0.1
 */
int kshm_section_pool_create(__u64 offset, __u64 len,
			     struct kshm_section_pool **pool);

/**
 * kshm_section_pool_alloc() - some bytes that are not in use
 * @pool: the pool
 * @len: how many, at least one
 * @align: what the offset is to be a multiple of, a power of two; 1 for any offset
 * @offset: gets the offset in the section of the first; untouched on error
 *
 * They are the first that there are, and as whoever had them left them.
 *
 * Return: 0, or
 * -ENOSPC: so many are not there in one piece;
 * -EINVAL: @len is 0, or @align is no power of two;
 * -ENOMEM.
 * Since: 0.1
 */
int kshm_section_pool_alloc(struct kshm_section_pool *pool, __u64 len,
			    __u64 align, __u64 *offset);

/**
 * kshm_section_pool_free() - give back what was handed out
 * @pool: the pool
 * @offset: that kshm_section_pool_alloc() gave
 *
 * Return: 0; or -ENOENT: nothing that begins there is handed out.
 * Since: 0.1
 */
int kshm_section_pool_free(struct kshm_section_pool *pool, __u64 offset);

/**
 * kshm_section_pool_destroy() - forget what is in use
 * @pool: the pool, or NULL
 *
 * Since: 0.1
 */
void kshm_section_pool_destroy(struct kshm_section_pool *pool);

/**
 * kshm_section_sequence() - a descriptor to wait until something happens in a section
 * @handle: the handle
 * @id: of the region, which is of a section
 * @rights: KSHM_REGION_READ to wait, KSHM_REGION_WRITE to raise, or both, of what the id
 *	has
 * @fd: gets the descriptor, which has O_CLOEXEC; untouched on error
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * A section has a counter, whoever attached it, in whatever process. Who has changed
 * something that others wait for raises it by one: a driver does, or a program, by a
 * write() of a __u64 that is 1. read() gets it as a __u64 when it is another than this
 * file got last, or than it was when the file was made; it sleeps until then, or with
 * O_NONBLOCK fails with EAGAIN. poll() says POLLIN when it would not sleep. Who looks at
 * the memory after each read misses nothing, if he looked once after this call.
 *
 * The descriptor is the caller's, who closes it. It does not need the id or the handle
 * any more, and keeps the memory.
 *
 * Return: 0, or a negative errno listed in <linux/kshm.h>, among them
 * -ENOENT: the handle has no region @id;
 * -EINVAL: it is not of a section, or @rights is 0;
 * -EACCES: @rights has more than the id;
 * -ESTALE: the region was revoked;
 * -EOPNOTSUPP: the module does not know all of @rights;
 * -ENOTTY: the module is older and has no counters;
 * -EMFILE, -ENFILE or -ENOMEM.
 * Since: 0.1
 */
int kshm_section_sequence(const struct kshm_handle *handle, __u32 id,
			  unsigned int rights, int *fd,
			  struct kshm_explanation *explanation);

/**
 * kshm_section_publish() - give a section a name, by which others find it
 * @handle: the handle
 * @id: of the region, which kshm_section_attach() gave
 * @name: 1 to KSHM_SECTION_NAME_SIZE - 1 visible characters of ASCII without '/'
 * @rights: KSHM_REGION_READ, KSHM_REGION_WRITE or both: what those get at the most who
 *	open it, of what the id has
 * @mode: permission bits as those of a file, 0640 for one, that say which users may
 *	have how much of that; the caller is the owner
 * @gid: the group that they are about, one of the caller's; or KSHM_NAME_OWN_GROUP
 * @flags: KSHM_NAME_UNTIL_CLOSE: until the handle is closed, by the last process that
 *	has it; or 0: until it is removed
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * The name is found in the network namespace that the process is in. It keeps the
 * section, and its region: @id and the handle are not needed any more, but for
 * KSHM_NAME_UNTIL_CLOSE. The pages count for who attached the section, who can revoke
 * it, until the name is removed.
 *
 * Return: 0, or a negative errno listed in <linux/kshm.h>, among them
 * -EEXIST: there is such a name;
 * -EINVAL: @name, or @mode, can be none, @id is not of a section, or @rights is 0;
 * -ENOENT: the handle has no region @id;
 * -EACCES: @rights has more than the id;
 * -EPERM: the caller is not in the group, or @id was imported or opened: who was lent a
 *	region of a section has no file of it to give;
 * -ESTALE: the region was revoked;
 * -ENOSPC: the user has as many names as he may;
 * -EOPNOTSUPP: the module does not know all of @rights or @flags;
 * -ENOTTY: the module is older and has no names;
 * -ENOMEM.
 * Since: 0.1
 */
int kshm_section_publish(const struct kshm_handle *handle, __u32 id,
			 const char *name, unsigned int rights,
			 unsigned int mode, __u32 gid, unsigned int flags,
			 struct kshm_explanation *explanation);

/**
 * struct kshm_section_info - a section that was opened
 * @id: of the region, for the handle that it was opened through; never 0
 * @fd: descriptor of the whole file, or -1
 * @offset: where in the file the region begins
 * @len: bytes of the region
 * @reserved: zero
 */
struct kshm_section_info {
	__u32 id;
	__s32 fd;
	__u64 offset;
	__u64 len;
	__u64 reserved[3];
};

/**
 * kshm_section_open() - find a section by its name
 * @handle: the handle, through which the region is used, of any device
 * @name: the name
 * @rights: KSHM_REGION_READ, KSHM_REGION_WRITE or both, of what the name gives and its
 *	mode allows; KSHM_REGION_READ is one of them with KSHM_NAME_FD
 * @flags: KSHM_NAME_FD, to get a descriptor for mmap(), too; or 0
 * @info: gets what was opened; untouched on error
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * The region is one as kshm_region_import() gives, and kshm_region_destroy() lets it
 * go. The descriptor is the caller's, who closes it; it is open for reading, and with
 * KSHM_REGION_WRITE for writing. What becomes of the name does not matter to either.
 *
 * That the descriptor is for reading keeps nobody from writing who can open
 * /proc/self/fd/N: a section that others are only to read is sealed with
 * F_SEAL_FUTURE_WRITE, after it was attached and before it is published.
 *
 * Return: 0, or a negative errno listed in <linux/kshm.h>, among them
 * -ENOENT: there is no such name in the network namespace that the process is in;
 * -EACCES: @rights has more than the name gives, or its mode allows;
 * -EINVAL: @name can be none, or @rights is 0, or lacks KSHM_REGION_READ;
 * -EBUSY: a descriptor is wanted, and somebody has a lease on the file;
 * -ESTALE: the region was revoked;
 * -EOPNOTSUPP: the module does not know all of @rights or @flags;
 * -ENOTTY: the module is older and has no names;
 * -ENOSPC: the handle has as many regions as it may;
 * -EMFILE, -ENFILE, -ENOMEM or -ENODEV.
 * Since: 0.1
 */
int kshm_section_open(const struct kshm_handle *handle, const char *name,
		      unsigned int rights, unsigned int flags,
		      struct kshm_section_info *info,
		      struct kshm_explanation *explanation);

/**
 * kshm_section_unpublish() - remove the name of a section
 * @handle: a handle, any one
 * @name: the name
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * For its owner, and who has CAP_SYS_ADMIN over the network namespace. What was opened
 * by the name stays; the section goes if nobody has it.
 *
 * Return: 0, or a negative errno listed in <linux/kshm.h>, among them
 * -ENOENT: there is no such name in the network namespace that the process is in;
 * -EPERM: it is another user's;
 * -EINVAL: @name can be none;
 * -ENOTTY: the module is older and has no names.
 * Since: 0.1
 */
int kshm_section_unpublish(const struct kshm_handle *handle, const char *name,
			   struct kshm_explanation *explanation);

/**
 * struct kshm_section_name - a name of a section
 * @name: the name
 * @flags: KSHM_NAME_UNTIL_CLOSE, or 0
 * @rights: KSHM_REGION_* bits that it gives
 * @uid: its owner, as the caller numbers him; the overflow id for one that his user
 *	namespace does not have, as in stat()
 * @gid: its group, in the same way
 * @mode: its permission bits
 * @state: KSHM_STATE_* bits of its region
 * @len: bytes of its region
 */
struct kshm_section_name {
	const char *name;
	__u32 flags;
	__u32 rights;
	__u32 uid;
	__u32 gid;
	__u32 mode;
	__u32 state;
	__u64 len;
};

/**
 * kshm_section_names() - list the names of sections
 * @handle: a handle, any one
 * @names: gets an array of pointers, sorted by name, in the order of strcmp(), and with
 *	a NULL at its end; untouched on error
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * All names of the network namespace that the process is in, also those of other users
 * and what the caller may not open. One that comes or goes while the list is made is
 * in it or not; one that is there all the time is.
 *
 * The array and all in it is the caller's, who frees it with
 * kshm_section_names_free().
 *
 * Return: the number of names, which can be 0, or
 * -ENOTTY: the module is older and has no names, or cannot list them;
 * -ENOMEM.
 * Since: 0.1
 */
int kshm_section_names(const struct kshm_handle *handle,
		       struct kshm_section_name ***names,
		       struct kshm_explanation *explanation);

/**
 * kshm_section_names_free() - free what kshm_section_names() gave
 * @names: the array, or NULL
 *
 * Since: 0.1
 */
void kshm_section_names_free(struct kshm_section_name **names);

#ifdef __cplusplus
}
#endif

#endif /* _KSHM_SECTION_H */

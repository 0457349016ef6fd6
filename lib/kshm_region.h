/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kshm - regions: memory that is pinned once and used by as many requests as wanted
 *
 * A part of <kshm.h>, which has what is said of all functions.
 */
#ifndef _KSHM_REGION_H
#define _KSHM_REGION_H

#include "kshm.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * kshm_region_create() - pin memory for many requests
 * @handle: the handle, through which alone the region is used
 * @addr: first byte, any alignment
 * @len: bytes; with 0 the region is empty, and @addr is not looked at
 * @rights: KSHM_REGION_READ, KSHM_REGION_WRITE or both: what requests may do
 *	with it. What the caller can only read can be for reading only. And
 *	KSHM_REGION_UNWATCHED, for a region that never is stale.
 * @id: gets the id of the region, which is never 0; untouched on error
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * The pages stay pinned, and count against RLIMIT_MEMLOCK, until
 * kshm_region_destroy(), or until the last process that has the handle closes it.
 * The memory itself stays the caller's. The region keeps the pages that are there
 * now: if the memory is unmapped, what is mapped there later is not in the region, and
 * requests that use the region fail with ESTALE, unless it is unwatched.
 *
 * Return: 0, or a negative errno listed in <linux/kshm.h>, among them
 * -EFAULT: the memory is not mapped, not readable or not writable as @rights
 *	demand, or cannot be pinned for longer than a call;
 * -EINVAL: @rights is 0;
 * -EOPNOTSUPP: the module does not know all of @rights;
 * -E2BIG: it does not know KSHM_REGION_UNWATCHED, and watches no regions;
 * -ENOTTY: the module is older and has no regions;
 * -ENOMEM: RLIMIT_MEMLOCK would be exceeded, or the kernel is out of memory;
 * -EDQUOT: a limit of kshm on pinned pages would be exceeded;
 * -ENOSPC: the handle has as many regions as it may;
 * -EINTR or -ENODEV.
 * Since: 0.1
 */
int kshm_region_create(const struct kshm_handle *handle, const void *addr,
		       size_t len, unsigned int rights, __u32 *id,
		       struct kshm_explanation *explanation)
	KSHM_ADDRESS_ONLY(2);

/**
 * kshm_region_create_ranges() - the same for memory in several places
 * @handle: as in kshm_region_create()
 * @ranges: the places, one after the other the bytes of the region
 * @nr: how many there are, at most KSHM_REGION_MAX_RANGES
 * @rights: as in kshm_region_create()
 * @id: as in kshm_region_create()
 * @explanation: as in kshm_region_create()
 *
 * All but the first begin at a page boundary, and all but the last end at one.
 * Those of no bytes are skipped.
 *
 * Return: as kshm_region_create(), and
 * -EINVAL: the ranges do not join like that, or are too many.
 * Since: 0.1
 */
int kshm_region_create_ranges(const struct kshm_handle *handle,
			      const struct kshm_range *ranges, size_t nr,
			      unsigned int rights, __u32 *id,
			      struct kshm_explanation *explanation);

/**
 * struct kshm_region_info - a region
 * @rights: KSHM_REGION_* bits
 * @uses: requests that use it now
 * @len: bytes
 * @pages: pages pinned and charged
 * @extents: contiguous parts that they make up
 * @holds: ids and other holds that the region has, of all handles
 * @state: KSHM_STATE_* bits
 * @reserved: zero
 *
 * A revoked region has its bytes and pages until the last request that uses it is
 * over, and none after that. A module that is older tells 0 of the last two.
 */
struct kshm_region_info {
	__u32 rights;
	__u32 uses;
	__u64 len;
	__u64 pages;
	__u64 extents;
	__u32 holds;
	__u32 state;
	__u64 reserved[3];
};

/**
 * kshm_region_query() - ask what a region is
 * @handle: the handle
 * @id: of the region
 * @info: filled on success, untouched on error; prepare nothing
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * Return: 0, or -ENOENT if the handle has no such region, or -ENOTTY if the
 * module is older and has none at all.
 * Since: 0.1
 */
int kshm_region_query(const struct kshm_handle *handle, __u32 id,
		      struct kshm_region_info *info,
		      struct kshm_explanation *explanation);

/**
 * kshm_region_destroy() - unpin the memory of a region and forget it
 * @handle: the handle
 * @id: of the region
 * @flags: 0, or KSHM_REGION_WAIT to wait for the requests that use it. No others
 *	find it from then on.
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * On success the pages are unpinned, and their charge is gone. The id can
 * come again, for another region, but not soon.
 *
 * Return: 0, or
 * -ENOENT: the handle has no such region;
 * -EBUSY: a request uses it, and @flags is 0;
 * -EOPNOTSUPP: the module does not know all of @flags;
 * -ENOTTY: the module is older and has no regions;
 * -EINTR: the caller is being killed; the region goes with its last request.
 * Since: 0.1
 */
int kshm_region_destroy(const struct kshm_handle *handle, __u32 id,
			unsigned int flags,
			struct kshm_explanation *explanation);

/**
 * kshm_region_revoke() - unpin the memory of a region, whoever holds it
 * @handle: the handle
 * @id: of the region, which stays until it is destroyed
 * @flags: 0 to wait for the requests that use it, or KSHM_REGION_NO_WAIT to leave
 *	it to the last of them
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * Only who created the region can do that, through the id that this gave.
 *
 * From then on requests that name the region fail with ESTALE. Its pages are
 * unpinned, and their charge is gone, on success unless KSHM_REGION_NO_WAIT was
 * given and a request uses it still. To revoke a revoked region again is no error,
 * and waits as asked.
 *
 * Return: 0, or
 * -ENOENT: the handle has no such region;
 * -EPERM: the id does not come from creating the region;
 * -EOPNOTSUPP: the module does not know all of @flags;
 * -ENOTTY: the module is older and cannot do that;
 * -EINTR: the caller is being killed; the pages go with the last request.
 * Since: 0.1
 */
int kshm_region_revoke(const struct kshm_handle *handle, __u32 id,
		       unsigned int flags, struct kshm_explanation *explanation);

/**
 * kshm_region_export() - a file descriptor that holds a region
 * @handle: the handle
 * @id: of the region
 * @rights: what it gives to those who import it: KSHM_REGION_READ, KSHM_REGION_WRITE
 *	or both, of those that @id has
 * @fd: gets the descriptor, which has O_CLOEXEC; untouched on error
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * Like any descriptor it can be duplicated, and sent over a socket with SCM_RIGHTS.
 * The region, its pins and the charge of who created it last until the last id and
 * the last descriptor are gone, or until it is revoked.
 *
 * Return: 0, or
 * -ENOENT: the handle has no such region;
 * -EACCES: @id does not have all of @rights;
 * -EINVAL: @rights is 0;
 * -EOPNOTSUPP: the module does not know all of @rights;
 * -ESTALE: the region was revoked;
 * -EMFILE or -ENFILE: the process, or the system, has as many files open as it may;
 * -ENOTTY: the module is older and cannot do that;
 * -ENOMEM: the kernel is out of memory.
 * Since: 0.1
 */
int kshm_region_export(const struct kshm_handle *handle, __u32 id,
		       unsigned int rights, int *fd,
		       struct kshm_explanation *explanation);

/**
 * kshm_region_import() - use a region that somebody exported
 * @handle: the handle, of whatever device
 * @fd: the descriptor, not needed after this
 * @rights: what requests of @handle may do with the region, of what @fd gives
 * @id: gets the id that the region has for @handle, another one each time; untouched
 *	on error
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * kshm_region_query() tells how long the region is. Whoever created it is charged.
 *
 * Return: 0, or
 * -EBADF: @fd is not open, or not that of an exported region;
 * -EACCES: @fd does not give all of @rights;
 * -EINVAL: @rights is 0;
 * -EOPNOTSUPP: the module does not know all of @rights;
 * -ESTALE: the region was revoked;
 * -ENOSPC: the handle has as many regions as it may;
 * -ENOTTY: the module is older and cannot do that;
 * -ENOMEM or -ENODEV.
 * Since: 0.1
 */
int kshm_region_import(const struct kshm_handle *handle, int fd,
		       unsigned int rights, __u32 *id,
		       struct kshm_explanation *explanation);

/**
 * kshm_region_make_key() - a key with which others can open a region
 * @handle: the handle
 * @id: of the region
 * @rights: what the key gives, of those that @id has
 * @flags: 0, or KSHM_KEY_ANY_UID: not only for processes with the effective user id
 *	of this one
 * @key: gets the key, 16 random bytes; untouched on error
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * For programs that can tell each other a number but not send descriptors. An id has
 * one key, until kshm_region_remove_key() or the id ends.
 *
 * Return: 0, or
 * -ENOENT: the handle has no such region;
 * -EEXIST: the id has a key;
 * -EACCES: @id does not have all of @rights;
 * -EINVAL: @rights is 0;
 * -EOPNOTSUPP: the module does not know all of @rights or @flags;
 * -ESTALE: the region was revoked;
 * -ENOTTY: the module is older and cannot do that;
 * -ENOMEM: the kernel is out of memory.
 * Since: 0.1
 */
int kshm_region_make_key(const struct kshm_handle *handle, __u32 id,
			 unsigned int rights, unsigned int flags,
			 struct kshm_region_key *key,
			 struct kshm_explanation *explanation);

/**
 * kshm_region_remove_key() - have a key open nothing any more
 * @handle: the handle
 * @id: that kshm_region_make_key() was called with
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * What was opened with it stays so; kshm_region_revoke() ends that, too.
 *
 * Return: 0, or -ENOENT if the handle has no such region, or that no key; -ENOTTY if
 * the module is older.
 * Since: 0.1
 */
int kshm_region_remove_key(const struct kshm_handle *handle, __u32 id,
			   struct kshm_explanation *explanation);

/**
 * kshm_region_open_key() - use a region that somebody made a key for
 * @handle: the handle, of whatever device
 * @key: the key
 * @rights: what requests of @handle may do with the region, of what @key gives
 * @id: gets the id that the region has for @handle, another one each time; untouched
 *	on error
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * Return: as kshm_region_import(), but instead of -EBADF
 * -ENOENT: there is no such key, or it is for another user.
 * Since: 0.1
 */
int kshm_region_open_key(const struct kshm_handle *handle,
			 const struct kshm_region_key *key, unsigned int rights,
			 __u32 *id, struct kshm_explanation *explanation);

/**
 * kshm_operand_region() - an operand that is a part of a region
 * @id: of the region, of the handle that the request is sent through
 * @offset: of the first byte in the region
 * @len: bytes. The region needs KSHM_REGION_READ for in and for data of a
 *	to-driver control, KSHM_REGION_WRITE for out and for data of a from-driver
 *	one. Raw controls take no regions.
 *
 * Return: the operand.
 * Since: 0.1
 */
struct kshm_operand kshm_operand_region(__u32 id, __u64 offset, __u64 len);

#ifdef __cplusplus
}
#endif

#endif /* _KSHM_REGION_H */

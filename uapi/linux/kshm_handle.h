/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kshm - handles: who has what pinned
 *
 * A part of <linux/kshm.h>, which has the commands, the rights, and what errnos and
 * structs have in common.
 */
#ifndef _UAPI_LINUX_KSHM_HANDLE_H
#define _UAPI_LINUX_KSHM_HANDLE_H

#include <linux/types.h>

/* Longest name of a process, with the terminating NUL. */
#define KSHM_COMM_SIZE		16

/* Longest name of a device that is told, with the terminating NUL. */
#define KSHM_HANDLE_DEVICE_SIZE	32

/* Flags of kshm_handle_entry. */
#define KSHM_HANDLE_OPENER_GONE	0x1	/* the process that opened the handle has ended */
#define KSHM_HANDLE_DEVICE_GONE	0x2	/* its device was removed; of handles and ids */
#define KSHM_HANDLE_CREATED	0x4	/* the id made the region, which counts for the creator */
#define KSHM_HANDLE_DESTROYED	0x8	/* the id leads nowhere (any more), but is used */
/* What else than an id or a handle it is: */
#define KSHM_HANDLE_DESCRIPTOR	0x10	/* a file descriptor of KSHM_IOC_REGION_EXPORT */
#define KSHM_HANDLE_NAME	0x20	/* a name of KSHM_IOC_NAME_PUBLISH */
#define KSHM_HANDLE_VIEW	0x40	/* what a driver has for longer than a request */

/* User id of an entry of which nothing is charged. */
#define KSHM_HANDLE_UNCHARGED	((__u32)-1)

/**
 * struct kshm_handle_entry - a handle, or one hold of a region, as it is listed
 * @handle: number of the handle, or of what else holds the region: in the order in which
 *	they came to be; never 0, and no other has it until the module is loaded anew
 * @region: number of the region, the same for all that hold it, of whatever handles; 0
 *	for a handle
 * @id: of the region, for the handle; 0 for a handle, and for what is no id
 * @flags: KSHM_HANDLE_* bits
 * @rights: KSHM_REGION_* bits of the hold; for a handle KSHM_ACCESS_* bits
 * @state: KSHM_STATE_* bits,
 * @holds: ids and other holds that the region has, of all handles, and
 * @uses: requests that use it by this id, as KSHM_IOC_REGION_QUERY tells them; with
 *	KSHM_HANDLE_DESTROYED whoever waits for them, or is still to tell the id, counts, too
 * @pid: the process that opened the handle that it is, is of, or came to be through, in
 *	the PID namespace that the caller is in; 0 for one that is not there, or has ended
 * @uid: its real user id then, as the caller numbers it; one whom the caller's user
 *	namespace does not have is /proc/sys/kernel/overflowuid, as in stat()
 * @charged_uid: the real user id, numbered so, whom the region is charged to;
 *	KSHM_HANDLE_UNCHARGED for a handle, and once nothing of it is pinned any more
 * @reserved: zero
 * @len: bytes of the region; 0 for a handle
 * @pages: that are pinned and charged for it; 0 for a handle
 * @age: nanoseconds since the handle was opened, or the region made, to within a tick;
 *	those that the machine slept count
 * @device: name of that handle's device, and NULs up to its end
 * @comm: name that the process had when it opened the handle, and NULs up to its end;
 *	any bytes are possible
 * @reserved2: zero
 */
struct kshm_handle_entry {
	__aligned_u64 handle;
	__aligned_u64 region;
	__u32 id;
	__u32 flags;
	__u32 rights;
	__u32 state;
	__u32 holds;
	__u32 uses;
	__u32 pid;
	__u32 uid;
	__u32 charged_uid;
	__u32 reserved;
	__aligned_u64 len;
	__aligned_u64 pages;
	__aligned_u64 age;
	char device[KSHM_HANDLE_DEVICE_SIZE];
	char comm[KSHM_COMM_SIZE];
	__aligned_u64 reserved2[2];
};

/**
 * struct kshm_ioc_handle_list - KSHM_IOC_HANDLE_LIST: what there is that holds regions
 * @size: sizeof(struct kshm_ioc_handle_list)
 * @flags: must be zero
 * @nr_entries: how many @entries has room for; with 0 only @out_more is told
 * @out_nr: how many were written; those of one call are some hundreds at the most
 * @entries: address of @nr_entries struct kshm_handle_entry
 * @explain: address of a struct kshm_explain, or 0
 * @after_handle: only what is behind this entry is told: the last that the call before
 *	told, by its number, which may be gone by now; 0 for the first call
 * @after_id: and by its id
 * @out_more: 1 if there is something behind what was told, otherwise 0
 * @reserved: must be zero
 *
 * Tells handles of all devices, each followed by its regions, and between them whatever
 * else holds a region: descriptors, names, and views of drivers, each for itself. As long
 * as there is one its region stays pinned, unless it was revoked. They are those of
 * handles that were opened by processes of the caller's real user id, and of others'
 * handles the regions that are charged to him, if the process that opened it has, or had,
 * a number in the PID namespace that the caller is in; with CAP_SYS_ADMIN in the first
 * user namespace all there are. It does not matter through which handle that is asked, or
 * whether that has its device still.
 *
 * Who wants all of them calls again as long as @out_more is 1. What is there all the time
 * is told, and nothing is told twice; what comes or goes meanwhile is told or not.
 *
 * Which process has a descriptor, /proc/PID/fdinfo tells, where the region has the same
 * number, unless it is on its way through a socket; what names are called,
 * KSHM_IOC_NAME_LIST.
 *
 * Where @entries cannot be written that is EFAULT, and how many were written before is
 * not told. Nothing is lost by that: the next call can begin where this one did.
 */
struct kshm_ioc_handle_list {
	__u32 size;
	__u32 flags;
	__u32 nr_entries;
	__u32 out_nr;
	__aligned_u64 entries;
	__aligned_u64 explain;
	__aligned_u64 after_handle;
	__u32 after_id;
	__u32 out_more;
	__aligned_u64 reserved;
};

#endif /* _UAPI_LINUX_KSHM_HANDLE_H */

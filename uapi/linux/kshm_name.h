/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kshm - names of sections
 *
 * A part of <linux/kshm.h>, which has the commands, the rights, and what errnos and
 * structs have in common.
 */
#ifndef _UAPI_LINUX_KSHM_NAME_H
#define _UAPI_LINUX_KSHM_NAME_H

#include <linux/types.h>

/* Longest name of a section, with the terminating NUL. */
#define KSHM_SECTION_NAME_SIZE	64

/* As kshm_ioc_name_publish.gid: that of files which the caller makes. */
#define KSHM_NAME_OWN_GROUP	0xffffffffU

/* Flags of kshm_ioc_name_publish. */
#define KSHM_NAME_UNTIL_CLOSE	0x1	/* of the handle, when its last user closes it */

/**
 * struct kshm_ioc_name_publish - KSHM_IOC_NAME_PUBLISH: a name that opens a section
 * @size: sizeof(struct kshm_ioc_name_publish)
 * @flags: KSHM_NAME_UNTIL_CLOSE, or 0
 * @id: of the region, which KSHM_IOC_SECTION_ATTACH gave; one that was imported or opened
 *	is EPERM. Whoever is passed the handle has its ids, and with them the files.
 * @rights: KSHM_REGION_* bits that the name gives, at least one, all of them bits that
 *	the id has
 * @gid: the name's group, as the caller numbers it: one that he is in, unless he has
 *	CAP_CHOWN; or KSHM_NAME_OWN_GROUP
 * @mode: permission bits as files have them, to read (04) and to write (02), for the
 *	name's owner, who is who publishes it, its group, and others, as in 0640
 * @name: 1 to KSHM_SECTION_NAME_SIZE - 1 visible characters of ASCII that are no
 *	'/', and a NUL; what is behind that is not looked at
 * @explain: address of a struct kshm_explain, or 0
 * @reserved: must be zero
 *
 * Names belong to the network namespace that the caller is in, as those of abstract
 * sockets do; in another one there may be the same. A name holds the region, as an
 * id does, until it is removed; with KSHM_NAME_UNTIL_CLOSE also until this handle is
 * closed for good. It ends with its network namespace. What becomes of @id does not
 * matter to it, but a region that is revoked cannot be opened any more.
 *
 * Whoever may open the name can get the whole memfd, of whatever part of it the region
 * is. As long as there is a name the module kshm cannot be unloaded.
 */
struct kshm_ioc_name_publish {
	__u32 size;
	__u32 flags;
	__u32 id;
	__u32 rights;
	__u32 gid;
	__u32 mode;
	char name[KSHM_SECTION_NAME_SIZE];
	__aligned_u64 explain;
	__aligned_u64 reserved;
};

/* Flags of kshm_ioc_name_open. */
#define KSHM_NAME_FD		0x1	/* also a descriptor of the memfd */

/**
 * struct kshm_ioc_name_open - KSHM_IOC_NAME_OPEN: an id, and a descriptor, for a name
 * @size: sizeof(struct kshm_ioc_name_open)
 * @flags: KSHM_NAME_FD, or 0
 * @rights: KSHM_REGION_* bits, at least one, all of them bits that the name gives, and
 *	that its mode allows the caller; KSHM_REGION_READ is one of them with
 *	KSHM_NAME_FD
 * @out_id: of the region, for this handle; never 0. Another one each time.
 * @out_fd: of the memfd, with O_CLOEXEC, for reading, or with KSHM_REGION_WRITE for
 *	reading and writing; -1 without KSHM_NAME_FD
 * @reserved: must be zero
 * @name: the name
 * @explain: address of a struct kshm_explain, or 0
 * @out_offset: where in the memfd the region begins
 * @out_len: bytes of the region
 *
 * The name is looked up in the network namespace that the caller is in. The mode is
 * asked as those of files are: it is the owner's bits that count for the owner, the
 * group's for those of the others who are in it, and the last for the rest. It does not
 * stop who has CAP_IPC_OWNER in the user namespace that the network namespace belongs
 * to, if that has the owner and the group.
 *
 * The id is like one of an import. The descriptor is of an open file of its own. One
 * for reading does not protect the memfd: who may, by the mode of the memfd itself,
 * opens it again for writing, as /proc/self/fd/N. That mode is 0777 unless fchmod()
 * made it another, 0600 for one, which keeps out other users. F_SEAL_FUTURE_WRITE
 * keeps out everybody, but for mappings and regions for writing that are there before
 * it is added; so a section that others are only to read is attached, sealed with it,
 * and published with KSHM_REGION_READ.
 */
struct kshm_ioc_name_open {
	__u32 size;
	__u32 flags;
	__u32 rights;
	__u32 out_id;
	__s32 out_fd;
	__u32 reserved;
	char name[KSHM_SECTION_NAME_SIZE];
	__aligned_u64 explain;
	__aligned_u64 out_offset;
	__aligned_u64 out_len;
};

/**
 * struct kshm_ioc_name_remove - KSHM_IOC_NAME_REMOVE: a name that opens nothing more
 * @size: sizeof(struct kshm_ioc_name_remove)
 * @flags: must be zero
 * @name: the name, of the network namespace that the caller is in
 * @explain: address of a struct kshm_explain, or 0
 * @reserved: must be zero
 *
 * Its owner can do that, and who has CAP_SYS_ADMIN in the user namespace that the
 * network namespace belongs to; others get EPERM. What was opened by it stays.
 */
struct kshm_ioc_name_remove {
	__u32 size;
	__u32 flags;
	char name[KSHM_SECTION_NAME_SIZE];
	__aligned_u64 explain;
	__aligned_u64 reserved;
};

/**
 * struct kshm_name_entry - a name, as it is listed
 * @name: the name, and NULs up to its end
 * @flags: KSHM_NAME_UNTIL_CLOSE, or 0
 * @rights: KSHM_REGION_* bits that the name gives
 * @uid: its owner, as the caller numbers him; one whom the caller's user namespace does
 *	not have is /proc/sys/kernel/overflowuid, as in stat()
 * @gid: its group, in the same way, or /proc/sys/kernel/overflowgid
 * @mode: its permission bits
 * @state: KSHM_STATE_* bits, and
 * @len: bytes of its region, as KSHM_IOC_REGION_QUERY tells them of a region
 * @reserved: zero
 */
struct kshm_name_entry {
	char name[KSHM_SECTION_NAME_SIZE];
	__u32 flags;
	__u32 rights;
	__u32 uid;
	__u32 gid;
	__u32 mode;
	__u32 state;
	__aligned_u64 len;
	__aligned_u64 reserved[4];
};

/**
 * struct kshm_ioc_name_list - KSHM_IOC_NAME_LIST: which names there are
 * @size: sizeof(struct kshm_ioc_name_list)
 * @flags: must be zero
 * @nr_entries: how many @entries has room for; with 0 only @out_more is told
 * @out_nr: how many were written; those of one call are some hundreds at the most
 * @entries: address of @nr_entries struct kshm_name_entry
 * @explain: address of a struct kshm_explain, or 0
 * @after: only names behind this one are told: the last that the call before told,
 *	which may be gone by now; an empty one for the first call
 * @out_more: 1 if there are names behind those that were told, otherwise 0
 * @reserved: must be zero
 *
 * Tells the names of the network namespace that the caller is in, whoever their owners
 * are, and whatever their modes, in the order of strcmp(). Who wants all of them calls
 * again as long as @out_more is 1. Names can come and go meanwhile: those that are there
 * all the time are told, and none is told twice.
 *
 * Where @entries cannot be written that is EFAULT, and how many were written before is
 * not told. Nothing is lost by that: the next call can begin where this one did.
 */
struct kshm_ioc_name_list {
	__u32 size;
	__u32 flags;
	__u32 nr_entries;
	__u32 out_nr;
	__aligned_u64 entries;
	__aligned_u64 explain;
	char after[KSHM_SECTION_NAME_SIZE];
	__u32 out_more;
	__u32 reserved;
};

#endif /* _UAPI_LINUX_KSHM_NAME_H */

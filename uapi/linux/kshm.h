/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kshm - memory shared between user programs and kernel drivers
 *
 * This header is the contract between kshm.ko and user programs, and its
 * manual. Programs that use libkshm never need it by itself.
 *
 * A device is a character device /dev/kshm/NAME that a driver registered. An
 * open of it is a handle. All commands are ioctls on a handle whose argument
 * points to a struct that begins with its own size.
 *
 * Structs
 *   @size is set by the caller to the sizeof() it was compiled with. A struct
 *   shorter than the first version of it is EINVAL. A longer one than the
 *   module knows is accepted if all that the module does not know is zero,
 *   otherwise E2BIG. Members named out_* are written by the module and not
 *   read; a shorter struct gets the members it has. Reserved members must be
 *   zero (EINVAL). Unknown flags are EOPNOTSUPP.
 *
 * Errors of the ioctl itself: no handler ran
 *   EFAULT      a struct, or user memory named by an operand or a range, is
 *               not mapped, not readable or not writable as needed, wraps
 *               around the end of the address space, does not belong to user
 *               space or cannot be pinned for as long as it would be
 *   EINVAL      malformed: struct too short, reserved member not zero,
 *               unknown operand kind, ranges that do not join at page
 *               boundaries, a memfd that has no bytes, or a part of one that
 *               is not whole pages, or that can become shorter, a name that can
 *               be none, or its mode, or a name or a counter of what is no section
 *   E2BIG       the struct is longer than the module knows and its tail is
 *               not zero: the module is older than the program
 *   EOPNOTSUPP  an unknown flag is set: the module is older than the program; or a ring
 *               wants what its kernel, or kshm, has not for rings
 *   ENOTTY      the device has no such command or control code
 *   EACCES      the handle was not opened with the access the code demands, or to
 *               submit not for reading, or
 *               a region does not have the rights that its use demands, or that
 *               are to be passed on, or the descriptor or the seals of a memfd
 *               do not allow those that the region is to have, or the mode of
 *               a name those that are wanted
 *   EMSGSIZE    the length of an operand is outside the control's bounds
 *   ENOENT      the handle has no region with this id, or there is no such key,
 *               or name, or no request to cancel
 *   EEXIST      the id has a key, or there is such a name
 *   EBADF       the file descriptor is not that of an exported region, or, to be
 *               attached, of a memfd, or, to be signalled, of an eventfd
 *   EPERM       the region is another's to revoke or to give a name, or the name to
 *               remove, or the group not one that the caller can give to a name
 *   EMFILE      the process has as many file descriptors as it may
 *   ENFILE      the system has as many open files as it may
 *   ERANGE      a part that is named is not inside of its region, or its file
 *   EBUSY       a region that is to be destroyed is in use, or somebody has a lease on
 *               the file of a section
 *   ESTALE      the region was revoked, or memory of it is not mapped any more
 *               where it was, or not any more in its file, or other memory is
 *   EDQUOT      a limit of kshm on pinned or copied memory would be exceeded
 *   ENOSPC      a limit of kshm on the number of regions, names, or requests, would
 *               be exceeded
 *   ENOMEM      the kernel is out of memory, of huge pages for one, or the caller
 *               would have more of it locked than RLIMIT_MEMLOCK allows
 *   EINTR       the caller is being killed, or a signal came while he waited for a
 *               request that its driver keeps, and which is cancelled by that
 *   ENODEV      the device was removed
 *
 * A handle whose device was removed has its regions still: they can be asked for,
 * exported, given keys and names, revoked and destroyed.
 *
 * Whether the struct can be written is found out before the handler runs; if
 * another thread unmaps it meanwhile, the results are lost and EFAULT says so.
 *
 * If the ioctl returns 0 the handler ran, and out_status tells what it said.
 * A handler may use any errno; EFAULT there is also what kshm itself reports
 * when a copied result could not be written to the caller's memory after the
 * handler had run (explained as %KSHM_EXPLAIN_COPY_OUT). A handler that asks for memory
 * which the request names inside of an operand passes on what kshm said, in the
 * meanings above, explained.
 *
 * Checks run in this order, and the first that fails names the errno: struct
 * size, readable struct, flags and reserved members, control code, access,
 * lengths against the control's bounds, user pointers and regions, limits, pins.
 */
#ifndef _UAPI_LINUX_KSHM_H
#define _UAPI_LINUX_KSHM_H

#include <linux/ioctl.h>
#include <linux/kshm_completion.h>
#include <linux/kshm_handle.h>
#include <linux/kshm_name.h>
#include <linux/kshm_sequence.h>
#include <linux/kshm_uring.h>
#include <linux/types.h>

/*
 * Raised only for a change that older programs do not survive. Additions show
 * in kshm_ioc_info.out_features, and in structs that grew at their end.
 */
#define KSHM_ABI_VERSION	1

/* Not listed in Documentation/userspace-api/ioctl/ioctl-number.rst. */
#define KSHM_IOC_MAGIC		0xE8

/* Commands. The size of the argument is in the struct, not in the number. */
#define KSHM_IOC_INFO		_IO(KSHM_IOC_MAGIC, 0x00)
#define KSHM_IOC_CONTROL	_IO(KSHM_IOC_MAGIC, 0x01)
#define KSHM_IOC_CANCEL		_IO(KSHM_IOC_MAGIC, 0x02)
#define KSHM_IOC_EVENTFD	_IO(KSHM_IOC_MAGIC, 0x03)
#define KSHM_IOC_REGION_CREATE	_IO(KSHM_IOC_MAGIC, 0x10)
#define KSHM_IOC_REGION_QUERY	_IO(KSHM_IOC_MAGIC, 0x11)
#define KSHM_IOC_REGION_DESTROY	_IO(KSHM_IOC_MAGIC, 0x12)
#define KSHM_IOC_REGION_REVOKE	_IO(KSHM_IOC_MAGIC, 0x13)
#define KSHM_IOC_REGION_EXPORT	_IO(KSHM_IOC_MAGIC, 0x14)
#define KSHM_IOC_REGION_IMPORT	_IO(KSHM_IOC_MAGIC, 0x15)
#define KSHM_IOC_REGION_KEY	_IO(KSHM_IOC_MAGIC, 0x16)
#define KSHM_IOC_REGION_OPEN	_IO(KSHM_IOC_MAGIC, 0x17)
#define KSHM_IOC_SECTION_ATTACH	_IO(KSHM_IOC_MAGIC, 0x18)
#define KSHM_IOC_SECTION_SEQUENCE _IO(KSHM_IOC_MAGIC, 0x19)
#define KSHM_IOC_NAME_PUBLISH	_IO(KSHM_IOC_MAGIC, 0x20)
#define KSHM_IOC_NAME_OPEN	_IO(KSHM_IOC_MAGIC, 0x21)
#define KSHM_IOC_NAME_REMOVE	_IO(KSHM_IOC_MAGIC, 0x22)
#define KSHM_IOC_NAME_LIST	_IO(KSHM_IOC_MAGIC, 0x23)
#define KSHM_IOC_HANDLE_LIST	_IO(KSHM_IOC_MAGIC, 0x24)

/* Longest name of a device or a control, with the terminating NUL. */
#define KSHM_NAME_SIZE		32

/*
 * Control codes: the layout of Windows' CTL_CODE.
 *
 *   31..16 device type   0x8000 and up for drivers of one's own
 *   15..14 access        what the handle must have been opened for
 *   13..2  function      0x800 and up for drivers of one's own
 *   1..0   method        how the operands travel
 */
#define KSHM_CODE(type, function, method, access) \
	(((__u32)(type) << 16) | ((__u32)(access) << 14) | \
	 ((__u32)(function) << 2) | (__u32)(method))
#define KSHM_CODE_TYPE(code)		(((__u32)(code) >> 16) & 0xffff)
#define KSHM_CODE_ACCESS(code)		(((__u32)(code) >> 14) & 0x3)
#define KSHM_CODE_FUNCTION(code)	(((__u32)(code) >> 2) & 0xfff)
#define KSHM_CODE_METHOD(code)		((__u32)(code) & 0x3)

/*
 * Methods, named by Windows; in brackets the direction, which is what the
 * texts and the tools of kshm call them.
 */
#define KSHM_METHOD_BUFFERED	0	/* copied: in and out, through kernel memory */
#define KSHM_METHOD_IN_DIRECT	1	/* to-driver: data pinned for reading */
#define KSHM_METHOD_OUT_DIRECT	2	/* from-driver: data pinned for writing */
#define KSHM_METHOD_NEITHER	3	/* raw: in and out stay in user memory */

#define KSHM_ACCESS_ANY		0	/* any open handle */
#define KSHM_ACCESS_READ	1	/* opened for reading */
#define KSHM_ACCESS_WRITE	2	/* opened for writing */

/* Operands of a request, by position; also used to name one in an explanation. */
#define KSHM_OPERAND_IN		1
#define KSHM_OPERAND_OUT	2
#define KSHM_OPERAND_DATA	3

/*
 * In an explanation, plus a number: a piece of memory that is named inside of an operand,
 * as the driver defines it, one that is read or one that is written. Each are counted
 * from 0.
 */
#define KSHM_OPERAND_PIECE_READ	0x10000
#define KSHM_OPERAND_PIECE_WRITTEN 0x20000

/* Kinds of operand. */
#define KSHM_OPERAND_NONE	0	/* absent: all other members zero */
#define KSHM_OPERAND_USER	1	/* @len bytes of the caller's memory at @addr */
#define KSHM_OPERAND_REGION	2	/* @len bytes of region @id, from @addr on */

/**
 * struct kshm_operand - one of the up to three buffers of a request
 * @kind: KSHM_OPERAND_NONE, KSHM_OPERAND_USER or KSHM_OPERAND_REGION
 * @id: of a region of this handle; zero for the other kinds
 * @addr: address in the caller's memory, any alignment, not looked at when
 *	@len is zero; or the offset of the first byte in the region
 * @len: length in bytes. Zero is a value: the driver sees an empty buffer,
 *	the same as for an absent operand.
 * @out_returned: bytes that the driver reports for this operand, never more
 *	than @len. 0 when the driver failed, except for pinned and raw operands,
 *	whose bytes are in place whatever the driver says.
 */
struct kshm_operand {
	__u32 kind;
	__u32 id;
	__aligned_u64 addr;
	__aligned_u64 len;
	__aligned_u64 out_returned;
};

/**
 * struct kshm_ioc_control - KSHM_IOC_CONTROL: one request to the driver
 * @size: sizeof(struct kshm_ioc_control)
 * @flags: KSHM_REQUEST_SUBMIT, or 0
 * @code: the control code, matched as a whole
 * @out_status: what the driver's handler returned: 0 or -errno
 * @in: input. Copied into kernel memory once, before the handler runs, by
 *	every method but NEITHER, which hands it over unread.
 * @out: output. A zeroed kernel buffer whose first out_returned bytes are
 *	copied back if @out_status is 0; with NEITHER handed over unread.
 * @data: IN_DIRECT and OUT_DIRECT: the caller's own pages, pinned while the
 *	handler runs, or those of a region. This is what Windows calls the output
 *	buffer of these two methods. The other methods take no data.
 * @explain: address of a struct kshm_explain, or 0. Written only when it was
 *	kshm that said no, not the driver; if it cannot be written the
 *	explanation is lost and the errno stays. The same in every struct.
 * @out_needed: bytes needed, when the driver says that a buffer was too
 *	small; otherwise 0
 * @out_detail: a number of the driver's own, passed as it is
 * @reserved: must be zero
 * @user_data: a number of the caller's own, by which the request can be cancelled, and
 *	which its completion has; any number, several may have the same
 *
 * Operands may overlap: @in is captured before anything is written, and @in
 * and @out never share kernel memory.
 *
 * A request that its driver keeps for longer, as controls do that can pend, is waited
 * for here, unless it is submitted, see <linux/kshm_completion.h>. A signal then cancels
 * it, if its driver lets that be done, and the ioctl ends with EINTR; it is not begun
 * anew. So does one that stops the caller. What the driver did not let go by then, of a
 * caller who is being killed, stays pinned and charged until it does.
 */
struct kshm_ioc_control {
	__u32 size;
	__u32 flags;
	__u32 code;
	__s32 out_status;
	struct kshm_operand in;
	struct kshm_operand out;
	struct kshm_operand data;
	__aligned_u64 explain;
	__aligned_u64 out_needed;
	__u32 out_detail;
	__u32 reserved;
	__aligned_u64 user_data;
};

/* Which check failed; in brackets the errno that comes with it. */
#define KSHM_EXPLAIN_NONE	0	/* nothing to explain */
#define KSHM_EXPLAIN_FLAGS	1	/* unknown bits in @needed (EOPNOTSUPP) */
#define KSHM_EXPLAIN_RESERVED	2	/* a reserved member is not zero (EINVAL) */
#define KSHM_EXPLAIN_KIND	3	/* operand kind @needed is unknown, or raw (EINVAL) */
#define KSHM_EXPLAIN_CODE	4	/* no such control code, @used (ENOTTY) */
#define KSHM_EXPLAIN_METHOD	5	/* @used only with another method: code @needed (ENOTTY) */
#define KSHM_EXPLAIN_ACCESS_BITS 6	/* @used only with other access: code @needed (ENOTTY) */
#define KSHM_EXPLAIN_ACCESS	7	/* the handle lacks KSHM_ACCESS_* bits @needed (EACCES) */
#define KSHM_EXPLAIN_SHORT	8	/* length @used below the least, @needed (EMSGSIZE) */
#define KSHM_EXPLAIN_LONG	9	/* length @used above the most, @limit (EMSGSIZE) */
#define KSHM_EXPLAIN_RANGE	10	/* @addr and length wrap or leave user space (EFAULT) */
#define KSHM_EXPLAIN_ADDRESS	11	/* @addr cannot be used as needed (EFAULT) */
#define KSHM_EXPLAIN_LIMIT_REQUEST 12	/* pages of one request (EDQUOT) */
#define KSHM_EXPLAIN_LIMIT_USER	13	/* pages of one user (EDQUOT) */
#define KSHM_EXPLAIN_LIMIT_SYSTEM 14	/* pages of all users (EDQUOT) */
#define KSHM_EXPLAIN_MEMORY	15	/* no kernel memory for @needed bytes (ENOMEM) */
#define KSHM_EXPLAIN_SIGNAL	16	/* the caller is being killed, or got a signal (EINTR) */
#define KSHM_EXPLAIN_GONE	17	/* the device was removed (ENODEV) */
#define KSHM_EXPLAIN_COPY_OUT	18	/* the handler ran, its output was not copied (EFAULT) */
#define KSHM_EXPLAIN_REGION	19	/* the handle has no region @used (ENOENT) */
#define KSHM_EXPLAIN_RIGHTS	20	/* the region lacks KSHM_REGION_* @needed (EACCES) */
#define KSHM_EXPLAIN_PART	21	/* @needed bytes from @used on are not inside (ERANGE) */
#define KSHM_EXPLAIN_BUSY	22	/* the region is in use (EBUSY) */
#define KSHM_EXPLAIN_JOIN	23	/* range @used does not join at page boundaries (EINVAL) */
#define KSHM_EXPLAIN_RANGES	24	/* @used ranges are above the most, @limit (EINVAL) */
#define KSHM_EXPLAIN_LONG_TERM	25	/* @addr can be pinned for a call only (EFAULT) */
#define KSHM_EXPLAIN_MEMLOCK	26	/* pages under RLIMIT_MEMLOCK (ENOMEM) */
#define KSHM_EXPLAIN_LIMIT_REGIONS 27	/* regions of one handle (ENOSPC) */
#define KSHM_EXPLAIN_NO_RIGHTS	28	/* a region without any rights (EINVAL) */
#define KSHM_EXPLAIN_REVOKED	29	/* region @used was revoked (ESTALE) */
#define KSHM_EXPLAIN_FD		30	/* descriptor @used is of no exported region (EBADF) */
#define KSHM_EXPLAIN_NOT_CREATED 31	/* the id does not come from creating (EPERM) */
#define KSHM_EXPLAIN_FILES	32	/* too many files of the process (EMFILE) */
#define KSHM_EXPLAIN_SYSTEM_FILES 33	/* too many files of all (ENFILE) */
#define KSHM_EXPLAIN_KEY	34	/* no such key, or for others; id @used has none (ENOENT) */
#define KSHM_EXPLAIN_HAS_KEY	35	/* the id has a key (EEXIST) */
#define KSHM_EXPLAIN_STALE	36	/* region @used has lost its page at @addr (ESTALE) */
#define KSHM_EXPLAIN_MEMFD	37	/* descriptor @used is of no memfd (EBADF) */
#define KSHM_EXPLAIN_FD_ACCESS	38	/* descriptor without KSHM_REGION_* @needed (EACCES) */
#define KSHM_EXPLAIN_SEALS	39	/* a memfd of seals @used, without @needed (EINVAL) */
#define KSHM_EXPLAIN_SEALED	40	/* seals @used forbid to write, or a policy (EACCES) */
#define KSHM_EXPLAIN_EMPTY_FILE	41	/* a memfd of no bytes (EINVAL) */
#define KSHM_EXPLAIN_ALIGN	42	/* @used bytes are no multiple of @needed (EINVAL) */
#define KSHM_EXPLAIN_FILE_PART	43	/* @needed bytes from @used on are not there (ERANGE) */
#define KSHM_EXPLAIN_FILE_PAGES	44	/* no pages for @needed bytes of the file (ENOMEM) */
#define KSHM_EXPLAIN_HOLE	45	/* the file of @used lost its page at @needed (ESTALE) */
#define KSHM_EXPLAIN_NAME	46	/* there is no such name (ENOENT) */
#define KSHM_EXPLAIN_NAME_TAKEN	47	/* there is such a name (EEXIST) */
#define KSHM_EXPLAIN_BAD_NAME	48	/* character @needed at @used of a name (EINVAL) */
#define KSHM_EXPLAIN_NOT_SECTION 49	/* region @used is of no memfd (EINVAL) */
#define KSHM_EXPLAIN_MODE	50	/* bits @needed of mode @used, not of @limit (EINVAL) */
#define KSHM_EXPLAIN_GROUP	51	/* the caller is not in group @used (EPERM) */
#define KSHM_EXPLAIN_NAME_MODE	52	/* mode @used denies KSHM_REGION_* @needed (EACCES) */
#define KSHM_EXPLAIN_FD_RIGHTS	53	/* a descriptor without KSHM_REGION_READ (EINVAL) */
#define KSHM_EXPLAIN_NOT_OWNER	54	/* the name is another user's (EPERM) */
#define KSHM_EXPLAIN_LIMIT_NAMES 55	/* names of one user (ENOSPC) */
#define KSHM_EXPLAIN_LIMIT_REQUESTS 56	/* requests of one handle (ENOSPC) */
#define KSHM_EXPLAIN_REQUEST	57	/* no request of @used pends (ENOENT) */
#define KSHM_EXPLAIN_EVENTFD	58	/* descriptor @used is of no eventfd (EBADF) */
#define KSHM_EXPLAIN_RING	59	/* a ring's request that can pend (EOPNOTSUPP) */
#define KSHM_EXPLAIN_LEASE	60	/* somebody has a lease on the memfd (EBUSY) */

/* What is mapped at kshm_explain.addr. */
#define KSHM_MAPPING_UNKNOWN	0	/* not looked up */
#define KSHM_MAPPING_HOLE	1	/* nothing is mapped */
#define KSHM_MAPPING_ANON	2	/* anonymous memory */
#define KSHM_MAPPING_FILE	3	/* a file on disk */
#define KSHM_MAPPING_SHMEM	4	/* tmpfs, memfd, shared anonymous memory */
#define KSHM_MAPPING_HUGETLB	5	/* hugetlbfs */
#define KSHM_MAPPING_IO		6	/* device memory without struct pages */
#define KSHM_MAPPING_SECRETMEM	7	/* memfd_secret() */
#define KSHM_MAPPING_KERNEL	8	/* not an address of user space */

/* Protection of that mapping, in kshm_explain.prot. */
#define KSHM_PROT_READ		0x1
#define KSHM_PROT_WRITE		0x2

/**
 * struct kshm_explain - why a request failed
 * @size: set by the caller to sizeof(struct kshm_explain)
 * @check: which check failed, KSHM_EXPLAIN_*
 * @operand: which operand, KSHM_OPERAND_IN, _OUT or _DATA, or piece,
 *	KSHM_OPERAND_PIECE_READ or _WRITTEN plus its number; 0 for the struct
 *	itself, the request as a whole, or a range
 * @error: the errno, positive
 * @mapping: what is mapped at @addr, KSHM_MAPPING_*
 * @prot: how it is mapped, KSHM_PROT_* bits
 * @addr: first bad address, or the start of the operand
 * @needed: as @check says; for the limits, pages this request needs
 * @used: as @check says; for the limits, pages in use before it
 * @limit: as @check says; for the limits, pages allowed
 *
 * Owned by the caller. All members but @size are outputs. The module writes
 * at most @size bytes.
 */
struct kshm_explain {
	__u32 size;
	__u32 check;
	__u32 operand;
	__u32 error;
	__u32 mapping;
	__u32 prot;
	__aligned_u64 addr;
	__aligned_u64 needed;
	__aligned_u64 used;
	__aligned_u64 limit;
};

/* Rights on a region: what requests may do with it. */
#define KSHM_REGION_READ	0x1	/* in, and data to the driver */
#define KSHM_REGION_WRITE	0x2	/* out, and data from the driver */

/*
 * Flag of kshm_ioc_region_create: what becomes of the addresses is the caller's affair.
 * No right has its value.
 */
#define KSHM_REGION_UNWATCHED	0x100

/* Most ranges of one region. */
#define KSHM_REGION_MAX_RANGES	1024

/**
 * struct kshm_range - a part of the caller's memory
 * @addr: its first byte
 * @len: bytes; a range of none is skipped
 */
struct kshm_range {
	__aligned_u64 addr;
	__aligned_u64 len;
};

/**
 * struct kshm_ioc_region_create - KSHM_IOC_REGION_CREATE: pin memory once
 * @size: sizeof(struct kshm_ioc_region_create)
 * @rights: KSHM_REGION_* bits, at least one. Memory that the caller can only
 *	read makes a region with KSHM_REGION_READ alone.
 * @nr_ranges: ranges, at most KSHM_REGION_MAX_RANGES
 * @out_id: of the region, for this handle; never 0
 * @ranges: address of that many struct kshm_range
 * @explain: address of a struct kshm_explain, or 0
 * @out_len: bytes of the region
 * @flags: KSHM_REGION_UNWATCHED, or 0
 * @reserved: must be zero
 *
 * The ranges one after the other are the bytes of the region. They join at page
 * boundaries: all but the first begin at one, and all but the last end at one.
 * No bytes at all make an empty region.
 *
 * The pages stay pinned, and charged to the caller's RLIMIT_MEMLOCK, until the
 * region is destroyed, or the last process closes the handle; if others hold it, until
 * they let go, or it is revoked. What is charged is the pages of the ranges, also of
 * those that are parts of huge ones.
 *
 * They stay those pages: memory that is unmapped, or mapped anew, is another one from
 * then on. A request that uses a part of which that is true fails with ESTALE, and so
 * does every later one that names the region: only destroying it is left. What the
 * kernel does to memory by itself, fork() and mprotect() are no reason, nor is the end
 * of the process, or its exec(): from then on nobody watches. With
 * KSHM_REGION_UNWATCHED nobody ever does, and requests use the pages pinned.
 */
struct kshm_ioc_region_create {
	__u32 size;
	__u32 rights;
	__u32 nr_ranges;
	__u32 out_id;
	__aligned_u64 ranges;
	__aligned_u64 explain;
	__aligned_u64 out_len;
	__u32 flags;
	__u32 reserved;
};

/* State of a region, in kshm_ioc_region_query.out_state. */
#define KSHM_STATE_WATCHED	0x1	/* its creator's addresses are watched */
#define KSHM_STATE_SUSPECT	0x2	/* there were changes that its next uses will look at */
#define KSHM_STATE_STALE	0x4	/* a use found it stale */
#define KSHM_STATE_REVOKED	0x8	/* whoever created it wanted it back */
#define KSHM_STATE_SECTION	0x10	/* its pages are those of a memfd */

/**
 * struct kshm_ioc_region_query - KSHM_IOC_REGION_QUERY: what a region is
 * @size: sizeof(struct kshm_ioc_region_query)
 * @id: of the region
 * @explain: address of a struct kshm_explain, or 0
 * @out_rights: KSHM_REGION_* bits
 * @out_uses: requests that use it now
 * @out_len: bytes of the region
 * @out_pages: pages pinned and charged
 * @out_extents: contiguous parts that they make up
 * @out_holds: ids and other holds that it has, of all handles
 * @out_state: KSHM_STATE_* bits
 *
 * A revoked region has its bytes and pages until the last request that uses it is
 * over, and every driver that keeps some of them has let go, and none after that.
 */
struct kshm_ioc_region_query {
	__u32 size;
	__u32 id;
	__aligned_u64 explain;
	__u32 out_rights;
	__u32 out_uses;
	__aligned_u64 out_len;
	__aligned_u64 out_pages;
	__aligned_u64 out_extents;
	__u32 out_holds;
	__u32 out_state;
};

/* Flags of kshm_ioc_region_destroy. */
#define KSHM_REGION_WAIT	0x1	/* for requests that use it, instead of EBUSY */

/**
 * struct kshm_ioc_region_destroy - KSHM_IOC_REGION_DESTROY: unpin, forget
 * @size: sizeof(struct kshm_ioc_region_destroy)
 * @flags: KSHM_REGION_WAIT, or 0
 * @id: of the region; free from then on
 * @reserved: must be zero
 * @explain: address of a struct kshm_explain, or 0
 *
 * With KSHM_REGION_WAIT requests do not find the region any more, and those that
 * use it end, before its pages are unpinned and this returns. EINTR: the caller
 * is being killed while waiting; the region goes with the last request. What a driver
 * keeps of the region for longer than a request stays pinned, and charged, until it
 * lets go; the id does not wait for that.
 */
struct kshm_ioc_region_destroy {
	__u32 size;
	__u32 flags;
	__u32 id;
	__u32 reserved;
	__aligned_u64 explain;
};

/* Flags of kshm_ioc_region_revoke. */
#define KSHM_REGION_NO_WAIT	0x1	/* for who uses it: the last unpins */

/**
 * struct kshm_ioc_region_revoke - KSHM_IOC_REGION_REVOKE: unpin, whoever holds it
 * @size: sizeof(struct kshm_ioc_region_revoke)
 * @flags: KSHM_REGION_NO_WAIT, or 0
 * @id: of the region; it stays, until it is destroyed
 * @reserved: must be zero
 * @explain: address of a struct kshm_explain, or 0
 *
 * Only an id that KSHM_IOC_REGION_CREATE or KSHM_IOC_SECTION_ATTACH gave can do that;
 * others get EPERM.
 *
 * From then on requests that name the region get ESTALE, through whatever id. Those
 * that use it end, and drivers that keep something of it let go; then its pages are
 * unpinned, and nothing is charged for it any more, before this returns. EINTR: the
 * caller is being killed while waiting; the pages go with the last of those. A region
 * that was revoked can be revoked again, to wait.
 */
struct kshm_ioc_region_revoke {
	__u32 size;
	__u32 flags;
	__u32 id;
	__u32 reserved;
	__aligned_u64 explain;
};

/**
 * struct kshm_ioc_region_export - KSHM_IOC_REGION_EXPORT: a descriptor that holds it
 * @size: sizeof(struct kshm_ioc_region_export)
 * @flags: must be zero
 * @id: of the region
 * @rights: KSHM_REGION_* bits, at least one, all of them bits that the id has
 * @explain: address of a struct kshm_explain, or 0
 * @out_fd: the descriptor, with O_CLOEXEC
 * @reserved: must be zero
 *
 * It can be duplicated and sent to others like any, and imported with as many rights
 * or fewer. The region lasts as long as any id or such descriptor holds it, or a
 * driver keeps something of it; who created it is charged for that time.
 */
struct kshm_ioc_region_export {
	__u32 size;
	__u32 flags;
	__u32 id;
	__u32 rights;
	__aligned_u64 explain;
	__s32 out_fd;
	__u32 reserved;
};

/**
 * struct kshm_ioc_region_import - KSHM_IOC_REGION_IMPORT: an id for a descriptor
 * @size: sizeof(struct kshm_ioc_region_import)
 * @flags: must be zero
 * @fd: that KSHM_IOC_REGION_EXPORT gave, to whatever process; not needed after this
 * @rights: KSHM_REGION_* bits, at least one, all of them bits that it has
 * @out_id: of the region, for this handle; never 0. Another one each time.
 * @reserved: must be zero
 * @explain: address of a struct kshm_explain, or 0
 *
 * The handle may be of another device than the one that the region was created
 * through.
 */
struct kshm_ioc_region_import {
	__u32 size;
	__u32 flags;
	__s32 fd;
	__u32 rights;
	__u32 out_id;
	__u32 reserved;
	__aligned_u64 explain;
};

/**
 * struct kshm_region_key - a number that nobody guesses
 * @bytes: random ones
 */
struct kshm_region_key {
	__u8 bytes[16];
};

/* Flags of kshm_ioc_region_key. */
#define KSHM_KEY_ANY_UID	0x1	/* for other users, too */
#define KSHM_KEY_REMOVE		0x2	/* not another key, but none any more */

/**
 * struct kshm_ioc_region_key - KSHM_IOC_REGION_KEY: a key that opens a region
 * @size: sizeof(struct kshm_ioc_region_key)
 * @flags: KSHM_KEY_ANY_UID, KSHM_KEY_REMOVE, or 0
 * @id: of the region; an id can have one key
 * @rights: KSHM_REGION_* bits that the key gives, at least one, all of them bits that
 *	the id has; zero with KSHM_KEY_REMOVE
 * @explain: address of a struct kshm_explain, or 0
 * @out_key: the key; not with KSHM_KEY_REMOVE
 *
 * Whoever knows the key, and has the effective user id of who made it or
 * KSHM_KEY_ANY_UID was given, can open the region. The key ends when it is removed, or
 * with the id.
 */
struct kshm_ioc_region_key {
	__u32 size;
	__u32 flags;
	__u32 id;
	__u32 rights;
	__aligned_u64 explain;
	struct kshm_region_key out_key;
};

/**
 * struct kshm_ioc_region_open - KSHM_IOC_REGION_OPEN: an id for a key
 * @size: sizeof(struct kshm_ioc_region_open)
 * @flags: must be zero
 * @rights: KSHM_REGION_* bits, at least one, all of them bits that the key gives
 * @out_id: of the region, for this handle; never 0. Another one each time.
 * @key: that KSHM_IOC_REGION_KEY gave. One that is for another user gets what one
 *	gets that is none.
 * @explain: address of a struct kshm_explain, or 0
 * @reserved: must be zero
 *
 * The id is like one of an import.
 */
struct kshm_ioc_region_open {
	__u32 size;
	__u32 flags;
	__u32 rights;
	__u32 out_id;
	struct kshm_region_key key;
	__aligned_u64 explain;
	__aligned_u64 reserved;
};

/**
 * struct kshm_ioc_section_attach - KSHM_IOC_SECTION_ATTACH: pin pages of a memfd
 * @size: sizeof(struct kshm_ioc_section_attach)
 * @flags: must be zero
 * @fd: of the memfd, which has F_SEAL_SHRINK; not needed after this
 * @rights: KSHM_REGION_* bits, at least one. @fd has to be open for reading, and with
 *	KSHM_REGION_WRITE for writing, too; then the memfd may not have F_SEAL_WRITE
 *	or F_SEAL_FUTURE_WRITE.
 * @offset: in the file, of the first byte, a multiple of the page size
 * @len: bytes, a multiple of the page size; 0: all that the file has now from @offset on
 * @explain: address of a struct kshm_explain, or 0
 * @out_len: bytes of the region
 * @out_id: of the region, for this handle; never 0
 * @reserved: must be zero
 *
 * A section is a file of memory, of tmpfs or hugetlbfs, that can never become shorter.
 * Whoever has it maps it with mmap(); drivers see the same bytes through the region,
 * which is used, shared, revoked and destroyed as one of KSHM_IOC_REGION_CREATE.
 *
 * The pages are brought in, pinned, and charged as those of any region, those of
 * hugetlb one by one, and the file lasts as long as the region. As long as that is so
 * the kernel does not add F_SEAL_WRITE (EBUSY). What the file gets behind the end of
 * the region does not change that.
 *
 * A hole that is punched into the file takes pages out of it, and what comes in their
 * place is not the region's. A request that uses a part of which that is true fails
 * with ESTALE, and so does every later one that names the region.
 */
struct kshm_ioc_section_attach {
	__u32 size;
	__u32 flags;
	__s32 fd;
	__u32 rights;
	__aligned_u64 offset;
	__aligned_u64 len;
	__aligned_u64 explain;
	__aligned_u64 out_len;
	__u32 out_id;
	__u32 reserved;
};

/* Feature bits in kshm_ioc_info.out_features. */
#define KSHM_FEATURE_REGIONS	0x1
#define KSHM_FEATURE_REVOKE	0x2	/* KSHM_IOC_REGION_REVOKE */
#define KSHM_FEATURE_EXPORT	0x4	/* KSHM_IOC_REGION_EXPORT, _IMPORT */
#define KSHM_FEATURE_KEYS	0x8	/* KSHM_IOC_REGION_KEY, _OPEN */
#define KSHM_FEATURE_WATCH	0x10	/* regions know when they are stale */
#define KSHM_FEATURE_SECTIONS	0x20	/* KSHM_IOC_SECTION_ATTACH */
#define KSHM_FEATURE_NAMES	0x40	/* KSHM_IOC_NAME_PUBLISH, _OPEN, _REMOVE, _LIST */
#define KSHM_FEATURE_HANDLES	0x80	/* KSHM_IOC_HANDLE_LIST */
#define KSHM_FEATURE_SEQUENCES	0x100	/* KSHM_IOC_SECTION_SEQUENCE */
#define KSHM_FEATURE_SUBMIT	0x200	/* KSHM_REQUEST_SUBMIT, KSHM_IOC_CANCEL, _EVENTFD */
#define KSHM_FEATURE_RINGS	0x400	/* commands of io_uring */
#define KSHM_FEATURE_RINGS_PEND	0x800	/* also those that pend */

/**
 * struct kshm_ioc_info - KSHM_IOC_INFO: the module, its limits, this device
 * @size: sizeof(struct kshm_ioc_info)
 * @flags: must be zero
 * @out_abi_version: KSHM_ABI_VERSION of the module
 * @out_page_size: bytes in a page, the unit of the limits
 * @out_features: feature bits
 * @out_device: name of the device, NUL-terminated
 * @out_version: version of the module, NUL-terminated
 * @out_max_copied: most bytes in one copied operand
 * @out_max_request_pages: most pages pinned or copied by one request
 * @out_max_user_pages: most pages pinned or copied at a time for one user
 * @out_max_system_pages: the same for all users together
 * @out_user_pages: pages now pinned or copied for the calling user, an empty region counted as one
 * @out_system_pages: the same for all users together
 */
struct kshm_ioc_info {
	__u32 size;
	__u32 flags;
	__u32 out_abi_version;
	__u32 out_page_size;
	__aligned_u64 out_features;
	char out_device[KSHM_NAME_SIZE];
	char out_version[KSHM_NAME_SIZE];
	__aligned_u64 out_max_copied;
	__aligned_u64 out_max_request_pages;
	__aligned_u64 out_max_user_pages;
	__aligned_u64 out_max_system_pages;
	__aligned_u64 out_user_pages;
	__aligned_u64 out_system_pages;
};

#endif /* _UAPI_LINUX_KSHM_H */

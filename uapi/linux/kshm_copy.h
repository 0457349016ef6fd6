/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kshm - the control code of the device "copy"
 *
 * "copy" copied copies bytes from some parts of regions to others, which any processes
 * may have made and shared. in is a struct kshm_copy with as many struct kshm_operand
 * behind it as that says: first the pieces to read, then those to write. They are
 * taken one after the other as one run of bytes each, and both runs are equally long.
 * out gets the number of bytes copied, a __u64.
 *
 * A piece is a part of a region of the handle, of kind KSHM_OPERAND_REGION, or memory of
 * the caller, of kind KSHM_OPERAND_USER; its out_returned is not looked at. Memory of the
 * caller can be read or written by a copy, not both: for that there is memcpy(). A piece
 * of no bytes is as good as any, and so is a copy of none.
 *
 * All pieces are found, and their rights and bounds looked at, before the first byte is
 * copied. Regions that somebody revokes or destroys meanwhile are copied to the end.
 * What becomes of bytes that are read and written by one copy is not said: two pieces
 * may not overlap, also if they are of different regions of the same memory.
 *
 * Memory of the caller can turn out not to be there only while it is copied. If some was
 * copied by then the copy ends with status 0, less than all in out, the errno that ended
 * it as out_detail, and an explanation, as for a failure. Bytes that were to be written
 * behind those that were may have any value.
 *
 * Errors of the driver, beside those of regions that <linux/kshm.h> lists, whose
 * explanation names the piece
 *   EINVAL      a reserved member is not zero, in is not as long as it says, a piece is
 *               of another kind, or memory of the caller is both read and written
 *   EFAULT      memory of the caller is not mapped, not readable or not writable as
 *               needed, or does not belong to user space
 *   EOPNOTSUPP  a flag is set
 *   EMSGSIZE    what is to be read is not as long as what is to be written
 *   ENOMEM      the kernel is out of memory
 *   EINTR       the caller is being killed, or the device removed
 */
#ifndef _UAPI_LINUX_KSHM_COPY_H
#define _UAPI_LINUX_KSHM_COPY_H

#include <linux/kshm.h>

#define KSHM_COPY_TYPE		0x8e02

#define KSHM_COPY \
	KSHM_CODE(KSHM_COPY_TYPE, 0x800, KSHM_METHOD_BUFFERED, KSHM_ACCESS_ANY)

/* Most pieces of a copy, those to read and those to write together. */
#define KSHM_COPY_MAX_PIECES	2048

/**
 * struct kshm_copy - what is copied
 * @nr_from: pieces to read
 * @nr_to: pieces to write
 * @flags: must be zero
 * @reserved: must be zero
 *
 * Followed by the pieces.
 */
struct kshm_copy {
	__u32 nr_from;
	__u32 nr_to;
	__u32 flags;
	__u32 reserved;
};

#endif /* _UAPI_LINUX_KSHM_COPY_H */

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kshm - copies between regions of any processes and plain memory
 *
 * A part of <kshm.h>, which has what is said of all functions.
 */
#ifndef _KSHM_COPY_H
#define _KSHM_COPY_H

#include "kshm.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * kshm_copy() - copy from some pieces of memory to others
 * @handle: of the device "copy", which has the regions
 * @to: what is written: kshm_operand_region() and kshm_operand_user(). None is changed.
 * @nr_to: how many
 * @from: what is read, the same
 * @nr_from: how many
 * @copied: gets the bytes that were copied, whatever the outcome; or NULL
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * Each side is one run of bytes, piece after piece, and both are equally long. Regions
 * may be those of other processes, imported or opened. Plain memory, the caller's,
 * can be on one side only, and pieces that are written may not be read.
 *
 * All regions and rights are looked at before the first byte is copied. Plain memory
 * that is not there ends the copy where that is so: then @copied can be more than 0
 * with an error, and what was to be written behind that may have any value.
 *
 * Return: 0, or
 * -EMSGSIZE: the sides are not equally long, or more than KSHM_COPY_MAX_PIECES pieces;
 * -EFAULT: plain memory cannot be used as needed;
 * -ENOENT, -EACCES, -ERANGE or -ESTALE: a region is not there, has not the right to
 *	this, ends before, was revoked or is stale;
 * -EINVAL: both sides have plain memory, or an operand is none of the two kinds;
 * -ENOTTY: @handle is of another device;
 * -EINTR: the caller is being killed, or the device removed meanwhile;
 * -ENODEV: the device was removed;
 * -EDQUOT or -ENOMEM.
 * Since: 0.1
 */
int kshm_copy(const struct kshm_handle *handle,
	      const struct kshm_operand *to, size_t nr_to,
	      const struct kshm_operand *from, size_t nr_from,
	      __u64 *copied, struct kshm_explanation *explanation);

#ifdef __cplusplus
}
#endif

#endif /* _KSHM_COPY_H */

/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kshm - control codes of the device "digest"
 *
 * Each algorithm has four controls. "NAME" to-driver digests data in place,
 * segment by segment, so that its size is bounded by the limits on pages
 * alone; "NAME-mapped" to-driver digests data through one contiguous mapping;
 * "NAME" copied digests in; "NAME" raw digests in through the user buffer's
 * accessors. out gets the digest, in all of them, and is at least as long. The
 * to-driver controls report the bytes they digested as out_returned of data.
 * The handle must be open for reading. An algorithm that the kernel lacks is
 * EOPNOTSUPP.
 */
#ifndef _UAPI_LINUX_KSHM_DIGEST_H
#define _UAPI_LINUX_KSHM_DIGEST_H

#include <linux/kshm.h>

#define KSHM_DIGEST_TYPE	0x8e01

/* Algorithms. */
#define KSHM_DIGEST_SHA256	0
#define KSHM_DIGEST_SHA512	1
#define KSHM_DIGEST_SHA1	2
#define KSHM_DIGEST_MD5		3
#define KSHM_DIGEST_CRC32C	4
#define KSHM_DIGEST_BLAKE2B_512	5
#define KSHM_DIGEST_SHA3_256	6

#define KSHM_DIGEST_CODE(algorithm, method) \
	KSHM_CODE(KSHM_DIGEST_TYPE, 0x800 + (algorithm), method, KSHM_ACCESS_READ)

#define KSHM_DIGEST_TO_DRIVER(algorithm) \
	KSHM_DIGEST_CODE(algorithm, KSHM_METHOD_IN_DIRECT)
#define KSHM_DIGEST_COPIED(algorithm) \
	KSHM_DIGEST_CODE(algorithm, KSHM_METHOD_BUFFERED)
#define KSHM_DIGEST_RAW(algorithm) \
	KSHM_DIGEST_CODE(algorithm, KSHM_METHOD_NEITHER)
#define KSHM_DIGEST_MAPPED(algorithm) \
	KSHM_CODE(KSHM_DIGEST_TYPE, 0x900 + (algorithm), KSHM_METHOD_IN_DIRECT, \
		  KSHM_ACCESS_READ)

/* Their digests, in bytes. */
#define KSHM_DIGEST_SHA256_SIZE	32
#define KSHM_DIGEST_SHA512_SIZE	64
#define KSHM_DIGEST_SHA1_SIZE	20
#define KSHM_DIGEST_MD5_SIZE	16
#define KSHM_DIGEST_CRC32C_SIZE	4
#define KSHM_DIGEST_BLAKE2B_512_SIZE 64
#define KSHM_DIGEST_SHA3_256_SIZE 32
#define KSHM_DIGEST_MAX_SIZE	64

/* Longest message of the copied controls, in bytes. */
#define KSHM_DIGEST_MAX_COPIED	(64 * 1024 * 1024)

#endif /* _UAPI_LINUX_KSHM_DIGEST_H */

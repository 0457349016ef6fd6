/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kshm - control codes of the device "tally", for programs and for the driver
 */
#ifndef KSHM_TALLY_H
#define KSHM_TALLY_H

#include <linux/kshm.h>

/* 0x8000 to 0xffff are free to use; take one that no other driver here has. */
#define KSHM_TALLY_TYPE		0x8e40

/*
 * How often the byte of in occurs in data; out gets the count, a __u64. The
 * handle must be open for reading.
 */
#define KSHM_TALLY_COUNT \
	KSHM_CODE(KSHM_TALLY_TYPE, 0x800, KSHM_METHOD_IN_DIRECT, KSHM_ACCESS_READ)

#endif /* KSHM_TALLY_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - control codes of the devices "lesson0", "lesson1" and so on, the
 * driver of docs/driver-authors.md
 */
#ifndef LESSON_H
#define LESSON_H

#include <linux/kshm.h>

#define LESSON_TYPE	0x8efe

#define LESSON_CODE(function, method, access) \
	KSHM_CODE(LESSON_TYPE, function, KSHM_METHOD_##method, \
		  KSHM_ACCESS_##access)

/* data: struct lesson_numbers and that many __u32; out: their sum, __u64. */
#define LESSON_SUM	LESSON_CODE(0x800, IN_DIRECT, READ)

struct lesson_numbers {
	__u32 count;
	__u32 reserved;
};

/* in: a byte; out: where it is in data, __u64; ENOENT if nowhere. */
#define LESSON_FIND	LESSON_CODE(0x801, IN_DIRECT, READ)
/* Turns data round, last byte first. */
#define LESSON_REVERSE	LESSON_CODE(0x802, OUT_DIRECT, WRITE)
/* in: a byte, which data is filled with. */
#define LESSON_FILL	LESSON_CODE(0x803, OUT_DIRECT, WRITE)

/* in: an array of struct lesson_piece; out: their bytes, one after the other. */
#define LESSON_GATHER	LESSON_CODE(0x804, NEITHER, READ)

struct lesson_piece {
	__aligned_u64 addr;
	__u32 len;
	__u32 reserved;
};

#define LESSON_PIECE_MAX	4096

/* out: which call of this handle this is, __u64, from 1. */
#define LESSON_NEXT	LESSON_CODE(0x805, BUFFERED, ANY)

/* out: a text. */
#define LESSON_MOTTO	LESSON_CODE(0x806, BUFFERED, ANY)
/* out: as much of it as fits; detail: LESSON_MORE if there is more. */
#define LESSON_BEGINNING LESSON_CODE(0x807, BUFFERED, ANY)
#define LESSON_MORE	1

/* in: two numbers, of the program's long; out: their distance, __u64. */
#define LESSON_DISTANCE	LESSON_CODE(0x808, BUFFERED, ANY)

/* Waits for LESSON_POST. */
#define LESSON_WAIT	LESSON_CODE(0x809, BUFFERED, READ)
/* Lets all go that wait on this device. */
#define LESSON_POST	LESSON_CODE(0x80a, BUFFERED, WRITE)
/* out: how many wait, __u64. */
#define LESSON_WAITING	LESSON_CODE(0x80b, BUFFERED, ANY)

/* data: text that somebody else writes. */
#define LESSON_SIGN	LESSON_CODE(0x80c, OUT_DIRECT, WRITE)

/* Starts to count ticks, every 10 ms as long as the handle is there. */
#define LESSON_START	LESSON_CODE(0x80d, BUFFERED, WRITE)
/* out: how many ticks all handles of the device counted so far, __u64. */
#define LESSON_TICKS	LESSON_CODE(0x80e, BUFFERED, ANY)

/* out: what the next LESSON_TELL has in in, __u64; pends until then. */
#define LESSON_ASK	LESSON_CODE(0x80f, BUFFERED, READ)
#define LESSON_TELL	LESSON_CODE(0x810, BUFFERED, WRITE)

#endif /* LESSON_H */

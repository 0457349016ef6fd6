/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - a region to copy from, and one to copy to
 *
 * What WITH_SET_UP() of harness.h sets up for each test of a program.
 */
#ifndef COPY_PAIR_H
#define COPY_PAIR_H

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "copy_calls.h"
#include "device.h"
#include "harness.h"
#include "pattern.h"
#include "region_calls.h"

#define SEED	7

static struct buffer a, b;
static int fd;		/* a handle of the device */
static __u32 from, to;	/* regions of all of a, and of all of b */

static void set_up(void)
{
	a = buffer_make(BUFFER_ANON, 4 * page_size());
	b = buffer_make(BUFFER_SHARED, 4 * page_size());
	fd = device_open("copy", O_RDWR);
	fill_pattern(a.data, a.len, SEED);
	from = region_make(fd, a.data, a.len, KSHM_REGION_READ);
	to = region_make(fd, b.data, b.len, READ_WRITE);
}

static void tear_down(void)
{
	/* Nothing uses them any more. */
	region_destroy(fd, from);
	region_destroy(fd, to);
	close(fd);
	buffer_free(&a);
	buffer_free(&b);
}

static inline void set_piece(struct kshm_operand reads, struct kshm_operand writes)
{
	copy_set(&reads, 1, &writes, 1);
}

/* One piece to one. */
static inline void copies_piece(struct kshm_operand reads, struct kshm_operand writes)
{
	set_piece(reads, writes);
	copy_works(fd, reads.len);
}

/* Refuses it, and leaves what was to be written. */
static inline struct kshm_explain
refuses_piece(struct kshm_operand reads, struct kshm_operand writes, int error,
	      __u32 check, __u32 operand)
{
	struct kshm_explain why;

	memset(b.data, 0xee, b.len);
	set_piece(reads, writes);
	why = copy_refused(fd, error, check, operand);
	assert_true(b.data[0] == 0xee && !memcmp(b.data, b.data + 1, b.len - 1));
	return why;
}

/* These bytes, and no others. */
static inline void wrote(size_t at, size_t source, size_t len)
{
	size_t i;

	for (i = 0; i < at; i++)
		assert_int_equal(b.data[i], 0xee);
	assert_memory_equal(b.data + at, a.data + source, len);
	for (i = at + len; i < b.len; i++)
		assert_int_equal(b.data[i], 0xee);
}

#endif /* COPY_PAIR_H */

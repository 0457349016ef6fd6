/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - a region of one handle, and another handle that it can be passed on to
 *
 * What WITH_SET_UP() of harness.h sets up for each test of a program.
 */
#ifndef REGION_PAIR_H
#define REGION_PAIR_H

#include <fcntl.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "region_calls.h"

static struct buffer b;
static int fd, other;	/* two handles of the device */
static __u32 id;	/* of the first, all of b */

static void set_up(void)
{
	b = buffer_make(BUFFER_SHARED, 3 * page_size());
	fd = device_open("test", O_RDWR);
	other = device_open("test", O_RDWR);
	id = region_make(fd, b.data, b.len, READ_WRITE);
}

static void tear_down(void)
{
	close(other);
	close(fd);
	buffer_free(&b);
}

#endif /* REGION_PAIR_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - a section of one handle, and another handle that finds it by name
 *
 * What WITH_SET_UP() of harness.h sets up for each test of a program.
 */
#ifndef NAME_PAIR_H
#define NAME_PAIR_H

#include <fcntl.h>
#include <unistd.h>

#include "device.h"
#include "name_calls.h"
#include "section_calls.h"

#define NAME	"test.name"

static struct section s;
static int other;	/* another handle than s.fd */

static void set_up(void)
{
	s = section_make(0, 3);
	other = device_open("test", O_RDWR);
	/* Of a test that failed. */
	name_remove_all(other);
}

static void tear_down(void)
{
	name_remove_all(other);
	close(other);
	section_free(&s);
}

/* There is none, down to the last byte that is told. */
static inline void no_name(void)
{
	struct kshm_explain why, nothing = {
		.size = sizeof(nothing), .check = KSHM_EXPLAIN_NAME, .error = ENOENT,
	};
	struct kshm_ioc_name_open arg;

	assert_int_equal(name_open_try(other, NAME, KSHM_REGION_READ, 0, &arg, &why),
			 -ENOENT);
	assert_memory_equal(&why, &nothing, sizeof(why));
	assert_int_equal(name_remove_try(other, NAME, &why), -ENOENT);
	assert_memory_equal(&why, &nothing, sizeof(why));
}

#endif /* NAME_PAIR_H */

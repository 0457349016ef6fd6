/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - spans of bytes around a border between two pages
 */
#ifndef SPANS_H
#define SPANS_H

#include <stddef.h>
#include <linux/types.h>

#define SPANS_AROUND	64	/* bytes before the border, and behind it, that spans begin at */
#define SPANS_LONGEST	130
#define SPANS_GUARD	0xee	/* what is around them */

/* Guards what is around @border; and asserts that no bytes but those have changed. */
void spans_guard(unsigned char *border);
void spans_guarded(const unsigned char *border, long offset, size_t len);

/*
 * Uses each span: from every offset around @border, or one of @every, and of every length;
 * on kernels where a call takes long, of fewer. The way in which the driver is to reach the
 * bytes, one of KSHM_TEST_BY_*, goes round, so that neighbours are reached in all ways. No
 * bytes around it may change.
 */
void spans_use(unsigned char *border, long every,
	       void (*use)(unsigned char *data, size_t len, __u32 access));

#endif /* SPANS_H */

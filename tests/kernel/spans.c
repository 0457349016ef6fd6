// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - spans of bytes around a border between two pages
 */
#include <string.h>

#include "harness.h"
#include "kshm_test.h"
#include "spans.h"

#define MOST	(4 * SPANS_AROUND)	/* farther from the border nothing is looked at */

static const __u32 accesses[] = {
	KSHM_TEST_BY_MAP, KSHM_TEST_BY_SEGMENTS, KSHM_TEST_BY_COPY,
};

void spans_guard(unsigned char *border)
{
	memset(border - MOST, SPANS_GUARD, 2 * MOST);
}

void spans_guarded(const unsigned char *border, long offset, size_t len)
{
	const unsigned char *p;

	for (p = border - MOST; p < border + MOST; p++)
		if (p < border + offset || p >= border + offset + len)
			if (*p != SPANS_GUARD)
				fail_msg("offset %ld, length %zu: byte %ld changed",
					 offset, len, (long)(p - border));
}

void spans_use(unsigned char *border, long every,
	       void (*use)(unsigned char *data, size_t len, __u32 access))
{
	/* Primes, that no length goes with the same offsets, or way, alone. */
	const long offset_step = harness_brief() ? 7 : every;
	const size_t length_step = harness_brief() ? 11 : 1;
	unsigned int turn = 0;
	size_t len;
	long offset;

	for (offset = -SPANS_AROUND; offset <= SPANS_AROUND; offset += offset_step) {
		for (len = 0; len <= SPANS_LONGEST; len += length_step) {
			harness_case();
			spans_guard(border);
			use(border + offset, len, accesses[turn++ % ARRAY_SIZE(accesses)]);
			spans_guarded(border, offset, len);
		}
	}
}

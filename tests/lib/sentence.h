/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what every sentence of the library's has to be
 */
#ifndef SENTENCE_H
#define SENTENCE_H

#include <string.h>

#include "harness.h"

/* From a capital or a number to a full stop, with a remedy and without a gap. */
static inline void assert_is_sentence(const char *text)
{
	size_t length = strlen(text);

	assert_true(length > 20 && length < 512);
	assert_false(text[0] >= 'a' && text[0] <= 'z');
	assert_int_equal(text[length - 1], '.');
	assert_null(strstr(text, "  "));
	assert_null(strchr(text, '\n'));
	assert_null(strstr(text, "(null)"));
}

#endif /* SENTENCE_H */

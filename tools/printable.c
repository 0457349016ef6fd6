// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - text of others, so that it can be printed
 *
 * Words of the command line and names of files hold any bytes. Shown as they
 * are they could move the cursor of a terminal, and make JSON that is none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "kshmctl.h"

/* Bytes of the character at @text, or 0 if it is none that can be printed. */
static size_t length_of(const char *text, size_t left)
{
	mbstate_t state = { };
	wchar_t wide;
	size_t len = mbrtowc(&wide, text, left, &state);

	/* Also true of its two errors, which are huge. */
	if (len > left || !iswprint(wide))
		return 0;
	return len;
}

/* A copy, the caller's to free, with \xNN for each byte of anything else. */
char *printable(const char *text)
{
	size_t left = strlen(text), len;
	char *copy = malloc(4 * left + 1), *to = copy;

	if (!copy)
		out_of_memory();
	for (; left; text += len, left -= len) {
		len = length_of(text, left);
		if (len)
			to = mempcpy(to, text, len);
		else
			to += sprintf(to, "\\x%02x", (unsigned char)text[0]);
		len = len ?: 1;
	}
	*to = '\0';
	return copy;
}

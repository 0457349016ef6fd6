/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshmctl - bytes as people and programs want to see them
 */
#ifndef BYTES_H
#define BYTES_H

#include <stddef.h>

#include "output.h"

enum bytes_form {
	BYTES_DUMP,	/* offsets, digits, characters; short ones as BYTES_HEX */
	BYTES_HEX,	/* digits on one line */
	BYTES_RAW,
	BYTES_TEXT,	/* up to a NUL; '.' for what cannot be printed */
};

/* Prints nothing at all for no bytes; a dump counts from @offset on. */
void bytes_print(const void *bytes, size_t len, enum bytes_form form,
		 unsigned long long offset);

/* The same as one line, also of no bytes; BYTES_RAW is as ever, and a dump is digits. */
void bytes_print_line(const void *bytes, size_t len, enum bytes_form form);

/* A cell with the digits. */
void bytes_cell(struct output *out, const void *bytes, size_t len);

#endif /* BYTES_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshmctl - tables and JSON of one description of columns
 *
 * JSON is an object with one member, named like the table: an array with an
 * object for each row, whose keys are the columns' names in lower case. Empty
 * text is null there. docs/kshmctl.schema.json describes all of it.
 *
 * On a terminal no line is cut: text that is too long wraps inside its column.
 * Elsewhere each row is one line, however long.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

enum output_type {
	OUTPUT_TEXT,
	OUTPUT_NAME,		/* may be long: wraps where the terminal is narrow */
	OUTPUT_SENTENCE,	/* wraps between words; the last of the table */
	OUTPUT_NUMBER,		/* right-aligned; a number in JSON */
	OUTPUT_BOOLEAN,		/* "0" or "1"; true or false in JSON */
};

/* Where a column is: everywhere, or in one of the two forms. */
enum output_where {
	OUTPUT_ALWAYS,
	OUTPUT_TABLE_ONLY,
	OUTPUT_JSON_ONLY,
};

struct output_column {
	const char *name;	/* upper case; NULL ends the list */
	enum output_type type;
	enum output_where where;
};

struct output;

/*
 * What most programs read of JSON as a number they keep as a double, which holds
 * every integer up to here.
 */
#define OUTPUT_NUMBER_MAX	((1ULL << 53) - 1)

struct output *output_begin(const char *name,
			    const struct output_column *columns);

/* The next cell; each column gets one, whether it is shown or not. */
__attribute__((format(printf, 2, 3)))
void output_cell(struct output *out, const char *format, ...);

/* A cell of text, or of nothing if that is empty. */
void output_text(struct output *out, const char *text);

/* A cell of nothing: a dash, so that others stay where they are, or null. */
void output_nothing(struct output *out);

/* A number; null in JSON if it is above OUTPUT_NUMBER_MAX. */
void output_number(struct output *out, unsigned long long number);

/* Print and free: rows below headings, or one row with its names beside it. */
void output_end(struct output *out);
void output_end_record(struct output *out);

/* Bytes as people write them: exact, with K, M or G where that is. */
const char *output_bytes(unsigned long long bytes, char *text, size_t size);

#endif /* OUTPUT_H */

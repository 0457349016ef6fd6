// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - tables and JSON of one description of columns, by libsmartcols
 */
#include <err.h>
#include <errno.h>
#include <libsmartcols.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fold.h"
#include "kshmctl.h"
#include "output.h"

/**
 * struct output - a table being filled
 * @name: of the table, in JSON
 * @columns: their description
 * @nr_columns: how many
 * @cells: text of all cells, row after row; owned
 * @nr_cells: how many; a row is full when it has @nr_columns
 */
struct output {
	const char *name;
	const struct output_column *columns;
	size_t nr_columns;
	char **cells;
	size_t nr_cells;
};

/* Narrower a column of sentences does not get, whatever the terminal. */
#define LEAST_SENTENCE	24

static void *checked(void *pointer)
{
	if (!pointer)
		out_of_memory();
	return pointer;
}

struct output *output_begin(const char *name,
			    const struct output_column *columns)
{
	struct output *out = checked(calloc(1, sizeof(*out)));

	out->name = name;
	out->columns = columns;
	while (columns[out->nr_columns].name)
		out->nr_columns++;
	return out;
}

static void add_cell(struct output *out, char *text)
{
	size_t size = (out->nr_cells + 1) * sizeof(*out->cells);

	out->cells = checked(realloc(out->cells, size));
	out->cells[out->nr_cells++] = text;
}

void output_cell(struct output *out, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		out_of_memory();
	va_end(args);
	add_cell(out, printable(text));
	free(text);
}

void output_nothing(struct output *out)
{
	if (json)
		add_cell(out, NULL);
	else
		output_cell(out, "-");
}

void output_number(struct output *out, unsigned long long number)
{
	if (json && number > OUTPUT_NUMBER_MAX)
		output_nothing(out);
	else
		output_cell(out, "%llu", number);
}

void output_text(struct output *out, const char *text)
{
	if (text[0])
		output_cell(out, "%s", text);
	else
		output_nothing(out);
}

static bool shown(const struct output_column *column)
{
	return column->where == OUTPUT_ALWAYS ||
	       column->where == (json ? OUTPUT_JSON_ONLY : OUTPUT_TABLE_ONLY);
}

static void check(int result)
{
	if (result == -ENOMEM)
		out_of_memory();
	if (result < 0)
		errx(STATUS_FAILED, "cannot make a table (%s): use the libsmartcols that kshmctl was built for",
		     strerror(-result));
}

static void add_column(struct libscols_table *table,
		       const struct output_column *column)
{
	static const struct {
		int json;
		int flags;
	} types[] = {
		[OUTPUT_TEXT] = { SCOLS_JSON_STRING, 0 },
		[OUTPUT_NAME] = { SCOLS_JSON_STRING, SCOLS_FL_WRAP },
		[OUTPUT_SENTENCE] = { SCOLS_JSON_STRING, SCOLS_FL_WRAP },
		[OUTPUT_NUMBER] = { SCOLS_JSON_NUMBER, SCOLS_FL_RIGHT },
		[OUTPUT_BOOLEAN] = { SCOLS_JSON_BOOLEAN, 0 },
	};
	struct libscols_column *col =
		checked(scols_table_new_column(table, column->name, 0,
					       types[column->type].flags));

	check(scols_column_set_json_type(col, types[column->type].json));
	/* Lines of its own, which fold() makes. */
	if (column->type != OUTPUT_SENTENCE)
		return;
	check(scols_column_set_wrapfunc(col, scols_wrapnl_chunksize,
					scols_wrapnl_nextchunk, NULL));
	check(scols_column_set_safechars(col, "\n"));
}

static struct libscols_table *new_table(const struct output *out)
{
	struct libscols_table *table = checked(scols_new_table());

	check(scols_table_enable_json(table, json));
	check(scols_table_set_name(table, out->name));
	return table;
}

static void print_and_free(struct output *out, struct libscols_table *table)
{
	size_t i;

	check(scols_print_table(table));
	scols_unref_table(table);
	for (i = 0; i < out->nr_cells; i++)
		free(out->cells[i]);
	free(out->cells);
	free(out);
}

static void fill_rows(const struct output *out, struct libscols_table *table)
{
	size_t row, i, at;
	struct libscols_line *line;

	for (row = 0; row < out->nr_cells; row += out->nr_columns) {
		line = checked(scols_table_new_line(table, NULL));
		for (i = 0, at = 0; i < out->nr_columns; i++)
			if (shown(&out->columns[i]))
				check(scols_line_set_data(line, at++,
							  out->cells[row + i]));
	}
}

/* The widest of a column, its heading included. */
static size_t width_of(const struct output *out, size_t column)
{
	size_t width = strlen(out->columns[column].name), i, len;

	for (i = column; i < out->nr_cells; i += out->nr_columns) {
		len = out->cells[i] ? strlen(out->cells[i]) : 0;
		width = len > width ? len : width;
	}
	return width;
}

/* The last column, if it has sentences, in what the others leave of a terminal. */
static void fold_sentences(struct output *out, struct libscols_table *table)
{
	size_t last = out->nr_columns, left = scols_table_get_termwidth(table);
	size_t i, width;

	while (last && !shown(&out->columns[last - 1]))
		last--;
	if (json || !isatty(STDOUT_FILENO) || !last ||
	    out->columns[--last].type != OUTPUT_SENTENCE)
		return;
	for (i = 0; i < last; i++) {
		width = shown(&out->columns[i]) ? width_of(out, i) + 1 : 0;
		left = left > width + LEAST_SENTENCE ? left - width :
						       LEAST_SENTENCE;
	}
	for (i = last; i < out->nr_cells; i += out->nr_columns)
		if (out->cells[i])
			fold(out->cells[i], left);
}

void output_end(struct output *out)
{
	struct libscols_table *table = new_table(out);
	size_t i;

	fold_sentences(out, table);
	for (i = 0; i < out->nr_columns; i++)
		if (shown(&out->columns[i]))
			add_column(table, &out->columns[i]);
	fill_rows(out, table);
	print_and_free(out, table);
}

void output_end_record(struct output *out)
{
	static const struct output_column pair[] = {
		{ "NAME", OUTPUT_TEXT }, { "VALUE", OUTPUT_NAME },
	};
	struct libscols_table *table;
	struct libscols_line *line;
	size_t i;

	if (json) {
		output_end(out);
		return;
	}
	table = new_table(out);
	check(scols_table_enable_noheadings(table, 1));
	add_column(table, &pair[0]);
	add_column(table, &pair[1]);
	for (i = 0; i < out->nr_columns; i++) {
		if (!shown(&out->columns[i]))
			continue;
		line = checked(scols_table_new_line(table, NULL));
		check(scols_line_set_data(line, 0, out->columns[i].name));
		check(scols_line_set_data(line, 1, out->cells[i]));
	}
	print_and_free(out, table);
}

const char *output_bytes(unsigned long long bytes, char *text, size_t size)
{
	static const char units[] = { 'K', 'M', 'G' };
	int unit = -1;

	while (bytes && !(bytes % 1024) && unit < 2) {
		bytes /= 1024;
		unit++;
	}
	if (unit < 0)
		snprintf(text, size, "%llu", bytes);
	else
		snprintf(text, size, "%llu%c", bytes, units[unit]);
	return text;
}

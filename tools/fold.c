// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - sentences in lines that fit a terminal
 *
 * A terminal would break them anywhere. Elsewhere a sentence is one line, for
 * programs to read.
 */
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fold.h"
#include "kshmctl.h"

void fold(char *text, size_t width)
{
	char *line = text, *blank;

	while (strlen(line) > width) {
		blank = memrchr(line, ' ', width + 1) ?: strchr(line, ' ');
		if (!blank)
			return;
		*blank = '\n';
		line = blank + 1;
	}
}

/* As that of the tables, or 0 if it cannot be told. */
static size_t terminal_width(void)
{
	struct libscols_table *table = scols_new_table();
	size_t width = table ? scols_table_get_termwidth(table) : 0;

	scols_unref_table(table);
	return width;
}

void print_folded(FILE *to, const char *text)
{
	size_t width = isatty(fileno(to)) ? terminal_width() : 0;
	char *lines = strdup(text);

	if (!lines)
		out_of_memory();
	if (width)
		fold(lines, width);
	fprintf(to, "%s\n", lines);
	free(lines);
}

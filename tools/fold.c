// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - sentences in lines that fit a terminal
 *
 * A terminal would break them anywhere. Elsewhere a sentence is one line, for
 * programs to read.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

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

/* Columns of the terminal that goes to, or 0 if it is none or does not know. */
static size_t width_of(FILE *to)
{
	struct winsize size;

	return ioctl(fileno(to), TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

void print_folded(FILE *to, const char *text)
{
	size_t width = width_of(to);
	char *lines = strdup(text);

	if (!lines)
		out_of_memory();
	if (width)
		fold(lines, width);
	fprintf(to, "%s\n", lines);
	free(lines);
}

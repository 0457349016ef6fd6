// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - complaints, and the exit statuses that belong to them
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "kshmctl.h"
#include "output.h"

int status_of(int error)
{
	switch (error < 0 ? -error : error) {
	case 0:
		return STATUS_OK;
	case ENODEV:
	case ENOENT:
		return STATUS_ABSENT;
	case EACCES:
	case EPERM:
		return STATUS_PERMISSION;
	case ETIMEDOUT:
	case ECANCELED:
	case EINTR:
		return STATUS_CANCELLED;
	default:
		return STATUS_FAILED;
	}
}

static const struct output_column error_columns[] = {
	{ "ERRNO", OUTPUT_TEXT },
	{ "STATUS", OUTPUT_NUMBER },
	{ "MESSAGE", OUTPUT_TEXT },
	{ }
};

void out_of_memory(void)
{
	fprintf(stderr, "kshmctl: out of memory: free some, or ask for less at a time\n");
	exit(STATUS_FAILED);
}

static int complain_of(int status, int error, const char *format,
		       va_list args)
{
	const char *name = strerrorname_np(error < 0 ? -error : error);
	struct output *out;
	char text[1024], *shown, *line;

	vsnprintf(text, sizeof(text), format, args);
	if (!json) {
		shown = printable(text);
		if (asprintf(&line, "kshmctl: %s", shown) < 0)
			out_of_memory();
		print_folded(stderr, line);
		free(line);
		free(shown);
		return status;
	}
	out = output_begin("error", error_columns);
	output_cell(out, "%s", name ?: "");
	output_cell(out, "%d", status);
	output_cell(out, "%s", text);
	output_end_record(out);
	return status;
}

int complain(int error, const char *format, ...)
{
	va_list args;
	int status;

	va_start(args, format);
	status = complain_of(status_of(error), error, format, args);
	va_end(args);
	return status;
}

int complain_as(int status, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain_of(status, error, format, args);
	va_end(args);
	return status;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - section read, section write
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "kshmctl.h"
#include "output.h"
#include "section.h"
#include "source.h"

enum { KEY_FROM = 'f', KEY_HEX = 0x100, KEY_RAW, KEY_TEXT };

static const struct argp_option read_options[] = {
	{ "hex", KEY_HEX, NULL, 0, "print hexadecimal digits", 0 },
	{ "raw", KEY_RAW, NULL, 0, "print the bytes as they are (default unless to a terminal)", 0 },
	{ "text", KEY_TEXT, NULL, 0, "print text", 0 },
	{ }
};

struct form {
	enum bytes_form form;
	bool given;
};

static void read_option(int key, const char *value, struct argp_state *state, void *data)
{
	struct form *form = data;

	if (form->given)
		usage_error(state, "only one of these can be given: --hex, --raw, --text");
	form->given = true;
	form->form = key == KEY_HEX ? BYTES_HEX : key == KEY_RAW ? BYTES_RAW : BYTES_TEXT;
}

/* Of what was read, or written. */
static const struct output_column read_columns[] = {
	{ "NAME", OUTPUT_NAME },
	{ "OFFSET", OUTPUT_NUMBER },
	{ "LENGTH", OUTPUT_NUMBER },
	{ "BYTES", OUTPUT_TEXT },
	{ }
};

static const struct output_column written_columns[] = {
	{ "NAME", OUTPUT_NAME },
	{ "OFFSET", OUTPUT_NUMBER },
	{ "LENGTH", OUTPUT_NUMBER },
	{ }
};

static struct output *begin(const char *what, const struct output_column *columns,
			    const struct section *section, unsigned long long offset,
			    unsigned long long len)
{
	struct output *out = output_begin(what, columns);

	output_cell(out, "%s", section->name);
	output_number(out, offset);
	output_number(out, len);
	return out;
}

static int print(struct section *section, const struct span *span, enum bytes_form form)
{
	const unsigned char *bytes = section_map(section, false);
	struct output *out;

	if (!bytes)
		return STATUS_FAILED;
	bytes += span->offset;
	if (json) {
		out = begin("read", read_columns, section, span->offset, span->len);
		bytes_cell(out, bytes, span->len);
		output_end(out);
	} else {
		bytes_print(bytes, span->len, form, span->offset);
	}
	return STATUS_OK;
}

int section_read(const struct command *command, int argc, char **argv)
{
	struct form form = { .form = isatty(STDOUT_FILENO) ? BYTES_DUMP : BYTES_RAW };
	const char *names[3];
	const struct arguments arguments = {
		.least = 1, .most = 3, .arguments = names,
		.options = read_options, .option = read_option, .data = &form,
	};
	struct section section;
	struct span span;
	int ret;

	parse_arguments(command, argc, argv, &arguments);
	ret = section_open(&section, names[0], KSHM_REGION_READ);
	if (ret)
		return ret;
	ret = section_span(names[0], section.info.len, names[1], names[2], &span);
	if (!ret)
		ret = print(&section, &span, form.form);
	section_close(&section);
	return ret;
}

static const struct argp_option write_options[] = {
	{ "from", KEY_FROM, "SRC", 0, "what is written: a file; - for standard input (default); text:STRING; hex:DIGITS; or u32:NUMBER,... and its like", 0 },
	{ }
};

static void write_option(int key, const char *value, struct argp_state *state, void *data)
{
	const char **from = data;

	*from = value;
}

/* All of it or nothing. */
static int copy(struct section *section, const struct span *room,
		const struct source *source)
{
	unsigned char *bytes;

	if (source->len > room->len)
		return complain_as(STATUS_FAILED, ERANGE,
				   "there is more to write than the %llu bytes that section \"%s\" has from offset %llu on: nothing was written",
				   room->len, section->name, room->offset);
	bytes = section_map(section, true);
	if (!bytes)
		return STATUS_FAILED;
	if (source->len)
		memcpy(bytes + room->offset, source->data, source->len);
	if (json)
		output_end(begin("written", written_columns, section, room->offset,
				 source->len));
	return STATUS_OK;
}

/* The input is read to its end before the first byte is written. */
static int write_all(struct section *section, const char *offset, const char *from)
{
	struct source source;
	struct span room;
	int ret;

	ret = section_span(section->name, section->info.len, offset, NULL, &room);
	if (ret)
		return ret;
	ret = source_read(&source, from, room.len);
	if (!ret)
		ret = copy(section, &room, &source);
	source_close(&source);
	return ret;
}

int section_write(const struct command *command, int argc, char **argv)
{
	const char *names[2], *from = "-";
	const struct arguments arguments = {
		.least = 1, .most = 2, .arguments = names,
		.options = write_options, .option = write_option, .data = &from,
	};
	struct section section;
	int ret;

	parse_arguments(command, argc, argv, &arguments);
	ret = source_check(from);
	if (!ret)
		ret = section_open(&section, names[0], SECTION_READ_WRITE);
	if (ret)
		return ret;
	ret = write_all(&section, names[1], from);
	section_close(&section);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - bytes as people and programs want to see them
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "kshmctl.h"

/* What fits a line of digits: the longest digest that there is. */
#define SHORT		64
#define PER_LINE	16

static void print_hex(const unsigned char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		printf("%02x", bytes[i]);
	putchar('\n');
}

static int visible(unsigned char byte)
{
	return byte >= ' ' && byte <= '~' ? byte : '.';
}

static void print_line(const unsigned char *bytes, size_t len,
		       unsigned long long offset)
{
	size_t i;

	printf("%08llx ", offset);
	for (i = 0; i < PER_LINE; i++)
		if (i < len)
			printf(" %02x", bytes[i]);
		else
			printf("   ");
	printf("  ");
	for (i = 0; i < len; i++)
		putchar(visible(bytes[i]));
	putchar('\n');
}

static void print_dump(const unsigned char *bytes, size_t len, unsigned long long offset)
{
	size_t at;

	if (len <= SHORT) {
		print_hex(bytes, len);
		return;
	}
	for (at = 0; at < len; at += PER_LINE)
		print_line(bytes + at, len - at < PER_LINE ? len - at : PER_LINE,
			   offset + at);
}

/* Of what cannot be seen @kept is printed as it is. */
static void print_text(const unsigned char *bytes, size_t len, const char *kept)
{
	size_t i;

	for (i = 0; i < len && bytes[i]; i++)
		putchar(strchr(kept, bytes[i]) ? bytes[i] : visible(bytes[i]));
	putchar('\n');
}

void bytes_print(const void *bytes, size_t len, enum bytes_form form,
		 unsigned long long offset)
{
	if (!len)
		return;
	switch (form) {
	case BYTES_DUMP:
		print_dump(bytes, len, offset);
		break;
	case BYTES_HEX:
		print_hex(bytes, len);
		break;
	case BYTES_RAW:
		fwrite(bytes, 1, len, stdout);
		break;
	case BYTES_TEXT:
		print_text(bytes, len, "\t\n\v\f\r");
		break;
	}
	if (fflush(stdout) || ferror(stdout))
		standard_output_failed(errno);
}

void bytes_print_line(const void *bytes, size_t len, enum bytes_form form)
{
	if (form == BYTES_RAW)
		bytes_print(bytes, len, form, 0);
	else if (form == BYTES_TEXT)
		print_text(bytes, len, "\t");
	else
		print_hex(bytes, len);
}

void bytes_cell(struct output *out, const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;
	char *digits = malloc(2 * len + 1);
	size_t i;

	if (!digits)
		out_of_memory();
	digits[0] = '\0';
	for (i = 0; i < len; i++)
		sprintf(digits + 2 * i, "%02x", byte[i]);
	output_cell(out, "%s", digits);
	free(digits);
}

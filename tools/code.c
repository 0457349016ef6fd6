// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - code encode, code decode
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kshmctl.h"
#include "output.h"

static const struct output_column code_columns[] = {
	{ "CODE", OUTPUT_TEXT },
	{ "TYPE", OUTPUT_TEXT },
	{ "FUNCTION", OUTPUT_TEXT },
	{ "ACCESS", OUTPUT_TEXT },
	{ "METHOD", OUTPUT_TEXT },
	{ "WINDOWS_METHOD", OUTPUT_TEXT },
	{ }
};

static void add_code(struct output *out, __u32 code)
{
	output_cell(out, "0x%08x", code);
	output_cell(out, "0x%x", KSHM_CODE_TYPE(code));
	output_cell(out, "0x%x", KSHM_CODE_FUNCTION(code));
	output_cell(out, "%s", kshm_access_name(KSHM_CODE_ACCESS(code)));
	output_cell(out, "%s", kshm_method_name(KSHM_CODE_METHOD(code)));
	output_cell(out, "%s",
		    kshm_method_windows_name(KSHM_CODE_METHOD(code)));
}

enum { KEY_TYPE = 't', KEY_FUNCTION = 'f', KEY_METHOD = 'm', KEY_ACCESS = 'a' };

static const struct argp_option encode_options[] = {
	{ "type", KEY_TYPE, "N", 0, "device type, 0 to 0xffff; 0x8000 and up are free to use", 0 },
	{ "function", KEY_FUNCTION, "N", 0, "function, 0 to 0xfff; 0x800 and up are free to use", 0 },
	{ "method", KEY_METHOD, "M", 0, "copied, to-driver, from-driver, raw, or Windows' name of it", 0 },
	{ "access", KEY_ACCESS, "A", 0, "any (the default), read, write, read-write", 0 },
	{ }
};

struct parts {
	unsigned long long type;
	unsigned long long function;
	int method;
	int access;
	unsigned int given;	/* a bit for each key that has no default */
};

static void part_number(const char *value, unsigned long long most,
			unsigned long long *part, struct argp_state *state)
{
	if (!parse_number(value, part) || *part > most)
		usage_error(state, "not a number from 0 to 0x%llx: %s", most,
			    value);
}

static void encode_option(int key, const char *value,
			  struct argp_state *state, void *data)
{
	struct parts *parts = data;

	switch (key) {
	case KEY_TYPE:
		part_number(value, 0xffff, &parts->type, state);
		parts->given |= 1;
		break;
	case KEY_FUNCTION:
		part_number(value, 0xfff, &parts->function, state);
		parts->given |= 2;
		break;
	case KEY_METHOD:
		parts->method = method_of(value, state);
		parts->given |= 4;
		break;
	case KEY_ACCESS:
		parts->access = access_of(value, state);
		break;
	}
}

int code_encode(const struct command *command, int argc, char **argv)
{
	struct parts parts = { .access = KSHM_ACCESS_ANY };
	const struct arguments arguments = {
		.options = encode_options, .option = encode_option,
		.data = &parts,
	};
	struct output *out;

	parse_arguments(command, argc, argv, &arguments);
	if (parts.given != 7) {
		return complain_as(STATUS_USAGE, EINVAL,
				   "--type, --function and --method are needed");
	}
	out = output_begin("codes", code_columns);
	add_code(out, KSHM_CODE(parts.type, parts.function, parts.method,
				parts.access));
	output_end(out);
	return STATUS_OK;
}

/* The wrong one is told before anything is printed. */
static int check_codes(const char * const *texts)
{
	unsigned long long code;

	for (; *texts; texts++)
		if (!parse_number(*texts, &code) || code > 0xffffffff)
			return complain_as(STATUS_USAGE, EINVAL,
					   "not a control code of 32 bits: %s",
					   *texts);
	return STATUS_OK;
}

static void print_codes(const char * const *texts)
{
	struct output *out = output_begin("codes", code_columns);
	unsigned long long code;

	for (; *texts; texts++)
		if (parse_number(*texts, &code))
			add_code(out, code);
	output_end(out);
}

int code_decode(const struct command *command, int argc, char **argv)
{
	/* argv[0] is none of them, so that a NULL is left at the end. */
	const char **texts = calloc(argc, sizeof(*texts));
	const struct arguments arguments = {
		.least = 1, .most = argc, .arguments = texts,
	};
	int ret;

	if (!texts)
		out_of_memory();
	parse_arguments(command, argc, argv, &arguments);
	ret = check_codes(texts);
	if (!ret)
		print_codes(texts);
	free(texts);
	return ret;
}

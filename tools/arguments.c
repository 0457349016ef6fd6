// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - options and arguments of a command, by glibc's argp
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kshmctl.h"

bool json;

/* What the parsers of one command share. */
struct parsing {
	const struct arguments *arguments;
	size_t given;
};

#define KEY_JSON	0x10000

static const struct argp_option common_options[] = {
	{ "json", KEY_JSON, NULL, 0, "print JSON", 1 },
	{ }
};

static error_t parse_common(int key, char *value, struct argp_state *state)
{
	if (key != KEY_JSON)
		return ARGP_ERR_UNKNOWN;
	json = true;
	return 0;
}

static const struct argp common = {
	.options = common_options,
	.parser = parse_common,
};

static const struct argp_child children[] = {
	{ &common, 0, NULL, 0 },
	{ }
};

static error_t parse_argument(struct parsing *parsing, char *value,
			      struct argp_state *state)
{
	const struct arguments *a = parsing->arguments;

	if (parsing->given == a->most)
		argp_error(state, "one argument too many: %s", value);
	a->arguments[parsing->given++] = value;
	return 0;
}

static error_t parse_own(int key, char *value, struct argp_state *state)
{
	struct parsing *parsing = state->input;
	const struct arguments *a = parsing->arguments;

	switch (key) {
	case ARGP_KEY_ARG:
		return parse_argument(parsing, value, state);
	case ARGP_KEY_END:
		if (parsing->given < a->least)
			argp_error(state, "an argument is missing");
		return 0;
	}
	if ((key >= ARGP_KEY_ARGS && key <= ARGP_KEY_ARGS + 0xff) ||
	    key == ARGP_KEY_INIT || key == ARGP_KEY_SUCCESS ||
	    key == ARGP_KEY_ERROR || key == ARGP_KEY_FINI ||
	    key == ARGP_KEY_NO_ARGS || !a->option)
		return ARGP_ERR_UNKNOWN;
	a->option(key, value, state, a->data);
	return 0;
}

void parse_arguments(const struct command *command, int argc, char **argv,
		     const struct arguments *arguments)
{
	const struct argp argp = {
		.options = arguments->options,
		.parser = parse_own,
		.args_doc = command->arguments,
		.doc = command->help,
		.children = children,
	};
	struct parsing parsing = { .arguments = arguments };
	size_t i;

	for (i = 0; i < arguments->most; i++)
		arguments->arguments[i] = NULL;
	argp_err_exit_status = STATUS_USAGE;
	/* argp takes the part behind the last '/' of it. */
	program_invocation_short_name = argv[0];
	program_invocation_name = argv[0];
	argp_parse(&argp, argc, argv, 0, NULL, &parsing);
}

bool parse_number(const char *text, unsigned long long *number)
{
	unsigned long long value;
	unsigned int shift = 0;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno)
		return false;
	switch (*end) {
	case 'K':
		shift = 10;
		break;
	case 'M':
		shift = 20;
		break;
	case 'G':
		shift = 30;
		break;
	}
	if (shift)
		end++;
	if (*end || value > ~0ULL >> shift)
		return false;
	*number = value << shift;
	return true;
}

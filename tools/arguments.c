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
	const struct command *command;
	const struct arguments *arguments;
	size_t given;
};

enum { KEY_HELP = '?', KEY_USAGE = 0x10000, KEY_JSON };

static const struct argp_option common_options[] = {
	{ "json", KEY_JSON, NULL, 0, "print JSON", 1 },
	{ "help", KEY_HELP, NULL, 0, "give this help list", -1 },
	{ "usage", KEY_USAGE, NULL, 0, "give a short usage message", -1 },
	{ }
};

/* argp is told to be silent, which it would be here too. */
static void help(struct argp_state *state, unsigned int what)
{
	state->flags &= ~ARGP_NO_ERRS;
	argp_state_help(state, stdout, what | ARGP_HELP_EXIT_OK);
}

static error_t parse_common(int key, char *value, struct argp_state *state)
{
	switch (key) {
	case KEY_JSON:
		json = true;
		return 0;
	case KEY_HELP:
		help(state, ARGP_HELP_STD_HELP);
		return 0;
	case KEY_USAGE:
		help(state, ARGP_HELP_USAGE);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp common = {
	.options = common_options,
	.parser = parse_common,
};

static const struct argp_child children[] = {
	{ &common, 0, NULL, 0 },
	{ }
};

/*
 * The dashes that end the command's own arguments, where others ended its options: argp
 * takes the first ones only.
 */
static bool second_dashes(const char *value, const struct argp_state *state)
{
	return !strcmp(value, "--") && state->quoted && state->quoted < state->next - 1;
}

static error_t parse_argument(struct parsing *parsing, char *value,
			      struct argp_state *state)
{
	const struct arguments *a = parsing->arguments;

	if (parsing->given == a->most && a->rest) {
		if (second_dashes(value, state))
			return 0;
		*a->rest = state->argv + state->next - 1;
		state->next = state->argc;
		return 0;
	}
	if (parsing->given == a->most)
		usage_error(state, "one argument too many: %s (the command takes %s)",
			    value, a->most ? parsing->command->arguments : "none");
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
		if (parsing->given < a->least || (a->rest && !*a->rest))
			usage_error(state, "an argument is missing: the command takes %s",
				    parsing->command->arguments);
		return 0;
	case ARGP_KEY_ERROR:
		/* Of those above none comes here: an option it must be. */
		wrong_option(state, a->options, common_options);
	}
	if ((key >= ARGP_KEY_ARGS && key <= ARGP_KEY_ARGS + 0xff) ||
	    key == ARGP_KEY_INIT || key == ARGP_KEY_SUCCESS ||
	    key == ARGP_KEY_FINI || key == ARGP_KEY_NO_ARGS || !a->option)
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
	struct parsing parsing = {
		.command = command,
		.arguments = arguments,
	};
	unsigned int flags = ARGP_NO_ERRS | ARGP_NO_HELP;
	size_t i;

	for (i = 0; i < arguments->most; i++)
		arguments->arguments[i] = NULL;
	if (arguments->rest) {
		*arguments->rest = NULL;
		/* Or options would be looked for behind the other command, too. */
		flags |= ARGP_IN_ORDER;
	}
	/* argp takes the part behind the last '/' of it. */
	program_invocation_short_name = argv[0];
	program_invocation_name = argv[0];
	argp_parse(&argp, argc, argv, flags, NULL, &parsing);
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

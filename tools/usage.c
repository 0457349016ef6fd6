// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - complaints about the command line
 *
 * argp only says that it gave up, so that the complaint can be JSON and name
 * the option that was meant. getopt then looks once more at what was wrong.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kshmctl.h"

#define MOST_OPTIONS	32
/* What getopt returns for the first long option; below are letters. */
#define FIRST_LONG	0x100

/* The parser may have stopped before it came to --json. */
bool wants_json(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--json"))
			return true;
	return false;
}

void usage_error(const struct argp_state *state, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json = json || wants_json(state->argc, state->argv);
	complain_as(STATUS_USAGE, EINVAL, "%s", text);
	if (!json)
		fprintf(stderr, "Try \"%s --help\".\n", state->name);
	exit(STATUS_USAGE);
}

/* Options as getopt wants them. */
struct known {
	struct option longs[MOST_OPTIONS + 1];
	const char *names[MOST_OPTIONS];
	char shorts[2 * MOST_OPTIONS + 2];
	size_t nr;
};

static void know(struct known *known, const struct argp_option *options)
{
	char *end = known->shorts + strlen(known->shorts);

	for (; options && options->name && known->nr < MOST_OPTIONS; options++) {
		known->names[known->nr] = options->name;
		known->longs[known->nr] = (struct option){
			.name = options->name,
			.has_arg = options->arg ? required_argument : no_argument,
			.val = FIRST_LONG + known->nr,
		};
		known->nr++;
		if (options->key >= FIRST_LONG)
			continue;
		*end++ = options->key;
		if (options->arg)
			*end++ = ':';
		*end = '\0';
	}
}

/* @typed is all that is typed, "data=x" too. */
__attribute__((noreturn))
static void unknown_long(const struct argp_state *state,
			 const struct known *known, const char *typed)
{
	size_t len = strcspn(typed, "="), i, fits = 0;
	char name[64], list[256] = "";
	const char *near;

	snprintf(name, sizeof(name), "%.*s", (int)len, typed);
	for (i = 0; i < known->nr; i++) {
		if (strncmp(known->names[i], name, strlen(name)))
			continue;
		snprintf(list + strlen(list), sizeof(list) - strlen(list),
			 "%s--%s", fits++ ? " or " : "", known->names[i]);
	}
	if (fits > 1)
		usage_error(state, "--%s can be %s", name, list);
	near = nearest(name, known->names, known->nr);
	if (near)
		usage_error(state, "no such option: --%s (did you mean \"--%s\"?)",
			    name, near);
	usage_error(state, "no such option: --%s", name);
}

void wrong_option(const struct argp_state *state,
		  const struct argp_option *own,
		  const struct argp_option *common)
{
	struct known known = { .shorts = ":" };
	const char *word;
	int found;

	know(&known, own);
	know(&known, common);
	optind = 0;
	opterr = 0;
	do
		found = getopt_long(state->argc, state->argv, known.shorts,
				    known.longs, NULL);
	while (found != -1 && found != '?' && found != ':');

	/* A long one is behind getopt already; of letters, it names the one. */
	word = optind > 1 ? state->argv[optind - 1] : "";
	if (found == ':')
		usage_error(state, "%s needs a value", word);
	if (optopt && optopt < FIRST_LONG)
		usage_error(state, "no such option: -%c", optopt);
	if (optopt)
		usage_error(state, "%.*s takes no value",
			    (int)strcspn(word, "="), word);
	if (found == -1 || strncmp(word, "--", 2))
		usage_error(state, "its options cannot be understood");
	unknown_long(state, &known, word + 2);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - main program: the table of commands and their dispatch
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kshmctl.h"
#include "output.h"

static int show_help(const struct command *command, int argc, char **argv);

static const struct command commands[] = {
	{ "device list", "", "list the devices", device_list },
	{ "device show", "DEVICE", "list the controls of a device",
	  device_show },
	{ "call", "DEVICE CONTROL", "call a control, by its name or code",
	  call },
	{ "section create", "NAME", "make memory that others find by its name",
	  section_create },
	{ "section list", "", "list the sections that have names", section_list },
	{ "section show", "NAME", "show a section", section_show },
	{ "section read", "NAME [OFF [LEN]]", "print bytes of a section",
	  section_read },
	{ "section write", "NAME [OFF]", "write into a section", section_write },
	{ "section remove", "NAME", "remove the name of a section", section_remove },
	{ "section exec", "NAME -- CMD...", "run a command that has a section open",
	  section_exec },
	{ "code encode", "", "make a control code of its parts", code_encode },
	{ "code decode", "CODE...", "take control codes apart", code_decode },
	{ "handle list", "", "list who has what pinned", handle_list },
	{ "info", "[DEVICE]", "show the module, its limits and their use",
	  info },
	{ "explain", "ERRNO|CODE", "say what an errno or a code means here",
	  explain },
	{ "doctor", "", "look for what is missing, and say what to do",
	  doctor },
	{ "new-driver", "NAME [DIR]", "write a driver of one's own to start from",
	  new_driver },
	{ "version", "", "show the versions of tool, library and module",
	  version },
	{ "help", "[COMMAND]", "show this, or the options of a command", show_help },
};

static void print_help(FILE *to)
{
	size_t i;

	fprintf(to, "usage: kshmctl COMMAND [--json] [ARGUMENT...]\n\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(to, "  %-14s %-16s %s\n", commands[i].words,
			commands[i].arguments, commands[i].help);
	fprintf(to, "\nkshmctl COMMAND --help tells the options of a command.\n"
		    "Exit status: 0 ok, 1 the request failed, 2 usage, 3 no such module, device\n"
		    "or section, 4 no permission, 5 timed out or cancelled.\n");
}

/* How many words of the command line are @words, or 0 if they are not those. */
static int matches(const char *words, int argc, char **argv)
{
	const char *space = strchr(words, ' ');
	size_t first = space ? (size_t)(space - words) : strlen(words);

	if (argc < 2 || strlen(argv[1]) != first ||
	    strncmp(argv[1], words, first))
		return 0;
	if (!space)
		return 1;
	return argc > 2 && !strcmp(argv[2], space + 1) ? 2 : 0;
}

static const struct command *find(int argc, char **argv, int *words)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		*words = matches(commands[i].words, argc, argv);
		if (*words)
			return &commands[i];
	}
	return NULL;
}

/* The commands that begin with a word, as "device list, device show". */
static void list_of(const char *word, char *list, size_t size)
{
	size_t len = strlen(word), used, i;

	list[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strncmp(commands[i].words, word, len) ||
		    commands[i].words[len] != ' ')
			continue;
		used = strlen(list);
		snprintf(list + used, size - used, "%s%s", used ? ", " : "",
			 commands[i].words);
	}
}

/* Of both words, of the first, or of a second one that has lost its first. */
static const char *nearest_command(const char *first, const char *second)
{
	const char *names[ARRAY_SIZE(commands)], *seconds[ARRAY_SIZE(commands)];
	const char *near, *space;
	char typed[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		names[i] = commands[i].words;
		space = strchr(names[i], ' ');
		seconds[i] = space ? space + 1 : names[i];
	}
	snprintf(typed, sizeof(typed), "%s %s", first, second);
	near = nearest(typed, names, ARRAY_SIZE(commands));
	if (!near)
		near = nearest(first, names, ARRAY_SIZE(commands));
	if (near)
		return near;
	near = nearest(first, seconds, ARRAY_SIZE(commands));
	for (i = 0; near && i < ARRAY_SIZE(commands); i++)
		if (seconds[i] == near)
			return names[i];
	return NULL;
}

static void complain_of_command(const char *first, const char *second)
{
	const char *near;
	char list[128];

	if (first[0] == '-') {
		complain_as(STATUS_USAGE, EINVAL,
			    "the command comes before its options: %s", first);
		return;
	}
	near = nearest_command(first, second);
	list_of(first, list, sizeof(list));
	if (list[0] && (!second[0] || second[0] == '-' || !near))
		complain_as(STATUS_USAGE, EINVAL,
			    "\"%s\" is only half a command: there are %s",
			    first, list);
	else if (near)
		complain_as(STATUS_USAGE, EINVAL,
			    "no such command: %s%s%s (did you mean \"%s\"?)", first,
			    list[0] ? " " : "", list[0] ? second : "", near);
	else
		complain_as(STATUS_USAGE, EINVAL, "no such command: %s", first);
}

static int unknown_command(int argc, char **argv)
{
	json = json || wants_json(argc, argv);
	complain_of_command(argv[1], argc > 2 ? argv[2] : "");
	if (!json)
		fprintf(stderr, "Try \"kshmctl help\".\n");
	return STATUS_USAGE;
}

static int dispatch(const struct command *command, int words, int argc,
		    char **argv)
{
	char name[64];

	snprintf(name, sizeof(name), "kshmctl %s", command->words);
	argv[words] = name;
	return command->run(command, argc - words, argv + words);
}

static const struct output_column command_columns[] = {
	{ "COMMAND", OUTPUT_TEXT },
	{ "ARGUMENTS", OUTPUT_TEXT },
	{ "HELP", OUTPUT_TEXT },
	{ }
};

static int list_commands(void)
{
	struct output *out = output_begin("commands", command_columns);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		output_cell(out, "%s", commands[i].words);
		output_cell(out, "%s", commands[i].arguments);
		output_cell(out, "%s", commands[i].help);
	}
	output_end(out);
	return STATUS_OK;
}

/* As if the words had been called with --help. */
static int help_of(const char *first, const char *second)
{
	const struct command *command;
	char *line[4] = { };
	int words;

	line[0] = "kshmctl";
	line[1] = (char *)first;
	line[2] = (char *)second;
	command = find(second ? 3 : 2, line, &words);
	if (!command)
		return unknown_command(second ? 3 : 2, line);
	line[words + 1] = "--help";
	return dispatch(command, words, words + 2, line);
}

static int show_help(const struct command *command, int argc, char **argv)
{
	const char *names[2];
	const struct arguments arguments = { .most = 2, .arguments = names };

	parse_arguments(command, argc, argv, &arguments);
	if (names[0])
		return help_of(names[0], names[1]);
	if (json)
		return list_commands();
	print_help(stdout);
	return STATUS_OK;
}

int main(int argc, char **argv)
{
	const struct command *command;
	int words;

	standard_occupy();
	atexit(standard_finish);
	/* What is printed is UTF-8, whatever the locale; without it, ASCII. */
	setlocale(LC_CTYPE, "C.UTF-8");

	/* What everybody tries first. */
	if (argc == 2 && (!strcmp(argv[1], "--help") ||
			  !strcmp(argv[1], "--version")))
		argv[1] += 2;
	if (argc < 2) {
		print_help(stderr);
		return STATUS_USAGE;
	}
	command = find(argc, argv, &words);
	if (!command)
		return unknown_command(argc, argv);
	return dispatch(command, words, argc, argv);
}

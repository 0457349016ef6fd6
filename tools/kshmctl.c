// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - main program: the table of commands and their dispatch
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kshmctl.h"
#include "output.h"

static int help(const struct command *command, int argc, char **argv);
static int version(const struct command *command, int argc, char **argv);

static const struct command commands[] = {
	{ "device list", "", "list the devices", device_list },
	{ "device show", "DEVICE", "list the controls of a device",
	  device_show },
	{ "call", "DEVICE CONTROL", "call a control, by its name or code",
	  call },
	{ "code encode", "", "make a control code of its parts", code_encode },
	{ "code decode", "CODE...", "take control codes apart", code_decode },
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
	{ "help", "", "show this", help },
};

static void print_help(FILE *to)
{
	size_t i;

	fprintf(to, "usage: kshmctl COMMAND [--json] [ARGUMENT...]\n\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(to, "  %-12s %-15s %s\n", commands[i].words,
			commands[i].arguments, commands[i].help);
	fprintf(to, "\nkshmctl COMMAND --help tells the options of a command.\n"
		    "Exit status: 0 ok, 1 the request failed, 2 usage, 3 no such module or device,\n"
		    "4 no permission, 5 timed out or cancelled.\n");
}

static int help(const struct command *command, int argc, char **argv)
{
	print_help(stdout);
	return STATUS_OK;
}

static const struct output_column version_columns[] = {
	{ "TOOL", OUTPUT_TEXT },
	{ "LIBRARY", OUTPUT_TEXT },
	{ "MODULE", OUTPUT_TEXT },
	{ "ABI", OUTPUT_NUMBER },
	{ }
};

static int version(const struct command *command, int argc, char **argv)
{
	const struct arguments none = { };
	struct kshm_handle *handle;
	struct kshm_info info = { };
	struct output *out;

	parse_arguments(command, argc, argv, &none);
	if (!kshm_open(&handle, "null", KSHM_OPEN_READ)) {
		kshm_info(handle, &info);
		kshm_close(handle);
	}
	out = output_begin("version", version_columns);
	output_cell(out, "%s", KSHM_VERSION);
	output_cell(out, "%s", kshm_version());
	output_cell(out, "%s", info.version[0] ? info.version : "not loaded");
	output_cell(out, "%u", KSHM_ABI_VERSION);
	output_end_record(out);
	return STATUS_OK;
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

/* Of the first words, or of the second ones if the first is right. */
static int unknown_command(int argc, char **argv)
{
	const char *names[ARRAY_SIZE(commands)], *near;
	char typed[128];
	size_t i;

	snprintf(typed, sizeof(typed), "%s%s%s", argv[1], argc > 2 ? " " : "",
		 argc > 2 ? argv[2] : "");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		names[i] = commands[i].words;
	near = nearest(typed, names, ARRAY_SIZE(commands));
	if (!near)
		near = nearest(argv[1], names, ARRAY_SIZE(commands));
	fprintf(stderr, "kshmctl: no such command: %s%s%s%s\n", argv[1],
		near ? " (did you mean \"" : "", near ?: "", near ? "\"?)" : "");
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

/* What was printed has to arrive: a full disk tells at the end only. */
static void close_stdout(void)
{
	if (!fclose(stdout))
		return;
	perror("kshmctl: standard output");
	_exit(STATUS_FAILED);
}

int main(int argc, char **argv)
{
	size_t i;
	int words;

	atexit(close_stdout);

	/* What everybody tries first. */
	if (argc == 2 && (!strcmp(argv[1], "--help") ||
			  !strcmp(argv[1], "--version")))
		argv[1] += 2;
	if (argc < 2) {
		print_help(stderr);
		return STATUS_USAGE;
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		words = matches(commands[i].words, argc, argv);
		if (words)
			return dispatch(&commands[i], words, argc, argv);
	}
	return unknown_command(argc, argv);
}

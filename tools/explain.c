// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - explain
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "kshmctl.h"
#include "output.h"

static const struct output_column errno_columns[] = {
	{ "ERRNO", OUTPUT_TEXT, OUTPUT_JSON_ONLY },
	{ "NUMBER", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "MEANING", OUTPUT_TEXT, OUTPUT_JSON_ONLY },
	{ }
};

#define MOST_ERRNO	4095

/* Second names; glibc knows one for each number. */
static const struct alias {
	const char *name;
	int error;
} aliases[] = {
	{ "EWOULDBLOCK", EWOULDBLOCK },
	{ "ENOTSUP", ENOTSUP },
	{ "EDEADLOCK", EDEADLOCK },
};

/* -1: of none. */
static int errno_of_name(const char *name)
{
	int error;
	size_t i;

	for (error = 1; error <= MOST_ERRNO; error++)
		if (strerrorname_np(error) &&
		    !strcmp(strerrorname_np(error), name))
			return error;
	for (i = 0; i < ARRAY_SIZE(aliases); i++)
		if (!strcmp(aliases[i].name, name))
			return aliases[i].error;
	return -1;
}

/* By its name or number, of either sign, 0 being success; -1 if it is none. */
static int errno_of(const char *text)
{
	unsigned long long number;

	if (parse_number(text[0] == '-' ? text + 1 : text, &number))
		return number <= MOST_ERRNO ? (int)number : -1;
	return errno_of_name(text);
}

static int explain_errno(int error)
{
	char text[512];
	struct output *out;

	kshm_explain_error(error, text, sizeof(text));
	if (!json) {
		print_folded(stdout, text);
		return STATUS_OK;
	}
	out = output_begin("errnos", errno_columns);
	output_cell(out, "%s", error ? strerrorname_np(error) ?: "" : "");
	output_cell(out, "%d", error);
	output_cell(out, "%s", text);
	output_end(out);
	return STATUS_OK;
}

static const struct output_column code_columns[] = {
	{ "CODE", OUTPUT_TEXT },
	{ "MEANING", OUTPUT_TEXT },
	{ "DEVICE", OUTPUT_TEXT },
	{ "CONTROL", OUTPUT_TEXT },
	{ }
};

/* The first device whose table has the code. */
static bool find(__u32 code, char *device, char *control, size_t size)
{
	struct kshm_device_entry **devices;
	struct kshm_control_entry **controls;
	int nr_devices = kshm_devices(&devices), nr, i, j;
	bool found = false;

	for (i = 0; i < nr_devices && !found; i++) {
		nr = kshm_controls(devices[i]->name, &controls);
		for (j = 0; j < nr && !found; j++) {
			if (controls[j]->code != code)
				continue;
			snprintf(device, size, "%s", devices[i]->name);
			snprintf(control, size, "%s", controls[j]->name);
			found = true;
		}
		if (nr >= 0)
			kshm_controls_free(controls);
	}
	if (nr_devices >= 0)
		kshm_devices_free(devices);
	return found;
}

static int explain_code(__u32 code)
{
	char text[128], device[KSHM_NAME_SIZE], control[KSHM_NAME_SIZE];
	struct output *out = output_begin("codes", code_columns);
	bool found = find(code, device, control, sizeof(device));

	kshm_code_text(code, text, sizeof(text));
	output_cell(out, "0x%08x", code);
	output_cell(out, "%s", text);
	output_cell(out, "%s", found ? device : json ? "" : "of no device here");
	output_text(out, found ? control : "");
	output_end_record(out);
	return STATUS_OK;
}

static int complain_unknown(const char *text)
{
	const char *names[MOST_ERRNO + ARRAY_SIZE(aliases)], *near;
	size_t nr = 0, i;
	int error;

	for (error = 1; error <= MOST_ERRNO; error++)
		if (strerrorname_np(error))
			names[nr++] = strerrorname_np(error);
	for (i = 0; i < ARRAY_SIZE(aliases); i++)
		names[nr++] = aliases[i].name;
	near = nearest(text, names, nr);
	if (near)
		return complain_as(STATUS_USAGE, EINVAL,
				   "no such errno: %s (did you mean \"%s\"?)",
				   text, near);
	return complain_as(STATUS_USAGE, EINVAL,
			   "neither an errno nor a control code of 32 bits: %s",
			   text);
}

static bool negative(const char *word)
{
	return word[0] == '-' && isdigit((unsigned char)word[1]);
}

/*
 * The command line with its negative numbers behind a "--", where they are no
 * options; for free(). @argc becomes how many words it has.
 */
static char **negative_last(int *argc, char **argv)
{
	char **sorted = calloc(*argc + 2, sizeof(*sorted));
	int options = 0, nr = 0, i;

	if (!sorted)
		out_of_memory();
	while (options < *argc && strcmp(argv[options], "--"))
		options++;
	for (i = 0; i < options; i++)
		if (!negative(argv[i]))
			sorted[nr++] = argv[i];
	sorted[nr++] = "--";
	for (i = 0; i < options; i++)
		if (negative(argv[i]))
			sorted[nr++] = argv[i];
	for (i = options + 1; i < *argc; i++)
		sorted[nr++] = argv[i];
	*argc = nr;
	return sorted;
}

int explain(const struct command *command, int argc, char **argv)
{
	const char *text;
	const struct arguments arguments = {
		.least = 1, .most = 1, .arguments = &text,
	};
	unsigned long long number;
	char **sorted;
	int error;

	sorted = negative_last(&argc, argv);
	parse_arguments(command, argc, sorted, &arguments);
	free(sorted);
	error = errno_of(text);
	if (error >= 0)
		return explain_errno(error);
	if (parse_number(text, &number) && number <= 0xffffffff)
		return explain_code(number);
	return complain_unknown(text);
}

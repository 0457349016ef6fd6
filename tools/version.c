// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - version, and how those of library and module compare
 */
#include <stdio.h>
#include <string.h>

#include "fold.h"
#include "kshmctl.h"
#include "output.h"
#include "version.h"

enum version_fit version_compare(const struct kshm_info *module)
{
	int order;

	if (module->abi_version != KSHM_ABI_VERSION)
		return module->abi_version < KSHM_ABI_VERSION ?
		       VERSION_OLDER_ABI : VERSION_NEWER_ABI;
	order = strverscmp(module->version, kshm_version());
	return !order ? VERSION_SAME :
	       order < 0 ? VERSION_OLDER_RELEASE : VERSION_NEWER_RELEASE;
}

void version_text(const struct kshm_info *module, char *text, size_t size)
{
	static const char * const relations[] = {
		[VERSION_OLDER_ABI] = "older than",
		[VERSION_NEWER_ABI] = "newer than",
		[VERSION_OLDER_RELEASE] = "older than",
		[VERSION_NEWER_RELEASE] = "newer than",
	};
	enum version_fit fit = version_compare(module);

	if (fit == VERSION_SAME)
		snprintf(text, size, "module and library %s, ABI %u",
			 module->version, module->abi_version);
	else if (module->abi_version == KSHM_ABI_VERSION)
		snprintf(text, size,
			 "module %s is %s library %s; both have ABI %u, so they work together",
			 module->version, relations[fit], kshm_version(),
			 KSHM_ABI_VERSION);
	else
		snprintf(text, size, "module %s with ABI %u is %s library %s with ABI %u",
			 module->version, module->abi_version, relations[fit],
			 kshm_version(), KSHM_ABI_VERSION);
}

const char *version_remedy(const struct kshm_info *module)
{
	switch (version_compare(module)) {
	case VERSION_OLDER_ABI:
		return "as root, load the kshm.ko that came with this kshmctl, or use the kshmctl that came with the module";
	case VERSION_NEWER_ABI:
		return "update libkshm and kshmctl, or load as root the kshm.ko that came with them";
	default:
		return "";
	}
}

static const struct output_column version_columns[] = {
	{ "TOOL", OUTPUT_TEXT },
	{ "LIBRARY", OUTPUT_TEXT },
	{ "ABI", OUTPUT_NUMBER },
	{ "MODULE", OUTPUT_TEXT },
	{ "MODULE_ABI", OUTPUT_NUMBER },
	{ "FIT", OUTPUT_TEXT, OUTPUT_JSON_ONLY },
	{ }
};

static void show(const struct kshm_info *module, int error)
{
	static const char * const fits[] = {
		[VERSION_SAME] = "same",
		[VERSION_OLDER_RELEASE] = "compatible",
		[VERSION_NEWER_RELEASE] = "compatible",
		[VERSION_OLDER_ABI] = "module-too-old",
		[VERSION_NEWER_ABI] = "library-too-old",
	};
	struct output *out = output_begin("version", version_columns);

	output_cell(out, "%s", KSHM_VERSION);
	output_cell(out, "%s", kshm_version());
	output_cell(out, "%u", KSHM_ABI_VERSION);
	if (!error) {
		output_cell(out, "%s", module->version);
		output_cell(out, "%u", module->abi_version);
		output_cell(out, "%s", fits[version_compare(module)]);
	} else {
		output_cell(out, "%s", json ? "" : error == -ENODEV ?
			    "not loaded" : "does not answer");
		output_nothing(out);
		output_nothing(out);
	}
	output_end_record(out);
}

int version(const struct command *command, int argc, char **argv)
{
	const struct arguments none = { };
	struct kshm_info module;
	char text[256], line[512];
	const char *remedy;
	int error;

	parse_arguments(command, argc, argv, &none);
	error = kshm_module_info(&module);
	show(&module, error);
	if (error || json || version_compare(&module) == VERSION_SAME)
		return STATUS_OK;
	version_text(&module, text, sizeof(text));
	remedy = version_remedy(&module);
	snprintf(line, sizeof(line), "%s.%s%s%s", text, *remedy ? " To do: " : "",
		 remedy, *remedy ? "." : "");
	putchar('\n');
	print_folded(stdout, line);
	return STATUS_OK;
}

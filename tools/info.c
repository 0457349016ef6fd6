// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - info
 */
#include "kshmctl.h"
#include "output.h"

static const struct output_column info_columns[] = {
	{ "DEVICE", OUTPUT_TEXT },
	{ "MODULE_VERSION", OUTPUT_TEXT },
	{ "LIBRARY_VERSION", OUTPUT_TEXT },
	{ "ABI", OUTPUT_NUMBER },
	{ "FEATURES", OUTPUT_TEXT },
	{ "PAGE_SIZE", OUTPUT_NUMBER },
	{ "MAX_COPIED", OUTPUT_NUMBER },
	{ "MAX_REQUEST_PAGES", OUTPUT_NUMBER },
	{ "MAX_USER_PAGES", OUTPUT_NUMBER },
	{ "MAX_SYSTEM_PAGES", OUTPUT_NUMBER },
	{ "USER_PAGES", OUTPUT_NUMBER },
	{ "SYSTEM_PAGES", OUTPUT_NUMBER },
	{ }
};

static void show(const struct kshm_info *info)
{
	struct output *out = output_begin("info", info_columns);

	output_cell(out, "%s", info->device);
	output_cell(out, "%s", info->version);
	output_cell(out, "%s", kshm_version());
	output_cell(out, "%u", info->abi_version);
	output_cell(out, "0x%llx", info->features);
	output_cell(out, "%u", info->page_size);
	output_number(out, info->max_copied);
	output_number(out, info->max_request_pages);
	output_number(out, info->max_user_pages);
	output_number(out, info->max_system_pages);
	output_number(out, info->user_pages);
	output_number(out, info->system_pages);
	output_end_record(out);
}

int info(const struct command *command, int argc, char **argv)
{
	const char *name;
	const struct arguments arguments = {
		.most = 1, .arguments = &name,
	};
	struct kshm_handle *handle;
	struct kshm_info info;
	int ret;

	parse_arguments(command, argc, argv, &arguments);
	/* The one that everybody may open. */
	if (!name)
		name = "null";
	ret = kshm_open(&handle, name, KSHM_OPEN_READ);
	if (ret)
		return no_device(name, KSHM_OPEN_READ, ret);
	ret = kshm_info(handle, &info);
	kshm_close(handle);
	if (ret)
		return no_device(name, KSHM_OPEN_READ, ret);
	show(&info);
	return STATUS_OK;
}

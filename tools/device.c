// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - device list, device show
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kshmctl.h"
#include "output.h"

static const struct output_column device_columns[] = {
	{ "NAME", OUTPUT_NAME },
	{ "OWNER", OUTPUT_NAME },
	{ "CONTROLS", OUTPUT_NUMBER },
	{ "PATH", OUTPUT_NAME },
	{ "READABLE", OUTPUT_BOOLEAN, OUTPUT_JSON_ONLY },
	{ "WRITABLE", OUTPUT_BOOLEAN, OUTPUT_JSON_ONLY },
	{ "ACCESS", OUTPUT_TEXT, OUTPUT_TABLE_ONLY },
	{ }
};

static void list_device(struct output *out,
			const struct kshm_device_entry *device)
{
	bool readable = !access(device->path, R_OK);
	bool writable = !access(device->path, W_OK);
	struct kshm_control_entry **controls;
	int nr = kshm_controls(device->name, &controls);

	if (nr >= 0)
		kshm_controls_free(controls);
	output_cell(out, "%s", device->name);
	output_cell(out, "%s", device->owner);
	output_cell(out, "%d", nr > 0 ? nr : 0);
	output_cell(out, "%s", device->path);
	output_cell(out, "%d", readable);
	output_cell(out, "%d", writable);
	output_cell(out, "%s", readable && writable ? "read-write" :
		    readable ? "read" : writable ? "write" : "none");
}

static int no_listing(int error)
{
	char text[512];

	kshm_explain_error(error, text, sizeof(text));
	return complain(error, "%s", text);
}

int device_list(const struct command *command, int argc, char **argv)
{
	const struct arguments none = { };
	struct kshm_device_entry **devices;
	struct output *out;
	int nr, i;

	parse_arguments(command, argc, argv, &none);
	nr = kshm_devices(&devices);
	if (nr < 0)
		return no_listing(nr);
	out = output_begin("devices", device_columns);
	for (i = 0; i < nr; i++)
		list_device(out, devices[i]);
	output_end(out);
	if (!nr && !json)
		fprintf(stderr, "kshmctl: there are no devices\n");
	kshm_devices_free(devices);
	return STATUS_OK;
}

static const struct output_column control_columns[] = {
	{ "NAME", OUTPUT_NAME },
	{ "METHOD", OUTPUT_TEXT },
	{ "CODE", OUTPUT_TEXT },
	{ "ACCESS", OUTPUT_TEXT },
	{ "CONTEXT", OUTPUT_TEXT },
	{ "IN", OUTPUT_TEXT, OUTPUT_TABLE_ONLY },
	{ "OUT", OUTPUT_TEXT, OUTPUT_TABLE_ONLY },
	{ "DATA", OUTPUT_TEXT, OUTPUT_TABLE_ONLY },
	{ "IN_MIN", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "IN_MAX", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "OUT_MIN", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "OUT_MAX", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "DATA_MIN", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "DATA_MAX", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ }
};

/* "-": none taken; "32": just that; "0-": any; else from - to. */
static void add_bounds(struct output *out, __u64 min, __u64 max)
{
	char low[32], high[32];

	output_bytes(min, low, sizeof(low));
	output_bytes(max, high, sizeof(high));
	if (!max)
		output_cell(out, "-");
	else if (max == KSHM_LENGTH_ANY)
		output_cell(out, "%s-", low);
	else if (min == max)
		output_cell(out, "%s", low);
	else
		output_cell(out, "%s-%s", low, high);
}

static void show_control(struct output *out,
			 const struct kshm_control_entry *c)
{
	output_cell(out, "%s", c->name);
	output_cell(out, "%s", kshm_method_name(c->method));
	output_cell(out, "0x%08x", c->code);
	output_cell(out, "%s", kshm_access_name(c->access));
	output_cell(out, "%s", c->context);
	add_bounds(out, c->in_min, c->in_max);
	add_bounds(out, c->out_min, c->out_max);
	add_bounds(out, c->data_min, c->data_max);
	output_number(out, c->in_min);
	output_number(out, c->in_max);
	output_number(out, c->out_min);
	output_number(out, c->out_max);
	output_number(out, c->data_min);
	output_number(out, c->data_max);
}

/* What cannot be the name of a device is the name of none. */
static bool names_none(const char *name, int error)
{
	struct kshm_control_entry **controls;
	int nr;

	if (error != -EINVAL || strchr(name, '/'))
		return error == -ENAMETOOLONG;
	nr = kshm_controls(name, &controls);
	if (nr >= 0)
		kshm_controls_free(controls);
	return nr == -EINVAL;
}

int no_device(const char *name, unsigned int access, int error)
{
	const char *names[64], *near = NULL, *slash = strrchr(name, '/');
	struct kshm_device_entry **devices;
	bool none = names_none(name, error);
	int status = none ? STATUS_ABSENT : status_of(error);
	char text[512];
	int nr, i;

	kshm_explain_open(name, access, error, text, sizeof(text));
	nr = kshm_devices(&devices);
	if (nr < 0)
		return complain_as(status, error, "%s", text);
	for (i = 0; i < nr && i < 64; i++)
		names[i] = devices[i]->name;
	near = nearest(slash ? slash + 1 : name, names, i);
	if (near && (none || error == -ENOENT))
		complain_as(status, error, "%s Did you mean \"%s\"?", text, near);
	else
		complain_as(status, error, "%s", text);
	kshm_devices_free(devices);
	return status;
}

int device_show(const struct command *command, int argc, char **argv)
{
	const char *name;
	const struct arguments arguments = {
		.least = 1, .most = 1, .arguments = &name,
	};
	struct kshm_control_entry **controls;
	struct output *out;
	int nr, i;

	parse_arguments(command, argc, argv, &arguments);
	nr = controls_of(name, &controls);
	if (nr < 0)
		return no_device(name, KSHM_OPEN_READ, nr);
	out = output_begin("controls", control_columns);
	for (i = 0; i < nr; i++)
		show_control(out, controls[i]);
	output_end(out);
	kshm_controls_free(controls);
	return STATUS_OK;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - handle list
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kshmctl.h"
#include "output.h"

static const struct output_column handle_columns[] = {
	{ "PID", OUTPUT_NUMBER },
	{ "COMMAND", OUTPUT_NAME },
	{ "UID", OUTPUT_NUMBER },
	{ "DEVICE", OUTPUT_NAME },
	{ "HANDLE", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "KIND", OUTPUT_TEXT },
	{ "HELD_BY", OUTPUT_TEXT, OUTPUT_JSON_ONLY },
	{ "ID", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "REGION", OUTPUT_NUMBER },
	{ "RIGHTS", OUTPUT_TEXT, OUTPUT_JSON_ONLY },
	{ "BYTES", OUTPUT_NUMBER },
	{ "PAGES", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "CHARGED_UID", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "HOLDS", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "USES", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "AGE", OUTPUT_TEXT, OUTPUT_TABLE_ONLY },
	{ "AGE_NS", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "STATE", OUTPUT_NAME, OUTPUT_TABLE_ONLY },
	{ "CREATED", OUTPUT_BOOLEAN, OUTPUT_JSON_ONLY },
	{ "DESTROYED", OUTPUT_BOOLEAN, OUTPUT_JSON_ONLY },
	{ "WATCHED", OUTPUT_BOOLEAN, OUTPUT_JSON_ONLY },
	{ "STALE", OUTPUT_BOOLEAN, OUTPUT_JSON_ONLY },
	{ "REVOKED", OUTPUT_BOOLEAN, OUTPUT_JSON_ONLY },
	{ "OPENER_GONE", OUTPUT_BOOLEAN, OUTPUT_JSON_ONLY },
	{ "DEVICE_GONE", OUTPUT_BOOLEAN, OUTPUT_JSON_ONLY },
	{ }
};

static const char *kind_of(const struct kshm_handle_info *entry)
{
	if (!entry->region)
		return "handle";
	return entry->state & KSHM_STATE_SECTION ? "section" : "region";
}

/* Nothing for a handle, which holds no one region. */
static const char *holder_of(const struct kshm_handle_info *entry)
{
	if (entry->flags & KSHM_HANDLE_DESCRIPTOR)
		return "descriptor";
	if (entry->flags & KSHM_HANDLE_NAME)
		return "name";
	if (entry->flags & KSHM_HANDLE_VIEW)
		return "view";
	return entry->id ? "id" : "";
}

/* A number of what a handle does not have, or nobody is told. */
static void add_unless_zero(struct output *out, __u64 number)
{
	if (number)
		output_number(out, number);
	else
		output_nothing(out);
}

/* In the largest unit that there is one of. */
static void add_age(struct output *out, __u64 ns)
{
	const __u64 seconds = ns / 1000000000;

	if (seconds < 60)
		output_cell(out, "%llus", seconds);
	else if (seconds < 60 * 60)
		output_cell(out, "%llum", seconds / 60);
	else if (seconds < 24 * 60 * 60)
		output_cell(out, "%lluh", seconds / (60 * 60));
	else
		output_cell(out, "%llud", seconds / (24 * 60 * 60));
}

static void add_state(struct output *out, const struct kshm_handle_info *entry)
{
	const struct {
		bool is;
		const char *word;
	} states[] = {
		{ entry->id && !(entry->flags & KSHM_HANDLE_CREATED), "imported" },
		{ entry->flags & KSHM_HANDLE_DESCRIPTOR, "descriptor" },
		{ entry->flags & KSHM_HANDLE_NAME, "name" },
		{ entry->flags & KSHM_HANDLE_VIEW, "view" },
		{ entry->flags & KSHM_HANDLE_DESTROYED, "destroyed" },
		{ entry->uses, "used" },
		{ entry->state & KSHM_STATE_STALE, "stale" },
		{ entry->state & KSHM_STATE_REVOKED, "revoked" },
		{ entry->flags & KSHM_HANDLE_OPENER_GONE, "opener-gone" },
		{ entry->flags & KSHM_HANDLE_DEVICE_GONE, "device-gone" },
	};
	char text[96] = "";
	size_t i;

	if (entry->charged_uid != KSHM_HANDLE_UNCHARGED && entry->charged_uid != entry->uid)
		snprintf(text, sizeof(text), "charged-to-%u", entry->charged_uid);

	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (states[i].is)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
				 text[0] ? "," : "", states[i].word);
	output_text(out, text);
}

static void add_flag(struct output *out, __u32 flags)
{
	output_cell(out, "%d", flags != 0);
}

static void add_entry(struct output *out, const struct kshm_handle_info *entry)
{
	add_unless_zero(out, entry->pid);
	output_text(out, entry->comm);
	output_cell(out, "%u", entry->uid);
	output_cell(out, "%s", entry->device);
	output_number(out, entry->handle);
	output_cell(out, "%s", kind_of(entry));
	output_text(out, holder_of(entry));
	add_unless_zero(out, entry->id);
	add_unless_zero(out, entry->region);
	output_cell(out, "%s", kshm_access_name(entry->rights));
	output_number(out, entry->len);
	output_number(out, entry->pages);
	if (entry->charged_uid == KSHM_HANDLE_UNCHARGED)
		output_nothing(out);
	else
		output_cell(out, "%u", entry->charged_uid);
	output_cell(out, "%u", entry->holds);
	output_cell(out, "%u", entry->uses);
	add_age(out, entry->age);
	output_number(out, entry->age);
	add_state(out, entry);
	add_flag(out, entry->flags & KSHM_HANDLE_CREATED);
	add_flag(out, entry->flags & KSHM_HANDLE_DESTROYED);
	add_flag(out, entry->state & KSHM_STATE_WATCHED);
	add_flag(out, entry->state & KSHM_STATE_STALE);
	add_flag(out, entry->state & KSHM_STATE_REVOKED);
	add_flag(out, entry->flags & KSHM_HANDLE_OPENER_GONE);
	add_flag(out, entry->flags & KSHM_HANDLE_DEVICE_GONE);
}

/*
 * A handle is a line of a table only if it has no regions, whose lines say the same of
 * it. That of this very command is none that anybody asks for.
 */
static bool wanted(struct kshm_handle_info *const *list)
{
	const struct kshm_handle_info *entry = list[0], *next = list[1];

	if (entry->pid == (__u32)getpid())
		return false;
	return json || entry->region || !next || next->handle != entry->handle;
}

static void show(struct kshm_handle_info **list)
{
	struct output *out = output_begin("handles", handle_columns);
	size_t shown = 0;

	for (; *list; list++) {
		if (!wanted(list))
			continue;
		add_entry(out, *list);
		shown++;
	}
	output_end(out);
	if (!shown && !json)
		fprintf(stderr, "kshmctl: there are no handles that you may see\n");
}

int handle_list(const struct command *command, int argc, char **argv)
{
	const struct arguments none = { };
	struct kshm_handle_info **list;
	struct kshm_explanation why;
	struct kshm_handle *handle;
	char text[512];
	int nr;

	parse_arguments(command, argc, argv, &none);
	/* The one that everybody may open. */
	nr = kshm_open(&handle, "null", KSHM_OPEN_READ);
	if (nr)
		return no_device("null", KSHM_OPEN_READ, nr);
	nr = kshm_handle_list(handle, &list, &why);
	kshm_close(handle);
	if (nr < 0) {
		kshm_explain(&why, text, sizeof(text));
		return complain(nr, "%s", text);
	}
	show(list);
	kshm_handle_list_free(list);
	return STATUS_OK;
}

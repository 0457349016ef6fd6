// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - section list, section show
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kshmctl.h"
#include "output.h"
#include "section.h"

/* Since Linux 6.3. */
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC	0x0020
#endif

static const struct output_column section_columns[] = {
	{ "NAME", OUTPUT_NAME },
	{ "SIZE", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "SIZE", OUTPUT_NUMBER, OUTPUT_TABLE_ONLY },
	{ "OWNER", OUTPUT_TEXT },
	{ "UID", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "GROUP", OUTPUT_TEXT },
	{ "GID", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "MODE", OUTPUT_TEXT },
	{ "READABLE", OUTPUT_BOOLEAN, OUTPUT_JSON_ONLY },
	{ "WRITABLE", OUTPUT_BOOLEAN, OUTPUT_JSON_ONLY },
	{ "ACCESS", OUTPUT_TEXT, OUTPUT_TABLE_ONLY },
	{ "UNTIL", OUTPUT_TEXT },
	{ "STATE", OUTPUT_TEXT },
	{ "FILE_SIZE", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "OFFSET", OUTPUT_NUMBER, OUTPUT_JSON_ONLY },
	{ "SEALS", OUTPUT_NAME },
	{ }
};

/**
 * struct look - what the caller sees of a section
 * @readable: he may read it; all the rest is known of those only
 * @writable: he may write it
 * @seals: of its file, F_SEAL_*
 * @file_size: bytes of the file
 * @offset: where the section begins in that
 */
struct look {
	bool readable;
	bool writable;
	int seals;
	unsigned long long file_size;
	unsigned long long offset;
};

/* By trying: who is privileged the mode does not say. */
static void look_at(const struct kshm_handle *handle, const char *name,
		    struct look *look)
{
	struct kshm_section_info info;
	struct stat st;

	*look = (struct look){ 0 };
	if (!kshm_section_open(handle, name, KSHM_REGION_WRITE, 0, &info, NULL)) {
		look->writable = true;
		kshm_region_destroy(handle, info.id, 0, NULL);
	}
	if (kshm_section_open(handle, name, KSHM_REGION_READ, KSHM_NAME_FD, &info, NULL))
		return;
	kshm_region_destroy(handle, info.id, 0, NULL);
	look->seals = fcntl(info.fd, F_GET_SEALS);
	look->offset = info.offset;
	if (look->seals >= 0 && !fstat(info.fd, &st)) {
		look->readable = true;
		look->file_size = st.st_size;
	}
	close(info.fd);
}

/* A name, if there is one; in a table the number otherwise. */
static void add_owner(struct output *out, const char *name, __u32 number)
{
	if (name)
		output_cell(out, "%s", name);
	else if (json)
		output_nothing(out);
	else
		output_cell(out, "%u", number);
	output_cell(out, "%u", number);
}

static void add_access(struct output *out, const struct look *look)
{
	output_cell(out, "%d", look->readable);
	output_cell(out, "%d", look->writable);
	output_cell(out, "%s", look->readable && look->writable ? "read-write" :
		    look->readable ? "read" : look->writable ? "write" : "none");
}

static const char *state_of(const struct kshm_section_name *name)
{
	if (name->state & KSHM_STATE_REVOKED)
		return "revoked";
	return name->state & KSHM_STATE_STALE ? "stale" : "good";
}

static void add_seals(struct output *out, int seals)
{
	static const struct {
		int seal;
		const char *name;
	} names[] = {
		{ F_SEAL_SEAL, "seal" }, { F_SEAL_SHRINK, "shrink" },
		{ F_SEAL_GROW, "grow" }, { F_SEAL_WRITE, "write" },
		{ F_SEAL_FUTURE_WRITE, "future-write" }, { F_SEAL_EXEC, "exec" },
	};
	char text[64] = "";
	size_t i, used;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!(seals & names[i].seal))
			continue;
		used = strlen(text);
		snprintf(text + used, sizeof(text) - used, "%s%s", used ? "," : "",
			 names[i].name);
	}
	output_text(out, text);
}

static void add_file(struct output *out, const struct look *look)
{
	if (look->readable) {
		output_number(out, look->file_size);
		output_number(out, look->offset);
		add_seals(out, look->seals);
		return;
	}
	output_nothing(out);
	output_nothing(out);
	output_nothing(out);
}

static void add_section(struct output *out, const struct kshm_handle *handle,
			const struct kshm_section_name *name)
{
	const struct passwd *owner = getpwuid(name->uid);
	const struct group *group = getgrgid(name->gid);
	struct look look;
	char size[32];

	look_at(handle, name->name, &look);
	output_cell(out, "%s", name->name);
	output_number(out, name->len);
	output_cell(out, "%s", output_bytes(name->len, size, sizeof(size)));
	add_owner(out, owner ? owner->pw_name : NULL, name->uid);
	add_owner(out, group ? group->gr_name : NULL, name->gid);
	output_cell(out, "%04o", name->mode);
	add_access(out, &look);
	output_cell(out, "%s", name->flags & KSHM_NAME_UNTIL_CLOSE ? "closed" :
								     "removed");
	output_cell(out, "%s", state_of(name));
	add_file(out, &look);
}

/* All of them, or complains. */
static int names_of(const struct kshm_handle *handle,
		    struct kshm_section_name ***names)
{
	struct kshm_explanation why;
	char text[512];
	int nr = kshm_section_names(handle, names, &why);

	if (nr >= 0)
		return STATUS_OK;
	kshm_explain(&why, text, sizeof(text));
	return complain(nr, "%s", text);
}

static int list(const struct kshm_handle *handle)
{
	struct kshm_section_name **names;
	struct output *out;
	int ret = names_of(handle, &names);
	size_t i;

	if (ret)
		return ret;
	out = output_begin("sections", section_columns);
	for (i = 0; names[i]; i++)
		add_section(out, handle, names[i]);
	output_end(out);
	if (!i && !json)
		fprintf(stderr, "kshmctl: there are no sections\n");
	kshm_section_names_free(names);
	return STATUS_OK;
}

int section_list(const struct command *command, int argc, char **argv)
{
	const struct arguments none = { };
	struct kshm_handle *handle;
	int ret;

	parse_arguments(command, argc, argv, &none);
	ret = section_handle(&handle);
	if (ret)
		return ret;
	ret = list(handle);
	kshm_close(handle);
	return ret;
}

int section_print(const struct kshm_handle *handle, const char *name)
{
	struct kshm_section_name **names;
	struct output *out;
	int ret = names_of(handle, &names);
	size_t i = 0;

	if (ret)
		return ret;
	while (names[i] && strcmp(names[i]->name, name) != 0)
		i++;
	if (names[i]) {
		out = output_begin("sections", section_columns);
		add_section(out, handle, names[i]);
		output_end_record(out);
	} else {
		ret = section_failed(handle, name, -ENOENT, NULL);
	}
	kshm_section_names_free(names);
	return ret;
}

int section_show(const struct command *command, int argc, char **argv)
{
	const char *name;
	const struct arguments arguments = {
		.least = 1, .most = 1, .arguments = &name,
	};
	struct kshm_handle *handle;
	int ret;

	parse_arguments(command, argc, argv, &arguments);
	ret = section_handle(&handle);
	if (ret)
		return ret;
	ret = section_print(handle, name);
	kshm_close(handle);
	return ret;
}

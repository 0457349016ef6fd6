// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - the table of controls of a device
 *
 * Each control is a file controls/CODE of its device, made of lines KEY=value.
 * Keys that are not known here are a newer module's and passed over.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* An entry and what it points to, in one block. */
struct control {
	struct kshm_control_entry entry;
	char name[KSHM_NAME_SIZE];
	char context[16];
};

static const struct text_key {
	const char *name;
	size_t offset;
	size_t size;
} text_keys[] = {
	{ "NAME=", offsetof(struct control, name), KSHM_NAME_SIZE },
	{ "CONTEXT=", offsetof(struct control, context), 16 },
};

static const struct number_key {
	const char *name;
	size_t offset;
	__u64 max;
} number_keys[] = {
	{ "CODE=", offsetof(struct control, entry.code), UINT32_MAX },
	{ "METHOD=", offsetof(struct control, entry.method), UINT32_MAX },
	{ "ACCESS=", offsetof(struct control, entry.access), UINT32_MAX },
	{ "FLAGS=", offsetof(struct control, entry.flags), UINT32_MAX },
	{ "IN_MIN=", offsetof(struct control, entry.in_min), UINT64_MAX },
	{ "IN_MAX=", offsetof(struct control, entry.in_max), UINT64_MAX },
	{ "OUT_MIN=", offsetof(struct control, entry.out_min), UINT64_MAX },
	{ "OUT_MAX=", offsetof(struct control, entry.out_max), UINT64_MAX },
	{ "DATA_MIN=", offsetof(struct control, entry.data_min), UINT64_MAX },
	{ "DATA_MAX=", offsetof(struct control, entry.data_max), UINT64_MAX },
};

/* The value of @key, which ends in '=', and its length; NULL without one. */
static const char *find_value(const char *text, const char *key, size_t *length)
{
	while (*text) {
		*length = strcspn(text, "\n");
		if (!strncmp(text, key, strlen(key))) {
			*length -= strlen(key);
			return text + strlen(key);
		}
		text += *length;
		text += *text == '\n';
	}
	return NULL;
}

static int parse_text(struct control *control, const char *text,
		      const struct text_key *key)
{
	char *member = (char *)control + key->offset;
	const char *value;
	size_t length;

	value = find_value(text, key->name, &length);
	if (!value || !length || length >= key->size)
		return -EBADMSG;
	memcpy(member, value, length);
	member[length] = '\0';
	return 0;
}

static int parse_number(struct control *control, const char *text,
			const struct number_key *key)
{
	char *member = (char *)control + key->offset;
	unsigned long long number;
	const char *value;
	size_t length;
	char *end;

	value = find_value(text, key->name, &length);
	if (!value || !isdigit((unsigned char)*value))
		return -EBADMSG;
	errno = 0;
	number = strtoull(value, &end, 0);
	if (errno || end != value + length || number > key->max)
		return -EBADMSG;
	if (key->max == UINT32_MAX)
		*(__u32 *)member = number;
	else
		*(__u64 *)member = number;
	return 0;
}

/* Makes a struct kshm_control_entry of the text of its file, for free(). */
int kshm_table_parse(const char *text, void **item)
{
	struct control *control;
	int ret = 0;
	size_t i;

	control = calloc(1, sizeof(*control));
	if (!control)
		return -ENOMEM;
	for (i = 0; !ret && i < ARRAY_SIZE(text_keys); i++)
		ret = parse_text(control, text, &text_keys[i]);
	for (i = 0; !ret && i < ARRAY_SIZE(number_keys); i++)
		ret = parse_number(control, text, &number_keys[i]);
	if (ret < 0) {
		free(control);
		return ret;
	}
	control->entry.name = control->name;
	control->entry.context = control->context;
	*item = control;
	return 0;
}

static int make_control(int dir, const char *name, void **item)
{
	char text[KSHM_SYSFS_SIZE];
	int ret;

	ret = kshm_sysfs_read(dir, name, text, sizeof(text));
	if (ret < 0)
		return ret;
	return kshm_table_parse(text, item);
}

static int compare_codes(const void *one, const void *other)
{
	const struct control *a = *(void * const *)one;
	const struct control *b = *(void * const *)other;

	return (a->entry.code > b->entry.code) - (a->entry.code < b->entry.code);
}

KSHM_EXPORT int kshm_controls(const char *device,
			      struct kshm_control_entry ***controls)
{
	char path[sizeof(KSHM_SYSFS_CLASS "//controls") + KSHM_NAME_SIZE];
	void **items;
	int dir;
	int ret;

	if (!kshm_valid_name(device))
		return -EINVAL;
	snprintf(path, sizeof(path), KSHM_SYSFS_CLASS "/%s/controls", device);
	dir = kshm_sysfs_open(AT_FDCWD, path);
	if (dir < 0)
		return dir == -ENOENT && !kshm_loaded() ? -ENODEV : dir;
	ret = kshm_sysfs_list(dir, make_control, compare_codes, &items);
	if (ret >= 0)
		*controls = (struct kshm_control_entry **)items;
	return ret;
}

KSHM_EXPORT void kshm_controls_free(struct kshm_control_entry **controls)
{
	kshm_sysfs_list_free((void **)controls);
}

/* The entry of @name and @method among @controls. */
static int find_control(struct kshm_control_entry **controls, const char *name,
			int method, __u32 *code)
{
	const struct kshm_control_entry *found = NULL;

	for (; *controls; controls++) {
		if (strcmp((*controls)->name, name) != 0)
			continue;
		if (method != KSHM_METHOD_ANY &&
		    (*controls)->method != (__u32)method)
			continue;
		if (found)
			return -ENOTUNIQ;
		found = *controls;
	}
	if (!found)
		return -ENOENT;
	*code = found->code;
	return 0;
}

KSHM_EXPORT int kshm_lookup(const struct kshm_handle *handle, const char *name,
			    int method, __u32 *code)
{
	struct kshm_control_entry **controls;
	int ret;

	if (method != KSHM_METHOD_ANY &&
	    (method < 0 || !kshm_method_name(method)))
		return -EINVAL;
	ret = kshm_controls(handle->device, &controls);
	if (ret < 0)
		return ret == -ENOENT ? -ENODEV : ret;
	ret = find_control(controls, name, method, code);
	kshm_controls_free(controls);
	return ret;
}

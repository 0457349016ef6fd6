// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - names of sections, by which programs find them that are not related
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static_assert(sizeof(struct kshm_ioc_name_publish) == 104, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_name_open) == 112, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_name_remove) == 88, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_name_list) == 104, "the ABI of the module");
static_assert(sizeof(struct kshm_name_entry) == 128, "the ABI of the module");
static_assert(sizeof(struct kshm_section_info) == 48, "the ABI of the library");

/* As much of it as there is room for: the module tells one that is too long. */
static void put_name(char to[KSHM_SECTION_NAME_SIZE], const char *name)
{
	memcpy(to, name, strnlen(name, KSHM_SECTION_NAME_SIZE));
}

/* For the explanation, where a flag that is not known is not to be taken for a right. */
static __u32 rights_if_no_flag(const struct kshm_explain *explain, __u32 rights,
			       __u32 flags)
{
	bool flag = explain->check == KSHM_EXPLAIN_FLAGS && explain->needed & flags;

	return flag ? 0 : rights;
}

KSHM_EXPORT int kshm_section_publish(const struct kshm_handle *handle, __u32 id,
				     const char *name, unsigned int rights,
				     unsigned int mode, __u32 gid,
				     unsigned int flags,
				     struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_name_publish ioc = {
		.size = sizeof(ioc),
		.flags = flags,
		.id = id,
		.rights = rights,
		.gid = gid,
		.mode = mode,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	put_name(ioc.name, name);
	ret = kshm_ioctl(handle->fd, KSHM_IOC_NAME_PUBLISH, &ioc);
	kshm_explanation_of_region(explanation, handle, ret, &explain, id,
				   rights_if_no_flag(&explain, rights, flags));
	return ret;
}

KSHM_EXPORT int kshm_section_open(const struct kshm_handle *handle,
				  const char *name, unsigned int rights,
				  unsigned int flags,
				  struct kshm_section_info *info,
				  struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_name_open ioc = {
		.size = sizeof(ioc),
		.flags = flags,
		.rights = rights,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	put_name(ioc.name, name);
	ret = kshm_ioctl(handle->fd, KSHM_IOC_NAME_OPEN, &ioc);
	if (!ret)
		*info = (struct kshm_section_info){
			.id = ioc.out_id,
			.fd = ioc.out_fd,
			.offset = ioc.out_offset,
			.len = ioc.out_len,
		};
	kshm_explanation_of_region(explanation, handle, ret, &explain, 0,
				   rights_if_no_flag(&explain, rights, flags));
	return ret;
}

KSHM_EXPORT int kshm_section_unpublish(const struct kshm_handle *handle,
				       const char *name,
				       struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_name_remove ioc = {
		.size = sizeof(ioc),
		.explain = (uintptr_t)&explain,
	};
	int ret;

	put_name(ioc.name, name);
	ret = kshm_ioctl(handle->fd, KSHM_IOC_NAME_REMOVE, &ioc);
	kshm_explanation_of_region(explanation, handle, ret, &explain, 0, 0);
	return ret;
}

static int some(const struct kshm_handle *handle, struct kshm_told *told,
		struct kshm_explain *explain)
{
	struct kshm_ioc_name_list ioc = {
		.size = sizeof(ioc),
		.explain = (uintptr_t)explain,
	};
	struct kshm_name_entry *entries = told->entries;
	int ret;

	if (told->nr)
		put_name(ioc.after, entries[told->nr - 1].name);
	ioc.entries = (uintptr_t)&entries[told->nr];
	ioc.nr_entries = told->room - told->nr;
	ret = kshm_ioctl(handle->fd, KSHM_IOC_NAME_LIST, &ioc);
	if (ret)
		return ret;
	told->nr += ioc.out_nr;
	return ioc.out_more;
}

/* A name and its text, which are in one block. */
struct item {
	struct kshm_section_name name;
	char text[KSHM_SECTION_NAME_SIZE];
};

static void fill(void *to, const void *from)
{
	const struct kshm_name_entry *entry = from;
	struct item *item = to;

	memcpy(item->text, entry->name, sizeof(item->text));
	item->text[sizeof(item->text) - 1] = '\0';
	item->name = (struct kshm_section_name){
		.name = item->text,
		.flags = entry->flags,
		.rights = entry->rights,
		.uid = entry->uid,
		.gid = entry->gid,
		.mode = entry->mode,
		.state = entry->state,
		.len = entry->len,
	};
}

static const struct kshm_list name_list = {
	.entry_size = sizeof(struct kshm_name_entry),
	.item_size = sizeof(struct item),
	.some = some,
	.fill = fill,
};

KSHM_EXPORT int kshm_section_names(const struct kshm_handle *handle,
				   struct kshm_section_name ***names,
				   struct kshm_explanation *explanation)
{
	void *items;
	int ret = kshm_list_get(&name_list, handle, &items, explanation);

	if (ret >= 0)
		*names = items;
	return ret;
}

KSHM_EXPORT void kshm_section_names_free(struct kshm_section_name **names)
{
	free(names);
}

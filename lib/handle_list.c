// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - lists of handles: who has what pinned
 */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static_assert(sizeof(struct kshm_ioc_handle_list) == 56, "the ABI of the module");
static_assert(sizeof(struct kshm_handle_entry) == 144, "the ABI of the module");

/* Those that come next, at least one. Returns whether there are more, or -errno. */
static int list_some(const struct kshm_handle *handle, struct kshm_told *told,
		     struct kshm_explain *explain)
{
	struct kshm_ioc_handle_list ioc = {
		.size = sizeof(ioc),
		.explain = (uintptr_t)explain,
	};
	struct kshm_handle_entry *entries;
	int ret;

	ret = kshm_told_make_room(told);
	if (ret)
		return ret;
	entries = told->entries;
	if (told->nr) {
		ioc.after_handle = entries[told->nr - 1].handle;
		ioc.after_id = entries[told->nr - 1].id;
	}
	ioc.entries = (uintptr_t)&entries[told->nr];
	ioc.nr_entries = told->room - told->nr;
	ret = kshm_ioctl(handle->fd, KSHM_IOC_HANDLE_LIST, &ioc);
	if (ret)
		return ret;
	told->nr += ioc.out_nr;
	return ioc.out_more;
}

/* An entry, and its texts, which are in one block with the pointers to all of them. */
struct item {
	struct kshm_handle_info info;
	char device[KSHM_HANDLE_DEVICE_SIZE];
	char comm[KSHM_COMM_SIZE];
};

static void fill(struct item *item, const struct kshm_handle_entry *entry)
{
	memcpy(item->device, entry->device, sizeof(item->device));
	item->device[sizeof(item->device) - 1] = '\0';
	memcpy(item->comm, entry->comm, sizeof(item->comm));
	item->comm[sizeof(item->comm) - 1] = '\0';
	item->info = (struct kshm_handle_info){
		.device = item->device,
		.comm = item->comm,
		.handle = entry->handle,
		.region = entry->region,
		.id = entry->id,
		.flags = entry->flags,
		.rights = entry->rights,
		.state = entry->state,
		.holds = entry->holds,
		.uses = entry->uses,
		.pid = entry->pid,
		.uid = entry->uid,
		.len = entry->len,
		.pages = entry->pages,
		.age = entry->age,
	};
}

static int make_list(const struct kshm_told *told, struct kshm_handle_info ***list)
{
	const struct kshm_handle_entry *entries = told->entries;
	struct kshm_handle_info **made;
	struct item *items;
	void *block;
	size_t i;

	made = kshm_list_alloc(told->nr, sizeof(*items), &block);
	if (!made)
		return -ENOMEM;
	items = block;
	for (i = 0; i < told->nr; i++) {
		fill(&items[i], &entries[i]);
		made[i] = &items[i].info;
	}
	made[told->nr] = NULL;
	*list = made;
	return told->nr;
}

KSHM_EXPORT int kshm_handle_list(const struct kshm_handle *handle,
				 struct kshm_handle_info ***list,
				 struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_told told = { .size = sizeof(struct kshm_handle_entry) };
	int ret;

	do
		ret = list_some(handle, &told, &explain);
	while (ret > 0);
	if (!ret)
		ret = make_list(&told, list);
	free(told.entries);
	kshm_explanation_of_region(explanation, handle, ret < 0 ? ret : 0, &explain, 0,
				   0);
	return ret;
}

KSHM_EXPORT void kshm_handle_list_free(struct kshm_handle_info **list)
{
	free(list);
}

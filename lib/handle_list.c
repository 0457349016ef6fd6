// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - lists of handles: who has what pinned
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static_assert(sizeof(struct kshm_ioc_handle_list) == 56, "the ABI of the module");
static_assert(sizeof(struct kshm_handle_entry) == 144, "the ABI of the module");

static int some(const struct kshm_handle *handle, struct kshm_told *told,
		struct kshm_explain *explain)
{
	struct kshm_ioc_handle_list ioc = {
		.size = sizeof(ioc),
		.explain = (uintptr_t)explain,
	};
	struct kshm_handle_entry *entries = told->entries;
	int ret;

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

/* An entry and its texts, which are in one block with it. */
struct item {
	struct kshm_handle_info info;
	char device[KSHM_HANDLE_DEVICE_SIZE];
	char comm[KSHM_COMM_SIZE];
};

static void fill(void *to, const void *from)
{
	const struct kshm_handle_entry *entry = from;
	struct item *item = to;

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
		.charged_uid = entry->charged_uid,
		.len = entry->len,
		.pages = entry->pages,
		.age = entry->age,
	};
}

static const struct kshm_list handle_list = {
	.entry_size = sizeof(struct kshm_handle_entry),
	.item_size = sizeof(struct item),
	.some = some,
	.fill = fill,
};

KSHM_EXPORT int kshm_handle_list(const struct kshm_handle *handle,
				 struct kshm_handle_info ***list,
				 struct kshm_explanation *explanation)
{
	void *items;
	int ret = kshm_list_get(&handle_list, handle, &items, explanation);

	if (ret >= 0)
		*list = items;
	return ret;
}

KSHM_EXPORT void kshm_handle_list_free(struct kshm_handle_info **list)
{
	free(list);
}

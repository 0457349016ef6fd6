// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - lists that the module tells call by call, and that callers get in one block
 */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

/* For one more entry of @size bytes at least: 0, or -ENOMEM. */
static int make_room(struct kshm_told *told, size_t size)
{
	size_t room = told->room ? 2 * told->room : 32;
	void *entries;

	if (told->nr < told->room)
		return 0;
	entries = reallocarray(told->entries, room, size);
	if (!entries)
		return -ENOMEM;
	told->entries = entries;
	told->room = room;
	return 0;
}

/*
 * The pointers to the items and a NULL, and behind them the items, all in one block,
 * which *@items gets. Returns how many there are, or -ENOMEM.
 */
static int make_items(const struct kshm_list *list, const struct kshm_told *told,
		      void **items)
{
	/* Of an even number, behind which the items are aligned. */
	const size_t pointers = (told->nr + 2) & ~(size_t)1;
	const char *entry = told->entries;
	void **made;
	char *item;
	size_t i;

	made = malloc(pointers * sizeof(*made) + told->nr * list->item_size);
	if (!made)
		return -ENOMEM;
	item = (char *)&made[pointers];
	for (i = 0; i < told->nr; i++) {
		list->fill(item, entry);
		made[i] = item;
		item += list->item_size;
		entry += list->entry_size;
	}
	made[told->nr] = NULL;
	*items = made;
	return told->nr;
}

/*
 * *@items is for free(), and changed by success alone. Returns how many there are,
 * or -errno.
 */
int kshm_list_get(const struct kshm_list *list, const struct kshm_handle *handle,
		  void **items, struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_told told = { };
	int ret;

	do {
		ret = make_room(&told, list->entry_size);
		if (!ret)
			ret = list->some(handle, &told, &explain);
	} while (ret > 0);
	if (!ret)
		ret = make_items(list, &told, items);
	free(told.entries);
	kshm_explanation_of_region(explanation, handle, ret < 0 ? ret : 0, &explain, 0,
				   0);
	return ret;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - lists that the module tells call by call, and that callers get in one block
 */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

/* For one more entry at least: 0, or -ENOMEM. */
int kshm_told_make_room(struct kshm_told *told)
{
	size_t room = told->room ? 2 * told->room : 32;
	void *entries;

	if (told->nr < told->room)
		return 0;
	entries = reallocarray(told->entries, room, told->size);
	if (!entries)
		return -ENOMEM;
	told->entries = entries;
	told->room = room;
	return 0;
}

/*
 * For @nr pointers and a NULL, and behind them as many items of @size bytes, which
 * *@items gets, all in one block; or NULL.
 */
void *kshm_list_alloc(size_t nr, size_t size, void **items)
{
	/* Of an even number, behind which the items are aligned. */
	const size_t pointers = (nr + 2) & ~(size_t)1;
	char *list = malloc(pointers * sizeof(void *) + nr * size);

	if (list)
		*items = list + pointers * sizeof(void *);
	return list;
}

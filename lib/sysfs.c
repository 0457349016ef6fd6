// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - reading what the module shows in sysfs
 *
 * Devices come and go while they are read: a file or directory that has
 * vanished is -ENOENT, a file that is held open while its device goes -ENODEV.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "internal.h"

/* Opens a directory. With @dir AT_FDCWD @path is absolute. */
int kshm_sysfs_open(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Reads a whole file and ends it with a NUL; what does not fit is -EBADMSG. */
int kshm_sysfs_read(int dir, const char *path, char *text, size_t size)
{
	size_t length = 0;
	int ret = -EBADMSG;
	ssize_t got;
	int fd;

	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (length < size) {
		got = read(fd, text + length, size - length);
		if (got <= 0) {
			ret = got < 0 ? -errno : 0;
			text[length] = '\0';
			break;
		}
		length += got;
	}
	close(fd);
	return ret;
}

/* Pointers to blocks of one malloc() each, and a NULL after the last. */
struct list {
	void **items;
	size_t count;
	size_t room;
};

static int list_grow(struct list *list)
{
	size_t room = list->room ? list->room * 2 : 16;
	void **items = reallocarray(list->items, room, sizeof(*items));

	if (!items)
		return -ENOMEM;
	list->items = items;
	list->room = room;
	items[list->count] = NULL;
	return 0;
}

static int list_add(struct list *list, void *item)
{
	int ret = 0;

	if (list->count + 1 == list->room)
		ret = list_grow(list);
	if (ret < 0)
		return ret;
	list->items[list->count++] = item;
	list->items[list->count] = NULL;
	return 0;
}

static int list_entries(struct list *list, DIR *stream,
			int (*make)(int dir, const char *name, void **item))
{
	struct dirent *entry;
	void *item;
	int ret;

	for (;;) {
		errno = 0;
		entry = readdir(stream);
		if (!entry)
			return -errno;
		if (!kshm_valid_name(entry->d_name))
			continue;
		ret = make(dirfd(stream), entry->d_name, &item);
		if (ret == -ENOENT || ret == -ENODEV)
			continue;
		if (ret < 0)
			return ret;
		ret = list_add(list, item);
		if (ret < 0) {
			free(item);
			return ret;
		}
	}
}

/*
 * Calls @make for each entry of the directory @dir and gives the items sorted
 * by @compare, which gets pointers to two of them. An entry that has vanished
 * when @make looks at it is left out. Closes @dir. Returns the number of items
 * or -errno; the items are the caller's, for kshm_sysfs_list_free().
 */
int kshm_sysfs_list(int dir,
		    int (*make)(int dir, const char *name, void **item),
		    int (*compare)(const void *one, const void *other),
		    void ***items)
{
	struct list list = { 0 };
	DIR *stream;
	int ret;

	stream = fdopendir(dir);
	if (!stream) {
		ret = -errno;
		close(dir);
		return ret;
	}
	ret = list_grow(&list);
	if (!ret)
		ret = list_entries(&list, stream, make);
	closedir(stream);
	if (ret < 0) {
		kshm_sysfs_list_free(list.items);
		return ret;
	}
	qsort(list.items, list.count, sizeof(*list.items), compare);
	*items = list.items;
	return list.count;
}

void kshm_sysfs_list_free(void **items)
{
	void **item;

	for (item = items; item && *item; item++)
		free(*item);
	free(items);
}

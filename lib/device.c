// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - the list of devices
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* An entry and what it points to, in one block. */
struct device {
	struct kshm_device_entry entry;
	char name[KSHM_NAME_SIZE];
	char owner[64];		/* the kernel's module names are shorter */
	char path[sizeof(KSHM_DEV_DIR) + KSHM_NAME_SIZE];
};

static int read_device(struct device *device, int class, const char *name)
{
	char text[KSHM_SYSFS_SIZE];
	char path[KSHM_NAME_SIZE + sizeof("/owner")];
	int ret;

	snprintf(device->name, sizeof(device->name), "%s", name);
	snprintf(device->path, sizeof(device->path), KSHM_DEV_DIR "%s",
		 device->name);

	snprintf(path, sizeof(path), "%s/dev", device->name);
	ret = kshm_sysfs_read(class, path, text, sizeof(text));
	if (ret < 0)
		return ret;
	if (sscanf(text, "%u:%u", &device->entry.major,
		   &device->entry.minor) != 2)
		return -EBADMSG;

	snprintf(path, sizeof(path), "%s/owner", device->name);
	ret = kshm_sysfs_read(class, path, text, sizeof(text));
	if (ret < 0)
		return ret;
	if (sscanf(text, "%63s", device->owner) != 1)
		return -EBADMSG;

	device->entry.name = device->name;
	device->entry.owner = device->owner;
	device->entry.path = device->path;
	return 0;
}

static int make_device(int class, const char *name, void **item)
{
	struct device *device;
	int ret;

	device = calloc(1, sizeof(*device));
	if (!device)
		return -ENOMEM;
	ret = read_device(device, class, name);
	if (ret < 0) {
		free(device);
		return ret;
	}
	*item = device;
	return 0;
}

static int compare_names(const void *one, const void *other)
{
	const struct device *a = *(void * const *)one;
	const struct device *b = *(void * const *)other;

	return strcmp(a->name, b->name);
}

KSHM_EXPORT int kshm_devices(struct kshm_device_entry ***devices)
{
	void **items;
	int class;
	int ret;

	class = kshm_sysfs_open(AT_FDCWD, KSHM_SYSFS_CLASS);
	if (class < 0)
		return class == -ENOENT ? -ENODEV : class;
	ret = kshm_sysfs_list(class, make_device, compare_names, &items);
	if (ret >= 0)
		*devices = (struct kshm_device_entry **)items;
	return ret;
}

KSHM_EXPORT void kshm_devices_free(struct kshm_device_entry **devices)
{
	kshm_sysfs_list_free((void **)devices);
}

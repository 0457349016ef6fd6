// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - handles: open devices
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

#define NAME_CHARACTERS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

bool kshm_loaded(void)
{
	return access(KSHM_SYSFS_CLASS, F_OK) == 0;
}

/* The names that the module registers; no path leads elsewhere with them. */
bool kshm_valid_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length < KSHM_NAME_SIZE &&
	       name[0] != '.' && name[0] != '-' &&
	       strspn(name, NAME_CHARACTERS) == length;
}

/* The path of a device that is given as kshm_open() takes it. */
int kshm_device_path(const char *device, char *path, size_t size)
{
	bool is_path = strchr(device, '/');

	if (!is_path && !kshm_valid_name(device))
		return -EINVAL;
	if (is_path && strlen(device) >= size)
		return -ENAMETOOLONG;
	snprintf(path, size, "%s%s", is_path ? "" : KSHM_DEV_DIR, device);
	return 0;
}

int kshm_ioctl(int fd, unsigned long command, void *arg)
{
	return ioctl(fd, command, arg) < 0 ? -errno : 0;
}

KSHM_EXPORT int kshm_open_fd(struct kshm_handle **handle, int fd)
{
	struct kshm_handle *new;
	struct kshm_info info;
	int ret;

	ret = kshm_query(fd, &info);
	if (ret < 0)
		return ret;

	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	new->fd = fd;
	new->page_size = info.page_size;
	memcpy(new->device, info.device, sizeof(new->device));
	*handle = new;
	return 0;
}

/*
 * A descriptor of what is at a path. Anything but a character device is turned
 * down before it is opened: opening a pipe would wait for its other end.
 */
int kshm_open_path(const char *path, unsigned int access)
{
	static const int modes[] = {
		[KSHM_OPEN_READ] = O_RDONLY,
		[KSHM_OPEN_WRITE] = O_WRONLY,
		[KSHM_OPEN_READ | KSHM_OPEN_WRITE] = O_RDWR,
	};
	struct stat st;
	int fd;

	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISCHR(st.st_mode))
		return -ENOTTY;
	fd = open(path, modes[access] | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0)
		return fd;
	/* A node that outlived its device. */
	return errno == ENXIO ? -ENODEV : -errno;
}

KSHM_EXPORT int kshm_open(struct kshm_handle **handle, const char *device,
			  unsigned int access)
{
	char path[4096];
	int fd;
	int ret;

	if (!access || access & ~(KSHM_OPEN_READ | KSHM_OPEN_WRITE))
		return -EINVAL;
	ret = kshm_device_path(device, path, sizeof(path));
	if (ret < 0)
		return ret;

	fd = kshm_open_path(path, access);
	if (fd == -ENOENT && !kshm_loaded())
		return -ENODEV;
	if (fd < 0)
		return fd;
	ret = kshm_open_fd(handle, fd);
	if (ret < 0)
		close(fd);
	return ret;
}

KSHM_EXPORT void kshm_close(struct kshm_handle *handle)
{
	if (!handle)
		return;
	close(handle->fd);
	free(handle);
}

KSHM_EXPORT int kshm_fd(const struct kshm_handle *handle)
{
	return handle->fd;
}

KSHM_EXPORT const char *kshm_device(const struct kshm_handle *handle)
{
	return handle->device;
}

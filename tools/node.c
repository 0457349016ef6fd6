// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - devices by the paths of their nodes
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "kshmctl.h"

static bool is_node_of(const struct stat *st,
		       const struct kshm_device_entry *device)
{
	return S_ISCHR(st->st_mode) &&
	       st->st_rdev == makedev(device->major, device->minor);
}

/* The name of the device whose node is at a path, wherever that is. */
static int name_of_node(const char *path, char *name, size_t size)
{
	struct kshm_device_entry **devices;
	int nr = kshm_devices(&devices), ret = -ENOTTY, i;
	struct stat st;

	if (nr < 0)
		return nr;
	if (stat(path, &st))
		ret = -errno;
	for (i = 0; ret == -ENOTTY && i < nr; i++) {
		if (!is_node_of(&st, devices[i]))
			continue;
		snprintf(name, size, "%s", devices[i]->name);
		ret = 0;
	}
	kshm_devices_free(devices);
	return ret;
}

int controls_of(const char *device, struct kshm_control_entry ***controls)
{
	char name[KSHM_NAME_SIZE];
	int ret;

	if (!strchr(device, '/'))
		return kshm_controls(device, controls);
	ret = name_of_node(device, name, sizeof(name));
	return ret < 0 ? ret : kshm_controls(name, controls);
}

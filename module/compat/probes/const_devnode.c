// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - probe: device_type.devnode() takes a const device
 */
#include <linux/device.h>

char *probe(const struct device *dev, umode_t *mode, kuid_t *uid, kgid_t *gid);

struct device_type probe_type = {
	.devnode = probe,
};

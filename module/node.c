// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - device nodes: where they are, and who may open them
 *
 * The parameters are for a machine without a udev rule. They act on nodes as
 * these are made, so they are given with insmod and cannot be changed later.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/uidgid.h>

#include "device.h"

/* Octal with or without a 0 before it, as chmod takes it. */
static int set_mode(const char *text, const struct kernel_param *param)
{
	unsigned int mode;

	/* devtmpfs takes 0 for "not said" and makes it 0600. */
	if (kstrtouint(text, 8, &mode) || !mode || mode & ~0777) {
		pr_err("mode=%s: not permission bits in octal, like 0660\n",
		       text);
		return -EINVAL;
	}
	*(unsigned int *)param->arg = mode;
	return 0;
}

static int get_mode(char *buf, const struct kernel_param *param)
{
	return sysfs_emit(buf, "0%o\n", *(unsigned int *)param->arg);
}

static const struct kernel_param_ops mode_ops = {
	.set = set_mode,
	.get = get_mode,
};

static unsigned int node_mode = 0660;
module_param_cb(mode, &mode_ops, &node_mode, 0444);
MODULE_PARM_DESC(mode, "mode of device nodes whose driver names none, in octal (default: 0660)");

static int set_gid(const char *text, const struct kernel_param *param)
{
	unsigned int gid;

	if (kstrtouint(text, 10, &gid) || !gid_valid(KGIDT_INIT(gid))) {
		pr_err("gid=%s: not the number of a group; `id -g` tells that of a user\n",
		       text);
		return -EINVAL;
	}
	*(unsigned int *)param->arg = gid;
	return 0;
}

static const struct kernel_param_ops gid_ops = {
	.set = set_gid,
	.get = param_get_uint,
};

static unsigned int node_gid;
module_param_cb(gid, &gid_ops, &node_gid, 0444);
MODULE_PARM_DESC(gid, "group of device nodes, by number (default: 0, root)");

/**
 * kshm_node_name() - a device_type's devnode()
 * @dev: the device
 * @mode: gets the mode of its node; NULL when the node is being removed
 * @uid: stays root
 * @gid: gets the group of its node; NULL like @mode
 *
 * Called by devtmpfs, and for the uevent that udev acts on.
 *
 * Return: the name below /dev, for the caller to kfree(), or NULL.
 */
char *kshm_node_name(KSHM_DEVNODE_CONST struct device *dev, umode_t *mode,
		     kuid_t *uid, kgid_t *gid)
{
	const struct kshm_device *kdev =
		container_of(dev, struct kshm_device, dev);

	if (mode)
		*mode = kdev->ops->mode ?: node_mode;
	if (gid)
		*gid = KGIDT_INIT(node_gid);
	return kasprintf(GFP_KERNEL, "kshm/%s", dev_name(dev));
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what sysfs shows of a device
 *
 * /sys/class/kshm/NAME/owner is the driver's module. controls/ has one file for
 * each row of the table, named by its code, so that anybody can see what a
 * device offers without the right to open it.
 */
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "device.h"

/**
 * struct kshm_control_file - the file of one row
 * @attr: as sysfs wants it
 * @control: the row; sysfs is taken down before the table goes
 * @name: of the file: the code in hexadecimal
 */
struct kshm_control_file {
	struct device_attribute attr;
	const struct kshm_control *control;
	char name[9];
};

static ssize_t owner_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct kshm_device *kdev = container_of(dev, struct kshm_device, dev);

	return sysfs_emit(buf, "%s\n", module_name(kdev->ops->owner));
}
static DEVICE_ATTR_RO(owner);

static struct attribute *device_attrs[] = {
	&dev_attr_owner.attr,
	NULL
};

static const struct attribute_group device_group = {
	.attrs = device_attrs,
};

static ssize_t control_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	static const char * const contexts[] = {
		[KSHM_CONTEXT_CALLER] = "caller",
		[KSHM_CONTEXT_WORKER] = "worker",
		[KSHM_CONTEXT_SOFTIRQ] = "softirq",
		[KSHM_CONTEXT_HARDIRQ] = "hardirq",
	};
	const struct kshm_control *c =
		container_of(attr, struct kshm_control_file, attr)->control;

	return sysfs_emit(buf,
			  "NAME=%s\nCODE=0x%08x\nMETHOD=%u\nACCESS=%u\n"
			  "CONTEXT=%s\nFLAGS=%u\nIN_MIN=%zu\nIN_MAX=%zu\n"
			  "OUT_MIN=%zu\nOUT_MAX=%zu\nDATA_MIN=%zu\nDATA_MAX=%zu\n",
			  c->name, c->code, KSHM_CODE_METHOD(c->code),
			  KSHM_CODE_ACCESS(c->code), contexts[c->context],
			  c->flags, c->in_min, c->in_max, c->out_min, c->out_max,
			  c->data_min, c->data_max);
}

static void setup_file(struct kshm_control_file *file,
		       const struct kshm_control *control)
{
	snprintf(file->name, sizeof(file->name), "%08x", control->code);
	file->control = control;
	sysfs_attr_init(&file->attr.attr);
	file->attr.attr.name = file->name;
	file->attr.attr.mode = 0444;
	file->attr.show = control_show;
}

int kshm_sysfs_setup(struct kshm_device *dev)
{
	unsigned int i, nr = dev->ops->nr_controls;
	struct attribute **attrs;

	dev->files = kcalloc(nr, sizeof(*dev->files), GFP_KERNEL);
	attrs = kcalloc(nr + 1, sizeof(*attrs), GFP_KERNEL);
	dev->controls.attrs = attrs;
	if (!dev->files || !attrs)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		setup_file(&dev->files[i], &dev->ops->controls[i]);
		attrs[i] = &dev->files[i].attr.attr;
	}
	dev->controls.name = "controls";
	dev->groups[0] = &device_group;
	dev->groups[1] = &dev->controls;
	dev->dev.groups = dev->groups;
	return 0;
}

void kshm_sysfs_free(struct kshm_device *dev)
{
	kfree(dev->controls.attrs);
	kfree(dev->files);
}

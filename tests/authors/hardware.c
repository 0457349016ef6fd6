// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: the hardware, which is none
 *
 * Writing N to the parameter "plugged" makes platform devices kshm_lesson.0 to
 * N-1 and takes away what is more.
 */
#include <linux/mutex.h>
#include <linux/platform_device.h>

#include "handlers.h"

#define MOST	4U

static struct platform_device *plugged[MOST];
static unsigned int nr_plugged;
static DEFINE_MUTEX(plug_lock);		/* of both */

static int plug(unsigned int wanted)
{
	struct platform_device *pdev;

	while (nr_plugged > wanted)
		platform_device_unregister(plugged[--nr_plugged]);
	while (nr_plugged < wanted) {
		pdev = platform_device_register_simple("kshm_lesson", nr_plugged,
						       NULL, 0);
		if (IS_ERR(pdev))
			return PTR_ERR(pdev);
		plugged[nr_plugged++] = pdev;
	}
	return 0;
}

static int set_plugged(const char *value, const struct kernel_param *param)
{
	unsigned int wanted;
	int ret = kstrtouint(value, 0, &wanted);

	if (ret || wanted > MOST)
		return ret ?: -EINVAL;
	mutex_lock(&plug_lock);
	ret = plug(wanted);
	mutex_unlock(&plug_lock);
	return ret;
}

static const struct kernel_param_ops plugged_ops = {
	.set = set_plugged,
};
module_param_cb(plugged, &plugged_ops, NULL, 0200);
MODULE_PARM_DESC(plugged, "devices that are there");

void lesson_unplug_all(void)
{
	mutex_lock(&plug_lock);
	plug(0);
	mutex_unlock(&plug_lock);
}

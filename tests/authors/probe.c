// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: a device for each piece of
 * hardware, as long as it is there
 */
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "handlers.h"

static void unregister(void *dev)
{
	kshm_device_unregister(dev);
}

static int lesson_probe(struct platform_device *pdev)
{
	struct kshm_device *dev;
	struct lesson *lesson;

	lesson = devm_kzalloc(&pdev->dev, sizeof(*lesson), GFP_KERNEL);
	if (!lesson)
		return -ENOMEM;
	init_waitqueue_head(&lesson->wait);

	/* Last, for requests come from now on. */
	dev = kshm_device_register(&pdev->dev, &lesson_ops, lesson, "lesson%d",
				   pdev->id);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	return devm_add_action_or_reset(&pdev->dev, unregister, dev);
}

static struct platform_driver lesson_driver = {
	.probe = lesson_probe,
	.driver = { .name = "kshm_lesson" },
};

int lesson_driver_register(void)
{
	return platform_driver_register(&lesson_driver);
}

void lesson_driver_unregister(void)
{
	platform_driver_unregister(&lesson_driver);
}

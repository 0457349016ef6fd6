/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - tables of controls
 */
#ifndef KSHM_CONTROL_H
#define KSHM_CONTROL_H

#include <linux/kshm_driver.h>

struct kshm_explain;

bool kshm_name_ok(const char *name);
int kshm_controls_check(const struct kshm_device_ops *ops);

static inline const struct kshm_control *
kshm_control_find(const struct kshm_device_ops *ops, u32 code)
{
	unsigned int i;

	for (i = 0; i < ops->nr_controls; i++)
		if (ops->controls[i].code == code)
			return &ops->controls[i];
	return NULL;
}

int kshm_control_explain_unknown(const struct kshm_device_ops *ops, u32 code,
				 struct kshm_explain *why);

#endif /* KSHM_CONTROL_H */

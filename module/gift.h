/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - descriptors that a request gives to its caller
 */
#ifndef KSHM_GIFT_H
#define KSHM_GIFT_H

#include <linux/types.h>

struct kshm_gift;

void kshm_gifts_end(struct kshm_gift *gift, bool succeeded);

#endif /* KSHM_GIFT_H */

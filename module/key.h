/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - keys: numbers that nobody guesses, which lead to regions
 */
#ifndef KSHM_KEY_H
#define KSHM_KEY_H

#include <linux/kshm.h>
#include <linux/types.h>

struct kshm_key;
struct kshm_region;

void kshm_key_init(void);

int kshm_key_make(struct kshm_key **slot, struct kshm_region *region, u32 rights,
		  bool any_uid, struct kshm_region_key *bytes);
void kshm_key_publish(struct kshm_key **slot);
void kshm_key_abandon(struct kshm_key **slot);
bool kshm_key_remove(struct kshm_key **slot);

struct kshm_region *kshm_key_find(const struct kshm_region_key *bytes,
				  u32 *rights);

#endif /* KSHM_KEY_H */

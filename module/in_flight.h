/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - requests in flight: those of a handle that can last longer than their calls
 */
#ifndef KSHM_IN_FLIGHT_H
#define KSHM_IN_FLIGHT_H

#include <linux/types.h>

struct kshm_explain;
struct kshm_handle;
struct kshm_pended;

/**
 * struct kshm_place - where a request is among those of its handle
 * @user_data: of its caller; that comes first
 * @number: of those with the same, in the order in which they came
 */
struct kshm_place {
	u64 user_data;
	u64 number;
};

int kshm_in_flight_add(struct kshm_handle *handle, struct kshm_pended *pended,
		       struct kshm_explain *why);
struct kshm_pended *kshm_in_flight_find(struct kshm_handle *handle,
					const struct kshm_place *place);
void kshm_in_flight_remove(struct kshm_pended *pended);
void kshm_in_flight_put(struct kshm_pended *pended);

#endif /* KSHM_IN_FLIGHT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - memory between guards: bytes before and behind it, to see whether somebody wrote
 * there
 */
#ifndef KSHM_GUARD_H
#define KSHM_GUARD_H

#include <linux/types.h>

void *kshm_guard_alloc(size_t len, gfp_t gfp);
bool kshm_guard_whole(const void *buf, size_t len);
void kshm_guard_free(const void *buf);

#endif /* KSHM_GUARD_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: regions that are passed on, by descriptors and keys
 */
#ifndef FUZZ_SHARE_H
#define FUZZ_SHARE_H

#include "region.h"

struct region;
struct share;

extern const struct region_command share_commands[NR_OP_TYPES];

/* An id that a handle has got of a region, or of nobody knows which; @at: in the struct. */
void share_take_id(const struct op *op, struct region *region, __u32 id, size_t at);

/* What /proc says of a descriptor is what is known of it. */
void share_check_info(const struct share *share, const char *text);

#endif /* FUZZ_SHARE_H */

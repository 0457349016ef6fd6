/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: a part of a worker's memory that stays pinned from call to call
 */
#ifndef STRESS_REGION_H
#define STRESS_REGION_H

#include <stdbool.h>

#include "op.h"
#include "worker.h"

/*
 * The bytes of @s as a part of the worker's region, which is made anew if it has none
 * that they are in, or none that may be written where @op does that. A complaint, and
 * false, if that fails.
 */
bool region_find(struct worker *w, struct memory *m, struct span s, enum op op,
		 struct kshm_operand *operand);

/* The pages that @s is in, and those of @more bytes behind it. */
struct span region_pages(const struct memory *m, struct span s, size_t more);

/* Makes a region of them, of which @id is the handle's: 0 or -errno. */
int region_pin(int fd, const struct memory *m, struct span pages, bool writes, __u32 *id);

/* Lets go of it, if there is one. */
void region_drop(struct worker *w);

/*
 * Its memory is unmapped, by @unmap: then it is stale, unless it is of a section, whose
 * bytes are still there. A complaint if that is not so. Lets go of it.
 */
void region_outlive(struct worker *w, void (*unmap)(struct memory *m));

#endif /* STRESS_REGION_H */

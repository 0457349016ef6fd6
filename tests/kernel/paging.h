/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - where the pages of a process are, and what root can have done to them
 */
#ifndef PAGING_H
#define PAGING_H

#include <stdbool.h>
#include <linux/types.h>

/* Whether a page table leads to a page at @data, and whether it is in swap. */
bool is_present(const void *data);
bool is_swapped(const void *data);

/* The number of its frame; the page has to be there. For root. */
__u64 page_frame(const void *data);

/* Somewhere to swap to, some MiB, from here on and no longer. */
void swap_on(void);
void swap_off(void);

/*
 * The kernel is to find out anew which pages the process writes to, so that the next
 * write to each faults. Where it cannot do that nothing happens.
 */
void clear_soft_dirty(void);
bool has_soft_dirty(void);

#endif /* PAGING_H */

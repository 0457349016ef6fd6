/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - views: what drivers have of regions for longer than a request
 */
#ifndef KSHM_VIEW_H
#define KSHM_VIEW_H

#include <linux/types.h>

#include "holder.h"

struct kshm_region;
struct kshm_request;

/**
 * struct kshm_view - the bytes of a region that a driver has
 * @region: a reference, and a use, which keeps its pages
 * @first: number in the region's buffer of the first page
 * @end: of the first one behind; @first if there are no bytes
 * @data: the first byte, mapped; ZERO_SIZE_PTR if there is none
 * @len: bytes
 * @write: the driver may write to them
 * @made: the driver made the section, too
 * @holder: what is listed of it
 *
 * Nothing of it changes. Owned by the driver.
 */
struct kshm_view {
	struct kshm_region *region;
	unsigned long first;
	unsigned long end;
	void *data;
	size_t len;
	bool write;
	bool made;
	struct kshm_holder holder;
};

struct kshm_view *kshm_view_alloc(struct kshm_request *req,
				  struct kshm_region *region, bool write);

#endif /* KSHM_VIEW_H */

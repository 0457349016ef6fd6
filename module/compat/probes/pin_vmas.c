// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - probe: pin_user_pages() can tell the mappings of what it pins
 */
#include <linux/mm.h>

static long probe(unsigned long start, unsigned long nr, struct page **pages,
		  struct vm_area_struct **vmas)
{
	return pin_user_pages(start, nr, FOLL_LONGTERM, pages, vmas);
}

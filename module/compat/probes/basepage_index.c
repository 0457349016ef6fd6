// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - probe: huge pages of hugetlb are numbered by their own size
 */
#include <linux/pagemap.h>

pgoff_t probe(struct page *page);

pgoff_t probe(struct page *page)
{
	return hugetlb_basepage_index(page);
}

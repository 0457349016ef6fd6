// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: what a free page was left with
 */
#include <linux/gfp.h>
#include <linux/poison.h>

#include "test.h"

/* What nobody asked to be cleared is as it was when it was free. */
int test_poison(struct kshm_request *req)
{
	const u8 *page = (const u8 *)__get_free_page(GFP_KERNEL);
	u32 *poisoned = kshm_request_out(req);
	size_t i;

	test_count_call();
	if (!page)
		return -ENOMEM;
	*poisoned = 0;
	for (i = 0; i < PAGE_SIZE; i++)
		*poisoned += page[i] == PAGE_POISON;
	free_page((unsigned long)page);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*poisoned));
	return 0;
}

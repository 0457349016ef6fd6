// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what a list told: entry by entry, as many as there is room for
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/uaccess.h>

#include "explain.h"
#include "limits.h"
#include "listed.h"

/* @entries: address of @room entries of @size bytes; of those, a call tells a bound */
void kshm_listed_init(struct kshm_listed *listed, u64 entries, size_t size, u32 room)
{
	*listed = (struct kshm_listed){
		.to = u64_to_user_ptr(entries), .size = size,
		.room = min(room, KSHM_MAX_LISTED),
	};
}

/* Where there is no room any more, that there is another: 0 or -errno, explained. */
int kshm_listed_tell(struct kshm_listed *listed, const void *entry,
		     struct kshm_explain *why)
{
	void __user *to = listed->to;

	if (listed->nr == listed->room) {
		listed->more = true;
		return 0;
	}
	listed->to += listed->size;
	listed->nr++;
	if (copy_to_user(to, entry, listed->size))
		return kshm_explain_address(why, 0, (unsigned long)to,
					    listed->size, KSHM_NEED_WRITE);
	return 0;
}

/* Tells it in members @nr and @more of the struct @uarg of @size: 0 or -errno. */
int kshm_listed_end(const struct kshm_listed *listed, u32 __user *nr, u32 __user *more,
		    const void __user *uarg, size_t size, struct kshm_explain *why)
{
	if (!put_user(listed->nr, nr) && !put_user(listed->more, more))
		return 0;
	return kshm_explain_result(why, uarg, size);
}

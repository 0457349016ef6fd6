// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: files of memory that are attached
 */
#include <stddef.h>

#include "finding.h"
#include "known.h"
#include "known_file.h"
#include "known_share.h"
#include "promise.h"
#include "section.h"
#include "share.h"

static void make_attach(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->attach = (struct kshm_ioc_section_attach){
		.size = op->v[SIZE], .flags = op->v[SHARE_FLAGS], .fd = op->v[FROM],
		.rights = op->v[SHARE_RIGHTS], .offset = op->v[PART_OFFSET],
		.len = op->v[PART_LEN],
		.explain = thread_address(op->v[EXPLAIN], thread->own->why),
		.out_len = 0xa5a5a5a5a5a5a5a5, .out_id = 0xa5a5a5a5,
		.reserved = op->v[SHARE_RESERVED],
	};
}

/* The region, whose bytes are where the file is to be seen, as far as it is. */
static struct region region_of(const struct op *op, __u64 len)
{
	struct region region = {
		.len = len, .pages = len / 4096, .section = true, .has_ranges = true,
		.nr_ranges = 1, .offset = op->v[PART_OFFSET],
	};
	struct share share;

	if (!share_find(op->v[FROM], &share) || !share.file)
		return region;
	region.file = share.file;
	region.ranges[0].addr = file_view(share.file) + region.offset;
	region.ranges[0].len = len;
	region.has_place = region.offset <= FILE_VIEW && len <= FILE_VIEW - region.offset;
	return region;
}

/* Whole pages, of which there is one at least, and no more than can be locked. */
static bool check_len(const struct op *op, __u64 len)
{
	bool good = len && len % 4096 == 0 && len <= MAX_LOCKED_PAGES * 4096;

	if (!good || (known_is_sure() && len != promised_attach_len(op)))
		found("section-attach: out_len is %#llx of %#llx", len,
		      promised_attach_len(op));
	return good;
}

static void take_attach(struct thread *thread, const struct op *op)
{
	const struct kshm_ioc_section_attach *arg = &thread->own->call.attach;
	struct region region, *known = NULL;

	if (op->v[AT] == OWN) {
		thread->expected->call.attach.out_id = arg->out_id;
		thread->expected->call.attach.out_len = arg->out_len;
		region = region_of(op, arg->out_len);
		if (check_len(op, arg->out_len))
			known = known_region(&region);
	}
	share_take_id(op, known, arg->out_id,
		      offsetof(struct kshm_ioc_section_attach, out_id));
}

const struct region_command section_command = {
	.make = make_attach, .promised = promised_attach_error, .take = take_attach,
};

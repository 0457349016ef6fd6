// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of copies that cannot be: one errno, a true explanation, nothing copied
 */
#include <errno.h>
#include <sys/mman.h>

#include "copy_pair.h"
#include "harness.h"
#include "leak.h"

WITH_SET_UP(copy_of_what_is_not_inside)
{
	const struct { __u64 offset, len; } bad[] = {
		{ 0, a.len + 1 }, { 1, a.len }, { a.len, 1 }, { a.len + 1, 0 },
		{ 1, -1ULL }, { -1ULL, 1 }, { -1ULL, 0 }, { 0, -1ULL },
	};
	struct kshm_explain why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		why = refuses_piece(region_operand(from, bad[i].offset, bad[i].len),
				    region_operand(to, 0, bad[i].len), ERANGE,
				    KSHM_EXPLAIN_PART, READS(0));
		assert_int_equal(why.used, bad[i].offset);
		assert_int_equal(why.needed, bad[i].len);
		assert_int_equal(why.limit, a.len);
		refuses_piece(region_operand(from, 0, 1),
			      region_operand(to, bad[i].offset, bad[i].len),
			      ERANGE, KSHM_EXPLAIN_PART, WRITES(0));
	}
}

WITH_SET_UP(copy_without_the_right_to_it)
{
	__u32 written = region_make(fd, b.data, b.len, KSHM_REGION_WRITE);
	struct kshm_explain why;

	why = refuses_piece(region_operand(to, 0, 1), region_operand(from, 0, 1),
			    EACCES, KSHM_EXPLAIN_RIGHTS, WRITES(0));
	assert_int_equal(why.needed, KSHM_REGION_WRITE);
	assert_int_equal(why.used, KSHM_REGION_READ);
	assert_true(has_pattern(a.data, a.len, SEED));
	why = refuses_piece(region_operand(written, 0, 1), region_operand(to, 0, 1),
			    EACCES, KSHM_EXPLAIN_RIGHTS, READS(0));
	assert_int_equal(why.needed, KSHM_REGION_READ);
	refuses_piece(region_operand(written, 0, 0), region_operand(to, 0, 0),
		      EACCES, KSHM_EXPLAIN_RIGHTS, READS(0));
	region_destroy(fd, written);
}

WITH_SET_UP(copy_of_regions_that_are_not_there)
{
	__u32 gone = region_make(fd, a.data, a.len, KSHM_REGION_READ);
	int other = device_open("copy", O_RDWR);
	__u32 of_other = region_make(other, a.data, a.len, KSHM_REGION_READ);
	const __u32 ids[] = { 0, gone, of_other + 1000, ~0U };
	struct kshm_explain why;
	size_t i;

	region_destroy(fd, gone);
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		why = refuses_piece(region_operand(ids[i], 0, 1),
				    region_operand(to, 0, 1), ENOENT,
				    KSHM_EXPLAIN_REGION, READS(0));
		assert_int_equal(why.used, ids[i]);
	}
	/* The ids of one handle mean nothing to another. */
	set_piece(region_operand(to, 0, 1), region_operand(to, 1, 1));
	copy_refused(other, ENOENT, KSHM_EXPLAIN_REGION, READS(0));
	close(other);
}

WITH_SET_UP(copy_of_revoked_regions)
{
	region_revoke(fd, from);
	refuses_piece(region_operand(from, 0, 1), region_operand(to, 0, 1),
		      ESTALE, KSHM_EXPLAIN_REVOKED, READS(0));
	region_revoke(fd, to);
	refuses_piece(region_operand(to, 0, 0), region_operand(to, 0, 1),
		      ESTALE, KSHM_EXPLAIN_REVOKED, READS(0));
}

WITH_SET_UP(copy_of_stale_regions)
{
	struct kshm_explain why;

	assert_int_equal(madvise(a.data + page_size(), page_size(), MADV_DONTNEED), 0);
	/* Not of what was not touched. */
	copies_piece(region_operand(from, 0, page_size()),
		     region_operand(to, 0, page_size()));
	why = refuses_piece(region_operand(from, 0, a.len),
			    region_operand(to, 0, a.len), ESTALE,
			    KSHM_EXPLAIN_STALE, READS(0));
	assert_int_equal(why.addr, to_u64(a.data + page_size()));
}

/* The first that is bad, of many; none is copied, not even those before it. */
WITH_SET_UP(copy_names_the_piece_that_is_bad)
{
	const struct kshm_operand good[] = {
		region_operand(from, 0, 1), region_operand(from, 0, 1),
		region_operand(from, 0, 1),
	};
	const struct kshm_operand bad[] = {
		region_operand(to, 0, 1), region_operand(to, 1, 1),
		region_operand(to, b.len, 1), region_operand(0, 0, 1),
	};

	memset(b.data, 0xee, b.len);
	copy_set(good, 3, bad, 4);
	copy_refused(fd, ERANGE, KSHM_EXPLAIN_PART, WRITES(2));
	assert_int_equal(b.data[0], 0xee);
	copy.pieces[1].id = 0;
	copy_refused(fd, ENOENT, KSHM_EXPLAIN_REGION, READS(1));
}

WITH_SET_UP(copy_of_sides_that_differ)
{
	const struct kshm_operand twice[] = {
		region_operand(from, 0, 8), region_operand(from, 8, 1),
	};
	const struct kshm_operand once = region_operand(to, 0, 8);

	refuses_piece(twice[0], region_operand(to, 0, 7), EMSGSIZE, 0, 0);
	refuses_piece(twice[0], region_operand(to, 0, 9), EMSGSIZE, 0, 0);
	copy_set(twice, 2, &once, 1);
	copy_refused(fd, EMSGSIZE, 0, 0);
	copy_set(NULL, 0, &once, 1);
	copy_refused(fd, EMSGSIZE, 0, 0);
}

WITH_SET_UP(copy_malformed)
{
	const struct kshm_operand reads = region_operand(from, 0, 1);
	const struct kshm_operand writes = region_operand(to, 0, 1);
	struct kshm_ioc_control arg;

	set_piece(reads, writes);
	copy.head.flags = 1;
	copy_refused(fd, EOPNOTSUPP, 0, 0);
	set_piece(reads, writes);
	copy.head.reserved = 1;
	copy_refused(fd, EINVAL, 0, 0);
	set_piece(reads, writes);
	arg = copy_request();
	arg.in.len--;
	control_status(fd, &arg, -EINVAL);
	arg.in.len += 2;
	control_status(fd, &arg, -EINVAL);
	/* Their sum, cut down to 32 bits, would be right. */
	copy.head.nr_from = 0x80000001;
	copy.head.nr_to = 0x80000001;
	arg.in.len--;
	control_status(fd, &arg, -EINVAL);
	arg.in.len = sizeof(copy.head) - 1;
	control_error(fd, &arg, EMSGSIZE, KSHM_EXPLAIN_SHORT, KSHM_OPERAND_IN);
	arg = copy_request();
	arg.out.len--;
	arg.in.len = sizeof(copy.head);
	control_error(fd, &arg, EMSGSIZE, KSHM_EXPLAIN_SHORT, KSHM_OPERAND_OUT);
}

WITH_SET_UP(copy_of_other_kinds)
{
	struct kshm_operand odd = region_operand(from, 0, 1);
	struct kshm_explain why;

	odd.kind = KSHM_OPERAND_NONE;
	why = refuses_piece(odd, region_operand(to, 0, 1), EINVAL,
			    KSHM_EXPLAIN_KIND, READS(0));
	assert_int_equal(why.needed, KSHM_OPERAND_NONE);
	odd.kind = KSHM_OPERAND_REGION + 1;
	refuses_piece(region_operand(from, 0, 1), odd, EINVAL, KSHM_EXPLAIN_KIND,
		      WRITES(0));
	odd.kind = KSHM_OPERAND_USER;
	odd.id = 1;
	refuses_piece(region_operand(from, 0, 1), odd, EINVAL, KSHM_EXPLAIN_RESERVED,
		      WRITES(0));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(copy_of_what_is_not_inside),
	cmocka_unit_test(copy_without_the_right_to_it),
	cmocka_unit_test(copy_of_regions_that_are_not_there),
	cmocka_unit_test(copy_of_revoked_regions),
	cmocka_unit_test(copy_of_stale_regions),
	cmocka_unit_test(copy_names_the_piece_that_is_bad),
	cmocka_unit_test(copy_of_sides_that_differ),
	cmocka_unit_test(copy_malformed),
	cmocka_unit_test(copy_of_other_kinds),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

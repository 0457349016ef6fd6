// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of copies to and from the caller's own plain memory
 */
#include <errno.h>
#include <sys/mman.h>

#include "copy_pair.h"
#include "harness.h"
#include "leak.h"

WITH_SET_UP(copy_of_plain_memory_both_ways)
{
	const size_t len = a.len - page_size() - 5;

	memset(b.data, 0xee, b.len);
	copies_piece(user_operand(a.data + 3, len), region_operand(to, 7, len));
	wrote(7, 3, len);
	memset(b.data, 0xee, b.len);
	copies_piece(region_operand(from, 5, len), user_operand(b.data + 1, len));
	wrote(1, 5, len);
	/* Of none nobody looks at the address. */
	copies_piece(user_operand(NULL, 0), region_operand(to, 0, 0));
	copies_piece(region_operand(from, 0, 0), user_operand((void *)-1UL, 0));
}

/* More than is copied in one go. */
static void copy_of_much_plain_memory(void **state)
{
	struct buffer large = buffer_make(BUFFER_ANON, 5 << 19);
	struct buffer other = buffer_make(BUFFER_MEMFD, 5 << 19);
	__u32 id;

	fd = device_open("copy", O_RDWR);
	fill_pattern(large.data, large.len, SEED);
	id = region_make(fd, other.data, other.len, READ_WRITE);
	copies_piece(user_operand(large.data + 1, large.len - 1),
		     region_operand(id, 0, large.len - 1));
	assert_memory_equal(other.data, large.data + 1, large.len - 1);
	memset(large.data, 0, large.len);
	copies_piece(region_operand(id, 0, large.len - 1),
		     user_operand(large.data + 1, large.len - 1));
	assert_memory_equal(other.data, large.data + 1, large.len - 1);
	close(fd);
	buffer_free(&large);
	buffer_free(&other);
}

/* What is plain and what is not alternates, on one side. */
WITH_SET_UP(copy_of_plain_memory_beside_regions)
{
	const size_t page = page_size();
	unsigned char header[] = "header", end[9] = "", got[5] = "";
	const struct kshm_operand reads[] = {
		user_operand(header, 6), region_operand(from, page - 1, page + 2),
		user_operand(end, 0), user_operand("body", 4),
	};
	const struct kshm_operand there = region_operand(to, 1, page + 12);
	const struct kshm_operand back[] = {
		user_operand(end, 8), region_operand(to, page + 16, page - 1),
		user_operand(got, 5),
	};

	memset(b.data, 0xee, b.len);
	copy_set(reads, ARRAY_SIZE(reads), &there, 1);
	copy_works(fd, page + 12);
	assert_memory_equal(b.data + 1, "header", 6);
	assert_memory_equal(b.data + 7, a.data + page - 1, page + 2);
	assert_memory_equal(b.data + page + 9, "body\xee", 5);
	copy_set(&there, 1, back, ARRAY_SIZE(back));
	copy_works(fd, page + 12);
	assert_memory_equal(end, b.data + 1, 8);
	assert_memory_equal(b.data + page + 16, b.data + 9, page - 1);
	assert_memory_equal(got, b.data + page + 8, 5);
}

WITH_SET_UP(copy_of_plain_memory_on_both_sides)
{
	refuses_piece(user_operand(a.data, 1), user_operand(b.data, 1), EINVAL, 0, 0);
	refuses_piece(user_operand(a.data, 0), user_operand(b.data, 0), EINVAL, 0, 0);
}

WITH_SET_UP(copy_of_plain_memory_outside_of_user_space)
{
	const struct kshm_operand bad[] = {
		user_operand((void *)-4096UL, 1), user_operand(a.data, -1ULL),
		user_operand((void *)(1UL << 63), 8),
	};
	struct kshm_explain why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		why = refuses_piece(bad[i], region_operand(to, 0, bad[i].len), EFAULT,
				    KSHM_EXPLAIN_RANGE, READS(0));
		assert_int_equal(why.addr, bad[i].addr);
		refuses_piece(region_operand(from, 0, 1), bad[i], EFAULT,
			      KSHM_EXPLAIN_RANGE, WRITES(0));
	}
}

WITH_SET_UP(copy_of_plain_memory_that_is_not_there)
{
	struct kshm_explain why;

	set_piece(user_operand(NULL, 8), region_operand(to, 0, 8));
	why = copy_refused(fd, EFAULT, KSHM_EXPLAIN_ADDRESS, READS(0));
	assert_int_equal(why.addr, 0);
	assert_int_equal(why.mapping, KSHM_MAPPING_HOLE);
	assert_int_equal(mprotect(b.data, b.len, PROT_READ), 0);
	set_piece(region_operand(from, 0, 8), user_operand(b.data, 8));
	why = copy_refused(fd, EFAULT, KSHM_EXPLAIN_ADDRESS, WRITES(0));
	assert_int_equal(why.addr, to_u64(b.data));
	assert_int_equal(why.prot, KSHM_PROT_READ);
}

/* Behind each buffer is what cannot be touched. */
WITH_SET_UP(copy_of_plain_memory_that_ends)
{
	const size_t page = page_size();
	const struct kshm_operand reads[] = {
		region_operand(from, 0, 3), user_operand(a.data + page, a.len),
	};
	const struct kshm_operand writes = region_operand(to, 0, 3 + a.len);
	__u32 large;
	struct buffer c = buffer_make(BUFFER_ANON, b.len + page);
	struct kshm_explain why;

	large = region_make(fd, c.data, c.len, READ_WRITE);
	copy_set(reads, 2, &writes, 1);
	copy.pieces[2].id = large;
	why = copy_ends(fd, EFAULT, KSHM_EXPLAIN_ADDRESS, READS(1), 3 + a.len - page);
	assert_int_equal(why.addr, to_u64(a.data + a.len));
	assert_memory_equal(c.data, a.data, 3);
	assert_memory_equal(c.data + 3, a.data + page, copied - 3);

	set_piece(region_operand(from, 0, 2 * page),
		  user_operand(b.data + b.len - page - 1, 2 * page));
	why = copy_ends(fd, EFAULT, KSHM_EXPLAIN_ADDRESS, WRITES(0), page + 1);
	assert_int_equal(why.addr, to_u64(b.data + b.len));
	assert_memory_equal(b.data + b.len - page - 1, a.data, copied);
	region_destroy(fd, large);
	buffer_free(&c);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(copy_of_plain_memory_both_ways),
	cmocka_unit_test(copy_of_much_plain_memory),
	cmocka_unit_test(copy_of_plain_memory_beside_regions),
	cmocka_unit_test(copy_of_plain_memory_on_both_sides),
	cmocka_unit_test(copy_of_plain_memory_outside_of_user_space),
	cmocka_unit_test(copy_of_plain_memory_that_is_not_there),
	cmocka_unit_test(copy_of_plain_memory_that_ends),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

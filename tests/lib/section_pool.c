// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of pools, which need no module
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <kshm.h>
#include "harness.h"

#define BASE	4096
#define LEN	1000
#define SAME	4711	/* what is to stay as it is */

static struct kshm_section_pool *pool;

static void set_up(void)
{
	assert_int_equal(kshm_section_pool_create(BASE, LEN, &pool), 0);
}

static void tear_down(void)
{
	kshm_section_pool_destroy(pool);
}

static __u64 allocate(__u64 len, __u64 align)
{
	__u64 offset;

	assert_int_equal(kshm_section_pool_alloc(pool, len, align, &offset), 0);
	assert_int_equal(offset % align, 0);
	return offset;
}

static void refused(__u64 len, __u64 align, int error)
{
	__u64 offset = SAME;

	assert_int_equal(kshm_section_pool_alloc(pool, len, align, &offset), -error);
	assert_int_equal(offset, SAME);
}

static void give_back(__u64 offset)
{
	assert_int_equal(kshm_section_pool_free(pool, offset), 0);
}

WITH_SET_UP(pool_of_all_its_bytes)
{
	assert_int_equal(allocate(LEN, 1), BASE);
	refused(1, 1, ENOSPC);
	give_back(BASE);
	refused(LEN + 1, 1, ENOSPC);
	assert_int_equal(allocate(LEN, 1), BASE);
}

WITH_SET_UP(pool_aligns)
{
	__u64 a = allocate(1, 1), b = allocate(8, 64), c = allocate(63, 1);

	assert_int_equal(a, BASE);
	assert_int_equal(b, BASE + 64);
	/* What was left out before it. */
	assert_int_equal(c, BASE + 1);
	refused(1, 4096, ENOSPC);
	refused(1, 1ULL << 63, ENOSPC);
}

/* In whatever order they come back, they are one part in the end. */
WITH_SET_UP(pool_joins_what_is_given_back)
{
	static const int orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 0, 2 }, { 0, 2, 1 } };
	__u64 parts[3];
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		for (j = 0; j < 3; j++)
			parts[j] = allocate(100, 64);
		for (j = 0; j < 3; j++)
			give_back(parts[orders[i][j]]);
		assert_int_equal(allocate(LEN, 1), BASE);
		give_back(BASE);
	}
}

WITH_SET_UP(pool_takes_back_what_it_gave)
{
	__u64 a = allocate(10, 1);

	assert_int_equal(kshm_section_pool_free(pool, a + 1), -ENOENT);
	assert_int_equal(kshm_section_pool_free(pool, a - 1), -ENOENT);
	assert_int_equal(kshm_section_pool_free(pool, 0), -ENOENT);
	assert_int_equal(kshm_section_pool_free(pool, BASE + LEN), -ENOENT);
	give_back(a);
	assert_int_equal(kshm_section_pool_free(pool, a), -ENOENT);
}

WITH_SET_UP(pool_refuses)
{
	struct kshm_section_pool *none = NULL;

	refused(0, 1, EINVAL);
	refused(1, 0, EINVAL);
	refused(1, 3, EINVAL);
	refused(-1, 1, ENOSPC);
	refused(-1, 1ULL << 63, ENOSPC);
	assert_int_equal(kshm_section_pool_create(0, 0, &none), -EINVAL);
	assert_int_equal(kshm_section_pool_create(2, -1, &none), -EINVAL);
	assert_null(none);
	kshm_section_pool_destroy(none);
}

/* Against a map of every byte. */
WITH_SET_UP(pool_never_gives_a_byte_twice)
{
	__u64 offsets[LEN] = { 0 }, lens[LEN] = { 0 };
	unsigned char used[LEN] = { 0 };
	size_t i, at, nr = 0;
	__u64 align;

	srand(1);
	for (i = 0; i < 20000; i++) {
		at = rand() % ARRAY_SIZE(offsets);
		if (lens[at]) {
			give_back(offsets[at]);
			memset(used + offsets[at] - BASE, 0, lens[at]);
			lens[at] = 0;
			continue;
		}
		lens[at] = 1 + rand() % 40;
		align = 1 << rand() % 5;
		if (kshm_section_pool_alloc(pool, lens[at], align, &offsets[at])) {
			lens[at] = 0;
			continue;
		}
		nr++;
		assert_int_equal(offsets[at] % align, 0);
		assert_in_range(offsets[at], BASE, BASE + LEN - lens[at]);
		assert_null(memchr(used + offsets[at] - BASE, 1, lens[at]));
		memset(used + offsets[at] - BASE, 1, lens[at]);
	}
	assert_true(nr > 1000);
	for (at = 0; at < ARRAY_SIZE(offsets); at++)
		if (lens[at])
			give_back(offsets[at]);
	assert_int_equal(allocate(LEN, 1), BASE);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(pool_of_all_its_bytes),
	cmocka_unit_test(pool_aligns),
	cmocka_unit_test(pool_joins_what_is_given_back),
	cmocka_unit_test(pool_takes_back_what_it_gave),
	cmocka_unit_test(pool_refuses),
	cmocka_unit_test(pool_never_gives_a_byte_twice),
};

HARNESS_MAIN(tests)

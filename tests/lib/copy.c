// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of copies through the library
 *
 * What is copied is tested in kernel/; here it is that all that is given is passed on,
 * and that the end, also an early one, is told in one way.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <kshm.h>
#include <linux/kshm_copy.h>
#include "harness.h"
#include "leak.h"

#define READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)

static struct kshm_handle *handle;
static struct kshm_explanation why;
static unsigned char *memory;	/* of two pages, with nothing behind them */
static size_t page;
static __u32 id;		/* of the first page */
static __u64 copied;

static void set_up(void)
{
	page = sysconf(_SC_PAGESIZE);
	memory = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_int_equal(munmap(memory + 2 * page, page), 0);
	assert_int_equal(kshm_open(&handle, "copy", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_region_create(handle, memory, page, READ_WRITE, &id, NULL), 0);
	copied = 77;
	memset(&why, 0xff, sizeof(why));
}

static void tear_down(void)
{
	kshm_close(handle);
	munmap(memory, 2 * page);
}

WITH_SET_UP(copy_of_pieces_in_their_order)
{
	const struct kshm_operand to[] = {
		kshm_operand_region(id, 10, 2), kshm_operand_region(id, 20, 5),
	};
	const struct kshm_operand from[] = {
		kshm_operand_user("copies", 6), kshm_operand_user("!", 1),
	};
	char back[8] = "";
	const struct kshm_operand user = kshm_operand_user(back, 7);

	assert_int_equal(kshm_copy(handle, to, 2, from, 2, &copied, &why), 0);
	assert_int_equal(copied, 7);
	assert_int_equal(why.error, 0);
	assert_memory_equal(memory + 10, "co", 3);
	assert_memory_equal(memory + 20, "pies!", 6);
	assert_int_equal(kshm_copy(handle, &user, 1, to, 2, NULL, NULL), 0);
	assert_string_equal(back, "copies!");
	assert_int_equal(kshm_copy(handle, NULL, 0, NULL, 0, &copied, &why), 0);
	assert_int_equal(copied, 0);
}

WITH_SET_UP(copy_refused_names_region_and_piece)
{
	const struct kshm_operand to[] = {
		kshm_operand_region(id, 0, 1), kshm_operand_region(id, page, 1),
	};
	const struct kshm_operand from = kshm_operand_user("ab", 2);

	assert_int_equal(kshm_copy(handle, to, 2, &from, 1, &copied, &why), -ERANGE);
	assert_int_equal(copied, 0);
	assert_int_equal(why.said_by, KSHM_SAID_BY_KSHM);
	assert_int_equal(why.operand, KSHM_OPERAND_PIECE_WRITTEN + 1);
	assert_int_equal(why.region, id);
	assert_int_equal(why.code, KSHM_COPY);
	assert_int_equal(kshm_copy(handle, &from, 1, to, 2, &copied, &why), -ERANGE);
	assert_int_equal(why.operand, KSHM_OPERAND_PIECE_READ + 1);
	assert_int_equal(why.region, id);
}

WITH_SET_UP(copy_that_ends_early_tells_how_far_it_came)
{
	const struct kshm_operand to = kshm_operand_region(id, 0, page);
	const struct kshm_operand from[] = {
		kshm_operand_region(id, 0, 0),
		kshm_operand_user(memory + 2 * page - 256, page),
	};

	assert_int_equal(kshm_copy(handle, &to, 1, from, 2, &copied, &why), -EFAULT);
	assert_in_range(copied, 256 - 64, 256);
	assert_int_equal(why.said_by, KSHM_SAID_BY_KSHM);
	assert_int_equal(why.operand, KSHM_OPERAND_PIECE_READ + 1);
	assert_int_equal(why.addr, (uintptr_t)memory + 2 * page);
	assert_int_equal(why.region, 0);
}

WITH_SET_UP(copy_refused_by_the_device)
{
	const struct kshm_operand to = kshm_operand_region(id, 0, 1);
	const struct kshm_operand from = kshm_operand_user("ab", 2);

	assert_int_equal(kshm_copy(handle, &to, 1, &from, 1, &copied, &why), -EMSGSIZE);
	assert_int_equal(copied, 0);
	assert_int_equal(why.said_by, KSHM_SAID_BY_DRIVER);
	assert_int_equal(kshm_copy(handle, &from, 1, &from, 1, &copied, &why), -EINVAL);
	assert_int_equal(why.said_by, KSHM_SAID_BY_DRIVER);
}

WITH_SET_UP(copy_of_too_many_pieces)
{
	static struct kshm_operand none[KSHM_COPY_MAX_PIECES + 1];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(none); i++)
		none[i] = kshm_operand_region(id, 0, 0);
	assert_int_equal(kshm_copy(handle, none, KSHM_COPY_MAX_PIECES, NULL, 0,
				   &copied, &why), 0);
	assert_int_equal(kshm_copy(handle, none, KSHM_COPY_MAX_PIECES, none, 1,
				   &copied, &why), -EMSGSIZE);
	assert_int_equal(kshm_copy(handle, none, -1, none, -1, &copied, &why),
			 -EMSGSIZE);
	assert_int_equal(why.check, KSHM_EXPLAIN_LONG);
	assert_int_equal(why.operand, KSHM_OPERAND_IN);
}

static void copy_needs_the_device_copy(void **state)
{
	assert_int_equal(kshm_open(&handle, "null", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_copy(handle, NULL, 0, NULL, 0, &copied, &why), -ENOTTY);
	assert_int_equal(copied, 0);
	assert_int_equal(why.check, KSHM_EXPLAIN_CODE);
	assert_int_equal(why.used, 0x8e022000);
	assert_string_equal(why.device, "null");
	kshm_close(handle);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(copy_of_pieces_in_their_order),
	cmocka_unit_test(copy_refused_names_region_and_piece),
	cmocka_unit_test(copy_that_ends_early_tells_how_far_it_came),
	cmocka_unit_test(copy_refused_by_the_device),
	cmocka_unit_test(copy_of_too_many_pieces),
	cmocka_unit_test(copy_needs_the_device_copy),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

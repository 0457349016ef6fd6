// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of mdls: their spans, their life, what is too large for one
 *
 * The numbers are those of the cases in docs/porting-from-windows.md.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "pattern.h"
#include "state.h"

/* The driver's view keeps the offset in the page, and spans the pages. */
static void windows_case_44_data_across_a_page_border(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 3 * page_size());
	struct kshm_test_work work = { .access = KSHM_TEST_BY_SEGMENTS };
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL);
	int fd = device_open("test", O_RDWR);
	struct kshm_test_place place;

	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = user_operand(b.data + page_size() - 1, page_size() + 2);
	control(fd, &arg);
	assert_true(place.segments <= 3);
	assert_true(has_pattern(b.data + page_size() - 1, page_size() + 2, 0));
	assert_int_equal(b.data[page_size() - 2], 0);
	assert_int_equal(b.data[2 * page_size() + 1], 0);
	close(fd);
	buffer_free(&b);
}

static struct kshm_test_mdl life_of_an_mdl(const void *addr, size_t len)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_MDL);
	struct kshm_test_mdl mdl = { .len = len };
	int fd = device_open("test", O_RDWR);

	arg.in = user_operand(&mdl, sizeof(mdl));
	arg.out = user_operand(addr, len);
	control(fd, &arg);
	close(fd);
	return mdl;
}

static void windows_case_53_byte_count_and_offset(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 3 * page_size());
	const size_t page = page_size(), spans[][3] = {
		/* offset, length, pages */
		{ 0, 1, 1 }, { 0, page, 1 }, { 1, page, 2 },
		{ page - 1, 1, 1 }, { page - 1, 2, 2 }, { page - 1, page + 2, 3 },
		{ 0, 3 * page, 3 },
	};
	struct kshm_test_mdl mdl;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(spans); i++) {
		mdl = life_of_an_mdl(b.data + spans[i][0], spans[i][1]);
		assert_int_equal(mdl.byte_offset, spans[i][0]);
		assert_int_equal(mdl.byte_count, spans[i][1]);
		assert_int_equal(mdl.pages_before, 0);
		assert_int_equal(mdl.pages_locked, spans[i][2]);
		assert_int_equal(mdl.pages_after, 0);
	}
	buffer_free(&b);
}

static void windows_case_57_mapped_once_and_unmapped(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * page_size());
	struct kshm_test_mdl mdl = life_of_an_mdl(b.data + 1, page_size());

	assert_true(mdl.mapped);
	assert_true(mdl.mapped_once);
	assert_true(mdl.unmapped);
	buffer_free(&b);
}

static void windows_case_58_unlocked_without_unmapping(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * page_size());
	struct kshm_test_mdl mdl = life_of_an_mdl(b.data + 1, page_size());

	assert_true(mdl.unlocked);
	assert_int_equal(mdl.pages_after, 0);
	buffer_free(&b);
}

/* Pages that went back to their owner are never seen through a mapping. */
static void mdl_is_unmapped_before_it_is_unpinned(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * page_size());
	struct kshm_ioc_control arg = request(KSHM_TEST_MDL_UNLOCK);
	int fd = device_open("test", O_RDWR);
	__u32 gone = 0;

	arg.in = user_operand(&gone, sizeof(gone));
	arg.out = user_operand(b.data, b.len);
	control(fd, &arg);
	assert_int_equal(gone, 1);
	close(fd);
	buffer_free(&b);
}

/* Of the driver's own mdl nothing stays, which is looked at after the test. */
static void mdl_that_cannot_be_locked(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * page_size());
	struct kshm_ioc_control arg = request(KSHM_TEST_ACCESS);
	struct kshm_test_access access = {
		.op = KSHM_TEST_ACCESS_LOCK, .len = b.len,
	};
	int fd = device_open("test", O_RDWR);

	assert_int_equal(munmap(b.data + page_size(), page_size()), 0);
	arg.in = user_operand(&access, sizeof(access));
	arg.out = user_operand(b.data, b.len);
	control_status(fd, &arg, -EFAULT);
	close(fd);
	buffer_free(&b);
}

static struct kshm_ioc_control huge_request(size_t len)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_ANSWER_TO);
	static struct kshm_test_answer told;

	arg.in = user_operand(&told, sizeof(told));
	arg.data = user_operand((void *)0x1000, len);
	return arg;
}

/* Lengths that no mdl can have; the array of pages is never made. */
static void windows_case_54_huge_lengths(void **state)
{
	refused(huge_request(1UL << 46), EDQUOT, KSHM_EXPLAIN_LIMIT_REQUEST, 0);
}

/* Mappings until no more is allowed; then no, and all comes back. */
static void windows_case_60_more_than_is_allowed(void **state)
{
	int fd = device_open("null", O_RDWR);
	struct kshm_ioc_info info = device_info(fd);

	close(fd);
	refused(huge_request(info.out_max_user_pages * page_size()), EDQUOT,
		KSHM_EXPLAIN_LIMIT_USER, 0);
}

static void capture_takes_a_part_of_the_data(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * page_size());
	struct kshm_ioc_control arg = request(KSHM_TEST_CAPTURE);
	int fd = device_open("test", O_RDWR);
	__u64 offset = page_size() - 5;
	unsigned char out[10];

	fill_pattern(b.data, b.len, 0);
	arg.in = user_operand(&offset, sizeof(offset));
	arg.out = user_operand(out, sizeof(out));
	arg.data = user_operand(b.data, b.len);
	control(fd, &arg);
	assert_memory_equal(out, b.data + offset, sizeof(out));
	offset = b.len - 9;
	control_status(fd, &arg, -EMSGSIZE);
	offset = -1UL;
	control_status(fd, &arg, -EMSGSIZE);
	close(fd);
	buffer_free(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(windows_case_44_data_across_a_page_border),
	cmocka_unit_test(windows_case_53_byte_count_and_offset),
	cmocka_unit_test(windows_case_57_mapped_once_and_unmapped),
	cmocka_unit_test(windows_case_58_unlocked_without_unmapping),
	cmocka_unit_test(mdl_is_unmapped_before_it_is_unpinned),
	cmocka_unit_test(mdl_that_cannot_be_locked),
	cmocka_unit_test(windows_case_54_huge_lengths),
	cmocka_unit_test(windows_case_60_more_than_is_allowed),
	cmocka_unit_test(capture_takes_a_part_of_the_data),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

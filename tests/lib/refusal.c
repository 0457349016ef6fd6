// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of requests through the library that kshm refuses
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <kshm.h>
#include <linux/kshm_digest.h>
#include <linux/kshm_null.h>
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "request.h"

/* Asserts that kshm refused the request and explained it like that. */
static void assert_refused(const struct end *end, int error, __u32 check,
			   __u32 operand)
{
	const struct kshm_result result = {
		.status = -error,
		.said_by = KSHM_SAID_BY_KSHM,
	};

	assert_memory_equal(&end->result, &result, sizeof(result));
	assert_int_equal(end->why.error, -error);
	assert_int_equal(end->why.said_by, KSHM_SAID_BY_KSHM);
	assert_int_equal(end->why.check, check);
	assert_int_equal(end->why.operand, operand);
	assert_int_equal(end->why.page_size, sysconf(_SC_PAGESIZE));
	assert_string_equal(end->why.device, "null");
}

static void control_refused_returns_no_stale_lengths(void **state)
{
	struct kshm_operand stale = kshm_operand_none();
	struct end end;

	stale.out_returned = 77;
	assert_int_equal(perform("null", 0, &stale, &stale, &stale, &end),
			 -ENOTTY);
	assert_refused(&end, ENOTTY, KSHM_EXPLAIN_CODE, 0);
}

static void control_with_an_unknown_code_is_enotty(void **state)
{
	__u32 code = KSHM_CODE(KSHM_NULL_TYPE, 0x801, KSHM_METHOD_BUFFERED,
			       KSHM_ACCESS_ANY);
	struct end end;

	assert_int_equal(perform("null", code, NULL, NULL, NULL, &end),
			 -ENOTTY);
	assert_refused(&end, ENOTTY, KSHM_EXPLAIN_CODE, 0);
	assert_int_equal(end.why.code, code);
}

static void control_with_other_access_bits_is_enotty(void **state)
{
	__u32 code = KSHM_CODE(KSHM_NULL_TYPE, 0x800, KSHM_METHOD_BUFFERED,
			       KSHM_ACCESS_WRITE);
	struct end end;

	assert_int_equal(perform("null", code, NULL, NULL, NULL, &end),
			 -ENOTTY);
	assert_refused(&end, ENOTTY, KSHM_EXPLAIN_ACCESS_BITS, 0);
	assert_int_equal(end.why.needed, KSHM_NULL_NOP);
}

static void control_with_another_method_is_enotty(void **state)
{
	__u32 code = KSHM_CODE(KSHM_DIGEST_TYPE, 0x900, KSHM_METHOD_NEITHER,
			       KSHM_ACCESS_READ);
	struct end end;

	assert_int_equal(perform("digest", code, NULL, NULL, NULL, &end),
			 -ENOTTY);
	assert_int_equal(end.why.check, KSHM_EXPLAIN_METHOD);
	assert_int_equal(end.why.needed,
			 KSHM_DIGEST_MAPPED(KSHM_DIGEST_SHA256));
}

static void control_without_the_access_is_eacces(void **state)
{
	__u32 code = KSHM_DIGEST_COPIED(KSHM_DIGEST_SHA256);
	struct end end;

	assert_int_equal(perform_with(KSHM_OPEN_WRITE, "digest", code, NULL,
				      NULL, NULL, &end), -EACCES);
	assert_int_equal(end.result.said_by, KSHM_SAID_BY_KSHM);
	assert_int_equal(end.result.ran, 0);
	assert_int_equal(end.why.check, KSHM_EXPLAIN_ACCESS);
	assert_int_equal(end.why.needed, KSHM_ACCESS_READ);
}

static void control_with_data_where_none_is_taken_is_emsgsize(void **state)
{
	char byte = 0;
	struct kshm_operand data = kshm_operand_user(&byte, 1);
	struct end end;

	assert_int_equal(perform("null", KSHM_NULL_NOP, NULL, NULL, &data,
				 &end), -EMSGSIZE);
	assert_refused(&end, EMSGSIZE, KSHM_EXPLAIN_LONG, KSHM_OPERAND_DATA);
	assert_int_equal(end.why.used, 1);
	assert_int_equal(end.why.limit, 0);
}

static void control_with_an_unknown_kind_is_einval(void **state)
{
	struct kshm_operand odd = kshm_operand_none();
	struct end end;

	odd.kind = 99;
	assert_int_equal(perform("null", KSHM_NULL_NOP, NULL, &odd, NULL, &end),
			 -EINVAL);
	assert_refused(&end, EINVAL, KSHM_EXPLAIN_KIND, KSHM_OPERAND_OUT);
	assert_int_equal(end.why.needed, 99);
}

static void control_with_a_reserved_member_set_is_einval(void **state)
{
	struct kshm_operand odd = kshm_operand_none();
	struct end end;

	odd.id = 1;
	assert_int_equal(perform("null", KSHM_NULL_NOP, &odd, NULL, NULL, &end),
			 -EINVAL);
	assert_refused(&end, EINVAL, KSHM_EXPLAIN_RESERVED, KSHM_OPERAND_IN);
}

static void control_with_a_short_operand_is_emsgsize(void **state)
{
	char bytes[KSHM_TEST_IN_MIN - 1] = { 0 };
	struct kshm_operand in = kshm_operand_user(bytes, sizeof(bytes));
	struct end end;

	assert_int_equal(perform("test", KSHM_TEST_BOUNDS, &in, NULL, NULL,
				 &end), -EMSGSIZE);
	assert_int_equal(end.result.said_by, KSHM_SAID_BY_KSHM);
	assert_int_equal(end.why.check, KSHM_EXPLAIN_SHORT);
	assert_int_equal(end.why.operand, KSHM_OPERAND_IN);
	assert_int_equal(end.why.used, KSHM_TEST_IN_MIN - 1);
	assert_int_equal(end.why.needed, KSHM_TEST_IN_MIN);
}

static void control_with_memory_that_wraps_is_efault(void **state)
{
	struct kshm_operand in =
		kshm_operand_user((void *)UINTPTR_MAX, 16);
	struct end end;

	assert_int_equal(perform("null", KSHM_NULL_NOP, &in, NULL, NULL, &end),
			 -EFAULT);
	assert_refused(&end, EFAULT, KSHM_EXPLAIN_RANGE, KSHM_OPERAND_IN);
}

static void control_with_a_hole_is_efault_at_its_address(void **state)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kshm_operand data = kshm_operand_user(pages + 7, 2 * page);
	struct end end;

	assert_ptr_not_equal(pages, MAP_FAILED);
	assert_int_equal(munmap(pages + page, page), 0);
	assert_int_equal(perform("null", KSHM_NULL_NOP_TO_DRIVER, NULL, NULL,
				 &data, &end), -EFAULT);
	assert_refused(&end, EFAULT, KSHM_EXPLAIN_ADDRESS, KSHM_OPERAND_DATA);
	assert_true(end.why.addr == (uintptr_t)(pages + page));
	assert_int_equal(end.why.mapping, KSHM_MAPPING_HOLE);
	munmap(pages, page);
	munmap(pages + 2 * page, page);
}

static void control_from_driver_into_read_only_memory_is_efault(void **state)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
	struct kshm_operand data = kshm_operand_user(pages, page);
	struct end end;

	assert_ptr_not_equal(pages, MAP_FAILED);
	assert_int_equal(perform("null", KSHM_NULL_NOP_FROM_DRIVER, NULL, NULL,
				 &data, &end), -EFAULT);
	assert_refused(&end, EFAULT, KSHM_EXPLAIN_ADDRESS, KSHM_OPERAND_DATA);
	assert_int_equal(end.why.mapping, KSHM_MAPPING_ANON);
	assert_int_equal(end.why.prot, KSHM_PROT_READ);
	munmap(pages, page);
}

static void control_above_the_pages_of_a_request_is_edquot(void **state)
{
	struct kshm_handle *handle;
	struct kshm_operand data;
	struct kshm_info info;
	struct end end;
	size_t length;
	char *pages;

	assert_int_equal(kshm_open(&handle, "null", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_info(handle, &info), 0);
	kshm_close(handle);
	length = (info.max_request_pages + 1) * info.page_size;
	pages = mmap(NULL, length, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS |
		     MAP_NORESERVE, -1, 0);
	assert_ptr_not_equal(pages, MAP_FAILED);
	data = kshm_operand_user(pages, length);
	assert_int_equal(perform("null", KSHM_NULL_NOP_TO_DRIVER, NULL, NULL,
				 &data, &end), -EDQUOT);
	assert_refused(&end, EDQUOT, KSHM_EXPLAIN_LIMIT_REQUEST, 0);
	assert_true(end.why.needed == info.max_request_pages + 1);
	assert_true(end.why.limit == info.max_request_pages);
	munmap(pages, length);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(control_refused_returns_no_stale_lengths),
	cmocka_unit_test(control_with_an_unknown_code_is_enotty),
	cmocka_unit_test(control_with_other_access_bits_is_enotty),
	cmocka_unit_test(control_with_another_method_is_enotty),
	cmocka_unit_test(control_without_the_access_is_eacces),
	cmocka_unit_test(control_with_data_where_none_is_taken_is_emsgsize),
	cmocka_unit_test(control_with_an_unknown_kind_is_einval),
	cmocka_unit_test(control_with_a_reserved_member_set_is_einval),
	cmocka_unit_test(control_with_a_short_operand_is_emsgsize),
	cmocka_unit_test(control_with_memory_that_wraps_is_efault),
	cmocka_unit_test(control_with_a_hole_is_efault_at_its_address),
	cmocka_unit_test(control_from_driver_into_read_only_memory_is_efault),
	cmocka_unit_test(control_above_the_pages_of_a_request_is_edquot),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

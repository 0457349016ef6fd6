// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the library's sentences; they need no module
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <kshm.h>
#include "harness.h"
#include "sentence.h"

/* The last check that <linux/kshm.h> names, and the last kind of mapping. */
#define LAST_CHECK	KSHM_EXPLAIN_LEASE
#define LAST_MAPPING	KSHM_MAPPING_KERNEL

static void explain_success_says_so(void **state)
{
	struct kshm_explanation none = { 0 };

	assert_sentence(&none,
			"0 is success: nothing failed, and there is nothing to do.");
}

static void explain_every_check_is_a_sentence_with_errno_and_remedy(void **state)
{
	char text[512];
	__u32 check;

	for (check = 0; check <= LAST_CHECK + 1; check++) {
		struct kshm_explanation why = said_by_kshm(EBUSY, check);

		kshm_explain(&why, text, sizeof(text));
		assert_is_sentence(text);
		assert_non_null(strstr(text, ": "));
		assert_non_null(strstr(text, " (EBUSY)."));
		assert_true(!strstr(text, " by check ") == (check <= LAST_CHECK));
	}
}

static void explain_every_check_of_a_region_is_a_sentence_too(void **state)
{
	char text[512];
	__u32 check;

	for (check = 0; check <= LAST_CHECK + 1; check++) {
		struct kshm_explanation why = of_region(EBUSY, check);

		kshm_explain(&why, text, sizeof(text));
		assert_is_sentence(text);
		assert_non_null(strstr(text, ": "));
		assert_non_null(strstr(text, " (EBUSY)."));
		assert_true(!strstr(text, " by check ") == (check <= LAST_CHECK));
	}
}

/* A check without a sentence of its own would get that of another. */
static void explain_no_two_checks_say_the_same(void **state)
{
	char texts[LAST_CHECK + 2][512];
	__u32 check, other;

	for (check = 0; check <= LAST_CHECK + 1; check++) {
		struct kshm_explanation why = said_by_kshm(EBUSY, check);

		kshm_explain(&why, texts[check], sizeof(texts[check]));
		for (other = 0; other < check; other++)
			assert_string_not_equal(texts[check], texts[other]);
	}
}

static void explain_no_two_mappings_say_the_same(void **state)
{
	char texts[LAST_MAPPING + 1][512];
	__u32 mapping, other;

	for (mapping = 0; mapping <= LAST_MAPPING; mapping++) {
		struct kshm_explanation why =
			said_by_kshm(EFAULT, KSHM_EXPLAIN_ADDRESS);

		why.mapping = mapping;
		why.prot = KSHM_PROT_READ | KSHM_PROT_WRITE;
		kshm_explain(&why, texts[mapping], sizeof(texts[mapping]));
		assert_is_sentence(texts[mapping]);
		for (other = 0; other < mapping; other++)
			assert_string_not_equal(texts[mapping], texts[other]);
	}
}

static void explain_flags_shows_the_bits(void **state)
{
	struct kshm_explanation why = said_by_kshm(EOPNOTSUPP, KSHM_EXPLAIN_FLAGS);

	why.needed = 0x14;
	assert_sentence(&why,
			"The module does not know the flags 0x14 of the request, so it is older than the program: update kshm.ko (EOPNOTSUPP).");
}

static void explain_reserved_names_the_operand(void **state)
{
	struct kshm_explanation why = said_by_kshm(EINVAL, KSHM_EXPLAIN_RESERVED);

	why.operand = KSHM_OPERAND_DATA;
	assert_sentence(&why,
			"Members of the data operand that must be zero are not: make operands with kshm_operand_user() and kshm_operand_none() (EINVAL).");
	why.operand = 0;
	assert_sentence(&why,
			"Members of the request itself that must be zero are not: make operands with kshm_operand_user() and kshm_operand_none() (EINVAL).");
}

static void explain_kind_shows_it(void **state)
{
	struct kshm_explanation why = said_by_kshm(EINVAL, KSHM_EXPLAIN_KIND);

	why.operand = KSHM_OPERAND_IN;
	why.needed = 7;
	assert_sentence(&why,
			"The in operand is of kind 7, which the module does not know: make operands with kshm_operand_user(), or update kshm.ko if the kind is newer than it (EINVAL).");
}

static void explain_code_decodes_it(void **state)
{
	struct kshm_explanation why = said_by_kshm(ENOTTY, KSHM_EXPLAIN_CODE);

	assert_sentence(&why,
			"Device digest has no control 0x8e016001 (type 0x8e01, function 0x800, to-driver, read): list those it has with `kshmctl device show digest` (ENOTTY).");
}

static void explain_method_says_which_one_is_there(void **state)
{
	struct kshm_explanation why = said_by_kshm(ENOTTY, KSHM_EXPLAIN_METHOD);

	why.needed = CODE_FROM_DRIVER;
	assert_sentence(&why,
			"Device digest has no control 0x8e016001, only 0x8e016002, which is from-driver instead of to-driver: use that code (ENOTTY).");
}

static void explain_access_bits_says_which_are_there(void **state)
{
	struct kshm_explanation why =
		said_by_kshm(ENOTTY, KSHM_EXPLAIN_ACCESS_BITS);

	why.needed = KSHM_CODE(0x8e01, 0x800, KSHM_METHOD_IN_DIRECT,
			       KSHM_ACCESS_READ | KSHM_ACCESS_WRITE);
	assert_sentence(&why,
			"Device digest has no control 0x8e016001, only 0x8e01e001, which demands read-write access instead of read: use that code (ENOTTY).");
}

static void explain_access_says_what_the_handle_lacks(void **state)
{
	struct kshm_explanation why = said_by_kshm(EACCES, KSHM_EXPLAIN_ACCESS);

	why.needed = KSHM_ACCESS_WRITE;
	assert_sentence(&why,
			"Control 0x8e016001 of device digest demands a handle that is open for writing, which this one is not: give kshm_open() that access too (EACCES).");
	why.needed = KSHM_ACCESS_READ;
	assert_sentence(&why,
			"Control 0x8e016001 of device digest demands a handle that is open for reading, which this one is not: give kshm_open() that access too (EACCES).");
	why.code = KSHM_CODE(0x8e01, 0x800, KSHM_METHOD_IN_DIRECT, KSHM_ACCESS_ANY);
	assert_sentence(&why,
			"To submit control 0x8e012001 of device digest demands a handle that is open for reading, which this one is not: give kshm_open() that access too (EACCES).");
}

static void explain_short_and_long_show_both_lengths(void **state)
{
	struct kshm_explanation why = said_by_kshm(EMSGSIZE, KSHM_EXPLAIN_SHORT);

	why.used = 1;
	why.needed = 2048;
	assert_sentence(&why,
			"The out operand has 1 byte, but control 0x8e016001 of device digest needs at least 2048 bytes (2 KiB): pass a longer buffer (EMSGSIZE).");
	why.check = KSHM_EXPLAIN_LONG;
	why.used = 4096 + 512;
	why.limit = 1023;
	assert_sentence(&why,
			"The out operand has 4608 bytes (4.5 KiB), but control 0x8e016001 of device digest takes at most 1023 bytes: pass a shorter buffer (EMSGSIZE).");
	why.limit = 0;
	assert_sentence(&why,
			"The out operand has 4608 bytes (4.5 KiB), but control 0x8e016001 of device digest takes none: leave it out (EMSGSIZE).");
}

static void explain_range_shows_the_address(void **state)
{
	struct kshm_explanation why = said_by_kshm(EFAULT, KSHM_EXPLAIN_RANGE);

	why.addr = 0xfffffffffffff000;
	assert_sentence(&why,
			"The out operand at address 0xfffffffffffff000 wraps around or leaves the memory of user programs: pass the address and length of memory of your own (EFAULT).");
}

static void explain_address_in_a_hole(void **state)
{
	struct kshm_explanation why = said_by_kshm(EFAULT, KSHM_EXPLAIN_ADDRESS);

	why.addr = 0x7f0000001000;
	why.mapping = KSHM_MAPPING_HOLE;
	assert_sentence(&why,
			"Address 0x7f0000001000 in the out operand lies where nothing is mapped: check the address and the length, and map memory there first (EFAULT).");
}

/* What is to be done with data depends on the method in the code. */
static void explain_address_blames_protection_by_direction(void **state)
{
	struct kshm_explanation why = said_by_kshm(EFAULT, KSHM_EXPLAIN_ADDRESS);

	why.addr = 0x1000;
	why.operand = KSHM_OPERAND_DATA;
	why.mapping = KSHM_MAPPING_FILE;
	why.prot = KSHM_PROT_READ;
	why.code = CODE_FROM_DRIVER;
	assert_sentence(&why,
			"Address 0x1000 in the data operand lies in a mapped file that may only be read, not written: map it with PROT_READ | PROT_WRITE (EFAULT).");
	why.code = CODE;
	assert_sentence(&why,
			"Address 0x1000 in the data operand lies in a mapped file, beyond its end or where it cannot be read: map no more than the file has (EFAULT).");
	why.prot = 0;
	assert_sentence(&why,
			"Address 0x1000 in the data operand lies in a mapped file that may be neither read nor written: map it with PROT_READ (EFAULT).");
}

static void explain_limits_in_pages_and_bytes(void **state)
{
	struct kshm_explanation why =
		said_by_kshm(EDQUOT, KSHM_EXPLAIN_LIMIT_REQUEST);

	why.needed = 1;
	why.used = 3;
	why.limit = 1 << 18;
	assert_sentence(&why,
			"The request needs 1 page (4 KiB), but one request may have at most 262144 pages (1 GiB): send less at a time, or have root raise /sys/module/kshm/parameters/max_request_pages (EDQUOT).");
	why.check = KSHM_EXPLAIN_LIMIT_USER;
	assert_sentence(&why,
			"The request needs 1 page (4 KiB), but one user may have at most 262144 pages (1 GiB) at a time, of which 3 pages (12 KiB) were in use: send less at a time, or have root raise /sys/module/kshm/parameters/max_user_pages (EDQUOT).");
	why.check = KSHM_EXPLAIN_LIMIT_SYSTEM;
	why.limit = UINT64_MAX;
	assert_sentence(&why,
			"The request needs 1 page (4 KiB), but all users together may have at most 18446744073709551615 pages at a time, of which 3 pages (12 KiB) were in use: send less at a time, or have root raise /sys/module/kshm/parameters/max_system_pages (EDQUOT).");
}

static void explain_memory_shows_how_much(void **state)
{
	struct kshm_explanation why = said_by_kshm(ENOMEM, KSHM_EXPLAIN_MEMORY);

	why.needed = UINT64_MAX;
	assert_sentence(&why,
			"The kernel has no memory for 18446744073709551615 bytes (15.9 EiB) of the out operand: send less at a time, or free some memory (ENOMEM).");
	why.needed = 0;
	assert_sentence(&why,
			"The kernel has no memory for the out operand: send less at a time, or free some memory (ENOMEM).");
}

static void explain_copy_out_says_that_the_driver_ran(void **state)
{
	struct kshm_explanation why = said_by_kshm(EFAULT, KSHM_EXPLAIN_COPY_OUT);

	why.addr = 0x2000;
	why.mapping = KSHM_MAPPING_HOLE;
	assert_sentence(&why,
			"The driver has run control 0x8e016001 of device digest, but its output could not be copied, as address 0x2000 in the out operand lies where nothing is mapped: keep the buffer mapped and writable until the call returns (EFAULT).");
}

static void explain_signal_says_what_became_of_the_request(void **state)
{
	struct kshm_explanation why = said_by_kshm(EINTR, KSHM_EXPLAIN_SIGNAL);

	assert_sentence(&why,
			"The program is being killed, or a signal came, and cancelled the request: send it again if you still want it (EINTR).");
	why = of_region(EINTR, KSHM_EXPLAIN_SIGNAL);
	assert_sentence(&why,
			"The program is being killed: there is nothing to do (EINTR).");
}

/* What is pinned for requests that a driver can keep is as what is for regions. */
static void explain_pins_that_last_of_a_request(void **state)
{
	struct kshm_explanation why = said_by_kshm(ENOMEM, KSHM_EXPLAIN_MEMLOCK);

	why.operand = 0;
	why.needed = 1;
	why.used = 2047;
	why.limit = 2047;
	assert_sentence(&why,
			"The request itself needs 1 page (4 KiB), but RLIMIT_MEMLOCK allows the user 2047 pages (7.9 MiB) of locked memory, of which 2047 pages (7.9 MiB) were in use: have fewer requests at a time, or raise the limit, with `ulimit -l`, memlock in /etc/security/limits.conf, or LimitMEMLOCK= of a systemd unit (ENOMEM).");
	why = said_by_kshm(EFAULT, KSHM_EXPLAIN_LONG_TERM);
	why.operand = KSHM_OPERAND_DATA;
	why.addr = 0x1000;
	why.mapping = KSHM_MAPPING_FILE;
	assert_sentence(&why,
			"Address 0x1000 in the data operand lies in a mapped file that can be pinned for a moment only, not for as long as a driver may keep the request: copy it to anonymous memory (EFAULT).");
}

static void explain_submitted_requests_says_what_to_do_first(void **state)
{
	struct kshm_explanation why =
		said_by_kshm(ENOSPC, KSHM_EXPLAIN_LIMIT_REQUESTS);

	why.used = 8;
	why.limit = 8;
	assert_sentence(&why,
			"The handle has 8 requests that are not over, or not waited for, and may have at most 8: get completions with kshm_wait() first, or have root raise /sys/module/kshm/parameters/max_handle_requests (ENOSPC).");
	why = of_handle(ENOENT, KSHM_EXPLAIN_REQUEST);
	why.used = UINT64_MAX;
	assert_sentence(&why,
			"The handle has no request with user_data 18446744073709551615 that has not ended: see with kshm_wait() how it ended, if there was one (ENOENT).");
	why.used = 0;
	assert_sentence(&why,
			"The handle has no such request that has not ended: see with kshm_wait() how it ended, if there was one (ENOENT).");
	why = of_handle(EBADF, KSHM_EXPLAIN_EVENTFD);
	why.used = (__u32)-2;
	assert_sentence(&why,
			"Descriptor -2 is not open, or not that of an eventfd: pass one that eventfd() gave, or -1 for none (EBADF).");
	why = said_by_kshm(EOPNOTSUPP, KSHM_EXPLAIN_RING);
	assert_sentence(&why,
			"The control can keep its requests, and this kernel cannot take them back from a ring of io_uring: set KSHM_REQUEST_SUBMIT, and have the ring read the completion (EOPNOTSUPP).");
}

static void explain_call_without_a_check_says_who_is_older(void **state)
{
	struct kshm_explanation why = of_handle(ENOTTY, KSHM_EXPLAIN_NONE);

	assert_sentence(&why,
			"The module kshm is older than the library and has no requests that can be submitted: update kshm.ko (ENOTTY).");
	why.error = -E2BIG;
	assert_sentence(&why,
			"The module kshm refused the call, because the module is older than the program and does not know all that it asks for: update kshm.ko (E2BIG).");
}

static void explain_unknown_check_tells_to_update_the_library(void **state)
{
	struct kshm_explanation why = said_by_kshm(EIO, 4711);
	char expected[512];

	snprintf(expected, sizeof(expected),
		 "The module kshm refused control 0x8e016001 of device digest by check 4711, which libkshm %s does not know: update the library (EIO).",
		 kshm_version());
	assert_sentence(&why, expected);
}

static void explain_without_a_check_falls_back_to_the_errno(void **state)
{
	struct kshm_explanation why = said_by_kshm(E2BIG, KSHM_EXPLAIN_NONE);

	assert_sentence(&why,
			"The module kshm refused control 0x8e016001 of device digest, because the module is older than the program and does not know all that it asks for: update kshm.ko (E2BIG).");
}

static void explain_driver_shows_needed_and_detail(void **state)
{
	struct kshm_explanation why = said_by_kshm(ENOSPC, KSHM_EXPLAIN_NONE);

	why.said_by = KSHM_SAID_BY_DRIVER;
	assert_sentence(&why,
			"The driver refused control 0x8e016001 of device digest with \"No space left on device\": the driver's documentation tells what it means by that (ENOSPC).");
	why.detail = 0x10;
	why.needed = 32;
	assert_sentence(&why,
			"The driver refused control 0x8e016001 of device digest with \"No space left on device\", detail 0x10, as it needs a buffer of 32 bytes: pass one of at least that length (ENOSPC).");
	why.error = -4000;
	why.needed = 0;
	assert_sentence(&why,
			"The driver refused control 0x8e016001 of device digest with \"an unknown error\", detail 0x10: the driver's documentation tells what it means by that (error 4000).");
}

/* Numbers that no module sends must not lead outside of a table. */
static void explain_nonsense_is_still_a_sentence(void **state)
{
	struct kshm_explanation why;
	char text[512];
	__u32 check;

	for (check = 0; check <= LAST_CHECK + 1; check++) {
		memset(&why, 0xff, sizeof(why));
		strcpy(why.device, "digest");
		why.check = check;
		why.said_by = KSHM_SAID_BY_KSHM;
		kshm_explain(&why, text, sizeof(text));
		assert_is_sentence(text);
		why.about = KSHM_ABOUT_REGION;
		kshm_explain(&why, text, sizeof(text));
		assert_is_sentence(text);
		why.about = KSHM_ABOUT_HANDLE;
		kshm_explain(&why, text, sizeof(text));
		assert_is_sentence(text);
	}
}

static void explain_cuts_to_the_buffer_and_returns_the_whole_length(void **state)
{
	struct kshm_explanation why = said_by_kshm(ENOTTY, KSHM_EXPLAIN_CODE);
	char whole[512], part[512];
	int length;
	size_t size;

	length = kshm_explain(&why, whole, sizeof(whole));
	assert_int_equal(length, strlen(whole));
	assert_int_equal(kshm_explain(&why, NULL, 0), length);
	for (size = 1; size <= (size_t)length + 1; size++) {
		memset(part, 'x', sizeof(part));
		assert_int_equal(kshm_explain(&why, part, size), length);
		assert_int_equal(strlen(part), size - 1);
		assert_memory_equal(part, whole, size - 1);
		assert_int_equal(part[size], 'x');
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(explain_success_says_so),
	cmocka_unit_test(explain_every_check_is_a_sentence_with_errno_and_remedy),
	cmocka_unit_test(explain_every_check_of_a_region_is_a_sentence_too),
	cmocka_unit_test(explain_no_two_checks_say_the_same),
	cmocka_unit_test(explain_no_two_mappings_say_the_same),
	cmocka_unit_test(explain_flags_shows_the_bits),
	cmocka_unit_test(explain_reserved_names_the_operand),
	cmocka_unit_test(explain_kind_shows_it),
	cmocka_unit_test(explain_code_decodes_it),
	cmocka_unit_test(explain_method_says_which_one_is_there),
	cmocka_unit_test(explain_access_bits_says_which_are_there),
	cmocka_unit_test(explain_access_says_what_the_handle_lacks),
	cmocka_unit_test(explain_short_and_long_show_both_lengths),
	cmocka_unit_test(explain_range_shows_the_address),
	cmocka_unit_test(explain_address_in_a_hole),
	cmocka_unit_test(explain_address_blames_protection_by_direction),
	cmocka_unit_test(explain_limits_in_pages_and_bytes),
	cmocka_unit_test(explain_memory_shows_how_much),
	cmocka_unit_test(explain_copy_out_says_that_the_driver_ran),
	cmocka_unit_test(explain_signal_says_what_became_of_the_request),
	cmocka_unit_test(explain_pins_that_last_of_a_request),
	cmocka_unit_test(explain_submitted_requests_says_what_to_do_first),
	cmocka_unit_test(explain_call_without_a_check_says_who_is_older),
	cmocka_unit_test(explain_unknown_check_tells_to_update_the_library),
	cmocka_unit_test(explain_without_a_check_falls_back_to_the_errno),
	cmocka_unit_test(explain_driver_shows_needed_and_detail),
	cmocka_unit_test(explain_nonsense_is_still_a_sentence),
	cmocka_unit_test(explain_cuts_to_the_buffer_and_returns_the_whole_length),
};

HARNESS_MAIN(tests)

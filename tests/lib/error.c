// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of what the library says of a bare errno; they need no module
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include <kshm.h>
#include "harness.h"
#include "sentence.h"

static void explain_error_knows_the_dictionary(void **state)
{
	static const int dictionary[] = {
		EFAULT, EINVAL, E2BIG, EOPNOTSUPP, ENOTTY, EACCES, EMSGSIZE,
		EDQUOT, ENOMEM, EINTR, ENODEV, ENOENT, ENOTUNIQ, ERANGE, EBADF,
		EMFILE, ENFILE, EBADMSG, EPROTO, EPROTONOSUPPORT, ENAMETOOLONG,
		ENOTDIR, ELOOP, EBUSY, ENOSPC, ESTALE, EEXIST,
		EPERM, ECANCELED,
	};
	char text[512], other[512];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dictionary); i++) {
		kshm_explain_error(-dictionary[i], text, sizeof(text));
		assert_is_sentence(text);
		assert_null(strstr(text, "a driver may"));
		kshm_explain_error(dictionary[i], other, sizeof(other));
		assert_string_equal(text, other);
	}
}

static void explain_error_gives_name_meaning_and_remedy(void **state)
{
	char text[512];

	kshm_explain_error(-EDQUOT, text, sizeof(text));
	assert_string_equal(text,
			    "EDQUOT (Disk quota exceeded): a limit of kshm on pinned or copied memory would be exceeded: send less at a time, or have root raise the limits in /sys/module/kshm/parameters.");
	kshm_explain_error(-EIO, text, sizeof(text));
	assert_string_equal(text,
			    "EIO (Input/output error): kshm itself never says so, but a driver may: see its documentation for what it means by that.");
}

static void explain_error_says_which_side_is_older(void **state)
{
	char text[512];

	kshm_explain_error(-EPROTONOSUPPORT, text, sizeof(text));
	assert_non_null(strstr(text, "the module is older than the library"));
	kshm_explain_error(-EPROTO, text, sizeof(text));
	assert_non_null(strstr(text, "the library is older than the module"));
}

static void explain_error_takes_any_number(void **state)
{
	static const int numbers[] = { 0, 4095, 4096, INT_MAX, INT_MIN };
	char text[512];
	size_t i;
	int error;

	for (error = -200; error <= 200; error++) {
		kshm_explain_error(error, text, sizeof(text));
		assert_is_sentence(text);
	}
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		kshm_explain_error(numbers[i], text, sizeof(text));
		assert_is_sentence(text);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(explain_error_knows_the_dictionary),
	cmocka_unit_test(explain_error_gives_name_meaning_and_remedy),
	cmocka_unit_test(explain_error_says_which_side_is_older),
	cmocka_unit_test(explain_error_takes_any_number),
};

HARNESS_MAIN(tests)

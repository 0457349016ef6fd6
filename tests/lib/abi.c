// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the check of the ABI, which no module of this tree fails
 */
#include <errno.h>

#include "../../lib/internal.h"
#include "harness.h"

static void abi_of_the_same_version_is_accepted(void **state)
{
	assert_int_equal(kshm_check_abi(KSHM_ABI_VERSION), 0);
}

static void abi_of_an_older_module_is_eprotonosupport(void **state)
{
	assert_int_equal(kshm_check_abi(KSHM_ABI_VERSION - 1),
			 -EPROTONOSUPPORT);
}

static void abi_of_a_newer_module_is_eproto(void **state)
{
	assert_int_equal(kshm_check_abi(KSHM_ABI_VERSION + 1), -EPROTO);
	assert_int_equal(kshm_check_abi(UINT32_MAX), -EPROTO);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(abi_of_the_same_version_is_accepted),
	cmocka_unit_test(abi_of_an_older_module_is_eprotonosupport),
	cmocka_unit_test(abi_of_a_newer_module_is_eproto),
};

HARNESS_MAIN(tests)

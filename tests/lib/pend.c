// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - requests that the driver for tests keeps, through the library
 */
#include <unistd.h>

#include "harness.h"
#include "pend.h"

struct kshm_test_pend pend_new(void)
{
	static __u32 number;

	return (struct kshm_test_pend){
		.how = KSHM_TEST_PEND_CANCELLABLE,
		.key = (__u64)getpid() << 32 | ++number,
		.seed = 7,
	};
}

int pend_try(const struct kshm_handle *handle, const struct kshm_test_pend *pend,
	     void *out, size_t len, __u64 user_data, struct kshm_explanation *why)
{
	struct kshm_operand in_op = kshm_operand_user(pend, sizeof(*pend));
	struct kshm_operand out_op = kshm_operand_user(out, len);

	return kshm_submit(handle, KSHM_TEST_PEND, &in_op, &out_op, NULL, user_data,
			   why);
}

__u64 pend_submit(const struct kshm_handle *handle, __u64 user_data)
{
	struct kshm_test_pend pend = pend_new();

	assert_int_equal(pend_try(handle, &pend, NULL, 0, user_data, NULL), 0);
	return pend.key;
}

void pend_complete(const struct kshm_handle *handle, __u64 key, __u32 where)
{
	const struct kshm_test_complete what = { .key = key, .where = where };
	__u32 completed = 0;

	assert_int_equal(kshm_device_io_control(handle, KSHM_TEST_COMPLETE, &what,
						sizeof(what), &completed,
						sizeof(completed), NULL), 0);
	assert_int_equal(completed, 1);
}

struct kshm_completion pend_wait(const struct kshm_handle *handle)
{
	struct kshm_completion completion;

	assert_int_equal(kshm_wait(handle, &completion, 1, WATCHDOG_MS), 1);
	return completion;
}

void pend_nothing(const struct kshm_handle *handle)
{
	struct kshm_completion completion;

	assert_int_equal(kshm_wait(handle, &completion, 1, 0), 0);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - copies as the tests have them made: raw ioctls on open files
 */
#include <string.h>

#include "copy_calls.h"
#include "device.h"
#include "harness.h"

struct copy copy;
__u64 copied;

void copy_set(const struct kshm_operand *reads, __u32 nr_reads,
	      const struct kshm_operand *writes, __u32 nr_writes)
{
	copy.head = (struct kshm_copy){ .nr_from = nr_reads, .nr_to = nr_writes };
	if (nr_reads)
		memcpy(copy.pieces, reads, nr_reads * sizeof(*reads));
	if (nr_writes)
		memcpy(copy.pieces + nr_reads, writes, nr_writes * sizeof(*writes));
}

struct kshm_ioc_control copy_request(void)
{
	size_t nr = copy.head.nr_from + copy.head.nr_to;
	struct kshm_ioc_control arg = request(KSHM_COPY);

	copied = ~0ULL;
	arg.in = user_operand(&copy, sizeof(copy.head) + nr * sizeof(copy.pieces[0]));
	arg.out = user_operand(&copied, sizeof(copied));
	return arg;
}

void copy_works(int fd, __u64 len)
{
	struct kshm_ioc_control arg = copy_request();

	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, sizeof(copied));
	assert_int_equal(arg.out_detail, 0);
	assert_int_equal(copied, len);
}

struct kshm_explain copy_refused(int fd, int error, __u32 check, __u32 operand)
{
	struct kshm_ioc_control arg = copy_request();
	struct kshm_explain why = { .size = sizeof(why) };

	arg.explain = to_u64(&why);
	control_status(fd, &arg, -error);
	assert_int_equal(arg.out.out_returned, 0);
	assert_int_equal(copied, ~0ULL);
	assert_int_equal(why.check, check);
	assert_int_equal(why.operand, operand);
	assert_int_equal(why.error, check ? error : 0);
	return why;
}

struct kshm_explain copy_ends(int fd, int error, __u32 check, __u32 operand, __u64 len)
{
	struct kshm_ioc_control arg = copy_request();
	struct kshm_explain why = { .size = sizeof(why) };

	arg.explain = to_u64(&why);
	control(fd, &arg);
	assert_int_equal(arg.out_detail, error);
	assert_int_equal(arg.out.out_returned, sizeof(copied));
	/* The processor may not tell the last few. */
	assert_in_range(copied, len > 64 ? len - 64 : 1, len);
	assert_int_equal(why.error, error);
	assert_int_equal(why.check, check);
	assert_int_equal(why.operand, operand);
	return why;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - patterns filled and checked by the driver for tests
 */
#include "device.h"
#include "harness.h"
#include "pattern.h"

static struct kshm_test_place call(int fd, __u32 code, struct kshm_operand data,
				   struct kshm_test_work *work)
{
	struct kshm_test_place place;
	struct kshm_ioc_control arg = request(code);

	arg.in = user_operand(work, sizeof(*work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = data;
	control(fd, &arg);
	assert_int_equal(arg.data.out_returned, data.len);
	return place;
}

struct kshm_test_place driver_fills(int fd, void *data, size_t len,
				    struct kshm_test_work work)
{
	return call(fd, KSHM_TEST_FILL, user_operand(data, len), &work);
}

struct kshm_test_place driver_checks(int fd, const void *data, size_t len,
				     struct kshm_test_work work)
{
	struct kshm_test_place place = call(fd, KSHM_TEST_CHECK,
					    user_operand(data, len), &work);

	assert_int_equal(place.wrong, 0);
	return place;
}

void fill_pattern(unsigned char *data, size_t len, unsigned int seed)
{
	size_t i;

	for (i = 0; i < len; i++)
		data[i] = kshm_test_byte(seed, i);
}

bool has_pattern(const unsigned char *data, size_t len, unsigned int seed)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (data[i] != kshm_test_byte(seed, i))
			return false;
	return true;
}

void assert_both_ways_by(int fd, struct kshm_operand operand, unsigned char *data,
			 struct kshm_test_work work)
{
	const size_t len = operand.len;

	fill_pattern(data, len, work.seed);
	assert_int_equal(call(fd, KSHM_TEST_CHECK, operand, &work).wrong, 0);
	work.seed++;
	call(fd, KSHM_TEST_FILL, operand, &work);
	assert_true(has_pattern(data, len, work.seed));
}

void assert_both_ways(int fd, unsigned char *data, size_t len,
		      struct kshm_test_work work)
{
	assert_both_ways_by(fd, user_operand(data, len), data, work);
}

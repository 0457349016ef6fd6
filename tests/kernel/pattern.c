// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - patterns filled and checked by the driver for tests
 */
#include "device.h"
#include "harness.h"
#include "pattern.h"

static struct kshm_test_place call(int fd, __u32 code, const void *data,
				   size_t len, struct kshm_test_work *work)
{
	struct kshm_test_place place;
	struct kshm_ioc_control arg = request(code);

	arg.in = user_operand(work, sizeof(*work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = user_operand(data, len);
	control(fd, &arg);
	assert_int_equal(arg.data.out_returned, len);
	return place;
}

struct kshm_test_place driver_fills(int fd, void *data, size_t len,
				    struct kshm_test_work work)
{
	return call(fd, KSHM_TEST_FILL, data, len, &work);
}

struct kshm_test_place driver_checks(int fd, const void *data, size_t len,
				     struct kshm_test_work work)
{
	struct kshm_test_place place = call(fd, KSHM_TEST_CHECK, data, len,
					    &work);

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

void assert_both_ways(int fd, unsigned char *data, size_t len,
		      struct kshm_test_work work)
{
	fill_pattern(data, len, work.seed);
	driver_checks(fd, data, len, work);
	work.seed++;
	driver_fills(fd, data, len, work);
	assert_true(has_pattern(data, len, work.seed));
}

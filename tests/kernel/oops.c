// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - test of a driver that writes to read-only data; runs in a machine of
 * its own, which it ends
 */
#include <fcntl.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "kshm_test.h"

static void oops_write_through_a_read_pin(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	struct kshm_ioc_control arg = request(KSHM_TEST_OVERWRITE);
	int fd = device_open("test", O_RDWR);

	b.data[0] = 'a';
	arg.data = user_operand(b.data, 1);
	control_try(fd, &arg);
	fail_msg("the driver went on, and the byte is %c", b.data[0]);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(oops_write_through_a_read_pin),
};

HARNESS_MAIN(tests)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - test of a driver that writes to read-only data; runs in a machine of
 * its own, which it ends
 */
#include <fcntl.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "misbehaving.h"

/*
 * What KASAN has to see, on a debug kernel, which is one with lockdep too: tests/check has
 * its report among what is expected there. Elsewhere the byte may be somebody else's.
 */
static void write_beyond_an_allocation(void)
{
	struct misbehaving m;

	if (access("/proc/lockdep_stats", F_OK))
		return;
	m = misbehaving(KSHM_TEST_MISBEHAVE_writes_beyond_its_input);
	misbehave(&m, 0, 0);
	misbehaving_end(&m);
}

static void oops_write_through_a_read_pin(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	struct kshm_ioc_control arg = request(KSHM_TEST_OVERWRITE);
	int fd = device_open("test", O_RDWR);

	write_beyond_an_allocation();
	b.data[0] = 'a';
	arg.data = user_operand(b.data, 1);
	control_try(fd, &arg);
	fail_msg("the driver went on, and the byte is %c", b.data[0]);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(oops_write_through_a_read_pin),
};

HARNESS_MAIN(tests)

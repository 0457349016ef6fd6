// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - requests through the library as its tests send them
 */
#include <string.h>

#include "harness.h"
#include "kshm_test.h"
#include "request.h"

int perform_with(unsigned int access, const char *device, __u32 code,
		 const struct kshm_operand *in, const struct kshm_operand *out,
		 const struct kshm_operand *data, struct end *end)
{
	struct kshm_handle *handle;
	int ret;

	memset(end, 0xff, sizeof(*end));
	assert_int_equal(kshm_open(&handle, device, access), 0);
	ret = kshm_control(handle, code, in, out, data, &end->result,
			   &end->why);
	kshm_close(handle);
	return ret;
}

int perform(const char *device, __u32 code, const struct kshm_operand *in,
	    const struct kshm_operand *out, const struct kshm_operand *data,
	    struct end *end)
{
	return perform_with(KSHM_OPEN_READ, device, code, in, out, data, end);
}

void set_test_devices(__u32 count)
{
	struct kshm_handle *handle;

	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_device_io_control(handle, KSHM_TEST_DEVICES,
						&count, sizeof(count), NULL, 0,
						NULL), 0);
	kshm_close(handle);
}

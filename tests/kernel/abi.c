// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the ABI: every command with structs of every length
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/kshm_null.h>

#include "device.h"
#include "harness.h"
#include "leak.h"

/* A command and a good argument for it. */
struct command {
	unsigned int nr;
	size_t size;
	__u32 code;
};

static const struct command commands[] = {
	{ KSHM_IOC_INFO, sizeof(struct kshm_ioc_info), 0 },
	{ KSHM_IOC_CONTROL, sizeof(struct kshm_ioc_control), KSHM_NULL_NOP },
};

/* Room for the longest struct and what may follow it. */
union argument {
	struct {
		__u32 size;
		__u32 flags;
	} head;
	struct kshm_ioc_info info;
	struct kshm_ioc_control control;
	unsigned char bytes[4096];
};

static union argument argument_of(const struct command *command)
{
	union argument arg;

	memset(&arg, 0, sizeof(arg));
	if (command->nr == KSHM_IOC_CONTROL)
		arg.control.code = command->code;
	arg.head.size = command->size;
	return arg;
}

static int call(const struct command *command, union argument *arg)
{
	int fd = device_open("null", O_RDWR);
	int ret = ioctl(fd, command->nr, arg) ? -errno : 0;

	close(fd);
	return ret;
}

static int call_with_size(const struct command *command, __u32 size,
			  unsigned char tail)
{
	union argument arg = argument_of(command);

	arg.head.size = size;
	if (size > command->size)
		arg.bytes[size - 1] = tail;
	return call(command, &arg);
}

static void abi_struct_of_exact_size(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		assert_int_equal(call_with_size(&commands[i], commands[i].size,
						0), 0);
}

static void abi_struct_too_short(void **state)
{
	size_t i;
	__u32 size;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		for (size = 0; size < commands[i].size; size++)
			assert_int_equal(call_with_size(&commands[i], size, 0),
					 -EINVAL);
}

static void abi_struct_longer_with_zeros(void **state)
{
	size_t i, extra;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		for (extra = 1; extra <= 64; extra++)
			assert_int_equal(call_with_size(&commands[i],
							commands[i].size + extra,
							0), 0);
}

static void abi_struct_longer_with_something(void **state)
{
	size_t i, extra;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		for (extra = 1; extra <= 64; extra++)
			assert_int_equal(call_with_size(&commands[i],
							commands[i].size + extra,
							1), -E2BIG);
}

static void abi_every_flag_is_unknown(void **state)
{
	union argument arg;
	size_t i;
	int bit;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		for (bit = 0; bit < 32; bit++) {
			arg = argument_of(&commands[i]);
			arg.head.flags = 1u << bit;
			assert_int_equal(call(&commands[i], &arg), -EOPNOTSUPP);
		}
	}
}

static void abi_struct_not_mapped(void **state)
{
	size_t i;
	int fd = device_open("null", O_RDWR);

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		assert_int_equal(ioctl(fd, commands[i].nr, NULL), -1);
		assert_int_equal(errno, EFAULT);
		assert_int_equal(ioctl(fd, commands[i].nr,
				       0xffffffff80000000UL), -1);
		assert_int_equal(errno, EFAULT);
	}
	close(fd);
}

static void abi_unknown_commands(void **state)
{
	const unsigned int unknown[] = {
		_IO(KSHM_IOC_MAGIC, 2),
		_IO(KSHM_IOC_MAGIC, 255),
		_IOWR(KSHM_IOC_MAGIC, 1, struct kshm_ioc_control),
		_IOR(KSHM_IOC_MAGIC, 0, __u32),
		_IO(KSHM_IOC_MAGIC - 1, 1),
		0x80000000 | KSHM_IOC_CONTROL,
		0,
	};
	struct command command = { .size = sizeof(struct kshm_ioc_control) };
	union argument arg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		command.nr = unknown[i];
		arg = argument_of(&command);
		assert_int_equal(call(&command, &arg), -ENOTTY);
	}
}

static void abi_info_says_what_is_there(void **state)
{
	int fd = device_open("null", O_RDONLY);
	struct kshm_ioc_info info = device_info(fd);

	assert_int_equal(info.size, sizeof(info));
	assert_int_equal(info.out_abi_version, KSHM_ABI_VERSION);
	assert_int_equal(info.out_page_size, sysconf(_SC_PAGESIZE));
	assert_int_equal(info.out_features,
			 KSHM_FEATURE_REGIONS | KSHM_FEATURE_REVOKE |
			 KSHM_FEATURE_EXPORT | KSHM_FEATURE_KEYS |
			 KSHM_FEATURE_WATCH | KSHM_FEATURE_SECTIONS |
			 KSHM_FEATURE_NAMES | KSHM_FEATURE_HANDLES |
			 KSHM_FEATURE_SEQUENCES);
	assert_string_equal(info.out_device, "null");
	assert_int_not_equal(strlen(info.out_version), 0);
	assert_true(info.out_max_copied >= 32 << 20);
	assert_int_not_equal(info.out_max_request_pages, 0);
	assert_int_not_equal(info.out_max_user_pages, 0);
	assert_true(info.out_max_system_pages >= info.out_max_user_pages);
	close(fd);
}

/* A longer struct keeps what the module does not know. */
static void abi_info_leaves_the_tail_alone(void **state)
{
	union argument arg = argument_of(&commands[0]);
	unsigned char *tail = arg.bytes + sizeof(struct kshm_ioc_info) + 64;

	arg.head.size = sizeof(struct kshm_ioc_info) + 64;
	memset(tail, 0xaa, 16);
	assert_int_equal(call(&commands[0], &arg), 0);
	assert_int_equal(arg.info.size, sizeof(struct kshm_ioc_info) + 64);
	assert_int_equal(tail[0], 0xaa);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(abi_struct_of_exact_size),
	cmocka_unit_test(abi_struct_too_short),
	cmocka_unit_test(abi_struct_longer_with_zeros),
	cmocka_unit_test(abi_struct_longer_with_something),
	cmocka_unit_test(abi_every_flag_is_unknown),
	cmocka_unit_test(abi_struct_not_mapped),
	cmocka_unit_test(abi_unknown_commands),
	cmocka_unit_test(abi_info_says_what_is_there),
	cmocka_unit_test(abi_info_leaves_the_tail_alone),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of registration: tables that make no sense are refused, and
 * sysfs shows those that do
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/kshm_null.h>

#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"

static void register_refuses(__u32 table, int error)
{
	int fd = device_open("test", O_RDWR);
	struct kshm_ioc_control arg = request(KSHM_TEST_REGISTER);

	arg.in = user_operand(&table, sizeof(table));
	control_status(fd, &arg, -error);
	close(fd);
}

/* The numbers are those of the driver's list, tests/module/devices.c. */
static void register_refuses_rows_that_cannot_be_told_apart(void **state)
{
	register_refuses(0, EEXIST);
	register_refuses(1, EEXIST);
}

static void register_refuses_rows_without_handler_or_name(void **state)
{
	__u32 table;

	for (table = 2; table <= 6; table++)
		register_refuses(table, EINVAL);
}

static void register_refuses_data_where_the_method_has_none(void **state)
{
	register_refuses(7, EINVAL);
	register_refuses(8, EINVAL);
}

static void register_refuses_bounds_the_wrong_way_round(void **state)
{
	register_refuses(9, EINVAL);
}

static void register_refuses_unknown_contexts_and_flags(void **state)
{
	register_refuses(10, EINVAL);
	register_refuses(11, EINVAL);
}

static void register_refuses_raw_outside_the_caller(void **state)
{
	register_refuses(12, EINVAL);
	register_refuses(13, EINVAL);
}

static void name_gives(const char *name, int error)
{
	int fd = device_open("test", O_RDWR);
	struct kshm_ioc_control device = request(KSHM_TEST_NAME_DEVICE);
	struct kshm_ioc_control control = request(KSHM_TEST_NAME_CONTROL);

	device.in = user_operand(name, strlen(name));
	control.in = device.in;
	control_status(fd, &device, -error);
	control_status(fd, &control, -error);
	close(fd);
}

/* They become names of files and words on a command line. */
static void register_refuses_names_with_odd_characters(void **state)
{
	static const char good[] = "-_.";
	char name[] = "a?b";
	unsigned int c;

	for (c = 1; c < 256; c++) {
		name[1] = c;
		name_gives(name, strchr(good, c) || (c >= '0' && c <= '9') ||
			   (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ?
			   0 : EINVAL);
	}
}

static void register_refuses_names_that_are_none(void **state)
{
	static const char * const names[] = {
		"", ".", "..", ".a", "-", "-a", "--json", "a/../b", "\xc3\xa4", NULL
	};
	char name[KSHM_TEST_NAME_MAX];
	size_t i;

	for (i = 0; names[i]; i++)
		name_gives(names[i], EINVAL);
	memset(name, 'a', sizeof(name));
	name[KSHM_NAME_SIZE] = '\0';
	name_gives(name, EINVAL);
	name[KSHM_NAME_SIZE - 1] = '\0';
	name_gives(name, 0);
}

static void mode_gives(__u32 mode, int error)
{
	int fd = device_open("test", O_RDWR);
	struct kshm_ioc_control arg = request(KSHM_TEST_NODE_MODE);

	arg.in = user_operand(&mode, sizeof(mode));
	control_status(fd, &arg, -error);
	close(fd);
}

/* 660 is what 0660 becomes without its 0: 01224 in octal. */
static void register_refuses_modes_beyond_permission_bits(void **state)
{
	mode_gives(0, 0);
	mode_gives(0600, 0);
	mode_gives(0777, 0);
	mode_gives(660, EINVAL);
	mode_gives(01000, EINVAL);
	mode_gives(04755, EINVAL);
	mode_gives(S_IFCHR | 0660, EINVAL);
}

static void register_refuses_a_name_in_use(void **state)
{
	register_refuses(14, EEXIST);
}

static void register_shows_the_table_in_sysfs(void **state)
{
	static const char * const lines[] = {
		"NAME=bounds\n", "CODE=0x8eff214a\n", "METHOD=2\n",
		"ACCESS=0\n", "CONTEXT=caller\n", "FLAGS=0\n",
		"IN_MIN=4\n", "IN_MAX=16\n", "OUT_MIN=8\n", "OUT_MAX=32\n",
		"DATA_MIN=1\n", "DATA_MAX=8192\n",
	};
	char path[128], line[64];
	size_t i;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/class/kshm/test/controls/%08x",
		 KSHM_TEST_BOUNDS);
	file = fopen(path, "re");
	assert_non_null(file);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_non_null(fgets(line, sizeof(line), file));
		assert_string_equal(line, lines[i]);
	}
	assert_null(fgets(line, sizeof(line), file));
	fclose(file);

	file = fopen("/sys/class/kshm/test/owner", "re");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_string_equal(line, "kshm_test\n");
	fclose(file);
}

static void register_null_takes_anything_and_does_nothing(void **state)
{
	static const __u32 codes[] = {
		KSHM_NULL_NOP, KSHM_NULL_NOP_TO_DRIVER,
		KSHM_NULL_NOP_FROM_DRIVER, KSHM_NULL_NOP_RAW,
	};
	unsigned char in[100], out[100], data[100];
	int fd = device_open("null", O_RDONLY);
	struct kshm_ioc_control arg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		memset(out, 3, sizeof(out));
		memset(data, 4, sizeof(data));
		arg = request(codes[i]);
		arg.in = user_operand(in, sizeof(in));
		arg.out = user_operand(out, sizeof(out));
		if (KSHM_CODE_METHOD(codes[i]) == KSHM_METHOD_IN_DIRECT ||
		    KSHM_CODE_METHOD(codes[i]) == KSHM_METHOD_OUT_DIRECT)
			arg.data = user_operand(data, sizeof(data));
		control(fd, &arg);
		assert_int_equal(arg.out.out_returned, 0);
		assert_int_equal(arg.data.out_returned, 0);
		assert_int_equal(out[0], 3);
		assert_int_equal(out[99], 3);
		assert_int_equal(data[0], 4);
		arg = request(codes[i]);
		control(fd, &arg);
	}
	close(fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(register_refuses_rows_that_cannot_be_told_apart),
	cmocka_unit_test(register_refuses_rows_without_handler_or_name),
	cmocka_unit_test(register_refuses_data_where_the_method_has_none),
	cmocka_unit_test(register_refuses_bounds_the_wrong_way_round),
	cmocka_unit_test(register_refuses_unknown_contexts_and_flags),
	cmocka_unit_test(register_refuses_raw_outside_the_caller),
	cmocka_unit_test(register_refuses_names_with_odd_characters),
	cmocka_unit_test(register_refuses_names_that_are_none),
	cmocka_unit_test(register_refuses_modes_beyond_permission_bits),
	cmocka_unit_test(register_refuses_a_name_in_use),
	cmocka_unit_test(register_shows_the_table_in_sysfs),
	cmocka_unit_test(register_null_takes_anything_and_does_nothing),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

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

/**
 * struct command - a command, and an argument that is well-formed
 * @nr: the command
 * @least: size of the first version of its struct
 * @size: of the one of today
 * @flags_at: where the flags are in it, or 0 if it has none
 * @known: those that there are
 * @ret: what comes of @arg in a handle of nothing: 0 or -errno
 * @arg: the argument, but for its size
 */
struct command {
	unsigned int nr;
	size_t least;
	size_t size;
	size_t flags_at;
	__u32 known;
	int ret;
	const void *arg;
};

#define NO_ID	12345
#define NAME	"test.abi"

/* One whose struct begins with size and flags, and has not grown. */
#define COMMAND(nr, type, known, ret, ...)					\
	{ nr, sizeof(struct type), sizeof(struct type), offsetof(struct type, flags), known, \
	  ret, &(const struct type){ __VA_ARGS__ } }

static const struct command commands[] = {
	COMMAND(KSHM_IOC_INFO, kshm_ioc_info, 0, 0, .flags = 0),
	{ KSHM_IOC_CONTROL, offsetof(struct kshm_ioc_control, user_data),
	  sizeof(struct kshm_ioc_control), offsetof(struct kshm_ioc_control, flags),
	  KSHM_REQUEST_SUBMIT, 0, &(const struct kshm_ioc_control){ .code = KSHM_NULL_NOP } },
	COMMAND(KSHM_IOC_CANCEL, kshm_ioc_cancel, KSHM_CANCEL_ALL, -ENOENT, .user_data = 1),
	COMMAND(KSHM_IOC_EVENTFD, kshm_ioc_eventfd, 0, 0, .fd = -1),
	{ KSHM_IOC_REGION_CREATE, offsetof(struct kshm_ioc_region_create, flags),
	  sizeof(struct kshm_ioc_region_create), offsetof(struct kshm_ioc_region_create, flags),
	  KSHM_REGION_UNWATCHED, 0,
	  &(const struct kshm_ioc_region_create){ .rights = KSHM_REGION_READ } },
	{ KSHM_IOC_REGION_QUERY, offsetof(struct kshm_ioc_region_query, out_holds),
	  sizeof(struct kshm_ioc_region_query), 0, 0, -ENOENT,
	  &(const struct kshm_ioc_region_query){ .id = NO_ID } },
	COMMAND(KSHM_IOC_REGION_DESTROY, kshm_ioc_region_destroy, KSHM_REGION_WAIT, -ENOENT,
		.id = NO_ID),
	COMMAND(KSHM_IOC_REGION_REVOKE, kshm_ioc_region_revoke, KSHM_REGION_NO_WAIT, -ENOENT,
		.id = NO_ID),
	COMMAND(KSHM_IOC_REGION_EXPORT, kshm_ioc_region_export, 0, -ENOENT, .id = NO_ID,
		.rights = KSHM_REGION_READ),
	COMMAND(KSHM_IOC_REGION_IMPORT, kshm_ioc_region_import, 0, -EBADF, .fd = -1,
		.rights = KSHM_REGION_READ),
	COMMAND(KSHM_IOC_REGION_KEY, kshm_ioc_region_key, KSHM_KEY_ANY_UID | KSHM_KEY_REMOVE,
		-ENOENT, .id = NO_ID, .rights = KSHM_REGION_READ),
	COMMAND(KSHM_IOC_REGION_OPEN, kshm_ioc_region_open, 0, -ENOENT,
		.rights = KSHM_REGION_READ),
	COMMAND(KSHM_IOC_SECTION_ATTACH, kshm_ioc_section_attach, 0, -EBADF, .fd = -1,
		.rights = KSHM_REGION_READ),
	COMMAND(KSHM_IOC_SECTION_SEQUENCE, kshm_ioc_section_sequence, 0, -ENOENT, .id = NO_ID,
		.rights = KSHM_REGION_READ),
	COMMAND(KSHM_IOC_NAME_PUBLISH, kshm_ioc_name_publish, KSHM_NAME_UNTIL_CLOSE, -ENOENT,
		.id = NO_ID, .rights = KSHM_REGION_READ, .gid = KSHM_NAME_OWN_GROUP,
		.name = NAME),
	COMMAND(KSHM_IOC_NAME_OPEN, kshm_ioc_name_open, KSHM_NAME_FD, -ENOENT,
		.rights = KSHM_REGION_READ, .name = NAME),
	COMMAND(KSHM_IOC_NAME_REMOVE, kshm_ioc_name_remove, 0, -ENOENT, .name = NAME),
	COMMAND(KSHM_IOC_NAME_LIST, kshm_ioc_name_list, 0, 0, .after = NAME),
	COMMAND(KSHM_IOC_HANDLE_LIST, kshm_ioc_handle_list, 0, 0, .nr_entries = 0),
};

/* Room for the longest struct and what may follow it. */
union argument {
	__u32 size;
	struct kshm_ioc_info info;
	unsigned char bytes[4096];
};

static int fd;

static void set_up(void)
{
	fd = device_open("null", O_RDWR);
}

static void tear_down(void)
{
	close(fd);
}

static union argument argument_of(const struct command *command)
{
	union argument arg;

	memset(&arg, 0, sizeof(arg));
	memcpy(&arg, command->arg, command->size);
	arg.size = command->size;
	return arg;
}

static int call(const struct command *command, union argument *arg)
{
	return ioctl(fd, command->nr, arg) ? -errno : 0;
}

static int call_with_size(const struct command *command, __u32 size,
			  unsigned char tail)
{
	union argument arg = argument_of(command);

	arg.size = size;
	if (size > command->size)
		arg.bytes[size - 1] = tail;
	return call(command, &arg);
}

/* What is not what it is to be, of which command. */
static void is_of(const struct command *command, size_t which, int ret, int wanted)
{
	if (ret != wanted)
		fail_msg("command 0x%x, %zu: %d and not %d", command->nr, which, ret, wanted);
}

/* Of today, and each that began with the first. */
WITH_SET_UP(abi_struct_of_sizes_that_there_were)
{
	const struct command *c;
	size_t size;

	for (c = commands; c < commands + ARRAY_SIZE(commands); c++)
		for (size = c->least; size <= c->size; size++)
			is_of(c, size, call_with_size(c, size, 0), c->ret);
}

WITH_SET_UP(abi_struct_too_short)
{
	const struct command *c;
	size_t size;

	for (c = commands; c < commands + ARRAY_SIZE(commands); c++)
		for (size = 0; size < c->least; size++)
			is_of(c, size, call_with_size(c, size, 0), -EINVAL);
}

WITH_SET_UP(abi_struct_longer_with_zeros)
{
	const struct command *c;
	size_t size;

	for (c = commands; c < commands + ARRAY_SIZE(commands); c++)
		for (size = c->size + 1; size <= c->size + 64; size++)
			is_of(c, size, call_with_size(c, size, 0), c->ret);
}

WITH_SET_UP(abi_struct_longer_with_something)
{
	const struct command *c;
	size_t size;

	for (c = commands; c < commands + ARRAY_SIZE(commands); c++)
		for (size = c->size + 1; size <= c->size + 64; size++)
			is_of(c, size, call_with_size(c, size, 1), -E2BIG);
}

WITH_SET_UP(abi_every_other_flag_is_unknown)
{
	const struct command *c;
	union argument arg;
	__u32 flag;

	for (c = commands; c < commands + ARRAY_SIZE(commands); c++) {
		for (flag = c->flags_at ? 1 : 0; flag; flag <<= 1) {
			if (flag & c->known)
				continue;
			arg = argument_of(c);
			memcpy(arg.bytes + c->flags_at, &flag, sizeof(flag));
			is_of(c, flag, call(c, &arg), -EOPNOTSUPP);
		}
	}
}

WITH_SET_UP(abi_struct_not_mapped)
{
	const struct command *c;

	for (c = commands; c < commands + ARRAY_SIZE(commands); c++) {
		is_of(c, 0, call(c, NULL), -EFAULT);
		is_of(c, 1, call(c, (void *)0xffffffff80000000UL), -EFAULT);
	}
}

/* Whether there is a command of this number, which is to say: in the table. */
static bool is_command(unsigned int nr)
{
	const struct command *c;

	for (c = commands; c < commands + ARRAY_SIZE(commands); c++)
		if (c->nr == nr)
			return true;
	return false;
}

static void is_unknown(unsigned int nr)
{
	struct command command = commands[1];
	union argument arg = argument_of(&command);

	command.nr = nr;
	is_of(&command, 0, call(&command, &arg), -ENOTTY);
}

WITH_SET_UP(abi_unknown_commands)
{
	const unsigned int others[] = {
		_IOWR(KSHM_IOC_MAGIC, 1, struct kshm_ioc_control),
		_IOR(KSHM_IOC_MAGIC, 0, __u32),
		_IO(KSHM_IOC_MAGIC - 1, 1),
		0x80000000 | KSHM_IOC_CONTROL,
		0,
	};
	unsigned int nr;
	size_t i;

	for (nr = 0; nr < 256; nr++)
		if (!is_command(_IO(KSHM_IOC_MAGIC, nr)))
			is_unknown(_IO(KSHM_IOC_MAGIC, nr));
	for (i = 0; i < ARRAY_SIZE(others); i++)
		is_unknown(others[i]);
}

WITH_SET_UP(abi_info_says_what_is_there)
{
	struct kshm_ioc_info info = device_info(fd);

	assert_int_equal(info.size, sizeof(info));
	assert_int_equal(info.out_abi_version, KSHM_ABI_VERSION);
	assert_int_equal(info.out_page_size, sysconf(_SC_PAGESIZE));
	/* Where kernels differ, kernel/uring looks. */
	assert_int_equal(info.out_features & ~KSHM_FEATURE_RINGS_PEND,
			 KSHM_FEATURE_REGIONS | KSHM_FEATURE_REVOKE |
			 KSHM_FEATURE_EXPORT | KSHM_FEATURE_KEYS |
			 KSHM_FEATURE_WATCH | KSHM_FEATURE_SECTIONS |
			 KSHM_FEATURE_NAMES | KSHM_FEATURE_HANDLES |
			 KSHM_FEATURE_SEQUENCES | KSHM_FEATURE_SUBMIT |
			 KSHM_FEATURE_RINGS);
	assert_string_equal(info.out_device, "null");
	assert_int_not_equal(strlen(info.out_version), 0);
	assert_true(info.out_max_copied >= 32 << 20);
	assert_int_not_equal(info.out_max_request_pages, 0);
	assert_int_not_equal(info.out_max_user_pages, 0);
	assert_true(info.out_max_system_pages >= info.out_max_user_pages);
}

/* A longer struct keeps what the module does not know. */
WITH_SET_UP(abi_info_leaves_the_tail_alone)
{
	union argument arg = argument_of(&commands[0]);
	unsigned char *tail = arg.bytes + sizeof(struct kshm_ioc_info) + 64;

	arg.size = sizeof(struct kshm_ioc_info) + 64;
	memset(tail, 0xaa, 16);
	assert_int_equal(call(&commands[0], &arg), 0);
	assert_int_equal(arg.info.size, sizeof(struct kshm_ioc_info) + 64);
	assert_int_equal(tail[0], 0xaa);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(abi_struct_of_sizes_that_there_were),
	cmocka_unit_test(abi_struct_too_short),
	cmocka_unit_test(abi_struct_longer_with_zeros),
	cmocka_unit_test(abi_struct_longer_with_something),
	cmocka_unit_test(abi_every_other_flag_is_unknown),
	cmocka_unit_test(abi_struct_not_mapped),
	cmocka_unit_test(abi_unknown_commands),
	cmocka_unit_test(abi_info_says_what_is_there),
	cmocka_unit_test(abi_info_leaves_the_tail_alone),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

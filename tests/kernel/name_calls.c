// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - names of sections as the tests use them: raw ioctls on open files
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "device.h"
#include "harness.h"
#include "name_calls.h"

/* As much of it as there is room for. */
static void put_name(char to[KSHM_SECTION_NAME_SIZE], const char *name)
{
	memcpy(to, name, strnlen(name, KSHM_SECTION_NAME_SIZE));
}

static int call(int fd, unsigned long command, void *arg, __u64 *explain,
		struct kshm_explain *why)
{
	if (why)
		*why = (struct kshm_explain){ .size = sizeof(*why) };
	*explain = to_u64(why);
	return ioctl(fd, command, arg) ? -errno : 0;
}

struct kshm_ioc_name_publish name_request(__u32 id, const char *name, __u32 rights)
{
	struct kshm_ioc_name_publish arg = {
		.size = sizeof(arg), .id = id, .rights = rights,
		.gid = KSHM_NAME_OWN_GROUP, .mode = 0600,
	};

	put_name(arg.name, name);
	return arg;
}

int name_try(int fd, struct kshm_ioc_name_publish *arg, struct kshm_explain *why)
{
	return call(fd, KSHM_IOC_NAME_PUBLISH, arg, &arg->explain, why);
}

void name_publish(int fd, __u32 id, const char *name, __u32 rights, __u32 flags)
{
	struct kshm_ioc_name_publish arg = name_request(id, name, rights);

	arg.flags = flags;
	assert_int_equal(name_try(fd, &arg, NULL), 0);
}

int name_open_try(int fd, const char *name, __u32 rights, __u32 flags,
		  struct kshm_ioc_name_open *arg, struct kshm_explain *why)
{
	*arg = (struct kshm_ioc_name_open){
		.size = sizeof(*arg), .flags = flags, .rights = rights,
	};
	put_name(arg->name, name);
	return call(fd, KSHM_IOC_NAME_OPEN, arg, &arg->explain, why);
}

__u32 name_open(int fd, const char *name, __u32 rights)
{
	struct kshm_ioc_name_open arg;

	assert_int_equal(name_open_try(fd, name, rights, 0, &arg, NULL), 0);
	assert_int_not_equal(arg.out_id, 0);
	assert_int_equal(arg.out_fd, -1);
	return arg.out_id;
}

int name_remove_try(int fd, const char *name, struct kshm_explain *why)
{
	struct kshm_ioc_name_remove arg = { .size = sizeof(arg) };

	put_name(arg.name, name);
	return call(fd, KSHM_IOC_NAME_REMOVE, &arg, &arg.explain, why);
}

void name_remove(int fd, const char *name)
{
	assert_int_equal(name_remove_try(fd, name, NULL), 0);
}

int name_list_try(int fd, const char *after, struct kshm_name_entry *entries,
		  __u32 nr, struct kshm_ioc_name_list *arg, struct kshm_explain *why)
{
	*arg = (struct kshm_ioc_name_list){
		.size = sizeof(*arg), .nr_entries = nr, .entries = to_u64(entries),
		.out_nr = 4711, .out_more = 4711,
	};
	put_name(arg->after, after);
	return call(fd, KSHM_IOC_NAME_LIST, arg, &arg->explain, why);
}

bool name_list(int fd, const char *after, struct kshm_name_entry *entries, __u32 room,
	       __u32 *nr)
{
	struct kshm_ioc_name_list arg;

	assert_int_equal(name_list_try(fd, after, entries, room, &arg, NULL), 0);
	assert_true(arg.out_nr <= room);
	assert_true(arg.out_more <= 1);
	*nr = arg.out_nr;
	return arg.out_more;
}

void name_remove_all(int fd)
{
	struct kshm_name_entry entry = { .name = "" };
	__u32 nr;

	for (;;) {
		name_list(fd, entry.name, &entry, 1, &nr);
		if (!nr)
			break;
		name_remove_try(fd, entry.name, NULL);
	}
}

void name_refused(int ret, const struct kshm_explain *why, int error, __u32 check)
{
	assert_int_equal(ret, -error);
	assert_int_equal(why->error, error);
	assert_int_equal(why->check, check);
	assert_int_equal(why->operand, 0);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - lists of handles as the tests use them: raw ioctls on open files
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device.h"
#include "handle_calls.h"
#include "harness.h"

int handle_list_try(int fd, __u64 after, __u32 after_id,
		    struct kshm_handle_entry *entries, __u32 nr,
		    struct kshm_ioc_handle_list *arg, struct kshm_explain *why)
{
	*arg = (struct kshm_ioc_handle_list){
		.size = sizeof(*arg), .nr_entries = nr, .entries = to_u64(entries),
		.explain = to_u64(why), .after_handle = after, .after_id = after_id,
		.out_nr = 4711, .out_more = 4711,
	};
	if (why)
		*why = (struct kshm_explain){ .size = sizeof(*why) };
	return ioctl(fd, KSHM_IOC_HANDLE_LIST, arg) ? -errno : 0;
}

bool handle_list(int fd, __u64 after, __u32 after_id,
		 struct kshm_handle_entry *entries, __u32 room, __u32 *nr)
{
	struct kshm_ioc_handle_list arg;

	assert_int_equal(handle_list_try(fd, after, after_id, entries, room, &arg, NULL),
			 0);
	assert_true(arg.out_nr <= room);
	assert_true(arg.out_more <= 1);
	*nr = arg.out_nr;
	return arg.out_more;
}

__u32 handle_list_all(int fd, __u64 after, __u32 room,
		      struct kshm_handle_entry *entries, __u32 most)
{
	__u32 nr, told = 0, id = HANDLE_LAST_ID;
	bool more;

	do {
		assert_true(room <= most - told);
		more = handle_list(fd, after, id, entries + told, room, &nr);
		told += nr;
		if (nr) {
			after = entries[told - 1].handle;
			id = entries[told - 1].id;
		}
		/* There is more only where there was no room. */
		assert_int_equal(more ? room : nr, nr);
	} while (more);
	return told;
}

/* What is printable, and no blank, is as it is; else a byte is a backslash and three digits. */
static void parse_name(const char *text, char *name, size_t size)
{
	size_t len = 0;

	for (; *text; text++, len++) {
		assert_true(len < size - 1);
		assert_true(isgraph((unsigned char)*text));
		name[len] = *text;
		if (*text != '\\')
			continue;
		name[len] = (text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0');
		text += 3;
	}
}

static void parse_entry(const char *line, struct kshm_handle_entry *entry)
{
	char comm[4 * KSHM_COMM_SIZE];
	int members;

	*entry = (struct kshm_handle_entry){ };
	members = sscanf(line, "%llu %u %llu %x %x %x %u %u %llu %llu %llu %u %u %u %15s %63s",
			 &entry->handle, &entry->id, &entry->region, &entry->rights,
			 &entry->state, &entry->flags, &entry->holds, &entry->uses,
			 &entry->len, &entry->pages, &entry->age, &entry->pid,
			 &entry->uid, &entry->charged_uid, entry->device, comm);
	assert_int_equal(members, 16);
	parse_name(comm, entry->comm, sizeof(entry->comm));
}

int handle_debugfs_open(void)
{
	int file = open("/sys/kernel/debug/kshm/handles", O_RDONLY | O_CLOEXEC);

	assert_int_not_equal(file, -1);
	return file;
}

__u32 handle_debugfs_all(int file, size_t piece, struct kshm_handle_entry *entries,
			 __u32 most)
{
	char line[512] = "";
	size_t len = 0;
	__u32 lines = 0;
	ssize_t got;
	char *end;

	assert_true(piece < sizeof(line) / 2);
	while ((got = read(file, line + len, piece)) > 0) {
		len += got;
		line[len] = '\0';
		while ((end = strchr(line, '\n'))) {
			/* The first says what the columns are. */
			if (lines++) {
				assert_true(lines - 2 < most);
				parse_entry(line, &entries[lines - 2]);
			}
			len -= end + 1 - line;
			memmove(line, end + 1, len + 1);
		}
		assert_true(len < sizeof(line) / 2);
	}
	assert_int_equal(got, 0);
	assert_int_equal(len, 0);
	return lines - 1;
}

__u64 fdinfo_number(int fd, const char *key)
{
	char path[64], line[256];
	size_t len = strlen(key);
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, len) || line[len] != ':')
			continue;
		fclose(file);
		return strtoull(line + len + 1, NULL, 10);
	}
	fail_msg("fdinfo has no %s", key);
	return 0;
}

__u64 handle_number(int fd)
{
	return fdinfo_number(fd, "handle");
}

const struct kshm_handle_entry *handle_entry(const struct kshm_handle_entry *entries,
					     __u32 nr, __u64 handle, __u32 id)
{
	for (; nr; nr--, entries++)
		if (entries->handle == handle && entries->id == id)
			return entries;
	return NULL;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: names of sections
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

#include "finding.h"
#include "known.h"
#include "known_file.h"
#include "known_name.h"
#include "known_share.h"
#include "name.h"
#include "promise.h"
#include "share.h"

struct name_bytes name_bytes(unsigned int number)
{
	static const char * const texts[NR_NAMES] = {
		[NAME_0] = "n0", [NAME_1] = "n1", [NAME_2] = "n2", [NAME_3] = "n3",
		[NAME_DOTS] = "..", [NAME_EMPTY] = "", [NAME_SLASH] = "n/0",
		[NAME_SPACE] = "n 0", [NAME_DEL] = "n\x7f", [NAME_HIGH] = "\xe9n",
	};
	struct name_bytes name;

	memset(&name, texts[number] ? POISON : '~', sizeof(name));
	if (texts[number])
		strcpy(name.text, texts[number]);
	else if (number == NAME_LONGEST)
		name.text[sizeof(name) - 1] = '\0';
	return name;
}

/* "1 to KSHM_SECTION_NAME_SIZE - 1 visible characters of ASCII that are no '/', and a NUL" */
unsigned int name_bad_at(const struct name_bytes *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(name->text) && name->text[i]; i++)
		if (name->text[i] < '!' || name->text[i] > '~' || name->text[i] == '/')
			break;
	return i;
}

static __u64 explanation(const struct thread *thread, const struct op *op)
{
	return thread_address(op->v[EXPLAIN], thread->own->why);
}

static void put_name(char *to, __u64 number)
{
	struct name_bytes name = name_bytes(number);

	memcpy(to, name.text, sizeof(name.text));
}

static void make_publish(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->publish = (struct kshm_ioc_name_publish){
		.size = op->v[SIZE], .flags = op->v[SHARE_FLAGS], .id = op->v[FROM],
		.rights = op->v[SHARE_RIGHTS], .gid = op->v[NAME_GID],
		.mode = op->v[NAME_MODE], .explain = explanation(thread, op),
		.reserved = op->v[SHARE_RESERVED],
	};
	put_name(arg->publish.name, op->v[TO]);
}

static void make_open(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->name_open = (struct kshm_ioc_name_open){
		.size = op->v[SIZE], .flags = op->v[SHARE_FLAGS],
		.rights = op->v[SHARE_RIGHTS], .out_id = 0xa5a5a5a5, .out_fd = 0xa5a5a5a5,
		.reserved = op->v[SHARE_RESERVED], .explain = explanation(thread, op),
		.out_offset = 0xa5a5a5a5a5a5a5a5, .out_len = 0xa5a5a5a5a5a5a5a5,
	};
	put_name(arg->name_open.name, op->v[FROM]);
}

static void make_remove(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->name_remove = (struct kshm_ioc_name_remove){
		.size = op->v[SIZE], .flags = op->v[REGION_FLAGS],
		.explain = explanation(thread, op), .reserved = op->v[REGION_RESERVED],
	};
	put_name(arg->name_remove.name, op->v[FROM]);
}

bool name_can_publish(const struct thread *thread, const struct op *op)
{
	return op->v[AT] == OWN || (thread->alone && op->v[AT] != VVAR);
}

static void take_publish(struct thread *thread, const struct op *op)
{
	struct name name = {
		.rights = op->v[SHARE_RIGHTS], .mode = op->v[NAME_MODE],
		.until_close = op->v[SHARE_FLAGS] & KSHM_NAME_UNTIL_CLOSE,
		.gid = op->v[NAME_GID], .handle = op->v[HANDLE],
	};
	struct hold hold;

	if (known_find(op->v[HANDLE], op->v[FROM], &hold))
		name.region = hold.region;
	name_add(op->v[TO], &name);
}

/* A descriptor of its own, of the same file, that allows as much as the id. */
static void check_fd(const struct op *op, int fd, const struct region *region)
{
	int access = op->v[SHARE_RIGHTS] & KSHM_REGION_WRITE ? O_RDWR : O_RDONLY;

	if (!(op->v[SHARE_FLAGS] & KSHM_NAME_FD)) {
		if (fd != -1)
			found("name-open: descriptor %d that nobody wants", fd);
		return;
	}
	if (fcntl(fd, F_GETFD) != FD_CLOEXEC)
		found("name-open: descriptor %d is none that exec() closes", fd);
	if ((fcntl(fd, F_GETFL) & O_ACCMODE) != access)
		found("name-open: a descriptor with access %d, for rights %#llx",
		      fcntl(fd, F_GETFL) & O_ACCMODE, op->v[SHARE_RIGHTS]);
	if (region && region->file && !file_is(region->file, fd))
		found("name-open: a descriptor of another file");
}

static void check_part(const struct kshm_ioc_name_open *arg, const struct region *region)
{
	if (!arg->out_len || (arg->out_len | arg->out_offset) % 4096)
		found("name-open: %#llx bytes at %#llx", arg->out_len, arg->out_offset);
	if (region && (arg->out_len != region->len || arg->out_offset != region->offset))
		found("name-open: %#llx bytes at %#llx, attached were %#llx at %#llx",
		      arg->out_len, arg->out_offset, region->len, region->offset);
}

static void take_descriptor(const struct op *op, int fd, const struct region *region)
{
	struct share share = { .fd = fd, .file = region ? region->file : NULL };

	if (fd != -1)
		share_add(&share, op->v[NAME_SHARE]);
}

static void take_open(struct thread *thread, const struct op *op)
{
	const struct kshm_ioc_name_open *arg = &thread->own->call.name_open;
	struct kshm_ioc_name_open *expected = &thread->expected->call.name_open;
	const struct region *region;
	struct name name = { };

	name_find(op->v[FROM], &name);
	share_take_id(op, name.region, arg->out_id,
		      offsetof(struct kshm_ioc_name_open, out_id));
	if (op->v[AT] != OWN) {
		share_lose();
		return;
	}
	expected->out_id = arg->out_id;
	expected->out_fd = arg->out_fd;
	expected->out_offset = arg->out_offset;
	expected->out_len = arg->out_len;
	region = known_is_sure() ? name.region : NULL;
	check_fd(op, arg->out_fd, region);
	check_part(arg, region);
	take_descriptor(op, arg->out_fd, name.region);
}

static void take_remove(struct thread *thread, const struct op *op)
{
	if (op->v[AT] != OWN)
		known_doubt(op->v[HANDLE]);
	name_drop(op->v[FROM]);
}

static bool are_numbers(const struct kshm_explain *why, __u64 needed, __u64 used, __u64 limit)
{
	return why->needed == needed && why->used == used && why->limit == limit;
}

static bool is_right(const struct op *op, const struct kshm_explain *why)
{
	const unsigned int place = op->type == OP_NAME_PUBLISH ? TO : FROM;
	struct name_bytes text = name_bytes(op->v[place]);
	const __u32 mode = op->v[NAME_MODE], gid = op->v[NAME_GID];
	unsigned int at = name_bad_at(&text);
	struct name name = { };

	switch (why->check) {
	case KSHM_EXPLAIN_BAD_NAME:
		return are_numbers(why, at < sizeof(text) ? (__u8)text.text[at] : 0, at,
				   sizeof(text) - 1);
	case KSHM_EXPLAIN_NOT_SECTION:
		return are_numbers(why, 0, op->v[FROM], 0);
	case KSHM_EXPLAIN_MODE:
		return are_numbers(why, mode & ~0666, mode, 0666);
	case KSHM_EXPLAIN_GROUP:
		return are_numbers(why, 0, gid, 0);
	case KSHM_EXPLAIN_LIMIT_NAMES:
		return are_numbers(why, 1, MAX_USER_NAMES, MAX_USER_NAMES);
	case KSHM_EXPLAIN_NAME_MODE:
		return !name_find(op->v[FROM], &name) || why->used == name.mode;
	default:
		return true;
	}
}

static void check_explained(const struct op *op, const struct kshm_explain *why)
{
	/* What others publish meanwhile explains as much as it is. */
	if (known_is_sure() && !is_right(op, why))
		found("%s: check %u is explained with %#llx, %#llx and %#llx",
		      op_infos[op->type].name, why->check, why->needed, why->used, why->limit);
}

const struct region_command name_commands[NR_OP_TYPES] = {
	[OP_NAME_PUBLISH] = {
		make_publish, promised_publish_error, take_publish, check_explained },
	[OP_NAME_OPEN] = {
		make_open, promised_name_open_error, take_open, check_explained },
	[OP_NAME_REMOVE] = {
		make_remove, promised_remove_error, take_remove, check_explained },
	[OP_NAME_LIST] = {
		name_make_list, promised_list_error, name_take_list, check_explained },
};

static int end(unsigned int number)
{
	struct kshm_ioc_name_remove arg = { .size = sizeof(arg) };

	put_name(arg.name, number);
	return ioctl(handles[DEVICE_NULL].fd, KSHM_IOC_NAME_REMOVE, &arg) ? errno : 0;
}

void names_end(bool should_be_known)
{
	unsigned int number;
	int error;

	for (number = 0; number < GOOD_NAMES; number++) {
		error = end(number);
		if (should_be_known && error != (name_find(number, NULL) ? 0 : ENOENT))
			found("at the end a name %s", error ? "is gone" : "is there still");
	}
}

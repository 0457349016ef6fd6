// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of what else than ids holds regions, as lists of handles tell it
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"
#include "handle_calls.h"
#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "name_calls.h"
#include "region_pair.h"
#include "section_calls.h"
#include "state.h"

#define READ_ONLY	0x1	/* KSHM_SECTION_READ_ONLY of <linux/kshm_driver.h> */

#define MOST	32
static struct kshm_handle_entry entries[MOST];

/* All that is told behind the handles of the test before, by calls for @room entries. */
static __u32 list_by(__u32 room)
{
	return handle_list_all(other, handle_number(fd) - 1, room, entries, MOST / 2);
}

static __u32 list(void)
{
	return list_by(MOST / 2);
}

/* Of what is told, the one that has @flag, which no other has; NULL if none does. */
static const struct kshm_handle_entry *find(__u32 flag)
{
	const struct kshm_handle_entry *found = NULL;
	__u32 nr = list(), i;

	for (i = 0; i < nr; i++) {
		if (!(entries[i].flags & flag))
			continue;
		assert_null(found);
		found = &entries[i];
	}
	return found;
}

static struct kshm_handle_entry held_by(__u32 flag)
{
	const struct kshm_handle_entry *found = find(flag);

	assert_non_null(found);
	return *found;
}

static struct kshm_handle_entry id_of(int handle, __u32 of)
{
	const struct kshm_handle_entry *found;

	found = handle_entry(entries, list(), handle_number(handle), of);
	assert_non_null(found);
	return *found;
}

/* The region is all there is of @before, but for who holds it: once more, or less. */
static void assert_same_region(const struct kshm_handle_entry *entry,
			       const struct kshm_handle_entry *before, int more)
{
	assert_int_equal(entry->region, before->region);
	assert_int_equal(entry->len, before->len);
	assert_int_equal(entry->pages, before->pages);
	assert_int_equal(entry->state, before->state);
	assert_int_equal(entry->holds, before->holds + more);
	assert_true(entry->age >= before->age);
}

/* Down to the last byte. */
WITH_SET_UP(holder_that_is_a_descriptor)
{
	struct kshm_handle_entry before = id_of(fd, id), entry, expected;
	int share = region_export(fd, id, KSHM_REGION_READ);

	entry = held_by(KSHM_HANDLE_DESCRIPTOR);
	assert_same_region(&entry, &before, 1);
	assert_true(entry.handle > handle_number(other));
	expected = (struct kshm_handle_entry){
		.handle = entry.handle, .region = before.region,
		.flags = KSHM_HANDLE_DESCRIPTOR, .rights = KSHM_REGION_READ,
		.state = before.state, .holds = 2, .pid = getpid(), .uid = getuid(),
		.charged_uid = getuid(),
		.len = b.len, .pages = 3, .age = entry.age, .device = "test",
	};
	memcpy(expected.comm, before.comm, sizeof(expected.comm));
	assert_memory_equal(&entry, &expected, sizeof(expected));
	assert_int_equal(fdinfo_number(share, "region"), entry.region);
	region_destroy(fd, id);
	entry = held_by(KSHM_HANDLE_DESCRIPTOR);
	assert_same_region(&entry, &before, 0);
	close(share);
	assert_null(find(KSHM_HANDLE_DESCRIPTOR));
	nothing_charged();
}

/* Whoever is not told of it has none. */
WITH_SET_UP(holder_that_came_to_nothing)
{
	struct kshm_ioc_region_export *arg;

	arg = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		   -1, 0);
	assert_ptr_not_equal(arg, MAP_FAILED);
	*arg = (struct kshm_ioc_region_export){
		.size = sizeof(*arg), .id = id, .rights = KSHM_REGION_READ,
	};
	assert_int_equal(mprotect(arg, page_size(), PROT_READ), 0);
	assert_int_equal(ioctl(fd, KSHM_IOC_REGION_EXPORT, arg), -1);
	assert_int_equal(errno, EFAULT);
	assert_null(find(KSHM_HANDLE_DESCRIPTOR));
	assert_int_equal(id_of(fd, id).holds, 1);
	munmap(arg, page_size());
}

/* A shell is held as the region was, and keeps nothing. */
WITH_SET_UP(holder_of_what_was_revoked)
{
	int share = region_export(fd, id, KSHM_REGION_READ);
	struct kshm_handle_entry entry;

	region_revoke(fd, id);
	entry = held_by(KSHM_HANDLE_DESCRIPTOR);
	assert_int_equal(entry.state, KSHM_STATE_REVOKED);
	assert_int_equal(entry.pages, 0);
	assert_int_equal(entry.holds, 2);
	close(share);
}

/* Copies of a descriptor are one hold, in whatever processes. */
WITH_SET_UP(holder_that_is_a_descriptor_with_several_numbers)
{
	int share = region_export(fd, id, READ_WRITE), copy = dup(share);

	assert_int_equal(held_by(KSHM_HANDLE_DESCRIPTOR).holds, 2);
	close(share);
	assert_int_equal(held_by(KSHM_HANDLE_DESCRIPTOR).rights, READ_WRITE);
	close(copy);
	assert_null(find(KSHM_HANDLE_DESCRIPTOR));
}

WITH_SET_UP(holder_that_is_a_name)
{
	struct section s = section_make(0, 3);
	struct kshm_handle_entry before = id_of(s.fd, s.id), entry;
	struct kshm_ioc_name_publish again = name_request(s.id, "held", KSHM_REGION_READ);

	name_publish(s.fd, s.id, "held", KSHM_REGION_READ, 0);
	/* One that there is no place for is nowhere. */
	assert_int_equal(name_try(s.fd, &again, NULL), -EEXIST);
	section_free(&s);
	entry = held_by(KSHM_HANDLE_NAME);
	assert_same_region(&entry, &before, 0);
	assert_int_equal(entry.flags, KSHM_HANDLE_NAME);
	assert_int_equal(entry.rights, KSHM_REGION_READ);
	assert_int_equal(entry.state, KSHM_STATE_SECTION);
	assert_int_equal(entry.id, 0);
	assert_string_equal(entry.device, "test");
	name_remove(other, "held");
	assert_null(find(KSHM_HANDLE_NAME));
}

WITH_SET_UP(holder_that_is_a_name_and_ends_with_its_handle)
{
	struct section s = section_make(0, 1);

	name_publish(s.fd, s.id, "held", READ_WRITE, KSHM_NAME_UNTIL_CLOSE);
	assert_int_equal(held_by(KSHM_HANDLE_NAME).holds, 2);
	section_free(&s);
	assert_null(find(KSHM_HANDLE_NAME));
}

/* What the driver does with its view; of the region if it is to keep one. */
static void view(__u32 code, __u32 op)
{
	struct kshm_test_view in = { .op = op, .operand = KSHM_OPERAND_DATA };
	struct kshm_ioc_control arg = request(code);
	struct kshm_test_made made;

	arg.in = user_operand(&in, sizeof(in));
	arg.out = user_operand(&made, sizeof(made));
	if (op == KSHM_TEST_VIEW_KEEP)
		arg.data = region_operand(id, 100, 1);
	control(fd, &arg);
}

static void view_is_listed(__u32 code, __u32 rights)
{
	struct kshm_handle_entry before = id_of(fd, id), entry;

	view(code, KSHM_TEST_VIEW_KEEP);
	entry = held_by(KSHM_HANDLE_VIEW);
	assert_same_region(&entry, &before, 1);
	assert_int_equal(entry.flags, KSHM_HANDLE_VIEW);
	assert_int_equal(entry.rights, rights);
	assert_int_equal(entry.id, 0);
	assert_int_equal(entry.pid, getpid());
	assert_string_equal(entry.device, "test");
}

WITH_SET_UP(holder_that_is_a_view)
{
	view_is_listed(KSHM_TEST_VIEW_TO, KSHM_REGION_READ);
	view(KSHM_TEST_VIEW, KSHM_TEST_VIEW_RELEASE);
	assert_null(find(KSHM_HANDLE_VIEW));
	view_is_listed(KSHM_TEST_VIEW_FROM, READ_WRITE);
	region_destroy(fd, id);
	assert_int_equal(held_by(KSHM_HANDLE_VIEW).holds, 1);
	view(KSHM_TEST_VIEW, KSHM_TEST_VIEW_RELEASE);
	assert_null(find(KSHM_HANDLE_VIEW));
	nothing_charged();
}

/* Which the driver has kept, with the handle closed. */
WITH_SET_UP(holder_that_is_a_view_of_nobody_else)
{
	__u64 number = handle_number(other);
	struct kshm_handle_entry entry;

	view(KSHM_TEST_VIEW_FROM, KSHM_TEST_VIEW_KEEP);
	view(KSHM_TEST_VIEW, KSHM_TEST_VIEW_SWAP);
	close(fd);
	assert_int_equal(handle_list_all(other, number, 1, &entry, 1), 1);
	assert_int_equal(entry.flags, KSHM_HANDLE_VIEW);
	assert_int_equal(entry.pages, 3);
	assert_int_equal(entry.holds, 1);
	fd = device_open("test", O_RDWR);
	view(KSHM_TEST_VIEW, KSHM_TEST_VIEW_SWAP);
	view(KSHM_TEST_VIEW, KSHM_TEST_VIEW_RELEASE);
	assert_int_equal(handle_list_all(other, number, 1, &entry, 1), 1);
	assert_int_equal(entry.handle, handle_number(fd));
}

static void make_section(__u32 op, __u32 flags)
{
	struct kshm_test_section in = { .op = op, .flags = flags, .len = page_size() };
	struct kshm_ioc_control arg = request(KSHM_TEST_SECTION);
	struct kshm_test_made made;

	arg.in = user_operand(&in, sizeof(in));
	arg.out = user_operand(&made, sizeof(made));
	control(fd, &arg);
	if (made.fd >= 0)
		close(made.fd);
}

/* Its region is nobody else's, whoever has the file. */
WITH_SET_UP(holder_that_is_a_view_of_a_made_section)
{
	struct kshm_handle_entry entry;

	make_section(KSHM_TEST_SECTION_MAKE, READ_ONLY);
	entry = held_by(KSHM_HANDLE_VIEW);
	assert_int_equal(entry.state, KSHM_STATE_SECTION);
	assert_int_equal(entry.rights, READ_WRITE);
	assert_int_equal(entry.holds, 1);
	assert_int_equal(entry.pages, 1);
	assert_int_equal(entry.len, page_size());
	make_section(KSHM_TEST_SECTION_RELEASE, 0);
	assert_null(find(KSHM_HANDLE_VIEW));
}

/* By requests, one or several, and who waits for them; then by those alone. */
WITH_SET_UP(holder_that_is_an_id_no_more)
{
	struct kshm_handle_entry before = id_of(fd, id), entry;
	struct call calls[2];
	pid_t pid;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		calls[i].arg = hold_request(KSHM_TEST_HOLD_WRITE, &calls[i].held, NULL, 0);
		calls[i].arg.data = region_operand(id, 0, 10);
		call_start(&calls[i], fd);
	}
	wait_until_holding(fd, 2);
	assert_int_equal(id_of(fd, id).uses, 2);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (!pid) {
		region_destroy_try(fd, id, KSHM_REGION_WAIT);
		_exit(0);
	}
	for (i = 0; i < 10000 && !find(KSHM_HANDLE_DESTROYED); i++)
		usleep(1000);
	entry = held_by(KSHM_HANDLE_DESTROYED);
	assert_same_region(&entry, &before, 0);
	assert_int_equal(entry.flags, KSHM_HANDLE_DESTROYED | KSHM_HANDLE_CREATED);
	assert_int_equal(entry.handle, handle_number(fd));
	assert_int_equal(entry.id, id);
	assert_int_equal(entry.uses, 3);
	assert_true(dies(pid));
	assert_int_equal(held_by(KSHM_HANDLE_DESTROYED).uses, 2);
	assert_int_equal(fdinfo_number(fd, "handle-pages"), 3);
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		call_release(&calls[i]);
	assert_null(find(KSHM_HANDLE_DESTROYED));
	nothing_charged();
}

/* Between handles and their regions, by calls of any size. */
WITH_SET_UP(holder_in_pages_of_any_size)
{
	struct kshm_handle_entry whole[MOST];
	int shares[3], null;
	__u32 nr, room, i;

	shares[0] = region_export(fd, id, READ_WRITE);
	null = device_open("null", O_RDWR);
	shares[1] = region_export(fd, id, READ_WRITE);
	shares[2] = region_export(null, region_make(null, NULL, 0, READ_WRITE), READ_WRITE);
	nr = list();
	assert_int_equal(nr, 3 + 1 + 2 + 2);
	memcpy(whole, entries, sizeof(whole));
	for (i = 1; i < nr; i++)
		assert_true(whole[i].handle > whole[i - 1].handle ||
			    (whole[i].handle == whole[i - 1].handle && whole[i].id));
	for (room = 1; room < nr; room++) {
		assert_int_equal(list_by(room), nr);
		for (i = 0; i < nr; i++) {
			assert_int_equal(entries[i].handle, whole[i].handle);
			assert_int_equal(entries[i].id, whole[i].id);
			assert_int_equal(entries[i].region, whole[i].region);
		}
	}
	for (i = 0; i < ARRAY_SIZE(shares); i++)
		close(shares[i]);
	close(null);
}

/* Its descriptor is the parent's, too. */
static int share_and_leave(void *data)
{
	int handle = open("/dev/kshm/null", O_RDWR | O_CLOEXEC), *share = data;

	prctl(PR_SET_NAME, "sharer");
	*share = region_export(handle, region_make(handle, b.data, b.len, READ_WRITE),
			       READ_WRITE);
	close(handle);
	return 0;
}

WITH_SET_UP(holder_of_a_process_that_has_ended)
{
	struct kshm_handle_entry entry;
	int share = -1;
	pid_t pid;

	assert_int_equal(prctl(PR_SET_NAME, "opener"), 0);
	pid = leaver_make(share_and_leave, &share);
	entry = held_by(KSHM_HANDLE_DESCRIPTOR);
	assert_int_equal(entry.pid, pid);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	entry = held_by(KSHM_HANDLE_DESCRIPTOR);
	assert_int_equal(entry.pid, 0);
	assert_int_equal(entry.flags, KSHM_HANDLE_DESCRIPTOR | KSHM_HANDLE_OPENER_GONE);
	assert_string_equal(entry.device, "null");
	assert_string_equal(entry.comm, "opener");
	assert_int_equal(entry.pages, 3);
	close(share);
	assert_null(find(KSHM_HANDLE_DESCRIPTOR));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(holder_that_is_a_descriptor),
	cmocka_unit_test(holder_that_came_to_nothing),
	cmocka_unit_test(holder_of_what_was_revoked),
	cmocka_unit_test(holder_that_is_a_descriptor_with_several_numbers),
	cmocka_unit_test(holder_that_is_a_name),
	cmocka_unit_test(holder_that_is_a_name_and_ends_with_its_handle),
	cmocka_unit_test(holder_that_is_a_view),
	cmocka_unit_test(holder_that_is_a_view_of_nobody_else),
	cmocka_unit_test(holder_that_is_a_view_of_a_made_section),
	cmocka_unit_test(holder_that_is_an_id_no_more),
	cmocka_unit_test(holder_in_pages_of_any_size),
	cmocka_unit_test(holder_of_a_process_that_has_ended),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

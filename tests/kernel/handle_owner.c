// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of who sees whose handles: users, capabilities, user and PID namespaces;
 * for root, who becomes others
 */
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "handle_calls.h"
#include "harness.h"
#include "in_child.h"
#include "kshm_test.h"
#include "leak.h"
#include "region_pair.h"

#define USER	4321

static struct kshm_handle_entry entries[16];

/* By the real user id, whom pages count for. */
static void become(uid_t user)
{
	assert_int_equal(setresuid(0, 0, 0), 0);
	assert_int_equal(setresuid(user, user, 0), 0);
}

static void be_root(void)
{
	become(0);
}

static int open_as(uid_t user)
{
	int handle;

	become(user);
	handle = device_open("null", O_RDWR);
	be_root();
	return handle;
}

/* All that is told behind the handles of the test before, into entries. */
static __u32 count(void)
{
	return handle_list_all(other, handle_number(fd) - 1, 2, entries,
			       ARRAY_SIZE(entries));
}

/* Whatever handle it is that they ask through. */
WITH_SET_UP(handle_list_shows_users_their_own)
{
	int his = open_as(USER), hers = open_as(USER + 1);
	__u64 numbers[2] = { handle_number(his), handle_number(hers) };
	__u32 his_id, nr;

	his_id = region_make(his, NULL, 0, READ_WRITE);
	region_make(hers, NULL, 0, READ_WRITE);
	assert_int_equal(count(), 3 + 2 + 2);
	assert_int_equal(handle_entry(entries, 7, numbers[0], 0)->uid, USER);
	assert_int_equal(handle_entry(entries, 7, numbers[0], his_id)->uid, USER);
	assert_int_equal(handle_entry(entries, 7, numbers[1], 0)->uid, USER + 1);
	become(USER);
	nr = handle_list_all(other, 0, 2, entries, ARRAY_SIZE(entries));
	assert_int_equal(nr, 2);
	assert_int_equal(entries[0].handle, numbers[0]);
	assert_int_equal(entries[1].id, his_id);
	become(USER + 1);
	nr = handle_list_all(other, 0, 1, entries, ARRAY_SIZE(entries));
	assert_int_equal(nr, 2);
	assert_int_equal(entries[0].handle, numbers[1]);
	/* Who knows a number gets no regions by it. */
	assert_true(handle_list(other, numbers[0], 0, NULL, 0, &nr));
	close(hers);
	assert_false(handle_list(other, numbers[0], 0, NULL, 0, &nr));
	become(USER + 2);
	assert_false(handle_list(his, 0, 0, NULL, 0, &nr));
	be_root();
	close(his);
}

/* As his of whose handle they are, whoever made them. */
WITH_SET_UP(holder_is_shown_to_users_as_their_handles_are)
{
	int his = open_as(USER), share;
	__u32 nr;

	share = region_export(his, region_make(his, b.data, 1, READ_WRITE), READ_WRITE);
	assert_int_equal(count(), 3 + 3);
	assert_int_equal(entries[5].flags, KSHM_HANDLE_DESCRIPTOR);
	assert_int_equal(entries[5].uid, USER);
	become(USER);
	assert_int_equal(handle_list_all(other, 0, 1, entries, ARRAY_SIZE(entries)), 3);
	assert_int_equal(entries[2].flags, KSHM_HANDLE_DESCRIPTOR);
	become(USER + 1);
	assert_false(handle_list(other, 0, 0, NULL, 0, &nr));
	be_root();
	close(share);
	close(his);
}

/* Who is charged sees by whom, and for what, whoever opened the handle. */
WITH_SET_UP(holder_is_shown_to_who_pays)
{
	__u64 number = handle_number(fd);
	__u32 paid, nr;
	int share;

	become(USER);
	paid = region_make(fd, b.data, b.len, READ_WRITE);
	share = region_export(fd, paid, READ_WRITE);
	assert_int_equal(handle_list_all(other, 0, 1, entries, ARRAY_SIZE(entries)), 2);
	assert_int_equal(entries[0].handle, number);
	assert_int_equal(entries[0].id, paid);
	assert_int_equal(entries[0].uid, 0);
	assert_int_equal(entries[0].charged_uid, USER);
	assert_int_equal(entries[1].flags, KSHM_HANDLE_DESCRIPTOR);
	assert_int_equal(entries[1].charged_uid, USER);
	become(USER + 1);
	assert_false(handle_list(other, 0, 0, NULL, 0, &nr));
	be_root();
	assert_int_equal(count(), 2 + 2 + 1);
	assert_int_equal(entries[0].charged_uid, KSHM_HANDLE_UNCHARGED);
	assert_int_equal(handle_entry(entries, 5, number, id)->charged_uid, 0);
	region_revoke(fd, paid);
	assert_int_equal(count(), 2 + 2 + 1);
	assert_int_equal(handle_entry(entries, 5, number, paid)->charged_uid,
			 KSHM_HANDLE_UNCHARGED);
	become(USER);
	assert_false(handle_list(other, 0, 0, NULL, 0, &nr));
	be_root();
	close(share);
}

/* Of a program that runs with the rights of another user. */
WITH_SET_UP(handle_list_is_by_the_real_user)
{
	int his = open_as(USER);
	__u32 nr;

	assert_int_equal(setresuid(USER + 1, USER, 0), 0);
	assert_false(handle_list(other, 0, 0, NULL, 0, &nr));
	be_root();
	assert_int_equal(setresuid(USER, USER + 1, 0), 0);
	assert_false(handle_list(other, 0, 0, entries, 2, &nr));
	assert_int_equal(nr, 1);
	assert_int_equal(entries[0].handle, handle_number(his));
	be_root();
	close(his);
}

/* How many are told of all there are, which are a few. */
static int told(void)
{
	struct kshm_ioc_handle_list arg;

	if (handle_list_try(other, 0, 0, entries, ARRAY_SIZE(entries), &arg, NULL) ||
	    arg.out_more)
		return -1;
	return arg.out_nr;
}

static void set_capabilities(__u32 low)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {
		{ .effective = low, .permitted = low },
	};

	WANT(!syscall(SYS_capset, &header, data));
}

static void without_capabilities(void)
{
	set_capabilities(~(1U << CAP_SYS_ADMIN));
	WANT(told() == 3);
	WANT(!entries[0].uid && !entries[2].uid);
}

static void with_one_capability(void)
{
	WANT(!prctl(PR_SET_KEEPCAPS, 1));
	WANT(!setresuid(USER + 1, USER + 1, USER + 1));
	set_capabilities(1U << CAP_SYS_ADMIN);
	WANT(told() == 4);
	set_capabilities(0);
	WANT(told() == 0);
}

WITH_SET_UP(handle_list_shows_all_to_who_administers)
{
	int his = open_as(USER);

	assert_int_equal(told(), 4);
	in_a_child(without_capabilities);
	in_a_child(with_one_capability);
	close(his);
}

/* Root there has all capabilities there, and is himself here. */
static void root_of_users(void)
{
	become_for_good(USER);
	WANT(!unshare(CLONE_NEWUSER));
	WANT(told() == 1);
	WANT(entries[0].uid == 65534);
}

WITH_SET_UP(handle_list_withstands_root_of_a_user_namespace)
{
	int his = open_as(USER);

	in_a_child(root_of_users);
	close(his);
}

static __u64 handle_of_the_parent;

/* It has the number 1 there, and its parent none. */
static void in_another_pid_namespace(void)
{
	int mine = device_open("null", O_RDWR), nr = told();
	const struct kshm_handle_entry *parents, *entry;

	parents = handle_entry(entries, nr, handle_of_the_parent, 0);
	entry = handle_entry(entries, nr, handle_number(mine), 0);
	WANT(parents && entry);
	WANT(entry->pid == 1 && !entry->flags);
	WANT(!parents->pid && !parents->flags);
	/* Of who has only the number of the same user there it is not his to know. */
	set_capabilities(~(1U << CAP_SYS_ADMIN));
	WANT(told() == 1 && entries[0].handle == handle_number(mine));
}

static void with_another_pid_namespace(void)
{
	WANT(!unshare(CLONE_NEWPID));
	in_a_child(in_another_pid_namespace);
}

WITH_SET_UP(handle_list_numbers_processes_for_its_caller)
{
	handle_of_the_parent = handle_number(fd);
	in_a_child(with_another_pid_namespace);
}

static int open_and_leave(void *arg)
{
	int *handle = arg;

	prctl(PR_SET_NAME, "leaver");
	*handle = open("/dev/kshm/null", O_RDWR | O_CLOEXEC);
	return 0;
}

/* The number could be another's: as long as somebody is to be waited for, it is his. */
WITH_SET_UP(handle_list_of_a_process_that_has_ended)
{
	int handle = -1;
	pid_t pid = leaver_make(open_and_leave, &handle);

	assert_int_equal(count(), 4);
	assert_int_equal(entries[3].handle, handle_number(handle));
	assert_int_equal(entries[3].pid, pid);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(count(), 4);
	assert_int_equal(entries[3].pid, 0);
	assert_int_equal(entries[3].flags, KSHM_HANDLE_OPENER_GONE);
	assert_string_equal(entries[3].comm, "leaver");
	close(handle);
}

static void set_devices(__u32 nr)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_DEVICES);

	arg.in = user_operand(&nr, sizeof(nr));
	control(other, &arg);
}

/* It has its regions still, and lists. */
WITH_SET_UP(handle_list_of_a_removed_device)
{
	__u32 region, nr;
	int gone;

	set_devices(1);
	gone = device_open("test-0", O_RDWR);
	region = region_make(gone, b.data, b.len, READ_WRITE);
	set_devices(0);
	assert_false(handle_list(gone, handle_number(other), 0, entries, 3, &nr));
	assert_int_equal(nr, 2);
	assert_string_equal(entries[0].device, "test-0");
	assert_int_equal(entries[0].flags, KSHM_HANDLE_DEVICE_GONE);
	assert_int_equal(entries[1].id, region);
	assert_int_equal(entries[1].flags, KSHM_HANDLE_DEVICE_GONE | KSHM_HANDLE_CREATED);
	assert_int_equal(entries[1].pages, 3);
	close(gone);
}

#define MANY	600

static struct kshm_handle_entry many[MANY + 16], shown[MANY + 16];

/* More than a buffer of it takes, in reads that end within a line. */
WITH_SET_UP(handle_debugfs_tells_what_the_list_tells)
{
	int his = open_as(USER), file = handle_debugfs_open(), named;
	__u32 nr, ids[MANY];

	assert_int_equal(prctl(PR_SET_NAME, "a b\n\\\033[7m\r\377"), 0);
	named = device_open("null", O_RDWR);
	for (nr = 0; nr < MANY; nr++)
		ids[nr] = region_make(his, b.data, nr % 4096, READ_WRITE);
	for (nr = 0; nr < MANY; nr += 7)
		assert_int_equal(region_destroy_try(his, ids[nr], 0), 0);
	nr = handle_list_all(other, 0, 16, many, ARRAY_SIZE(many));
	assert_true(nr > MANY / 2);
	assert_int_equal(handle_debugfs_all(file, 100, shown, ARRAY_SIZE(shown)), nr);
	while (nr--) {
		assert_true(shown[nr].age >= many[nr].age);
		shown[nr].age = many[nr].age;
		assert_memory_equal(&shown[nr], &many[nr], sizeof(many[nr]));
	}
	close(named);
	close(file);
	close(his);
}

static int opened;

/* What may be seen is who opened it to see, and not who reads. */
static void reads_without_capabilities(void)
{
	int file;

	set_capabilities(~(1U << CAP_SYS_ADMIN));
	file = handle_debugfs_open();
	WANT(handle_debugfs_all(file, 100, shown, ARRAY_SIZE(shown)) == 3);
	WANT(!shown[0].uid && !shown[2].uid);
	WANT(!lseek(opened, 0, SEEK_SET));
	WANT(handle_debugfs_all(opened, 100, shown, ARRAY_SIZE(shown)) == 4);
}

WITH_SET_UP(handle_debugfs_shows_all_to_who_administers)
{
	int his = open_as(USER);

	opened = handle_debugfs_open();
	assert_int_equal(handle_debugfs_all(opened, 1, shown, ARRAY_SIZE(shown)), 4);
	in_a_child(reads_without_capabilities);
	close(opened);
	close(his);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(handle_list_shows_users_their_own),
	cmocka_unit_test(holder_is_shown_to_users_as_their_handles_are),
	cmocka_unit_test(holder_is_shown_to_who_pays),
	cmocka_unit_test(handle_list_is_by_the_real_user),
	cmocka_unit_test(handle_list_shows_all_to_who_administers),
	cmocka_unit_test(handle_list_withstands_root_of_a_user_namespace),
	cmocka_unit_test(handle_list_numbers_processes_for_its_caller),
	cmocka_unit_test(handle_list_of_a_process_that_has_ended),
	cmocka_unit_test(handle_list_of_a_removed_device),
	cmocka_unit_test(handle_debugfs_tells_what_the_list_tells),
	cmocka_unit_test(handle_debugfs_shows_all_to_who_administers),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of whose names are: users, groups and modes, network and user namespaces;
 * for root, who becomes others
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "in_child.h"
#include "leak.h"
#include "name_pair.h"
#include "parameter.h"
#include "userfault.h"

#define USER	4321
#define GROUP	5432

/* A user and his group, as of now; root has no other group either. */
static void become(uid_t user, gid_t group)
{
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(setgroups(0, NULL), 0);
	assert_int_equal(setegid(group), 0);
	assert_int_equal(seteuid(user), 0);
}

static void be_root(void)
{
	become(0, 0);
}

static void publish_with(__u32 gid, __u32 mode)
{
	struct kshm_ioc_name_publish arg = name_request(s.id, NAME, READ_WRITE);

	arg.gid = gid;
	arg.mode = mode;
	assert_int_equal(name_try(s.fd, &arg, NULL), 0);
}

/* Which rights of those there are the caller gets: as bits of a mode. */
static __u32 allowed(void)
{
	struct kshm_ioc_name_open arg;
	struct kshm_explain why;
	__u32 mode = 0, rights;

	for (rights = 1; rights <= READ_WRITE; rights++) {
		if (!name_open_try(other, NAME, rights, 0, &arg, &why)) {
			mode |= (rights & KSHM_REGION_READ ? 4 : 0) |
				(rights & KSHM_REGION_WRITE ? 2 : 0);
			continue;
		}
		name_refused(-EACCES, &why, EACCES, KSHM_EXPLAIN_NAME_MODE);
		assert_int_not_equal(why.needed, 0);
		assert_int_equal(why.needed & ~rights, 0);
	}
	return mode;
}

/* The owner's bits are the owner's, even where others have more; root has all. */
WITH_SET_UP(name_has_a_mode)
{
	const __u32 modes[] = { 0, 0600, 0400, 0200, 0640, 0060, 0020, 0666, 0006, 0246 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		become(USER, GROUP);
		publish_with(KSHM_NAME_OWN_GROUP, modes[i]);
		assert_int_equal(allowed(), modes[i] >> 6);
		become(USER + 1, GROUP);
		assert_int_equal(allowed(), modes[i] >> 3 & 6);
		become(USER, GROUP + 1);
		assert_int_equal(allowed(), modes[i] >> 6);
		become(USER + 1, GROUP + 1);
		assert_int_equal(allowed(), modes[i] & 6);
		be_root();
		assert_int_equal(allowed(), 6);
		name_remove(other, NAME);
	}
}

/* One of several that a user is in. */
WITH_SET_UP(name_has_a_group)
{
	struct kshm_ioc_name_publish arg = name_request(s.id, NAME, READ_WRITE);
	const gid_t groups[] = { GROUP + 3, GROUP };
	struct kshm_explain why;

	become(USER, USER);
	arg.gid = GROUP;
	name_refused(name_try(s.fd, &arg, &why), &why, EPERM, KSHM_EXPLAIN_GROUP);
	assert_int_equal(why.used, GROUP);
	be_root();
	assert_int_equal(setgroups(ARRAY_SIZE(groups), groups), 0);
	assert_int_equal(seteuid(USER), 0);
	publish_with(GROUP, 0040);
	become(USER + 1, USER);
	assert_int_equal(allowed(), 0);
	be_root();
	assert_int_equal(setgroups(ARRAY_SIZE(groups), groups), 0);
	assert_int_equal(seteuid(USER + 1), 0);
	assert_int_equal(allowed(), 4);
	be_root();
	name_remove(other, NAME);
	publish_with(GROUP + 7, 0020);
	become(USER, GROUP + 7);
	assert_int_equal(allowed(), 2);
	be_root();
}

static void cannot_remove(void)
{
	struct kshm_explain why;

	name_refused(name_remove_try(other, NAME, &why), &why, EPERM,
		     KSHM_EXPLAIN_NOT_OWNER);
}

/* Whatever the mode says, and through whatever handle. */
WITH_SET_UP(name_is_its_owners_to_remove)
{
	become(USER, USER);
	publish_with(KSHM_NAME_OWN_GROUP, 0666);
	become(USER + 1, USER);
	cannot_remove();
	become(USER, USER);
	name_remove(other, NAME);
	publish_with(KSHM_NAME_OWN_GROUP, 0);
	be_root();
	name_remove(other, NAME);
	publish_with(KSHM_NAME_OWN_GROUP, 0666);
	become(USER, USER);
	cannot_remove();
	be_root();
	name_remove(other, NAME);
}

/* They count for who publishes, by the real user, and not for who removes. */
WITH_SET_UP(name_counts_for_its_user)
{
	unsigned long before = parameter_get("max_user_names");
	struct kshm_ioc_name_publish arg = name_request(s.id, "test.2", READ_WRITE);
	struct kshm_explain why;

	parameter_set("max_user_names", 1);
	assert_int_equal(setresuid(USER, USER, 0), 0);
	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	name_refused(name_try(s.fd, &arg, &why), &why, ENOSPC, KSHM_EXPLAIN_LIMIT_NAMES);
	assert_int_equal(setresuid(0, 0, 0), 0);
	assert_int_equal(name_try(s.fd, &arg, NULL), 0);
	name_remove(other, NAME);
	name_remove(other, "test.2");
	assert_int_equal(setresuid(USER, USER, 0), 0);
	assert_int_equal(name_try(s.fd, &arg, NULL), 0);
	name_remove(other, "test.2");
	assert_int_equal(setresuid(0, 0, 0), 0);
	parameter_set("max_user_names", before);
}

/* What is listed there first, after @after. */
static struct kshm_name_entry listed(const char *after)
{
	struct kshm_name_entry entry;
	__u32 nr;

	name_list(other, after, &entry, 1, &nr);
	assert_int_equal(nr, 1);
	return entry;
}

/* Also what others may not open. */
WITH_SET_UP(name_list_shows_everybody_whose_names_are)
{
	struct kshm_name_entry entry;

	become(USER, GROUP);
	publish_with(KSHM_NAME_OWN_GROUP, 0);
	become(USER + 1, GROUP + 1);
	entry = listed("");
	assert_string_equal(entry.name, NAME);
	assert_int_equal(entry.uid, USER);
	assert_int_equal(entry.gid, GROUP);
	assert_int_equal(entry.mode, 0);
	assert_int_equal(entry.len, s.len);
	be_root();
	name_remove(other, NAME);
	publish_with(GROUP + 7, 0640);
	become(USER + 1, GROUP + 1);
	entry = listed("");
	assert_int_equal(entry.uid, 0);
	assert_int_equal(entry.gid, GROUP + 7);
	assert_int_equal(entry.mode, 0640);
	be_root();
}

static int try_open(const char *name, __u32 rights)
{
	struct kshm_ioc_name_open arg;

	return name_open_try(other, name, rights, 0, &arg, NULL);
}

/* How many there are, of a few. */
static int count(void)
{
	struct kshm_name_entry entries[4];
	struct kshm_ioc_name_list arg;

	if (name_list_try(other, "", entries, ARRAY_SIZE(entries), &arg, NULL) ||
	    arg.out_more)
		return -1;
	return arg.out_nr;
}

/* A namespace dies in a worker, some time after the last in it. */
static void wait_until_held(__u32 holds)
{
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (region_query(s.fd, s.id).out_holds == holds)
			return;
		usleep(20000);
	}
	assert_int_equal(region_query(s.fd, s.id).out_holds, holds);
}

static void elsewhere(void)
{
	struct kshm_ioc_name_publish arg = name_request(s.id, NAME, READ_WRITE);
	struct kshm_ioc_name_publish too = name_request(s.id, "test.2", READ_WRITE);

	too.flags = KSHM_NAME_UNTIL_CLOSE;
	WANT(!unshare(CLONE_NEWNET));
	WANT(try_open(NAME, READ_WRITE) == -ENOENT);
	WANT(name_remove_try(other, NAME, NULL) == -ENOENT);
	WANT(count() == 0);
	arg.rights = KSHM_REGION_READ;
	WANT(!name_try(s.fd, &arg, NULL));
	WANT(name_try(s.fd, &arg, NULL) == -EEXIST);
	WANT(!name_try(s.fd, &too, NULL));
	WANT(try_open(NAME, READ_WRITE) == -EACCES);
	WANT(!try_open(NAME, KSHM_REGION_READ));
	WANT(count() == 2);
}

/* The same handle sees other names there, and they go with the namespace. */
WITH_SET_UP(name_is_of_its_network_namespace)
{
	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	in_a_child(elsewhere);
	assert_int_equal(try_open("test.2", 1), -ENOENT);
	assert_int_equal(count(), 1);
	close(other);
	other = device_open("test", O_RDWR);
	wait_until_held(2);
	name_open(other, NAME, READ_WRITE);
}

static void write_file(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);

	WANT(file != -1);
	WANT(write(file, text, strlen(text)) == (ssize_t)strlen(text));
	close(file);
}

/* Of the user and his group, who become root there. */
static void map_ids(void)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %d 1", USER);
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", map);
	write_file("/proc/self/gid_map", map);
}

static __u32 overflow(const char *path)
{
	FILE *file = fopen(path, "re");
	__u32 number;

	WANT(file && fscanf(file, "%u", &number) == 1);
	fclose(file);
	return number;
}

static void lists_among_other_users(void)
{
	const __u32 no_user = overflow("/proc/sys/kernel/overflowuid");
	const __u32 no_group = overflow("/proc/sys/kernel/overflowgid");
	struct kshm_ioc_name_list arg;
	struct kshm_name_entry entries[2];

	become_for_good(USER);
	WANT(!unshare(CLONE_NEWUSER));
	WANT(!name_list_try(other, "", entries, 2, &arg, NULL) && arg.out_nr == 2);
	WANT(entries[0].uid == no_user && entries[0].gid == no_group);
	map_ids();
	WANT(!name_list_try(other, "", entries, 2, &arg, NULL) && arg.out_nr == 2);
	WANT(!strcmp(entries[0].name, "test.2"));
	WANT(entries[0].uid == 0 && entries[0].gid == no_group);
	WANT(!strcmp(entries[1].name, NAME));
	WANT(entries[1].uid == no_user && entries[1].gid == 0);
}

/* As the caller's user namespace numbers them, not as who opened the handle does. */
WITH_SET_UP(name_list_numbers_users_and_groups_for_its_caller)
{
	publish_with(USER, 0600);
	become(USER, GROUP);
	name_publish(s.fd, s.id, "test.2", READ_WRITE, 0);
	be_root();
	in_a_child(lists_among_other_users);
	name_remove(other, "test.2");
}

/* Root in a user namespace is nobody in a network namespace of another. */
static void root_of_users(void)
{
	become_for_good(USER);
	WANT(!unshare(CLONE_NEWUSER));
	map_ids();
	WANT(!geteuid());
	WANT(try_open(NAME, KSHM_REGION_READ) == -EACCES);
	WANT(name_remove_try(other, NAME, NULL) == -EPERM);
}

WITH_SET_UP(name_withstands_root_of_a_user_namespace)
{
	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	in_a_child(root_of_users);
	name_open(other, NAME, READ_WRITE);
}

/* But he is root in one that is his, over users and groups that are in his. */
static void root_of_a_network(void)
{
	struct kshm_ioc_name_publish arg = name_request(s.id, NAME, READ_WRITE);

	become_for_good(USER);
	WANT(!unshare(CLONE_NEWUSER | CLONE_NEWNET));
	arg.mode = 0;
	WANT(!name_try(s.fd, &arg, NULL));
	WANT(try_open(NAME, KSHM_REGION_READ) == -EACCES);
	map_ids();
	WANT(!try_open(NAME, READ_WRITE));
	arg.gid = 1;
	WANT(!name_remove_try(other, NAME, NULL));
	WANT(name_try(s.fd, &arg, NULL) == -EPERM);
	arg.gid = 0;
	WANT(!name_try(s.fd, &arg, NULL));
	WANT(!name_remove_try(other, NAME, NULL));
}

WITH_SET_UP(name_obeys_root_of_its_network_namespace)
{
	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	in_a_child(root_of_a_network);
	/* With what was opened there. */
	close(other);
	other = device_open("test", O_RDWR);
	wait_until_held(2);
}

/* Somebody else's memfd of mode 0600 is not opened for more than was given. */
static void reader(void)
{
	struct kshm_ioc_name_open arg;
	char path[64];

	become_for_good(USER);
	WANT(!name_open_try(other, NAME, KSHM_REGION_READ, KSHM_NAME_FD, &arg, NULL));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", arg.out_fd);
	WANT(open(path, O_RDWR | O_CLOEXEC) == -1 && errno == EACCES);
	WANT(open(path, O_RDONLY | O_CLOEXEC) == -1 && errno == EACCES);
}

static void reader_of_any(void)
{
	struct kshm_ioc_name_open arg;
	char path[64];

	become_for_good(USER);
	WANT(!name_open_try(other, NAME, KSHM_REGION_READ, KSHM_NAME_FD, &arg, NULL));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", arg.out_fd);
	WANT(open(path, O_RDWR | O_CLOEXEC) != -1);
}

/* As the manual warns: by itself a descriptor for reading keeps nobody out. */
WITH_SET_UP(name_and_the_mode_of_its_memfd)
{
	struct kshm_ioc_name_publish arg = name_request(s.id, NAME, READ_WRITE);

	arg.mode = 0604;
	assert_int_equal(name_try(s.fd, &arg, NULL), 0);
	in_a_child(reader_of_any);
	assert_int_equal(fchmod(s.file, 0600), 0);
	in_a_child(reader);
}

struct lister {
	pthread_t thread;
	struct kshm_name_entry *entry;
	int ret;
};

static void *list_one(void *data)
{
	struct lister *lister = data;
	struct kshm_ioc_name_list arg;

	lister->ret = name_list_try(other, "", lister->entry, 1, &arg, NULL);
	return NULL;
}

/* One who lists into memory that does not come keeps no page of anybody's. */
WITH_SET_UP(name_list_that_waits_is_in_nobodys_way)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	struct lister lister = { .entry = (void *)b.data };
	int withheld;

	assert_int_equal(madvise(b.data, b.len, MADV_DONTNEED), 0);
	withheld = userfault_open(b.data, b.len, 0);
	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	assert_int_equal(pthread_create(&lister.thread, NULL, list_one, &lister), 0);
	userfault_await(withheld);
	name_remove(s.fd, NAME);
	region_destroy(s.fd, s.id);
	nothing_charged();
	close(withheld);
	pthread_join(lister.thread, NULL);
	assert_int_equal(lister.ret, 0);
	assert_string_equal(lister.entry->name, NAME);
	buffer_free(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(name_has_a_mode),
	cmocka_unit_test(name_has_a_group),
	cmocka_unit_test(name_is_its_owners_to_remove),
	cmocka_unit_test(name_counts_for_its_user),
	cmocka_unit_test(name_list_shows_everybody_whose_names_are),
	cmocka_unit_test(name_is_of_its_network_namespace),
	cmocka_unit_test(name_list_numbers_users_and_groups_for_its_caller),
	cmocka_unit_test(name_withstands_root_of_a_user_namespace),
	cmocka_unit_test(name_obeys_root_of_its_network_namespace),
	cmocka_unit_test(name_and_the_mode_of_its_memfd),
	cmocka_unit_test(name_list_that_waits_is_in_nobodys_way),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of regions that are shared through the library
 *
 * What sharing does is tested in kernel/; here it is that every function passes on
 * all that it is given, and explains itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <kshm.h>
#include "harness.h"
#include "leak.h"

#define READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)

static unsigned char memory[100];
static struct kshm_handle *handle, *other;
static __u32 id;

static void set_up(void)
{
	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_open(&other, "null", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_region_create(handle, memory, sizeof(memory),
					    READ_WRITE, &id, NULL), 0);
}

static void tear_down(void)
{
	kshm_close(other);
	kshm_close(handle);
}

static void assert_rights(__u32 there, __u32 rights, __u32 holds)
{
	struct kshm_region_info info;

	assert_int_equal(kshm_region_query(other, there, &info, NULL), 0);
	assert_int_equal(info.rights, rights);
	assert_int_equal(info.len, sizeof(memory));
	assert_int_equal(info.holds, holds);
}

static void assert_said(const struct kshm_explanation *why, int ret, int error,
			__u32 check, const char *expected)
{
	char text[512];

	assert_int_equal(ret, -error);
	assert_int_equal(why->error, -error);
	assert_int_equal(why->check, check);
	assert_int_equal(why->about, KSHM_ABOUT_REGION);
	kshm_explain(why, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void share_by_descriptor_passes_rights(void **state)
{
	const struct kshm_explanation nothing = { 0 };
	struct kshm_explanation why;
	__u32 there = 0;
	int fd = -1;

	set_up();
	memset(&why, 0xff, sizeof(why));
	assert_int_equal(kshm_region_export(handle, id, READ_WRITE, &fd, &why), 0);
	assert_memory_equal(&why, &nothing, sizeof(why));
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	memset(&why, 0xff, sizeof(why));
	assert_int_equal(kshm_region_import(other, fd, KSHM_REGION_WRITE, &there,
					    &why), 0);
	assert_memory_equal(&why, &nothing, sizeof(why));
	assert_rights(there, KSHM_REGION_WRITE, 3);
	close(fd);
	assert_rights(there, KSHM_REGION_WRITE, 2);
	tear_down();
}

static void share_by_descriptor_says_why_not(void **state)
{
	struct kshm_explanation why;
	__u32 there = 4711;
	int fd = 4711, ret;

	set_up();
	ret = kshm_region_export(handle, id, 0, &fd, &why);
	assert_said(&why, ret, EINVAL, KSHM_EXPLAIN_NO_RIGHTS,
		    "A region without any rights would be of no use: pass KSHM_REGION_READ, KSHM_REGION_WRITE or both (EINVAL).");
	assert_int_equal(fd, 4711);
	assert_int_equal(kshm_region_export(handle, id, KSHM_REGION_READ, &fd, NULL), 0);
	ret = kshm_region_import(other, fd, READ_WRITE, &there, &why);
	assert_said(&why, ret, EACCES, KSHM_EXPLAIN_RIGHTS,
		    "Rights on a region can become fewer, not more, and here KSHM_REGION_WRITE is lacking: ask for less, or have it shared with that too (EACCES).");
	close(fd);
	ret = kshm_region_import(other, -1, READ_WRITE, &there, &why);
	assert_said(&why, ret, EBADF, KSHM_EXPLAIN_FD,
		    "Descriptor -1 is not open, or not that of a region: pass one that kshm_region_export() gave, here or in another process (EBADF).");
	assert_int_equal(there, 4711);
	tear_down();
}

static void share_is_revoked_by_who_created_it(void **state)
{
	struct kshm_explanation why;
	char expected[512];
	__u32 there;
	int fd, ret;

	set_up();
	assert_int_equal(kshm_region_export(handle, id, READ_WRITE, &fd, NULL), 0);
	assert_int_equal(kshm_region_import(other, fd, READ_WRITE, &there, NULL), 0);
	ret = kshm_region_revoke(other, there, 0, &why);
	snprintf(expected, sizeof(expected),
		 "Region %u is revoked, and given a name, through the id that its creator got, not through one that was imported or opened: destroy this id if you need it no more, or ask who created the region (EPERM).",
		 there);
	assert_said(&why, ret, EPERM, KSHM_EXPLAIN_NOT_CREATED, expected);
	assert_int_equal(kshm_region_revoke(handle, id, 0, NULL), 0);
	ret = kshm_region_import(other, fd, READ_WRITE, &there, &why);
	assert_said(&why, ret, ESTALE, KSHM_EXPLAIN_REVOKED,
		    "A region was revoked, for everybody and for good: destroy it, and have a new one made (ESTALE).");
	close(fd);
	tear_down();
}

static void share_of_nothing_and_flags_are_not_revoked(void **state)
{
	struct kshm_explanation why;
	int ret;

	set_up();
	ret = kshm_region_revoke(handle, 77, 0, &why);
	assert_said(&why, ret, ENOENT, KSHM_EXPLAIN_REGION,
		    "The handle has no region 77: use an id that kshm_region_create() gave for this very handle, and that was not destroyed (ENOENT).");
	ret = kshm_region_revoke(handle, id, 2, &why);
	assert_said(&why, ret, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS,
		    "The module does not know the flags 0x2 of the region, so it is older than the program: update kshm.ko (EOPNOTSUPP).");
	assert_int_equal(kshm_region_revoke(handle, id, 0, NULL), 0);
	tear_down();
}

static void share_by_key_passes_rights_and_flags(void **state)
{
	const struct kshm_explanation nothing = { 0 };
	struct kshm_explanation why;
	struct kshm_region_key key;
	__u32 there = 0;

	set_up();
	memset(&why, 0xff, sizeof(why));
	assert_int_equal(kshm_region_make_key(handle, id, READ_WRITE,
					      KSHM_KEY_ANY_UID, &key, &why), 0);
	assert_memory_equal(&why, &nothing, sizeof(why));
	assert_int_equal(kshm_region_open_key(other, &key, KSHM_REGION_READ, &there,
					      &why), 0);
	assert_memory_equal(&why, &nothing, sizeof(why));
	assert_rights(there, KSHM_REGION_READ, 2);
	assert_int_equal(kshm_region_remove_key(handle, id, &why), 0);
	assert_memory_equal(&why, &nothing, sizeof(why));
	assert_int_equal(kshm_region_open_key(other, &key, READ_WRITE, &there, NULL),
			 -ENOENT);
	assert_rights(there, KSHM_REGION_READ, 2);
	tear_down();
}

static void share_by_key_says_why_not(void **state)
{
	struct kshm_region_key key = { { 0 } }, none = { { 0 } };
	struct kshm_explanation why;
	char expected[512];
	__u32 there = 4711;
	int ret;

	set_up();
	ret = kshm_region_open_key(other, &key, READ_WRITE, &there, &why);
	assert_said(&why, ret, ENOENT, KSHM_EXPLAIN_KEY,
		    "There is no region with this key, or not for this user: have kshm_region_make_key() give one, for any user if that is another (ENOENT).");
	assert_int_equal(there, 4711);
	ret = kshm_region_remove_key(handle, id, &why);
	snprintf(expected, sizeof(expected),
		 "Region %u has no key: make one with kshm_region_make_key() (ENOENT).",
		 id);
	assert_said(&why, ret, ENOENT, KSHM_EXPLAIN_KEY, expected);
	assert_int_equal(kshm_region_make_key(handle, id, READ_WRITE, 0x80, &key,
					      NULL), -EOPNOTSUPP);
	assert_memory_equal(&key, &none, sizeof(key));
	assert_int_equal(kshm_region_make_key(handle, id, READ_WRITE, 0, &key, NULL), 0);
	none = key;
	ret = kshm_region_make_key(handle, id, READ_WRITE, 0, &key, &why);
	snprintf(expected, sizeof(expected),
		 "Region %u has a key, and can have one for each id: use that, or remove it with kshm_region_remove_key() (EEXIST).",
		 id);
	assert_said(&why, ret, EEXIST, KSHM_EXPLAIN_HAS_KEY, expected);
	assert_memory_equal(&key, &none, sizeof(key));
	tear_down();
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(share_by_descriptor_passes_rights),
	cmocka_unit_test(share_by_descriptor_says_why_not),
	cmocka_unit_test(share_is_revoked_by_who_created_it),
	cmocka_unit_test(share_of_nothing_and_flags_are_not_revoked),
	cmocka_unit_test(share_by_key_passes_rights_and_flags),
	cmocka_unit_test(share_by_key_says_why_not),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

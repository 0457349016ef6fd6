// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of names of sections through the library
 *
 * What a name does is tested in kernel/; here it is that the functions pass on all that
 * they are given, and explain themselves.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <kshm.h>
#include "harness.h"
#include "leak.h"

#define READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)
#define NAME		"test.lib"

static struct kshm_handle *handle, *other;
static struct kshm_explanation why;
static int file;	/* of three pages */
static size_t page;
static __u32 id;	/* of the last two */

static void set_up(void)
{
	page = sysconf(_SC_PAGESIZE);
	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_open(&other, "null", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_section_create(NULL, 3 * page, 0, &file), 0);
	assert_int_equal(kshm_section_attach(handle, file, page, 0, READ_WRITE, &id, NULL),
			 0);
	kshm_section_unpublish(other, NAME, NULL);
	memset(&why, 0xff, sizeof(why));
}

static void tear_down(void)
{
	kshm_section_unpublish(other, NAME, NULL);
	close(file);
	kshm_close(other);
	kshm_close(handle);
}

/* Until the handle is closed. */
static void publish(const char *name)
{
	assert_int_equal(kshm_section_publish(handle, id, name, READ_WRITE, 0600,
					      KSHM_NAME_OWN_GROUP, KSHM_NAME_UNTIL_CLOSE,
					      NULL), 0);
}

static void assert_nothing_said(void)
{
	const struct kshm_explanation nothing = { 0 };

	assert_memory_equal(&why, &nothing, sizeof(why));
	memset(&why, 0xff, sizeof(why));
}

static void assert_said(int ret, int error, __u32 check, const char *expected)
{
	char text[512];

	assert_int_equal(ret, -error);
	assert_int_equal(why.error, -error);
	assert_int_equal(why.check, check);
	assert_int_equal(why.about, KSHM_ABOUT_REGION);
	kshm_explain(&why, text, sizeof(text));
	assert_string_equal(text, expected);
	memset(&why, 0xff, sizeof(why));
}

/* All that was given, as a list tells it. */
WITH_SET_UP(section_name_has_what_was_given)
{
	struct kshm_section_name **names;

	assert_int_equal(kshm_section_publish(handle, id, NAME, KSHM_REGION_READ, 0640,
					      getegid(), KSHM_NAME_UNTIL_CLOSE, &why), 0);
	assert_nothing_said();
	assert_int_equal(kshm_section_names(other, &names, &why), 1);
	assert_nothing_said();
	assert_string_equal(names[0]->name, NAME);
	assert_int_equal(names[0]->flags, KSHM_NAME_UNTIL_CLOSE);
	assert_int_equal(names[0]->rights, KSHM_REGION_READ);
	assert_int_equal(names[0]->uid, geteuid());
	assert_int_equal(names[0]->gid, getegid());
	assert_int_equal(names[0]->mode, 0640);
	assert_int_equal(names[0]->state, KSHM_STATE_SECTION);
	assert_int_equal(names[0]->len, 2 * page);
	assert_null(names[1]);
	kshm_section_names_free(names);
}

WITH_SET_UP(section_name_not_given_says_why)
{
	char longest[KSHM_SECTION_NAME_SIZE + 1];
	char memory[1];
	__u32 region;
	int ret;

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = 0;
	ret = kshm_section_publish(handle, id, longest, READ_WRITE, 0600,
				   KSHM_NAME_OWN_GROUP, 0, &why);
	assert_said(ret, EINVAL, KSHM_EXPLAIN_BAD_NAME,
		    "The name of a section is too long: a name has 1 to 63 visible characters of ASCII, and none of them is a '/' (EINVAL).");
	ret = kshm_section_publish(handle, id, NAME, READ_WRITE, 0700,
				   KSHM_NAME_OWN_GROUP, 0, &why);
	assert_said(ret, EINVAL, KSHM_EXPLAIN_MODE,
		    "The mode 0700 of a name has bits that are neither to read nor to write: take those of 0666 (EINVAL).");
	ret = kshm_section_publish(handle, id, NAME, READ_WRITE, 0600, 0, 0, &why);
	assert_said(ret, EPERM, KSHM_EXPLAIN_GROUP,
		    "A name cannot get the group 0, because the program is not in it: pass one that `id` shows, or KSHM_NAME_OWN_GROUP (EPERM).");
	ret = kshm_section_publish(handle, id, NAME, READ_WRITE, 0600,
				   KSHM_NAME_OWN_GROUP, 2, &why);
	assert_said(ret, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS,
		    "The module does not know the flags 0x2 of the region, so it is older than the program: update kshm.ko (EOPNOTSUPP).");
	ret = kshm_section_publish(handle, id, NAME, 0x82, 0600, KSHM_NAME_OWN_GROUP, 0,
				   &why);
	assert_said(ret, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS,
		    "The module does not know the rights 0x80 of the region, so it is older than the program: update kshm.ko (EOPNOTSUPP).");
	assert_int_equal(kshm_region_create(handle, memory, 1, READ_WRITE, &region, NULL),
			 0);
	ret = kshm_section_publish(handle, region, NAME, READ_WRITE, 0600,
				   KSHM_NAME_OWN_GROUP, 0, NULL);
	assert_int_equal(ret, -EINVAL);
	publish(NAME);
	ret = kshm_section_publish(handle, id, NAME, READ_WRITE, 0600,
				   KSHM_NAME_OWN_GROUP, 0, &why);
	assert_int_equal(why.region, id);
	assert_said(ret, EEXIST, KSHM_EXPLAIN_NAME_TAKEN,
		    "There is a section of this name: take another name, or remove that one with kshm_section_unpublish() (EEXIST).");
}

/* For the handle that opened it, and for mmap(). */
WITH_SET_UP(section_opened_by_its_name)
{
	const struct kshm_section_info zero = { .id = 0 };
	struct kshm_section_info info;
	struct kshm_region_info region;
	unsigned char *data;

	publish(NAME);
	memset(&info, 0xff, sizeof(info));
	assert_int_equal(kshm_section_open(other, NAME, READ_WRITE, KSHM_NAME_FD, &info,
					   &why), 0);
	assert_nothing_said();
	assert_int_equal(info.offset, page);
	assert_int_equal(info.len, 2 * page);
	assert_memory_equal(info.reserved, zero.reserved, sizeof(zero.reserved));
	assert_int_equal(fcntl(info.fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(kshm_region_query(other, info.id, &region, NULL), 0);
	assert_int_equal(region.len, info.len);
	assert_int_equal(region.rights, READ_WRITE);
	data = mmap(NULL, info.len, PROT_READ | PROT_WRITE, MAP_SHARED, info.fd,
		    info.offset);
	assert_ptr_not_equal(data, MAP_FAILED);
	assert_int_equal(pwrite(file, "bytes", 5, page), 5);
	assert_memory_equal(data, "bytes", 6);
	munmap(data, info.len);
	close(info.fd);
	assert_int_equal(kshm_section_open(other, NAME, KSHM_REGION_WRITE, 0, &info, NULL),
			 0);
	assert_int_equal(info.fd, -1);
	assert_int_equal(kshm_region_query(other, info.id, &region, NULL), 0);
	assert_int_equal(region.rights, KSHM_REGION_WRITE);
}

WITH_SET_UP(section_not_opened_says_why)
{
	struct kshm_section_info info, before;
	int ret;

	memset(&info, 0xa5, sizeof(info));
	before = info;
	ret = kshm_section_open(other, NAME, READ_WRITE, 0, &info, &why);
	assert_said(ret, ENOENT, KSHM_EXPLAIN_NAME,
		    "There is no section of this name: names are found in the network namespace that they were published in, until they are removed, or the program that published them ends (ENOENT).");
	assert_int_equal(kshm_section_publish(handle, id, NAME, KSHM_REGION_READ, 0400,
					      KSHM_NAME_OWN_GROUP, 0, NULL), 0);
	ret = kshm_section_open(other, NAME, KSHM_REGION_WRITE, KSHM_NAME_FD, &info, &why);
	assert_said(ret, EINVAL, KSHM_EXPLAIN_FD_RIGHTS,
		    "Whoever has a descriptor of a section can read it: ask for KSHM_REGION_READ too, or for no descriptor (EINVAL).");
	ret = kshm_section_open(other, NAME, READ_WRITE, KSHM_NAME_FD, &info, &why);
	assert_said(ret, EACCES, KSHM_EXPLAIN_NAME_MODE,
		    "The section of this name may not be written by this user, its mode is 0400: ask for less, or have its owner publish it for others (EACCES).");
	ret = kshm_section_open(other, NAME, READ_WRITE, 6, &info, &why);
	assert_said(ret, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS,
		    "The module does not know the flags 0x6 of the region, so it is older than the program: update kshm.ko (EOPNOTSUPP).");
	assert_int_equal(kshm_region_revoke(handle, id, 0, NULL), 0);
	assert_int_equal(kshm_section_open(other, NAME, KSHM_REGION_READ, 0, &info, NULL),
			 -ESTALE);
	assert_memory_equal(&info, &before, sizeof(info));
}

WITH_SET_UP(section_name_removed)
{
	struct kshm_section_info info;
	int ret;

	assert_int_equal(kshm_section_publish(handle, id, NAME, READ_WRITE, 0600,
					      KSHM_NAME_OWN_GROUP, 0, NULL), 0);
	kshm_close(handle);
	assert_int_equal(kshm_section_open(other, NAME, READ_WRITE, 0, &info, NULL), 0);
	assert_int_equal(kshm_section_unpublish(other, NAME, &why), 0);
	assert_nothing_said();
	ret = kshm_section_unpublish(other, NAME, &why);
	assert_said(ret, ENOENT, KSHM_EXPLAIN_NAME,
		    "There is no section of this name: names are found in the network namespace that they were published in, until they are removed, or the program that published them ends (ENOENT).");
	ret = kshm_section_unpublish(other, "", &why);
	assert_said(ret, EINVAL, KSHM_EXPLAIN_BAD_NAME,
		    "The name of a section is empty: a name has 1 to 63 visible characters of ASCII, and none of them is a '/' (EINVAL).");
	assert_int_equal(kshm_region_destroy(other, info.id, 0, NULL), 0);
	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_READ), 0);
}

WITH_SET_UP(section_names_of_none)
{
	struct kshm_section_name **names;

	assert_int_equal(kshm_section_names(other, &names, &why), 0);
	assert_nothing_said();
	assert_null(names[0]);
	kshm_section_names_free(names);
	kshm_section_names_free(NULL);
}

#define MANY	600	/* more than the module tells at a time */

WITH_SET_UP(section_names_of_many)
{
	const int nrs[] = { 31, 32, 33, MANY };
	struct kshm_section_name **names;
	char text[32];
	int made = 0;
	size_t i;
	int nr;

	for (i = 0; i < ARRAY_SIZE(nrs); i++) {
		for (; made < nrs[i]; made++) {
			snprintf(text, sizeof(text), "test.%03d", made);
			publish(text);
		}
		assert_int_equal(kshm_section_names(other, &names, NULL), made);
		for (nr = 0; nr < made; nr++) {
			snprintf(text, sizeof(text), "test.%03d", nr);
			assert_string_equal(names[nr]->name, text);
			assert_int_equal(names[nr]->len, 2 * page);
		}
		assert_null(names[made]);
		kshm_section_names_free(names);
	}
}

/* What fails is the descriptor, which somebody closed. */
WITH_SET_UP(section_names_not_told)
{
	struct kshm_section_name **names = NULL;

	close(kshm_fd(other));
	assert_int_equal(kshm_section_names(other, &names, &why), -EBADF);
	assert_int_equal(why.error, -EBADF);
	assert_int_equal(why.check, KSHM_EXPLAIN_NONE);
	assert_null(names);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(section_name_has_what_was_given),
	cmocka_unit_test(section_name_not_given_says_why),
	cmocka_unit_test(section_opened_by_its_name),
	cmocka_unit_test(section_not_opened_says_why),
	cmocka_unit_test(section_name_removed),
	cmocka_unit_test(section_names_of_none),
	cmocka_unit_test(section_names_of_many),
	cmocka_unit_test(section_names_not_told),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

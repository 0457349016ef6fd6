// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of names that cannot be: one errno, a true explanation, nothing held; for
 * root, who sets the limits
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "name_pair.h"
#include "parameter.h"

/* Nothing of the call stays. */
static struct kshm_explain refuse(struct kshm_ioc_name_publish arg, int error,
				  __u32 check)
{
	struct kshm_explain why;

	name_refused(name_try(s.fd, &arg, &why), &why, error, check);
	assert_int_equal(region_query(s.fd, s.id).out_holds, 1);
	return why;
}

static struct kshm_explain refuse_open(const char *name, __u32 rights, __u32 flags,
				       int error, __u32 check)
{
	struct kshm_ioc_region_query query = region_query(s.fd, s.id);
	struct kshm_ioc_name_open arg;
	struct kshm_explain why;

	name_refused(name_open_try(other, name, rights, flags, &arg, &why), &why, error,
		     check);
	assert_int_equal(region_query(s.fd, s.id).out_holds, query.out_holds);
	return why;
}

WITH_SET_UP(name_refuses_form)
{
	struct kshm_ioc_name_publish arg = name_request(s.id, NAME, 0);

	refuse(arg, EINVAL, KSHM_EXPLAIN_NO_RIGHTS);
	arg.rights = 9;
	assert_int_equal(refuse(arg, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS).needed, 8);
	arg.rights = READ_WRITE;
	arg.flags = 6 | KSHM_NAME_UNTIL_CLOSE;
	assert_int_equal(refuse(arg, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS).needed, 6);
	arg.flags = 0;
	arg.reserved = 1;
	refuse(arg, EINVAL, KSHM_EXPLAIN_RESERVED);
	no_name();
}

WITH_SET_UP(name_refuses_form_of_open_and_remove)
{
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_name_open open = {
		.size = sizeof(open), .rights = 1, .reserved = 1, .name = NAME,
		.explain = to_u64(&why),
	};
	struct kshm_ioc_name_remove arg = {
		.size = sizeof(arg), .flags = 1, .name = NAME, .explain = to_u64(&why),
	};

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	refuse_open(NAME, 0, 0, EINVAL, KSHM_EXPLAIN_NO_RIGHTS);
	assert_int_equal(refuse_open(NAME, 1, 4, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS).needed,
			 4);
	refuse_open(NAME, KSHM_REGION_WRITE, KSHM_NAME_FD, EINVAL,
		    KSHM_EXPLAIN_FD_RIGHTS);
	name_refused(ioctl(other, KSHM_IOC_NAME_OPEN, &open) ? -errno : 0, &why, EINVAL,
		     KSHM_EXPLAIN_RESERVED);
	name_refused(ioctl(other, KSHM_IOC_NAME_REMOVE, &arg) ? -errno : 0, &why,
		     EOPNOTSUPP, KSHM_EXPLAIN_FLAGS);
	arg.flags = 0;
	arg.reserved = 1;
	name_refused(ioctl(other, KSHM_IOC_NAME_REMOVE, &arg) ? -errno : 0, &why, EINVAL,
		     KSHM_EXPLAIN_RESERVED);
	name_open(other, NAME, KSHM_REGION_WRITE);
}

WITH_SET_UP(name_refuses_form_of_list)
{
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_name_list arg = {
		.size = sizeof(arg), .flags = 4, .explain = to_u64(&why),
	};

	name_refused(ioctl(other, KSHM_IOC_NAME_LIST, &arg) ? -errno : 0, &why,
		     EOPNOTSUPP, KSHM_EXPLAIN_FLAGS);
	assert_int_equal(why.needed, 4);
	arg.flags = 0;
	arg.reserved = 1;
	name_refused(ioctl(other, KSHM_IOC_NAME_LIST, &arg) ? -errno : 0, &why, EINVAL,
		     KSHM_EXPLAIN_RESERVED);
	arg.reserved = 0;
	assert_int_equal(ioctl(other, KSHM_IOC_NAME_LIST, &arg), 0);
}

/* An empty one is where a list begins. */
static void bad_name_to_list(const char *name, struct kshm_explain *why)
{
	struct kshm_ioc_name_list arg;
	struct kshm_name_entry entry;

	if (!*name)
		return;
	name_refused(name_list_try(other, name, &entry, 1, &arg, why), why, EINVAL,
		     KSHM_EXPLAIN_BAD_NAME);
	assert_int_equal(arg.out_nr, 4711);
}

/* Of each command, with the character and its place. */
static void bad_name(const char *name, unsigned char character, size_t place)
{
	struct kshm_explain why[4];
	size_t i;

	why[0] = refuse(name_request(s.id, name, READ_WRITE), EINVAL,
			KSHM_EXPLAIN_BAD_NAME);
	why[1] = refuse_open(name, 1, 0, EINVAL, KSHM_EXPLAIN_BAD_NAME);
	name_refused(name_remove_try(other, name, &why[2]), &why[2], EINVAL,
		     KSHM_EXPLAIN_BAD_NAME);
	why[3] = why[2];
	bad_name_to_list(name, &why[3]);
	for (i = 0; i < ARRAY_SIZE(why); i++) {
		assert_int_equal(why[i].needed, character);
		assert_int_equal(why[i].used, place);
		assert_int_equal(why[i].limit, KSHM_SECTION_NAME_SIZE - 1);
	}
}

WITH_SET_UP(name_refuses_bad_names)
{
	char endless[KSHM_SECTION_NAME_SIZE + 1];

	memset(endless, 'x', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = 0;
	bad_name("", 0, 0);
	bad_name("/", '/', 0);
	bad_name("some/name", '/', 4);
	bad_name("some name", ' ', 4);
	bad_name("some\n", '\n', 4);
	bad_name("\177", 0177, 0);
	bad_name("n\303\244me", 0303, 1);
	bad_name(endless, 0, KSHM_SECTION_NAME_SIZE);
}

WITH_SET_UP(name_refuses_modes)
{
	struct kshm_ioc_name_publish arg = name_request(s.id, NAME, READ_WRITE);
	struct kshm_explain why;
	__u32 mode;

	for (mode = 1; mode; mode <<= 1) {
		if (mode & 0666)
			continue;
		arg.mode = mode | 0600;
		why = refuse(arg, EINVAL, KSHM_EXPLAIN_MODE);
		assert_int_equal(why.needed, mode);
		assert_int_equal(why.used, mode | 0600);
		assert_int_equal(why.limit, 0666);
	}
}

WITH_SET_UP(name_refuses_what_is_no_section)
{
	__u32 region = region_make(s.fd, s.data, 100, READ_WRITE);
	struct kshm_explain why;

	why = refuse(name_request(region, NAME, READ_WRITE), EINVAL,
		     KSHM_EXPLAIN_NOT_SECTION);
	assert_int_equal(why.used, region);
	why = refuse(name_request(s.id + 77, NAME, READ_WRITE), ENOENT,
		     KSHM_EXPLAIN_REGION);
	assert_int_equal(why.used, s.id + 77);
	refuse(name_request(0, NAME, READ_WRITE), ENOENT, KSHM_EXPLAIN_REGION);
	no_name();
}

/* A name opens the whole file, which whoever was lent a region of it was not given. */
WITH_SET_UP(name_refuses_what_was_lent)
{
	struct kshm_region_key key = region_key(s.fd, s.id, READ_WRITE, 0);
	int share = region_export(s.fd, s.id, READ_WRITE);
	struct kshm_ioc_name_publish arg;
	struct kshm_explain why;
	__u32 lent[3];
	size_t i;

	lent[0] = region_import(other, share, READ_WRITE);
	lent[1] = region_open(other, &key, READ_WRITE);
	name_publish(s.fd, s.id, "test.lent", READ_WRITE, 0);
	lent[2] = name_open(other, "test.lent", READ_WRITE);
	for (i = 0; i < ARRAY_SIZE(lent); i++) {
		arg = name_request(lent[i], NAME, KSHM_REGION_READ);
		name_refused(name_try(other, &arg, &why), &why, EPERM,
			     KSHM_EXPLAIN_NOT_CREATED);
	}
	no_name();
	close(share);
}

WITH_SET_UP(name_refuses_more_than_a_user_may_have)
{
	unsigned long before = parameter_get("max_user_names");
	struct kshm_ioc_name_publish arg = name_request(s.id, NAME, READ_WRITE);
	struct kshm_explain why;

	parameter_set("max_user_names", 0);
	why = refuse(arg, ENOSPC, KSHM_EXPLAIN_LIMIT_NAMES);
	assert_int_equal(why.needed, 1);
	assert_int_equal(why.used, 0);
	assert_int_equal(why.limit, 0);
	parameter_set("max_user_names", 2);
	name_publish(s.fd, s.id, "test.1", READ_WRITE, 0);
	name_publish(s.fd, s.id, "test.2", READ_WRITE, 0);
	name_refused(name_try(s.fd, &arg, &why), &why, ENOSPC, KSHM_EXPLAIN_LIMIT_NAMES);
	assert_int_equal(why.used, 2);
	assert_int_equal(why.limit, 2);
	name_remove(other, "test.1");
	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	name_remove(other, "test.2");
	parameter_set("max_user_names", before);
}

/* Neither an id nor a descriptor is left, nor was there one. */
WITH_SET_UP(name_refuses_a_struct_that_cannot_be_written)
{
	struct kshm_ioc_name_open *arg, good;
	struct kshm_ioc_region_query query;
	int next = dup(0);
	__u32 id;

	close(next);
	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	arg = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		   -1, 0);
	assert_ptr_not_equal(arg, MAP_FAILED);
	*arg = (struct kshm_ioc_name_open){
		.size = sizeof(*arg), .flags = KSHM_NAME_FD, .rights = 1, .name = NAME,
	};
	assert_int_equal(mprotect(arg, page_size(), PROT_READ), 0);
	assert_int_equal(ioctl(other, KSHM_IOC_NAME_OPEN, arg), -1);
	assert_int_equal(errno, EFAULT);
	munmap(arg, page_size());
	assert_int_equal(fcntl(next, F_GETFD), -1);
	assert_int_equal(region_query(s.fd, s.id).out_holds, 2);
	assert_int_equal(name_open_try(other, NAME, 1, KSHM_NAME_FD, &good, NULL), 0);
	assert_int_equal(good.out_fd, next);
	id = good.out_id;
	assert_int_equal(region_query_try(other, id - 1, &query), -ENOENT);
	close(good.out_fd);
}

WITH_SET_UP(name_refuses_without_descriptors)
{
	struct rlimit before, none;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = other + 1;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	refuse_open(NAME, 1, KSHM_NAME_FD, EMFILE, KSHM_EXPLAIN_FILES);
	name_open(other, NAME, 1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

/* Whoever has it is to be asked before somebody writes: nobody waits for that. */
WITH_SET_UP(name_refuses_a_descriptor_while_there_is_a_lease)
{
	int leaser = section_reopen(s.file, O_RDONLY);
	struct kshm_ioc_name_open arg;
	struct kshm_explain why = { .size = sizeof(why) };

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	signal(SIGIO, SIG_IGN);
	assert_int_equal(fcntl(leaser, F_SETLEASE, F_RDLCK), 0);
	assert_int_equal(name_open_try(other, NAME, READ_WRITE, KSHM_NAME_FD, &arg, &why),
			 -EBUSY);
	assert_int_equal(why.check, KSHM_EXPLAIN_LEASE);
	assert_int_equal(region_query(s.fd, s.id).out_holds, 2);
	assert_int_equal(fcntl(leaser, F_SETLEASE, F_UNLCK), 0);
	assert_int_equal(name_open_try(other, NAME, READ_WRITE, KSHM_NAME_FD, &arg, NULL),
			 0);
	close(arg.out_fd);
	close(leaser);
	name_remove(s.fd, NAME);
}

WITH_SET_UP(name_opens_what_its_handle_has_room_for)
{
	unsigned long before = parameter_get("max_handle_regions");

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	parameter_set("max_handle_regions", 0);
	refuse_open(NAME, 1, KSHM_NAME_FD, ENOSPC, KSHM_EXPLAIN_LIMIT_REGIONS);
	parameter_set("max_handle_regions", before);
	name_open(other, NAME, 1);
}

static void set_devices(__u32 nr)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_DEVICES);

	arg.in = user_operand(&nr, sizeof(nr));
	control(other, &arg);
}

WITH_SET_UP(name_after_the_device_is_gone)
{
	struct kshm_name_entry entry;
	struct kshm_ioc_name_open arg;
	struct kshm_explain why;
	__u32 there, nr;
	int gone;

	set_devices(1);
	gone = device_open("test-0", O_RDWR);
	there = section_attach(gone, s.file, READ_WRITE);
	set_devices(0);
	name_publish(gone, there, NAME, READ_WRITE, KSHM_NAME_UNTIL_CLOSE);
	name_refused(name_open_try(gone, NAME, 1, 0, &arg, &why), &why, ENODEV,
		     KSHM_EXPLAIN_GONE);
	name_list(gone, "", &entry, 1, &nr);
	assert_int_equal(nr, 1);
	region_fill(other, name_open(other, NAME, READ_WRITE), 0, s.len, 3);
	close(gone);
	no_name();
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(name_refuses_form),
	cmocka_unit_test(name_refuses_form_of_open_and_remove),
	cmocka_unit_test(name_refuses_form_of_list),
	cmocka_unit_test(name_refuses_bad_names),
	cmocka_unit_test(name_refuses_modes),
	cmocka_unit_test(name_refuses_what_is_no_section),
	cmocka_unit_test(name_refuses_what_was_lent),
	cmocka_unit_test(name_refuses_more_than_a_user_may_have),
	cmocka_unit_test(name_refuses_a_struct_that_cannot_be_written),
	cmocka_unit_test(name_refuses_without_descriptors),
	cmocka_unit_test(name_refuses_a_descriptor_while_there_is_a_lease),
	cmocka_unit_test(name_opens_what_its_handle_has_room_for),
	cmocka_unit_test(name_after_the_device_is_gone),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

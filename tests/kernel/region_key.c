// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of regions that are opened by a key; root's, who becomes others and
 * has the nodes of new devices
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "parameter.h"
#include "pattern.h"
#include "region_calls.h"
#include "region_pair.h"
#include "state.h"

#define SEED	13
#define USER	4321

static void refused_as(int ret, const struct kshm_explain *why, int error, __u32 check)
{
	assert_int_equal(ret, -error);
	assert_int_equal(why->error, error);
	assert_int_equal(why->check, check);
	assert_int_equal(why->operand, 0);
}

/* As one that never was, down to the last byte that is told. */
static void opens_nothing(const struct kshm_region_key *key)
{
	struct kshm_explain why, nothing = {
		.size = sizeof(nothing), .check = KSHM_EXPLAIN_KEY, .error = ENOENT,
	};
	__u32 none;

	assert_int_equal(region_open_try(other, key, KSHM_REGION_READ, &none, &why),
			 -ENOENT);
	assert_memory_equal(&why, &nothing, sizeof(why));
}

WITH_SET_UP(key_leads_to_the_same_bytes)
{
	struct kshm_region_key key = region_key(fd, id, READ_WRITE, 0);
	__u32 there = region_open(other, &key, READ_WRITE);
	__u32 again = region_open(other, &key, KSHM_REGION_READ);

	assert_int_not_equal(there, again);
	assert_int_equal(region_query(fd, id).out_holds, 3);
	assert_int_equal(region_query(other, again).out_rights, KSHM_REGION_READ);
	region_fill(other, there, 1, b.len - 1, SEED);
	assert_true(has_pattern(b.data + 1, b.len - 1, SEED));
	region_check(other, again, 1, b.len - 1, SEED);
	assert_int_equal(region_fill_try(other, again, 0, 1, SEED), -EACCES);
	assert_int_equal(device_info(fd).out_user_pages, 3);
	assert_int_equal(region_revoke_try(other, there, 0), -EPERM);
	/* What was opened stays, whatever becomes of key and creator. */
	close(fd);
	fd = device_open("test", O_RDWR);
	region_check(other, there, 1, b.len - 1, SEED);
	opens_nothing(&key);
}

WITH_SET_UP(key_opens_in_another_process)
{
	struct kshm_region_key key = region_key(fd, id, READ_WRITE, 0);
	int status;
	__u32 there;
	pid_t pid = fork();

	if (!pid) {
		close(fd);
		if (region_open_try(other, &key, READ_WRITE, &there, NULL))
			_exit(1);
		_exit(region_fill_try(other, there, 0, b.len, SEED) ? 2 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(has_pattern(b.data, b.len, SEED));
}

WITH_SET_UP(key_that_is_off_by_a_bit)
{
	struct kshm_region_key key = region_key(fd, id, READ_WRITE, 0);
	struct kshm_region_key wrong = { { 0 } };
	unsigned int bit;

	opens_nothing(&wrong);
	assert_memory_not_equal(&key, &wrong, sizeof(key));
	memset(&wrong, 0xff, sizeof(wrong));
	opens_nothing(&wrong);
	for (bit = 0; bit < 8 * sizeof(key); bit++) {
		wrong = key;
		wrong.bytes[bit / 8] ^= 1 << bit % 8;
		opens_nothing(&wrong);
	}
	region_open(other, &key, READ_WRITE);
}

static void lacks(int ret, const struct kshm_explain *why, __u32 has)
{
	refused_as(ret, why, EACCES, KSHM_EXPLAIN_RIGHTS);
	assert_int_equal(why->needed, READ_WRITE & ~has);
	assert_int_equal(why->used, has);
}

WITH_SET_UP(key_has_no_more_rights_than_it_is_made_of)
{
	__u32 readable = region_make(fd, b.data, b.len, KSHM_REGION_READ), there, none;
	struct kshm_region_key key, unmade;
	struct kshm_explain why;

	lacks(region_key_try(fd, readable, READ_WRITE, 0, &unmade, &why), &why,
	      KSHM_REGION_READ);
	key = region_key(fd, id, KSHM_REGION_READ, 0);
	lacks(region_open_try(other, &key, READ_WRITE, &none, &why), &why,
	      KSHM_REGION_READ);
	there = region_open(other, &key, KSHM_REGION_READ);
	lacks(region_key_try(other, there, READ_WRITE, 0, &unmade, &why), &why,
	      KSHM_REGION_READ);
}

WITH_SET_UP(key_is_the_only_one_of_its_id)
{
	struct kshm_region_key key = region_key(fd, id, READ_WRITE, 0), next, of_other;
	struct kshm_explain why;
	__u32 there = region_open(other, &key, KSHM_REGION_READ);

	refused_as(region_key_try(fd, id, READ_WRITE, 0, &next, &why), &why, EEXIST,
		   KSHM_EXPLAIN_HAS_KEY);
	/* Another id is another one's. */
	refused_as(region_key_try(other, there, 0, KSHM_KEY_REMOVE, NULL, &why), &why,
		   ENOENT, KSHM_EXPLAIN_KEY);
	assert_int_equal(why.used, there);
	of_other = region_key(other, there, KSHM_REGION_READ, 0);
	assert_int_equal(region_key_try(fd, id, 0, KSHM_KEY_REMOVE, NULL, NULL), 0);
	opens_nothing(&key);
	region_open(other, &of_other, KSHM_REGION_READ);
	assert_int_equal(region_key_try(fd, id, 0, KSHM_KEY_REMOVE, NULL, NULL), -ENOENT);
	next = region_key(fd, id, READ_WRITE, 0);
	assert_memory_not_equal(&key, &next, sizeof(key));
	opens_nothing(&key);
	region_open(other, &next, READ_WRITE);
}

/* Its id, not the region, is what a key ends with. */
WITH_SET_UP(key_ends_with_its_id)
{
	int share = region_export(fd, id, READ_WRITE);
	struct kshm_region_key key = region_key(fd, id, READ_WRITE, 0);

	region_destroy(fd, id);
	opens_nothing(&key);
	id = region_import(fd, share, READ_WRITE);
	key = region_key(fd, id, READ_WRITE, 0);
	assert_int_equal(region_destroy_try(fd, id, KSHM_REGION_WAIT), 0);
	opens_nothing(&key);
	id = region_import(fd, share, READ_WRITE);
	key = region_key(fd, id, READ_WRITE, 0);
	close(fd);
	opens_nothing(&key);
	fd = device_open("test", O_RDWR);
	close(share);
}

static void *destroy_waiting(void *data)
{
	int *ret = data;

	*ret = region_destroy_try(fd, id, KSHM_REGION_WAIT);
	return NULL;
}

/* At once, while who destroys it waits for a request. */
WITH_SET_UP(key_ends_before_the_last_use_does)
{
	struct kshm_region_key key = region_key(fd, id, READ_WRITE, 0);
	struct kshm_ioc_region_query query;
	pthread_t thread;
	struct call call;
	int ret = 1, tries;
	__u32 there;

	call.arg = hold_request(KSHM_TEST_HOLD_WRITE, &call.held, NULL, 0);
	call.arg.data = region_operand(id, 0, 10);
	call_start(&call, fd);
	wait_until_holding(fd, 1);
	assert_int_equal(pthread_create(&thread, NULL, destroy_waiting, &ret), 0);
	while (region_query_try(fd, id, &query) != -ENOENT)
		usleep(1000);
	for (tries = 0; tries < 1000; tries++) {
		if (region_open_try(other, &key, 1, &there, NULL))
			break;
		region_destroy(other, there);
		usleep(1000);
	}
	call_release(&call);
	pthread_join(thread, NULL);
	assert_int_equal(ret, 0);
	assert_int_not_equal(tries, 1000);
	opens_nothing(&key);
}

WITH_SET_UP(key_of_a_revoked_region)
{
	struct kshm_region_key key = region_key(fd, id, READ_WRITE, 0), unmade;
	struct kshm_explain why;
	__u32 none;

	region_revoke(fd, id);
	refused_as(region_open_try(other, &key, READ_WRITE, &none, &why), &why, ESTALE,
		   KSHM_EXPLAIN_REVOKED);
	assert_int_equal(region_key_try(fd, id, 0, KSHM_KEY_REMOVE, NULL, NULL), 0);
	opens_nothing(&key);
	refused_as(region_key_try(fd, id, READ_WRITE, 0, &unmade, &why), &why, ESTALE,
		   KSHM_EXPLAIN_REVOKED);
}

static void become(uid_t user)
{
	assert_int_equal(seteuid(user), 0);
}

/* Of the effective user; neither root nor who owns it is an exception. */
WITH_SET_UP(key_is_for_its_user)
{
	struct kshm_region_key key = region_key(fd, id, READ_WRITE, 0), own;
	__u32 there;

	become(USER);
	opens_nothing(&key);
	become(0);
	there = region_open(other, &key, READ_WRITE);
	become(USER);
	own = region_key(other, there, READ_WRITE, 0);
	region_open(fd, &own, READ_WRITE);
	become(0);
	opens_nothing(&own);
	become(USER + 1);
	opens_nothing(&own);
	become(0);
}

WITH_SET_UP(key_for_any_user)
{
	struct kshm_region_key key = region_key(fd, id, KSHM_REGION_READ,
						KSHM_KEY_ANY_UID);

	become(USER);
	region_open(other, &key, KSHM_REGION_READ);
	become(0);
	region_open(other, &key, KSHM_REGION_READ);
	assert_int_equal(region_key_try(fd, id, 0, KSHM_KEY_REMOVE, NULL, NULL), 0);
	become(USER);
	opens_nothing(&key);
	become(0);
}

WITH_SET_UP(key_refuses_rights_flags_and_ids)
{
	struct kshm_region_key key;
	struct kshm_explain why;
	__u32 none;

	refused_as(region_key_try(fd, id, 0, 0, &key, &why), &why, EINVAL,
		   KSHM_EXPLAIN_NO_RIGHTS);
	refused_as(region_key_try(fd, id, 4, 0, &key, &why), &why, EOPNOTSUPP,
		   KSHM_EXPLAIN_FLAGS);
	assert_int_equal(why.needed, 4);
	refused_as(region_key_try(fd, id, 1, 8 | KSHM_KEY_REMOVE, &key, &why), &why,
		   EOPNOTSUPP, KSHM_EXPLAIN_FLAGS);
	assert_int_equal(why.needed, 8);
	refused_as(region_key_try(fd, id, 1, KSHM_KEY_REMOVE, &key, &why), &why, EINVAL,
		   KSHM_EXPLAIN_RESERVED);
	refused_as(region_key_try(fd, id, 0, KSHM_KEY_REMOVE | KSHM_KEY_ANY_UID, &key,
				  &why), &why, EINVAL, KSHM_EXPLAIN_RESERVED);
	refused_as(region_key_try(other, id, 1, 0, &key, &why), &why, ENOENT,
		   KSHM_EXPLAIN_REGION);
	assert_int_equal(why.used, id);
	refused_as(region_key_try(fd, 0, 0, KSHM_KEY_REMOVE, &key, &why), &why, ENOENT,
		   KSHM_EXPLAIN_REGION);
	key = region_key(fd, id, 1, 0);
	refused_as(region_open_try(other, &key, 0, &none, &why), &why, EINVAL,
		   KSHM_EXPLAIN_NO_RIGHTS);
	refused_as(region_open_try(other, &key, 5, &none, &why), &why, EOPNOTSUPP,
		   KSHM_EXPLAIN_FLAGS);
}

WITH_SET_UP(key_refuses_flags_and_reserved_members_of_open)
{
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_region_open arg = {
		.size = sizeof(arg), .flags = 1, .rights = 1, .explain = to_u64(&why),
		.key = region_key(fd, id, 1, 0),
	};

	refused_as(ioctl(other, KSHM_IOC_REGION_OPEN, &arg) ? -errno : 0, &why,
		   EOPNOTSUPP, KSHM_EXPLAIN_FLAGS);
	arg.flags = 0;
	arg.reserved = 1ULL << 32;
	refused_as(ioctl(other, KSHM_IOC_REGION_OPEN, &arg) ? -errno : 0, &why,
		   EINVAL, KSHM_EXPLAIN_RESERVED);
}

/* What cannot be told is no key, and no id. */
WITH_SET_UP(key_refuses_structs_that_cannot_be_written)
{
	struct kshm_ioc_region_key *make = (void *)b.data;
	struct kshm_ioc_region_open *open = (void *)(b.data + 128);
	struct kshm_region_key key = region_key(fd, id, 1, 0);
	__u32 second = region_open(fd, &key, 1);

	*make = (struct kshm_ioc_region_key){
		.size = sizeof(*make), .id = second, .rights = 1,
	};
	*open = (struct kshm_ioc_region_open){
		.size = sizeof(*open), .rights = 1, .key = key,
	};
	assert_int_equal(mprotect(b.data, page_size(), PROT_READ), 0);
	assert_int_equal(ioctl(fd, KSHM_IOC_REGION_KEY, make), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(region_key_try(fd, second, 0, KSHM_KEY_REMOVE, NULL, NULL),
			 -ENOENT);
	region_key(fd, second, 1, 0);
	assert_int_equal(ioctl(other, KSHM_IOC_REGION_OPEN, open), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(region_query(fd, id).out_holds, 2);
}

WITH_SET_UP(key_opens_what_its_handle_has_room_for)
{
	unsigned long before = parameter_get("max_handle_regions");
	struct kshm_region_key key = region_key(fd, id, 1, 0);
	struct kshm_explain why;
	__u32 none;

	parameter_set("max_handle_regions", 1);
	refused_as(region_open_try(fd, &key, 1, &none, &why), &why, ENOSPC,
		   KSHM_EXPLAIN_LIMIT_REGIONS);
	parameter_set("max_handle_regions", before);
	region_open(fd, &key, 1);
}

static void set_devices(__u32 nr)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_DEVICES);

	arg.in = user_operand(&nr, sizeof(nr));
	control(other, &arg);
}

WITH_SET_UP(key_after_the_device_is_gone)
{
	struct kshm_region_key key;
	struct kshm_explain why;
	__u32 there, none;
	int gone;

	set_devices(1);
	gone = device_open("test-0", O_RDWR);
	there = region_make(gone, b.data, b.len, READ_WRITE);
	set_devices(0);
	key = region_key(gone, there, READ_WRITE, 0);
	refused_as(region_open_try(gone, &key, 1, &none, &why), &why, ENODEV,
		   KSHM_EXPLAIN_GONE);
	region_fill(other, region_open(other, &key, READ_WRITE), 0, b.len, SEED);
	close(gone);
	opens_nothing(&key);
}

#define MANY	500

/* Each to its own region, which is as long as its number says. */
WITH_SET_UP(key_of_many)
{
	static struct kshm_region_key made[MANY];
	static __u32 ids[MANY];
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		ids[i] = region_make(fd, b.data, i, READ_WRITE);
		made[i] = region_key(fd, ids[i], READ_WRITE, 0);
	}
	for (i = 0; i < MANY; i += 2)
		region_destroy(fd, ids[i]);
	for (i = 0; i < MANY; i++) {
		if (i % 2)
			assert_int_equal(region_query(other, region_open(other, &made[i], 1))
					 .out_len, i);
		else
			opens_nothing(&made[i]);
	}
}

struct opener {
	pthread_t thread;
	struct kshm_region_key key;
	unsigned int opened;
	int error;
};

static void *open_until_gone(void *data)
{
	struct opener *opener = data;
	__u32 there;

	for (;;) {
		opener->error = region_open_try(other, &opener->key, 1, &there, NULL);
		if (opener->error)
			return NULL;
		region_check(other, there, 0, 0, SEED);
		region_destroy(other, there);
		__atomic_fetch_add(&opener->opened, 1, __ATOMIC_SEQ_CST);
	}
}

/* Opening meets the end of the key: it is a whole region or none. */
WITH_SET_UP(key_against_its_end)
{
	const unsigned int rounds = harness_brief() ? 20 : 200;
	struct opener opener;
	unsigned int round;

	for (round = 0; round < rounds; round++) {
		opener = (struct opener){ .key = region_key(fd, id, 1, 0) };
		assert_int_equal(pthread_create(&opener.thread, NULL, open_until_gone,
						&opener), 0);
		while (__atomic_load_n(&opener.opened, __ATOMIC_SEQ_CST) < round % 5)
			sched_yield();
		if (round % 2) {
			assert_int_equal(region_key_try(fd, id, 0, KSHM_KEY_REMOVE,
							NULL, NULL), 0);
		} else {
			region_destroy(fd, id);
			id = region_make(fd, b.data, b.len, READ_WRITE);
		}
		pthread_join(opener.thread, NULL);
		assert_int_equal(opener.error, -ENOENT);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(key_leads_to_the_same_bytes),
	cmocka_unit_test(key_opens_in_another_process),
	cmocka_unit_test(key_that_is_off_by_a_bit),
	cmocka_unit_test(key_has_no_more_rights_than_it_is_made_of),
	cmocka_unit_test(key_is_the_only_one_of_its_id),
	cmocka_unit_test(key_ends_with_its_id),
	cmocka_unit_test(key_ends_before_the_last_use_does),
	cmocka_unit_test(key_of_a_revoked_region),
	cmocka_unit_test(key_is_for_its_user),
	cmocka_unit_test(key_for_any_user),
	cmocka_unit_test(key_refuses_rights_flags_and_ids),
	cmocka_unit_test(key_refuses_flags_and_reserved_members_of_open),
	cmocka_unit_test(key_refuses_structs_that_cannot_be_written),
	cmocka_unit_test(key_opens_what_its_handle_has_room_for),
	cmocka_unit_test(key_after_the_device_is_gone),
	cmocka_unit_test(key_of_many),
	cmocka_unit_test(key_against_its_end),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)

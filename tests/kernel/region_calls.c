// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - regions as the tests use them: raw ioctls on open files
 */
#include <errno.h>
#include <sys/ioctl.h>

#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "region_calls.h"

struct kshm_ioc_region_create region_request(const struct kshm_range *ranges,
					     size_t nr, __u32 rights)
{
	return (struct kshm_ioc_region_create){
		.size = sizeof(struct kshm_ioc_region_create), .rights = rights,
		.nr_ranges = nr, .ranges = to_u64(ranges),
	};
}

int region_try(int fd, struct kshm_ioc_region_create *arg)
{
	return ioctl(fd, KSHM_IOC_REGION_CREATE, arg) ? -errno : 0;
}

__u32 region_make(int fd, const void *data, size_t len, __u32 rights)
{
	struct kshm_range range = { .addr = to_u64(data), .len = len };
	struct kshm_ioc_region_create arg = region_request(&range, 1, rights);

	assert_int_equal(region_try(fd, &arg), 0);
	assert_int_not_equal(arg.out_id, 0);
	assert_int_equal(arg.out_len, len);
	return arg.out_id;
}

struct kshm_explain region_refused(int fd, struct kshm_ioc_region_create arg,
				   int error, __u32 check)
{
	struct kshm_explain why = { .size = sizeof(why) };
	__u64 before = device_info(fd).out_user_pages;

	arg.explain = to_u64(&why);
	assert_int_equal(region_try(fd, &arg), -error);
	assert_int_equal(why.check, check);
	assert_int_equal(why.error, error);
	assert_int_equal(device_info(fd).out_user_pages, before);
	return why;
}

int region_query_try(int fd, __u32 id, struct kshm_ioc_region_query *query)
{
	*query = (struct kshm_ioc_region_query){ .size = sizeof(*query), .id = id };
	return ioctl(fd, KSHM_IOC_REGION_QUERY, query) ? -errno : 0;
}

struct kshm_ioc_region_query region_query(int fd, __u32 id)
{
	struct kshm_ioc_region_query query;

	assert_int_equal(region_query_try(fd, id, &query), 0);
	return query;
}

bool region_is_revoked(int fd, __u32 id)
{
	return region_query(fd, id).out_state & KSHM_STATE_REVOKED;
}

int region_destroy_try(int fd, __u32 id, __u32 flags)
{
	struct kshm_ioc_region_destroy arg = {
		.size = sizeof(arg), .flags = flags, .id = id,
	};

	return ioctl(fd, KSHM_IOC_REGION_DESTROY, &arg) ? -errno : 0;
}

void region_destroy(int fd, __u32 id)
{
	assert_int_equal(region_destroy_try(fd, id, 0), 0);
}

int region_revoke_try(int fd, __u32 id, __u32 flags)
{
	struct kshm_ioc_region_revoke arg = {
		.size = sizeof(arg), .flags = flags, .id = id,
	};

	return ioctl(fd, KSHM_IOC_REGION_REVOKE, &arg) ? -errno : 0;
}

void region_revoke(int fd, __u32 id)
{
	assert_int_equal(region_revoke_try(fd, id, 0), 0);
}

static int work_on(int fd, __u32 code, struct kshm_operand data, __u32 seed)
{
	struct kshm_test_work work = { .seed = seed };
	struct kshm_test_place place = { .wrong = 0 };
	struct kshm_ioc_control arg = request(code);
	int ret;

	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = data;
	ret = control_try(fd, &arg);
	assert_int_equal(arg.out_status, 0);
	assert_int_equal(place.wrong, 0);
	return ret;
}

int region_fill_try(int fd, __u32 id, __u64 offset, __u64 len, __u32 seed)
{
	return work_on(fd, KSHM_TEST_FILL, region_operand(id, offset, len), seed);
}

int region_check_try(int fd, __u32 id, __u64 offset, __u64 len, __u32 seed)
{
	return work_on(fd, KSHM_TEST_CHECK, region_operand(id, offset, len), seed);
}

void region_fill(int fd, __u32 id, __u64 offset, __u64 len, __u32 seed)
{
	assert_int_equal(region_fill_try(fd, id, offset, len, seed), 0);
}

void region_check(int fd, __u32 id, __u64 offset, __u64 len, __u32 seed)
{
	assert_int_equal(region_check_try(fd, id, offset, len, seed), 0);
}

/* Sets it up, and tells its address. */
static __u64 explain_at(struct kshm_explain *why)
{
	if (why)
		*why = (struct kshm_explain){ .size = sizeof(*why) };
	return to_u64(why);
}

int region_export_try(int fd, __u32 id, __u32 rights, int *share,
		      struct kshm_explain *why)
{
	struct kshm_ioc_region_export arg = {
		.size = sizeof(arg), .id = id, .rights = rights,
		.explain = explain_at(why),
	};

	if (ioctl(fd, KSHM_IOC_REGION_EXPORT, &arg))
		return -errno;
	*share = arg.out_fd;
	return 0;
}

int region_export(int fd, __u32 id, __u32 rights)
{
	int share = -1;

	assert_int_equal(region_export_try(fd, id, rights, &share, NULL), 0);
	assert_true(share >= 0);
	return share;
}

int region_import_try(int fd, int share, __u32 rights, __u32 *id,
		      struct kshm_explain *why)
{
	struct kshm_ioc_region_import arg = {
		.size = sizeof(arg), .fd = share, .rights = rights,
		.explain = explain_at(why),
	};

	if (ioctl(fd, KSHM_IOC_REGION_IMPORT, &arg))
		return -errno;
	*id = arg.out_id;
	return 0;
}

__u32 region_import(int fd, int share, __u32 rights)
{
	__u32 id = 0;

	assert_int_equal(region_import_try(fd, share, rights, &id, NULL), 0);
	assert_int_not_equal(id, 0);
	return id;
}

int region_key_try(int fd, __u32 id, __u32 rights, __u32 flags,
		   struct kshm_region_key *key, struct kshm_explain *why)
{
	struct kshm_ioc_region_key arg = {
		.size = sizeof(arg), .flags = flags, .id = id, .rights = rights,
		.explain = explain_at(why),
	};

	if (ioctl(fd, KSHM_IOC_REGION_KEY, &arg))
		return -errno;
	if (key)
		*key = arg.out_key;
	return 0;
}

struct kshm_region_key region_key(int fd, __u32 id, __u32 rights, __u32 flags)
{
	struct kshm_region_key key;

	assert_int_equal(region_key_try(fd, id, rights, flags, &key, NULL), 0);
	return key;
}

int region_open_try(int fd, const struct kshm_region_key *key, __u32 rights,
		    __u32 *id, struct kshm_explain *why)
{
	struct kshm_ioc_region_open arg = {
		.size = sizeof(arg), .rights = rights, .key = *key,
		.explain = explain_at(why),
	};

	if (ioctl(fd, KSHM_IOC_REGION_OPEN, &arg))
		return -errno;
	*id = arg.out_id;
	return 0;
}

__u32 region_open(int fd, const struct kshm_region_key *key, __u32 rights)
{
	__u32 id = 0;

	assert_int_equal(region_open_try(fd, key, rights, &id, NULL), 0);
	assert_int_not_equal(id, 0);
	return id;
}

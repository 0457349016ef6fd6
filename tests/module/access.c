// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: the accessors of a user buffer, one at a time
 */
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "test.h"

/* What an accessor is tried with at most. */
#define ROOM	SZ_64K

static int read_out(struct kshm_user_buffer *out, struct kshm_test_access *a,
		    u8 *room)
{
	int ret = kshm_user_read(out, a->offset, room, a->len);

	if (!ret)
		a->value = room[0];
	return ret;
}

static int write_out(struct kshm_user_buffer *out, struct kshm_test_access *a,
		     u8 *room)
{
	memset(room, a->value, min_t(u64, a->len, ROOM));
	return kshm_user_write(out, a->offset, room, a->len);
}

static int measure(struct kshm_user_buffer *out, struct kshm_test_access *a)
{
	ssize_t len = kshm_user_strnlen(out, a->offset, a->len);

	if (len < 0)
		return len;
	a->value = len;
	return 0;
}

static int read_nested(struct kshm_test_access *a, u8 *room)
{
	struct kshm_user_buffer nested;
	size_t i;
	int ret;

	kshm_user_buffer_init(&nested, u64_to_user_ptr(a->pointer), a->len);
	ret = kshm_user_read(&nested, 0, room, a->len);
	if (ret)
		return ret;
	for (a->value = 0, i = 0; i < a->len; i++)
		a->value ^= room[i];
	return 0;
}

static int lock_out(struct kshm_user_buffer *out, struct kshm_test_access *a)
{
	struct kshm_mdl mdl;
	void *data;
	int ret;

	ret = kshm_mdl_init(&mdl, out, a->offset, a->len, KSHM_FROM_DRIVER);
	if (ret)
		return ret;
	ret = kshm_mdl_lock(&mdl);
	if (ret)
		return ret;
	data = kshm_mdl_map_write(&mdl);
	if (!IS_ERR(data))
		memset(data, a->value, kshm_mdl_len(&mdl));
	kshm_mdl_unlock(&mdl);
	return PTR_ERR_OR_ZERO(data);
}

static int do_access(struct kshm_user_buffer *out, struct kshm_test_access *a,
		     u8 *room)
{
	switch (a->op) {
	case KSHM_TEST_ACCESS_READ:
		return read_out(out, a, room);
	case KSHM_TEST_ACCESS_WRITE:
		return write_out(out, a, room);
	case KSHM_TEST_ACCESS_CLEAR:
		return kshm_user_clear(out, a->offset, a->len);
	case KSHM_TEST_ACCESS_STRNLEN:
		return measure(out, a);
	case KSHM_TEST_ACCESS_PROBE:
		/* Of a driver that takes it from the caller, kshm would warn. */
		return is_power_of_2(a->len) ? kshm_user_probe(out, a->len) : -EDOM;
	case KSHM_TEST_ACCESS_NESTED:
		return read_nested(a, room);
	case KSHM_TEST_ACCESS_LOCK:
		return lock_out(out, a);
	default:
		return -EDOM;
	}
}

int test_access(struct kshm_request *req)
{
	struct kshm_user_buffer *in = kshm_request_user_in(req);
	struct kshm_test_access a;
	u8 *room;
	int ret;

	test_count_call();
	ret = kshm_user_read(in, 0, &a, sizeof(a));
	if (ret)
		return ret;
	/* A length beyond the room must be one that the accessor refuses. */
	if (a.len > ROOM && (a.op == KSHM_TEST_ACCESS_NESTED ||
			     kshm_request_out_len(req) > ROOM))
		return -EDOM;
	room = kzalloc(ROOM, GFP_KERNEL);
	if (!room)
		return -ENOMEM;
	ret = do_access(kshm_request_user_out(req), &a, room);
	kfree(room);
	if (ret)
		return ret;
	return kshm_user_write(in, offsetof(struct kshm_test_access, value),
			       &a.value, sizeof(a.value));
}

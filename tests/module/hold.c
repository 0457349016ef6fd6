// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: calls that last
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/wait.h>

#include "test.h"

static DECLARE_WAIT_QUEUE_HEAD(released);
/* Releases so far: who waits does so for the next one. */
static atomic_t releases;
static atomic64_t holding;

u64 test_holding(void)
{
	return atomic64_read(&holding);
}

/* Grows when a call of @handle is released, which waits for that. */
int test_releases_of(struct kshm_handle *handle)
{
	const struct test_handle *own = kshm_handle_data(handle);

	return atomic_read(&releases) + atomic_read(&own->releases);
}

int test_release(struct kshm_request *req)
{
	struct test_handle *own = kshm_handle_data(kshm_request_handle(req));

	test_count_call();
	atomic_inc(kshm_request_in_len(req) ? &own->releases : &releases);
	wake_up_all(&released);
	return 0;
}

static u8 first_byte(const void *data, size_t len)
{
	return len ? READ_ONCE(*(const u8 *)data) : 0;
}

/*
 * Looks again when it is woken; and, since nobody does that for a device that goes, of
 * itself, soon if the caller gave an input, otherwise later than a test waits for him.
 */
static void wait_in_worker(struct kshm_request *req, int since)
{
	struct kshm_handle *handle = kshm_request_handle(req);
	unsigned int ms = kshm_request_in_len(req) ? 500 : 60000;

	while (!wait_event_timeout(released,
				   test_releases_of(handle) != since ||
				   kshm_request_cancelled(req),
				   msecs_to_jiffies(ms)))
		continue;
}

int test_wait_for_release(struct kshm_request *req, int since)
{
	struct kshm_handle *handle = kshm_request_handle(req);

	atomic64_inc(&holding);
	if (kshm_request_control(req)->context == KSHM_CONTEXT_WORKER)
		wait_in_worker(req, since);
	/*
	 * Nobody wakes a handler whose device is being unregistered. It lets a while
	 * pass, long enough to see that unregistering waits for it.
	 */
	while (test_releases_of(handle) == since && !kshm_request_cancelled(req))
		wait_event_killable_timeout(released,
					    test_releases_of(handle) != since,
					    msecs_to_jiffies(500));
	atomic64_dec(&holding);
	return test_releases_of(handle) == since ? -EINTR : 0;
}

/* Whatever happens to the caller, or the device. A minute is a bound for a test that fails. */
void test_wait_deaf(void)
{
	int since = atomic_read(&releases);

	atomic64_inc(&holding);
	wait_event_timeout(released, atomic_read(&releases) != since,
			   msecs_to_jiffies(60000));
	atomic64_dec(&holding);
}

int test_hold(struct kshm_request *req)
{
	bool write = KSHM_CODE_METHOD(kshm_request_control(req)->code) ==
		     KSHM_METHOD_OUT_DIRECT;
	struct kshm_test_held *out = kshm_request_out(req);
	const void *in = kshm_request_in(req);
	size_t in_len = kshm_request_in_len(req);
	struct kshm_mdl *mdl = kshm_request_mdl(req);
	int ret, since = test_releases_of(kshm_request_handle(req));
	u8 *data;

	test_count_call();
	data = write ? kshm_mdl_map_write(mdl) : (u8 *)kshm_mdl_map(mdl);
	if (IS_ERR(data))
		return PTR_ERR(data);

	out->in_before = first_byte(in, in_len);
	if (write)
		WRITE_ONCE(data[0], KSHM_TEST_HELD_BEFORE);
	else
		out->data_before = first_byte(data, kshm_mdl_len(mdl));

	ret = test_wait_for_release(req, since);

	out->in_after = first_byte(in, in_len);
	if (write)
		WRITE_ONCE(data[1], KSHM_TEST_HELD_AFTER);
	else
		out->data_after = first_byte(data, kshm_mdl_len(mdl));
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*out));
	return ret;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - requests that pend, as the tests use them: raw calls on open files
 */
#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "pended_calls.h"
#include "state.h"

struct kshm_ioc_control pend_request(__u32 code, const struct kshm_test_pend *pend,
				     __u64 user_data)
{
	struct kshm_ioc_control arg = request(code);

	arg.in = user_operand(pend, sizeof(*pend));
	arg.user_data = user_data;
	return arg;
}

struct kshm_ioc_control pend_buffer(__u32 code, struct kshm_test_pend *pend,
				    const struct buffer *b)
{
	struct kshm_ioc_control arg = pend_request(code, pend, pend->key);

	pend->returned = b->len;
	arg.data = user_operand(b->data, b->len);
	return arg;
}

int submit_try(int fd, struct kshm_ioc_control *arg)
{
	int ret;

	arg->flags = KSHM_REQUEST_SUBMIT;
	ret = control_try(fd, arg);
	return ret ? ret : arg->out_status;
}

void submit(int fd, struct kshm_ioc_control arg)
{
	assert_int_equal(submit_try(fd, &arg), 0);
}

void submit_pend(int fd, __u32 how, __u64 user_data)
{
	const struct kshm_test_pend pend = { .how = how, .key = user_data };

	submit(fd, pend_request(KSHM_TEST_PEND, &pend, user_data));
}

static bool is_readable(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	return poll(&poller, 1, 0) == 1 && (poller.revents & POLLIN);
}

int completion_try(int fd, struct kshm_completion *completion)
{
	ssize_t got;

	if (!is_readable(fd))
		return -EAGAIN;
	got = read(fd, completion, sizeof(*completion));
	if (got < 0)
		return -errno;
	assert_int_equal(got, sizeof(*completion));
	assert_int_equal(completion->reserved, 0);
	return 0;
}

struct kshm_completion completion_read(int fd)
{
	struct kshm_completion completion;

	assert_int_equal(completion_try(fd, &completion), 0);
	return completion;
}

struct kshm_completion completion_of(int fd, __u64 user_data, int status)
{
	struct kshm_completion completion = completion_read(fd);

	assert_int_equal(completion.user_data, user_data);
	assert_int_equal(completion.status, status);
	return completion;
}

void completion_none(int fd)
{
	assert_false(is_readable(fd));
}

static struct kshm_test_completed
complete_those(int fd, const struct kshm_test_complete *which)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_COMPLETE);
	struct kshm_test_completed out;

	arg.in = user_operand(which, sizeof(*which));
	arg.out = user_operand(&out, sizeof(out));
	control(fd, &arg);
	return out;
}

__u32 complete_where(int fd, __u64 key, __u32 where)
{
	return complete_those(fd, &(struct kshm_test_complete){
			      .key = key, .where = where }).nr;
}

__u32 complete_all(int fd)
{
	return complete_those(fd, &(struct kshm_test_complete){ .all = 1 }).nr;
}

void complete_one(int fd, __u64 key)
{
	assert_int_equal(complete_where(fd, key, KSHM_TEST_IN_CALLER), 1);
}

struct kshm_test_completed complete_there(int fd, __u64 key, __u32 where)
{
	struct kshm_test_completed out = complete_those(fd, &(struct kshm_test_complete){
							.key = key, .where = where });

	assert_int_equal(out.nr, 1);
	return out;
}

int cancel_try(int fd, __u64 user_data, __u32 flags, struct kshm_explain *why)
{
	struct kshm_ioc_cancel arg = {
		.size = sizeof(arg), .flags = flags, .user_data = user_data,
		.explain = to_u64(why), .out_cancelled = 77,
	};

	if (why)
		*why = (struct kshm_explain){ .size = sizeof(*why) };
	if (ioctl(fd, KSHM_IOC_CANCEL, &arg))
		return -errno;
	assert_int_not_equal(arg.out_cancelled, 0);
	return arg.out_cancelled;
}

int eventfd_set(int fd, int eventfd, struct kshm_explain *why)
{
	struct kshm_ioc_eventfd arg = {
		.size = sizeof(arg), .fd = eventfd, .explain = to_u64(why),
	};

	if (why)
		*why = (struct kshm_explain){ .size = sizeof(*why) };
	return ioctl(fd, KSHM_IOC_EVENTFD, &arg) ? -errno : 0;
}

void wait_until_driver_keeps(int fd, __u64 kept)
{
	while (test_state(fd).kept < kept)
		usleep(1000);
}

void wait_until_kept(int fd, __u64 calls)
{
	int n;

	for (n = 0; n < 10000 && test_state(fd).calls < calls; n++)
		usleep(1000);
	assert_true(test_state(fd).calls >= calls);
}

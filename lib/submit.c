// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - requests that are submitted, and their completions
 */
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <sys/uio.h>
#include <time.h>

#include "internal.h"

static_assert(sizeof(struct kshm_completion) == 64, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_cancel) == 32, "the ABI of the module");
static_assert(sizeof(struct kshm_ioc_eventfd) == 24, "the ABI of the module");

#define NS_PER_S	1000000000L
#define NS_PER_MS	1000000L

/* More than this has no place in an int, in bytes. */
#define MOST_COMPLETIONS (INT_MAX / sizeof(struct kshm_completion))

KSHM_EXPORT int kshm_submit(const struct kshm_handle *handle, __u32 code,
			    const struct kshm_operand *in,
			    const struct kshm_operand *out,
			    const struct kshm_operand *data, __u64 user_data,
			    struct kshm_explanation *explanation)
{
	struct kshm_ioc_control ioc = kshm_control_to_uapi(code, in, out, data);

	ioc.flags = KSHM_REQUEST_SUBMIT;
	ioc.user_data = user_data;
	return kshm_control_send(handle, &ioc, NULL, explanation);
}

/*
 * How many there are now, or -EAGAIN. Another thread can take what poll() told of, and a
 * read() that waits then would do so for longer than it is to.
 */
static int read_now(int fd, struct kshm_completion *completions, size_t nr)
{
	struct iovec there = { completions, nr * sizeof(*completions) };
	ssize_t got = preadv2(fd, &there, 1, -1, RWF_NOWAIT);

	return got < 0 ? -errno : got / (ssize_t)sizeof(*completions);
}

static struct timespec after(int ms)
{
	struct timespec when;

	clock_gettime(CLOCK_MONOTONIC, &when);
	when.tv_sec += ms / 1000;
	when.tv_nsec += ms % 1000 * NS_PER_MS;
	if (when.tv_nsec >= NS_PER_S) {
		when.tv_sec++;
		when.tv_nsec -= NS_PER_S;
	}
	return when;
}

/* What is left until @end; false: nothing. */
static bool left_until(const struct timespec *end, struct timespec *left)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left->tv_sec = end->tv_sec - now.tv_sec;
	left->tv_nsec = end->tv_nsec - now.tv_nsec;
	if (left->tv_nsec < 0) {
		left->tv_sec--;
		left->tv_nsec += NS_PER_S;
	}
	return left->tv_sec >= 0 && (left->tv_sec || left->tv_nsec);
}

/*
 * Until there may be some, or @end, which is NULL for never: 0 or -errno. A device that
 * goes is told by poll() at once, but read() has to wait for its last requests to end:
 * that is asked for every now and then.
 */
static int wait_for_some(int fd, const struct timespec *end)
{
	static const struct timespec moment = { .tv_nsec = NS_PER_MS };
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	struct timespec left;
	int ret;

	if (end && !left_until(end, &left))
		return -ETIMEDOUT;
	ret = ppoll(&ready, 1, end ? &left : NULL, NULL);
	if (ret > 0 && !(ready.revents & POLLIN))
		ret = nanosleep(&moment, NULL);
	return ret < 0 ? -errno : 0;
}

KSHM_EXPORT int kshm_wait(const struct kshm_handle *handle,
			  struct kshm_completion *completions, size_t nr,
			  int timeout_ms)
{
	struct timespec end;
	int waited, ret;

	if (!nr)
		return -EINVAL;
	if (nr > MOST_COMPLETIONS)
		nr = MOST_COMPLETIONS;
	if (timeout_ms >= 0)
		end = after(timeout_ms);
	for (;;) {
		ret = read_now(handle->fd, completions, nr);
		if (ret != -EAGAIN)
			return ret;
		waited = wait_for_some(handle->fd, timeout_ms < 0 ? NULL : &end);
		if (waited)
			return waited == -ETIMEDOUT ? 0 : waited;
	}
}

/* Of a call for which there is nothing but the handle. */
static void explain_call(struct kshm_explanation *explanation,
			 const struct kshm_handle *handle, int error,
			 const struct kshm_explain *explain)
{
	if (!explanation)
		return;
	kshm_explanation_from_uapi(explanation, handle, error, explain);
	if (error)
		explanation->about = KSHM_ABOUT_HANDLE;
}

static int cancel(const struct kshm_handle *handle, __u64 user_data, __u32 flags,
		  struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_cancel ioc = {
		.size = sizeof(ioc),
		.flags = flags,
		.user_data = user_data,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_CANCEL, &ioc);
	explain_call(explanation, handle, ret, &explain);
	return ret < 0 ? ret : (int)ioc.out_cancelled;
}

KSHM_EXPORT int kshm_cancel(const struct kshm_handle *handle, __u64 user_data,
			    struct kshm_explanation *explanation)
{
	return cancel(handle, user_data, 0, explanation);
}

KSHM_EXPORT int kshm_cancel_all(const struct kshm_handle *handle,
				struct kshm_explanation *explanation)
{
	return cancel(handle, 0, KSHM_CANCEL_ALL, explanation);
}

KSHM_EXPORT int kshm_eventfd(const struct kshm_handle *handle, int fd,
			     struct kshm_explanation *explanation)
{
	struct kshm_explain explain = { .size = sizeof(explain) };
	struct kshm_ioc_eventfd ioc = {
		.size = sizeof(ioc),
		.fd = fd,
		.explain = (uintptr_t)&explain,
	};
	int ret;

	ret = kshm_ioctl(handle->fd, KSHM_IOC_EVENTFD, &ioc);
	explain_call(explanation, handle, ret, &explain);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - counters of sections as the tests use them: raw ioctls, and their files
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "sequence_calls.h"

struct kshm_ioc_section_sequence sequence_request(__u32 id, __u32 rights)
{
	return (struct kshm_ioc_section_sequence){
		.size = sizeof(struct kshm_ioc_section_sequence), .id = id,
		.rights = rights,
	};
}

int sequence_try(int fd, struct kshm_ioc_section_sequence *arg,
		 struct kshm_explain *why)
{
	if (why)
		*why = (struct kshm_explain){ .size = sizeof(*why) };
	arg->explain = to_u64(why);
	return ioctl(fd, KSHM_IOC_SECTION_SEQUENCE, arg) ? -errno : 0;
}

int sequence_make(int fd, __u32 id, __u32 rights)
{
	struct kshm_ioc_section_sequence arg = sequence_request(id, rights);

	assert_int_equal(sequence_try(fd, &arg, NULL), 0);
	return arg.out_fd;
}

void sequence_dont_sleep(int sequence)
{
	int flags = fcntl(sequence, F_GETFL);

	assert_int_equal(fcntl(sequence, F_SETFL, flags | O_NONBLOCK), 0);
}

int sequence_raise_try(int sequence, __u64 by)
{
	ssize_t len = write(sequence, &by, sizeof(by));

	if (len == -1)
		return -errno;
	assert_int_equal(len, sizeof(by));
	return 0;
}

void sequence_raise(int sequence)
{
	assert_int_equal(sequence_raise_try(sequence, 1), 0);
}

__u64 sequence_read(int sequence)
{
	__u64 value;

	assert_int_equal(read(sequence, &value, sizeof(value)), sizeof(value));
	return value;
}

short sequence_poll(int sequence)
{
	struct pollfd poll_for = { .fd = sequence, .events = POLLIN | POLLOUT };

	assert_int_not_equal(poll(&poll_for, 1, 0), -1);
	return poll_for.revents;
}

void sequence_is_not_raised(int sequence)
{
	__u64 value;

	assert_int_equal(sequence_poll(sequence) & POLLIN, 0);
	assert_int_equal(read(sequence, &value, sizeof(value)), -1);
	assert_int_equal(errno, EAGAIN);
}

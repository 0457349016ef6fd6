// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - memory whose missing pages somebody else brings
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "userfault.h"

static void bring(const struct userfault *u, __u64 addr)
{
	__u64 page = addr & -page_size();
	struct uffdio_copy copy = {
		.dst = page, .src = to_u64(u->from + (page - to_u64(u->data))),
		.len = page_size(),
	};

	/* It may be there already, if two asked for it. */
	ioctl(u->fd, UFFDIO_COPY, &copy);
}

static void *serve(void *data)
{
	const struct userfault *u = data;
	struct pollfd fds[] = {
		{ .fd = u->fd, .events = POLLIN }, { .fd = u->gate[0] },
	};
	struct uffd_msg message;

	while (poll(fds, ARRAY_SIZE(fds), -1) > 0 && !fds[1].revents)
		if (read(u->fd, &message, sizeof(message)) == sizeof(message))
			bring(u, message.arg.pagefault.address);
	return NULL;
}

static int open_for(void *data, size_t len, int flags, __u64 mode, __u64 features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	struct uffdio_register range = {
		.range = { .start = to_u64(data), .len = len }, .mode = mode,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | flags);

	assert_int_not_equal(fd, -1);
	assert_int_equal(ioctl(fd, UFFDIO_API, &api), 0);
	assert_int_equal(ioctl(fd, UFFDIO_REGISTER, &range), 0);
	return fd;
}

int userfault_open(void *data, size_t len, int flags)
{
	return open_for(data, len, flags, UFFDIO_REGISTER_MODE_MISSING, 0);
}

int userfault_open_written(void *data, size_t len)
{
	struct uffdio_writeprotect protect = {
		.range = { .start = to_u64(data), .len = len },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};
	int fd = open_for(data, len, 0, UFFDIO_REGISTER_MODE_WP,
			  UFFD_FEATURE_PAGEFAULT_FLAG_WP);

	assert_int_equal(ioctl(fd, UFFDIO_WRITEPROTECT, &protect), 0);
	return fd;
}

void userfault_await(int fd)
{
	struct uffd_msg message;

	assert_int_equal(read(fd, &message, sizeof(message)), sizeof(message));
}

void userfault_start(struct userfault *u, void *data, size_t len, const void *from,
		     int flags)
{
	*u = (struct userfault){ .data = data, .from = from };
	u->fd = userfault_open(data, len, flags | O_NONBLOCK);
	assert_int_equal(pipe(u->gate), 0);
	assert_int_equal(pthread_create(&u->thread, NULL, serve, u), 0);
}

void userfault_end(struct userfault *u)
{
	close(u->gate[1]);
	pthread_join(u->thread, NULL);
	close(u->gate[0]);
	close(u->fd);
}

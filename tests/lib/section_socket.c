// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of sections that are sent to other processes, which need no module
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kshm.h>
#include "harness.h"

#define READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)
#define MANY		3

#ifndef SO_PASSPIDFD	/* since Linux 6.5 */
#define SO_PASSPIDFD	76
#endif

static int file;	/* of a page */
static int ends[2];	/* of a socket */
static size_t page;

static void connect_with(int type)
{
	assert_int_equal(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends), 0);
}

static void set_up(void)
{
	page = sysconf(_SC_PAGESIZE);
	assert_int_equal(kshm_section_create(NULL, page, 0, &file), 0);
	connect_with(SOCK_STREAM);
}

static void tear_down(void)
{
	close(ends[0]);
	close(ends[1]);
	close(file);
}

static unsigned char *map(int fd)
{
	size_t len = 0;
	void *data;

	assert_int_equal(kshm_section_map(fd, 0, &len, READ_WRITE, &data), 0);
	return data;
}

static size_t descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t nr = 0;

	assert_non_null(dir);
	while (readdir(dir))
		nr++;
	closedir(dir);
	return nr;
}

/* One byte with @nr descriptors, which are no sections if they are not @fd. */
static void send_by_hand(const int *fds, size_t nr)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(MANY * sizeof(int))];
	} control = { };
	struct iovec bytes = { .iov_base = "", .iov_len = 1 };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };

	if (nr) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(nr * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(nr * sizeof(int));
		memcpy(CMSG_DATA(&control.header), fds, nr * sizeof(int));
	}
	assert_int_equal(sendmsg(ends[0], &message, 0), 1);
}

static void receives(int error)
{
	size_t before = descriptors();
	int fd = 4711;

	assert_int_equal(kshm_section_receive(ends[1], &fd), -error);
	assert_int_equal(fd, 4711);
	assert_int_equal(descriptors(), before);
}

/* A connection of loopback. */
static void connect_by_internet(int pair[2])
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(to);

	assert_int_equal(bind(listener, (struct sockaddr *)&to, len), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&to, &len), 0);
	pair[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(pair[0], (struct sockaddr *)&to, len), 0);
	pair[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_int_not_equal(pair[1], -1);
	close(listener);
}

/* In a child, which writes what the parent reads. */
static void send_to_child(void)
{
	unsigned char *data = map(file);
	int fd, status;
	pid_t pid;

	data[0] = 1;
	pid = fork();
	if (!pid) {
		if (kshm_section_receive(ends[1], &fd) || fcntl(fd, F_GETFD) != FD_CLOEXEC)
			_exit(1);
		_exit(map(fd)[0]++ != 1);
	}
	assert_int_equal(kshm_section_send(ends[0], file), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(data[0], 2);
	munmap(data, page);
}

WITH_SET_UP(section_sent_to_another_process)
{
	send_to_child();
	close(ends[0]);
	close(ends[1]);
	connect_with(SOCK_SEQPACKET);
	send_to_child();
}

/* It comes before the descriptor, and is no reason to lose that. */
WITH_SET_UP(section_sent_to_who_asks_who_sends)
{
	const int on = 1;
	int fd;

	assert_int_equal(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), 0);
	/* Kernels that have it send a descriptor of the process, too. */
	setsockopt(ends[1], SOL_SOCKET, SO_PASSPIDFD, &on, sizeof(on));
	send_by_hand(NULL, 0);
	receives(EBADMSG);
	assert_int_equal(kshm_section_send(ends[0], file), 0);
	assert_int_equal(kshm_section_receive(ends[1], &fd), 0);
	close(fd);
}

WITH_SET_UP(section_sent_by_what_takes_no_descriptors)
{
	int pair[2], fd = 4711;
	char byte;

	connect_by_internet(pair);
	assert_int_equal(kshm_section_send(pair[0], file), -EINVAL);
	assert_int_equal(recv(pair[1], &byte, 1, MSG_DONTWAIT), -1);
	assert_int_equal(kshm_section_receive(pair[1], &fd), -EINVAL);
	assert_int_equal(kshm_section_send(file, file), -ENOTSOCK);
	assert_int_equal(kshm_section_receive(-1, &fd), -EBADF);
	assert_int_equal(fd, 4711);
	close(pair[0]);
	close(pair[1]);
}

/* Not the fault of who sent it. */
WITH_SET_UP(section_received_without_a_descriptor_for_it)
{
	const struct rlimit none = { 0, 0 };
	int fd, status;
	pid_t pid;

	assert_int_equal(kshm_section_send(ends[0], file), 0);
	pid = fork();
	if (!pid)
		_exit(setrlimit(RLIMIT_NOFILE, &none) ||
		      kshm_section_receive(ends[1], &fd) != -EMFILE);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Each with its own byte: none is taken for another. */
WITH_SET_UP(section_sent_after_another)
{
	int second, fd;

	assert_int_equal(kshm_section_create(NULL, 2 * page, 0, &second), 0);
	assert_int_equal(kshm_section_send(ends[0], file), 0);
	assert_int_equal(kshm_section_send(ends[0], second), 0);
	assert_int_equal(kshm_section_receive(ends[1], &fd), 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), page);
	close(fd);
	assert_int_equal(kshm_section_receive(ends[1], &fd), 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), 2 * page);
	close(fd);
	close(second);
}

WITH_SET_UP(section_sent_has_to_be_one)
{
	int loose = memfd_create("loose", MFD_CLOEXEC), zero = open("/dev/zero", O_RDWR);
	char byte;

	assert_int_equal(kshm_section_send(ends[0], loose), -EINVAL);
	assert_int_equal(kshm_section_send(ends[0], zero), -EBADF);
	assert_int_equal(kshm_section_send(ends[0], -1), -EBADF);
	assert_int_equal(recv(ends[1], &byte, 1, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
	close(loose);
	close(zero);
}

/* What a stranger sends; nothing of it stays open. */
WITH_SET_UP(section_received_has_to_be_one)
{
	int loose = memfd_create("loose", MFD_CLOEXEC), zero = open("/dev/zero", O_RDWR);
	const int none_first[MANY] = { loose, file, file };

	send_by_hand(NULL, 0);
	receives(EBADMSG);
	send_by_hand(&loose, 1);
	receives(EBADMSG);
	send_by_hand(&zero, 1);
	receives(EBADMSG);
	send_by_hand(none_first, MANY);
	receives(EBADMSG);
	close(loose);
	close(zero);
}

WITH_SET_UP(section_received_with_others)
{
	int fds[MANY] = { file, file, file }, fd;
	size_t before = descriptors();

	send_by_hand(fds, MANY);
	assert_int_equal(kshm_section_receive(ends[1], &fd), 0);
	assert_int_equal(descriptors(), before + 1);
	close(fd);
}

WITH_SET_UP(section_whose_other_end_is_closed)
{
	int full = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	close(ends[0]);
	receives(EPIPE);
	assert_int_equal(kshm_section_send(ends[1], file), -EPIPE);
	assert_int_equal(kshm_section_send(full, file), -ENOTCONN);
	ends[0] = full;
}

WITH_SET_UP(section_that_does_not_wait)
{
	int sent = 0, fd, ret;

	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	receives(EAGAIN);
	while (!(ret = kshm_section_send(ends[0], file)))
		sent++;
	assert_true(ret == -EAGAIN || ret == -ETOOMANYREFS);
	assert_true(sent > 0);
	while (sent--) {
		assert_int_equal(kshm_section_receive(ends[1], &fd), 0);
		close(fd);
	}
	receives(EAGAIN);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(section_sent_to_another_process),
	cmocka_unit_test(section_sent_to_who_asks_who_sends),
	cmocka_unit_test(section_sent_by_what_takes_no_descriptors),
	cmocka_unit_test(section_received_without_a_descriptor_for_it),
	cmocka_unit_test(section_sent_after_another),
	cmocka_unit_test(section_sent_has_to_be_one),
	cmocka_unit_test(section_received_has_to_be_one),
	cmocka_unit_test(section_received_with_others),
	cmocka_unit_test(section_whose_other_end_is_closed),
	cmocka_unit_test(section_that_does_not_wait),
};

HARNESS_MAIN(tests)

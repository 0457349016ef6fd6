// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - descriptors passed through sockets
 */
#include <string.h>
#include <sys/socket.h>

#include "harness.h"
#include "passing.h"

void send_fds(int socket, const int *fds, size_t nr)
{
	char control[CMSG_SPACE(4 * sizeof(int))] = { 0 };
	struct iovec byte = { "", 1 };
	struct msghdr message = {
		.msg_iov = &byte, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = CMSG_SPACE(nr * sizeof(int)),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(nr * sizeof(int));
	memcpy(CMSG_DATA(header), fds, nr * sizeof(int));
	assert_int_equal(sendmsg(socket, &message, 0), 1);
}

int receive_fd(int socket)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control),
	};
	int received = -1;

	if (recvmsg(socket, &message, 0) == 1 && CMSG_FIRSTHDR(&message))
		memcpy(&received, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	return received;
}

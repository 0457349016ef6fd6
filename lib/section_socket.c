// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - sections that are sent to other processes
 *
 * A descriptor goes along with one byte, for a stream has no messages without any.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "internal.h"

/* Since Linux 6.5: a descriptor of the sender's process, if the socket asks for it. */
#ifndef SCM_PIDFD
#define SCM_PIDFD	0x04
#endif

/*
 * A message of a byte. What a socket can ask for beside descriptors comes before them:
 * who sent it, his label, times.
 */
struct message {
	char byte;
	struct iovec bytes;
	union {
		struct cmsghdr header;
		char room[1024];
	} control;
	struct msghdr header;
};

static void prepare(struct message *message, size_t control)
{
	memset(message, 0, sizeof(*message));
	message->bytes.iov_base = &message->byte;
	message->bytes.iov_len = sizeof(message->byte);
	message->header.msg_iov = &message->bytes;
	message->header.msg_iovlen = 1;
	message->header.msg_control = &message->control;
	message->header.msg_controllen = control;
}

/* Others take the byte, and leave the descriptor out without a word. */
static int check_socket(int socket)
{
	socklen_t len = sizeof(int);
	int domain;

	if (getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &len))
		return -errno;
	return domain == AF_UNIX ? 0 : -EINVAL;
}

KSHM_EXPORT int kshm_section_send(int socket, int fd)
{
	struct message message;
	struct cmsghdr *control;
	int ret;

	ret = check_socket(socket);
	if (!ret)
		ret = kshm_check_section(fd);
	if (ret)
		return ret;
	prepare(&message, CMSG_SPACE(sizeof(fd)));
	control = CMSG_FIRSTHDR(&message.header);
	control->cmsg_level = SOL_SOCKET;
	control->cmsg_type = SCM_RIGHTS;
	control->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(control), &fd, sizeof(fd));
	return sendmsg(socket, &message.header, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* Closes the descriptors in @control but the first of all, which goes to @first. */
static void take(struct cmsghdr *control, int *first)
{
	size_t i, nr = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	int fd;

	for (i = 0; i < nr; i++) {
		memcpy(&fd, CMSG_DATA(control) + i * sizeof(fd), sizeof(fd));
		if (*first == -1 && control->cmsg_type == SCM_RIGHTS)
			*first = fd;
		else
			close(fd);
	}
}

/* The first descriptor that was sent, or -1; of all others nothing is left. */
static int take_first(struct message *message)
{
	struct cmsghdr *control;
	int first = -1;

	for (control = CMSG_FIRSTHDR(&message->header); control;
	     control = CMSG_NXTHDR(&message->header, control))
		if (control->cmsg_level == SOL_SOCKET &&
		    (control->cmsg_type == SCM_RIGHTS || control->cmsg_type == SCM_PIDFD))
			take(control, &first);
	return first;
}

KSHM_EXPORT int kshm_section_receive(int socket, int *fd)
{
	struct message message;
	ssize_t len;
	int first, ret;

	ret = check_socket(socket);
	if (ret)
		return ret;
	prepare(&message, sizeof(message.control));
	len = recvmsg(socket, &message.header, MSG_CMSG_CLOEXEC);
	if (len < 0)
		return -errno;
	first = take_first(&message);
	/* There is room for what comes first, so there was no descriptor for it. */
	if (first == -1 && message.header.msg_flags & MSG_CTRUNC)
		return -EMFILE;
	if (first == -1)
		return len ? -EBADMSG : -EPIPE;
	if (kshm_check_section(first)) {
		close(first);
		return -EBADMSG;
	}
	*fd = first;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - memory whose missing pages somebody else brings
 */
#ifndef USERFAULT_H
#define USERFAULT_H

#include <pthread.h>
#include <stddef.h>

/**
 * struct userfault - a thread that brings each page when somebody asks for it
 * @fd: the userfaultfd
 * @gate: pipe that ends the thread when its writing end is closed
 * @thread: the thread
 * @data: the memory
 * @from: what is to be in it
 */
struct userfault {
	int fd;
	int gate[2];
	pthread_t thread;
	unsigned char *data;
	const unsigned char *from;
};

/*
 * A userfaultfd of @len bytes at @data, of which no page may be there yet: until it is
 * closed whoever touches them waits. @flags are UFFD_USER_MODE_ONLY, O_NONBLOCK.
 */
int userfault_open(void *data, size_t len, int flags);

/*
 * The same of memory that is there, and can be read: whoever writes to it waits. For who
 * may have the kernel wait.
 */
int userfault_open_written(void *data, size_t len);

/* Waits until somebody does. */
void userfault_await(int fd);

/*
 * From now on @len bytes at @data, of which no page may be there yet, get theirs of
 * @from. @flags are those of the descriptor, UFFD_USER_MODE_ONLY or 0.
 */
void userfault_start(struct userfault *u, void *data, size_t len, const void *from,
		     int flags);

/* The memory must not be touched after that until it is unmapped. */
void userfault_end(struct userfault *u);

#endif /* USERFAULT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - descriptors passed through sockets
 */
#ifndef PASSING_H
#define PASSING_H

#include <stddef.h>

/* Sends @nr of them, four at most, with a byte. */
void send_fds(int socket, const int *fds, size_t nr);

/* The one that comes with the next byte, or -1. */
int receive_fd(int socket);

#endif /* PASSING_H */

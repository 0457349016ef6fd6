/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - threads that do something again and again, until all are to end
 */
#ifndef LOOP_H
#define LOOP_H

#include <pthread.h>
#include <stdbool.h>

/* All that a test has begin before it ends one. */
pthread_t loop_begin(void *(*fn)(void *arg));

/* There: whether it is to return. */
bool loop_is_over(void);

/* Has all of them return, and waits for this one. */
void loop_end(pthread_t thread);

#endif /* LOOP_H */

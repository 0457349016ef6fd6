/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - workers of the kernel's that get no memory
 *
 * For kernels with fault injection, which counts failures by task elsewhere. A thread that
 * takes works is anybody's: so each allocation and each copy of user memory of each of
 * them fails, until they are fed.
 */
#ifndef STARVE_H
#define STARVE_H

#include <stdbool.h>

/* Lets all workers that there are starve; skips the test on a kernel that cannot do that. */
void workers_starve(void);

/* Whether all that there are by now do. */
bool workers_all_starve(void);

/* Ends that: how often one of them got nothing. Does no harm if none starves. */
unsigned int workers_feed(void);

#endif /* STARVE_H */

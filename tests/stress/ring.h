/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: requests that io_uring brings
 */
#ifndef STRESS_RING_H
#define STRESS_RING_H

#include <linux/kshm.h>

/* Has the ring of this process bring a request, and waits for it: 0 or -errno. */
int ring_call(int fd, struct kshm_ioc_control *arg);

#endif /* STRESS_RING_H */

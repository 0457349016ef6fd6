/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: requests that a worker has submitted, and that end when they do
 */
#ifndef STRESS_PENDING_H
#define STRESS_PENDING_H

#include "worker.h"

/* Opens what they are submitted to. */
void pending_begin(struct worker *w);

/* Submits one, cancels one, or ends one, be it another worker's; reads what has ended. */
void pending_step(struct worker *w);

/* Has all end, and waits until each has, once. */
void pending_end(struct worker *w);

/*
 * In a child: what the driver writes is not in its memory, and what it writes there the
 * driver does not see. It reads completions of its parent's, and cancels.
 */
void pending_in_child(struct worker *w);

/* In the parent, when it has ended: what it read is looked at. */
void pending_told(struct worker *w);

#endif /* STRESS_PENDING_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: what one worker reads of another's region
 */
#ifndef STRESS_NEIGHBOUR_H
#define STRESS_NEIGHBOUR_H

#include "worker.h"

/*
 * Copies some bytes of another worker's region, which its key opens, into memory of
 * this one. They are right, unless the other one changed them meanwhile.
 */
void neighbour_read(struct worker *w);

#endif /* STRESS_NEIGHBOUR_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - which functions of kshm.ko the calls of a thread lead to
 *
 * For kernels with KCOV, where kshm is built for it.
 */
#ifndef ENTERED_H
#define ENTERED_H

#include <stdbool.h>

/* What this thread enters from here on counts, until entered_end(). */
void entered_begin(void);
void entered_end(void);

/* Whether a function was entered in between, or that of a command, KSHM_IOC_*. */
bool entered(const char *name);

#endif /* ENTERED_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - which kernel this is
 *
 * For what has to be there on some of them: whoever looked for it himself would not see
 * that it has gone.
 */
#ifndef RELEASE_H
#define RELEASE_H

#include <stdbool.h>

bool release_is_since(int major, int minor);

/* One of Debian's, which has what its users may want; those built for the tests are small. */
bool release_is_debians(void);

#endif /* RELEASE_H */

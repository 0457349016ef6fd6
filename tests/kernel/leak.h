/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - nothing stays pinned
 */
#ifndef LEAK_H
#define LEAK_H

/* Asserts that kshm has nothing charged to anybody. */
void nothing_charged(void);

/*
 * Asserts that, and for root, who can make the kernel's statistics current, that
 * kshm unpinned as many pages as it pinned. The end of the machine's run proves the
 * latter for everything.
 */
void nothing_pinned(void);

#endif /* LEAK_H */

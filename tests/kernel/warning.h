/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - warnings of the kernel's that a test provokes
 *
 * For root. tests/vm/log, which judges the log at the end, takes one for what it is
 * after the line that this writes there.
 */
#ifndef WARNING_H
#define WARNING_H

/* The next thing that the kernel warns of is to be at @where, as "mdl.c:". */
void warning_expect(const char *where);

/* Asserts that it came, and alone. */
void warning_came(void);

#endif /* WARNING_H */

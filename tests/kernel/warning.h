/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - warnings of the kernel's, and reports of kshm's verifier, that a test provokes
 *
 * For root. tests/vm/log, which judges the log at the end, takes one for what it is
 * after the line that this writes there.
 */
#ifndef WARNING_H
#define WARNING_H

/*
 * The next thing that the kernel warns of is to be at @where, as "mdl.c:". Until
 * warning_came(), or the end of the test, no warning ends the machine.
 */
void warning_expect(const char *where);

/* Asserts that it came, and alone. */
void warning_came(void);

/* The next thing that the verifier tells is to be @first, and then @second if not NULL. */
void reports_expect(const char *first, const char *second);

/* Asserts that they came, each once and of @who, and nothing else. */
void reports_came(const char *who);

#endif /* WARNING_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what a child does as somebody else, or somewhere else
 */
#ifndef IN_CHILD_H
#define IN_CHILD_H

/* Runs @fn in a child, and asserts that it came to its end. */
void in_a_child(void (*fn)(void));

/* There, where an assertion that fails is an exit that is not 0. */
#define WANT(right)						\
	do {							\
		if (!(right))					\
			unwanted(__FILE__, __LINE__, #right);	\
	} while (0)
__attribute__((noreturn))
void unwanted(const char *file, int line, const char *wanted);

#endif /* IN_CHILD_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what a child does as somebody else, somewhere else, or step by step
 */
#ifndef IN_CHILD_H
#define IN_CHILD_H

#include <stddef.h>
#include <stdbool.h>
#include <sys/types.h>

/* Runs @fn in a child, and asserts that it came to its end. */
void in_a_child(void (*fn)(void));

/*
 * A child that shares memory and descriptors with its parent, and has ended when this
 * returns, but was not waited for yet.
 */
pid_t leaver_make(int (*fn)(void *data), void *data);

/**
 * struct child - a child that stops between its steps
 * @pid: its process
 * @to: a byte written there is its order to go on
 * @from: what is read here it told
 */
struct child {
	pid_t pid;
	int to;
	int from;
};

/* Starts a child, which comes to its end when @fn does. */
struct child child_make(void (*fn)(void *data), void *data);

/* There: tells its parent something; or that it stops here, until it is to go on. */
void child_tell(const void *what, size_t len);
void child_stop(void);

/* Here: waits for what it tells, or until it has stopped. */
void child_hear(const struct child *child, void *what, size_t len);
void child_stopped(const struct child *child);

/* Lets it go on; and to where it stops next. */
void child_go_on(const struct child *child);
void child_step(const struct child *child);

/* Waits for its end, and asserts how that came about, as waitpid() tells it. */
void child_ended(struct child *child, int status);

/* Lets it go on to its end, to which it has to come. */
void child_end(struct child *child);

/* Whom nothing makes another again; and it owns its files in /proc, as any user does. */
void become_for_good(uid_t user);

/* Kills @child, which has half a minute to die: whether it did, and of that. */
bool dies(pid_t child);

/* There, where an assertion that fails is an exit that is not 0. */
#define WANT(right)						\
	do {							\
		if (!(right))					\
			unwanted(__FILE__, __LINE__, #right);	\
	} while (0)
__attribute__((noreturn))
void unwanted(const char *file, int line, const char *wanted);

#endif /* IN_CHILD_H */

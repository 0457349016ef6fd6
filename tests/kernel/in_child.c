// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what a child does as somebody else, somewhere else, or step by step
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "in_child.h"

/* Of a child: its parent, where it has one that it stops for. */
static struct child parent;

void unwanted(const char *file, int line, const char *wanted)
{
	printf("%s:%d: errno %d, and not %s\n", file, line, errno, wanted);
	fflush(stdout);
	_exit(1);
}

void become_for_good(uid_t user)
{
	WANT(!setgroups(0, NULL) && !setresgid(user, user, user) &&
	     !setresuid(user, user, user));
	WANT(!prctl(PR_SET_DUMPABLE, 1));
}

void in_a_child(void (*fn)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		fn();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

pid_t leaver_make(int (*fn)(void *data), void *data)
{
	static char stack[64 << 10] __attribute__((aligned(16)));
	siginfo_t info;
	pid_t pid = clone(fn, stack + sizeof(stack), CLONE_FILES | CLONE_VM | SIGCHLD,
			  data);

	assert_int_not_equal(pid, -1);
	assert_int_equal(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
	return pid;
}

struct child child_make(void (*fn)(void *data), void *data)
{
	struct child child;
	int there[2], back[2];

	assert_int_equal(pipe2(there, O_CLOEXEC), 0);
	assert_int_equal(pipe2(back, O_CLOEXEC), 0);
	/* Or it would be there twice, if the child prints something, too. */
	fflush(stdout);
	child.pid = fork();
	if (!child.pid) {
		close(there[1]);
		close(back[0]);
		parent.from = there[0];
		parent.to = back[1];
		fn(data);
		_exit(0);
	}
	assert_int_not_equal(child.pid, -1);
	close(there[0]);
	close(back[1]);
	child.to = there[1];
	child.from = back[0];
	return child;
}

void child_tell(const void *what, size_t len)
{
	WANT(write(parent.to, what, len) == (ssize_t)len);
}

void child_stop(void)
{
	char byte = 0;

	child_tell(&byte, 1);
	WANT(read(parent.from, &byte, 1) == 1);
}

void child_hear(const struct child *child, void *what, size_t len)
{
	assert_int_equal(read(child->from, what, len), len);
}

void child_stopped(const struct child *child)
{
	char byte;

	child_hear(child, &byte, 1);
}

void child_go_on(const struct child *child)
{
	assert_int_equal(write(child->to, "", 1), 1);
}

void child_step(const struct child *child)
{
	child_go_on(child);
	child_stopped(child);
}

void child_ended(struct child *child, int status)
{
	int got;

	assert_int_equal(waitpid(child->pid, &got, 0), child->pid);
	assert_int_equal(got, status);
	close(child->to);
	close(child->from);
}

void child_end(struct child *child)
{
	child_go_on(child);
	child_ended(child, 0);
}

bool dies(pid_t child)
{
	int status, tries;

	kill(child, SIGKILL);
	for (tries = 0; tries < 3000; tries++) {
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
		usleep(10000);
	}
	return false;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what a child does as somebody else, or somewhere else
 */
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "in_child.h"

void unwanted(const char *file, int line, const char *wanted)
{
	printf("%s:%d: errno %d, and not %s\n", file, line, errno, wanted);
	fflush(stdout);
	_exit(1);
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

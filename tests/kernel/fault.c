// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - failing allocations and user copies, one at a time
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "harness.h"

#define NEVER		1000000000	/* that many are not made */
#define FUNCTIONS	"/sys/kernel/debug/fail_function/"

static pid_t armed;
static int fd = -1;		/* of its file, which stays open for the next time */

static void open_of(pid_t task)
{
	char path[64];

	if (task == armed)
		return;
	if (fd != -1)
		close(fd);
	snprintf(path, sizeof(path), "/proc/self/task/%d/fail-nth", task);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd == -1)
		harness_skip("no fault injection here: %s: %s", path,
			     strerror(errno));
	armed = task;
}

void fault_arm(pid_t task, unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	open_of(task);
	assert_int_equal(pwrite(fd, text, len, 0), len);
}

/*
 * What is left of the number: 0 once something failed. If nothing has, and it is this
 * task's, the copy of the answer itself counts, and may be what fails.
 */
bool fault_disarm(void)
{
	char text[16] = "";
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

	while (pwrite(fd, "0", 1, 0) != 1)
		assert_int_equal(errno, EFAULT);
	if (len == -1) {
		assert_int_equal(errno, EFAULT);
		return false;
	}
	return !atoi(text);
}

void fault_count(void)
{
	fault_arm(gettid(), NEVER);
}

unsigned int fault_counted(void)
{
	char text[16] = "";

	assert_true(pread(fd, text, sizeof(text) - 1, 0) > 0);
	assert_false(fault_disarm());
	return NEVER - strtoul(text, NULL, 10);
}

static void write_file(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);

	if (file == -1)
		fail_msg("%s: %s", path, strerror(errno));
	assert_int_equal(write(file, text, strlen(text)), strlen(text));
	close(file);
}

void fault_function(const char *function, int error)
{
	char path[128], text[32];

	write_file(FUNCTIONS "inject", function);
	write_file(FUNCTIONS "verbose", "0");
	snprintf(path, sizeof(path), FUNCTIONS "%s/retval", function);
	/* The file takes an unsigned number. */
	snprintf(text, sizeof(text), "%#llx", (unsigned long long)error);
	write_file(path, text);
}

void fault_function_end(const char *function)
{
	char text[64];

	snprintf(text, sizeof(text), "!%s", function);
	write_file(FUNCTIONS "inject", text);
}

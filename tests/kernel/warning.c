// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - warnings of the kernel's that a test provokes
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "warning.h"

static const char *expected;
static int log_fd;

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd != -1 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd != -1)
		close(fd);
	return done;
}

void warning_expect(const char *where)
{
	char mark[128];

	expected = where;
	/* Each place warns once, unless it is told to begin again. */
	assert_true(write_file("/sys/kernel/debug/clear_warn_once", "1"));
	assert_true(write_file("/proc/sys/kernel/panic_on_warn", "0"));
	snprintf(mark, sizeof(mark), "kshm: a warning is expected: %s\n", where);
	assert_true(write_file("/dev/kmsg", mark));
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_int_not_equal(log_fd, -1);
	assert_int_not_equal(lseek(log_fd, 0, SEEK_END), -1);
}

/* A place is FILE.c: and a number, behind the path of the file or none. */
static bool names_place(const char *record, const char *where)
{
	const char *at = strstr(record, where);

	return at && at > record && (at[-1] == '/' || at[-1] == ' ');
}

void warning_came(void)
{
	int all = 0, right = 0;
	char record[2048];
	ssize_t len;

	while ((len = read(log_fd, record, sizeof(record) - 1)) > 0) {
		record[len] = '\0';
		if (!strstr(record, "WARNING: "))
			continue;
		all++;
		if (names_place(record, expected))
			right++;
		else
			print_message("%s", record);
	}
	assert_int_equal(errno, EAGAIN);
	close(log_fd);
	assert_int_equal(right, 1);
	assert_int_equal(all, 1);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - warnings of the kernel's, and reports of kshm's verifier, that a test provokes
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "warning.h"

#define PANIC_ON_WARN	"/proc/sys/kernel/panic_on_warn"

static const char *expected;
static const char *expected_reports[2];
static int log_fd;
/* What PANIC_ON_WARN says, as long as it has to say 0. */
static char panic_on_warn[16];

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd != -1 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd != -1)
		close(fd);
	return done;
}

/* For tests/vm/log. */
static void say(const char *what, const char *text)
{
	char mark[128];

	snprintf(mark, sizeof(mark), "kshm: a %s is expected: %s\n", what, text);
	assert_true(write_file("/dev/kmsg", mark));
}

static void read_from_here(void)
{
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_int_not_equal(log_fd, -1);
	assert_int_not_equal(lseek(log_fd, 0, SEEK_END), -1);
}

/* A machine that is to end when the kernel warns is to do so again. */
static void put_back(void)
{
	if (*panic_on_warn && !write_file(PANIC_ON_WARN, panic_on_warn))
		perror(PANIC_ON_WARN);
	*panic_on_warn = '\0';
}

static void go_on_after_warnings(void)
{
	int fd;

	put_back();
	fd = open(PANIC_ON_WARN, O_RDONLY | O_CLOEXEC);
	assert_int_not_equal(fd, -1);
	assert_true(read(fd, panic_on_warn, sizeof(panic_on_warn) - 1) > 0);
	close(fd);
	harness_finally(put_back);
	assert_true(write_file(PANIC_ON_WARN, "0"));
}

void warning_expect(const char *where)
{
	expected = where;
	/* Each place warns once, unless it is told to begin again. */
	assert_true(write_file("/sys/kernel/debug/clear_warn_once", "1"));
	go_on_after_warnings();
	say("warning", where);
	read_from_here();
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

	put_back();
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

void reports_expect(const char *first, const char *second)
{
	expected_reports[0] = first;
	expected_reports[1] = second;
	say("report", first);
	if (second)
		say("report", second);
	read_from_here();
}

/* Of which of those expected it is, or -1. */
static int which_report(const char *report)
{
	size_t len;
	int i;

	for (i = 0; i < 2; i++) {
		len = expected_reports[i] ? strlen(expected_reports[i]) : 0;
		if (len && !strncmp(report, expected_reports[i], len) &&
		    report[len] == ':')
			return i;
	}
	return -1;
}

void reports_came(const char *who)
{
	static const char prefix[] = "kshm: verifier: ";
	int came[2] = { 0 }, others = 0, which;
	char record[2048], *report;
	ssize_t len;

	while ((len = read(log_fd, record, sizeof(record) - 1)) > 0) {
		record[len] = '\0';
		report = strstr(record, prefix);
		which = report ? which_report(report + strlen(prefix)) : -1;
		if (which != -1 && strstr(report, who)) {
			came[which]++;
		} else if (report || strstr(record, "WARNING: ")) {
			print_message("%s", record);
			others++;
		}
	}
	assert_int_equal(errno, EAGAIN);
	close(log_fd);
	assert_int_equal(came[0], 1);
	assert_int_equal(came[1], expected_reports[1] ? 1 : 0);
	assert_int_equal(others, 0);
}

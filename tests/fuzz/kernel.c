// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: what the kernel tells root, and is told by root
 */
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"
#include "promise.h"

#define PARAMETERS	"/sys/module/kshm/parameters/"
/* Tracepoints look at what callers say, too; nobody reads what they tell. */
#define TRACEPOINTS	"/sys/kernel/tracing/events/kshm/enable"
#define COMPLAINTS	"tests/vm/log --complaints"

/*
 * The limits of promise.h. The log is looked at after each program, which is made small in
 * the machine that warned: no warning is to end that.
 */
static struct {
	const char *path;
	unsigned long value;
	char saved[32];
} settings[] = {
	{ .path = "/proc/sys/kernel/panic_on_warn", .value = 0 },
	{ .path = PARAMETERS "max_request_pages", .value = MAX_REQUEST_PAGES },
	{ .path = PARAMETERS "max_user_pages", .value = MAX_USER_PAGES },
	{ .path = PARAMETERS "max_system_pages", .value = MAX_SYSTEM_PAGES },
	{ .path = PARAMETERS "max_handle_regions", .value = MAX_HANDLE_REGIONS },
	{ .path = PARAMETERS "max_user_names", .value = MAX_USER_NAMES },
	{ .path = PARAMETERS "max_handle_requests", .value = MAX_HANDLE_REQUESTS },
};

#define NR_SETTINGS	(sizeof(settings) / sizeof(*settings))

static int log_fd = -1;
static regex_t complaint;
static long pins;

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd != -1 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd != -1)
		close(fd);
	return good;
}

static bool read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd == -1 ? -1 : read(fd, text, size - 1);

	if (fd != -1)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	return got > 0;
}

void kernel_close(void)
{
	unsigned int i;

	write_file(TRACEPOINTS, "0");
	for (i = 0; i < NR_SETTINGS; i++)
		write_file(settings[i].path, settings[i].saved);
}

static bool change_settings(void)
{
	char text[32];
	unsigned int i;

	for (i = 0; i < NR_SETTINGS; i++)
		if (!read_file(settings[i].path, settings[i].saved, sizeof(settings[i].saved)))
			return false;
	for (i = 0; i < NR_SETTINGS; i++) {
		snprintf(text, sizeof(text), "%lu", settings[i].value);
		if (!write_file(settings[i].path, text))
			return false;
	}
	return true;
}

/* What is one, tests/vm/log knows. */
static bool learn_complaints(void)
{
	char expression[1024] = "";
	FILE *pipe = popen(COMPLAINTS, "re");
	bool good = pipe && fgets(expression, sizeof(expression), pipe);

	if (pipe)
		pclose(pipe);
	expression[strcspn(expression, "\n")] = '\0';
	return good && expression[0] && !regcomp(&complaint, expression, REG_EXTENDED | REG_NOSUB);
}

bool kernel_open(void)
{
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log_fd == -1 || lseek(log_fd, 0, SEEK_END) == -1) {
		perror("/dev/kmsg");
		return false;
	}
	if (!learn_complaints()) {
		fprintf(stderr, COMPLAINTS ": says nothing\n");
		return false;
	}
	if (!change_settings()) {
		perror(PARAMETERS);
		return false;
	}
	if (!write_file(TRACEPOINTS, "1")) {
		perror(TRACEPOINTS);
		return false;
	}
	kernel_new_pins();
	return true;
}

/* A record: "level and facility,number,time,flags;text", and lines of other things. */
bool kernel_complained(char *line, size_t size)
{
	bool complained = false;
	char record[8192];
	ssize_t got;

	while ((got = read(log_fd, record, sizeof(record) - 1)) != -1) {
		const char *text;

		record[got] = '\0';
		record[strcspn(record, "\n")] = '\0';
		text = strchr(record, ';');
		if (complained || !text || regexec(&complaint, text, 0, NULL, 0))
			continue;
		complained = true;
		snprintf(line, size, "the kernel says: %s", text + 1);
	}
	return complained;
}

static long value_of(const char *vmstat, const char *name)
{
	const char *at = strstr(vmstat, name);

	return at ? atol(at + strlen(name)) : 0;
}

long kernel_new_pins(void)
{
	static char vmstat[16384];
	long now, fresh;

	write_file("/proc/sys/vm/stat_refresh", "1");
	if (!read_file("/proc/vmstat", vmstat, sizeof(vmstat))) {
		perror("/proc/vmstat");
		exit(1);
	}
	now = value_of(vmstat, "nr_foll_pin_acquired ") -
	      value_of(vmstat, "nr_foll_pin_released ");
	fresh = now - pins;
	pins = now;
	return fresh;
}

void kernel_forget_warnings(void)
{
	write_file("/sys/kernel/debug/clear_warn_once", "1");
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - workers of the kernel's that get no memory
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "setting.h"
#include "starve.h"

#define MOST	1000000		/* failures; counted down from there */

static const char * const faults[] = { "failslab", "fail_page_alloc", "fail_usercopy" };

static bool starving;

static void set(const char *fault, const char *name, const char *text)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", fault, name);
	write_to(path, text);
}

static unsigned int get(const char *fault, const char *name)
{
	unsigned int value;
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", fault, name);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%u", &value), 1);
	fclose(file);
	return value;
}

static bool is_worker(const char *pid)
{
	char path[300], comm[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(comm, sizeof(comm), file))
		comm[0] = '\0';
	fclose(file);
	return !strncmp(comm, "kworker/", 8);
}

/* One that ended just now is not there any more. */
static bool mark(const char *pid, char how)
{
	char path[300], was = how;
	int file;

	snprintf(path, sizeof(path), "/proc/%s/make-it-fail", pid);
	file = open(path, O_RDWR | O_CLOEXEC);
	if (file == -1) {
		assert_int_equal(errno, ENOENT);
		return true;
	}
	if (pread(file, &was, 1, 0) == 1 && was != how &&
	    pwrite(file, &how, 1, 0) != 1)
		assert_int_equal(errno, ESRCH);
	close(file);
	return was == how;
}

/* Whether all had been marked so before. */
static bool mark_all(char how)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	bool all = true;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		if (isdigit(entry->d_name[0]) && is_worker(entry->d_name))
			all &= mark(entry->d_name, how);
	closedir(dir);
	return all;
}

/* What nobody does who was stopped. */
static void feed_at_end(void)
{
	char path[96];
	size_t i;
	int file;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/probability", faults[i]);
		file = open(path, O_WRONLY | O_CLOEXEC);
		if (file == -1 || write(file, "0", 1) != 1)
			_exit(1);
		close(file);
	}
}

static void stopped(int signal)
{
	feed_at_end();
	_exit(1);
}

static void see_to_the_end(void)
{
	static bool is_seen_to;

	if (is_seen_to)
		return;
	assert_int_equal(atexit(feed_at_end), 0);
	signal(SIGTERM, stopped);
	is_seen_to = true;
}

void workers_starve(void)
{
	char most[16];
	size_t i;

	if (access("/sys/kernel/debug/failslab", F_OK) ||
	    access("/proc/self/make-it-fail", F_OK))
		harness_skip("no fault injection here");
	see_to_the_end();
	/* What others have to write back is to have its memory. */
	sync();
	mark_all('1');
	snprintf(most, sizeof(most), "%u", MOST);
	starving = true;
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		set(faults[i], "task-filter", "Y");
		set(faults[i], "times", most);
		set(faults[i], "probability", "100");
	}
}

bool workers_all_starve(void)
{
	return mark_all('1');
}

unsigned int workers_feed(void)
{
	unsigned int nr = 0;
	size_t i;

	if (!starving)
		return 0;
	for (i = 0; i < ARRAY_SIZE(faults); i++)
		set(faults[i], "probability", "0");
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		nr += MOST - get(faults[i], "times");
		set(faults[i], "times", "1");
		set(faults[i], "task-filter", "N");
	}
	mark_all('0');
	starving = false;
	return nr;
}

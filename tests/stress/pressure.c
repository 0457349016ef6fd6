// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: what runs against the workers, and whether it did
 *
 * Swap, khugepaged, KSM and the control group are set up by tests/stress/guest.
 */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/mempolicy.h>

#include "pressure.h"
#include "state.h"

#define GROUP	"/sys/fs/cgroup/kshm"
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd != -1 && write(fd, text, strlen(text)) > 0;

	if (fd != -1)
		close(fd);
	return done;
}

void pressure_enter_group(void)
{
	if (!write_file(GROUP "/cgroup.procs", "0"))
		complain("no memory control group");
}

static void compact(void)
{
	for (;;) {
		if (write_file("/proc/sys/vm/compact_memory", "1"))
			count(&state->compactions);
		sleep(1);
	}
}

/* Pages of one worker to the other node, a few at a time. */
#define MOVED	64

static void move_some(const struct slot *slot)
{
	unsigned int nr = random() % SPANS, i;
	int from[MOVED], to[MOVED], after[MOVED];
	char *data = slot->spans[nr].data;
	size_t pages = slot->spans[nr].len / 4096;
	pid_t pid = slot->pid;
	void *list[MOVED];

	if (!pid || !pages)
		return;
	data += random() % pages * 4096;
	for (i = 0; i < MOVED; i++)
		list[i] = data + i * 4096;
	if (syscall(SYS_move_pages, pid, MOVED, list, NULL, from, 0))
		return;
	for (i = 0; i < MOVED; i++)
		to[i] = from[0] == 0;
	syscall(SYS_move_pages, pid, MOVED, list, to, after, MPOL_MF_MOVE_ALL);
	for (i = 0; i < MOVED; i++)
		if (from[i] >= 0 && from[i] != to[i] && after[i] == to[i])
			count(&state->moved);
}

static void move(void)
{
	for (;;) {
		move_some(&state->slots[random() % WORKERS]);
		usleep(random() % 50000);
	}
}

static void fill_memory(void)
{
	pressure_enter_group();
	execlp("stress-ng", "stress-ng", "--quiet", "--vm", "1", "--vm-bytes", "32M",
	       "--mmap", "1", "--mmap-bytes", "16M", "--timeout", "0", NULL);
	_exit(127);
}

static struct {
	const char *name;
	void (*run)(void);
	pid_t pid;
} processes[] = {
	{ "compaction", compact, 0 },
	{ "moving of pages", move, 0 },
	{ "stress-ng", fill_memory, 0 },
};

/**
 * struct reading - a number that grows while a pressure acts
 * @what: it counts
 * @file: that has it after its name, or alone
 * @name: there, or NULL
 * @before: what it was
 */
static struct reading {
	const char *what;
	const char *file;
	const char *name;
	long before;
} readings[] = {
	{ "pages migrated", "/proc/vmstat", "pgmigrate_success", 0 },
	{ "pages isolated to compact", "/proc/vmstat", "compact_isolated", 0 },
	{ "pages swapped out", "/proc/vmstat", "pswpout", 0 },
	{ "pages swapped in", "/proc/vmstat", "pswpin", 0 },
	{ "huge pages collapsed",
	  "/sys/kernel/mm/transparent_hugepage/khugepaged/pages_collapsed", NULL, 0 },
	{ "huge pages split", "/proc/vmstat", "thp_split_pmd", 0 },
	{ "scans of KSM", "/sys/kernel/mm/ksm/full_scans", NULL, 0 },
	{ "times the group was over its memory", GROUP "/memory.events", "high", 0 },
};

static long read_number(const struct reading *reading)
{
	FILE *file = fopen(reading->file, "re");
	long value, found = -1;
	char name[64];

	if (!file)
		return -1;
	if (!reading->name && fscanf(file, "%ld", &value) == 1)
		found = value;
	while (reading->name && fscanf(file, "%63s %ld", name, &value) == 2)
		if (!strcmp(name, reading->name))
			found = value;
	fclose(file);
	return found;
}

void pressure_sample(void)
{
	static const struct reading sharing = {
		.file = "/sys/kernel/mm/ksm/pages_sharing",
	};
	long now = read_number(&sharing);

	if (now > 0 && (__u64)now > state->pages_sharing)
		state->pages_sharing = now;
}

bool pressure_read(unsigned int nr, const char **what, long *much)
{
	const struct {
		const char *what;
		__u64 much;
	} own[] = {
		{ "pages moved to another node", state->moved },
		{ "compactions of all memory", state->compactions },
		{ "pages shared by KSM", state->pages_sharing },
	};

	if (nr < ARRAY_SIZE(own)) {
		*what = own[nr].what;
		*much = own[nr].much;
		return true;
	}
	nr -= ARRAY_SIZE(own);
	if (nr >= ARRAY_SIZE(readings))
		return false;
	*what = readings[nr].what;
	*much = read_number(&readings[nr]);
	if (*much >= 0)
		*much -= readings[nr].before;
	return true;
}

void pressure_start(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(readings); i++)
		readings[i].before = read_number(&readings[i]);
	for (i = 0; i < ARRAY_SIZE(processes); i++) {
		processes[i].pid = fork();
		if (!processes[i].pid) {
			setpgid(0, 0);
			processes[i].run();
			_exit(1);
		}
	}
}

void pressure_stop(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(processes); i++) {
		if (waitpid(processes[i].pid, NULL, WNOHANG))
			complain("%s ended by itself", processes[i].name);
		else
			kill(processes[i].pid, SIGTERM);
	}
}

bool pressure_is(pid_t pid)
{
	pid_t group = getpgid(pid);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(processes); i++)
		if (processes[i].pid == group)
			return true;
	return false;
}

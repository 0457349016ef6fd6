// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: who looks whether each worker gets something done
 *
 * Not in time: a slow machine is no worker that hangs. A worker hangs if for ten looks,
 * a second apart at least, each after every processor of the machine ran something, it
 * got nothing done and none of its threads ran; or if it got nothing done while the
 * others did much, for it may run in circles. If they all do, the run does not come to
 * its end, which is found there.
 */
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monitor.h"
#include "pressure.h"
#include "state.h"

#define STILL	10
#define MUCH	50000

/**
 * struct seen - what was seen of a slot
 * @pid: of the worker
 * @progress: what it had done
 * @ran: how often its threads had run
 * @still: looks since it ran
 * @since: what all had done when it last got something done
 */
struct seen {
	pid_t pid;
	__u64 progress;
	unsigned long ran;
	unsigned int still;
	__u64 since;
};

static void read_text(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t len = 0;

	if (file) {
		len = fread(text, 1, size - 1, file);
		fclose(file);
	}
	text[len] = '\0';
}

static unsigned long number_after(const char *text, const char *name)
{
	const char *found = strstr(text, name);

	return found ? strtoul(found + strlen(name), NULL, 10) : 0;
}

/* Time that a thread had a processor, in the kernel's ticks. */
static unsigned long ticks(const char *stat)
{
	const char *after_name = strrchr(stat, ')');
	unsigned long user, system;

	if (!after_name ||
	    sscanf(after_name, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
		   &system) != 2)
		return 0;
	return user + system;
}

/* Of all threads: whoever runs has time, and switches. 0 if none is alive. */
static unsigned long ran(pid_t pid)
{
	char path[300], text[4096];
	unsigned long sum = 0;
	bool alive = false;
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%s/status", pid, entry->d_name);
		read_text(path, text, sizeof(text));
		if (text[0] && !strstr(text, "\nState:\tZ") && !strstr(text, "\nState:\tX"))
			alive = true;
		sum += number_after(text, "\nvoluntary_ctxt_switches:") +
		       number_after(text, "\nnonvoluntary_ctxt_switches:");
		snprintf(path, sizeof(path), "/proc/%d/task/%s/stat", pid, entry->d_name);
		read_text(path, text, sizeof(text));
		sum += ticks(text);
	}
	if (dir)
		closedir(dir);
	return alive ? sum + 1 : 0;
}

/* Where it hangs is in the output of the run. */
static void show_stacks(pid_t pid)
{
	char command[128];

	snprintf(command, sizeof(command),
		 "cd /proc/%d/task; grep State: */status; head -n 30 */stack */wchan", pid);
	printf("# worker %d:\n", pid);
	fflush(NULL);
	if (system(command))
		perror("head");
}

static void look(const struct slot *slot, struct seen *seen)
{
	struct seen now = {
		.pid = slot->pid,
		.progress = __atomic_load_n(&slot->progress, __ATOMIC_RELAXED),
		.since = __atomic_load_n(&state->progress, __ATOMIC_RELAXED),
	};
	__u64 all = now.since;

	if (now.pid)
		now.ran = ran(now.pid);
	if (now.ran && now.pid == seen->pid && now.progress == seen->progress) {
		now.since = seen->since;
		now.still = now.ran == seen->ran ? seen->still + 1 : 0;
	}
	if (now.still == STILL || all - now.since > MUCH) {
		count(&state->hung);
		complain("worker %d hangs, %sin a call", now.pid, slot->in_call ? "" : "not ");
		show_stacks(now.pid);
		now.since = all;
	}
	*seen = now;
}

static void run_on_every_processor(void)
{
	long nr = sysconf(_SC_NPROCESSORS_ONLN), cpu;
	cpu_set_t set;

	for (cpu = 0; cpu < nr; cpu++) {
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		if (sched_setaffinity(0, sizeof(set), &set))
			complain("the monitor cannot run on processor %ld", cpu);
	}
}

static void monitor(void)
{
	struct seen seen[WORKERS] = { };
	int i;

	for (;;) {
		sleep(1);
		run_on_every_processor();
		pressure_sample();
		for (i = 0; i < WORKERS; i++)
			look(&state->slots[i], &seen[i]);
	}
}

pid_t monitor_start(void)
{
	pid_t pid = fork();

	if (!pid)
		monitor();
	return pid;
}

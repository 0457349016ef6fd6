// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: workers that call, fork and die, while all that moves memory runs
 * against them
 *
 * Runs for $MINUTES, decided by $SEED, and then says as tests what was seen. To be
 * run by tests/stress/guest, which sets the machine up.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "monitor.h"
#include "pended_calls.h"
#include "pressure.h"
#include "report.h"
#include "state.h"
#include "../kernel/state.h"
#include "worker.h"

/* Seconds, about, that something may take that has to happen; more is never. */
#define LONGEST	300

static __u64 next_seed;
static pid_t monitor, victim;

/* Of the driver for tests, through which what nobody else ends is ended. */
static int keeper;

static void start_worker(struct slot *slot)
{
	__u64 seed = next_seed++ * 0x9e3779b97f4a7c15UL + 1;
	pid_t pid;

	slot->progress = 0;
	slot->in_call = 0;
	memset(slot->spans, 0, sizeof(slot->spans));
	memset(slot->pending, 0, sizeof(slot->pending));
	pid = fork();
	if (!pid) {
		pressure_enter_group();
		worker_run(slot, seed);
	}
	if (pid > 0)
		slot->pid = pid;
	else
		complain("no worker can be started");
}

static struct slot *slot_of(pid_t pid)
{
	int i;

	for (i = 0; i < WORKERS; i++)
		if (state->slots[i].pid == pid)
			return &state->slots[i];
	return NULL;
}

static void count_kill(const struct slot *slot, bool by_us)
{
	if (!by_us) {
		count(&state->killed_by_kernel);
		return;
	}
	count(&state->killed);
	if (slot->in_call)
		count(&state->killed_in_call);
}

static void count_left(const struct slot *slot)
{
	int i;

	for (i = 0; i < PENDING; i++)
		if (slot->pending[i])
			count(&state->left);
}

/* What a process is called that nobody has waited for yet. */
static void read_name(pid_t pid, char *name, size_t size)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	file = fopen(path, "re");
	if (!file || !fgets(name, size, file))
		snprintf(name, size, "?");
	name[strcspn(name, "\n")] = '\0';
	if (file)
		fclose(file);
}

/* A worker, or a child that lost its parent. */
static void reap(pid_t pid)
{
	struct slot *slot = slot_of(pid);
	bool pressure = pressure_is(pid);
	char name[32];
	int status;

	read_name(pid, name, sizeof(name));
	if (waitpid(pid, &status, 0) != pid)
		complain("process %d (%s) cannot be waited for", pid, name);
	else if (slot && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		count_kill(slot, pid == victim);
	else if (status && !pressure && pid != monitor)
		complain("process %d (%s) ended with %#x", pid, name, status);
	if (!slot)
		return;
	slot->pid = 0;
	count_left(slot);
	if (!stopping())
		start_worker(slot);
}

/* Whether there are no children left. */
static bool reap_all(void)
{
	siginfo_t info = { };
	int ret;

	while (!(ret = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT)) && info.si_pid) {
		reap(info.si_pid);
		info.si_pid = 0;
	}
	return ret < 0;
}

static void kill_one(void)
{
	struct slot *slot = &state->slots[random() % WORKERS];
	int tries;

	victim = slot->pid;
	if (!victim)
		return;
	kill(victim, SIGKILL);
	for (tries = 0; tries < 6000; tries++) {
		reap_all();
		if (slot->pid != victim)
			return;
		usleep(10000);
	}
	count(&state->hung);
	complain("worker %d does not die", victim);
}

/* Longer on a slow machine: until there is nothing that did not happen at all. */
static void supervise(unsigned int seconds)
{
	time_t end = time(NULL) + seconds;
	int more = 6 * LONGEST;

	while (time(NULL) < end || (!report_complete() && more-- > 0)) {
		usleep(20000 + random() % 300000);
		reap_all();
		if (random() % 6 == 0)
			kill_one();
		if (random() % 40 == 0)
			complete_all(keeper);
	}
}

static bool workers_ended(void)
{
	int i;

	reap_all();
	for (i = 0; i < WORKERS; i++)
		if (state->slots[i].pid)
			return false;
	return true;
}

/* A bound for what hangs: the monitor has seen it by then. */
static bool wait_for(bool (*ended)(void))
{
	int tries;

	for (tries = 0; tries < 10 * LONGEST; tries++) {
		if (ended())
			return true;
		usleep(100000);
	}
	return false;
}

/* Those of the dead that could not be cancelled end here, the others a moment after. */
static bool requests_ended(void)
{
	complete_all(keeper);
	return !device_info(keeper).out_system_pages;
}

static void finish(void)
{
	state->stop = true;
	if (!wait_for(workers_ended))
		complain("workers do not come to an end");
	pressure_stop();
	kill(monitor, SIGTERM);
	if (!wait_for(reap_all))
		complain("processes do not come to an end");
	if (!wait_for(requests_ended))
		complain("requests of the dead do not come to an end");
}

static void run(void)
{
	unsigned int minutes = atoi(getenv("MINUTES") ?: "2");
	unsigned int seed = atoi(getenv("SEED") ?: "1");
	struct kshm_test_state before, after;
	int i;

	printf("# note: %u minutes, SEED=%u\n", minutes, seed);
	fflush(stdout);
	next_seed = (__u64)seed << 20;
	srandom(seed);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	keeper = device_open("test", O_RDWR);
	before = test_state(keeper);
	memory_make_section(WORKERS);
	pressure_start();
	for (i = 0; i < WORKERS; i++)
		start_worker(&state->slots[i]);
	monitor = monitor_start();
	supervise(minutes * 60);
	finish();
	after = test_state(keeper);
	state->kept = after.kept - before.kept;
	state->ended = after.completed - before.completed;
	close(keeper);
}

int main(int argc, char **argv)
{
	if (argc == 1) {
		state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (state == MAP_FAILED)
			return 1;
		run();
		report();
	}
	return harness_run(argc, argv, &report_tests);
}

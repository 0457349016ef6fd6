// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: the process that executes programs, and what holds after each
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/kshm.h>

#include "coverage.h"
#include "finding.h"
#include "kernel.h"
#include "known.h"
#include "known_file.h"
#include "known_request.h"
#include "memory.h"
#include "name.h"
#include "progress.h"
#include "promise.h"
#include "thread.h"
#include "worker.h"

/* A bound for programs that hang, far above what any takes, emulated. */
#define LIMIT_S		120
/* After a complaint of the kernel. */
#define GRACE_S		10
#define REFERENCES	"/sys/module/kshm/refcnt"
/* A bound for what is not undone, far above what it takes. */
#define MOMENT_US	1000
#define MOMENTS		1000
/* Descriptors that are looked at: more than programs have at a time, most of them. */
#define FREE_FDS	16

/**
 * struct shared - what the worker and root have in common
 * @program: to be executed
 * @start: posted by root
 * @thread_done: posted by threads of the worker
 * @done: posted by the worker
 * @calls: that it made, of all programs
 * @user_pages: charged when the last program was over
 * @system_pages: the same of all users
 * @locked_pages: of the user, against RLIMIT_MEMLOCK
 * @references: of the module, by handles and names; 0 for a worker that is new
 * @last_fd: of FREE_FDS that are free, from the lowest on; 0 for a worker that is new
 * @is_found: somebody says what was found
 * @finding: that
 */
static struct shared {
	struct program program;
	sem_t start, thread_done, done;
	unsigned long calls;
	unsigned long user_pages, system_pages, locked_pages, references;
	int last_fd;
	bool is_found;
	char finding[FINDING_SIZE];
} *shared;

static pid_t worker;

void found(const char *what, ...)
{
	va_list args;

	if (__atomic_exchange_n(&shared->is_found, true, __ATOMIC_SEQ_CST))
		return;
	va_start(args, what);
	vsnprintf(shared->finding, sizeof(shared->finding), what, args);
	va_end(args);
}

/* As tests/vm/init does for tests of a user, but for the limit. */
static void become_user(void)
{
	const struct rlimit memlock = { MAX_LOCKED_PAGES * 4096, MAX_LOCKED_PAGES * 4096 };
	const struct passwd *user = getpwnam("tester");

	if (!user || setrlimit(RLIMIT_MEMLOCK, &memlock) ||
	    initgroups("tester", user->pw_gid) || setgid(user->pw_gid) ||
	    setuid(user->pw_uid)) {
		perror("tester");
		exit(1);
	}
}

/* What the user has locked, by the answer to one who wants more than there can be. */
static unsigned long count_locked(void)
{
	const struct kshm_range range = { AREA_BASE, (MAX_LOCKED_PAGES + 1) * 4096 };
	struct kshm_explain why = { .size = sizeof(why) };
	const struct kshm_ioc_region_create arg = {
		.size = sizeof(arg), .rights = KSHM_REGION_READ, .nr_ranges = 1,
		.ranges = (unsigned long)&range, .explain = (unsigned long)&why,
	};

	if (!ioctl(handles[DEVICE_NULL].fd, KSHM_IOC_REGION_CREATE, &arg) ||
	    why.check != KSHM_EXPLAIN_MEMLOCK)
		found("more can be locked than RLIMIT_MEMLOCK");
	return why.used;
}

/*
 * What a handle has under way as it is closed may end a moment later, in a worker. False
 * if there was nothing, or all moments have passed.
 */
static bool wait_a_moment(unsigned int *passed)
{
	if (!requests_touched_any() || (*passed)++ == MOMENTS)
		return false;
	usleep(MOMENT_US);
	return true;
}

/* A name has one, which is to go with it: with one too many the module stays loaded. */
static unsigned long count_references(void)
{
	FILE *file = fopen(REFERENCES, "re");
	unsigned long nr = 0;

	if (!file || fscanf(file, "%lu", &nr) != 1)
		found(REFERENCES ": %s", strerror(errno));
	if (file)
		fclose(file);
	return nr;
}

static void check_references(void)
{
	unsigned int passed = 0;
	unsigned long nr;

	do {
		nr = count_references();
	} while (shared->references && nr != shared->references && wait_a_moment(&passed));
	if (shared->references && nr != shared->references)
		found("references on the module stay: %ld", (long)(nr - shared->references));
	shared->references = nr;
}

/* One that is taken, by an open file or by none, is missing among those that are free. */
static void check_descriptors(void)
{
	int fds[FREE_FDS], i;

	for (i = 0; i < FREE_FDS; i++)
		fds[i] = dup(handles[DEVICE_NULL].fd);
	for (i = 0; i < FREE_FDS; i++)
		close(fds[i]);
	if (shared->last_fd && fds[FREE_FDS - 1] > shared->last_fd)
		found("a descriptor stays taken");
	shared->last_fd = fds[FREE_FDS - 1];
}

/**
 * struct charges - what is charged
 * @info: pages
 * @locked: of the user, against RLIMIT_MEMLOCK
 */
struct charges {
	struct kshm_ioc_info info;
	unsigned long locked;
};

static void ask_charges(struct charges *charges)
{
	*charges = (struct charges){ .info.size = sizeof(charges->info) };
	charges->locked = count_locked();
	if (ioctl(handles[DEVICE_NULL].fd, KSHM_IOC_INFO, &charges->info))
		found("info: %s", strerror(errno));
}

static bool are_as_before(const struct charges *charges)
{
	return charges->info.out_user_pages == shared->user_pages &&
	       charges->info.out_system_pages == shared->system_pages &&
	       charges->locked == shared->locked_pages;
}

/* Of what stays charged, what did before is no news: the program is to be made small. */
static void check_charges(void)
{
	struct charges now;
	unsigned int passed = 0;

	do {
		ask_charges(&now);
	} while (!are_as_before(&now) && wait_a_moment(&passed));
	if (now.info.out_user_pages != shared->user_pages ||
	    now.info.out_system_pages != shared->system_pages)
		found("pages stay charged: %lld of the user, %lld of all",
		      (long long)(now.info.out_user_pages - shared->user_pages),
		      (long long)(now.info.out_system_pages - shared->system_pages));
	if (now.locked != shared->locked_pages)
		found("pages stay locked: %ld", (long)(now.locked - shared->locked_pages));
	shared->user_pages = now.info.out_user_pages;
	shared->system_pages = now.info.out_system_pages;
	shared->locked_pages = now.locked;
}

static void work(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	memory_prepare();
	become_user();
	threads_start(&shared->thread_done);
	/* Of a worker that is gone. */
	names_end(false);
	check_references();
	for (;;) {
		while (sem_wait(&shared->start))
			;
		shared->calls += threads_execute(&shared->program);
		memory_reset();
		files_end();
		handles_drain(&shared->program);
		handles_reset();
		names_end(known_is_sure());
		check_charges();
		check_references();
		check_descriptors();
		sem_post(&shared->done);
	}
}

static void start_worker(void)
{
	sem_init(&shared->start, 1, 0);
	sem_init(&shared->thread_done, 1, 0);
	sem_init(&shared->done, 1, 0);
	shared->references = 0;
	shared->last_fd = 0;
	worker = fork();
	if (!worker)
		work();
	if (worker == -1) {
		perror("fork");
		exit(1);
	}
}

static void stop_worker(void)
{
	kill(worker, SIGKILL);
	waitpid(worker, NULL, 0);
	worker = 0;
}

bool worker_open(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		perror("mmap");
		return false;
	}
	if (!kernel_open())
		return false;
	start_worker();
	return true;
}

void worker_close(void)
{
	if (worker)
		stop_worker();
	kernel_close();
}

static bool wait_a_second(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	while (sem_timedwait(&shared->done, &until))
		if (errno == ETIMEDOUT)
			return false;
	return true;
}

static void say_death(int status)
{
	if (WIFSIGNALED(status))
		found("the worker is killed by signal %d", WTERMSIG(status));
	else
		found("the worker exits with %d", WEXITSTATUS(status));
}

/* Whether the program came to its end. */
static bool wait_for_end(void)
{
	unsigned int seconds, limit = LIMIT_S;
	int status;

	for (seconds = 0; seconds < limit; seconds++) {
		if (wait_a_second())
			return true;
		if (waitpid(worker, &status, WNOHANG) == worker) {
			say_death(status);
			worker = 0;
			return false;
		}
		/* A thread that oopsed does not come back. */
		if (kernel_complained(shared->finding, sizeof(shared->finding))) {
			shared->is_found = true;
			limit = seconds + GRACE_S;
		}
	}
	found("the program does not end");
	return false;
}

const char *worker_run(const struct program *program, bool *survived)
{
	if (!worker)
		start_worker();
	shared->program = *program;
	shared->is_found = false;
	shared->finding[0] = '\0';
	progress_note(program);
	coverage_clear();
	sem_post(&shared->start);
	*survived = wait_for_end();
	if (kernel_complained(shared->finding, sizeof(shared->finding)))
		shared->is_found = true;
	if (!*survived && worker)
		stop_worker();
	return shared->is_found ? shared->finding : NULL;
}

const char *worker_check_pins(void)
{
	long pinned = kernel_new_pins();

	if (!pinned)
		return NULL;
	snprintf(shared->finding, sizeof(shared->finding), "%ld pages stay pinned", pinned);
	return shared->finding;
}

unsigned long worker_calls(void)
{
	return shared->calls;
}

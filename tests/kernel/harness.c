// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what makes a test program of a table of cmocka tests
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

/* Of the program, for the functions that cmocka calls with nothing but a test. */
static const struct harness *program;
static const struct CMUnitTest *running;
static char skipped[256];
static char notes[2048];	/* lines */
static unsigned long cases;
static void (*finally)(void);

/* Seconds after which a test hangs, far above what any takes, unless KSHM_BOUND says. */
#define BOUND	900

/* Of the running test: where its result goes, and that it has none but this. */
static int result_fd;
static char hangs[512];

bool harness_brief(void)
{
	return getenv("KSHM_BRIEF");
}

const char *harness_running(void)
{
	return running->name;
}

void harness_note(const char *what, ...)
{
	size_t used = strlen(notes);
	va_list args;

	if (used + 1 == sizeof(notes))
		return;
	va_start(args, what);
	vsnprintf(notes + used, sizeof(notes) - 1 - used, what, args);
	va_end(args);
	strcat(notes, "\n");
}

void harness_case(void)
{
	cases++;
}

void harness_finally(void (*fn)(void))
{
	finally = fn;
}

void harness_skip(const char *why, ...)
{
	va_list args;

	va_start(args, why);
	vsnprintf(skipped, sizeof(skipped), why, args);
	va_end(args);
	skip();
	abort();
}

static void run_one(void **state)
{
	running->test_func(state);
	if (program->after)
		program->after();
}

/* Sends what the test prints to a file, to be shown only if it fails. */
static FILE *divert(int saved[2])
{
	FILE *output = tmpfile();

	if (!output) {
		perror("tmpfile");
		exit(1);
	}
	fflush(NULL);
	saved[0] = dup(STDOUT_FILENO);
	saved[1] = dup(STDERR_FILENO);
	dup2(fileno(output), STDOUT_FILENO);
	dup2(fileno(output), STDERR_FILENO);
	return output;
}

static void restore(int saved[2])
{
	fflush(NULL);
	dup2(saved[0], STDOUT_FILENO);
	dup2(saved[1], STDERR_FILENO);
	close(saved[0]);
	close(saved[1]);
}

static void show(FILE *output)
{
	char line[512];

	rewind(output);
	while (fgets(line, sizeof(line), output))
		printf("# %s", line);
}

/* The program ends with it, for nobody knows what of it goes on. */
static void on_bound(int signal)
{
	_exit(write(result_fd, hangs, strlen(hangs)) < 0 ? 2 : 1);
}

/*
 * Has the running test fail when it hangs, in its own name. With a timer that is not
 * alarm()'s, which tests use, and that no child has.
 */
static void bound(bool on)
{
	static timer_t timer;
	static bool made;
	const char *text = getenv("KSHM_BOUND");
	struct itimerspec after = { 0 };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMAX };

	if (!made) {
		signal(SIGRTMAX, on_bound);
		if (timer_create(CLOCK_MONOTONIC, &event, &timer)) {
			perror("timer_create");
			exit(1);
		}
		made = true;
	}
	if (on)
		after.it_value.tv_sec = text ? atoi(text) : BOUND;
	timer_settime(timer, 0, &after, NULL);
}

/* What tests/check compares, and what tests/verdict shows. */
static void tell(const char *name)
{
	char *line;

	if (cases)
		printf("# cases: %s: %lu\n", name, cases);
	for (line = strtok(notes, "\n"); line; line = strtok(NULL, "\n"))
		printf("# note: %s: %s\n", name, line);
}

static bool run(size_t number, const struct CMUnitTest *test)
{
	const struct CMUnitTest group[] = {
		{ test->name, run_one, NULL, NULL, NULL },
	};
	const pid_t pid = getpid();
	int saved[2], failed;
	FILE *output;

	running = test;
	skipped[0] = '\0';
	notes[0] = '\0';
	cases = 0;
	snprintf(hangs, sizeof(hangs), "not ok %zu - %s\n# it does not end\n", number,
		 test->name);
	finally = NULL;
	output = divert(saved);
	result_fd = saved[0];
	bound(true);
	failed = cmocka_run_group_tests(group, NULL, NULL);
	/* A child of the test's, which an assertion that failed there brought here. */
	if (getpid() != pid)
		_exit(1);
	if (finally)
		finally();
	bound(false);
	restore(saved);

	printf("%s %zu - %s", failed ? "not ok" : "ok", number, test->name);
	if (!failed && skipped[0])
		printf(" # SKIP %s", skipped);
	printf("\n");
	tell(test->name);
	if (failed)
		show(output);
	fflush(stdout);
	fclose(output);
	return !failed;
}

static bool chosen(int argc, char **argv, const char *name)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return true;
	return argc < 2;
}

static int list(const struct harness *harness)
{
	size_t i;

	for (i = 0; i < harness->nr_tests; i++)
		puts(harness->tests[i].name);
	return 0;
}

int harness_run(int argc, char **argv, const struct harness *harness)
{
	size_t i, number = 0, failed = 0;

	program = harness;
	if (argc == 2 && !strcmp(argv[1], "--list"))
		return list(harness);
	for (i = 0; i < harness->nr_tests; i++) {
		if (!chosen(argc, argv, harness->tests[i].name))
			continue;
		number++;
		if (!run(number, &harness->tests[i]))
			failed++;
	}
	printf("1..%zu\n", number);
	return failed || !number;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: runs programs that nobody thought of, until something is found
 *
 * usage: fuzz [--blind] --seed N --minutes N [CORPUS-FILE]...
 *        fuzz [--blind] --replay FILE
 *
 * Programs that lead to where none has been are kept, made small, and others made of
 * them. What is found, what was kept and where programs have been is printed, in
 * sections that begin with "== ". Exits with 1 if something was found. --blind is for
 * kernels that cannot tell where programs have been: then those of the corpus lead.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "choice.h"
#include "control.h"
#include "coverage.h"
#include "finding.h"
#include "kernel.h"
#include "mutate.h"
#include "progress.h"
#include "worker.h"

#define MAX_CORPUS	2048
/* Programs between two looks at what is pinned, which takes as long as several. */
#define LOOK_EVERY	64
/* How often a program is run that need not do the same each time. */
#define REPLAYS		20

/* Programs, and how many blocks each was the first in. */
static struct program corpus[MAX_CORPUS];
static unsigned int new_blocks[MAX_CORPUS];
static unsigned int nr_corpus;

/* Those since the last look at what is pinned. */
static struct program recent[LOOK_EVERY];
static unsigned int nr_recent;

static unsigned long nr_programs;
static bool blind;
static char finding[FINDING_SIZE];
static unsigned int wanted_steps;

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static const char *run_and_look(const struct program *program, bool *survived)
{
	const char *what;

	kernel_forget_warnings();
	what = worker_run(program, survived);
	return what ?: worker_check_pins();
}

/* Whether the same is found; numbers in it may differ. */
static bool finds_the_same(const struct program *program)
{
	bool survived;
	const char *what = run_and_look(program, &survived);
	size_t same = strcspn(finding, "0123456789");

	return what && !strncmp(what, finding, same < 16 ? same : 16);
}

static int report(struct program *program, bool survived)
{
	printf("== found %s\n", finding);
	program_print(program, stdout);
	fflush(stdout);
	if (survived && finds_the_same(program)) {
		program_minimise(program, finds_the_same, true);
		printf("== smaller %s\n", finding);
		program_print(program, stdout);
		fflush(stdout);
	}
	return 1;
}

/* Returns 0 if none of the recent programs did it when run by itself. */
static int report_recent(const char *what)
{
	unsigned int i;
	bool survived;

	snprintf(finding, sizeof(finding), "%s", what);
	for (i = 0; i < nr_recent; i++) {
		what = run_and_look(&recent[i], &survived);
		if (!what)
			continue;
		snprintf(finding, sizeof(finding), "%s", what);
		return report(&recent[i], survived);
	}
	printf("== found %s, after one of these programs, but not again\n", finding);
	for (i = 0; i < nr_recent; i++) {
		program_print(&recent[i], stdout);
		printf("#\n");
	}
	return 1;
}

static int look_at_pins(void)
{
	const char *what = worker_check_pins();
	int ret = what ? report_recent(what) : 0;

	nr_recent = 0;
	return ret;
}

static bool goes_as_far(const struct program *program)
{
	bool survived;

	return !worker_run(program, &survived) && coverage_take(false) >= wanted_steps;
}

/* The program as it was counts, if the smaller one does not go as far after all. */
static void keep(struct program *program, unsigned int fresh, bool whole)
{
	unsigned int blocks = coverage_blocks();
	bool survived;

	wanted_steps = fresh;
	if (!whole && goes_as_far(program))
		program_minimise(program, goes_as_far, false);
	if (worker_run(program, &survived) || !coverage_take(true) || nr_corpus == MAX_CORPUS)
		return;
	new_blocks[nr_corpus] = coverage_blocks() - blocks;
	corpus[nr_corpus++] = *program;
}

/* Returns 0 if nothing was found. One that is kept @whole is not made small. */
static int try(struct program *program, bool whole)
{
	unsigned int fresh;
	const char *what;
	bool survived;

	recent[nr_recent++] = *program;
	nr_programs++;
	what = worker_run(program, &survived);
	if (what) {
		snprintf(finding, sizeof(finding), "%s", what);
		return report(program, survived);
	}
	fresh = coverage_take(false);
	if (fresh)
		keep(program, fresh, whole);
	return nr_recent == LOOK_EVERY ? look_at_pins() : 0;
}

static void choose(struct program *program)
{
	if (!nr_corpus || percent(15)) {
		program_generate(program);
		return;
	}
	/* What was found last leads on, more often than not. */
	*program = corpus[percent(30) ? nr_corpus - 1 - chance((nr_corpus + 9) / 10) :
					chance(nr_corpus)];
	program_mutate(program, &corpus[chance(nr_corpus)]);
}

static void say_progress(double since)
{
	double took = seconds() - since;

	fprintf(stderr, "%lu programs, %lu calls, %.1f programs a second, ", nr_programs,
		worker_calls(), took ? nr_programs / took : 0);
	fprintf(stderr, "%u in the corpus, %u blocks\n", nr_corpus, coverage_blocks());
}

static void print_results(void)
{
	unsigned int i;

	printf("== coverage\n");
	coverage_print(stdout);
	printf("== corpus\n");
	for (i = 0; i < nr_corpus; i++) {
		printf("# %08x %u\n", program_hash(&corpus[i]), new_blocks[i]);
		program_print(&corpus[i], stdout);
	}
}

static int fuzz(double minutes, char **files)
{
	double since = seconds(), until = since + minutes * 60, said = since;
	struct program program;
	int ret = 0;

	for (; *files && !ret; files++) {
		if (!program_load(&program, *files))
			return 2;
		/* Somebody has written it as it is, and it takes a while. */
		ret = try(&program, true);
		if (blind && nr_corpus < MAX_CORPUS)
			corpus[nr_corpus++] = program;
	}
	say_progress(since);
	while (!ret && seconds() < until) {
		choose(&program);
		ret = try(&program, false);
		if (seconds() - said > 30) {
			said = seconds();
			say_progress(since);
		}
	}
	if (!ret)
		ret = look_at_pins();
	say_progress(since);
	print_results();
	if (!ret && !blind && !coverage_blocks()) {
		fprintf(stderr, "Nothing was entered: KCOV does not see kshm.\n");
		return 2;
	}
	return ret;
}

static int replay(const char *file)
{
	struct program program;
	const char *what = NULL;
	unsigned int i;
	bool survived;

	if (!program_load(&program, file))
		return 2;
	for (i = 0; i < REPLAYS && !what; i++)
		what = run_and_look(&program, &survived);
	if (!what) {
		printf("nothing was found\n");
		return 0;
	}
	snprintf(finding, sizeof(finding), "%s", what);
	return report(&program, survived);
}

static int say_usage(void)
{
	fprintf(stderr, "usage: fuzz [--blind] --seed N --minutes N [CORPUS-FILE]...\n"
		"       fuzz [--blind] --replay FILE\n");
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "minutes", required_argument, NULL, 'm' },
		{ "blind", no_argument, NULL, 'b' },
		{ "replay", required_argument, NULL, 'r' },
		{ },
	};
	const char *file = NULL;
	double minutes = 1;
	int option, ret;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's':
			chance_seed(strtoull(optarg, NULL, 0));
			break;
		case 'm':
			minutes = atof(optarg);
			break;
		case 'b':
			blind = true;
			break;
		case 'r':
			file = optarg;
			break;
		default:
			return say_usage();
		}
	}
	progress_open();
	if (!controls_read() || (!blind && !coverage_open()) || !worker_open())
		return 2;
	ret = file ? replay(file) : fuzz(minutes, &argv[optind]);
	progress_end();
	worker_close();
	return ret;
}

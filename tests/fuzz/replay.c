// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the corpus of the fuzzer, each program of it a test
 *
 * Nothing must be found. Each has once led to where no other had been, or was found
 * by the fuzzer with something wrong.
 */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "harness.h"
#include "worker.h"

#define CORPUS		"tests/fuzz/corpus/"
/* Threads do not meet each time. */
#define TIMES		3

static void replay(void **state)
{
	struct program program;
	char path[256];
	const char *what;
	unsigned int i;
	bool survived;

	snprintf(path, sizeof(path), CORPUS "%s", harness_running());
	assert_true(program_load(&program, path));
	assert_true(program.nr_ops);
	for (i = 0; i < (program_is_threaded(&program) ? TIMES : 1); i++) {
		what = worker_run(&program, &survived) ?: worker_check_pins();
		if (what)
			fail_msg("%s", what);
	}
}

static struct CMUnitTest *tests;

int main(int argc, char **argv)
{
	bool lists = argc == 2 && !strcmp(argv[1], "--list");
	struct harness harness = { };
	glob_t files;
	int ret;

	if (glob(CORPUS "*", 0, NULL, &files)) {
		fprintf(stderr, CORPUS ": nothing there\n");
		return 1;
	}
	tests = calloc(files.gl_pathc, sizeof(*tests));
	if (!tests || (!lists && (!controls_read() || !worker_open())))
		return 1;
	for (; harness.nr_tests < files.gl_pathc; harness.nr_tests++) {
		tests[harness.nr_tests].name = files.gl_pathv[harness.nr_tests] + strlen(CORPUS);
		tests[harness.nr_tests].test_func = replay;
	}
	harness.tests = tests;
	ret = harness_run(argc, argv, &harness);
	if (!lists)
		worker_close();
	return ret;
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what makes a test program of a table of cmocka tests
 *
 * PROG --list prints the names, one a line, and needs neither module nor
 * machine. PROG runs all tests, PROG NAME... those named, each as a group of
 * its own, and prints TAP; what a test printed follows if it failed. A test that hangs
 * has failed, after a time that is far above what any takes (KSHM_BOUND, in seconds),
 * and ends the program.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/**
 * struct harness - a test program
 * @tests: the table; only name and function are used
 * @nr_tests: rows in it
 * @after: called after each test that passed, in it: asserts that nothing is
 *	left behind; may be NULL
 */
struct harness {
	const struct CMUnitTest *tests;
	size_t nr_tests;
	void (*after)(void);
};

int harness_run(int argc, char **argv, const struct harness *harness);

/*
 * Whether products of many cases are to be thinned out, as on kernels where a call
 * takes long; on the stock kernel they are run in full.
 */
bool harness_brief(void);

/* The name of the running test, for a function that is that of several. */
const char *harness_running(void);

/*
 * The running test has tried one more case of a product. On the stock kernel they are to be
 * as many as tests/cases says.
 */
void harness_case(void);

/* What the running test has to tell, a line; shown at the end of a run. */
__attribute__((format(printf, 1, 2)))
void harness_note(const char *what, ...);

/* Has @fn called, once, when the running test is over, however it ends. */
void harness_finally(void (*fn)(void));

/* Ends the running test as skipped. */
__attribute__((noreturn, format(printf, 1, 2)))
void harness_skip(const char *why, ...);

/*
 * A test between set_up() and tear_down(), which the program has, and which is not
 * torn down if it fails; its body follows.
 */
#define WITH_SET_UP(name)						\
static void body_of_##name(void);					\
static void name(void **state)						\
{									\
	set_up();							\
	body_of_##name();						\
	tear_down();							\
}									\
static void body_of_##name(void)

#define HARNESS_MAIN_AFTER(table, fn)					\
int main(int argc, char **argv)						\
{									\
	const struct harness harness = {				\
		.tests = table,						\
		.nr_tests = ARRAY_SIZE(table),				\
		.after = fn,						\
	};								\
									\
	return harness_run(argc, argv, &harness);			\
}

#define HARNESS_MAIN(table)	HARNESS_MAIN_AFTER(table, NULL)

#endif /* HARNESS_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: what was seen, in figures and as tests
 */
#include <stdio.h>

#include "leak.h"
#include "pressure.h"
#include "report.h"
#include "state.h"

static void report_requests(void)
{
	unsigned int asked, kind;

	for (asked = 0; asked < ASKED_KINDS; asked++) {
		printf("# note: submitted %s:", asked_name(asked));
		for (kind = 0; kind < MEMORY_KINDS; kind++)
			printf(" %s %llu", memory_name(kind), state->asked[asked][kind]);
		printf("\n");
	}
	printf("# note: submitted: %llu, read: %llu, by children: %llu, cancelled: %llu\n",
	       state->submitted, state->read, state->read_by_children, state->cancelled);
	printf("# note: ended by other workers: %llu, under way when a worker died: %llu\n",
	       state->ended_by_others, state->left);
	printf("# note: kept by the driver: %llu, ended by it: %llu\n", state->kept,
	       state->ended);
}

void report(void)
{
	unsigned int op, kind, nr;
	const char *what;
	long much;

	for (op = 0; op < OPS; op++) {
		printf("# note: calls %s:", op_name(op));
		for (kind = 0; kind < MEMORY_KINDS; kind++)
			printf(" %s %llu", memory_name(kind), state->calls[op][kind]);
		printf("\n");
	}
	report_requests();
	printf("# note: forks during a call: %llu\n", state->forks);
	printf("# note: killed: %llu, in a call: %llu, by the kernel: %llu\n", state->killed,
	       state->killed_in_call, state->killed_by_kernel);
	printf("# note: ended in a call: %llu\n", state->ended_in_call);
	printf("# note: reads of other workers' regions:");
	for (kind = 0; kind < MEMORY_KINDS; kind++)
		printf(" %s %llu", memory_name(kind), state->copied[kind]);
	printf(", while they changed %llu\n", state->changed_meanwhile);
	printf("# note: regions that went stale: %llu\n", state->stale);
	for (nr = 0; pressure_read(nr, &what, &much); nr++)
		printf("# note: %s: %ld\n", what, much);
	for (nr = 0; nr < state->nr_complaints && nr < COMPLAINTS; nr++)
		printf("# %s\n", state->complaints[nr]);
	fflush(stdout);
}

static void no_byte_lost_or_mixed(void **state_of_test)
{
	assert_int_equal(state->wrong, 0);
}

/* Of what has to happen what did not, in words, or NULL. */
static const char *call_missing(void)
{
	static char text[80];
	unsigned int op, kind;

	for (op = 0; op < OPS; op++)
		for (kind = 0; kind < MEMORY_KINDS; kind++) {
			if (state->calls[op][kind] || !op_works_on(op, kind))
				continue;
			snprintf(text, sizeof(text), "not called: %s on %s memory",
				 op_name(op), memory_name(kind));
			return text;
		}
	return NULL;
}

static const char *request_missing(void)
{
	static char text[80];
	unsigned int asked, kind;

	for (asked = 0; asked < ASKED_KINDS; asked++)
		for (kind = 0; kind < MEMORY_KINDS; kind++) {
			if (state->asked[asked][kind] || !asked_works_on(asked, kind))
				continue;
			snprintf(text, sizeof(text), "not submitted: %s on %s memory",
				 asked_name(asked), memory_name(kind));
			return text;
		}
	if (!state->cancelled)
		return "no request was cancelled";
	if (!state->ended_by_others)
		return "no worker ended a request of another";
	if (!state->read_by_children)
		return "no child read a completion of its parent's";
	return state->left ? NULL : "no worker died with requests under way";
}

static const char *death_missing(void)
{
	if (!state->forks)
		return "nobody forked during a call";
	if (!state->killed_in_call)
		return "nobody was killed in a call";
	return state->ended_in_call ? NULL : "nobody ended during a call";
}

static const char *sharing_missing(void)
{
	if (!state->copied[MEMORY_ANON])
		return "no worker read anonymous memory that another had pinned";
	if (!state->copied[MEMORY_SECTION])
		return "no worker read the section that another had pinned";
	return state->stale ? NULL : "no region went stale";
}

static const char *pressure_missing(void)
{
	static char text[80];
	const char *what;
	unsigned int nr;
	long much;

	for (nr = 0; pressure_read(nr, &what, &much); nr++)
		if (much <= 0) {
			snprintf(text, sizeof(text), "%s: %ld", what, much);
			return text;
		}
	return NULL;
}

bool report_complete(void)
{
	return !call_missing() && !request_missing() && !death_missing() &&
	       !sharing_missing() && !pressure_missing();
}

static void assert_none(const char *missing)
{
	if (missing)
		fail_msg("%s", missing);
}

static void every_call_on_every_memory(void **state_of_test)
{
	assert_none(call_missing());
}

static void every_request_on_every_memory(void **state_of_test)
{
	assert_none(request_missing());
}

/* Those that lived saw that each of theirs was told once; no other was ended twice. */
static void every_request_ended_once(void **state_of_test)
{
	assert_int_not_equal(state->kept, 0);
	assert_int_equal(state->kept, state->ended);
	assert_in_range(state->read, 1, state->submitted);
}

static void callers_forked_and_died(void **state_of_test)
{
	assert_none(death_missing());
}

static void regions_were_shared_and_went_stale(void **state_of_test)
{
	assert_none(sharing_missing());
}

static void every_pressure_acted(void **state_of_test)
{
	assert_none(pressure_missing());
}

static void nothing_hung(void **state_of_test)
{
	assert_int_equal(state->hung, 0);
}

static void nothing_stays_pinned(void **state_of_test)
{
	nothing_pinned();
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(no_byte_lost_or_mixed),
	cmocka_unit_test(every_call_on_every_memory),
	cmocka_unit_test(every_request_on_every_memory),
	cmocka_unit_test(every_request_ended_once),
	cmocka_unit_test(callers_forked_and_died),
	cmocka_unit_test(regions_were_shared_and_went_stale),
	cmocka_unit_test(every_pressure_acted),
	cmocka_unit_test(nothing_hung),
	cmocka_unit_test(nothing_stays_pinned),
};

const struct harness report_tests = {
	.tests = tests,
	.nr_tests = ARRAY_SIZE(tests),
};

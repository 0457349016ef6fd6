// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: a process that calls
 */
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <unistd.h>

#include "device.h"
#include "kshm_test.h"
#include "pattern.h"
#include "worker.h"

#define PAGE	4096UL
#define HUGE	(2UL << 20)

/* xorshift64*: every worker has numbers of its own, and SEED decides them all. */
__u32 worker_random(struct worker *w)
{
	w->random ^= w->random >> 12;
	w->random ^= w->random << 25;
	w->random ^= w->random >> 27;
	return w->random * 0x2545f4914f6cdd1dUL >> 32;
}

static size_t below(struct worker *w, size_t bound)
{
	return worker_random(w) % bound;
}

struct span worker_span(struct worker *w, const struct memory *m)
{
	static const size_t most[] = { 64, 3 * PAGE, 64 * PAGE, 3 * HUGE };
	struct span span = { .from = below(w, m->len) };
	size_t len;

	/* Half of them begin within 32 bytes of a border. */
	if (worker_random(w) & 1)
		span.from = span.from / PAGE * PAGE + below(w, 64);
	span.from = span.from < 32 ? 0 : span.from - 32;
	if (m->len > HUGE && !below(w, 4))
		span.from = HUGE - below(w, PAGE);
	len = 1 + below(w, most[below(w, 4)]);
	span.len = len < m->len - span.from ? len : m->len - span.from;
	return span;
}

static void bad(const struct memory *m, struct span s, const char *doing, const char *what)
{
	complain("%d: %s of %zu+%zu of %s memory: %s", getpid(), doing, s.from, s.len,
		 memory_name(m->kind), what);
}

/* A page or two on either side; now and then all of it. */
static bool around_intact(struct worker *w, const struct memory *m, struct span s)
{
	size_t before = s.from, after = m->len - s.from - s.len, most = 2 * PAGE;

	if (below(w, 8)) {
		before = before < most ? before : most;
		after = after < most ? after : most;
	}
	return memory_intact(m, s.from - before, before) &&
	       memory_intact(m, s.from + s.len, after);
}

void worker_call(struct worker *w, struct memory *m, enum op op)
{
	struct span s = worker_span(w, m);
	struct target t = {
		.test = w->test, .digest = w->digest, .data = m->data + s.from,
		.len = s.len, .seed = worker_random(w), .way = worker_random(w),
	};
	const char *wrong;

	if (!op_writes(op))
		fill_pattern(t.data, t.len, t.seed);
	worker_in_call(w, 1);
	wrong = op_call(op, &t);
	worker_in_call(w, -1);
	if (!wrong && !has_pattern(t.data, t.len, t.seed))
		wrong = "the caller has other bytes";
	if (!wrong && !around_intact(w, m, s))
		wrong = "bytes around changed";
	if (wrong)
		bad(m, s, op_name(op), wrong);
	else
		count(&state->calls[op][m->kind]);
	memory_restore(m, s.from, s.len);
	progress();
}

void worker_check(struct worker *w, const struct memory *m, const char *when)
{
	if (!memory_intact(m, 0, m->len))
		bad(m, (struct span){ 0, m->len }, when, "bytes are lost");
	progress();
}

/* Few seeds, that mergeable memory of several workers is the same. */
static void make(struct worker *w, enum memory_kind kind)
{
	struct memory *m = &w->memories[kind];
	__u32 seed = kind == MEMORY_MERGEABLE ? below(w, 2) : worker_random(w);

	if (!memory_make(m, kind, seed))
		exit(1);
	w->slot->spans[kind].data = m->data;
	w->slot->spans[kind].len = m->len;
	progress();
}

static void make_again(struct worker *w)
{
	enum memory_kind kind = below(w, MEMORY_KINDS);

	worker_check(w, &w->memories[kind], "the end");
	memory_free(&w->memories[kind]);
	make(w, kind);
}

static void page_out(struct worker *w)
{
	struct memory *m = &w->memories[below(w, MEMORY_KINDS)];

	memory_page_out(m);
	worker_check(w, m, "paging out");
}

/* The workers share the work, that each call is made on each kind of memory. */
static void call_next(struct worker *w)
{
	__u64 turn = count(&state->turn);

	worker_call(w, &w->memories[turn / OPS % MEMORY_KINDS], turn % OPS);
}

static void one_step(struct worker *w)
{
	size_t what = below(w, 100);

	if (what < 80)
		call_next(w);
	else if (what < 87)
		page_out(w);
	else if (what < 92)
		make_again(w);
	else if (what < 99)
		held_and_forked(w);
	else
		held_and_ended(w);
}

/* Every other worker is an ordinary user of group kshm. */
static void become_ordinary(void)
{
	if (initgroups("tester", 1000) || setgid(1000) || setuid(1000)) {
		complain("a worker cannot become an ordinary user");
		exit(1);
	}
}

void worker_run(struct slot *slot, __u64 seed)
{
	struct worker w = { .slot = slot, .random = seed };
	int kind;

	state_own(slot);
	if ((slot - state->slots) & 1)
		become_ordinary();
	w.test = device_open("test", O_RDWR);
	w.digest = device_open("digest", O_RDWR);
	for (kind = 0; kind < MEMORY_KINDS; kind++)
		make(&w, kind);
	while (!stopping())
		one_step(&w);
	for (kind = 0; kind < MEMORY_KINDS; kind++)
		worker_check(&w, &w.memories[kind], "the end");
	exit(0);
}

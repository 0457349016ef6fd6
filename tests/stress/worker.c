// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: a process that calls
 */
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "device.h"
#include "kshm_test.h"
#include "neighbour.h"
#include "pattern.h"
#include "pending.h"
#include "region.h"
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

bool worker_around_intact(struct worker *w, const struct memory *m, struct span s)
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
		.seed = worker_random(w), .way = worker_random(w),
	};
	const char *wrong;

	s.len = op_len(op, s.len);
	t.len = s.len;
	t.pinned = user_operand(t.data, t.len);
	if (op_on_region(op) && !region_find(w, m, s, op, &t.pinned))
		return;
	memory_changes(w, m);
	if (!op_writes(op))
		fill_pattern(t.data, t.len, t.seed);
	worker_in_call(w, 1);
	wrong = op_call(op, &t);
	worker_in_call(w, -1);
	if (!wrong && !has_pattern(t.data, t.len, t.seed))
		wrong = "the caller has other bytes";
	if (!wrong && !worker_around_intact(w, m, s))
		wrong = "bytes around changed";
	if (wrong)
		bad(m, s, op_name(op), wrong);
	else
		count(&state->calls[op][m->kind]);
	memory_restore(m, s.from, s.len);
	memory_changed(w, m);
	progress();
}

bool worker_orphaned(const struct worker *w, const struct memory *m)
{
	return m->kind == MEMORY_SECTION && w->parent && getppid() != w->parent;
}

void worker_check(struct worker *w, const struct memory *m, const char *when)
{
	if (!memory_intact(m, 0, m->len) && !worker_orphaned(w, m))
		bad(m, (struct span){ 0, m->len }, when, "bytes are lost");
	progress();
}

/* Few seeds, that mergeable memory of several workers is the same. */
static void make(struct worker *w, enum memory_kind kind)
{
	struct memory *m = &w->memories[kind];
	__u32 seed = kind == MEMORY_MERGEABLE ? below(w, 2) : worker_random(w);

	if (!memory_make(m, kind, w->slot - state->slots, seed))
		exit(1);
	memory_changed(w, m);
	w->slot->spans[kind].data = m->data;
	w->slot->spans[kind].len = m->len;
	progress();
}

/* Half of the time a region of it stays behind. */
static void make_again(struct worker *w)
{
	enum memory_kind kind = below(w, MEMORY_KINDS);
	struct memory *m = &w->memories[kind];

	worker_check(w, m, "the end");
	if (below(w, 2))
		region_drop(w);
	memory_changes(w, m);
	if (w->pinned.m == m)
		region_outlive(w, memory_free);
	else
		memory_free(m);
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
	struct memory *m = &w->memories[turn / OPS % MEMORY_KINDS];
	enum op op = turn % OPS;

	worker_call(w, m, op_works_on(op, m->kind) ? op : OP_REGION_TO_DRIVER);
}

static void one_step(struct worker *w)
{
	size_t what = below(w, 100);

	if (what < 45)
		call_next(w);
	else if (what < 72)
		pending_step(w);
	else if (what < 80)
		neighbour_read(w);
	else if (what < 87)
		page_out(w);
	else if (what < 92)
		make_again(w);
	else if (what < 99)
		held_and_forked(w);
	else
		held_and_ended(w);
}

/* Every other worker is an ordinary user of group kshm, who may pin all there is. */
static void become_ordinary(void)
{
	const struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

	if (setrlimit(RLIMIT_MEMLOCK, &limit) ||
	    initgroups("tester", 1000) || setgid(1000) || setuid(1000)) {
		complain("a worker cannot become an ordinary user");
		exit(1);
	}
}

void worker_run(struct slot *slot, __u64 seed)
{
	struct worker w = { .slot = slot, .random = seed };
	int kind;

	state_own(slot);
	version_changing(&slot->shown.version);
	for (kind = 0; kind < MEMORY_KINDS; kind++)
		version_changing(&slot->contents[kind].version);
	if ((slot - state->slots) & 1)
		become_ordinary();
	w.test = device_open("test", O_RDWR);
	w.digest = device_open("digest", O_RDWR);
	w.copy = device_open("copy", O_RDWR);
	pending_begin(&w);
	for (kind = 0; kind < MEMORY_KINDS; kind++)
		make(&w, kind);
	while (!stopping())
		one_step(&w);
	pending_end(&w);
	for (kind = 0; kind < MEMORY_KINDS; kind++)
		worker_check(&w, &w.memories[kind], "the end");
	exit(0);
}

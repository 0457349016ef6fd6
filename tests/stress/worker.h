/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: a process that calls
 */
#ifndef STRESS_WORKER_H
#define STRESS_WORKER_H

#include "memory.h"
#include "state.h"

/**
 * struct worker - one process
 * @slot: where it shows what it does; in a child one of its own
 * @random: state of its generator
 * @test: handle of the device test
 * @digest: of the device digest
 * @memories: one of each kind
 */
struct worker {
	struct slot *slot;
	__u64 random;
	int test;
	int digest;
	struct memory memories[MEMORY_KINDS];
};

__u32 worker_random(struct worker *w);

/* Around an ioctl. */
static inline void worker_in_call(struct worker *w, int change)
{
	__atomic_add_fetch(&w->slot->in_call, change, __ATOMIC_RELAXED);
}

/* A part of a memory, often across the borders of pages and of huge pages. */
struct span {
	size_t from;
	size_t len;
};

struct span worker_span(struct worker *w, const struct memory *m);

/* One call on some bytes of @m, all of them looked at. */
void worker_call(struct worker *w, struct memory *m, enum op op);

/* The whole memory, or a complaint. */
void worker_check(struct worker *w, const struct memory *m, const char *when);

/* The life of a worker: until the run is over, or it dies. */
__attribute__((noreturn))
void worker_run(struct slot *slot, __u64 seed);

/* held.c: a call under way, while the process forks, or ends. */
void held_and_forked(struct worker *w);
__attribute__((noreturn))
void held_and_ended(struct worker *w);

#endif /* STRESS_WORKER_H */

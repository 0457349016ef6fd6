/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: a process that calls
 */
#ifndef STRESS_WORKER_H
#define STRESS_WORKER_H

#include "asked.h"
#include "memory.h"
#include "state.h"

/**
 * struct pinned - the region of a worker
 * @m: what it is a part of, or NULL if there is none
 * @from: where in that it begins
 * @len: bytes
 * @id: for the handle of the device test
 * @writes: drivers may write it
 */
struct pinned {
	struct memory *m;
	size_t from;
	size_t len;
	__u32 id;
	bool writes;
};

/**
 * struct family - what a worker has in common with its children
 * @told: completions that one of them read; without user_data there is none
 * @cancelled: requests that one of them, or the worker, has cancelled
 */
struct family {
	struct kshm_completion told[PENDING];
	bool cancelled[PENDING];
};

/**
 * struct worker - one process
 * @slot: where it shows what it does; in a child one of its own
 * @random: state of its generator
 * @test: handle of the device test
 * @digest: of the device digest
 * @copy: of the device copy
 * @keeper: another of the device test, for what is submitted
 * @event: of the device event, for the same
 * @memories: one of each kind
 * @pinned: its region
 * @pending: what it has submitted
 * @family: what its children tell of that
 * @parent: in a child, who forked
 */
struct worker {
	struct slot *slot;
	__u64 random;
	int test;
	int digest;
	int copy;
	int keeper;
	int event;
	struct memory memories[MEMORY_KINDS];
	struct pinned pinned;
	struct pending pending[PENDING];
	struct family *family;
	pid_t parent;
};

__u32 worker_random(struct worker *w);

/* Around an ioctl. */
static inline void worker_in_call(struct worker *w, int change)
{
	__atomic_add_fetch(&w->slot->in_call, change, __ATOMIC_RELAXED);
}

/* Around all that changes bytes of @m: what others read meanwhile proves nothing. */
static inline void memory_changes(struct worker *w, const struct memory *m)
{
	version_changing(&w->slot->contents[m->kind].version);
}

static inline void memory_changed(struct worker *w, const struct memory *m)
{
	w->slot->contents[m->kind].seed = m->seed;
	version_changed(&w->slot->contents[m->kind].version);
}

/*
 * What is wrong with bytes of @m proves nothing in a child whose parent died: the next
 * worker has its part of the section.
 */
bool worker_orphaned(const struct worker *w, const struct memory *m);

struct span worker_span(struct worker *w, const struct memory *m);

/* A page or two on either side of @s; now and then all of it. */
bool worker_around_intact(struct worker *w, const struct memory *m, struct span s);

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

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: what all processes share
 */
#ifndef STRESS_STATE_H
#define STRESS_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <linux/kshm.h>
#include <linux/types.h>

#include "asked.h"
#include "memory.h"
#include "op.h"

#define WORKERS		8
#define PENDING		4	/* requests of a worker that are under way at a time */
#define COMPLAINTS	16
#define SPANS		(MEMORY_KINDS + PENDING)

/**
 * struct contents - the bytes of a memory, for other workers
 * @version: odd while they change, or while there is none; it grows whenever they do,
 *	also from one worker to the next
 * @seed: of them
 */
struct contents {
	__u64 version;
	__u32 seed;
};

/**
 * struct shown - the region of a worker, for other workers
 * @version: as above
 * @key: opens it
 * @kind: of the memory that it is a part of
 * @from: where in that it begins
 * @len: bytes
 */
struct shown {
	__u64 version;
	struct kshm_region_key key;
	enum memory_kind kind;
	size_t from;
	size_t len;
};

/**
 * struct slot - one worker at a time
 * @pid: of the worker; 0 between two of them
 * @progress: grows with all that it gets done; the monitor looks at it
 * @in_call: its threads that are in the ioctl; more than 0 after it died: it died there
 * @spans: its memories, and those of what is under way, for who moves their pages
 * @contents: of the former
 * @shown: its region
 * @pending: numbers of what is under way, for whoever ends it; 0: none
 */
struct slot {
	pid_t pid;
	__u64 progress;
	__u32 in_call;
	struct {
		void *data;
		size_t len;
	} spans[SPANS];
	struct contents contents[MEMORY_KINDS];
	struct shown shown;
	__u64 pending[PENDING];
};

/**
 * struct state - the whole run
 * @stop: it is over: workers come to an end
 * @progress: of all workers
 * @turn: the next call
 * @calls: that worked, by what they were and the kind of memory
 * @forks: during a call
 * @killed: by the supervisor
 * @killed_in_call: those of them that died in a call, and
 * @ended_in_call: that ended themselves with one under way
 * @killed_by_kernel: as the kernel does that is out of memory
 * @copied: reads of other workers' regions that had to be right, by the kind of memory
 * @changed_meanwhile: and those that the other one changed bytes during
 * @stale: regions that were, as their memory was unmapped
 * @asked: requests that were submitted and did what they were asked for, by what that was
 *	and the kind of memory
 * @turns: what each kind of memory is asked for next
 * @made: the kind of memory that is made next to be asked for
 * @numbers: that requests got
 * @submitted: requests
 * @read: completions
 * @cancelled: requests that ended by that
 * @ended_by_others: requests that another worker had the driver end
 * @read_by_children: completions
 * @left: requests under way when their worker died
 * @kept: by the driver for tests
 * @ended: of those
 * @hung: workers that got nothing done
 * @wrong: bytes that were not as they should be, and calls that failed
 * @moved: pages that move_pages() moved to another node
 * @compactions: asked for
 * @pages_sharing: the most that KSM had at a time
 * @complaints: the first of them, in words
 */
struct state {
	bool stop;
	struct slot slots[WORKERS];
	__u64 progress;
	__u64 turn;
	__u64 calls[OPS][MEMORY_KINDS];
	__u64 forks;
	__u64 killed;
	__u64 killed_in_call;
	__u64 ended_in_call;
	__u64 killed_by_kernel;
	__u64 copied[MEMORY_KINDS];
	__u64 changed_meanwhile;
	__u64 stale;
	__u64 asked[ASKED_KINDS][MEMORY_KINDS];
	__u64 turns[MEMORY_KINDS];
	__u64 made;
	__u64 numbers;
	__u64 submitted;
	__u64 read;
	__u64 cancelled;
	__u64 ended_by_others;
	__u64 read_by_children;
	__u64 left;
	__u64 kept;
	__u64 ended;
	__u64 hung;
	__u64 wrong;
	__u64 moved;
	__u64 compactions;
	__u64 pages_sharing;
	__u32 nr_complaints;
	char complaints[COMPLAINTS][240];
};

/* In memory that all processes have; made by main(). */
extern struct state *state;

/* One more; how many it is then. */
static inline __u64 count(__u64 *counter)
{
	return __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

/* Between what was read before and what is read after. */
static inline __u64 version_of(const __u64 *version)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(version, __ATOMIC_ACQUIRE);
}

/* What it is of is about to change; only its worker may say so. */
static inline void version_changing(__u64 *version)
{
	__atomic_store_n(version, *version | 1, __ATOMIC_RELAXED);
	/* No byte is changed before that. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* It is as it is to be. */
static inline void version_changed(__u64 *version)
{
	__atomic_store_n(version, (*version | 1) + 1, __ATOMIC_RELEASE);
}

/* From now on what this process gets done is that of @slot. */
void state_own(struct slot *slot);

/* It got something done. */
void progress(void);

static inline bool stopping(void)
{
	return __atomic_load_n(&state->stop, __ATOMIC_RELAXED);
}

/* Counts what is wrong, and keeps the words if there is room. */
__attribute__((format(printf, 1, 2)))
void complain(const char *what, ...);

#endif /* STRESS_STATE_H */

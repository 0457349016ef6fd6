/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - control codes of the device "test", for tests only
 */
#ifndef KSHM_TEST_H
#define KSHM_TEST_H

#include <linux/kshm.h>

#define KSHM_TEST_TYPE		0x8eff

#define KSHM_TEST_CODE(function, method, access) \
	KSHM_CODE(KSHM_TEST_TYPE, function, KSHM_METHOD_##method, \
		  KSHM_ACCESS_##access)

/*
 * Bytes at work. The pattern's byte at offset i is kshm_test_byte(seed, i).
 * in: struct kshm_test_work; out: struct kshm_test_place.
 */
#define KSHM_TEST_FILL		KSHM_TEST_CODE(0x800, OUT_DIRECT, ANY)
#define KSHM_TEST_CHECK		KSHM_TEST_CODE(0x801, IN_DIRECT, ANY)

/*
 * As above without pinned data: the pattern is in out or in itself. Of seed 0; to
 * fill, in may be another one, a u32.
 */
#define KSHM_TEST_FILL_COPIED	KSHM_TEST_CODE(0x802, BUFFERED, ANY)
#define KSHM_TEST_CHECK_COPIED	KSHM_TEST_CODE(0x803, BUFFERED, ANY)
#define KSHM_TEST_FILL_RAW	KSHM_TEST_CODE(0x802, NEITHER, ANY)
#define KSHM_TEST_CHECK_RAW	KSHM_TEST_CODE(0x803, NEITHER, ANY)

/* Where the bytes are touched. */
#define KSHM_TEST_IN_CALLER	0
#define KSHM_TEST_IN_HARDIRQ	1	/* irq_work */
#define KSHM_TEST_IN_KTHREAD	2	/* a kernel thread without mm */
#define KSHM_TEST_ON_CPU	3	/* interrupt of CPU @cpu */

/* How they are reached. */
#define KSHM_TEST_BY_MAP	0
#define KSHM_TEST_BY_SEGMENTS	1
#define KSHM_TEST_BY_COPY	2	/* kshm_mdl_read() and _write() */

struct kshm_test_work {
	__u32 place;
	__u32 access;
	__u32 cpu;
	__u32 seed;
};

struct kshm_test_place {
	__u32 in_hardirq;	/* asked of the kernel, where the bytes were touched */
	__u32 has_mm;
	__u32 cpu;
	__u32 is_vmap;
	__u64 segments;		/* walked, BY_SEGMENTS */
	__u64 wrong;		/* CHECK: bytes that were not of the pattern */
};

/* No two pages within 1 MiB are the same. */
static inline __u8 kshm_test_byte(__u32 seed, __u64 offset)
{
	return seed + offset * 7 + (offset >> 8) * 13 + (offset >> 16) * 29;
}

/*
 * Calls that last: touch the data, wait for KSHM_TEST_RELEASE or to be
 * cancelled (-EINTR), touch it again. out: struct kshm_test_held.
 */
#define KSHM_TEST_HOLD		KSHM_TEST_CODE(0x810, BUFFERED, ANY)
#define KSHM_TEST_HOLD_READ	KSHM_TEST_CODE(0x810, IN_DIRECT, ANY)
#define KSHM_TEST_HOLD_WRITE	KSHM_TEST_CODE(0x810, OUT_DIRECT, ANY)
/* Lets all go that wait now; with any in, those of this handle alone. */
#define KSHM_TEST_RELEASE	KSHM_TEST_CODE(0x811, BUFFERED, ANY)

#define KSHM_TEST_HELD_BEFORE	0x5a	/* HOLD_WRITE: byte 0 before waiting */
#define KSHM_TEST_HELD_AFTER	0xa5	/* HOLD_WRITE: byte 1 after */

struct kshm_test_held {
	__u8 in_before;		/* first byte of in, if any */
	__u8 in_after;
	__u8 data_before;	/* HOLD_READ: first byte of data */
	__u8 data_after;
	__u32 reserved;
};

/* What the driver saw. out: struct kshm_test_state. */
#define KSHM_TEST_STATE		KSHM_TEST_CODE(0x812, BUFFERED, ANY)

struct kshm_test_state {
	__u64 calls;		/* handlers entered, all but this one */
	__u64 holding;		/* handlers that wait now */
	__u64 opened;
	__u64 cleaned;
	__u64 closed;
	__u64 handle_data;	/* of this handle: its number, from 1 */
	__u64 disorder;		/* ops called in an order they must not */
	__u64 compat;		/* this call came from a 32-bit program */
	__u64 cancels;		/* times that a request was to be cancelled */
	__u64 completed;	/* requests that were kept, and are completed */
	__u64 kept;		/* requests that were, so far */
};

/* Returns what it is told. in: struct kshm_test_answer; out is filled with 'x'. */
#define KSHM_TEST_ANSWER	KSHM_TEST_CODE(0x820, BUFFERED, ANY)
#define KSHM_TEST_ANSWER_TO	KSHM_TEST_CODE(0x820, IN_DIRECT, ANY)
/* The same; data is filled with 'x'. */
#define KSHM_TEST_ANSWER_FROM	KSHM_TEST_CODE(0x820, OUT_DIRECT, ANY)
/* The same; out is filled with 'x'. */
#define KSHM_TEST_ANSWER_RAW	KSHM_TEST_CODE(0x820, NEITHER, ANY)

struct kshm_test_answer {
	__s32 status;
	__u32 detail;
	__u64 returned;		/* of out; of data with the direct methods */
	__u64 needed;
};

/* Write to data, in words, where they are when they do it. */
#define KSHM_TEST_WRITE_IN_HARDIRQ KSHM_TEST_CODE(0x828, OUT_DIRECT, ANY)
#define KSHM_TEST_WRITE_IN_KTHREAD KSHM_TEST_CODE(0x829, OUT_DIRECT, ANY)

/* Maps data and writes its first byte: what a request costs at least. */
#define KSHM_TEST_TOUCH		KSHM_TEST_CODE(0x82a, OUT_DIRECT, ANY)

/* Writes through the mapping of read-only data: must oops. */
#define KSHM_TEST_OVERWRITE	KSHM_TEST_CODE(0x830, IN_DIRECT, ANY)
/* Writes to the captured in, as no driver should, and returns all of an unwritten out. */
#define KSHM_TEST_EDIT_IN	KSHM_TEST_CODE(0x831, BUFFERED, ANY)
/* out: the bytes of data at the u64 offset in in, captured. */
#define KSHM_TEST_CAPTURE	KSHM_TEST_CODE(0x832, IN_DIRECT, ANY)
/* out: u32, how many bytes of a page that was just allocated have been poisoned. */
#define KSHM_TEST_POISON	KSHM_TEST_CODE(0x833, BUFFERED, ANY)

/* One accessor of a user buffer. in begins with struct kshm_test_access. */
#define KSHM_TEST_ACCESS	KSHM_TEST_CODE(0x840, NEITHER, ANY)

#define KSHM_TEST_ACCESS_READ	0	/* out[offset..]; its first byte to in.value */
#define KSHM_TEST_ACCESS_WRITE	1	/* out[offset..] = value */
#define KSHM_TEST_ACCESS_CLEAR	2	/* out[offset..] = 0 */
#define KSHM_TEST_ACCESS_STRNLEN 3	/* length to in.value */
#define KSHM_TEST_ACCESS_PROBE	4	/* of out, with align @len */
#define KSHM_TEST_ACCESS_NESTED	5	/* read @len bytes at @pointer, xor to in.value */
#define KSHM_TEST_ACCESS_LOCK	6	/* lock, map and fill out[offset..] with value */

struct kshm_test_access {
	__u32 op;
	__u32 reserved;
	__u64 offset;
	__u64 len;
	__u64 pointer;
	__u64 value;
};

/*
 * The life of an mdl of the driver's own: @len bytes at @offset of out, for
 * reading. in: struct kshm_test_mdl, answered in place.
 */
#define KSHM_TEST_MDL		KSHM_TEST_CODE(0x841, NEITHER, ANY)

struct kshm_test_mdl {
	__u64 offset;
	__u64 len;
	__u64 byte_count;	/* as the mdl says */
	__u64 byte_offset;
	__u64 pages_before;	/* locking it */
	__u64 pages_locked;
	__u64 pages_after;	/* unlocking it */
	__u32 mapped;		/* the mapping is there after mapping, */
	__u32 mapped_once;	/* the same if it is mapped again, */
	__u32 unmapped;		/* gone after unmapping, */
	__u32 unlocked;		/* and after unlocking what was mapped */
};

/*
 * Unlocks a mapped mdl over out, whose pages are clean and not one folio, and looks
 * at the mapping before the first page is unpinned. in: u32, answered in place with
 * whether the mapping was gone.
 */
#define KSHM_TEST_MDL_UNLOCK	KSHM_TEST_CODE(0x842, NEITHER, ANY)

/* Rows to be refused: access bits and lengths. out: nothing. */
#define KSHM_TEST_NEEDS_READ	KSHM_TEST_CODE(0x850, BUFFERED, READ)
#define KSHM_TEST_NEEDS_WRITE	KSHM_TEST_CODE(0x851, BUFFERED, WRITE)
#define KSHM_TEST_BOUNDS	KSHM_TEST_CODE(0x852, OUT_DIRECT, ANY)

/* The bounds of KSHM_TEST_BOUNDS. */
#define KSHM_TEST_IN_MIN	4
#define KSHM_TEST_IN_MAX	16
#define KSHM_TEST_OUT_MIN	8
#define KSHM_TEST_OUT_MAX	32
#define KSHM_TEST_DATA_MIN	1
#define KSHM_TEST_DATA_MAX	8192

/*
 * Devices test-0, test-1, ... with the same table. in: u32 how many there are
 * to be: those missing are made, those too many unregistered.
 */
#define KSHM_TEST_DEVICES	KSHM_TEST_CODE(0x860, BUFFERED, ANY)
#define KSHM_TEST_MAX_DEVICES	100

/* Registers table number in: u32, which makes no sense; status says what came. */
#define KSHM_TEST_REGISTER	KSHM_TEST_CODE(0x861, BUFFERED, ANY)

/*
 * Registers a device, and takes it away: the one by the name in in, the other by
 * another name but with a control of that. in: the name, without a NUL.
 */
#define KSHM_TEST_NAME_DEVICE	KSHM_TEST_CODE(0x862, BUFFERED, ANY)
#define KSHM_TEST_NAME_CONTROL	KSHM_TEST_CODE(0x863, BUFFERED, ANY)
#define KSHM_TEST_NAME_MAX	40

/* The same with nodes of the mode in in: u32. */
#define KSHM_TEST_NODE_MODE	KSHM_TEST_CODE(0x864, BUFFERED, ANY)

/*
 * What drivers do and should not, on request. in: struct kshm_test_misbehave; out,
 * if it is given: an s32, what kshm answered the driver, beside the status of the
 * request.
 */
#define KSHM_TEST_MISBEHAVE	KSHM_TEST_CODE(0x870, OUT_DIRECT, ANY)
/* The same of a row that may pend. */
#define KSHM_TEST_MISBEHAVE_KEPT KSHM_TEST_CODE(0x871, OUT_DIRECT, ANY)

/*
 * The table: what it is, what the driver does, what kshm does about it. Each row has
 * its function in misbehave.c and its test in tests/kernel/misbehave.c, or these are
 * not built.
 */
#define KSHM_TEST_MISBEHAVIOURS(X) \
	X(sleeps_deaf, \
	  "sleeps until KSHM_TEST_RELEASE, deaf to signals and to its device's end", \
	  "keeps the pages pinned, and whoever unregisters waiting, until it wakes") \
	X(fails_with_nonsense, \
	  "returns @argument, which is no errno", \
	  "says EIO, and warns") \
	X(returns_too_much, \
	  "says that it returned @argument bytes of each operand", \
	  "cuts that down to their lengths") \
	X(returns_of_no_operand, \
	  "says that it returned bytes of operand @argument, which there is not", \
	  "ignores it, and warns") \
	X(goes_elsewhere, \
	  "uses a user buffer in a kernel thread: reads, writes, clears, measures or locks it", \
	  "refuses with EFAULT, and warns") \
	X(locks_twice, \
	  "locks an mdl of its own twice", \
	  "refuses with EINVAL, warns, and leaves it locked once") \
	X(locks_the_mdl_of_the_request, \
	  "locks that again", \
	  "refuses with EINVAL, and warns") \
	X(unlocks_the_mdl_of_the_request, \
	  "unlocks that, twice", \
	  "unpins and uncharges once") \
	X(takes_a_region_for_memory, \
	  "takes a part of a region, named in its input, for memory of the caller", \
	  "refuses with EINVAL, and explains") \
	X(uses_what_is_not_locked, \
	  "maps, reads, writes or walks an mdl that is not locked", \
	  "refuses, and warns") \
	X(undoes_what_was_not_done, \
	  "unmaps and unlocks what never was", \
	  "does nothing") \
	X(forgets_to_unlock, \
	  "leaves an mdl of its own locked (0), and unlocks it in a later call (1)", \
	  "charges who called first until then, whoever calls then") \
	X(keeps_a_mapping, \
	  "keeps the mapping of data when the request is over (0), and looks in a later call (1)", \
	  "took it away, that it does not lead to what is somebody else's") \
	X(completes_twice, \
	  "completes a request twice", \
	  "takes what it said first, and warns") \
	X(queues_and_keeps_nothing, \
	  "returns EIOCBQUEUED, with no request that pends", \
	  "says EIO, and warns") \
	X(pends_and_returns, \
	  "returns @argument though the request pends, and completes it in a later call (1)", \
	  "has it pend, and warns") \
	X(pends_what_may_not, \
	  "has a request pend of a row that may not", \
	  "refuses with EINVAL, and warns") \
	X(completes_what_does_not_pend, \
	  "completes a request that does not pend", \
	  "ignores it, and warns")

/*
 * What kshm sees only with its verifier on, without which some of it writes to memory that
 * is somebody else's. The tests are in tests/kernel/verifier.c.
 */
#define KSHM_TEST_MISBEHAVIOURS_VERIFIED(X) \
	X(unlocks_twice, \
	  "unlocks an mdl of its own twice", \
	  "unpins once, and tells") \
	X(uses_what_has_ended, \
	  "completes a request, and goes on with it in the way @argument", \
	  "does not take what it says, and tells") \
	X(writes_beyond_its_input, \
	  "writes right behind (0) or before (1) its input; or behind (2), of one that pends", \
	  "tells") \
	X(writes_beyond_its_output, \
	  "writes right behind (0) or before (1) its output; or behind (2), of one that pends", \
	  "tells")

#define KSHM_TEST_MISBEHAVIOUR(name, driver, kshm)	KSHM_TEST_MISBEHAVE_##name,
enum kshm_test_misbehaviour {
	KSHM_TEST_MISBEHAVIOURS(KSHM_TEST_MISBEHAVIOUR)
	KSHM_TEST_MISBEHAVIOURS_VERIFIED(KSHM_TEST_MISBEHAVIOUR)
	KSHM_TEST_MISBEHAVE_ROWS,
};

struct kshm_test_misbehave {
	__u32 which;
	__u32 reserved;
	__s64 argument;
	__u64 pointer;		/* memory for an mdl or a user buffer of its own */
	__u64 len;
};

/*
 * A section of the driver's own, of which each handle has one at most. in: struct
 * kshm_test_section; out: struct kshm_test_made.
 */
#define KSHM_TEST_SECTION	KSHM_TEST_CODE(0x880, BUFFERED, ANY)

enum kshm_test_section_op {
	KSHM_TEST_SECTION_MAKE,		/* of @len bytes with @flags; gives it, too */
	KSHM_TEST_SECTION_RELEASE,
	KSHM_TEST_SECTION_GIVE,
	KSHM_TEST_SECTION_GIVE_AND_FAIL, /* with EIO */
	KSHM_TEST_SECTION_FILL,		/* with the pattern of @seed, in a hard interrupt */
	KSHM_TEST_SECTION_CHECK,	/* for that: @wrong */
	KSHM_TEST_SECTION_LOOK,		/* whether it is that of the callers still */
	KSHM_TEST_SECTION_RAISE,	/* in a hard interrupt */
};

struct kshm_test_section {
	__u32 op;
	__u32 flags;
	__u64 len;
	__u32 seed;
	__u32 reserved;
};

struct kshm_test_made {
	__s32 fd;		/* given, or -1 */
	__u32 reserved;
	__u64 len;		/* of the section, if there is one */
	__u64 wrong;
};

/*
 * Numbers from 0 on, as many as in says, a u64, put into a ring in the section of this
 * handle, in hard interrupts, each of which raises its counter. out: struct
 * kshm_test_produced.
 */
#define KSHM_TEST_RING		KSHM_TEST_CODE(0x882, BUFFERED, ANY)

#define KSHM_TEST_RING_ITEMS	64	/* that there is room for */

/* What the section has, from its first byte on. */
struct kshm_test_ring {
	__u64 head;		/* items that were put into it */
	__u64 tails[2];		/* that each of two readers has taken */
	__u64 items[KSHM_TEST_RING_ITEMS]; /* number n at n modulo that */
};

struct kshm_test_produced {
	__u64 raises;
	__u64 full;		/* interrupts that found no room */
};

/*
 * A view that the driver keeps of an operand of this request, of which each handle has
 * one at most. in begins with struct kshm_test_view; out with struct kshm_test_made.
 */
#define KSHM_TEST_VIEW		KSHM_TEST_CODE(0x881, BUFFERED, ANY)
#define KSHM_TEST_VIEW_TO	KSHM_TEST_CODE(0x881, IN_DIRECT, ANY)
#define KSHM_TEST_VIEW_FROM	KSHM_TEST_CODE(0x881, OUT_DIRECT, ANY)

enum kshm_test_view_op {
	KSHM_TEST_VIEW_KEEP,		/* of @operand */
	KSHM_TEST_VIEW_KEEP_LATER,	/* after KSHM_TEST_RELEASE */
	KSHM_TEST_VIEW_RELEASE,
	KSHM_TEST_VIEW_FILL,		/* with the pattern of @seed, in a hard interrupt */
	KSHM_TEST_VIEW_CHECK,		/* for that: @wrong */
	KSHM_TEST_VIEW_LOOK,		/* whether it is that of the callers still */
	KSHM_TEST_VIEW_RAISE,		/* in a hard interrupt */
	KSHM_TEST_VIEW_GIVE,		/* as if it were a section of the driver's */
	KSHM_TEST_VIEW_SWAP,		/* with the one that no handle has */
	KSHM_TEST_VIEW_SCOPED,		/* CHECK, of one of @operand that is not kept */
};

struct kshm_test_view {
	__u32 op;
	__u32 operand;
	__u32 seed;
	__u32 reserved;
};

/*
 * Handlers of rows that name a context, numbered as enum kshm_context: they fill data
 * with the pattern of @seed, or look for it, or copy what is behind the struct in in to
 * behind the struct in out. in: struct kshm_test_there; out: struct kshm_test_where.
 */
#define KSHM_TEST_FILL_IN(context)	KSHM_TEST_CODE(0x890 + (context), OUT_DIRECT, ANY)
#define KSHM_TEST_CHECK_IN(context)	KSHM_TEST_CODE(0x890 + (context), IN_DIRECT, ANY)
#define KSHM_TEST_COPY_IN(context)	KSHM_TEST_CODE(0x890 + (context), BUFFERED, ANY)
#define KSHM_TEST_WORKER		1
#define KSHM_TEST_SOFTIRQ		2
#define KSHM_TEST_HARDIRQ		3

/* Nothing, there; and in the caller, but for a work on a queue that it waits for. */
#define KSHM_TEST_NOTHING_IN(context)	KSHM_TEST_CODE(0x8b0 + (context), BUFFERED, ANY)
#define KSHM_TEST_HOP			KSHM_TEST_CODE(0x8a1, BUFFERED, ANY)

/* As KSHM_TEST_HOLD_WRITE, in a worker, which nothing but kshm wakes for a kill. */
#define KSHM_TEST_HOLD_WORKER		KSHM_TEST_CODE(0x8a0, OUT_DIRECT, ANY)

/*
 * Requests that are kept until they are completed or cancelled, also by a row that names a
 * context, or that no signal cancels. in: struct kshm_test_pend; out and data are filled
 * with the pattern then; with PEND_READ detail is how many bytes of data are others.
 */
#define KSHM_TEST_PEND		KSHM_TEST_CODE(0x8c0, BUFFERED, ANY)
#define KSHM_TEST_PEND_READ	KSHM_TEST_CODE(0x8c0, IN_DIRECT, ANY)
#define KSHM_TEST_PEND_WRITE	KSHM_TEST_CODE(0x8c0, OUT_DIRECT, ANY)
#define KSHM_TEST_PEND_IN(context) KSHM_TEST_CODE(0x8c0 + (context), OUT_DIRECT, ANY)
#define KSHM_TEST_PEND_KILLABLE	KSHM_TEST_CODE(0x8c4, BUFFERED, ANY)
/* Without operands, or anything to look at; an interrupt completes it at once. */
#define KSHM_TEST_PEND_NOTHING	KSHM_TEST_CODE(0x8c5, BUFFERED, ANY)

enum kshm_test_pend_how {
	KSHM_TEST_PEND_CANCELLABLE,
	KSHM_TEST_PEND_UNCANCELLABLE,
	KSHM_TEST_PEND_AT_ONCE,		/* is not kept */
	KSHM_TEST_PEND_BEFORE_RETURN,	/* is completed before the handler has returned */
	KSHM_TEST_PEND_SLOW_CANCEL,	/* cancelled, it is kept until it is completed */
	KSHM_TEST_PEND_IRQ,		/* is completed by an interrupt, as soon as that can be */
};

struct kshm_test_pend {
	__u32 how;
	__s32 status;
	__u64 key;
	__u32 seed;
	__u32 detail;
	__u64 returned;		/* of out, or of data if there is any */
	__u64 needed;
};

/*
 * Completes those with a key, or all. in: struct kshm_test_complete; out: as much of
 * struct kshm_test_completed as is wanted, how many at least. @where is one of
 * KSHM_TEST_IN_*, or KSHM_TEST_ON_CPU: a timer's interrupt on another processor, if there
 * is one.
 */
#define KSHM_TEST_COMPLETE	KSHM_TEST_CODE(0x8c8, BUFFERED, ANY)

struct kshm_test_complete {
	__u64 key;
	__u32 where;
	__u32 all;
};

struct kshm_test_completed {
	__u32 nr;
	__u32 in_hardirq;	/* asked of the kernel, where they were completed */
	__u32 cpu;
	__u32 caller_cpu;	/* ON_CPU: that the timer was to be on another than */
};

struct kshm_test_there {
	__u32 seed;
	__u32 access;		/* KSHM_TEST_BY_* */
	__u32 detail;		/* to tell */
	__u32 error;		/* to end with, an errno; or 0 */
};

/* What may not be called everywhere; and memory of the kernel's, which may. */
enum kshm_test_call {
	KSHM_TEST_CALL_VIEW,
	KSHM_TEST_CALL_REGION,
	KSHM_TEST_CALL_MEMORY,
	KSHM_TEST_CALL_MAKE,
	KSHM_TEST_CALL_EXPLAIN,
	KSHM_TEST_CALL_ALLOCATE,
	KSHM_TEST_CALLS,
};

struct kshm_test_where {
	__u32 in_hardirq;
	__u32 in_softirq;
	__u32 has_mm;
	__u32 pid;		/* of the process that is current */
	__u32 is_compat;
	__s32 calls[KSHM_TEST_CALLS];	/* 0 or -errno */
	__u32 reserved;
	__u64 wrong;
};

#endif /* KSHM_TEST_H */

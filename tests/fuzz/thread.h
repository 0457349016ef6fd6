/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: a thread that executes the operations of a program that are its
 */
#ifndef FUZZ_THREAD_H
#define FUZZ_THREAD_H

#include <semaphore.h>

#include <linux/kshm.h>

#include "program.h"

#define OWN_PAGE	4096
/* More than there can be names. */
#define OWN_ENTRIES	(OWN_PAGE / sizeof(struct kshm_name_entry))
/* Most often enough. */
#define OWN_HANDLES	(OWN_PAGE / sizeof(struct kshm_handle_entry))

/* The struct of any command. */
union argument {
	struct kshm_ioc_control control;
	struct kshm_ioc_info info;
	struct kshm_ioc_cancel cancel;
	struct kshm_ioc_eventfd eventfd;
	struct kshm_ioc_region_create create;
	struct kshm_ioc_region_query query;
	struct kshm_ioc_region_destroy destroy;
	struct kshm_ioc_region_revoke revoke;
	struct kshm_ioc_region_export exported;
	struct kshm_ioc_region_import import;
	struct kshm_ioc_region_key key;
	struct kshm_ioc_region_open open;
	struct kshm_ioc_section_attach attach;
	struct kshm_ioc_section_sequence sequence;
	struct kshm_ioc_name_publish publish;
	struct kshm_ioc_name_open name_open;
	struct kshm_ioc_name_remove name_remove;
	struct kshm_ioc_name_list name_list;
	struct kshm_ioc_handle_list handle_list;
};

/**
 * struct own - memory of a thread that no operation changes but its own calls
 * @arg: begins with the struct of a command, which is @call
 * @entries: of a list of names
 * @handles: of a list of handles
 * @why: begins with the explanation
 */
struct own {
	unsigned char before[OWN_PAGE];
	union {
		unsigned char arg[OWN_PAGE];
		union argument call;
	};
	unsigned char between[OWN_PAGE];
	union {
		struct kshm_name_entry entries[OWN_ENTRIES];
		struct kshm_handle_entry handles[OWN_HANDLES];
	};
	unsigned char behind[OWN_PAGE];
	union {
		unsigned char why[OWN_PAGE];
		struct kshm_explain explain;
	};
	unsigned char after[OWN_PAGE];
};

#define POISON	0xa5

/**
 * struct thread - a thread of the worker
 * @number: in programs
 * @program: what is to be executed
 * @alone: no other thread has a part in it
 * @own: its memory
 * @expected: what it should hold after a call
 * @ranges: of a region that it makes
 * @start: posted to begin
 * @calls: that it made since it began
 */
struct thread {
	unsigned int number;
	const struct program *program;
	bool alone;
	struct own *own;
	struct own *expected;
	struct kshm_range *ranges;
	sem_t start;
	unsigned int calls;
};

/* The handle of a value: its file, or -1, and what it is open on. */
struct handle {
	int fd;
	enum device device;
	unsigned int access;
};

extern struct handle handles[MAX_HANDLES];

/* Whether no other thread can open or close the handle of an operation meanwhile. */
bool handle_is_stable(const struct thread *thread, const struct op *op);

/* Opens those that are always open, and sets up threads for @done to be posted by. */
void threads_start(sem_t *done);

/* Executes a program to its end; returns the calls that were made. */
unsigned int threads_execute(const struct program *program);

/*
 * Has all requests end of the handles that the program reads completions of, if it is
 * known which: of the others they end as the handle is closed.
 */
void handles_drain(const struct program *program);

/* Closes what programs opened, exported, and have regions of. */
void handles_reset(void);

/* An address of a program's, where OWN is @own. */
__u64 thread_address(__u64 value, const void *own);

/* Of an operand, which as a part of a region has an offset instead. */
__u64 thread_place(const __u64 *operand);

#endif /* FUZZ_THREAD_H */

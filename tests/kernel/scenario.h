/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - scenarios of the fault sweep: calls that work, in which everything fails once
 *
 * A scenario is run with its first allocation or user copy failing, then with
 * its second, and so on until it passes untouched. It may fail with ENOMEM or
 * EFAULT alone, must leave nothing charged or pinned, each time, and must work right
 * after. tests/static/sweep.sh looks that no command, no function of the driver
 * interface, and none of a file's is without one.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <linux/kshm.h>

#define SCENARIO_SEED	3	/* of the bytes that drivers are to fill in */

/**
 * struct scenario - a call that works
 * @sweeps: what it is for, with blanks between: commands, functions that drivers call, and
 *	those of files; it has to come to each of them, in the thread that calls
 * @device: that it is made of
 * @len: bytes of memory; 0: more than an mdl has room for
 * @user: real user id of the caller, who did not open the handle; 0: the opener
 * @verified: with the verifier on
 * @function: of the module, one that allows it, whose calls fail with -EFAULT in
 *	their turn; may be NULL
 * @task: the thread of this process that works for the caller, in which it is that
 *	things fail; NULL: the caller itself
 * @prepare: fills in scene.arg; not swept
 * @call: 0 or -errno; NULL: scenario_control()
 * @check: that the answer is right, after success; may be NULL
 */
struct scenario {
	const char *sweeps;
	const char *device;
	size_t len;
	uid_t user;
	bool verified;
	const char *function;
	pid_t (*task)(void);
	void (*prepare)(void);
	int (*call)(void);
	void (*check)(void);
};

/* Of the scenario under way; the memory is new each time, so that it is faulted in. */
struct scene {
	int fd;			/* a handle of its device */
	unsigned char *memory;
	size_t len;		/* of the memory */
	struct kshm_ioc_control arg;
};

extern struct scene scene;

/* All of that, and says how many failures there were. */
void scenario_sweep(const struct scenario *scenario);

/* KSHM_IOC_CONTROL with scene.arg: 0 or -errno, of the call or of the request. */
int scenario_control(void);

/*
 * Of a request that was submitted: calls @end a few times, which ends it, or NULL; and reads
 * its completion, for which there are @tries, a millisecond each. The first error of all
 * that, or the request's status.
 */
int scenario_end_by(int (*end)(void), int tries);

/* @code of the driver for tests, for scene.memory as data, with an input and an output. */
void scenario_prepare_direct(__u32 code, __u32 access);

/* Filling scene.memory: as data, segment by segment. */
void scenario_prepare_fill(void);

/* The same, and its pages are there: only pinning them is to fail. */
void scenario_prepare_fill_touched(void);

/* As data that the driver maps. */
void scenario_prepare_fill_mapped(void);

/* As an output that is copied, which has the seed 0. */
void scenario_prepare_fill_copied(void);

/* The memory was filled, by the first three, or by the last. */
void scenario_check_fill(void);
void scenario_check_fill_copied(void);

/* How many bytes the driver for tests found wrong, told in its output. */
__u64 scenario_wrong(void);

/* A test for each, whose scenario follows. */
#define SWEEP(name)							\
static const struct scenario scenario_##name;				\
static void sweep_##name(void **state)					\
{									\
	scenario_sweep(&scenario_##name);				\
}									\
static const struct scenario scenario_##name

#endif /* SCENARIO_H */

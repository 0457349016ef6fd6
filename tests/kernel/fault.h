/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - failing allocations and user copies, one at a time
 *
 * For kernels with fault injection; tests/vm/init has told it to fail any.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * The @nth allocation or user copy that the kernel makes for @task, a thread of this
 * process, from now on fails. Skips the test on a kernel that cannot do that.
 */
void fault_arm(pid_t task, unsigned int nth);

/* Ends that. Returns whether something did fail. */
bool fault_disarm(void);

/* None fails from now on: they are counted; and how many there were. */
void fault_count(void);
unsigned int fault_counted(void);

/*
 * From now on calls of the kernel's @function, one that allows it, count like
 * allocations do, and one that fails returns @error.
 */
void fault_function(const char *function, int error);

/* Ends that. */
void fault_function_end(const char *function);

#endif /* FAULT_H */

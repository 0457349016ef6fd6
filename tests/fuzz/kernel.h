/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: what the kernel tells root, and is told by root
 */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Once: looks at the log from here on, lowers kshm's limits to those of promise.h, has
 * warnings not end the machine, and switches tracepoints on. Says what is wrong on stderr.
 */
bool kernel_open(void);

/* Undoes all that. */
void kernel_close(void);

/* Whether the log has a warning, or worse, since the last call: its first line. */
bool kernel_complained(char *line, size_t size);

/* Pages that were pinned and not unpinned since the last call. */
long kernel_new_pins(void);

/* What the kernel warns of once is warned of once more. */
void kernel_forget_warnings(void);

#endif /* FUZZ_KERNEL_H */

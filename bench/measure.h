/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - measures operations, on a machine whose clock counts executed instructions
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>
#include <linux/types.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/**
 * struct operation - what is measured
 * @name: of the line that is printed
 * @bytes: what it is about, for those that tell their sizes apart; or 0
 * @prepare: called before it, not measured; may be NULL
 * @run: the operation
 * @finish: undoes @prepare; may be NULL
 */
struct operation {
	const char *name;
	size_t bytes;
	void (*prepare)(const struct operation *op);
	void (*run)(const struct operation *op);
	void (*finish)(const struct operation *op);
};

/* Ends the measurement, rather than to measure failures. */
void expect(int ok, const char *what);

/*
 * Prints a line: result, name, least, median of its instructions, with tabs between; the
 * clock's own share is taken off. Returns the least.
 */
__u64 measure_operation(const struct operation *op);

/* Prints such a line of what was computed from others. */
void tell(const char *name, __u64 instructions);

/* Measures all of them. */
void measure(const struct operation *operations, size_t nr);

#endif /* BENCH_MEASURE_H */

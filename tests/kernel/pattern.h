/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - patterns filled and checked by the driver for tests
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/kshm.h>

#include "kshm_test.h"

/* In the caller, through one mapping, unless @work says otherwise. */
struct kshm_test_place driver_fills(int fd, void *data, size_t len,
				    struct kshm_test_work work);
struct kshm_test_place driver_checks(int fd, const void *data, size_t len,
				     struct kshm_test_work work);

void fill_pattern(unsigned char *data, size_t len, unsigned int seed);
bool has_pattern(const unsigned char *data, size_t len, unsigned int seed);

/* The driver finds what is here, and what it writes is found here. */
void assert_both_ways(int fd, unsigned char *data, size_t len,
		      struct kshm_test_work work);

/* The same of the bytes at @data that the driver has as @operand. */
void assert_both_ways_by(int fd, struct kshm_operand operand, unsigned char *data,
			 struct kshm_test_work work);

#endif /* PATTERN_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: what was seen, in figures and as tests
 */
#ifndef STRESS_REPORT_H
#define STRESS_REPORT_H

#include "harness.h"

/* Whether all that has to happen did. */
bool report_complete(void);

/* Prints the figures, and what was wrong. */
void report(void);

/* The tests of what was seen. */
extern const struct harness report_tests;

#endif /* STRESS_REPORT_H */

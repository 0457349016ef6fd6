/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: files of memory that are attached
 */
#ifndef FUZZ_SECTION_H
#define FUZZ_SECTION_H

#include "region.h"

extern const struct region_command section_command;

#endif /* FUZZ_SECTION_H */

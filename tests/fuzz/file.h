/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: files of memory, and what programs do to them
 */
#ifndef FUZZ_FILE_H
#define FUZZ_FILE_H

#include "program.h"

/* Makes a file, whose descriptor is in a slot then. */
void file_make(const struct op *op);

/* Seals, maps, punches or resizes what the operation says, if that is such a file. */
void file_change(const struct op *op);

#endif /* FUZZ_FILE_H */

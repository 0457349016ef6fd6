/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: the list of handles
 */
#ifndef FUZZ_HANDLE_LIST_H
#define FUZZ_HANDLE_LIST_H

#include "region.h"

extern const struct region_command handle_list_command;

#endif /* FUZZ_HANDLE_LIST_H */

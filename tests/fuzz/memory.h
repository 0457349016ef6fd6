/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: the memory that programs work with
 */
#ifndef FUZZ_MEMORY_H
#define FUZZ_MEMORY_H

#include <stddef.h>
#include <sys/uio.h>

#include "program.h"

/* What is needed before the process becomes an ordinary user. */
void memory_prepare(void);

/* Maps what the operation says. */
void memory_map(const struct op *op);

/* Unmaps, protects, throws away or moves what the operation says. */
void memory_change(const struct op *op);

/* Takes away all that was mapped. */
void memory_reset(void);

/* Whether a span lies in what programs may change. */
bool memory_is_area(__u64 address, __u64 len);

/*
 * Copy from and to memory that need not be mapped, and that other threads change:
 * return the bytes that could be.
 */
size_t memory_read(void *to, __u64 from, size_t len);
size_t memory_write(__u64 to, const void *from, size_t len);

/* The same with memory in several pieces. */
size_t memory_gather(void *to, const struct iovec *pieces, unsigned int nr);
size_t memory_scatter(const struct iovec *pieces, unsigned int nr, const void *from, size_t len);

/* The address of vvar. */
__u64 memory_vvar(void);

/* PROT_* of a value. */
int memory_prot(__u64 prot);

#endif /* FUZZ_MEMORY_H */

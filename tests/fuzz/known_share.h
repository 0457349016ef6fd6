/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: descriptors and keys, as a program has them
 *
 * What known.h says of regions is true of these, too: of several threads it is a guess.
 */
#ifndef FUZZ_KNOWN_SHARE_H
#define FUZZ_KNOWN_SHARE_H

#include <stdbool.h>

#include <linux/kshm.h>

struct file;
struct region;

/**
 * struct share - a descriptor, of an exported region or a file of memory
 * @fd: that
 * @rights: KSHM_REGION_* bits
 * @region: NULL if it is not known, or is none
 * @file: NULL if it is none
 */
struct share {
	int fd;
	__u32 rights;
	struct region *region;
	struct file *file;
};

/* A program begins. */
void shares_begin(void);

/* One is open, and in a slot now; one is, and nobody knows which. */
void share_add(const struct share *share, unsigned int slot);
void share_lose(void);

/* Closes the one in a slot, which stays there, if it is open. */
void share_close(unsigned int slot);

/* Closes all of the program, when none but these are open of its files. */
void shares_end(void);

/* The descriptor that a value of VALUE_FD is; -1 for a slot that is empty. */
int share_fd(__u64 value);

bool share_find(int fd, struct share *share);

/* How many hold a region. */
unsigned int shares_of(const struct region *region);

/* A slot has a key now; the key that a value of VALUE_KEY is, of zeros if there is none. */
void share_put_key(unsigned int slot, const struct kshm_region_key *key);
struct kshm_region_key share_key(__u64 value);

#endif /* FUZZ_KNOWN_SHARE_H */

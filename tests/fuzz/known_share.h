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
 * struct share - a descriptor, of an exported region, a counter, a file of memory or an
 *	eventfd
 * @fd: that
 * @rights: KSHM_REGION_* bits
 * @region: NULL if it is not known, or is none
 * @file: NULL if it is none
 * @is_counter: it is one
 * @is_eventfd: it is one
 * @is_raised: and surely raised since it was read, or will be soon
 * @counted: of which file; NULL if it is not known
 * @raises: how often that was raised since it was read
 * @last: what was read
 * @has_last: something was
 */
struct share {
	int fd;
	__u32 rights;
	struct region *region;
	struct file *file;
	bool is_counter;
	bool is_eventfd;
	bool is_raised;
	const struct file *counted;
	__u64 raises;
	__u64 last;
	bool has_last;
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

/* The same; as long as it is in use nobody closes any. What it is used for does not wait. */
bool share_use(int fd, struct share *share);
void share_unuse(void);

/*
 * The counter of a file, NULL for some or other, was raised; it was read by a descriptor,
 * which has got @value, if that is known.
 */
void shares_raised(const struct file *counted);
void share_read(int fd, __u64 value, bool is_known);

/* An eventfd is raised, or was read. */
void share_set_raised(int fd, bool raised);

/* How many hold a region. */
unsigned int shares_of(const struct region *region);

/* A slot has a key now; the key that a value of VALUE_KEY is, of zeros if there is none. */
void share_put_key(unsigned int slot, const struct kshm_region_key *key);
struct kshm_region_key share_key(__u64 value);

#endif /* FUZZ_KNOWN_SHARE_H */

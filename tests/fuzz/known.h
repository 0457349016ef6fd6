/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: what is known of the regions that a program makes
 *
 * What a program of one thread made, and did not destroy, is there, and nothing else
 * is: what requests have to answer follows from that. With several threads, or if
 * a struct was where programs can change it, it is no more than a guess.
 */
#ifndef FUZZ_KNOWN_H
#define FUZZ_KNOWN_H

#include <sys/uio.h>

#include <linux/kshm.h>

#include "program.h"

#define UNKNOWN_PAGES	(~0ull)

/**
 * struct region - a region
 * @handle: its handle, as programs number them
 * @id: for that
 * @rights: KSHM_REGION_* bits
 * @len: bytes
 * @pages: that are pinned for it, or UNKNOWN_PAGES
 * @has_place: its bytes are what is in @ranges
 * @nr_ranges: of @ranges
 * @ranges: what it was made of
 */
struct region {
	unsigned int handle;
	__u32 id;
	__u32 rights;
	__u64 len;
	__u64 pages;
	bool has_place;
	unsigned int nr_ranges;
	struct kshm_range ranges[NR_RANGES];
};

/* A program begins; @alone: it has one thread. */
void known_begin(bool alone);

/* A handle has a region more, whose id is in a slot now. */
void known_add(const struct region *region, unsigned int slot);

/* A handle may have one more or less, and who knows which; @id is in a slot now. */
void known_doubt(unsigned int handle);
void known_put(unsigned int slot, __u32 id);

/* It was destroyed; all of the handle were. */
void known_drop(unsigned int handle, __u32 id);
void known_forget(unsigned int handle);

/* Memory is another from now on. */
void known_lose(__u64 at, __u64 len);

/* Whether the regions of a handle are those that are known, no others. */
bool known_is_sure(unsigned int handle);

/* Whether there was any of the handle since the program began. */
bool known_was_any(unsigned int handle);

bool known_find(unsigned int handle, __u32 id, struct region *region);

/* How many there are of a handle. */
unsigned int known_number(unsigned int handle);

/* Pages that are pinned for regions, at least. */
__u64 known_pages(void);

/* The id that a value of VALUE_REGION is. */
__u32 known_id(__u64 value);

/*
 * Where the bytes of an operand are: up to NR_RANGES pieces of what programs may
 * change; 0 if that cannot be told, or if it has none.
 */
unsigned int known_pieces(unsigned int handle, const __u64 *operand, struct iovec *pieces);

#endif /* FUZZ_KNOWN_H */

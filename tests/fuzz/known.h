/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: what is known of the regions that a program makes
 *
 * What a program of one thread made, and did not destroy, is there, and nothing else
 * is: what requests have to answer follows from that. With several threads, or once
 * a struct was where programs can change it, it is no more than a guess.
 */
#ifndef FUZZ_KNOWN_H
#define FUZZ_KNOWN_H

#include <sys/uio.h>

#include <linux/kshm.h>

#include "program.h"
#include "promise.h"

struct file;

#define UNKNOWN_PAGES	(~0ull)

/* Whether something was lost. */
enum lost { KEPT, MAYBE_LOST, LOST };

/**
 * struct region - a region
 * @len: bytes
 * @pages: that are pinned for it, or UNKNOWN_PAGES
 * @watched: it can go stale, if it has pages
 * @section: it was attached, and can go stale
 * @revoked: it was
 * @stale: it is
 * @has_ranges: @ranges are what it was made of
 * @has_place: its bytes are what is there
 * @nr_ranges: of @ranges
 * @ranges: each of them once
 * @lost: of each page of them, enum lost
 * @file: of a section, if it is known: @ranges are where that is to be seen
 * @offset: in the file, of the first byte
 */
struct region {
	__u64 len;
	__u64 pages;
	bool watched;
	bool section;
	bool revoked;
	enum lost stale;
	bool has_ranges;
	bool has_place;
	unsigned int nr_ranges;
	struct kshm_range ranges[NR_RANGES];
	__u8 lost[MAX_LOCKED_PAGES];
	struct file *file;
	__u64 offset;
};

/**
 * struct hold - what an id stands for
 * @handle: whose it is, as programs number them
 * @id: for that
 * @rights: KSHM_REGION_* bits
 * @created: the region was, to get it
 * @region: stays until the program is over
 * @has_key: there is one
 * @key: that
 * @key_rights: that it gives
 */
struct hold {
	unsigned int handle;
	__u32 id;
	__u32 rights;
	bool created;
	struct region *region;
	bool has_key;
	struct kshm_region_key key;
	__u32 key_rights;
};

/* A program begins; @alone: it has one thread. */
void known_begin(const struct program *program, bool alone);

/* A place for a region, or NULL. */
struct region *known_region(const struct region *region);

/* A handle has an id more, which is in a slot now. */
void known_add(const struct hold *hold, unsigned int slot);

/* From now on who knows which ids and keys there are; was one of a handle, maybe. */
void known_doubt(unsigned int handle);
void known_put(unsigned int slot, __u32 id);

/* It was destroyed; all of the handle were, and names that end with it. */
void known_drop(unsigned int handle, __u32 id);
void known_forget(unsigned int handle);

/* An id has a key from now on, or none. */
void known_set_key(unsigned int handle, __u32 id, const struct kshm_region_key *key,
		   __u32 rights);

/* Memory is another from now on, or may be. */
void known_lose(__u64 at, __u64 len, enum lost lost);

/* A file has lost pages, wherever they are mapped or attached. */
void known_lose_file(const struct file *file, __u64 offset, __u64 len);

/* Whether a file has pages that are attached, for sure. */
bool known_attached(const struct file *file);

/* Whether a part of a region has lost its pages; and that it is known to have them. */
enum lost known_lost(const struct region *region, __u64 offset, __u64 len);
void known_settle(struct region *region, __u64 offset, __u64 len);

/* Whether what is known is so, and all there is. */
bool known_is_sure(void);

/*
 * Whether the program may revoke any region, or take the memory of any away; or have a
 * request use one for as long as nobody ends it.
 */
bool known_revokes(void);
bool known_changes(void);
bool known_submits(void);

/* Whether there was any of the handle since the program began. */
bool known_was_any(unsigned int handle);

bool known_find(unsigned int handle, __u32 id, struct hold *hold);
bool known_find_key(const struct kshm_region_key *key, struct hold *hold);

/* How many ids there are of a handle, and how many holds of a region, of all kinds. */
unsigned int known_number(unsigned int handle);
unsigned int known_holds(const struct region *region);

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

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: memory of every kind, whose every byte is known
 */
#ifndef STRESS_MEMORY_H
#define STRESS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

enum memory_kind {
	MEMORY_ANON,
	MEMORY_HUGE,		/* for transparent huge pages, collapsed and split as it comes */
	MEMORY_MERGEABLE,	/* for KSM: the same in several workers */
	MEMORY_SHARED,
	MEMORY_MEMFD,
	MEMORY_HUGETLB,
	MEMORY_FILE,		/* on ext4, shared */
	MEMORY_FILE_PRIVATE,
	MEMORY_SECTION,		/* a part of one that all workers have */
	MEMORY_KINDS,
};

/**
 * struct memory - some memory of a worker
 * @kind: of it
 * @data: its first byte
 * @len: bytes
 * @fd: the file behind it, or -1
 * @at: where in the file it begins
 * @seed: byte i is kshm_test_byte(@seed, i), except where a call is under way
 */
struct memory {
	enum memory_kind kind;
	unsigned char *data;
	size_t len;
	int fd;
	size_t at;
	__u32 seed;
};

/* A part of a memory, often across the borders of pages and of huge pages. */
struct span {
	size_t from;
	size_t len;
};

const char *memory_name(enum memory_kind kind);

/* Whether a child gets a copy of it. */
bool memory_is_private(enum memory_kind kind);

/* Makes the section, of @parts parts, for all processes that are forked after it. */
void memory_make_section(unsigned int parts);

/*
 * Makes one and fills it; of the section it is part @part. False, with a complaint, if
 * there is none.
 */
bool memory_make(struct memory *memory, enum memory_kind kind, unsigned int part,
		 __u32 seed);

/* The same of some pages or one huge page, and of a section that nobody else has. */
bool memory_make_small(struct memory *memory, enum memory_kind kind, __u32 seed);
void memory_free(struct memory *memory);

/* Puts the bytes from @from on back to what they are to be. */
void memory_restore(struct memory *memory, size_t from, size_t len);

/* Whether they are that. */
bool memory_intact(const struct memory *memory, size_t from, size_t len);

/* Has the kernel write it to where it is kept, and drop it from memory. */
void memory_page_out(struct memory *memory);

#endif /* STRESS_MEMORY_H */

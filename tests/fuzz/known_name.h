/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: names of sections, as a program has them
 *
 * What known.h says of regions is true of these, too: of several threads it is a guess.
 */
#ifndef FUZZ_KNOWN_NAME_H
#define FUZZ_KNOWN_NAME_H

#include <stdbool.h>
#include <linux/types.h>

struct region;

/**
 * struct name - a name that is there
 * @rights: KSHM_REGION_* bits that it gives
 * @mode: permission bits
 * @gid: its group, or KSHM_NAME_OWN_GROUP
 * @until_close: it ends with a handle
 * @handle: that
 * @region: NULL if it is not known
 */
struct name {
	__u32 rights;
	__u32 mode;
	__u32 gid;
	bool until_close;
	unsigned int handle;
	struct region *region;
};

/* A program begins. */
void names_begin(void);

/* A name, enum name_text, is there from now on, or is not. */
void name_add(unsigned int number, const struct name *name);
void name_drop(unsigned int number);

/* A handle is closed. */
void names_close(unsigned int handle);

/* @name: may be NULL. */
bool name_find(unsigned int number, struct name *name);

/* How many there are; how many hold a region. */
unsigned int names_number(void);
unsigned int names_of(const struct region *region);

#endif /* FUZZ_KNOWN_NAME_H */

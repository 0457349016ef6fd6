/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - private memory in every form that its pages can have
 */
#ifndef COW_MEMORY_H
#define COW_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

#define COW_OLD		10	/* what is in it when it was made */

/**
 * struct cow_memory - some pages of one form
 * @data: where
 * @len: how many bytes
 * @b: what they are a part of
 * @moved: where more of their folio is, or NULL
 */
struct cow_memory {
	unsigned char *data;
	size_t len;
	struct buffer b;
	void *moved;
};

/**
 * struct cow_form - a form
 * @name: what it is
 * @make: makes such memory
 * @swapped: which is paged out then
 * @extents: contiguous parts that a driver finds in it; 0: that depends on the kernel
 * @hugetlb: it is of hugetlb
 * @newer: kernels make it since 6.8
 */
struct cow_form {
	const char *name;
	struct cow_memory (*make)(void);
	bool swapped;
	unsigned int extents;
	bool hugetlb;
	bool newer;
};

/* The forms that this kernel has, from cow_begin() on, which needs root. */
#define COW_FORMS	11
extern const struct cow_form cow_forms[COW_FORMS];
void cow_begin(void);
bool cow_has_form(const struct cow_form *form);

/* Whether a kernel of this release is to have it. */
bool cow_kernel_has_form(const struct cow_form *form);
void cow_end(void);

/* Makes memory of it, in which COW_OLD is. */
struct cow_memory cow_make(const struct cow_form *form);
void cow_free(struct cow_memory *m);

/* A huge page that is mapped by a table of small ones. */
struct cow_memory cow_thp_in_parts(void);

/* From now on it is not there, and nothing else is. */
void cow_unmap(const struct cow_memory *m);

/*
 * What is written and looked at is a byte in each page, or of many in some: those whose
 * number is a power of two, or one less.
 */
static inline size_t cow_next(size_t page)
{
	return page & (page + 1) ? 2 * page - 1 : page + 1;
}

#define cow_for_each_page(m, page) \
	for (page = 0; page < (m)->len / page_size(); page = cow_next(page))

/* What @value is in a page. */
static inline unsigned char cow_byte(unsigned int value, size_t page)
{
	return value + page;
}

void cow_write(const struct cow_memory *m, unsigned int value);

/* Whether @value is there, or in some of its pages. */
bool cow_has(const struct cow_memory *m, unsigned int value);
bool cow_has_in(const struct cow_memory *m, size_t first, size_t end, unsigned int value);

/* The same of one page whose @byte was found, by whomever, and says it if not. */
bool cow_is(size_t page, unsigned char byte, unsigned int value);

#endif /* COW_MEMORY_H */

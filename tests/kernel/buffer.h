/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - buffers of every kind of mapping
 */
#ifndef BUFFER_H
#define BUFFER_H

#include <stddef.h>

enum buffer_kind {
	BUFFER_ANON,		/* private anonymous memory in base pages */
	BUFFER_HUGE,		/* the same in transparent huge pages, checked */
	BUFFER_SHARED,		/* shared anonymous memory */
	BUFFER_MEMFD,
	BUFFER_HUGETLB,
	BUFFER_FILE,		/* a file on a disk, shared */
	BUFFER_FILE_PRIVATE,	/* the same, private */
	BUFFER_KINDS,
};

const char *buffer_kind_name(enum buffer_kind kind);

/**
 * struct buffer - a mapping with a page on either side that cannot be touched
 * @data: its first byte, page-aligned, of huge kinds huge-page-aligned
 * @len: a multiple of the page size
 * @base: of the whole reservation
 * @reserved: length of it
 */
struct buffer {
	unsigned char *data;
	size_t len;
	void *base;
	size_t reserved;
};

/*
 * Makes one; @len is rounded up to whole pages, huge ones for the huge kinds.
 * Skips the test if the machine has no such memory.
 */
struct buffer buffer_make(enum buffer_kind kind, size_t len);
void buffer_free(struct buffer *buffer);

/* Bytes of transparent huge pages that are mapped as such where a mapping begins. */
size_t buffer_huge_bytes(const void *data);

size_t page_size(void);

#define HUGE_SIZE	((size_t)2 << 20)

#endif /* BUFFER_H */

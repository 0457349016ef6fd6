/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - regions that are watched, as the tests use them
 */
#ifndef WATCHED_H
#define WATCHED_H

#include "buffer.h"
#include "harness.h"

/**
 * struct watched - a region of a whole buffer
 * @b: the buffer
 * @fd: the handle
 * @id: of the region
 */
struct watched {
	struct buffer b;
	int fd;
	__u32 id;
};

#define WATCHED_PAGES	6
#define WATCHED_KINDS	5

/* The kinds of buffer that regions can be watched of, and the size of a page of each. */
extern const enum buffer_kind watched_kinds[WATCHED_KINDS];
size_t watched_step(enum buffer_kind kind);

/* Makes one, which nothing is suspect of. */
struct watched watched_make(enum buffer_kind kind, size_t len);

/* One of WATCHED_PAGES pages, huge ones of hugetlb. */
struct watched watched_make_pages(enum buffer_kind kind);

/* One of as many pages of a memfd that is longer. */
struct watched watched_make_of_file(int *file);

/* An address of @len bytes that were mapped and are not. */
void *watched_unused(size_t len);

void watched_free(struct watched *w);

/* Has the driver look for the pattern of @seed in a part: 0 or -errno; it is found. */
int watched_check(int fd, __u32 id, size_t offset, size_t len, __u32 seed);

/* What query says of it now, KSHM_STATE_* bits. */
__u32 watched_state(const struct watched *w);

/* What the program writes the driver finds in every page, and the reverse. */
void watched_is_true(const struct watched *w);

/* The same, and that there was something to look up before. */
void watched_was_suspect(const struct watched *w);

/* A use of a part is refused, and so are all from then on: the page at @addr differs. */
void watched_is_stale(const struct watched *w, size_t offset, size_t len,
		      const void *addr);

#endif /* WATCHED_H */

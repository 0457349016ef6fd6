/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - sections as the tests use them: sealed memfds, and raw ioctls
 */
#ifndef SECTION_CALLS_H
#define SECTION_CALLS_H

#include <stddef.h>
#include <linux/kshm.h>

#include "buffer.h"
#include "region_calls.h"

/**
 * struct section - a memfd, mapped, and a region of all of it
 * @file: the memfd
 * @data: its bytes
 * @len: how many
 * @fd: the handle
 * @id: of the region
 */
struct section {
	int file;
	unsigned char *data;
	size_t len;
	int fd;
	__u32 id;
};

/* The kinds of pages that a memfd can have: as memfd_create() wants them. */
#define SECTION_KINDS	2
extern const unsigned int section_kinds[SECTION_KINDS];
size_t section_step(unsigned int kind);

/* A memfd of @len bytes with @seals; skips the test if there are no huge pages. */
int section_file(unsigned int kind, size_t len, unsigned int seals);

/* The same file, opened once more. */
int section_reopen(int file, int flags);

/* All of @file. */
struct kshm_ioc_section_attach section_request(int file, __u32 rights);

/* Attaches: 0 or -errno. @why, which may be NULL, gets the explanation. */
int section_try(int fd, struct kshm_ioc_section_attach *arg,
		struct kshm_explain *why);

/* Attaches all of @file, which must work: the id. */
__u32 section_attach(int fd, int file, __u32 rights);

/*
 * Asserts that it cannot be attached: @error, explained by @check; and that nothing
 * is charged for it, or stays mapped.
 */
struct kshm_explain section_refused(int fd, struct kshm_ioc_section_attach arg,
				    int error, __u32 check);

/* Its bytes in this process, for reading and writing. */
unsigned char *section_map(int file, size_t len);

/* All of it, of @pages pages of @kind. */
struct section section_make(unsigned int kind, size_t pages);
void section_free(struct section *section);

/* Files of memory that this process has mapped. */
size_t section_mappings(void);

/* What the process writes the driver finds, and the reverse, in @len bytes. */
void section_is_true(const struct section *section, size_t offset, size_t len);

#endif /* SECTION_CALLS_H */

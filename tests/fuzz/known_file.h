/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: where the bytes of files of memory are, as a program maps them
 *
 * How long a file is, and how it is sealed, is not written down: the kernel tells.
 */
#ifndef FUZZ_KNOWN_FILE_H
#define FUZZ_KNOWN_FILE_H

#include <stdbool.h>
#include <linux/types.h>

#define HUGE_PAGE	(2ull << 20)

/* Bytes of each file that can be seen outside of what programs may change. */
#define FILE_VIEW	(8ull << 20)

struct file;

/* A program begins; it is over, and nothing is to be seen any more. */
void files_begin(void);
void files_end(void);

/* That of a descriptor, of pages of @page bytes, or NULL; whether another is of it. */
struct file *file_add(int fd, __u64 page);
bool file_is(const struct file *file, int fd);
__u64 file_page(const struct file *file);

/* The address from which on its bytes are to be seen, if they can be mapped there. */
__u64 file_view(const struct file *file);

/* The bytes of a file from @offset on are mapped; what is mapped is moved. */
void file_mapped(struct file *file, __u64 at, __u64 len, __u64 offset);
void files_moved(__u64 at, __u64 len, __u64 to);

/* What is mapped of a file may be another from now on. */
void file_lose_places(const struct file *file);

/* Whether a byte of one span of memory may be one of another, at another address. */
bool files_overlap(__u64 at, __u64 len, __u64 other, __u64 other_len);

#endif /* FUZZ_KNOWN_FILE_H */

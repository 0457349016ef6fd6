/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - memory of each kind that kshm(7) has an answer for
 */
#ifndef PINNABLE_MEMORY_H
#define PINNABLE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/**
 * struct memory - some pages of one kind, in which something is already
 * @data: where
 * @len: how many bytes
 * @bad: where the first page is in them that nobody can pin, if there is one
 * @mapping: what is mapped there, as an explanation says
 * @prot: and how
 * @file: the file that is mapped, or -1
 * @other: the file's bytes, mapped once more, or others' zeros of the same page; or NULL
 * @shared: what is written to @data is written to @other, and the reverse
 * @fixed: nothing makes it writable where it is mapped
 * @blank: zeros are in it, otherwise what memory_is_first() knows
 * @base: of the whole mapping
 * @size: of that, and of @other
 * @served: the missing pages are brought by a thread
 */
struct memory {
	unsigned char *data;
	size_t len;
	size_t bad;
	__u32 mapping;
	__u32 prot;
	int file;
	unsigned char *other;
	bool shared;
	bool fixed;
	bool blank;
	unsigned char *base;
	size_t size;
	bool served;
};

/* Each makes one. Of what no page is there yet it touches nothing. */
struct memory memory_private_anonymous(void);
struct memory memory_transparent_huge_pages(void);
struct memory memory_zero_page(void);
struct memory memory_huge_zero_page(void);
struct memory memory_shared_anonymous(void);
struct memory memory_memfd(void);
struct memory memory_memfd_read_only(void);
struct memory memory_private_memfd(void);
struct memory memory_file_on_tmpfs(void);
struct memory memory_private_hugetlb(void);
struct memory memory_private_hugetlb_read_only(void);
struct memory memory_shared_hugetlb(void);
struct memory memory_shared_hugetlb_read_only(void);
struct memory memory_private_file(void);
struct memory memory_private_file_read_only(void);
struct memory memory_shared_file_on_ext4(void);
struct memory memory_shared_file_on_xfs(void);
struct memory memory_shared_file_read_only(void);
struct memory memory_file_opened_read_only(void);
struct memory memory_device_memory(void);
struct memory memory_secret_memory(void);
struct memory memory_gap(void);
struct memory memory_beyond_the_end_of_a_file(void);
struct memory memory_userfaultfd(void);
struct memory memory_userfaultfd_user_mode_only(void);

/* Reads each page, where a program can do that, and nobody has to bring it. */
void memory_read(const struct memory *m);

void memory_end(struct memory *m);

/* Whether @bytes are what was in @m when it was made. */
bool memory_is_first(const struct memory *m, const unsigned char *bytes);

#endif /* PINNABLE_MEMORY_H */

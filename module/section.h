/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - sections: sealed memory files whose pages are pinned
 */
#ifndef KSHM_SECTION_H
#define KSHM_SECTION_H

#include <linux/fs.h>
#include <linux/iversion.h>
#include <linux/types.h>

struct kshm_buffer;
struct kshm_explain;
struct kshm_sequence;

/**
 * struct kshm_section - a file of memory that a buffer has pages of
 * @file: a reference; the only file that anything of kshm keeps
 * @first: number in the file of the buffer's first page
 * @sequence: the counter of the file; a reference
 * @lost: one more than the number in the file of the first page that was found to be
 *	there no more; 0 as long as none was; set once
 * @kept: all pages are there and stay there: nobody needs to look; set once
 * @holed: not all pages are there, and will never be again; set once
 * @counts: the file counts the times that it was given a hole
 * @seen: what it had counted when all pages were there
 * @looked: pages looked at since, more or less: whoever has looked at as many as there
 *	are looks at all of them
 */
struct kshm_section {
	struct file *file;
	pgoff_t first;
	struct kshm_sequence *sequence;
	unsigned long lost;
	bool kept;
	bool holed;
	bool counts;
	u64 seen;
	unsigned long looked;
};

/**
 * struct kshm_lost - what is known of a section that has lost a page
 * @offset: in the file, of the first one that was found
 * @found: by this very look
 */
struct kshm_lost {
	u64 offset;
	bool found;
};

struct kshm_section *kshm_section_open(int fd, bool write,
				       struct kshm_explain *why);
struct file *kshm_section_reopen(const struct file *file, bool write,
				 struct kshm_explain *why);
struct kshm_section *kshm_section_alloc(struct file *file,
					struct kshm_explain *why);
int kshm_section_reserve_fd(const struct kshm_section *section, bool write,
			    struct file **file, struct kshm_explain *why);
bool kshm_section_is_writable(const struct kshm_section *section);
void kshm_section_end(struct kshm_section *section);
int kshm_section_measure(struct kshm_section *section, u64 offset, u64 len,
			 struct kshm_buffer *buf, struct kshm_explain *why);
int kshm_section_fill(struct kshm_section *section, struct kshm_buffer *buf,
		      struct kshm_explain *why);
int kshm_section_look(struct kshm_section *section,
		      const struct kshm_buffer *buf, unsigned long first,
		      unsigned long end, struct kshm_lost *lost);
u32 kshm_section_state(const struct kshm_section *section);

/* What the file has counted, never ~0. */
static inline u64 kshm_section_count(const struct kshm_section *section)
{
	return inode_peek_iversion(file_inode(section->file));
}

/* Whether a page could be lost that nobody has looked for. */
static inline bool kshm_section_is_doubtful(const struct kshm_section *section)
{
	return !READ_ONCE(section->kept) &&
	       READ_ONCE(section->seen) != kshm_section_count(section);
}

#endif /* KSHM_SECTION_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - sections: sealed memory files whose pages are pinned
 *
 * A memfd that can never become shorter has its pages pinned as those of a caller's
 * memory are: through a mapping of it that the caller has for that moment. Faults do
 * what they do for him, huge pages are reserved, whoever decides about mappings is
 * asked, and a kill ends it; memfd_pin_folios(), which newer kernels have, does none of
 * that. But the mapping is the caller's, and he may have replaced it, or changed the
 * file: what was pinned is believed when every page was seen to be the file's, and the
 * seals looked at once more. They can only have become more, and F_SEAL_WRITE is not
 * added while pages of the file are pinned.
 *
 * Seals do not keep a file from losing pages in its middle to a hole, and getting
 * others there, unless they are those against writing. So each use looks whether the
 * pages are the file's still, unless that is known: for good of a file that is sealed
 * against writing; and of one of shmem, which counts the times that it is given a hole,
 * until it has counted on.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kshm.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>

#include "buffer.h"
#include "compat/compat.h"
#include "explain.h"
#include "fill.h"
#include "limits.h"
#include "section.h"
#include "sequence.h"

#define WRITE_SEALS	(F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)

/* What lacks memory once may have it the next time. */
#define TRIES		8

/* The seals of a file of memory, or NULL if it is none. */
static const unsigned int *seals_of(struct inode *inode)
{
	if (!S_ISREG(inode->i_mode))
		return NULL;
	switch (inode->i_sb->s_magic) {
	case TMPFS_MAGIC:
		return &SHMEM_I(inode)->seals;
#ifdef CONFIG_HUGETLBFS
	case HUGETLBFS_MAGIC:
		return &HUGETLBFS_I(inode)->seals;
#endif
	default:
		return NULL;
	}
}

static unsigned int seals(const struct file *file)
{
	return READ_ONCE(*seals_of(file_inode(file)));
}

static int explain_sealed(const struct file *file, struct kshm_explain *why)
{
	return kshm_explain_numbers(why, KSHM_EXPLAIN_SEALED, 0, EACCES, 0,
				    seals(file), 0);
}

/* @lacks: KSHM_REGION_* bits */
static int explain_access(u32 lacks, struct kshm_explain *why)
{
	return kshm_explain_numbers(why, KSHM_EXPLAIN_FD_ACCESS, 0, EACCES,
				    lacks, 0, 0);
}

static int explain_hole(u64 offset, struct kshm_explain *why)
{
	return kshm_explain_numbers(why, KSHM_EXPLAIN_HOLE, 0, ESTALE, offset,
				    0, 0);
}

static int check_seals(const struct file *file, bool write,
		       struct kshm_explain *why)
{
	unsigned int has = seals(file);

	if (!(has & F_SEAL_SHRINK))
		return kshm_explain_numbers(why, KSHM_EXPLAIN_SEALS, 0, EINVAL,
					    F_SEAL_SHRINK, has, 0);
	if (write && has & WRITE_SEALS)
		return explain_sealed(file, why);
	return 0;
}

/* Whoever maps a file for writing has to be able to read it, too. */
static int check_mode(const struct file *file, bool write,
		      struct kshm_explain *why)
{
	u32 lacks = 0;

	if (!(file->f_mode & FMODE_READ))
		lacks |= KSHM_REGION_READ;
	if (write && !(file->f_mode & FMODE_WRITE))
		lacks |= KSHM_REGION_WRITE;
	return lacks ? explain_access(lacks, why) : 0;
}

/* Seals and rights were looked at before: what is left is a policy. */
static int explain_reopen(int error, struct kshm_explain *why)
{
	if (error == -ENFILE || error == -ENOMEM)
		return kshm_explain_error(why, 0, error);
	if (error == -EWOULDBLOCK)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_LEASE, 0,
					    EBUSY, 0, 0, 0);
	return kshm_explain_numbers(why, KSHM_EXPLAIN_SEALED, 0, EACCES, 0, 0,
				    0);
}

/**
 * kshm_section_reopen() - a file of memory, opened once more
 * @file: the file
 * @write: for reading and writing, or for reading
 * @why: gets the explanation on failure
 *
 * Does not wait for a lease of somebody's.
 *
 * Return: an open file of its own, a reference; or ERR_PTR: -ENFILE, -ENOMEM, -EBUSY if
 * somebody has a lease on it that is in the way, or -EACCES if somebody who decides about
 * files says so.
 */
struct file *kshm_section_reopen(const struct file *file, bool write,
				 struct kshm_explain *why)
{
	unsigned int flags = (write ? O_RDWR : O_RDONLY) | O_LARGEFILE;
	struct file *again;

	/* It is for the lease only that it is O_NONBLOCK. */
	again = dentry_open(&file->f_path, flags | O_NONBLOCK, current_cred());
	if (IS_ERR(again))
		return ERR_PTR(explain_reopen(PTR_ERR(again), why));
	/* Nobody else has it yet. */
	again->f_flags &= ~O_NONBLOCK;
	return again;
}

/*
 * The file as it is needed, and no more than that: in the mapping of a file that is
 * open for reading nobody can write, and there is one of a file that is sealed against
 * that, which older kernels do not have of others.
 */
static struct file *open_for(struct file *file, bool write,
			     struct kshm_explain *why)
{
	if (write || !(file->f_mode & FMODE_WRITE))
		return get_file(file);
	return kshm_section_reopen(file, false, why);
}

/**
 * kshm_section_alloc() - a section of a file, without pages yet
 * @file: a file of memory that cannot become shorter, or ERR_PTR; the section gets the
 *	reference, also if there is none
 * @why: gets the explanation if there is no memory
 *
 * Return: the section or ERR_PTR: -ENOMEM, or what @file is.
 */
struct kshm_section *kshm_section_alloc(struct file *file,
					struct kshm_explain *why)
{
	struct kshm_section *section;

	if (IS_ERR(file))
		return ERR_CAST(file);
	section = kzalloc(sizeof(*section), GFP_KERNEL_ACCOUNT);
	if (section)
		section->sequence = kshm_sequence_of(file_inode(file));
	if (!section || !section->sequence) {
		kfree(section);
		fput(file);
		return ERR_PTR(kshm_explain_error(why, 0, -ENOMEM));
	}
	section->file = file;
	section->counts = file_inode(file)->i_sb->s_magic == TMPFS_MAGIC &&
			  IS_I_VERSION(file_inode(file));
	section->seen = U64_MAX;
	return section;
}

static struct kshm_section *section_of(struct file *file, bool write,
				       struct kshm_explain *why)
{
	int ret;

	ret = check_mode(file, write, why) ?: check_seals(file, write, why);
	if (ret)
		return ERR_PTR(ret);
	return kshm_section_alloc(open_for(file, write, why), why);
}

/**
 * kshm_section_open() - a section of the caller's file
 * @fd: his descriptor of it, any number
 * @write: whether its pages will be pinned for writing
 * @why: gets the explanation on failure
 *
 * Return: the section, without pages yet; or ERR_PTR: -EBADF if it is no file of
 * memory, -EACCES, -EBUSY, -EINVAL, -ENFILE, -ENOMEM.
 */
struct kshm_section *kshm_section_open(int fd, bool write,
				       struct kshm_explain *why)
{
	struct file *file = fget(fd);
	struct kshm_section *section;

	if (file && seals_of(file_inode(file)))
		section = section_of(file, write, why);
	else
		section = ERR_PTR(kshm_explain_numbers(why, KSHM_EXPLAIN_MEMFD, 0,
						       EBADF, 0, (u32)fd, 0));
	if (file)
		fput(file);
	return section;
}

/**
 * kshm_section_reserve_fd() - a descriptor of the file, for the caller
 * @section: the section, which has it open for writing if @write
 * @write: whether he may write to it, too
 * @file: gets an open file of its own, a reference, to be there
 * @why: gets the explanation on failure
 *
 * Return: the descriptor, reserved, with O_CLOEXEC; or -EMFILE, -ENFILE, -ENOMEM, -EBUSY
 * if somebody has a lease on it that is in the way, or -EACCES if somebody who decides
 * about files says so.
 */
int kshm_section_reserve_fd(const struct kshm_section *section, bool write,
			    struct file **file, struct kshm_explain *why)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);

	if (fd < 0)
		return kshm_explain_error(why, 0, fd);
	*file = kshm_section_reopen(section->file, write, why);
	if (!IS_ERR(*file))
		return fd;
	put_unused_fd(fd);
	return PTR_ERR(*file);
}

/* Whether others can be let write to the file. */
bool kshm_section_is_writable(const struct kshm_section *section)
{
	return !(seals(section->file) & WRITE_SEALS);
}

/**
 * kshm_section_end() - let go of the file, after the pages were unpinned
 * @section: the section, which nobody uses; NULL is none
 *
 * Context: process context, any task.
 */
void kshm_section_end(struct kshm_section *section)
{
	if (!section)
		return;
	kshm_sequence_put(section->sequence);
	fput(section->file);
	kfree(section);
}

static int check_aligned(u64 bytes, struct kshm_explain *why)
{
	if (PAGE_ALIGNED(bytes))
		return 0;
	return kshm_explain_numbers(why, KSHM_EXPLAIN_ALIGN, 0, EINVAL,
				    PAGE_SIZE, bytes, 0);
}

/**
 * kshm_section_measure() - which bytes of the file a buffer will have
 * @section: the section, whose file does not get shorter any more
 * @offset: of the first byte in the file
 * @len: bytes; 0 for all from there on
 * @buf: gets the length
 * @why: gets the explanation on failure
 *
 * Return: 0, -EINVAL or -ERANGE.
 */
int kshm_section_measure(struct kshm_section *section, u64 offset, u64 len,
			 struct kshm_buffer *buf, struct kshm_explain *why)
{
	struct inode *inode = file_inode(section->file);
	u64 size = i_size_read(inode);
	int ret;

	/* A file of huge pages can be longer than these: nobody can map the rest. */
	if (inode->i_blkbits > PAGE_SHIFT)
		size = round_down(size, 1ULL << inode->i_blkbits);
	if (!size)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_EMPTY_FILE, 0,
					    EINVAL, 0, 0, 0);
	if (offset >= size || len > size - offset)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_FILE_PART, 0,
					    ERANGE, len, offset, size);
	len = len ?: size - offset;
	ret = check_aligned(offset, why) ?: check_aligned(len, why);
	if (ret)
		return ret;
	section->first = offset >> PAGE_SHIFT;
	buf->len = len;
	return 0;
}

static int explain_map(const struct kshm_section *section,
		       const struct kshm_buffer *buf, int error,
		       struct kshm_explain *why)
{
	if (error == -EINTR)
		return kshm_explain_error(why, 0, error);
	if (error == -EPERM || error == -EACCES)
		return explain_sealed(section->file, why);
	return kshm_explain_numbers(why, KSHM_EXPLAIN_FILE_PAGES, 0, ENOMEM,
				    buf->len, 0, 0);
}

/* Pins what @range is for the moment, in a mapping of the file. */
static int pin_mapped(const struct kshm_section *section,
		      struct kshm_buffer *buf, const struct kshm_range *range,
		      struct kshm_explain *why)
{
	int ret = kshm_fill(buf, range, 1, buf->len >> PAGE_SHIFT, why);
	pgoff_t missing = section->first + buf->nr_pages;

	if (ret != -EFAULT)
		return ret;
	/* Somebody takes it away as fast as it is brought in. */
	return explain_hole((u64)missing << PAGE_SHIFT, why);
}

/* That needs memory. If the caller is being killed the mapping goes with the others. */
static void unmap(unsigned long addr, u64 len)
{
	int try;

	for (try = 0; try < TRIES; try++)
		if (vm_munmap(addr, len) != -ENOMEM)
			return;
}

/* Huge pages of hugetlb are mapped as a whole, whatever is pinned of them. */
static int map_and_pin(const struct kshm_section *section,
		       struct kshm_buffer *buf, struct kshm_explain *why)
{
	const u64 unit = i_blocksize(file_inode(section->file));
	u64 start = (u64)section->first << PAGE_SHIFT, end = start + buf->len;
	u64 from = round_down(start, unit), len = round_up(end, unit) - from;
	struct kshm_range range = { .len = buf->len };
	unsigned long addr;
	int ret;

	addr = vm_mmap(section->file, 0, len,
		       PROT_READ | (buf->write ? PROT_WRITE : 0), MAP_SHARED, from);
	if (IS_ERR_VALUE(addr))
		return explain_map(section, buf, addr, why);
	range.addr = addr + (start - from);
	ret = pin_mapped(section, buf, &range, why);
	unmap(addr, len);
	return ret;
}

/**
 * kshm_section_fill() - pin the pages of a section
 * @section: the section
 * @buf: measured; gets the pages; on failure it has to be undone
 * @why: gets the explanation on failure
 *
 * Context: process context, any task with memory of its own. May sleep. A child that
 * another thread makes meanwhile has the mapping, too, for as long as it lives.
 * Return: 0; -ENOMEM if the file cannot have its pages, -EACCES if it was sealed in
 * the meantime, -ESTALE if it loses them; or -EINTR if the caller is being killed.
 */
int kshm_section_fill(struct kshm_section *section, struct kshm_buffer *buf,
		      struct kshm_explain *why)
{
	struct kshm_lost lost;
	int ret;

	ret = map_and_pin(section, buf, why);
	if (ret)
		return ret;
	ret = kshm_section_look(section, buf, 0, buf->nr_pages, &lost);
	if (ret == -ESTALE)
		return explain_hole(lost.offset, why);
	if (ret)
		return kshm_explain_error(why, 0, ret);
	return check_seals(section->file, buf->write, why);
}

/*
 * Whether the file has @page as its page number @index.
 *
 * No lock is needed. The page is pinned, so that its folio is neither freed nor split
 * nor moved, and keeps its number. A folio that leaves its file has no mapping from
 * then on, and gets none again as long as others than the file hold it. So what was
 * over before a request began is seen by it; of what goes on meanwhile it is as good to
 * see nothing.
 */
static bool in_file(const struct kshm_section *section, struct page *page,
		    pgoff_t index)
{
	const struct folio *folio = page_folio(page);
	unsigned long before = page_to_pfn(page) - page_to_pfn(&folio->page);
	unsigned int order;

	/* Of a page of the file, which are the huge ones of hugetlb there. */
	order = file_inode(section->file)->i_blkbits - PAGE_SHIFT;
	return READ_ONCE(folio->mapping) == section->file->f_mapping &&
	       kshm_folio_index(folio, order) + before == index;
}

static int say_lost(struct kshm_section *section, struct kshm_lost *lost)
{
	lost->offset = ((u64)READ_ONCE(section->lost) - 1) << PAGE_SHIFT;
	return -ESTALE;
}

static int lose(struct kshm_section *section, pgoff_t index,
		struct kshm_lost *lost)
{
	lost->found = !cmpxchg(&section->lost, 0, index + 1);
	return say_lost(section, lost);
}

/* Looks at the pages from @first on to before @end; *@lost gets the number of one lost. */
static int look_at(const struct kshm_section *section, const struct kshm_buffer *buf,
		   unsigned long first, unsigned long end, pgoff_t *lost)
{
	unsigned long page, run, looks = 0;
	struct page *start;

	for (page = first; page < end; page += run) {
		start = kshm_buffer_run(buf, page, &run);
		*lost = section->first + page;
		if (!in_file(section, start, *lost))
			return -ESTALE;
		if (++looks % KSHM_BATCH_PAGES)
			continue;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/*
 * Looks at all pages: 0 if all are there, which is noted. What is counted is read before,
 * so that a hole that comes meanwhile is found out the next time, and so are the seals:
 * they are set, and holes made, under the inode's lock.
 */
static int look_at_all(struct kshm_section *section, const struct kshm_buffer *buf)
{
	const bool sealed = seals(section->file) & WRITE_SEALS;
	const u64 count = kshm_section_count(section);
	pgoff_t lost;
	int ret;

	/* Pairs with that lock, and the full barrier of who counts: a hole of before is seen. */
	smp_rmb();
	ret = look_at(section, buf, 0, buf->nr_pages, &lost);
	WRITE_ONCE(section->looked, 0);
	if (ret == -ESTALE)
		WRITE_ONCE(section->holed, true);
	if (ret)
		return ret;
	if (sealed)
		WRITE_ONCE(section->kept, true);
	if (section->counts)
		WRITE_ONCE(section->seen, count);
	return 0;
}

/*
 * Whether it pays to look at all pages, though only @nr of them are used: so that who
 * makes holes elsewhere all the time has others look at twice as many at the most.
 */
static bool pays(struct kshm_section *section, const struct kshm_buffer *buf,
		 unsigned long nr)
{
	const unsigned long looked = READ_ONCE(section->looked) + nr;

	if (READ_ONCE(section->holed))
		return false;
	if (seals(section->file) & WRITE_SEALS)
		return true;
	WRITE_ONCE(section->looked, looked);
	return section->counts && looked >= buf->nr_pages;
}

/**
 * kshm_section_look() - look whether pages of a section are the file's still
 * @section: the section
 * @buf: its buffer, finished
 * @first: number of the first page in it
 * @end: number of the first page behind; @first for none
 * @lost: what is known, if a page is lost
 *
 * Context: process context, any task. May sleep.
 * Return: 0; -ESTALE if the file has another page somewhere there, or none, or that
 * was ever so; -EINTR if the caller is being killed.
 */
int kshm_section_look(struct kshm_section *section,
		      const struct kshm_buffer *buf, unsigned long first,
		      unsigned long end, struct kshm_lost *lost)
{
	pgoff_t index;
	int ret;

	lost->found = false;
	if (READ_ONCE(section->lost))
		return say_lost(section, lost);
	if (pays(section, buf, end - first) && !look_at_all(section, buf))
		return 0;
	ret = look_at(section, buf, first, end, &index);
	return ret == -ESTALE ? lose(section, index, lost) : ret;
}

/**
 * kshm_section_state() - what is known, without looking
 * @section: the section; NULL is none
 *
 * Context: any.
 * Return: KSHM_STATE_* bits.
 */
u32 kshm_section_state(const struct kshm_section *section)
{
	if (!section)
		return 0;
	return KSHM_STATE_SECTION |
	       (READ_ONCE(section->lost) ? KSHM_STATE_STALE : 0);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: where the bytes of files of memory are, as a program maps them
 */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "known.h"
#include "known_file.h"

#define MAX_SPANS	(MAX_OPS + 1)

/* Behind what programs may change, a place for each file. */
#define VIEWS		(AREA_END + AREA_SIZE)

/**
 * struct span - where bytes of a file were mapped once; they may be there still
 * @at: address
 * @len: bytes
 * @offset: of the first in the file
 */
struct span {
	__u64 at, len, offset;
};

/**
 * struct file - a file of memory
 * @page: bytes of its pages
 * @device: number of what it is in
 * @inode: its number there
 * @nr_spans: of @spans
 * @spans: where it was mapped
 */
struct file {
	__u64 page;
	dev_t device;
	ino_t inode;
	unsigned int nr_spans;
	struct span spans[MAX_SPANS];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;	/* all of these */
static struct file files[MAX_OPS];
static unsigned int nr_files;
static bool some_are_lost;	/* spans */

void files_begin(void)
{
	nr_files = 0;
	some_are_lost = false;
}

void files_end(void)
{
	munmap((void *)VIEWS, MAX_OPS * FILE_VIEW);
}

struct file *file_add(int fd, __u64 page)
{
	struct file *file = NULL;
	struct stat stat;

	pthread_mutex_lock(&lock);
	if (nr_files < MAX_OPS && !fstat(fd, &stat)) {
		file = &files[nr_files++];
		file->page = page;
		file->device = stat.st_dev;
		file->inode = stat.st_ino;
		file->nr_spans = 0;
	}
	pthread_mutex_unlock(&lock);
	return file;
}

bool file_is(const struct file *file, int fd)
{
	struct stat stat;

	return !fstat(fd, &stat) && stat.st_dev == file->device && stat.st_ino == file->inode;
}

__u64 file_page(const struct file *file)
{
	return file->page;
}

__u64 file_view(const struct file *file)
{
	return VIEWS + (file - files) * FILE_VIEW;
}

static void add(struct file *file, __u64 at, __u64 len, __u64 offset)
{
	if (file->nr_spans < MAX_SPANS)
		file->spans[file->nr_spans++] = (struct span){ at, len, offset };
	else
		some_are_lost = true;
}

void file_mapped(struct file *file, __u64 at, __u64 len, __u64 offset)
{
	pthread_mutex_lock(&lock);
	add(file, at, len, offset);
	pthread_mutex_unlock(&lock);
}

static bool meets(const struct span *span, __u64 at, __u64 len)
{
	return span->at < at + len && at < span->at + span->len;
}

/* As if all of a mapping was moved, of which that may be a part. */
static void move(struct file *file, __u64 at, __u64 len, __u64 to)
{
	unsigned int i, nr = file->nr_spans;

	for (i = 0; i < nr; i++) {
		const struct span *span = &file->spans[i];

		if (meets(span, at, len))
			add(file, to + (span->at - at), span->len, span->offset);
	}
}

void files_moved(__u64 at, __u64 len, __u64 to)
{
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_files; i++)
		move(&files[i], at, len, to);
	pthread_mutex_unlock(&lock);
}

void file_lose_places(const struct file *file)
{
	unsigned int i;

	for (i = 0; i < file->nr_spans; i++)
		known_lose(file->spans[i].at, file->spans[i].len, MAYBE_LOST);
}

/* The same of two mappings of one file. */
static bool spans_overlap(const struct span *one, __u64 at, __u64 len,
			  const struct span *other, __u64 other_at, __u64 other_len)
{
	if (!meets(one, at, len) || !meets(other, other_at, other_len))
		return false;
	at += one->offset - one->at;
	other_at += other->offset - other->at;
	return (__s64)(at - other_at - other_len) < 0 && (__s64)(other_at - at - len) < 0;
}

static bool file_overlaps(const struct file *file, __u64 at, __u64 len, __u64 other,
			  __u64 other_len)
{
	unsigned int i, j;

	for (i = 0; i < file->nr_spans; i++)
		for (j = 0; j < file->nr_spans; j++)
			if (spans_overlap(&file->spans[i], at, len, &file->spans[j], other,
					  other_len))
				return true;
	return false;
}

bool files_overlap(__u64 at, __u64 len, __u64 other, __u64 other_len)
{
	bool overlap = some_are_lost;
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_files && !overlap; i++)
		overlap = file_overlaps(&files[i], at, len, other, other_len);
	pthread_mutex_unlock(&lock);
	return overlap;
}

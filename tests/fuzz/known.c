// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: what is known of the regions that a program makes
 */
#include <pthread.h>
#include <string.h>

#include "known.h"
#include "memory.h"

#define PAGE	4096ull

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;	/* all of these */
static struct region regions[MAX_OPS];
static unsigned int nr_regions;
static __u32 slots[SLOTS];
static bool is_alone, in_doubt[MAX_HANDLES], was_any[MAX_HANDLES];

void known_begin(bool alone)
{
	nr_regions = 0;
	is_alone = alone;
	memset(slots, 0, sizeof(slots));
	memset(in_doubt, 0, sizeof(in_doubt));
	memset(was_any, 0, sizeof(was_any));
}

void known_add(const struct region *region, unsigned int slot)
{
	pthread_mutex_lock(&lock);
	if (nr_regions < MAX_OPS)
		regions[nr_regions++] = *region;
	was_any[region->handle] = true;
	slots[slot] = region->id;
	pthread_mutex_unlock(&lock);
}

void known_doubt(unsigned int handle)
{
	pthread_mutex_lock(&lock);
	in_doubt[handle] = true;
	was_any[handle] = true;
	pthread_mutex_unlock(&lock);
}

void known_put(unsigned int slot, __u32 id)
{
	pthread_mutex_lock(&lock);
	slots[slot] = id;
	pthread_mutex_unlock(&lock);
}

static struct region *find(unsigned int handle, __u32 id)
{
	unsigned int i;

	for (i = 0; i < nr_regions; i++)
		if (regions[i].handle == handle && regions[i].id == id)
			return &regions[i];
	return NULL;
}

void known_drop(unsigned int handle, __u32 id)
{
	struct region *region;

	pthread_mutex_lock(&lock);
	region = find(handle, id);
	if (region)
		*region = regions[--nr_regions];
	pthread_mutex_unlock(&lock);
}

void known_forget(unsigned int handle)
{
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = nr_regions; i-- > 0; )
		if (regions[i].handle == handle)
			regions[i] = regions[--nr_regions];
	in_doubt[handle] = false;
	pthread_mutex_unlock(&lock);
}

static bool overlaps(const struct kshm_range *range, __u64 at, __u64 len)
{
	return range->len && (range->addr & -PAGE) < at + len && at < range->addr + range->len;
}

void known_lose(__u64 at, __u64 len)
{
	unsigned int i, j;

	at &= -PAGE;
	len = (len + PAGE - 1) & -PAGE;
	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_regions; i++)
		for (j = 0; j < regions[i].nr_ranges; j++)
			if (overlaps(&regions[i].ranges[j], at, len))
				regions[i].has_place = false;
	pthread_mutex_unlock(&lock);
}

bool known_is_sure(unsigned int handle)
{
	return is_alone && !in_doubt[handle];
}

bool known_was_any(unsigned int handle)
{
	return was_any[handle];
}

bool known_find(unsigned int handle, __u32 id, struct region *region)
{
	const struct region *known;

	pthread_mutex_lock(&lock);
	known = find(handle, id);
	if (known)
		*region = *known;
	pthread_mutex_unlock(&lock);
	return known;
}

unsigned int known_number(unsigned int handle)
{
	unsigned int i, nr = 0;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_regions; i++)
		nr += regions[i].handle == handle;
	pthread_mutex_unlock(&lock);
	return nr;
}

__u64 known_pages(void)
{
	__u64 pages = 0;
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_regions; i++)
		if (known_is_sure(regions[i].handle) && regions[i].pages != UNKNOWN_PAGES)
			pages += regions[i].pages;
	pthread_mutex_unlock(&lock);
	return pages;
}

__u32 known_id(__u64 value)
{
	__u32 id = value;

	if (value < SLOT0 || value >= SLOT0 + SLOTS)
		return id;
	pthread_mutex_lock(&lock);
	id = slots[value - SLOT0];
	pthread_mutex_unlock(&lock);
	return id;
}

/* Of a part of a region; 0 if it is not inside. */
static unsigned int part(const struct region *region, __u64 offset, __u64 len,
			 struct iovec *pieces)
{
	unsigned int i, nr = 0;
	__u64 here;

	if (!region->has_place || offset > region->len || len > region->len - offset)
		return 0;
	for (i = 0; i < region->nr_ranges && len; i++) {
		const struct kshm_range *range = &region->ranges[i];

		if (offset >= range->len) {
			offset -= range->len;
			continue;
		}
		here = range->len - offset < len ? range->len - offset : len;
		pieces[nr++] = (struct iovec){ (void *)(range->addr + offset), here };
		offset = 0;
		len -= here;
	}
	return nr;
}

unsigned int known_pieces(unsigned int handle, const __u64 *operand, struct iovec *pieces)
{
	struct region region;
	unsigned int i, nr;

	if (operand[KIND] == KSHM_OPERAND_REGION) {
		if (!known_find(handle, operand[OP_ID], &region))
			return 0;
		nr = part(&region, operand[ADDR], operand[LEN], pieces);
	} else {
		*pieces = (struct iovec){ (void *)operand[ADDR], operand[LEN] };
		nr = !!operand[LEN];
	}
	for (i = 0; i < nr; i++)
		if (!memory_is_area((unsigned long)pieces[i].iov_base, pieces[i].iov_len))
			return 0;
	return nr;
}

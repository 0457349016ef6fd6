// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: what is known of the regions that a program makes
 */
#include <pthread.h>
#include <string.h>

#include "known.h"
#include "known_file.h"
#include "known_name.h"
#include "known_share.h"
#include "memory.h"

#define PAGE	4096ull

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;	/* all of these */
static struct region regions[MAX_OPS];
static struct hold holds[MAX_OPS];
static unsigned int nr_regions, nr_holds;
static __u32 slots[SLOTS];
static bool is_sure, revokes, changes, submits, was_any[MAX_HANDLES];

static bool overlap(__u64 at, __u64 len, __u64 other, __u64 other_len)
{
	return at < other + other_len && other < at + len;
}

/* Whether something is mapped where a mapping is already. */
static bool maps_over(const struct program *program, unsigned int number)
{
	const struct op *map = &program->ops[number], *other;

	for (other = program->ops; other < map; other++)
		if (other->type == OP_MAP &&
		    overlap(op_map_at(map), op_map_len(map), op_map_at(other),
			    op_map_len(other)))
			return true;
	return false;
}

static bool names_region(const struct op *op)
{
	return op->v[IN + KIND] == KSHM_OPERAND_REGION ||
	       op->v[OUT + KIND] == KSHM_OPERAND_REGION ||
	       op->v[DATA + KIND] == KSHM_OPERAND_REGION;
}

/*
 * A part of one is in use until the completion is read. Where structs are in memory of
 * several threads what one submits may be what another names.
 */
static bool may_submit_region(const struct program *program)
{
	bool submits_any = false, names_any = false;
	unsigned int i;

	for (i = 0; i < program->nr_ops; i++) {
		if (program->ops[i].type != OP_CONTROL)
			continue;
		submits_any |= op_submits(&program->ops[i]);
		names_any |= names_region(&program->ops[i]);
	}
	return submits_any && names_any;
}

static void look_at(const struct program *program)
{
	unsigned int i;

	revokes = false;
	changes = false;
	submits = may_submit_region(program);
	for (i = 0; i < program->nr_ops; i++) {
		switch (program->ops[i].type) {
		case OP_REGION_REVOKE:
			revokes = true;
			break;
		case OP_UNMAP:
		case OP_DONTNEED:
		case OP_REMAP:
		case OP_FILE_PUNCH:
		case OP_FILE_SIZE:
		case OP_FILE_MAP:
			changes = true;
			break;
		case OP_MAP:
			changes |= maps_over(program, i);
			break;
		}
	}
}

void known_begin(const struct program *program, bool alone)
{
	nr_regions = 0;
	nr_holds = 0;
	is_sure = alone;
	memset(slots, 0, sizeof(slots));
	memset(was_any, 0, sizeof(was_any));
	look_at(program);
}

struct region *known_region(const struct region *region)
{
	struct region *place = NULL;

	pthread_mutex_lock(&lock);
	if (nr_regions < MAX_OPS) {
		place = &regions[nr_regions];
		*place = *region;
		/* Found from here on. */
		nr_regions++;
	}
	pthread_mutex_unlock(&lock);
	return place;
}

void known_add(const struct hold *hold, unsigned int slot)
{
	pthread_mutex_lock(&lock);
	if (nr_holds < MAX_OPS)
		holds[nr_holds++] = *hold;
	was_any[hold->handle] = true;
	slots[slot] = hold->id;
	pthread_mutex_unlock(&lock);
}

void known_doubt(unsigned int handle)
{
	pthread_mutex_lock(&lock);
	is_sure = false;
	was_any[handle] = true;
	pthread_mutex_unlock(&lock);
}

void known_put(unsigned int slot, __u32 id)
{
	pthread_mutex_lock(&lock);
	slots[slot] = id;
	pthread_mutex_unlock(&lock);
}

static struct hold *find(unsigned int handle, __u32 id)
{
	unsigned int i;

	for (i = 0; i < nr_holds; i++)
		if (holds[i].handle == handle && holds[i].id == id)
			return &holds[i];
	return NULL;
}

void known_drop(unsigned int handle, __u32 id)
{
	struct hold *hold;

	pthread_mutex_lock(&lock);
	hold = find(handle, id);
	if (hold)
		*hold = holds[--nr_holds];
	pthread_mutex_unlock(&lock);
}

void known_forget(unsigned int handle)
{
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = nr_holds; i-- > 0; )
		if (holds[i].handle == handle)
			holds[i] = holds[--nr_holds];
	pthread_mutex_unlock(&lock);
	names_close(handle);
}

void known_set_key(unsigned int handle, __u32 id, const struct kshm_region_key *key,
		   __u32 rights)
{
	struct hold *hold;

	pthread_mutex_lock(&lock);
	hold = find(handle, id);
	if (hold) {
		hold->has_key = key;
		if (key)
			hold->key = *key;
		hold->key_rights = rights;
	}
	pthread_mutex_unlock(&lock);
}

/* The page of a region with the first byte of a range, which is @number or its end. */
static unsigned int first_page(const struct region *region, unsigned int number)
{
	unsigned int i, page = 0;

	for (i = 0; i < number; i++) {
		const struct kshm_range *range = &region->ranges[i];

		if (range->len)
			page += (range->addr % PAGE + range->len + PAGE - 1) / PAGE;
	}
	return page;
}

static void lose_pages(struct region *region, unsigned int number, __u64 at, __u64 len,
		       enum lost lost)
{
	unsigned int page = first_page(region, number), end = first_page(region, number + 1);
	__u64 here = region->ranges[number].addr & -PAGE;

	for (; page < end && page < MAX_LOCKED_PAGES; page++, here += PAGE) {
		if (!overlap(here, PAGE, at, len))
			continue;
		region->lost[page] = lost;
		region->has_place = false;
	}
}

static void lose(struct region *region, __u64 at, __u64 len, enum lost lost)
{
	unsigned int i;

	/* Whatever becomes of mappings of the file. */
	if (region->section)
		return;
	if (!region->has_ranges && !region->stale)
		region->stale = MAYBE_LOST;
	for (i = 0; i < region->nr_ranges; i++)
		lose_pages(region, i, at, len, lost);
}

void known_lose(__u64 at, __u64 len, enum lost lost)
{
	unsigned int i;

	at &= -PAGE;
	len = (len + PAGE - 1) & -PAGE;
	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_regions; i++)
		lose(&regions[i], at, len, lost);
	pthread_mutex_unlock(&lock);
}

void known_lose_file(const struct file *file, __u64 offset, __u64 len)
{
	unsigned int i;
	__u64 page;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_regions; i++)
		for (page = 0; regions[i].file == file && page < regions[i].pages; page++)
			if (overlap(regions[i].offset + page * PAGE, PAGE, offset, len))
				regions[i].lost[page] = LOST;
	pthread_mutex_unlock(&lock);
	file_lose_places(file);
}

bool known_attached(const struct file *file)
{
	unsigned int i;
	__u64 page;

	for (i = 0; is_sure && i < nr_regions; i++) {
		if (regions[i].file != file || regions[i].revoked || !known_holds(&regions[i]))
			continue;
		for (page = 0; page < regions[i].pages; page++)
			if (!regions[i].lost[page])
				return true;
	}
	return false;
}

/* The pages of a part: the first, and that behind. */
static unsigned int find_pages(const struct region *region, __u64 offset, __u64 len,
			       unsigned int *end)
{
	__u64 start = offset;
	unsigned int i;

	for (i = 0; i < region->nr_ranges && !region->ranges[i].len; )
		i++;
	if (i < region->nr_ranges)
		start += region->ranges[i].addr % PAGE;
	*end = len ? (start + len + PAGE - 1) / PAGE : start / PAGE;
	if (*end > MAX_LOCKED_PAGES)
		*end = MAX_LOCKED_PAGES;
	return start / PAGE;
}

enum lost known_lost(const struct region *region, __u64 offset, __u64 len)
{
	enum lost lost = region->stale;
	unsigned int page, end;

	if (!(region->watched || region->section) || !region->pages)
		return KEPT;
	for (page = find_pages(region, offset, len, &end); page < end; page++)
		if (region->lost[page] > lost)
			lost = region->lost[page];
	return lost;
}

void known_settle(struct region *region, __u64 offset, __u64 len)
{
	unsigned int page, end;

	pthread_mutex_lock(&lock);
	if (region->has_ranges)
		region->stale = KEPT;
	for (page = find_pages(region, offset, len, &end); page < end; page++)
		region->lost[page] = KEPT;
	pthread_mutex_unlock(&lock);
}

bool known_is_sure(void)
{
	return is_sure;
}

bool known_revokes(void)
{
	return revokes;
}

bool known_changes(void)
{
	return changes;
}

bool known_submits(void)
{
	return submits;
}

bool known_was_any(unsigned int handle)
{
	return was_any[handle];
}

bool known_find(unsigned int handle, __u32 id, struct hold *hold)
{
	const struct hold *known;

	pthread_mutex_lock(&lock);
	known = find(handle, id);
	if (known)
		*hold = *known;
	pthread_mutex_unlock(&lock);
	return known;
}

bool known_find_key(const struct kshm_region_key *key, struct hold *hold)
{
	bool known = false;
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_holds && !known; i++) {
		known = holds[i].has_key && !memcmp(&holds[i].key, key, sizeof(*key));
		if (known)
			*hold = holds[i];
	}
	pthread_mutex_unlock(&lock);
	return known;
}

unsigned int known_number(unsigned int handle)
{
	unsigned int i, nr = 0;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_holds; i++)
		nr += holds[i].handle == handle;
	pthread_mutex_unlock(&lock);
	return nr;
}

unsigned int known_holds(const struct region *region)
{
	unsigned int i, nr = shares_of(region) + names_of(region);

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_holds; i++)
		nr += holds[i].region == region;
	pthread_mutex_unlock(&lock);
	return nr;
}

__u64 known_pages(void)
{
	__u64 pages = 0;
	unsigned int i;

	for (i = 0; is_sure && i < nr_regions; i++)
		if (!regions[i].revoked && regions[i].pages != UNKNOWN_PAGES &&
		    known_holds(&regions[i]))
			pages += regions[i].pages;
	return pages;
}

__u32 known_id(__u64 value)
{
	unsigned int flip = value >> FLIP_SHIFT;
	__u32 id = value;

	value &= (1ull << FLIP_SHIFT) - 1;
	if (value < SLOT0 || value >= SLOT0 + SLOTS)
		return id;
	pthread_mutex_lock(&lock);
	id = slots[value - SLOT0];
	pthread_mutex_unlock(&lock);
	return flip ? id ^ 1u << (flip - 1) % 32 : id;
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
	struct hold hold;
	unsigned int i, nr;

	if (operand[KIND] == KSHM_OPERAND_REGION) {
		if (!known_find(handle, operand[OP_ID], &hold))
			return 0;
		nr = part(hold.region, operand[ADDR], operand[LEN], pieces);
		/* Elsewhere, and nobody writes there. */
		if (hold.region->section)
			return nr;
	} else {
		*pieces = (struct iovec){ (void *)operand[ADDR], operand[LEN] };
		nr = !!operand[LEN];
	}
	for (i = 0; i < nr; i++)
		if (!memory_is_area((unsigned long)pieces[i].iov_base, pieces[i].iov_len))
			return 0;
	return nr;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: a part of a worker's memory that stays pinned from call to call
 *
 * A worker has one region at a time, so that most of its memory can be moved and
 * swapped as before; which part it is changes all the time. What is told of it in the
 * worker's slot lets other workers read the same bytes (neighbour.c).
 */
#include <errno.h>
#include <unistd.h>

#include "device.h"
#include "kshm_test.h"
#include "pattern.h"
#include "region.h"
#include "region_calls.h"
#include "section_calls.h"

#define PAGE	4096UL
#define MORE	(16 * PAGE)

static int attach(int fd, const struct memory *m, size_t from, size_t len, __u32 rights,
		  __u32 *id)
{
	struct kshm_ioc_section_attach arg = section_request(m->fd, rights);
	int ret;

	arg.offset = m->at + from;
	arg.len = len;
	ret = section_try(fd, &arg, NULL);
	*id = arg.out_id;
	return ret;
}

static int pin(int fd, const struct memory *m, size_t from, size_t len, __u32 rights,
	       __u32 *id)
{
	struct kshm_range range = { .addr = to_u64(m->data + from), .len = len };
	struct kshm_ioc_region_create arg = region_request(&range, 1, rights);
	int ret = region_try(fd, &arg);

	*id = arg.out_id;
	return ret;
}

int region_pin(int fd, const struct memory *m, struct span pages, bool writes, __u32 *id)
{
	__u32 rights = KSHM_REGION_READ | (writes ? KSHM_REGION_WRITE : 0);

	return m->kind == MEMORY_SECTION ?
		       attach(fd, m, pages.from, pages.len, rights, id) :
		       pin(fd, m, pages.from, pages.len, rights, id);
}

struct span region_pages(const struct memory *m, struct span s, size_t more)
{
	size_t end = s.from + s.len + more;
	struct span pages = { .from = s.from / PAGE * PAGE };

	if (end > m->len)
		end = m->len;
	pages.len = (end + PAGE - 1) / PAGE * PAGE - pages.from;
	return pages;
}

/* For whoever has the key, which is told last. */
static int show(struct worker *w)
{
	struct shown *shown = &w->slot->shown;
	int ret;

	ret = region_key_try(w->test, w->pinned.id, KSHM_REGION_READ, KSHM_KEY_ANY_UID,
			     &shown->key, NULL);
	if (ret)
		return ret;
	shown->kind = w->pinned.m->kind;
	shown->from = w->pinned.from;
	shown->len = w->pinned.len;
	version_changed(&shown->version);
	return 0;
}

static int make(struct worker *w, struct memory *m, struct span s, bool writes)
{
	const struct span pages = region_pages(m, s, worker_random(w) % MORE);
	struct pinned *p = &w->pinned;
	int ret;

	ret = region_pin(w->test, m, pages, writes, &p->id);
	if (ret)
		return ret;
	p->from = pages.from;
	p->len = pages.len;
	p->writes = writes;
	p->m = m;
	return show(w);
}

static bool has(const struct pinned *p, const struct memory *m, struct span s, bool writes)
{
	return p->m == m && s.from >= p->from && s.from + s.len <= p->from + p->len &&
	       (p->writes || !writes);
}

bool region_find(struct worker *w, struct memory *m, struct span s, enum op op,
		 struct kshm_operand *operand)
{
	bool writes = op_writes(op);
	int ret;

	if (!has(&w->pinned, m, s, writes)) {
		region_drop(w);
		ret = make(w, m, s, writes);
		if (ret) {
			complain("%d: a region of %zu+%zu of %s memory: %d", getpid(), s.from,
				 s.len, memory_name(m->kind), ret);
			return false;
		}
	}
	*operand = region_operand(w->pinned.id, s.from - w->pinned.from, s.len);
	return true;
}

void region_drop(struct worker *w)
{
	struct pinned *p = &w->pinned;
	int ret;

	if (!p->m)
		return;
	version_changing(&w->slot->shown.version);
	ret = region_destroy_try(w->test, p->id, 0);
	if (ret)
		complain("%d: a region cannot be destroyed: %d", getpid(), ret);
	p->m = NULL;
}

/* 0 if its first page has the pattern, or what went wrong. */
static int look_for(struct worker *w, __u32 seed)
{
	struct kshm_test_work work = { .seed = seed };
	struct kshm_test_place place = { };
	struct kshm_ioc_control arg = request(KSHM_TEST_CHECK);
	int ret;

	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = region_operand(w->pinned.id, 0, PAGE);
	ret = control_try(w->test, &arg);
	if (ret || arg.out_status)
		return ret ? ret : arg.out_status;
	return place.wrong ? -EIO : 0;
}

void region_outlive(struct worker *w, void (*unmap)(struct memory *m))
{
	struct pinned *p = &w->pinned;
	bool section = p->m->kind == MEMORY_SECTION;
	__u32 seed = worker_random(w);
	int ret;

	fill_pattern(p->m->data + p->from, PAGE, seed);
	unmap(p->m);
	ret = look_for(w, seed);
	if (ret != (section ? 0 : -ESTALE))
		complain("%d: a region whose %s memory was unmapped: %d", getpid(),
			 memory_name(w->pinned.m->kind), ret);
	else if (!section)
		count(&state->stale);
	region_drop(w);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: the list of names
 */
#include <string.h>
#include <unistd.h>

#include "finding.h"
#include "known.h"
#include "known_name.h"
#include "name.h"
#include "promise.h"

/* Bits that may be there. */
#define STATES	(KSHM_STATE_SECTION | KSHM_STATE_STALE | KSHM_STATE_REVOKED)

void name_make_list(struct thread *thread, const struct op *op, union argument *arg)
{
	struct name_bytes after = name_bytes(op->v[FROM]);
	/* Where the results may get lost nobody says how many there are. */
	const void *own = op->v[AT] == OWN ? thread->own->entries : NULL;

	arg->name_list = (struct kshm_ioc_name_list){
		.size = op->v[SIZE], .flags = op->v[REGION_FLAGS],
		.nr_entries = op->v[LIST_ROOM], .out_nr = 0xa5a5a5a5,
		.entries = thread_address(op->v[LIST_AT], own),
		.explain = thread_address(op->v[EXPLAIN], thread->own->why),
		.out_more = 0xa5a5a5a5, .reserved = op->v[REGION_RESERVED],
	};
	memcpy(arg->name_list.after, after.text, sizeof(after.text));
}

/* Whatever other threads do: texts that rise, and nothing behind them. */
static void check_entry(const struct kshm_name_entry *entry, const char *after)
{
	size_t len = strnlen(entry->name, sizeof(entry->name)), i;

	if (!len || len == sizeof(entry->name) || strcmp(entry->name, after) <= 0)
		found("name-list: a name that does not follow");
	for (i = len; i < sizeof(entry->name); i++)
		if (entry->name[i])
			found("name-list: a name has something behind it");
	for (i = 0; i < sizeof(entry->reserved) / sizeof(*entry->reserved); i++)
		if (entry->reserved[i])
			found("name-list: what is reserved is not zero");
	if (entry->state & ~STATES || entry->flags & ~KSHM_NAME_UNTIL_CLOSE)
		found("name-list: state %#x, flags %#x", entry->state, entry->flags);
}

static void check_known(const struct kshm_name_entry *entry, const struct name *name)
{
	const struct region *region = name->region;
	__u32 state = region->revoked ? KSHM_STATE_REVOKED : KSHM_STATE_SECTION;
	enum lost lost = region->revoked ? MAYBE_LOST : region->stale;

	if (lost == LOST)
		state |= KSHM_STATE_STALE;
	if ((entry->state ^ state) & ~(lost == MAYBE_LOST ? KSHM_STATE_STALE : 0u))
		found("name-list: state %#x of %#x", entry->state, state);
	if (entry->rights != name->rights || entry->mode != name->mode ||
	    !entry->flags != !name->until_close || entry->uid != geteuid() ||
	    entry->gid != (name->gid == KSHM_NAME_OWN_GROUP ? getegid() : name->gid))
		found("name-list: rights %#x, mode %#o, flags %#x, of %u and %u", entry->rights,
		      entry->mode, entry->flags, entry->uid, entry->gid);
	if (entry->len != (region->revoked ? 0 : region->len))
		found("name-list: %llu bytes of %llu", entry->len, region->len);
}

/* All that are known, in their order, as far as there is room. */
static void check_all(const struct op *op, const struct kshm_ioc_name_list *arg,
		      const struct kshm_name_entry *entries)
{
	static const enum name_text order[] = {
		NAME_DOTS, NAME_0, NAME_1, NAME_2, NAME_3, NAME_LONGEST,
	};
	struct name_bytes after = name_bytes(op->v[FROM]), text;
	const unsigned int room = op->v[LIST_ROOM];
	unsigned int i, nr = 0;
	struct name name;

	for (i = 0; i < GOOD_NAMES; i++) {
		text = name_bytes(order[i]);
		if (strcmp(text.text, after.text) <= 0 || !name_find(order[i], &name))
			continue;
		if (nr < arg->out_nr && entries) {
			if (strcmp(entries[nr].name, text.text))
				found("name-list: another name than %s", text.text);
			check_known(&entries[nr], &name);
		}
		nr++;
	}
	if (nr > room ? arg->out_nr != room || !arg->out_more :
			arg->out_nr != nr || arg->out_more)
		found("name-list: %u names of %u, more: %u", arg->out_nr, nr, arg->out_more);
}

void name_take_list(struct thread *thread, const struct op *op)
{
	const struct kshm_ioc_name_list *arg = &thread->own->call.name_list;
	const struct kshm_name_entry *entries = thread->own->entries;
	const char *after = arg->after;
	unsigned int i;

	if (op->v[AT] != OWN)
		return;
	thread->expected->call.name_list.out_nr = arg->out_nr;
	thread->expected->call.name_list.out_more = arg->out_more;
	if (arg->out_nr > (__u32)op->v[LIST_ROOM] || arg->out_nr > GOOD_NAMES ||
	    arg->out_more > 1)
		found("name-list: %u names, more: %u", arg->out_nr, arg->out_more);
	if (op->v[LIST_AT] != OWN)
		entries = NULL;
	for (i = 0; entries && i < arg->out_nr && i < GOOD_NAMES; i++) {
		thread->expected->entries[i] = entries[i];
		check_entry(&entries[i], after);
		after = entries[i].name;
	}
	if (known_is_sure())
		check_all(op, arg, entries);
}

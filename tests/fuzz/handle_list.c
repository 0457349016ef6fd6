// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: the list of handles
 *
 * It tells of other processes, too, whose handles nothing is known of: what can be
 * seen is whether an entry makes sense, and whether it follows the one before.
 */
#include <string.h>
#include <unistd.h>

#include "finding.h"
#include "handle_list.h"
#include "known.h"
#include "promise.h"

#define READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)
#define STATES		(KSHM_STATE_WATCHED | KSHM_STATE_SUSPECT | KSHM_STATE_STALE | \
			 KSHM_STATE_REVOKED | KSHM_STATE_SECTION)
#define OTHERS		(KSHM_HANDLE_DESCRIPTOR | KSHM_HANDLE_NAME | KSHM_HANDLE_VIEW)
#define FLAGS_KNOWN	(KSHM_HANDLE_OPENER_GONE | KSHM_HANDLE_DEVICE_GONE | KSHM_HANDLE_CREATED | \
			 KSHM_HANDLE_DESTROYED | OTHERS)

static void make_list(struct thread *thread, const struct op *op, union argument *arg)
{
	/* As with names. */
	const void *own = op->v[AT] == OWN ? thread->own->handles : NULL;
	__u32 room = op->v[LIST_ROOM];

	if (room > OWN_HANDLES)
		room = OWN_HANDLES;
	arg->handle_list = (struct kshm_ioc_handle_list){
		.size = op->v[SIZE], .flags = op->v[REGION_FLAGS], .nr_entries = room,
		.out_nr = 0xa5a5a5a5, .entries = thread_address(op->v[LIST_AT], own),
		.explain = thread_address(op->v[EXPLAIN], thread->own->why),
		.after_handle = op->v[FROM], .after_id = op->v[LIST_ID],
		.out_more = 0xa5a5a5a5, .reserved = op->v[REGION_RESERVED],
	};
}

static bool is_text(const char *text, size_t size)
{
	size_t len = strnlen(text, size), i;

	for (i = len; i < size; i++)
		if (text[i])
			return false;
	return len && len < size;
}

static void check_handle(const struct kshm_handle_entry *entry)
{
	if (entry->id || entry->state || entry->holds || entry->uses || entry->len ||
	    entry->pages || entry->charged_uid != KSHM_HANDLE_UNCHARGED ||
	    entry->flags & (KSHM_HANDLE_CREATED | KSHM_HANDLE_DESTROYED | OTHERS))
		found("handle-list: a handle has something of a region");
}

/* Either an id, or just one of what else there is, which no request uses. */
static void check_hold(const struct kshm_handle_entry *entry)
{
	const __u32 other = entry->flags & OTHERS;

	if (entry->id ? other : !other || other & (other - 1) || entry->uses ||
	    entry->flags & (KSHM_HANDLE_CREATED | KSHM_HANDLE_DESTROYED))
		found("handle-list: id %u, %u uses, flags %#x", entry->id, entry->uses,
		      entry->flags);
	if (entry->flags & KSHM_HANDLE_DESTROYED && !entry->uses)
		found("handle-list: id %u is destroyed, and not used", entry->id);
}

static void check_region(const struct kshm_handle_entry *entry)
{
	check_hold(entry);
	if (!entry->rights || !entry->holds)
		found("handle-list: region %llu, rights %#x, %u holds", entry->region,
		      entry->rights, entry->holds);
	if (entry->len > entry->pages * 4096)
		found("handle-list: %llu bytes in %llu pages", entry->len, entry->pages);
	if ((entry->pages && entry->charged_uid != getuid()) ||
	    (entry->charged_uid == KSHM_HANDLE_UNCHARGED &&
	     !(entry->state & KSHM_STATE_REVOKED)))
		found("handle-list: %llu pages are charged to %u", entry->pages,
		      entry->charged_uid);
	if (entry->state & KSHM_STATE_STALE && !known_changes())
		found("handle-list: stale, with its memory as it was");
}

static void check_entry(const struct kshm_handle_entry *entry)
{
	if (!is_text(entry->device, sizeof(entry->device)) ||
	    !is_text(entry->comm, sizeof(entry->comm)))
		found("handle-list: a name is none");
	if (entry->reserved || entry->reserved2[0] || entry->reserved2[1])
		found("handle-list: what is reserved is not zero");
	if (entry->rights & ~READ_WRITE || entry->state & ~STATES || entry->flags & ~FLAGS_KNOWN)
		found("handle-list: rights %#x, state %#x, flags %#x", entry->rights,
		      entry->state, entry->flags);
	if (entry->region)
		check_region(entry);
	else
		check_handle(entry);
}

/* A handle, something else with a number of its own, or a region of the handle before. */
static void check_order(__u64 before, const struct kshm_handle_entry *entry)
{
	if (entry->id ? entry->handle != before : entry->handle <= before)
		found("handle-list: handle %llu, id %u, behind handle %llu", entry->handle,
		      entry->id, before);
}

/* All ids that the program has are told, if all are asked for, and no others. */
static void check_all(const struct op *op, const struct kshm_ioc_handle_list *arg,
		      const struct kshm_handle_entry *entries)
{
	unsigned int i, nr = 0, known = 0;

	if (!known_is_sure() || op->v[FROM] || op->v[LIST_ID] || arg->out_more)
		return;
	for (i = 0; i < arg->out_nr; i++)
		nr += entries[i].id && !(entries[i].flags & KSHM_HANDLE_DESTROYED) &&
		      entries[i].pid == (__u32)getpid();
	for (i = 0; i < MAX_HANDLES; i++)
		known += known_number(i);
	if (nr != known)
		found("handle-list: %u regions of %u", nr, known);
}

static void take_list(struct thread *thread, const struct op *op)
{
	const struct kshm_ioc_handle_list *arg = &thread->own->call.handle_list;
	const struct kshm_handle_entry *entries = thread->own->handles;
	__u64 before = op->v[FROM];
	__u32 i;

	if (op->v[AT] != OWN)
		return;
	thread->expected->call.handle_list.out_nr = arg->out_nr;
	thread->expected->call.handle_list.out_more = arg->out_more;
	if (arg->out_nr > OWN_HANDLES || arg->out_nr > arg->nr_entries || arg->out_more > 1 ||
	    (arg->out_more && arg->out_nr < arg->nr_entries))
		return found("handle-list: %u entries of %u, more: %u", arg->out_nr,
			     arg->nr_entries, arg->out_more);
	for (i = 0; op->v[LIST_AT] == OWN && i < arg->out_nr; i++) {
		thread->expected->handles[i] = entries[i];
		check_entry(&entries[i]);
		check_order(before, &entries[i]);
		before = entries[i].handle;
	}
	if (op->v[LIST_AT] == OWN)
		check_all(op, arg, entries);
}

const struct region_command handle_list_command = {
	.make = make_list, .promised = promised_handles_error, .take = take_list,
};

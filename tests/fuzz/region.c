// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: one call of a command with a struct of its own, and what it did
 */
#include <stddef.h>
#include <string.h>

#include "call.h"
#include "completion.h"
#include "eventfd.h"
#include "finding.h"
#include "handle_list.h"
#include "known.h"
#include "known_request.h"
#include "known_share.h"
#include "memory.h"
#include "name.h"
#include "promise.h"
#include "region.h"
#include "section.h"
#include "sequence.h"
#include "share.h"

/* Writes down the ranges, where the call is told that they are. */
static __u64 put_ranges(struct thread *thread, const struct op *op)
{
	__u64 nr = op->v[RANGES] < REGION_RANGES ? op->v[RANGES] : REGION_RANGES;
	unsigned int i;

	for (i = 0; i < nr; i++)
		thread->ranges[i] = (struct kshm_range){
			.addr = op_range(op, i)[RANGE_ADDR], .len = op_range(op, i)[RANGE_LEN],
		};
	if (op->v[RANGES_AT] != OWN)
		memory_write(op->v[RANGES_AT], thread->ranges, nr * sizeof(*thread->ranges));
	return thread_address(op->v[RANGES_AT], thread->ranges);
}

static void make_create(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->create = (struct kshm_ioc_region_create){
		.size = op->v[SIZE], .rights = op->v[RIGHTS], .nr_ranges = op->v[RANGES],
		.ranges = put_ranges(thread, op), .out_id = 0xa5a5a5a5,
		.explain = thread_address(op->v[EXPLAIN], thread->own->why),
		.out_len = 0xa5a5a5a5a5a5a5a5, .flags = op->v[CREATE_FLAGS],
		.reserved = op->v[CREATE_RESERVED],
	};
}

static void make_query(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->query = (struct kshm_ioc_region_query){
		.size = op->v[SIZE], .id = op->v[REGION_ID],
		.explain = thread_address(op->v[EXPLAIN], thread->own->why),
		.out_rights = 0xa5a5a5a5, .out_uses = 0xa5a5a5a5,
		.out_len = 0xa5a5a5a5a5a5a5a5, .out_pages = 0xa5a5a5a5a5a5a5a5,
		.out_extents = 0xa5a5a5a5a5a5a5a5, .out_holds = 0xa5a5a5a5,
		.out_state = 0xa5a5a5a5,
	};
}

static void make_destroy(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->destroy = (struct kshm_ioc_region_destroy){
		.size = op->v[SIZE], .flags = op->v[REGION_FLAGS], .id = op->v[REGION_ID],
		.reserved = op->v[REGION_RESERVED],
		.explain = thread_address(op->v[EXPLAIN], thread->own->why),
	};
}

static void make_revoke(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->revoke = (struct kshm_ioc_region_revoke){
		.size = op->v[SIZE], .flags = op->v[REGION_FLAGS], .id = op->v[REGION_ID],
		.reserved = op->v[REGION_RESERVED],
		.explain = thread_address(op->v[EXPLAIN], thread->own->why),
	};
}

/* The region as it was asked for. */
static struct region region_of(const struct op *op, __u64 len)
{
	struct region region = {
		.len = len, .pages = UNKNOWN_PAGES, .watched = !promised_unwatched(op),
	};
	unsigned int i;

	if (op->v[RANGES_AT] != OWN)
		return region;
	region.pages = ranges_pages(op);
	/* Where the last one is in it twice or more, two bytes of it are one. */
	region.has_ranges = op->v[RANGES] <= NR_RANGES;
	region.has_place = region.has_ranges;
	for (i = 0; region.has_ranges && i < op->v[RANGES]; i++)
		region.ranges[region.nr_ranges++] = (struct kshm_range){
			.addr = op_range(op, i)[RANGE_ADDR], .len = op_range(op, i)[RANGE_LEN],
		};
	return region;
}

static void check_created(const struct op *op, const struct kshm_ioc_region_create *arg)
{
	struct hold other;

	if (!arg->out_id)
		found("region-create: the id is 0");
	if (known_is_sure() && known_find(op->v[HANDLE], arg->out_id, &other))
		found("region-create: the id, %u, is that of another region", arg->out_id);
	if (op->v[RANGES_AT] == OWN && arg->out_len != ranges_len(op))
		found("region-create: out_len is %#llx of %#llx", arg->out_len, ranges_len(op));
}

static void take_create(struct thread *thread, const struct op *op)
{
	const struct kshm_ioc_region_create *arg = &thread->own->call.create;
	struct region region;
	struct hold hold;
	__u32 id;

	if (op->v[AT] != OWN) {
		/* Who knows what was there. */
		known_doubt(op->v[HANDLE]);
		if (memory_read(&id, op->v[AT] + offsetof(struct kshm_ioc_region_create, out_id),
				sizeof(id)) == sizeof(id))
			known_put(op->v[SLOT], id);
		return;
	}
	thread->expected->call.create.out_id = arg->out_id;
	thread->expected->call.create.out_len = arg->out_len;
	check_created(op, arg);
	region = region_of(op, arg->out_len);
	hold = (struct hold){
		.handle = op->v[HANDLE], .id = arg->out_id, .rights = op->v[RIGHTS],
		.created = true, .region = known_region(&region),
	};
	if (hold.region)
		known_add(&hold, op->v[SLOT]);
}

static void check_query(const struct kshm_ioc_region_query *arg, const struct hold *hold)
{
	const struct region *region = hold->region;
	__u64 len = region->revoked ? 0 : region->len;
	__u64 pages = region->revoked ? 0 : region->pages;

	if (arg->out_rights != hold->rights)
		found("region-query: rights %#x, made with %#x", arg->out_rights, hold->rights);
	if (arg->out_uses)
		found("region-query: %u uses, without a request", arg->out_uses);
	if (arg->out_len != len)
		found("region-query: %#llx bytes, made of %#llx", arg->out_len, len);
	if (pages != UNKNOWN_PAGES && arg->out_pages != pages)
		found("region-query: %llu pages, made of %llu", arg->out_pages, pages);
}

static void check_state(const struct kshm_ioc_region_query *arg, const struct region *region)
{
	__u32 is = arg->out_state, surely = 0, maybe = 0;

	if (region->revoked) {
		surely = KSHM_STATE_REVOKED;
	} else if (region->section) {
		surely = KSHM_STATE_SECTION;
	} else if (region->watched && region->pages) {
		maybe = KSHM_STATE_SUSPECT;
		*(region->pages == UNKNOWN_PAGES ? &maybe : &surely) |= KSHM_STATE_WATCHED;
	}
	if (!region->revoked && known_lost(region, 0, 0))
		*(region->stale == LOST ? &surely : &maybe) |= KSHM_STATE_STALE;
	if ((is & surely) != surely || is & ~(surely | maybe))
		found("region-query: state %#x, which has %#x, and maybe %#x", is, surely, maybe);
	if (arg->out_holds != known_holds(region))
		found("region-query: %u holds of %u", arg->out_holds, known_holds(region));
}

/* What the first version of the struct did not have, as far as this one does. */
static void allow_new_members(struct thread *thread, const struct op *op)
{
	const size_t old = offsetof(struct kshm_ioc_region_query, out_holds);
	size_t size = sizeof(thread->own->call.query);

	if (op->v[SIZE] < size)
		size = op->v[SIZE];
	memcpy(thread->expected->arg + old, thread->own->arg + old, size - old);
}

/* Whatever other threads do. */
static void check_new_members(const struct kshm_ioc_region_query *arg)
{
	const __u32 all = KSHM_STATE_WATCHED | KSHM_STATE_SUSPECT | KSHM_STATE_STALE |
			  KSHM_STATE_REVOKED | KSHM_STATE_SECTION;

	if (arg->out_state & ~all)
		found("region-query: state %#x", arg->out_state);
	if (arg->out_state & KSHM_STATE_REVOKED && !known_revokes())
		found("region-query: revoked, by nobody");
	if (arg->out_state & KSHM_STATE_STALE && !known_changes())
		found("region-query: stale, with its memory as it was");
}

static void take_query(struct thread *thread, const struct op *op)
{
	const struct kshm_ioc_region_query *arg = &thread->own->call.query;
	struct hold hold;

	if (op->v[AT] != OWN)
		return;
	thread->expected->call.query.out_rights = arg->out_rights;
	thread->expected->call.query.out_uses = arg->out_uses;
	thread->expected->call.query.out_len = arg->out_len;
	thread->expected->call.query.out_pages = arg->out_pages;
	thread->expected->call.query.out_extents = arg->out_extents;
	allow_new_members(thread, op);
	if (arg->out_extents > arg->out_pages || !arg->out_extents != !arg->out_pages ||
	    arg->out_len > arg->out_pages * 4096)
		found("region-query: %#llx bytes in %llu extents of %llu pages", arg->out_len,
		      arg->out_extents, arg->out_pages);
	if (op->v[SIZE] >= sizeof(*arg))
		check_new_members(arg);
	/* Requests that are under way use regions, and keep what was revoked. */
	if (!known_is_sure() || requests_any() ||
	    !known_find(op->v[HANDLE], op->v[REGION_ID], &hold))
		return;
	check_query(arg, &hold);
	if (op->v[SIZE] >= sizeof(*arg))
		check_state(arg, hold.region);
}

static void take_destroy(struct thread *thread, const struct op *op)
{
	if (op->v[AT] != OWN)
		known_doubt(op->v[HANDLE]);
	known_drop(op->v[HANDLE], op->v[REGION_ID]);
}

static void take_revoke(struct thread *thread, const struct op *op)
{
	struct hold hold;

	if (op->v[AT] != OWN)
		known_doubt(op->v[HANDLE]);
	else if (known_find(op->v[HANDLE], op->v[REGION_ID], &hold))
		hold.region->revoked = true;
}

static const struct region_command commands[NR_OP_TYPES] = {
	[OP_REGION_CREATE] = { make_create, promised_create_error, take_create },
	[OP_REGION_QUERY] = { make_query, promised_query_error, take_query },
	[OP_REGION_DESTROY] = { make_destroy, promised_destroy_error, take_destroy },
	[OP_REGION_REVOKE] = { make_revoke, promised_revoke_error, take_revoke },
};

/* What would wait for a request that may never end does not. */
static void dont_wait(struct op *op)
{
	if (op->type == OP_REGION_DESTROY)
		op->v[REGION_FLAGS] &= ~(__u64)KSHM_REGION_WAIT;
	else if (op->type == OP_REGION_REVOKE)
		op->v[REGION_FLAGS] |= KSHM_REGION_NO_WAIT;
}

/* The operation with what its words stand for, and no more bits than the struct has. */
static struct op resolved(const struct op *op)
{
	struct op plain = *op;
	unsigned int i;

	if (op->type != OP_REGION_CREATE) {
		if (op_infos[op->type].values[FROM].type == VALUE_REGION)
			plain.v[FROM] = known_id(op->v[FROM]);
		else if (op_infos[op->type].values[FROM].type == VALUE_FD)
			plain.v[FROM] = (__u32)share_fd(op->v[FROM]);
		if (op->type == OP_HANDLE_LIST)
			plain.v[LIST_ID] = known_id(op->v[LIST_ID]);
		if (known_submits())
			dont_wait(&plain);
		return plain;
	}
	plain.v[RIGHTS] = (__u32)op->v[RIGHTS];
	plain.v[RANGES] = (__u32)op->v[RANGES];
	for (i = RANGE0; i < CREATE_VALUES; i += 2)
		plain.v[i] = thread_address(op->v[i], NULL);
	return plain;
}

static const struct region_command *command_of(enum op_type type)
{
	if (type == OP_SECTION_ATTACH)
		return &section_command;
	if (type == OP_HANDLE_LIST)
		return &handle_list_command;
	if (type == OP_CANCEL)
		return &cancel_command;
	if (type == OP_EVENTFD)
		return &eventfd_command;
	if (type == OP_SECTION_SEQUENCE)
		return &sequence_command;
	if (name_commands[type].make)
		return &name_commands[type];
	return commands[type].make ? &commands[type] : &share_commands[type];
}

void request_region(struct thread *thread, const struct op *op)
{
	const struct region_command *command = command_of(op->type);
	struct op plain = resolved(op);
	union argument arg;
	int promised, error;

	if (handles[op->v[HANDLE]].fd == -1)
		return;
	command->make(thread, &plain, &arg);
	if (op->type == OP_NAME_PUBLISH && !name_can_publish(thread, &plain))
		return;
	/* Of what is there before. */
	promised = command->promised(&plain);
	error = call_make(thread, &plain, &arg, op_infos[op->type].values[SIZE].usual);
	if (!error)
		command->take(thread, &plain);
	call_check_memory(thread, &plain);
	if (!handle_is_stable(thread, op))
		return;
	call_check_error(&plain, promised, error);
	call_check_explanation(thread, &plain, error, 0);
	if (error && command->explained && call_is_explained(thread, &plain))
		command->explained(&plain, &thread->own->explain);
}

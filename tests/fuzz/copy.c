// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: copies, and whether what they did is what they should
 *
 * What was to be read is where it was to be written, in the same order, and nothing
 * beside that has changed. What is both read and written, or twice, nobody promises.
 */
#include <errno.h>
#include <string.h>

#include <linux/kshm_copy.h>

#include "call.h"
#include "copy.h"
#include "finding.h"
#include "known.h"
#include "look.h"
#include "memory.h"
#include "promise.h"

#define MOST	(64ull << 10)		/* of a copy; more is not looked at */
#define ROOM	(512ull << 10)		/* whole pages of what is written */

static struct place places[MAX_PIECES];
static unsigned char run[MOST], before[ROOM], now[ROOM];

void copy_put(const struct op *op)
{
	struct {
		struct kshm_copy head;
		struct kshm_operand pieces[NR_PIECES];
	} input = {
		.head = {
			.nr_from = op->v[PIECES_FROM], .nr_to = op->v[PIECES_TO],
			.flags = op->v[PIECES_FLAGS], .reserved = op->v[PIECES_RESERVED],
		},
	};
	unsigned int i;

	for (i = 0; i < NR_PIECES; i++) {
		const __u64 *v = &op->v[PIECE0 + 4 * i];

		input.pieces[i] = (struct kshm_operand){
			.kind = v[KIND], .id = known_id(v[OP_ID]),
			.addr = thread_place(v), .len = v[LEN],
		};
	}
	if (memory_is_area(op->v[PIECES_AT], sizeof(input)))
		memory_write(op->v[PIECES_AT], &input, sizeof(input));
}

bool copy_is(const struct op *op)
{
	return op->v[CODE] == KSHM_COPY && handles[op->v[HANDLE]].device == DEVICE_COPY;
}

/* Whether a byte that is written is anywhere else, or is one of the number that tells. */
static bool some_overlap(const struct copy *copy)
{
	struct place out;
	unsigned int i, j;

	if (!look_find_place(copy->op->v[HANDLE], &copy->op->v[OUT], &out))
		return true;
	for (i = 0; i < copy->nr; i++) {
		if (look_overlap(&places[i], &out))
			return true;
		for (j = 0; j <= i && i >= copy->nr_from; j++)
			if (look_overlap(&places[i], &places[j]))
				return true;
	}
	return false;
}

static bool find_places(const struct copy *copy)
{
	__u64 written = 0, room = 0;
	unsigned int i;

	for (i = 0; i < copy->nr; i++) {
		if (copy->pieces[i][LEN] > MOST ||
		    !look_find_place(copy->op->v[HANDLE], copy->pieces[i], &places[i]))
			return false;
		if (i < copy->nr_from)
			continue;
		written += copy->pieces[i][LEN];
		room += places[i].room;
	}
	return copy->total <= MOST && written <= MOST && room <= ROOM && !some_overlap(copy);
}

static bool read_pages(const struct place *place, unsigned char *to)
{
	return !place->nr || memory_gather(to, place->pages, place->nr) == place->room;
}

/* The bytes to be read, one piece behind the other. */
static bool read_run(const struct copy *copy)
{
	unsigned char *to = run;
	unsigned int i;

	for (i = 0; i < copy->nr_from; i++) {
		if (places[i].room > ROOM || !read_pages(&places[i], now))
			return false;
		memcpy(to, now + places[i].offset, copy->pieces[i][LEN]);
		to += copy->pieces[i][LEN];
	}
	return true;
}

/* The pages to be written to. */
static bool read_written(const struct copy *copy, unsigned char *to)
{
	unsigned int i;

	for (i = copy->nr_from; i < copy->nr; i++) {
		if (!read_pages(&places[i], to))
			return false;
		to += places[i].room;
	}
	return true;
}

void copy_before(struct copy *copy)
{
	if (!copy_is(copy->op))
		return;
	copy_promise(copy);
	copy->taken = copy->known && copy->op->v[EXPLAIN] == OWN && find_places(copy) &&
		      read_run(copy) && read_written(copy, before);
}

/* Of the bytes of one piece, those before @done are those of the run from @from on. */
static void check_piece(const unsigned char *was, const unsigned char *is,
			const struct place *place, __u64 len, const unsigned char *from,
			__u64 done, bool any_behind)
{
	__u64 i, at;

	for (i = 0; i < place->room; i++) {
		at = i - place->offset;		/* before the piece, huge */
		if (at < len && at < done) {
			if (is[i] != from[at])
				found("copy: byte %llu that is written is not that which is read",
				      at);
		} else if (is[i] != was[i] && (at >= len || !any_behind)) {
			found("copy: byte %lld has changed, of %llu that may", (long long)at, len);
		}
	}
}

/* @done of all bytes are copied; those behind may be any. */
static void check_bytes(const struct copy *copy, __u64 done, bool any_behind)
{
	const unsigned char *was = before, *is = now, *from = run;
	unsigned int i;

	if (!read_written(copy, now))
		return;
	for (i = copy->nr_from; i < copy->nr; i++) {
		__u64 len = copy->pieces[i][LEN], here = len < done ? len : done;

		check_piece(was, is, &places[i], len, from, here, any_behind);
		was += places[i].room;
		is += places[i].room;
		from += here;
		done -= here;
	}
}

/* Whether memory of the caller's, which nobody pins, can turn out not to be there. */
static bool can_end_early(const struct copy *copy)
{
	return copy->has_memory && (!copy->promised || copy->promised == CANNOT_TELL);
}

static void check_promised(const struct copy *copy, int status)
{
	/* Of the output, too. */
	bool may_fault = !copy->promised;

	if (copy->promised == CANNOT_TELL || status == -ENOMEM || status == -EINTR)
		return;
	if (status != copy->promised && !(may_fault && status == -EFAULT))
		found("copy: status %d, where %d is promised", status, copy->promised);
}

static __u32 operand_of(const struct copy *copy, unsigned int piece)
{
	if (piece < copy->nr_from)
		return KSHM_OPERAND_PIECE_READ + piece;
	return KSHM_OPERAND_PIECE_WRITTEN + piece - copy->nr_from;
}

/* What kshm says of a piece is explained, and what the driver says of all is not. */
static void check_explanation(const struct copy *copy, const struct thread *thread, int status)
{
	const struct kshm_explain *why = &thread->own->explain;
	bool explained = call_is_explained(thread, copy->op), of_piece = copy->bad != NO_PIECE;

	if (copy->op->v[EXPLAIN] != OWN || copy->op->v[EXPLAIN_SIZE] < sizeof(*why) ||
	    copy->promised >= 0 || status != copy->promised)
		return;
	if (explained != of_piece)
		found("copy: status %d is %s", status, explained ? "explained" : "not explained");
	else if (explained && why->operand != operand_of(copy, copy->bad))
		found("copy: operand %#x is explained, where %#x is bad", why->operand,
		      operand_of(copy, copy->bad));
}

/* The bytes that it says it copied, of a status of 0. */
static __u64 read_done(const struct copy *copy, const struct kshm_ioc_control *results)
{
	struct iovec out[NR_RANGES];
	unsigned int i, nr = known_pieces(copy->op->v[HANDLE], &copy->op->v[OUT], out);
	__u64 done = copy->total, left = sizeof(done);

	if (results->out.out_returned != sizeof(done))
		found("copy: out has %llu bytes", results->out.out_returned);
	for (i = 0; i < nr; i++) {
		if (out[i].iov_len > left)
			out[i].iov_len = left;
		left -= out[i].iov_len;
	}
	if (!left)
		memory_gather(&done, out, nr);
	return done;
}

static void check_done(const struct copy *copy, const struct thread *thread, __u64 done)
{
	const struct kshm_ioc_control *results = &thread->own->call.control;

	if (done == copy->total && !results->out_detail)
		return;
	if (!can_end_early(copy) || done >= copy->total || results->out_detail != EFAULT)
		found("copy: %llu of %llu bytes, with %u", done, copy->total,
		      results->out_detail);
	else if (call_is_explained(thread, copy->op) && thread->own->explain.error != EFAULT)
		found("copy: its end is explained with %u", thread->own->explain.error);
}

static void learn_piece(const struct copy *copy, unsigned int number, bool is_lost)
{
	const __u64 *piece = copy->pieces[number];
	struct hold hold;

	if (piece[KIND] != KSHM_OPERAND_REGION ||
	    !known_find(copy->op->v[HANDLE], piece[OP_ID], &hold) || hold.region->revoked ||
	    !known_lost(hold.region, piece[ADDR], piece[LEN]))
		return;
	if (is_lost)
		hold.region->stale = LOST;
	else
		known_settle(hold.region, piece[ADDR], piece[LEN]);
}

/* The pieces before the one that is refused were found to be there. */
static void learn(const struct copy *copy, const struct thread *thread, int status)
{
	const struct kshm_explain *why = &thread->own->explain;
	bool explained = call_is_explained(thread, copy->op);
	unsigned int i;

	if (status == -ESTALE && !explained)
		known_doubt(copy->op->v[HANDLE]);
	if (status && status != -EMSGSIZE && !explained)
		return;
	for (i = 0; i < copy->nr; i++) {
		if (status && explained && why->operand == operand_of(copy, i)) {
			if (why->check == KSHM_EXPLAIN_STALE || why->check == KSHM_EXPLAIN_HOLE)
				learn_piece(copy, i, true);
			return;
		}
		learn_piece(copy, i, false);
	}
}

void copy_after(const struct copy *copy, const struct thread *thread, int error)
{
	const struct kshm_ioc_control *results = &thread->own->call.control;
	int status = results->out_status;
	__u64 done = 0;

	if (!copy_is(copy->op))
		return;
	if (!copy->known) {
		/* What it looked at may have turned out to be stale. */
		if (!error)
			known_doubt(copy->op->v[HANDLE]);
		return;
	}
	if (!error) {
		check_promised(copy, status);
		check_explanation(copy, thread, status);
		learn(copy, thread, status);
	}
	if (!error && !status) {
		done = read_done(copy, results);
		check_done(copy, thread, done);
	}
	if (copy->taken)
		check_bytes(copy, done, !error && (!status || status == -EFAULT));
}

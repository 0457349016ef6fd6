// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: what <linux/kshm_copy.h> promises about copies
 *
 * By the bytes of the input, whoever wrote them.
 */
#include <errno.h>

#include <linux/kshm_copy.h>

#include "copy.h"
#include "finding.h"
#include "known.h"
#include "memory.h"
#include "promise.h"

/* Of as many pieces as are looked at. */
struct input {
	struct kshm_copy head;
	struct kshm_operand pieces[MAX_PIECES];
};

static bool read_input(const struct op *op, struct input *input)
{
	struct iovec places[NR_RANGES];
	__u64 len = op->v[IN + LEN];
	unsigned int nr;

	if (op->v[AT] != OWN || !known_is_sure() || len < sizeof(input->head) ||
	    len > sizeof(*input))
		return false;
	nr = known_pieces(op->v[HANDLE], &op->v[IN], places);
	return nr && memory_gather(input, places, nr) == len;
}

static int head_error(const struct kshm_copy *head, __u64 len)
{
	__u64 nr = (__u64)head->nr_from + head->nr_to;

	if (head->flags)
		return -EOPNOTSUPP;
	if (head->reserved || len != sizeof(*head) + nr * sizeof(struct kshm_operand))
		return -EINVAL;
	return 0;
}

static void take_pieces(struct copy *copy, const struct input *input)
{
	unsigned int i;

	copy->nr_from = input->head.nr_from;
	copy->nr = copy->nr_from + input->head.nr_to;
	for (i = 0; i < copy->nr; i++) {
		const struct kshm_operand *piece = &input->pieces[i];

		copy->pieces[i][KIND] = piece->kind;
		copy->pieces[i][OP_ID] = piece->id;
		copy->pieces[i][ADDR] = piece->addr;
		copy->pieces[i][LEN] = piece->len;
		if (i < copy->nr_from)
			copy->total += piece->len;
		if (piece->kind == KSHM_OPERAND_USER && piece->len)
			copy->has_memory = true;
	}
}

static int piece_error(const struct copy *copy, unsigned int number)
{
	const __u64 *piece = copy->pieces[number];

	if (piece[KIND] == KSHM_OPERAND_REGION)
		return promised_part_error(copy->op->v[HANDLE], piece, number >= copy->nr_from);
	if (piece[KIND] != KSHM_OPERAND_USER || piece[OP_ID])
		return -EINVAL;
	return piece[LEN] ? promised_range_error(piece[ADDR], piece[LEN]) : 0;
}

/* Of all together. */
static int sides_error(const struct copy *copy)
{
	bool has_memory[2] = { };
	__u64 written = 0;
	unsigned int i;

	for (i = 0; i < copy->nr; i++) {
		has_memory[i >= copy->nr_from] |= copy->pieces[i][KIND] == KSHM_OPERAND_USER;
		if (i >= copy->nr_from)
			written += copy->pieces[i][LEN];
	}
	if (has_memory[0] && has_memory[1])
		return -EINVAL;
	return written == copy->total ? 0 : -EMSGSIZE;
}

void copy_promise(struct copy *copy)
{
	struct input input;
	unsigned int i;

	copy->bad = NO_PIECE;
	copy->known = read_input(copy->op, &input);
	if (!copy->known)
		return;
	copy->promised = head_error(&input.head, copy->op->v[IN + LEN]);
	if (copy->promised)
		return;
	take_pieces(copy, &input);
	for (i = 0; i < copy->nr && !copy->promised; i++) {
		copy->promised = piece_error(copy, i);
		if (copy->promised)
			copy->bad = i;
	}
	if (!copy->promised)
		copy->promised = sides_error(copy);
}

void copy_check_status(const struct op *op, int status)
{
	static const int errors[] = {
		0, EINVAL, EFAULT, EOPNOTSUPP, EMSGSIZE, ENOMEM, EINTR, ENOENT, EACCES, ERANGE,
	};
	unsigned int i;

	if (!copy_is(op))
		return;
	for (i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (status == -errors[i])
			return;
	if (status != -ESTALE || !is_promised_errno(OP_CONTROL, ESTALE))
		found("copy: a status that is not promised: %d", status);
}

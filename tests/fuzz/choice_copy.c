// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: pieces of copies that are likely to matter
 */
#include <string.h>

#include <linux/kshm_copy.h>

#include "choice.h"

#define MOST	0x10000ull

__u64 choose_nr_pieces(void)
{
	static const __u64 odd[] = {
		NR_PIECES + 1, 16, KSHM_COPY_MAX_PIECES, KSHM_COPY_MAX_PIECES + 1, 1ull << 31,
		0xffffffff,
	};

	if (percent(95))
		return 1 + chance(2);
	return percent(70) ? chance(NR_PIECES) : odd[chance(sizeof(odd) / sizeof(*odd))];
}

static void choose_memory(const struct program *program, __u64 *v, __u64 len)
{
	v[KIND] = KSHM_OPERAND_USER;
	v[ADDR] = choose_value(program, VALUE_ADDRESS);
	v[LEN] = len;
}

/* Of a length, most often. */
static void choose_piece(const struct program *program, __u64 *v, __u64 len, bool may_be_memory)
{
	if (may_be_memory && percent(60)) {
		choose_memory(program, v, len);
		return;
	}
	v[LEN] = len;
	choose_region_part(program, DEVICE_COPY, v, percent(5));
}

static __u64 choose_bytes(const struct program *program)
{
	__u64 len = choose_value(program, VALUE_LENGTH);

	return len <= MOST || percent(5) ? len : MOST;
}

/* What is read is as long as what is written, most often, and one of them may be memory. */
void choose_pieces(const struct program *program, struct op *op)
{
	__u64 nr_from = choose_nr_pieces(), nr_to = choose_nr_pieces(), total = 0, len, i;
	unsigned int memory_of = chance(3);

	memset(&op->v[PIECE0], 0, 4 * NR_PIECES * sizeof(*op->v));
	op->v[PIECES_AT] = choose_value(program, VALUE_ADDRESS);
	op->v[PIECES_FROM] = nr_from;
	op->v[PIECES_TO] = nr_to;
	for (i = 0; i < nr_from && i < NR_PIECES; i++) {
		__u64 *v = &op->v[PIECE0 + 4 * i];

		choose_piece(program, v, choose_bytes(program), !memory_of || percent(1));
		total += v[LEN];
	}
	for (; i < nr_from + nr_to && i < NR_PIECES; i++) {
		len = i + 1 == nr_from + nr_to ? total : chance(total / 2 + 1);
		total -= len;
		choose_piece(program, &op->v[PIECE0 + 4 * i], len, memory_of == 1 || percent(1));
	}
}

/* The last pieces that are written down, or those before. */
static const struct op *find_pieces(const struct program *program)
{
	const struct op *pieces = NULL;
	unsigned int i = program->nr_ops;

	while (i--) {
		if (program->ops[i].type != OP_COPY_PIECES)
			continue;
		if (!pieces || percent(30))
			pieces = &program->ops[i];
	}
	return pieces;
}

bool choose_copy(const struct program *program, struct op *op)
{
	const struct op *pieces = find_pieces(program);
	__u64 nr;

	if (!pieces)
		return false;
	nr = (__u32)pieces->v[PIECES_FROM] + (__u32)pieces->v[PIECES_TO];
	memset(&op->v[IN], 0, (WORDS + NR_WORDS - IN) * sizeof(*op->v));
	choose_memory(program, &op->v[IN],
		      sizeof(struct kshm_copy) + nr * sizeof(struct kshm_operand));
	op->v[IN + ADDR] = pieces->v[PIECES_AT];
	choose_memory(program, &op->v[OUT], sizeof(__u64));
	if (percent(5))
		op->v[percent(50) ? IN + LEN : OUT + LEN] += percent(50) ? 1 : 32;
	return true;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: new programs, and others made of known ones
 */
#include <string.h>

#include "choice.h"
#include "mutate.h"

/* How often each is wanted, of a hundred. */
static const struct {
	enum op_type type;
	unsigned int weight;
} weights[] = {
	{ OP_CONTROL, 44 }, { OP_MAP, 12 }, { OP_FILL, 5 }, { OP_OPEN, 4 }, { OP_UNMAP, 4 },
	{ OP_REGION_CREATE, 7 }, { OP_REGION_DESTROY, 3 }, { OP_REGION_QUERY, 2 },
	{ OP_DONTNEED, 4 }, { OP_PROTECT, 4 }, { OP_INFO, 3 }, { OP_CLOSE, 2 },
	{ OP_IOCTL, 2 }, { OP_READ, 1 }, { OP_WRITE, 1 }, { OP_POLL, 1 }, { OP_MMAP, 1 },
};

/* A process takes as long as twenty programs. */
#define FORKS_OF_1000	4

static enum op_type choose_type(void)
{
	unsigned int left = chance(100), i;

	if (chance(1000) < FORKS_OF_1000)
		return OP_FORK;
	for (i = 0; left >= weights[i].weight; i++)
		left -= weights[i].weight;
	return weights[i].type;
}

static unsigned int count(const struct program *program, enum op_type type)
{
	unsigned int i, nr = 0;

	for (i = 0; i < program->nr_ops; i++)
		nr += program->ops[i].type == type;
	return nr;
}

/* Each of a program's mappings has a place of its own, most of them. */
static void choose_place(const struct program *program, struct op *op)
{
	unsigned int areas;

	areas = count(program, OP_MAP);
	op->v[MAP_AT] = AREA_BASE + areas % AREAS * AREA_SIZE;
	if (percent(10))
		op->v[MAP_AT] = choose_value(program, VALUE_ADDRESS) & -4096ull;
}

static struct op make_op(const struct program *program, enum op_type type)
{
	bool names_region = type == OP_REGION_QUERY || type == OP_REGION_DESTROY;
	struct op op = op_make(type);
	unsigned int i;

	if (type == OP_CONTROL) {
		op.v[HANDLE] = choose_handle(program);
		choose_control(program, &op);
		return op;
	}
	if (type == OP_REGION_CREATE) {
		op.v[HANDLE] = choose_handle(program);
		op.v[SLOT] = count(program, OP_REGION_CREATE) % SLOTS;
		choose_region(program, &op);
		return op;
	}
	for (i = 0; i < op_infos[type].nr_values; i++)
		if (percent(names_region ? 10 : 85))
			op.v[i] = choose_value(program, op_infos[type].values[i].type);
	if (type == OP_MAP)
		choose_place(program, &op);
	if (type == OP_OPEN)
		op.v[HANDLE] = NR_DEVICES + chance(MAX_HANDLES - NR_DEVICES);
	if (names_region) {
		op.v[HANDLE] = choose_handle(program);
		op.v[REGION_ID] = choose_value(program, VALUE_REGION);
	}
	return op;
}

static void insert(struct program *program, unsigned int at, struct op op)
{
	if (program->nr_ops == MAX_OPS)
		return;
	memmove(&program->ops[at + 1], &program->ops[at],
		(program->nr_ops - at) * sizeof(op));
	program->ops[at] = op;
	program->nr_ops++;
}

static void drop(struct program *program, unsigned int at)
{
	program->nr_ops--;
	memmove(&program->ops[at], &program->ops[at + 1],
		(program->nr_ops - at) * sizeof(program->ops[0]));
}

void program_generate(struct program *program)
{
	unsigned int nr_maps = 1 + chance(3), nr_ops = 2 + chance(6);
	unsigned int nr_regions = percent(50) ? 1 + chance(2) : 0;
	unsigned int nr_threads = percent(65) ? 1 : 2 + chance(MAX_THREADS - 1);
	struct op op;

	program->nr_ops = 0;
	while (program->nr_ops < nr_maps + nr_regions + nr_ops) {
		op = make_op(program, program->nr_ops < nr_maps ? OP_MAP :
				      program->nr_ops < nr_maps + nr_regions ?
				      OP_REGION_CREATE : choose_type());
		op.thread = chance(nr_threads);
		insert(program, program->nr_ops, op);
	}
}

static void change_value(const struct program *program, struct op *op)
{
	const struct op_info *info = &op_infos[op->type];
	unsigned int i;

	if (!info->nr_values)
		return;
	i = chance(info->nr_values);
	if (info->values[i].type == VALUE_LENGTH && percent(30))
		op->v[i] += chance(2) ? 1 : -1;
	else if (percent(10))
		op->v[i] = info->values[i].usual;
	else
		op->v[i] = choose_value(program, info->values[i].type);
}

static void mutate_once(struct program *program, const struct program *other)
{
	unsigned int at = chance(program->nr_ops);
	struct op *op = &program->ops[at];

	switch (chance(10)) {
	case 0:
	case 1:
		insert(program, at + chance(2), make_op(program, choose_type()));
		break;
	case 2:
		insert(program, at, other->ops[chance(other->nr_ops)]);
		break;
	case 3:
		if (program->nr_ops > 1)
			drop(program, at);
		break;
	case 4:
		op->thread = chance(MAX_THREADS);
		break;
	case 5:		/* the same from two threads */
		insert(program, at, *op);
		program->ops[at].thread = chance(MAX_THREADS);
		break;
	case 6:
		if (op->type == OP_CONTROL)
			choose_control(program, op);
		else if (op->type == OP_REGION_CREATE)
			choose_region(program, op);
		else
			change_value(program, op);
		break;
	default:
		change_value(program, op);
		break;
	}
}

void program_mutate(struct program *program, const struct program *other)
{
	unsigned int times = 1 + chance(4);

	while (times--)
		mutate_once(program, other);
}

static void fold_threads(struct program *program, bool (*still)(const struct program *))
{
	struct program smaller = *program;
	unsigned int i;

	if (!program_is_threaded(program))
		return;
	for (i = 0; i < smaller.nr_ops; i++)
		smaller.ops[i].thread = 0;
	if (still(&smaller))
		*program = smaller;
}

static void drop_ops(struct program *program, bool (*still)(const struct program *))
{
	struct program smaller;
	unsigned int i;

	for (i = program->nr_ops; i-- > 0 && program->nr_ops > 1; ) {
		smaller = *program;
		drop(&smaller, i);
		if (still(&smaller))
			*program = smaller;
	}
}

static void drop_values(struct program *program, unsigned int at,
			bool (*still)(const struct program *))
{
	const struct op_info *info = &op_infos[program->ops[at].type];
	struct program smaller;
	unsigned int i;

	for (i = 0; i < info->nr_values; i++) {
		if (program->ops[at].v[i] == info->values[i].usual)
			continue;
		smaller = *program;
		smaller.ops[at].v[i] = info->values[i].usual;
		if (still(&smaller))
			*program = smaller;
	}
}

void program_minimise(struct program *program, bool (*still)(const struct program *),
		      bool thoroughly)
{
	unsigned int i;

	drop_ops(program, still);
	if (!thoroughly)
		return;
	fold_threads(program, still);
	for (i = 0; i < program->nr_ops; i++)
		drop_values(program, i, still);
}

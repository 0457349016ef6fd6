// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: new programs, and others made of known ones
 */
#include <string.h>

#include <linux/kshm.h>

#include "choice.h"
#include "mutate.h"

/* How often each is wanted, of a hundred. */
static const struct {
	enum op_type type;
	unsigned int weight;
} weights[] = {
	{ OP_CONTROL, 14 }, { OP_MAP, 5 }, { OP_FILL, 3 }, { OP_OPEN, 3 }, { OP_UNMAP, 3 },
	{ OP_FILE_MAKE, 2 }, { OP_FILE_MAP, 2 }, { OP_FILE_PUNCH, 2 }, { OP_FILE_SEAL, 1 },
	{ OP_FILE_SIZE, 1 }, { OP_SECTION_ATTACH, 3 }, { OP_NAME_PUBLISH, 3 },
	{ OP_NAME_OPEN, 3 }, { OP_NAME_REMOVE, 2 }, { OP_NAME_LIST, 1 },
	{ OP_SECTION_SEQUENCE, 1 }, { OP_SEQUENCE_READ, 1 }, { OP_SEQUENCE_RAISE, 1 },
	{ OP_SEQUENCE_POLL, 1 }, { OP_HANDLE_LIST, 1 },
	{ OP_COPY_PIECES, 2 }, { OP_REGION_CREATE, 4 }, { OP_COMPLETE, 3 }, { OP_CANCEL, 2 },
	{ OP_EVENTFD, 1 }, { OP_EVENTFD_MAKE, 1 }, { OP_EVENTFD_RAISE, 1 }, { OP_EVENTFD_READ, 1 },
	{ OP_REGION_DESTROY, 3 }, { OP_REGION_QUERY, 2 }, { OP_REGION_REVOKE, 2 },
	{ OP_REGION_EXPORT, 2 }, { OP_REGION_IMPORT, 2 }, { OP_REGION_KEY, 2 },
	{ OP_REGION_OPEN, 3 }, { OP_SHARE_INFO, 1 }, { OP_SHARE_CLOSE, 1 }, { OP_DONTNEED, 2 },
	{ OP_PROTECT, 2 }, { OP_REMAP, 2 }, { OP_INFO, 1 }, { OP_CLOSE, 2 },
	{ OP_IOCTL, 1 }, { OP_READ, 1 }, { OP_WRITE, 1 }, { OP_POLL, 1 }, { OP_MMAP, 1 },
};

/* A process takes as long as twenty programs. */
#define FORKS_OF_1000	4
#define KILLED_OF_1000	8

static enum op_type choose_type(void)
{
	unsigned int left = chance(100), process = chance(1000), i;

	if (process < FORKS_OF_1000)
		return OP_FORK;
	if (process < FORKS_OF_1000 + KILLED_OF_1000)
		return OP_KILLED;
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

/* Those that are filled by an operation like one that is made. */
static unsigned int count_slots(const struct program *program, enum op_type type)
{
	struct op op = { .type = type };

	if (op_makes_region(&op))
		return count(program, OP_REGION_CREATE) + count(program, OP_REGION_IMPORT) +
		       count(program, OP_REGION_OPEN) + count(program, OP_SECTION_ATTACH) +
		       count(program, OP_NAME_OPEN);
	if (op_makes_fd(&op))
		return count(program, OP_REGION_EXPORT) + count(program, OP_FILE_MAKE) +
		       count(program, OP_NAME_OPEN) + count(program, OP_SECTION_SEQUENCE) +
		       count(program, OP_EVENTFD_MAKE);
	return count(program, type);
}

/* Each of a program's mappings has a place of its own, most of them. */
static void choose_place(const struct program *program, struct op *op)
{
	unsigned int areas;

	areas = count(program, OP_MAP) + count(program, OP_FILE_MAP);
	op->v[MAP_AT] = AREA_BASE + areas % AREAS * AREA_SIZE;
	if (percent(10))
		op->v[MAP_AT] = choose_value(program, VALUE_ADDRESS) & -4096ull;
}

/* Of commands whose other values matter, most are the usual ones. */
static bool passes_region(enum op_type type)
{
	return type == OP_REGION_EXPORT || type == OP_REGION_IMPORT || type == OP_REGION_KEY ||
	       type == OP_REGION_OPEN || type == OP_SECTION_SEQUENCE;
}

static bool is_of_names(enum op_type type)
{
	return type == OP_NAME_PUBLISH || type == OP_NAME_OPEN || type == OP_NAME_REMOVE ||
	       type == OP_NAME_LIST;
}

static bool names_region(enum op_type type)
{
	return type == OP_REGION_QUERY || type == OP_REGION_DESTROY ||
	       type == OP_REGION_REVOKE || passes_region(type);
}

static bool changes_file(enum op_type type)
{
	return type == OP_FILE_SEAL || type == OP_FILE_PUNCH || type == OP_FILE_SIZE ||
	       type == OP_FILE_MAP;
}

static bool is_of_counter(enum op_type type)
{
	return type == OP_SEQUENCE_READ || type == OP_SEQUENCE_RAISE || type == OP_SEQUENCE_POLL;
}

static bool is_of_requests(enum op_type type)
{
	return type == OP_COMPLETE || type == OP_CANCEL || type == OP_EVENTFD ||
	       type == OP_EVENTFD_MAKE || type == OP_EVENTFD_RAISE || type == OP_EVENTFD_READ;
}

/* Of what is made, or changed, with values that go together. */
static bool choose_together(const struct program *program, struct op *op)
{
	if (op->type == OP_CONTROL)
		choose_control(program, op);
	else if (op->type == OP_REGION_CREATE)
		choose_region(program, op);
	else if (op->type == OP_SECTION_ATTACH)
		choose_section(program, op);
	else if (op->type == OP_COPY_PIECES)
		choose_pieces(program, op);
	else if (op->type == OP_FILE_MAKE)
		choose_file(program, op);
	else if (changes_file(op->type))
		choose_file_change(program, op);
	else if (is_of_requests(op->type))
		choose_request(program, op);
	else if (is_of_counter(op->type))
		choose_counter(program, op);
	else if (op->type == OP_KILLED)
		op->v[KILLED_AFTER] = chance(256);
	else
		return false;
	return true;
}

/* How often a value is not the usual one, where all are chosen one by one first. */
static unsigned int chance_of_another(enum op_type type)
{
	if (passes_region(type) || is_of_names(type) || type == OP_HANDLE_LIST)
		return 4;
	return names_region(type) ? 10 : 85;
}

/* A slot for an id, and one for a descriptor. */
static void choose_slots(const struct program *program, struct op *op)
{
	op->v[TO] = count_slots(program, OP_REGION_CREATE) % SLOTS;
	op->v[NAME_SHARE] = count_slots(program, OP_FILE_MAKE) % SLOTS;
}

static struct op make_op(const struct program *program, enum op_type type)
{
	struct op op = op_make(type);
	unsigned int i;

	if (type == OP_CONTROL || type == OP_REGION_CREATE || type == OP_SECTION_ATTACH)
		op.v[HANDLE] = choose_handle(program);
	if (type == OP_REGION_CREATE || type == OP_SECTION_ATTACH)
		op.v[type == OP_REGION_CREATE ? SLOT : TO] = count_slots(program, type) % SLOTS;
	if (type == OP_FILE_MAKE)
		op.v[FILE_SHARE] = count_slots(program, type) % SLOTS;
	if (type == OP_EVENTFD_MAKE)
		op.v[COUNTED_SHARE] = count_slots(program, type) % SLOTS;
	if (type == OP_FILE_MAP)
		choose_place(program, &op);
	if (choose_together(program, &op))
		return op;
	for (i = 0; i < op_infos[type].nr_values; i++)
		if (percent(chance_of_another(type)))
			op.v[i] = choose_value(program, op_infos[type].values[i].type);
	if (type == OP_MAP)
		choose_place(program, &op);
	if (type == OP_OPEN)
		op.v[HANDLE] = NR_DEVICES + chance(MAX_HANDLES - NR_DEVICES);
	if (type == OP_HANDLE_LIST)
		op.v[LIST_ROOM] = choose_value(program, VALUE_RANGES);
	if (type == OP_NAME_OPEN)
		choose_slots(program, &op);
	if (is_of_names(type)) {
		choose_name(program, &op);
	} else if (passes_region(type)) {
		op.v[TO] = count_slots(program, type) % SLOTS;
		choose_shared(program, &op);
	} else if (names_region(type)) {
		choose_named(program, &op);
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

static void add(struct program *program, enum op_type type, unsigned int nr_threads)
{
	struct op op = make_op(program, type);

	op.thread = chance(nr_threads);
	insert(program, program->nr_ops, op);
}

static void add_passed(struct program *program, unsigned int nr_threads)
{
	bool by_key = percent(40);

	add(program, by_key ? OP_REGION_KEY : OP_REGION_EXPORT, nr_threads);
	add(program, by_key ? OP_REGION_OPEN : OP_REGION_IMPORT, nr_threads);
}

static void add_counter(struct program *program, unsigned int nr_threads)
{
	add(program, OP_SECTION_SEQUENCE, nr_threads);
	add(program, OP_SEQUENCE_RAISE, nr_threads);
	add(program, OP_SEQUENCE_READ, nr_threads);
}

static void add_section(struct program *program, unsigned int nr_threads)
{
	add(program, OP_FILE_MAKE, nr_threads);
	if (percent(40))
		add(program, OP_FILE_MAP, nr_threads);
	add(program, OP_SECTION_ATTACH, nr_threads);
	if (percent(20))
		add_counter(program, nr_threads);
	if (percent(60))
		return;
	add(program, OP_NAME_PUBLISH, nr_threads);
	add(program, OP_NAME_OPEN, nr_threads);
}

/* On the device for that, which is also what most regions are made for then. */
static void add_copy(struct program *program, unsigned int nr_threads)
{
	struct op op = make_op(program, OP_CONTROL);

	add(program, OP_COPY_PIECES, nr_threads);
	op.v[HANDLE] = DEVICE_COPY;
	op.thread = chance(nr_threads);
	choose_control(program, &op);
	insert(program, program->nr_ops, op);
}

/* Through one handle, most often one of the device that keeps them, and how they end. */
static void add_requests(struct program *program, unsigned int nr_threads)
{
	static const enum op_type ends[] = {
		OP_COMPLETE, OP_COMPLETE, OP_CANCEL, OP_CONTROL, OP_EVENTFD_RAISE,
	};
	__u64 handle = percent(80) ? DEVICE_EVENT : choose_handle(program);
	unsigned int nr = 1 + chance(3);
	struct op op;

	if (percent(40)) {
		add(program, OP_EVENTFD_MAKE, nr_threads);
		op = make_op(program, OP_EVENTFD);
		op.v[HANDLE] = handle;
		op.thread = chance(nr_threads);
		insert(program, program->nr_ops, op);
	}
	while (nr--) {
		op = make_op(program, OP_CONTROL);
		op.v[HANDLE] = handle;
		op.thread = chance(nr_threads);
		choose_control(program, &op);
		op.v[FLAGS] = KSHM_REQUEST_SUBMIT;
		insert(program, program->nr_ops, op);
		/* Several of the same, which are told apart by nothing but their order. */
		if (percent(30))
			insert(program, program->nr_ops, op);
	}
	for (nr = 1 + chance(3); nr--; )
		add(program, ends[chance(sizeof(ends) / sizeof(*ends))], nr_threads);
}

static void move_to_copy(struct program *program)
{
	unsigned int i;

	for (i = 0; i < program->nr_ops; i++)
		if (op_makes_region(&program->ops[i]) && percent(90))
			program->ops[i].v[HANDLE] = DEVICE_COPY;
}

void program_generate(struct program *program)
{
	unsigned int nr_maps = 1 + chance(3), nr_ops = 2 + chance(6);
	unsigned int nr_regions = percent(50) ? 1 + chance(2) : 0;
	unsigned int nr_sections = percent(40) ? 1 + chance(2) : 0;
	unsigned int nr_passed = nr_regions + nr_sections ? chance(3) : 0;
	unsigned int nr_copies = nr_regions + nr_sections && percent(25) ? 1 + chance(2) : 0;
	unsigned int nr_requests = percent(25) ? 1 + chance(2) : 0;
	unsigned int nr_threads = percent(65) ? 1 : 2 + chance(MAX_THREADS - 1);

	program->nr_ops = 0;
	while (nr_maps--)
		add(program, OP_MAP, nr_threads);
	while (nr_regions--)
		add(program, OP_REGION_CREATE, nr_threads);
	while (nr_sections--)
		add_section(program, nr_threads);
	if (nr_copies)
		move_to_copy(program);
	while (nr_copies--)
		add_copy(program, nr_threads);
	while (nr_requests--)
		add_requests(program, nr_threads);
	while (nr_passed--)
		add_passed(program, nr_threads);
	while (nr_ops--)
		add(program, choose_type(), nr_threads);
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
		if (is_of_names(op->type))
			choose_name(program, op);
		else if (passes_region(op->type))
			choose_shared(program, op);
		else if (!choose_together(program, op))
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

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: chance, and values that are likely to matter
 */
#include <string.h>

#include <linux/kshm_copy.h>

#include "choice.h"
#include "control.h"
#include "promise.h"

#define ONE_OF(table)	((table)[chance(sizeof(table) / sizeof(*(table)))])

#define PAGE		4096ull
#define BATCH		(512 * PAGE)

/* Of an id, those that name its place in the handle's table; above are its uses. */
#define PLACE_BITS	21

static __u64 state = 1;

/* xorshift64* */
static __u64 next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull;
}

void chance_seed(__u64 seed)
{
	state = seed * 0x9e3779b97f4a7c15ull | 1;
	next();
}

__u64 chance(__u64 nr)
{
	return (next() >> 11) % nr;
}

bool percent(unsigned int percent)
{
	return chance(100) < percent;
}

/* Near 0, the edges of pages, batches and limits, and the ends of all numbers. */
static __u64 choose_length(void)
{
	static const __u64 usual[] = {
		0, 1, 2, 3, 4, 7, 8, 12, 16, 24, 31, 32, 33, 48, 64, 100, 1000,
		PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 3 * PAGE + 5, 8 * PAGE, 0x10000,
	};
	static const __u64 odd[] = {
		BATCH - PAGE, BATCH, BATCH + 1, BATCH + PAGE,
		MAX_SYSTEM_PAGES * PAGE - 1, MAX_SYSTEM_PAGES * PAGE,
		MAX_SYSTEM_PAGES * PAGE + 1, MAX_USER_PAGES * PAGE, MAX_USER_PAGES * PAGE + 1,
		MAX_REQUEST_PAGES * PAGE, MAX_REQUEST_PAGES * PAGE + 1,
		64ull << 20, (64ull << 20) + 1, 1ull << 31, 1ull << 32, (1ull << 32) + 1,
		1ull << 46, 1ull << 63, ~0ull - PAGE, ~0ull,
	};

	return percent(93) ? ONE_OF(usual) : ONE_OF(odd);
}

/* The ends of user space, and what is beyond. */
static __u64 choose_odd_address(void)
{
	static const __u64 odd[] = {
		0, 1, PAGE, 0x7fffffffefffull, 0x7ffffffff000ull, 0x7fffffffffffull,
		1ull << 47, 0xff00000000000000ull, 0xffff888000001000ull,
		0xffffffff81000000ull, 0xffffffffff600000ull, ~0ull - PAGE + 1, ~0ull, VVAR,
	};

	return ONE_OF(odd);
}

/* The last mapping of the program, or one before it. */
static const struct op *choose_mapping(const struct program *program)
{
	unsigned int i = program->nr_ops;
	const struct op *mapping = NULL;

	while (i--) {
		if (program->ops[i].type != OP_MAP && program->ops[i].type != OP_FILE_MAP)
			continue;
		if (!mapping || percent(40))
			mapping = &program->ops[i];
	}
	return mapping;
}

static __u64 choose_address(const struct program *program)
{
	static const __s64 offsets[] = {
		0, 0, 0, 0, 1, 8, 16, 100, 2048, 4080, 4095, -1, -8, -64,
	};
	const struct op *mapping = choose_mapping(program);
	__u64 page, pages;

	if (percent(5))
		return choose_odd_address();
	if (!mapping || percent(4))
		return AREA_BASE + chance(AREAS) * AREA_SIZE + ONE_OF(offsets);
	pages = mapping->v[MAP_PAGES];
	page = percent(50) ? 0 : chance(pages + 1);
	return mapping->v[MAP_AT] + page * PAGE + ONE_OF(offsets);
}

/* One that an operation of the program fills in, or about any. */
static __u64 choose_slot(const struct program *program)
{
	unsigned int i = program->nr_ops;
	__u64 slot = SLOT0 + chance(SLOTS);

	while (i-- && percent(95)) {
		if (!op_makes_region(&program->ops[i]))
			continue;
		slot = SLOT0 + op_slot(&program->ops[i]);
		if (percent(60))
			break;
	}
	return slot;
}

/* One bit off what there is: of the place in the table, or of how often it was used. */
static __u64 choose_flip(void)
{
	const unsigned int bit = percent(60) ? PLACE_BITS + chance(32 - PLACE_BITS) :
					       chance(32);

	return (bit + 1ull) << FLIP_SHIFT;
}

static __u64 choose_id(const struct program *program)
{
	static const __u64 odd[] = {
		0, 1, 1, 2, 3, 4, 1ull << 31, ~0u,
		1ull << PLACE_BITS, (1ull << PLACE_BITS) + 1, (1ull << PLACE_BITS) - 1,
	};

	if (percent(85))
		return choose_slot(program);
	return percent(50) ? choose_slot(program) + choose_flip() : ONE_OF(odd);
}

/* The slot that the last operation of a type fills, or one before it; or any. */
static __u64 choose_filled(const struct program *program, enum op_type type)
{
	unsigned int i = program->nr_ops;

	while (i--)
		if (program->ops[i].type == type && percent(60))
			return SLOT0 + program->ops[i].v[TO];
	return SLOT0 + chance(SLOTS);
}

/* The same of any that is of a descriptor. */
static __u64 choose_share(const struct program *program)
{
	unsigned int i = program->nr_ops;

	while (i--)
		if (op_makes_fd(&program->ops[i]) && percent(60))
			return op_fd_slot(&program->ops[i]);
	return chance(SLOTS);
}

/* Of an exported region; or of something else that is open, or nothing. */
static __u64 choose_fd(const struct program *program)
{
	static const __u64 odd[] = { 0, 1, 3, 64, 9999, 1ull << 31, (__u32)-1 };

	if (percent(80))
		return choose_filled(program, OP_REGION_EXPORT);
	if (percent(40))
		return SLOT0 + choose_share(program);
	return percent(50) ? HANDLE_FD0 + chance(MAX_HANDLES) : ONE_OF(odd);
}

static __u64 choose_key(const struct program *program)
{
	return percent(95) ? choose_filled(program, OP_REGION_KEY) : chance(3) - 1;
}

static __u64 choose_ranges(void)
{
	static const __u64 odd[] = {
		0, NR_RANGES + 1, 16, KSHM_REGION_MAX_RANGES, KSHM_REGION_MAX_RANGES + 1, ~0u,
	};

	return percent(85) ? 1 + chance(NR_RANGES) : ONE_OF(odd);
}

static __u64 choose_rights(void)
{
	static const __u64 usual[] = { 3, 3, 3, KSHM_REGION_READ, KSHM_REGION_WRITE };

	return percent(95) ? ONE_OF(usual) : percent(50) ? 0 : 1ull << chance(32);
}

static __u64 choose_half_word(void)
{
	switch (chance(6)) {
	case 0:
	case 1:
		return 0;
	case 2:
	case 3:
		return chance(8);
	case 4:
		return (__u32)-chance(134);
	default:
		return chance(1ull << 32);
	}
}

static __u64 choose_word(const struct program *program)
{
	__u64 word;

	switch (chance(8)) {
	case 0:
		return 0;
	case 1:
		return choose_length();
	case 2:
		return choose_address(program);
	case 3:		/* a name, or a piece of one */
		word = 0;
		memcpy(&word, &"fuzz\0/..%s-null\0test"[chance(14)], chance(9));
		return word;
	default:
		return choose_half_word() | choose_half_word() << 32;
	}
}

static __u64 choose_pages(void)
{
	/* What takes the emulated kernel long to clear is rare. */
	static const __u64 many[] = { 16, 17, 64, 511, 512, 513, 600 };

	return percent(97) ? 1 + chance(6) : ONE_OF(many);
}

static __u64 choose_code(void)
{
	__u64 code = controls[chance(nr_controls)].code;

	if (percent(50))
		return code ^ 1ull << chance(32);
	return percent(80) ? code : chance(1ull << 32);
}

static __u64 choose_mapping_kind(void)
{
	enum mapping kind = chance(NR_MAPPINGS);

	/* As above. */
	if ((kind == MAPPING_HUGE || kind == MAPPING_HUGETLB) && percent(80))
		return MAPPING_ANON;
	return kind;
}

__u64 choose_value(const struct program *program, enum value_type type)
{
	switch (type) {
	case VALUE_HANDLE:
		return percent(85) ? chance(NR_DEVICES) : chance(MAX_HANDLES);
	case VALUE_DEVICE:
		return chance(NR_DEVICES);
	case VALUE_ACCESS:
		return chance(4);
	case VALUE_CODE:
		return choose_code();
	case VALUE_COMMAND:
		return percent(50) ? _IO(KSHM_IOC_MAGIC, chance(256)) :
		       _IOC(chance(4), KSHM_IOC_MAGIC, chance(4), chance(1 << 14));
	case VALUE_SIZE:
		return percent(50) ? chance(256) : (__u32)choose_length();
	case VALUE_ZERO:
		return percent(80) ? 0 : percent(30) ? 1 : 1ull << chance(32);
	case VALUE_KIND:
		return percent(90) ? chance(3) : chance(1ull << 32);
	case VALUE_ADDRESS:
		return choose_address(program);
	case VALUE_LENGTH:
		return choose_length();
	case VALUE_MAPPING:
		return choose_mapping_kind();
	case VALUE_PROT:
		return percent(60) ? 3 : chance(4);
	case VALUE_PAGES:
		return choose_pages();
	case VALUE_WORD:
		return choose_word(program);
	case VALUE_BYTE:
		return percent(50) ? 0 : chance(256);
	case VALUE_SLOT:
		return chance(SLOTS);
	case VALUE_REGION:
		return choose_id(program);
	case VALUE_RIGHTS:
		return choose_rights();
	case VALUE_RANGES:
		return choose_ranges();
	case VALUE_SHARE:
		return choose_share(program);
	case VALUE_KEY_SLOT:
		return chance(SLOTS);
	case VALUE_FD:
		return choose_fd(program);
	case VALUE_KEY:
		return choose_key(program);
	case VALUE_FILE:
		return choose_file_kind();
	case VALUE_SEALS:
		return choose_seals();
	case VALUE_NAME:
		return choose_name_text();
	case VALUE_MODE:
		return choose_mode();
	case VALUE_GID:
		return choose_gid();
	case VALUE_PIECES:
		return choose_nr_pieces();
	default:
		return chance(2);
	}
}

/* The last operation that gets an id for a handle, or one before it, or NULL. */
static const struct op *find_maker(const struct program *program, __u64 handle)
{
	const struct op *maker = NULL;
	unsigned int i = program->nr_ops;

	while (i--) {
		if (!op_makes_region(&program->ops[i]) || program->ops[i].v[HANDLE] != handle)
			continue;
		if (!maker || percent(40))
			maker = &program->ops[i];
	}
	return maker;
}

/* Of what is not passed on. */
static bool is_made(const struct op *maker)
{
	return maker->type == OP_REGION_CREATE || maker->type == OP_SECTION_ATTACH;
}

/* The bytes that a region may have: of what is passed on, those of any. */
static __u64 choose_room(const struct program *program, const struct op *maker)
{
	unsigned int i = program->nr_ops;

	while (maker && !is_made(maker) && i--)
		if (is_made(&program->ops[i]) && percent(70))
			maker = &program->ops[i];
	if (maker && maker->type == OP_REGION_CREATE)
		return ranges_len(maker);
	if (maker && maker->type == OP_SECTION_ATTACH)
		return choose_section_room(program, maker);
	return choose_length();
}

/* Anywhere in it, or at its end, or a bit beyond. */
void choose_region_part(const struct program *program, __u64 handle, __u64 *v,
			bool of_any_length)
{
	const struct op *maker = find_maker(program, handle);
	__u64 len = choose_room(program, maker);

	v[KIND] = KSHM_OPERAND_REGION;
	v[OP_ID] = maker && percent(95) ? SLOT0 + op_slot(maker) : choose_id(program);
	if (len > 64 * PAGE)
		len = 64 * PAGE;
	if (of_any_length && percent(40))
		v[LEN] = percent(50) ? len : chance(len + 1);
	v[ADDR] = len < v[LEN] || percent(40) ? 0 : len - v[LEN];
	if (v[ADDR] && percent(70))
		v[ADDR] = chance(v[ADDR]);
	else if (percent(5))
		v[ADDR] += percent(50) ? 1 : choose_length();
}

static void choose_operand(const struct program *program, __u64 *v, __u64 min,
			   __u64 max)
{
	unsigned int tries;

	v[LEN] = min;
	for (tries = 0; tries < 8; tries++) {
		__u64 len = choose_length();

		if (len >= min && len <= max && min != max) {
			v[LEN] = len;
			break;
		}
	}
	if (percent(4))
		v[LEN] = percent(50) ? max + 1 : min - 1;
	v[KIND] = KSHM_OPERAND_USER;
	v[OP_ID] = 0;
	v[ADDR] = choose_address(program);
	/* Absent, or empty. */
	if (!v[LEN] && percent(50))
		memset(v, 0, 4 * sizeof(*v));
}

static enum device device_of(const struct program *program, __u64 handle)
{
	unsigned int i = program->nr_ops;

	while (i--)
		if (program->ops[i].type == OP_OPEN && program->ops[i].v[HANDLE] == handle)
			return program->ops[i].v[DEVICE];
	return handle % NR_DEVICES;
}

static const struct control *control_of(enum device device)
{
	const struct control *control;

	do {
		control = &controls[chance(nr_controls)];
	} while (control->device != device);
	return control;
}

__u64 choose_handle(const struct program *program)
{
	unsigned int i = program->nr_ops;

	while (i--)
		if (op_makes_region(&program->ops[i]) && percent(60))
			return program->ops[i].v[HANDLE];
	return choose_value(program, VALUE_HANDLE);
}

void choose_named(const struct program *program, struct op *op)
{
	const struct op *maker;

	op->v[HANDLE] = choose_handle(program);
	maker = find_maker(program, op->v[HANDLE]);
	op->v[REGION_ID] = maker && percent(90) ? SLOT0 + op_slot(maker) : choose_id(program);
}

void choose_control(const struct program *program, struct op *op)
{
	const struct control *control = control_of(device_of(program, op->v[HANDLE]));
	unsigned int parts = find_maker(program, op->v[HANDLE]) ? 50 : 2, i;

	op->v[CODE] = control->code;
	op->v[FLAGS] = percent(control->may_pend ? 75 : 8) ? KSHM_REQUEST_SUBMIT : 0;
	op->v[USER_DATA] = choose_user_data();
	if (control->code == KSHM_COPY && percent(90) && choose_copy(program, op))
		return;
	if (KSHM_CODE_METHOD(control->code) == KSHM_METHOD_NEITHER)
		parts = 2;
	for (i = 0; i < 3; i++) {
		__u64 min = control->bounds[i].min, max = control->bounds[i].max;
		__u64 *v = &op->v[IN + i * (OUT - IN)];

		choose_operand(program, v, min, max);
		if (max && percent(parts))
			choose_region_part(program, op->v[HANDLE], v, min != max);
	}
	for (i = 0; i < NR_WORDS && percent(80); i++)
		op->v[WORDS + i] = choose_word(program);
	op->v[LOOK] = percent(50);
	if (control->device == DEVICE_EVENT && percent(85))
		choose_event(program, op);
}

/* Whole pages of a mapping, which may be one too many. */
static void choose_range(const struct program *program, __u64 *v)
{
	const struct op *mapping = choose_mapping(program);
	__u64 pages, first;

	if (!mapping || percent(4)) {
		v[RANGE_ADDR] = choose_address(program);
		v[RANGE_LEN] = choose_length();
		return;
	}
	pages = mapping->v[MAP_PAGES];
	first = percent(60) ? 0 : chance(pages);
	pages -= first;
	v[RANGE_ADDR] = mapping->v[MAP_AT] + first * PAGE;
	v[RANGE_LEN] = PAGE * (percent(60) ? pages : 1 + chance(pages + percent(10)));
}

void choose_region(const struct program *program, struct op *op)
{
	unsigned int i;
	__u64 *v, cut;

	op->v[RANGES] = percent(60) ? 1 : choose_ranges();
	for (i = 0; i < NR_RANGES && i < op->v[RANGES]; i++)
		choose_range(program, &op->v[RANGE0 + 2 * i]);
	/* Only the first begins within a page, and only the last ends there. */
	v = &op->v[RANGE0];
	if (percent(60)) {
		cut = choose_length() % PAGE;
		v[RANGE_ADDR] += cut;
		v[RANGE_LEN] -= cut;
	}
	v = &op->v[RANGE0 + 2 * (i ? i - 1 : 0)];
	if (op->v[RANGES] <= NR_RANGES && percent(60))
		v[RANGE_LEN] -= choose_length() % PAGE;
	op->v[RIGHTS] = choose_rights();
	op->v[CREATE_FLAGS] = percent(85) ? 0 : KSHM_REGION_UNWATCHED;
}

static __u64 choose_key_flags(void)
{
	static const __u64 flags[] = {
		0, 0, 0, 0, KSHM_KEY_ANY_UID, KSHM_KEY_ANY_UID, KSHM_KEY_REMOVE,
		KSHM_KEY_REMOVE | KSHM_KEY_ANY_UID, 4,
	};

	return ONE_OF(flags);
}

void choose_shared(const struct program *program, struct op *op)
{
	const bool gives = op_makes_region(op);

	choose_named(program, op);
	/* Across handles, more often than not. */
	if (gives && percent(60))
		op->v[HANDLE] = choose_value(program, VALUE_HANDLE);
	if (gives)
		op->v[FROM] = choose_value(program, op_infos[op->type].values[FROM].type);
	op->v[SHARE_RIGHTS] = percent(70) ? 1 + chance(2) * 2 : choose_rights();
	if (op->type != OP_REGION_KEY)
		return;
	op->v[SHARE_FLAGS] = choose_key_flags();
	if (op->v[SHARE_FLAGS] & KSHM_KEY_REMOVE && percent(95))
		op->v[SHARE_RIGHTS] = 0;
}

void choose_counter(const struct program *program, struct op *op)
{
	op->v[SEQUENCE_FD] = choose_filled(program, OP_SECTION_SEQUENCE);
	if (op->type == OP_SEQUENCE_POLL)
		return;
	if (percent(10))
		op->v[SEQUENCE_AT] = choose_address(program);
	if (percent(10))
		op->v[SEQUENCE_LEN] = choose_length();
	if (op->type == OP_SEQUENCE_RAISE && percent(10))
		op->v[SEQUENCE_BY] = choose_word(program);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: programs and their text
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kshm.h>

#include "program.h"

#define NAMES(...)	{ __VA_ARGS__, NULL }

const char * const device_names[NR_DEVICES] = { "null", "sioctl", "digest", "test" };

static const char * const accesses[] = NAMES("none", "r", "w", "rw");
static const char * const protections[] = NAMES("none", "r", "w", "rw");
static const char * const mappings[] = NAMES("anon", "huge", "shared", "memfd", "hugetlb",
	"file", "file-private", "short", "secret", "userfault");
static const char * const devices[] = NAMES("null", "sioctl", "digest", "test");
static const char * const handles[] = NAMES("null", "sioctl", "digest", "test",
	"h4", "h5", "h6", "h7");
static const char * const slots[] = NAMES("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7");

static const char * const *names_of(enum value_type type)
{
	switch (type) {
	case VALUE_HANDLE:	return handles;
	case VALUE_DEVICE:	return devices;
	case VALUE_ACCESS:	return accesses;
	case VALUE_PROT:	return protections;
	case VALUE_MAPPING:	return mappings;
	case VALUE_SLOT:	return slots;
	default:		return NULL;
	}
}

#define VALUE(name, type, usual)	{ name, VALUE_##type, usual }
#define HANDLE_VALUE			VALUE("handle", HANDLE, 0)
#define COMMAND(arg)							\
	HANDLE_VALUE, VALUE("size", SIZE, sizeof(struct kshm_ioc_##arg)), \
	VALUE("tail", BYTE, 0xa5), VALUE("at", ADDRESS, OWN),		\
	VALUE("explain", ADDRESS, OWN),					\
	VALUE("explain_size", SIZE, sizeof(struct kshm_explain))
#define OPERAND(name)							\
	VALUE(name "_kind", KIND, 0), VALUE(name "_id", REGION, 0),	\
	VALUE(name, ADDRESS, 0), VALUE(name "_len", LENGTH, 0)
#define WORD(n)				VALUE("w" #n, WORD, 0)
#define RANGE(n, addr, len)						\
	VALUE("range" #n, ADDRESS, addr), VALUE("len" #n, LENGTH, len)

const struct op_info op_infos[NR_OP_TYPES] = {
	[OP_OPEN] = { "open", 3, {
		HANDLE_VALUE, VALUE("device", DEVICE, 0), VALUE("access", ACCESS, 3) } },
	[OP_CLOSE] = { "close", 1, { HANDLE_VALUE } },
	[OP_CONTROL] = { "control", WORDS + NR_WORDS, {
		COMMAND(control), VALUE("code", CODE, 0),
		VALUE("flags", ZERO, 0), VALUE("reserved", ZERO, 0),
		VALUE("look", FLAG, 0),
		OPERAND("in"), OPERAND("out"), OPERAND("data"),
		WORD(0), WORD(1), WORD(2), WORD(3), WORD(4), WORD(5) },
		KSHM_IOC_CONTROL },
	[OP_INFO] = { "info", 4, {
		HANDLE_VALUE, VALUE("size", SIZE, sizeof(struct kshm_ioc_info)),
		VALUE("flags", ZERO, 0), VALUE("at", ADDRESS, OWN) },
		KSHM_IOC_INFO },
	[OP_IOCTL] = { "ioctl", 3, {
		HANDLE_VALUE, VALUE("command", COMMAND, 0), VALUE("at", ADDRESS, OWN) } },
	[OP_READ] = { "read", 3, {
		HANDLE_VALUE, VALUE("at", ADDRESS, 0), VALUE("len", LENGTH, 0) } },
	[OP_WRITE] = { "write", 3, {
		HANDLE_VALUE, VALUE("at", ADDRESS, 0), VALUE("len", LENGTH, 0) } },
	[OP_POLL] = { "poll", 1, { HANDLE_VALUE } },
	[OP_MMAP] = { "mmap", 3, {
		HANDLE_VALUE, VALUE("len", LENGTH, 4096), VALUE("prot", PROT, 3) } },
	[OP_MAP] = { "map", 4, {
		VALUE("at", ADDRESS, AREA_BASE), VALUE("kind", MAPPING, MAPPING_ANON),
		VALUE("pages", PAGES, 1), VALUE("prot", PROT, 3) } },
	[OP_UNMAP] = { "unmap", 2, {
		VALUE("at", ADDRESS, AREA_BASE), VALUE("len", LENGTH, 4096) } },
	[OP_PROTECT] = { "protect", 3, {
		VALUE("at", ADDRESS, AREA_BASE), VALUE("len", LENGTH, 4096),
		VALUE("prot", PROT, 3) } },
	[OP_DONTNEED] = { "dontneed", 2, {
		VALUE("at", ADDRESS, AREA_BASE), VALUE("len", LENGTH, 4096) } },
	[OP_FILL] = { "fill", 3, {
		VALUE("at", ADDRESS, AREA_BASE), VALUE("len", LENGTH, 4096),
		VALUE("byte", BYTE, 0xa5) } },
	[OP_FORK] = { "fork", 0, { } },
	[OP_REGION_CREATE] = { "region-create", CREATE_VALUES, {
		COMMAND(region_create), VALUE("slot", SLOT, 0), VALUE("rights", RIGHTS, 3),
		VALUE("ranges", RANGES, 1), VALUE("ranges_at", ADDRESS, OWN),
		RANGE(0, AREA_BASE, 4096), RANGE(1, 0, 0), RANGE(2, 0, 0) },
		KSHM_IOC_REGION_CREATE },
	[OP_REGION_QUERY] = { "region-query", REGION_ID + 1, {
		COMMAND(region_query), VALUE("id", REGION, SLOT0) },
		KSHM_IOC_REGION_QUERY },
	[OP_REGION_DESTROY] = { "region-destroy", DESTROY_RESERVED + 1, {
		COMMAND(region_destroy), VALUE("id", REGION, SLOT0),
		VALUE("flags", ZERO, 0), VALUE("reserved", ZERO, 0) },
		KSHM_IOC_REGION_DESTROY },
};

struct op op_make(enum op_type type)
{
	struct op op = { .type = type };
	unsigned int i;

	for (i = 0; i < op_infos[type].nr_values; i++)
		op.v[i] = op_infos[type].values[i].usual;
	return op;
}

bool is_command(unsigned int number)
{
	unsigned int type;

	for (type = 0; type < NR_OP_TYPES; type++)
		if (op_infos[type].command && op_infos[type].command == number)
			return true;
	return false;
}

const __u64 *op_range(const struct op *op, unsigned int number)
{
	return &op->v[RANGE0 + 2 * (number < NR_RANGES ? number : NR_RANGES - 1)];
}

bool program_is_threaded(const struct program *program)
{
	unsigned int i;

	for (i = 1; i < program->nr_ops; i++)
		if (program->ops[i].thread != program->ops[0].thread)
			return true;
	return false;
}

static void print_address(__u64 address, FILE *to)
{
	__u64 offset = address - AREA_BASE;

	if (address == OWN)
		fputs("own", to);
	else if (address == VVAR)
		fputs("vvar", to);
	else if (address < AREA_BASE || address >= AREA_END)
		fprintf(to, "%#llx", (unsigned long long)address);
	else if (offset % AREA_SIZE)
		fprintf(to, "%c+%#llx", (int)('a' + offset / AREA_SIZE), offset % AREA_SIZE);
	else
		fputc('a' + offset / AREA_SIZE, to);
}

static bool is_slot(const struct value *value, __u64 v)
{
	return value->type == VALUE_REGION && v >= SLOT0 && v < SLOT0 + SLOTS;
}

static void print_value(const struct value *value, __u64 v, FILE *to)
{
	const char * const *names = names_of(value->type);

	fprintf(to, " %s=", value->name);
	if (names)
		fputs(names[v], to);
	else if (value->type == VALUE_ADDRESS)
		print_address(v, to);
	else if (is_slot(value, v))
		fputs(slots[v - SLOT0], to);
	else
		fprintf(to, v < 10 ? "%llu" : "%#llx", (unsigned long long)v);
}

void program_print(const struct program *program, FILE *to)
{
	unsigned int i, j;

	for (i = 0; i < program->nr_ops; i++) {
		const struct op *op = &program->ops[i];
		const struct op_info *info = &op_infos[op->type];

		fprintf(to, "%u %s", op->thread, info->name);
		for (j = 0; j < info->nr_values; j++)
			if (op->v[j] != info->values[j].usual)
				print_value(&info->values[j], op->v[j], to);
		fputc('\n', to);
	}
}

static bool parse_number(const char *text, __u64 *v)
{
	char *end;

	errno = 0;
	*v = strtoull(text, &end, 0);
	return end != text && !*end && !errno;
}

static bool parse_address(const char *text, __u64 *v)
{
	__u64 offset = 0;

	if (!strcmp(text, "own") || !strcmp(text, "vvar")) {
		*v = *text == 'o' ? OWN : VVAR;
		return true;
	}
	if (*text < 'a' || *text >= 'a' + AREAS)
		return parse_number(text, v);
	if (text[1] && (text[1] != '+' || !parse_number(text + 2, &offset)))
		return false;
	*v = AREA_BASE + (*text - 'a') * AREA_SIZE + offset;
	return true;
}

static bool parse_name(const char * const *names, const char *text, __u64 *v)
{
	unsigned int i;

	for (i = 0; names[i]; i++) {
		if (!strcmp(names[i], text)) {
			*v = i;
			return true;
		}
	}
	return false;
}

static bool parse_value(const struct value *value, const char *text, __u64 *v)
{
	const char * const *names = names_of(value->type);

	if (value->type == VALUE_ADDRESS)
		return parse_address(text, v);
	if (value->type == VALUE_REGION && parse_name(slots, text, v)) {
		*v += SLOT0;
		return true;
	}
	return names ? parse_name(names, text, v) : parse_number(text, v);
}

static bool parse_pair(struct op *op, char *pair)
{
	const struct op_info *info = &op_infos[op->type];
	char *text = strchr(pair, '=');
	unsigned int i;

	if (!text)
		return false;
	*text++ = '\0';
	for (i = 0; i < info->nr_values; i++)
		if (!strcmp(info->values[i].name, pair))
			return parse_value(&info->values[i], text, &op->v[i]);
	return false;
}

static bool parse_op(struct op *op, char *line)
{
	char *word, *rest = line;
	__u64 thread;
	unsigned int type;

	word = strtok_r(rest, " \t\n", &rest);
	if (!word || !parse_number(word, &thread) || thread >= MAX_THREADS)
		return false;
	word = strtok_r(NULL, " \t\n", &rest);
	for (type = 0; word && type < NR_OP_TYPES; type++)
		if (!strcmp(op_infos[type].name, word))
			break;
	if (!word || type == NR_OP_TYPES)
		return false;
	*op = op_make(type);
	op->thread = thread;
	while ((word = strtok_r(NULL, " \t\n", &rest)))
		if (!parse_pair(op, word))
			return false;
	return true;
}

const char *program_parse(struct program *program, FILE *from)
{
	static char line[1024], copy[1024];

	program->nr_ops = 0;
	while (fgets(line, sizeof(line), from)) {
		line[strcspn(line, "#\n")] = '\0';
		if (!line[strspn(line, " \t")])
			continue;
		strcpy(copy, line);
		if (program->nr_ops == MAX_OPS ||
		    !parse_op(&program->ops[program->nr_ops++], copy))
			return line;
	}
	return NULL;
}

bool program_load(struct program *program, const char *path)
{
	FILE *file = fopen(path, "re");
	const char *bad;

	if (!file) {
		perror(path);
		return false;
	}
	bad = program_parse(program, file);
	fclose(file);
	if (bad)
		fprintf(stderr, "%s: makes no sense: %s\n", path, bad);
	return !bad;
}

/* FNV-1a, of what the text has. */
__u32 program_hash(const struct program *program)
{
	__u32 hash = 2166136261u;
	unsigned int i, j;

	for (i = 0; i < program->nr_ops; i++) {
		const struct op *op = &program->ops[i];

		hash = (hash ^ (op->thread << 8 | op->type)) * 16777619u;
		for (j = 0; j < op_infos[op->type].nr_values; j++)
			hash = (hash ^ (__u32)(op->v[j] ^ op->v[j] >> 32)) * 16777619u;
	}
	return hash;
}

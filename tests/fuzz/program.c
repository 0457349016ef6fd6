// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: programs and their text
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kshm.h>

#include "program.h"

#define NAMES(...)	{ __VA_ARGS__, NULL }

const char * const device_names[NR_DEVICES] = {
	"null", "sioctl", "digest", "test", "copy", "event",
};

static const char * const accesses[] = NAMES("none", "r", "w", "rw");
static const char * const protections[] = NAMES("none", "r", "w", "rw");
static const char * const mappings[] = NAMES("anon", "huge", "shared", "memfd", "hugetlb",
	"file", "file-private", "short", "secret", "userfault");
static const char * const files[] = NAMES("memfd", "hugetlb", "tmpfs", "disk");
static const char * const devices[] = NAMES("null", "sioctl", "digest", "test", "copy",
	"event");
static const char * const handles[] = NAMES("null", "sioctl", "digest", "test", "copy",
	"event", "h4", "h5", "h6", "h7");
static const char * const regions[] = NAMES("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7");
static const char * const shares[] = NAMES("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7");
static const char * const fds[] = NAMES("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7",
	"null", "sioctl", "digest", "test", "copy", "event", "h4", "h5", "h6", "h7");
static const char * const names[] = NAMES("n0", "n1", "n2", "n3", "longest", "dots", "empty",
	"slash", "space", "del", "high", "unended");
static const char * const keys[] = NAMES("k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7");

static const char * const *names_of(enum value_type type)
{
	switch (type) {
	case VALUE_HANDLE:	return handles;
	case VALUE_DEVICE:	return devices;
	case VALUE_ACCESS:	return accesses;
	case VALUE_PROT:	return protections;
	case VALUE_MAPPING:	return mappings;
	case VALUE_FILE:	return files;
	case VALUE_SLOT:	return regions;
	case VALUE_SHARE:	return shares;
	case VALUE_KEY_SLOT:	return keys;
	case VALUE_NAME:		return names;
	default:		return NULL;
	}
}

/* The same of values from SLOT0 on. */
static const char * const *words_of(enum value_type type)
{
	switch (type) {
	case VALUE_REGION:	return regions;
	case VALUE_FD:
	case VALUE_WORD:	return fds;
	case VALUE_KEY:		return keys;
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
		VALUE("user_data", WORD, 0), VALUE("look", FLAG, 0),
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
	[OP_COMPLETE] = { "complete", 2, {
		HANDLE_VALUE, VALUE("len", LENGTH, 4 * sizeof(struct kshm_completion)) } },
	[OP_CANCEL] = { "cancel", CANCEL_RESERVED + 1, {
		COMMAND(cancel), VALUE("user_data", WORD, 0),
		VALUE("flags", ZERO, 0), VALUE("reserved", ZERO, 0) },
		KSHM_IOC_CANCEL },
	[OP_EVENTFD] = { "eventfd", EVENTFD_RESERVED + 1, {
		COMMAND(eventfd), VALUE("fd", FD, SLOT0),
		VALUE("flags", ZERO, 0), VALUE("reserved", ZERO, 0) },
		KSHM_IOC_EVENTFD },
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
	[OP_REMAP] = { "remap", 4, {
		VALUE("at", ADDRESS, AREA_BASE), VALUE("len", LENGTH, 4096),
		VALUE("to", ADDRESS, AREA_BASE + (AREAS - 1) * AREA_SIZE),
		VALUE("keep", FLAG, 0) } },
	[OP_FILL] = { "fill", 3, {
		VALUE("at", ADDRESS, AREA_BASE), VALUE("len", LENGTH, 4096),
		VALUE("byte", BYTE, 0xa5) } },
	[OP_FORK] = { "fork", 0, { } },
	[OP_KILLED] = { "killed", 1, { VALUE("after", BYTE, 0) } },
	[OP_REGION_CREATE] = { "region-create", CREATE_VALUES, {
		COMMAND(region_create), VALUE("slot", SLOT, 0), VALUE("rights", RIGHTS, 3),
		VALUE("ranges", RANGES, 1), VALUE("ranges_at", ADDRESS, OWN),
		VALUE("flags", ZERO, 0), VALUE("reserved", ZERO, 0),
		RANGE(0, AREA_BASE, 4096), RANGE(1, 0, 0), RANGE(2, 0, 0) },
		KSHM_IOC_REGION_CREATE },
	[OP_REGION_QUERY] = { "region-query", REGION_ID + 1, {
		COMMAND(region_query), VALUE("id", REGION, SLOT0) },
		KSHM_IOC_REGION_QUERY },
	[OP_REGION_DESTROY] = { "region-destroy", REGION_RESERVED + 1, {
		COMMAND(region_destroy), VALUE("id", REGION, SLOT0),
		VALUE("flags", ZERO, 0), VALUE("reserved", ZERO, 0) },
		KSHM_IOC_REGION_DESTROY },
	[OP_REGION_REVOKE] = { "region-revoke", REGION_RESERVED + 1, {
		COMMAND(region_revoke), VALUE("id", REGION, SLOT0),
		VALUE("flags", ZERO, 0), VALUE("reserved", ZERO, 0) },
		KSHM_IOC_REGION_REVOKE },
	[OP_REGION_EXPORT] = { "region-export", SHARE_RESERVED + 1, {
		COMMAND(region_export), VALUE("id", REGION, SLOT0),
		VALUE("flags", ZERO, 0), VALUE("rights", RIGHTS, 3),
		VALUE("share", SHARE, 0), VALUE("reserved", ZERO, 0) },
		KSHM_IOC_REGION_EXPORT },
	[OP_REGION_IMPORT] = { "region-import", SHARE_RESERVED + 1, {
		COMMAND(region_import), VALUE("fd", FD, SLOT0),
		VALUE("flags", ZERO, 0), VALUE("rights", RIGHTS, 3),
		VALUE("slot", SLOT, 0), VALUE("reserved", ZERO, 0) },
		KSHM_IOC_REGION_IMPORT },
	[OP_REGION_KEY] = { "region-key", TO + 1, {
		COMMAND(region_key), VALUE("id", REGION, SLOT0),
		VALUE("flags", ZERO, 0), VALUE("rights", RIGHTS, 3),
		VALUE("key", KEY_SLOT, 0) },
		KSHM_IOC_REGION_KEY },
	[OP_REGION_OPEN] = { "region-open", KEY_FLIP + 1, {
		COMMAND(region_open), VALUE("key", KEY, SLOT0),
		VALUE("flags", ZERO, 0), VALUE("rights", RIGHTS, 3),
		VALUE("slot", SLOT, 0), VALUE("reserved", ZERO, 0),
		VALUE("flip", ZERO, 0) },
		KSHM_IOC_REGION_OPEN },
	[OP_SECTION_ATTACH] = { "section-attach", PART_LEN + 1, {
		COMMAND(section_attach), VALUE("fd", FD, SLOT0),
		VALUE("flags", ZERO, 0), VALUE("rights", RIGHTS, 3),
		VALUE("slot", SLOT, 0), VALUE("reserved", ZERO, 0),
		VALUE("offset", LENGTH, 0), VALUE("len", LENGTH, 0) },
		KSHM_IOC_SECTION_ATTACH },
	[OP_SECTION_SEQUENCE] = { "section-sequence", SHARE_RESERVED + 1, {
		COMMAND(section_sequence), VALUE("id", REGION, SLOT0),
		VALUE("flags", ZERO, 0), VALUE("rights", RIGHTS, 3),
		VALUE("share", SHARE, 0), VALUE("reserved", ZERO, 0) },
		KSHM_IOC_SECTION_SEQUENCE },
	[OP_NAME_PUBLISH] = { "name-publish", NAME_GID + 1, {
		COMMAND(name_publish), VALUE("id", REGION, SLOT0),
		VALUE("flags", ZERO, 0), VALUE("rights", RIGHTS, 3),
		VALUE("name", NAME, NAME_0), VALUE("reserved", ZERO, 0),
		VALUE("mode", MODE, 0600), VALUE("gid", GID, KSHM_NAME_OWN_GROUP) },
		KSHM_IOC_NAME_PUBLISH },
	[OP_NAME_OPEN] = { "name-open", NAME_SHARE + 1, {
		COMMAND(name_open), VALUE("name", NAME, NAME_0),
		VALUE("flags", ZERO, 0), VALUE("rights", RIGHTS, 3),
		VALUE("slot", SLOT, 0), VALUE("reserved", ZERO, 0),
		VALUE("share", SHARE, 0) },
		KSHM_IOC_NAME_OPEN },
	[OP_NAME_REMOVE] = { "name-remove", REGION_RESERVED + 1, {
		COMMAND(name_remove), VALUE("name", NAME, NAME_0),
		VALUE("flags", ZERO, 0), VALUE("reserved", ZERO, 0) },
		KSHM_IOC_NAME_REMOVE },
	[OP_NAME_LIST] = { "name-list", LIST_AT + 1, {
		COMMAND(name_list), VALUE("name", NAME, NAME_EMPTY),
		VALUE("flags", ZERO, 0), VALUE("reserved", ZERO, 0),
		VALUE("room", RANGES, 1), VALUE("entries", ADDRESS, OWN) },
		KSHM_IOC_NAME_LIST },
	[OP_HANDLE_LIST] = { "handle-list", LIST_ID + 1, {
		COMMAND(handle_list), VALUE("after", WORD, 0),
		VALUE("flags", ZERO, 0), VALUE("reserved", ZERO, 0),
		VALUE("room", RANGES, 1), VALUE("entries", ADDRESS, OWN),
		VALUE("after_id", REGION, 0) },
		KSHM_IOC_HANDLE_LIST },
	[OP_SHARE_INFO] = { "share-info", 1, { VALUE("share", SHARE, 0) } },
	[OP_SHARE_CLOSE] = { "share-close", 1, { VALUE("share", SHARE, 0) } },
	[OP_SEQUENCE_READ] = { "sequence-read", 3, {
		VALUE("fd", FD, SLOT0), VALUE("at", ADDRESS, OWN), VALUE("len", LENGTH, 8) } },
	[OP_SEQUENCE_RAISE] = { "sequence-raise", 4, {
		VALUE("fd", FD, SLOT0), VALUE("at", ADDRESS, OWN), VALUE("len", LENGTH, 8),
		VALUE("by", WORD, 1) } },
	[OP_SEQUENCE_POLL] = { "sequence-poll", 1, { VALUE("fd", FD, SLOT0) } },
	[OP_EVENTFD_MAKE] = { "eventfd-make", 3, {
		VALUE("share", SHARE, 0), VALUE("semaphore", FLAG, 0),
		VALUE("first", WORD, 0) } },
	[OP_EVENTFD_RAISE] = { "eventfd-raise", 2, {
		VALUE("fd", FD, SLOT0), VALUE("by", WORD, 1) } },
	[OP_EVENTFD_READ] = { "eventfd-read", 1, { VALUE("fd", FD, SLOT0) } },
	[OP_COPY_PIECES] = { "copy-pieces", PIECE0 + 4 * NR_PIECES, {
		VALUE("at", ADDRESS, AREA_BASE),
		VALUE("from", PIECES, 1), VALUE("to", PIECES, 1),
		VALUE("flags", ZERO, 0), VALUE("reserved", ZERO, 0),
		OPERAND("p0"), OPERAND("p1"), OPERAND("p2"), OPERAND("p3") } },
	[OP_FILE_MAKE] = { "file-make", 5, {
		VALUE("share", SHARE, 0), VALUE("kind", FILE, FILE_MEMFD),
		VALUE("len", LENGTH, 4096), VALUE("seals", SEALS, F_SEAL_SHRINK),
		VALUE("access", ACCESS, 3) } },
	[OP_FILE_SEAL] = { "file-seal", 2, {
		VALUE("fd", FD, SLOT0), VALUE("seals", SEALS, F_SEAL_WRITE) } },
	[OP_FILE_PUNCH] = { "file-punch", 3, {
		VALUE("fd", FD, SLOT0), VALUE("offset", LENGTH, 0),
		VALUE("len", LENGTH, 4096) } },
	[OP_FILE_SIZE] = { "file-size", 2, {
		VALUE("fd", FD, SLOT0), VALUE("len", LENGTH, 4096) } },
	[OP_FILE_MAP] = { "file-map", 5, {
		VALUE("at", ADDRESS, AREA_BASE), VALUE("fd", FD, SLOT0),
		VALUE("pages", PAGES, 1), VALUE("prot", PROT, 3),
		VALUE("offset", LENGTH, 0) } },
};

struct op op_make(enum op_type type)
{
	struct op op = { .type = type };
	unsigned int i;

	for (i = 0; i < op_infos[type].nr_values; i++)
		op.v[i] = op_infos[type].values[i].usual;
	return op;
}

bool op_makes_region(const struct op *op)
{
	return op->type == OP_REGION_CREATE || op->type == OP_REGION_IMPORT ||
	       op->type == OP_REGION_OPEN || op->type == OP_SECTION_ATTACH ||
	       op->type == OP_NAME_OPEN;
}

__u64 op_slot(const struct op *op)
{
	return op->v[op->type == OP_REGION_CREATE ? SLOT : TO];
}

bool op_makes_fd(const struct op *op)
{
	if (op->type == OP_NAME_OPEN)
		return op->v[SHARE_FLAGS] & KSHM_NAME_FD;
	return op->type == OP_REGION_EXPORT || op->type == OP_SECTION_SEQUENCE ||
	       op->type == OP_FILE_MAKE || op->type == OP_EVENTFD_MAKE;
}

__u64 op_fd_slot(const struct op *op)
{
	if (op->type == OP_NAME_OPEN)
		return op->v[NAME_SHARE];
	if (op->type == OP_EVENTFD_MAKE)
		return op->v[COUNTED_SHARE];
	return op->v[op->type == OP_FILE_MAKE ? FILE_SHARE : TO];
}

bool op_submits(const struct op *op)
{
	return op->type == OP_CONTROL && op->v[FLAGS] & KSHM_REQUEST_SUBMIT;
}

static __u64 page_of(const struct op *map)
{
	return map->v[MAP_KIND] == MAPPING_HUGETLB ? 2 << 20 : 4096;
}

__u64 op_map_at(const struct op *op)
{
	return op->v[MAP_AT] & -page_of(op);
}

/*
 * Of huge pages one: where a mapping of several is split, kernel 6.1.192 warns that
 * hugetlb_split() does not hold a lock, whoever splits it.
 */
__u64 op_map_len(const struct op *op)
{
	if (op->v[MAP_KIND] == MAPPING_HUGETLB)
		return page_of(op);
	return (op->v[MAP_PAGES] * 4096 + page_of(op) - 1) & -page_of(op);
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

	for (i = 0; i < program->nr_ops; i++)
		if (program->ops[i].thread != program->ops[0].thread ||
		    program->ops[i].type == OP_KILLED)
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

static __u64 without_flip(const struct value *value, __u64 v)
{
	return value->type == VALUE_REGION ? v & ((1ull << FLIP_SHIFT) - 1) : v;
}

/* The word for a value, or NULL. */
static const char *word_of(const struct value *value, __u64 v)
{
	const char * const *words = words_of(value->type);
	unsigned int i;

	for (i = 0; words && words[i]; i++)
		if (without_flip(value, v) == SLOT0 + i)
			return words[i];
	return NULL;
}

static void print_word(const struct value *value, __u64 v, FILE *to)
{
	fputs(word_of(value, v), to);
	if (v != without_flip(value, v))
		fprintf(to, "^%u", (unsigned int)(v >> FLIP_SHIFT) - 1);
}

static void print_value(const struct value *value, __u64 v, FILE *to)
{
	const char * const *names = names_of(value->type);

	fprintf(to, " %s=", value->name);
	if (names)
		fputs(names[v], to);
	else if (value->type == VALUE_ADDRESS)
		print_address(v, to);
	else if (word_of(value, v))
		print_word(value, v, to);
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

/* A slot of ids and a bit. */
static bool parse_flipped(const char *text, __u64 *v)
{
	char slot[8];
	__u64 bit;

	if (sscanf(text, "%7[^^]", slot) != 1 || !parse_name(regions, slot, v) ||
	    !parse_number(strchr(text, '^') + 1, &bit) || bit >= 32)
		return false;
	*v += SLOT0 + ((bit + 1) << FLIP_SHIFT);
	return true;
}

static bool parse_value(const struct value *value, const char *text, __u64 *v)
{
	const char * const *names = names_of(value->type);
	const char * const *words = words_of(value->type);

	if (value->type == VALUE_ADDRESS)
		return parse_address(text, v);
	if (value->type == VALUE_REGION && strchr(text, '^'))
		return parse_flipped(text, v);
	if (words && parse_name(words, text, v)) {
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

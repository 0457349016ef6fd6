// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: values for files of memory that are likely to matter
 */
#include <fcntl.h>

#include "choice.h"

#define ONE_OF(table)	((table)[chance(sizeof(table) / sizeof(*(table)))])

#define PAGE		4096ull
#define MOST_PAGES	1100

__u64 choose_file_kind(void)
{
	/* Huge pages take the emulated kernel long to clear. */
	static const __u64 odd[] = { FILE_HUGETLB, FILE_TMPFS, FILE_DISK };

	return percent(92) ? FILE_MEMFD : ONE_OF(odd);
}

__u64 choose_seals(void)
{
	static const __u64 usual[] = {
		F_SEAL_SHRINK, F_SEAL_SHRINK, F_SEAL_SHRINK | F_SEAL_GROW,
		F_SEAL_SHRINK | F_SEAL_WRITE, F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE,
		F_SEAL_WRITE, F_SEAL_FUTURE_WRITE, F_SEAL_GROW, F_SEAL_SEAL, 0,
	};

	return percent(97) ? ONE_OF(usual) : chance(64);
}

/* The file that is made last, or one before it, or NULL. */
static const struct op *find_file(const struct program *program)
{
	const struct op *file = NULL;
	unsigned int i = program->nr_ops;

	while (i--) {
		if (program->ops[i].type != OP_FILE_MAKE)
			continue;
		if (!file || percent(30))
			file = &program->ops[i];
	}
	return file;
}

/* As many as matter, and one if there is none. */
static __u64 pages_of(const struct op *file)
{
	if (!file || file->v[FILE_LEN] > MOST_PAGES * PAGE)
		return MOST_PAGES;
	return (file->v[FILE_LEN] + PAGE - 1) / PAGE ?: 1;
}

static __u64 fd_of(const struct program *program, const struct op *file)
{
	return file && percent(95) ? SLOT0 + file->v[FILE_SHARE] :
				     choose_value(program, VALUE_FD);
}

/* Whole pages of the file that begin in it, and may be one too many. */
static void choose_part(const struct op *file, __u64 *offset, __u64 *len)
{
	__u64 pages = pages_of(file), first = percent(40) ? chance(pages) : 0;

	*offset = first * PAGE;
	*len = (1 + chance(pages - first + percent(5))) * PAGE;
}

void choose_file(const struct program *program, struct op *op)
{
	op->v[FILE_KIND] = choose_file_kind();
	op->v[FILE_LEN] = (1 + chance(8)) * PAGE;
	if (percent(6))
		op->v[FILE_LEN] = choose_value(program, VALUE_LENGTH);
	op->v[FILE_SEALS] = percent(85) ? F_SEAL_SHRINK : choose_seals();
	op->v[FILE_ACCESS] = percent(92) ? 3 : chance(4);
}

static void choose_hole(const struct program *program, const struct op *file, struct op *op)
{
	choose_part(file, &op->v[FILE_OFFSET], &op->v[FILE_HOLE_LEN]);
	/* What is a part of a page is no hole. */
	if (percent(10))
		op->v[FILE_OFFSET] += choose_value(program, VALUE_LENGTH);
	if (percent(10))
		op->v[FILE_HOLE_LEN] = choose_value(program, VALUE_LENGTH);
}

void choose_file_change(const struct program *program, struct op *op)
{
	const struct op *file = find_file(program);
	const unsigned int place = op->type == OP_FILE_MAP ? MAP_FD : FILE_FD;

	op->v[place] = fd_of(program, file);
	switch (op->type) {
	case OP_FILE_SEAL:
		op->v[FILE_NEW_SEALS] = percent(50) ? F_SEAL_WRITE : choose_seals();
		break;
	case OP_FILE_PUNCH:
		choose_hole(program, file, op);
		break;
	case OP_FILE_SIZE:
		op->v[FILE_NEW_LEN] = percent(80) ? chance(12) * PAGE :
				      choose_value(program, VALUE_LENGTH);
		break;
	default:
		op->v[MAP_PAGES] = pages_of(file) + percent(10);
		op->v[MAP_PROT] = choose_value(program, VALUE_PROT);
		op->v[MAP_OFFSET] = percent(80) ? 0 : chance(4) * PAGE;
		break;
	}
}

void choose_section(const struct program *program, struct op *op)
{
	const struct op *file = find_file(program);

	op->v[HANDLE] = choose_handle(program);
	op->v[FROM] = fd_of(program, file);
	op->v[SHARE_RIGHTS] = choose_value(program, VALUE_RIGHTS);
	op->v[PART_OFFSET] = 0;
	op->v[PART_LEN] = 0;
	if (percent(40))
		choose_part(file, &op->v[PART_OFFSET], &op->v[PART_LEN]);
	if (percent(20))
		op->v[PART_LEN] = 0;
	if (percent(3))
		op->v[PART_OFFSET + chance(2)] = choose_value(program, VALUE_LENGTH);
}

__u64 choose_section_room(const struct program *program, const struct op *attach)
{
	unsigned int i = program->nr_ops;

	while (!attach->v[PART_LEN] && i--) {
		const struct op *file = &program->ops[i];

		if (file->type == OP_FILE_MAKE && SLOT0 + file->v[FILE_SHARE] == attach->v[FROM] &&
		    attach->v[PART_OFFSET] < file->v[FILE_LEN])
			return file->v[FILE_LEN] - attach->v[PART_OFFSET];
	}
	return attach->v[PART_LEN] ?: PAGE;
}

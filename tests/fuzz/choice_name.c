// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: values for names of sections that are likely to matter
 */
#include <linux/kshm.h>

#include "choice.h"

#define ONE_OF(table)	((table)[chance(sizeof(table) / sizeof(*(table)))])

/* Of the machine's user: his own, and that of kshm's devices. */
#define USER_GROUP	1000
#define KSHM_GROUP	990

/* Few, so that they meet, and fewer than there may be at a time. */
__u64 choose_name_text(void)
{
	if (percent(70))
		return chance(2);
	return percent(70) ? chance(GOOD_NAMES) : chance(NR_NAMES);
}

__u64 choose_mode(void)
{
	static const __u64 usual[] = { 0600, 0600, 0600, 0640, 0666, 0400, 0200, 0044 };
	static const __u64 odd[] = { 0, 0777, 0700, 01600, 0x80000180 };

	return percent(95) ? ONE_OF(usual) : ONE_OF(odd);
}

__u64 choose_gid(void)
{
	static const __u64 usual[] = {
		KSHM_NAME_OWN_GROUP, KSHM_NAME_OWN_GROUP, USER_GROUP, KSHM_GROUP,
	};
	static const __u64 odd[] = { 0, 1, USER_GROUP + 1, 0xfffffffe };

	return percent(95) ? ONE_OF(usual) : ONE_OF(odd);
}

/* The last operation of a type, or one before it, or NULL. */
static const struct op *find(const struct program *program, enum op_type type)
{
	const struct op *op = NULL;
	unsigned int i = program->nr_ops;

	while (i--) {
		if (program->ops[i].type != type)
			continue;
		if (!op || percent(40))
			op = &program->ops[i];
	}
	return op;
}

static void choose_publish(const struct program *program, struct op *op)
{
	static const __u64 flags[] = { 0, 0, 0, 0, KSHM_NAME_UNTIL_CLOSE, KSHM_NAME_UNTIL_CLOSE };
	const struct op *attach = find(program, OP_SECTION_ATTACH);

	choose_named(program, op);
	if (attach && percent(85)) {
		op->v[HANDLE] = attach->v[HANDLE];
		op->v[FROM] = SLOT0 + attach->v[TO];
	}
	op->v[SHARE_FLAGS] = percent(97) ? ONE_OF(flags) : choose_value(program, VALUE_ZERO);
	op->v[TO] = choose_name_text();
	op->v[NAME_MODE] = choose_mode();
	op->v[NAME_GID] = choose_gid();
}

void choose_name(const struct program *program, struct op *op)
{
	const struct op *publish = find(program, OP_NAME_PUBLISH);

	if (op->type == OP_NAME_LIST) {
		op->v[FROM] = percent(50) ? NAME_EMPTY : choose_name_text();
		op->v[LIST_ROOM] = choose_value(program, VALUE_RANGES);
		return;
	}
	if (op->type != OP_NAME_REMOVE)
		op->v[SHARE_RIGHTS] = percent(60) ? 3 : choose_value(program, VALUE_RIGHTS);
	if (op->type == OP_NAME_PUBLISH) {
		choose_publish(program, op);
		return;
	}
	op->v[HANDLE] = choose_value(program, VALUE_HANDLE);
	op->v[FROM] = publish && percent(90) ? publish->v[TO] : choose_name_text();
	if (op->type == OP_NAME_OPEN)
		op->v[SHARE_FLAGS] = percent(40) ? KSHM_NAME_FD : 0;
}

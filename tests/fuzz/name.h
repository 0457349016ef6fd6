/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: names of sections
 */
#ifndef FUZZ_NAME_H
#define FUZZ_NAME_H

#include "region.h"

extern const struct region_command name_commands[NR_OP_TYPES];

/* The text of a name, enum name_text; what is behind its NUL, if it has one, is poison. */
struct name_bytes {
	char text[KSHM_SECTION_NAME_SIZE];
};

struct name_bytes name_bytes(unsigned int number);

/* The index of the first character that cannot be there, or of the end that is missing. */
unsigned int name_bad_at(const struct name_bytes *name);

/*
 * Whether a name-publish publishes what it says: memory that others change may hold any
 * name by then, which nobody would remove.
 */
bool name_can_publish(const struct thread *thread, const struct op *op);

/* As in region.h, of name-list. */
void name_make_list(struct thread *thread, const struct op *op, union argument *arg);
void name_take_list(struct thread *thread, const struct op *op);

/* Removes all that there can be; says so if others are there than should be. */
void names_end(bool should_be_known);

#endif /* FUZZ_NAME_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: chance, and values that are likely to matter
 */
#ifndef FUZZ_CHOICE_H
#define FUZZ_CHOICE_H

#include "program.h"

/* All that follows is decided by the seed, and by what is asked for. */
void chance_seed(__u64 seed);

/* One of 0 to @nr - 1. */
__u64 chance(__u64 nr);

/* True in so many of a hundred cases. */
bool percent(unsigned int percent);

/* A value for one of an operation in a program. */
__u64 choose_value(const struct program *program, enum value_type type);

/* A handle for a command: one that the program makes regions with, if it does. */
__u64 choose_handle(const struct program *program);

/* A handle and an id that the program gets for it, most often. */
void choose_named(const struct program *program, struct op *op);

/* Gives a control operation a code of its handle's device, and operands for that. */
void choose_control(const struct program *program, struct op *op);

/* Makes an operand a part of a region of a handle's: of its length, or of any. */
void choose_region_part(const struct program *program, __u64 handle, __u64 *operand,
			bool of_any_length);

/* Gives what writes them down pieces of a copy; and a control such, if there are any. */
void choose_pieces(const struct program *program, struct op *op);
bool choose_copy(const struct program *program, struct op *op);

/* Gives a command that passes regions on what it can pass on, most often. */
void choose_shared(const struct program *program, struct op *op);

/* Gives a region-create ranges that can be pinned, most of them. */
void choose_region(const struct program *program, struct op *op);

/* Gives a file-make, and what changes such a file, values that make sense, most of them. */
void choose_file(const struct program *program, struct op *op);
void choose_file_change(const struct program *program, struct op *op);

/* Gives a section-attach a part of such a file, most often; and the bytes of that. */
void choose_section(const struct program *program, struct op *op);
__u64 choose_section_room(const struct program *program, const struct op *attach);

/* Gives what reads, raises or polls a counter one, most often. */
void choose_counter(const struct program *program, struct op *op);

/* Gives a command on names values that meet those of others, most often. */
void choose_name(const struct program *program, struct op *op);

/* Gives a control of the device event an input that makes sense. */
void choose_event(const struct program *program, struct op *op);

/* Gives what cancels, reads or tells of requests a handle with such, most often. */
void choose_request(const struct program *program, struct op *op);

/* Of values. */
__u64 choose_user_data(void);
__u64 choose_file_kind(void);
__u64 choose_seals(void);
__u64 choose_name_text(void);
__u64 choose_mode(void);
__u64 choose_gid(void);
__u64 choose_nr_pieces(void);

#endif /* FUZZ_CHOICE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: programs, what they are made of, and their text
 *
 * A program is a list of operations, each of one of a few threads, which run at
 * the same time. As text it has a line for each: the thread, the operation, and
 * those of its values that are not the usual ones.
 *
 *	# A pin that stops half-way.
 *	0 map at=a pages=2
 *	0 control handle=null code=0x8e002001 data_kind=1 data=a+0x10 data_len=0x4000
 *
 * Handles named as a device are open on it, for reading and writing, all the time;
 * h4 to h7 are those that the program opens. Requests that it submits (flags=1) are
 * cancelled when it is over, and their completions read, if it reads any of the handle.
 *
 * Regions are named by r0 to r7, which hold the id that a command put there last, or by a
 * number, which may be the id of one. r0^21 is what is in r0 with its bit 21 another, which
 * is where it says how often its place in the handle's table was used. In the same way s0
 * to s7 hold descriptors, of exported regions, of counters, eventfds and files of memory,
 * and k0 to k7 keys. A word that is s0 is the number of the descriptor. Names of sections
 * are few, so that they meet.
 *
 * a, b, ... h are places in memory for mappings, AREA_SIZE apart; "own" is memory
 * of the thread that no operation changes, by which what must stay as it is can
 * be seen to; vvar is a mapping of every process that has no pages to pin. What follows
 * "killed" in its thread is done by another process, which is killed meanwhile.
 */
#ifndef FUZZ_PROGRAM_H
#define FUZZ_PROGRAM_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/types.h>

#define MAX_OPS		24
#define MAX_THREADS	4
#define MAX_HANDLES	10
#define MAX_VALUES	29
#define NR_WORDS	6
#define NR_RANGES	3
#define NR_PIECES	4

#define AREAS		8
#define AREA_SIZE	0x800000ull
#define AREA_BASE	0x100000000000ull
#define AREA_END	(AREA_BASE + AREAS * AREA_SIZE)

/* Addresses that are words. */
#define OWN		1
#define VVAR		2

/*
 * Ids, descriptors and keys that are words, r0, s0 or k0 and those after it: kshm's
 * numbers have half as many bits. A descriptor can be that of a handle, too.
 */
#define SLOTS		8
#define SLOT0		0x100000000ull
#define HANDLE_FD0	(SLOT0 + SLOTS)

/* Above a slot of ids, one more than the number of the bit that is another. */
#define FLIP_SHIFT	40

/* Commands first: promise.c has sets of them. */
enum op_type {
	OP_CONTROL, OP_INFO, OP_CANCEL, OP_EVENTFD,
	OP_REGION_CREATE, OP_REGION_QUERY, OP_REGION_DESTROY, OP_REGION_REVOKE,
	OP_REGION_EXPORT, OP_REGION_IMPORT, OP_REGION_KEY, OP_REGION_OPEN,
	OP_SECTION_ATTACH, OP_SECTION_SEQUENCE,
	OP_NAME_PUBLISH, OP_NAME_OPEN, OP_NAME_REMOVE, OP_NAME_LIST, OP_HANDLE_LIST,
	OP_OPEN, OP_CLOSE, OP_IOCTL, OP_READ, OP_WRITE, OP_POLL, OP_COMPLETE,
	OP_MMAP, OP_MAP, OP_UNMAP, OP_PROTECT, OP_DONTNEED, OP_REMAP, OP_FILL, OP_FORK,
	OP_KILLED,
	OP_SHARE_INFO, OP_SHARE_CLOSE,
	OP_SEQUENCE_READ, OP_SEQUENCE_RAISE, OP_SEQUENCE_POLL,
	OP_EVENTFD_MAKE, OP_EVENTFD_RAISE, OP_EVENTFD_READ,
	OP_COPY_PIECES, OP_FILE_MAKE, OP_FILE_SEAL, OP_FILE_PUNCH, OP_FILE_SIZE, OP_FILE_MAP,
	NR_OP_TYPES,
};

/* What a value means: how it is printed, and how it is chosen. */
enum value_type {
	VALUE_HANDLE, VALUE_DEVICE, VALUE_ACCESS, VALUE_CODE, VALUE_COMMAND, VALUE_SIZE,
	VALUE_ZERO, VALUE_KIND, VALUE_ADDRESS, VALUE_LENGTH, VALUE_MAPPING, VALUE_PROT,
	VALUE_PAGES, VALUE_WORD, VALUE_BYTE, VALUE_FLAG, VALUE_SLOT, VALUE_REGION,
	VALUE_RIGHTS, VALUE_RANGES, VALUE_SHARE, VALUE_FD, VALUE_KEY_SLOT, VALUE_KEY,
	VALUE_FILE, VALUE_SEALS, VALUE_NAME, VALUE_MODE, VALUE_GID,
	VALUE_PIECES,
};

enum device {
	DEVICE_NULL, DEVICE_SIOCTL, DEVICE_DIGEST, DEVICE_TEST, DEVICE_COPY, DEVICE_EVENT,
	NR_DEVICES,
};

enum mapping {
	MAPPING_ANON, MAPPING_HUGE, MAPPING_SHARED, MAPPING_MEMFD, MAPPING_HUGETLB,
	MAPPING_FILE, MAPPING_FILE_PRIVATE, MAPPING_SHORT, MAPPING_SECRET,
	MAPPING_USERFAULT, NR_MAPPINGS,
};

enum file_kind { FILE_MEMFD, FILE_HUGETLB, FILE_TMPFS, FILE_DISK, NR_FILE_KINDS };

/* Of sections: those before GOOD_NAMES can be one. */
enum name_text {
	NAME_0, NAME_1, NAME_2, NAME_3, NAME_LONGEST, NAME_DOTS, GOOD_NAMES,
	NAME_EMPTY = GOOD_NAMES, NAME_SLASH, NAME_SPACE, NAME_DEL, NAME_HIGH, NAME_UNENDED,
	NR_NAMES,
};

/* The place of each value in op.v[]. */
enum { HANDLE, DEVICE, ACCESS };				/* open; of most, HANDLE */
enum { INFO_SIZE = 1, INFO_FLAGS, INFO_AT };
enum { IOCTL_COMMAND = 1, IOCTL_AT };
enum { TRANSFER_AT = 1, TRANSFER_LEN };				/* read, write */
enum { COMPLETE_LEN = 1 };					/* complete */
enum { MMAP_LEN = 1, MMAP_PROT };
enum { MAP_AT, MAP_KIND, MAP_PAGES, MAP_PROT };
enum { SPAN_AT, SPAN_LEN, SPAN_PROT, SPAN_BYTE = SPAN_PROT };	/* unmap, protect ... */
enum { REMAP_TO = SPAN_PROT, REMAP_KEEP };
enum { SHARE };							/* share-info, share-close */
enum { KILLED_AFTER };						/* in steps */
enum { FILE_SHARE, FILE_KIND, FILE_LEN, FILE_SEALS, FILE_ACCESS };
enum { SEQUENCE_FD, SEQUENCE_AT, SEQUENCE_LEN, SEQUENCE_BY };	/* sequence-raise; -read, -poll */
enum { COUNTED_SHARE, COUNTED_SEMAPHORE, COUNTED_FIRST };	/* eventfd-make */
enum { COUNTED_FD, COUNTED_BY };				/* eventfd-raise, -read */
enum { FILE_FD, FILE_NEW_SEALS, FILE_NEW_LEN = FILE_NEW_SEALS };	/* file-seal, -size */
enum { FILE_OFFSET = FILE_FD + 1, FILE_HOLE_LEN };		/* file-punch */
enum { PIECES_AT, PIECES_FROM, PIECES_TO, PIECES_FLAGS, PIECES_RESERVED, PIECE0 };
enum { MAP_FD = MAP_KIND, MAP_OFFSET = MAP_PROT + 1 };		/* file-map; as map */

/* Of all commands that explain themselves; those of each follow. */
enum { SIZE = 1, TAIL, AT, EXPLAIN, EXPLAIN_SIZE, OF_COMMAND };

enum {
	CODE = OF_COMMAND, FLAGS, RESERVED, USER_DATA, LOOK,
	IN, OUT = IN + 4, DATA = OUT + 4, WORDS = DATA + 4,
};

enum {								/* region-create */
	SLOT = OF_COMMAND, RIGHTS, RANGES, RANGES_AT, CREATE_FLAGS, CREATE_RESERVED, RANGE0,
	CREATE_VALUES = RANGE0 + 2 * NR_RANGES,
};

enum { REGION_ID = OF_COMMAND, REGION_FLAGS, REGION_RESERVED };	/* query, destroy, revoke */

enum { CANCEL_DATA = OF_COMMAND, CANCEL_FLAGS, CANCEL_RESERVED };
enum { EVENTFD_FD = OF_COMMAND, EVENTFD_FLAGS, EVENTFD_RESERVED };

/*
 * export, import, key, open: what is passed on, which is a region, a descriptor or a
 * key, and the slot of what is got for it. Only open has all of these. section-attach
 * goes on as import, with the part of the file; section-sequence is as export.
 */
enum { FROM = REGION_ID, SHARE_FLAGS, SHARE_RIGHTS, TO, SHARE_RESERVED, KEY_FLIP };
enum { PART_OFFSET = KEY_FLIP, PART_LEN };

/*
 * name-publish is as key, to a name instead of a slot; name-open as open, from a name.
 * name-remove is as destroy, and so is what name-list begins with; handle-list goes on.
 */
enum { NAME_MODE = KEY_FLIP, NAME_GID };
enum { NAME_SHARE = KEY_FLIP };
enum { LIST_ROOM = TO, LIST_AT, LIST_ID };

/* Of each of the operands IN, OUT and DATA, and of each piece. */
enum { KIND, OP_ID, ADDR, LEN };

/* Of each range; the last one is that of all which are more. */
enum { RANGE_ADDR, RANGE_LEN };

struct op {
	__u8 thread;
	__u8 type;
	__u64 v[MAX_VALUES];
};

struct program {
	unsigned int nr_ops;
	struct op ops[MAX_OPS];
};

/**
 * struct value - one value of an operation
 * @name: in the text
 * @type: what it means
 * @usual: what it is if the text does not say
 */
struct value {
	const char *name;
	enum value_type type;
	__u64 usual;
};

/**
 * struct op_info - one kind of operation
 * @name: in the text
 * @nr_values: of op.v[] that it has
 * @values: what they are
 * @command: number of the ioctl, if it is one of kshm's
 */
struct op_info {
	const char *name;
	unsigned int nr_values;
	struct value values[MAX_VALUES];
	unsigned int command;
};

extern const struct op_info op_infos[NR_OP_TYPES];
extern const char * const device_names[NR_DEVICES];

/* An operation whose values are the usual ones. */
struct op op_make(enum op_type type);

/* Whether it fills in the slot of an id; which that is, also of other slots. */
bool op_makes_region(const struct op *op);
__u64 op_slot(const struct op *op);

/* The slot of a descriptor, if it is one that fills in such. */
bool op_makes_fd(const struct op *op);
__u64 op_fd_slot(const struct op *op);

/* Whether it submits a request. */
bool op_submits(const struct op *op);

/* The address, and the bytes, of a mapping that is made: whole pages of its kind. */
__u64 op_map_at(const struct op *op);
__u64 op_map_len(const struct op *op);

/* Whether an ioctl is of kshm. */
bool is_command(unsigned int number);

/* The address and the length of a range of a region-create. */
const __u64 *op_range(const struct op *op, unsigned int number);

/* More than one thread has operations, or a process that is killed does one. */
bool program_is_threaded(const struct program *program);

void program_print(const struct program *program, FILE *to);

/* Returns NULL, or the first line that makes no sense. */
const char *program_parse(struct program *program, FILE *from);

/* The same of a file, by its name; says what is wrong on stderr. */
bool program_load(struct program *program, const char *path);

/* A number by which equal programs are known. */
__u32 program_hash(const struct program *program);

#endif /* FUZZ_PROGRAM_H */

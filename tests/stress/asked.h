/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - stress: what submitted requests ask for, and what they have to leave
 */
#ifndef STRESS_ASKED_H
#define STRESS_ASKED_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/kshm.h>
#include <linux/kshm_event.h>
#include <linux/types.h>

#include "memory.h"

enum asked {
	ASKED_TO_DRIVER,	/* looks at the bytes when it ends */
	ASKED_FROM_DRIVER,
	ASKED_FROM_ROW,		/* the same, of a row that names a context */
	ASKED_COPIED_OUT,
	ASKED_MESSAGE,		/* of the device event, of whoever sends one */
	ASKED_TICKS,		/* whose interrupts write for as long as it lasts */
	ASKED_KINDS,
};

/**
 * struct pending - a request that a worker has submitted
 * @number: its user_data and key, which no two have; 0: there is none
 * @asked: what it asks for
 * @fd: the handle
 * @m: memory that nothing else uses; without @data it was not made yet
 * @s: the bytes there
 * @before: seed of what was in them
 * @after: seed of what the driver writes
 * @in_region: they are a part of a region, of the handle
 * @region: the id of that
 * @event: what happened
 */
struct pending {
	__u64 number;
	enum asked asked;
	int fd;
	struct memory m;
	struct span s;
	__u32 before;
	__u32 after;
	bool in_region;
	__u32 region;
	struct kshm_event event;
};

const char *asked_name(enum asked asked);

/* Of the device event, or of the driver for tests. */
bool asked_of_event(enum asked asked);

/* No file on a disk is pinned for long to be written, by itself or as a region. */
bool asked_works_on(enum asked asked, enum memory_kind kind);
bool asked_in_region(enum asked asked, enum memory_kind kind);

/* How many of @len bytes it can be asked for. */
size_t asked_len(enum asked asked, size_t len);

/*
 * Submits it, with the bytes as @data: they themselves, or a part of a region. @way decides
 * between ways of doing so; messages are those for @name. 0 or -errno.
 */
int asked_submit(struct pending *p, struct kshm_operand data, __u32 way, const char *name);

/* What is wrong with its bytes, or with what is told of them, or NULL. @cancelled: it was. */
const char *asked_wrong(const struct pending *p, const struct kshm_completion *c,
			bool cancelled);

#endif /* STRESS_ASKED_H */

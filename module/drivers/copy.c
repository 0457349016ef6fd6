// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the device "copy"
 *
 * One copy between memory of different processes, each of which made regions of what
 * others may have: nobody needs the right to trace anybody. What process_vm_readv()
 * looks up and pins page by page is pinned and mapped already, so that all there is
 * to do is the copy itself.
 */
#include <linux/kshm_copy.h>
#include <linux/kshm_driver.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>

/* Copied between two looks at whether to go on: below a millisecond. */
#define BATCH	SZ_2M

/**
 * struct piece - a part of what is read, or of what is written
 * @data: its first byte, mapped; NULL for memory of the caller
 * @len: bytes
 * @memory: of the caller
 */
struct piece {
	void *data;
	size_t len;
	struct kshm_user_buffer memory;
};

/**
 * struct side - what is read, or what is written
 * @ops: what was asked for
 * @pieces: the same, taken
 * @done: bytes of the piece to go on with that are dealt with
 * @direction: which of the two
 * @nr: pieces
 * @at: the piece to go on with
 * @has_memory: some of it is memory of the caller
 */
struct side {
	const struct kshm_operand *ops;
	struct piece *pieces;
	size_t done;
	enum kshm_direction direction;
	u32 nr;
	u32 at;
	bool has_memory;
};

static int take_memory(struct kshm_request *req, struct side *side, u32 number)
{
	struct piece *piece = &side->pieces[number];

	piece->data = NULL;
	piece->len = side->ops[number].len;
	side->has_memory = true;
	return kshm_request_memory(req, number, &side->ops[number],
				   side->direction, &piece->memory);
}

/* Mapped: the region keeps that, so that the next copy has no work with pages. */
static int take_region(struct kshm_request *req, struct side *side, u32 number)
{
	struct piece *piece = &side->pieces[number];
	struct kshm_mdl *mdl;

	mdl = kshm_request_region(req, number, &side->ops[number],
				  side->direction);
	if (IS_ERR(mdl))
		return PTR_ERR(mdl);
	piece->len = kshm_mdl_len(mdl);
	/* The const that a mapping to read has is back when it is read. */
	piece->data = (void *)kshm_mdl_map(mdl);
	return PTR_ERR_OR_ZERO(piece->data);
}

static int take(struct kshm_request *req, struct side *side, u64 *total)
{
	u32 i;
	int ret;

	*total = 0;
	for (i = 0; i < side->nr; i++) {
		if (side->ops[i].kind == KSHM_OPERAND_USER)
			ret = take_memory(req, side, i);
		else
			ret = take_region(req, side, i);
		if (ret)
			return ret;
		/* No sum wraps: each is less than an address space. */
		*total += side->pieces[i].len;
		cond_resched();
	}
	return 0;
}

/* Bytes of one piece from where the side is at. There are some left in it. */
static size_t run_of(struct side *side)
{
	while (side->done == side->pieces[side->at].len) {
		side->at++;
		side->done = 0;
	}
	return side->pieces[side->at].len - side->done;
}

static void *place_of(const struct side *side)
{
	return side->pieces[side->at].data + side->done;
}

/* With memory of the caller, which no other access goes to: it is @side's. */
static int copy_memory(struct kshm_request *req, struct side *side, void *data,
		       size_t *part)
{
	struct kshm_user_buffer *memory = &side->pieces[side->at].memory;
	int ret;

	if (side->direction == KSHM_TO_DRIVER)
		ret = kshm_user_read(memory, side->done, data, *part);
	else
		ret = kshm_user_write(memory, side->done, data, *part);
	*part = kshm_user_copied(memory) - side->done;
	if (ret == -EFAULT)
		kshm_request_explain_memory(req, side->at, side->direction,
					    memory);
	return ret;
}

/* @part bytes of one piece to one; if that fails @part gets how many were copied. */
static int copy_part(struct kshm_request *req, struct side *from,
		     struct side *to, size_t *part)
{
	if (!from->pieces[from->at].data)
		return copy_memory(req, from, place_of(to), part);
	if (!to->pieces[to->at].data)
		return copy_memory(req, to, place_of(from), part);
	memcpy(place_of(to), place_of(from), *part);
	return 0;
}

static int copy_all(struct kshm_request *req, struct side *from,
		    struct side *to, u64 total, u64 *done)
{
	size_t part;
	int ret = 0;

	for (*done = 0; *done < total && !ret; *done += part) {
		if (kshm_request_cancelled(req))
			return -EINTR;
		part = min3(run_of(from), run_of(to), (size_t)BATCH);
		ret = copy_part(req, from, to, &part);
		from->done += part;
		to->done += part;
		cond_resched();
	}
	return ret;
}

/* What was copied is told, also if it is not all: an error would not tell. */
static void give(struct kshm_request *req, u64 done, int error)
{
	memcpy(kshm_request_out(req), &done, sizeof(done));
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(done));
	kshm_request_set_detail(req, -error);
}

static int copy_sides(struct kshm_request *req, struct side *from,
		      struct side *to)
{
	u64 total, written, done = 0;
	int ret;

	ret = take(req, from, &total);
	if (!ret)
		ret = take(req, to, &written);
	if (!ret && from->has_memory && to->has_memory)
		ret = -EINVAL;
	if (!ret && total != written)
		ret = -EMSGSIZE;
	if (!ret)
		ret = copy_all(req, from, to, total, &done);
	if (ret && !done)
		return ret;
	give(req, done, ret);
	return 0;
}

/* The table bounds the length, and with it the number of pieces. */
static int check_form(const struct kshm_copy *arg, size_t len)
{
	u64 pieces = (u64)arg->nr_from + arg->nr_to;

	if (arg->flags)
		return -EOPNOTSUPP;
	if (arg->reserved ||
	    len != sizeof(*arg) + pieces * sizeof(struct kshm_operand))
		return -EINVAL;
	return 0;
}

static int copy(struct kshm_request *req)
{
	const struct kshm_copy *arg = kshm_request_in(req);
	const struct kshm_operand *ops = (const void *)(arg + 1);
	struct side from = { .direction = KSHM_TO_DRIVER };
	struct side to = { .direction = KSHM_FROM_DRIVER };
	struct piece *pieces;
	int ret;

	ret = check_form(arg, kshm_request_in_len(req));
	if (ret)
		return ret;
	pieces = kvmalloc_array(arg->nr_from + arg->nr_to, sizeof(*pieces),
				GFP_KERNEL_ACCOUNT);
	if (!pieces)
		return -ENOMEM;
	from.ops = ops;
	from.nr = arg->nr_from;
	from.pieces = pieces;
	to.ops = ops + arg->nr_from;
	to.nr = arg->nr_to;
	to.pieces = pieces + arg->nr_from;
	ret = copy_sides(req, &from, &to);
	kvfree(pieces);
	return ret;
}

static const struct kshm_control copy_controls[] = {
	{
		.code = KSHM_COPY,
		.name = "copy",
		.in_min = sizeof(struct kshm_copy),
		.in_max = sizeof(struct kshm_copy) +
			  KSHM_COPY_MAX_PIECES * sizeof(struct kshm_operand),
		.out_min = sizeof(u64),
		.out_max = KSHM_LENGTH_ANY,
		.handle = copy,
	},
};

static const struct kshm_device_ops copy_ops = {
	.owner = THIS_MODULE,
	.controls = copy_controls,
	.nr_controls = ARRAY_SIZE(copy_controls),
};

module_kshm_device(copy_ops, "copy");

MODULE_DESCRIPTION("kshm: copies between memory of different processes");
MODULE_LICENSE("GPL");

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - pools: which bytes of a section are in use
 *
 * What is known of them is in memory of the process alone. In the section itself
 * everybody who can write it could change it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Bytes that are in use, or are not. */
struct piece {
	__u64 offset;
	__u64 len;
	bool used;
};

/**
 * struct kshm_section_pool - what is known of a section
 * @pieces: each begins where the one before ends, and no two that are not in use are
 *	neighbours
 * @nr: how many there are
 * @room: how many there is memory for
 */
struct kshm_section_pool {
	struct piece *pieces;
	size_t nr;
	size_t room;
};

/* Memory for @more pieces. */
static int reserve(struct kshm_section_pool *pool, size_t more)
{
	size_t room = 2 * (pool->nr + more);
	struct piece *pieces;

	if (pool->nr + more <= pool->room)
		return 0;
	pieces = reallocarray(pool->pieces, room, sizeof(*pieces));
	if (!pieces)
		return -ENOMEM;
	pool->pieces = pieces;
	pool->room = room;
	return 0;
}

KSHM_EXPORT int kshm_section_pool_create(__u64 offset, __u64 len,
					 struct kshm_section_pool **pool)
{
	struct kshm_section_pool *new;

	if (!len || offset + len < offset)
		return -EINVAL;
	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	if (reserve(new, 1)) {
		free(new);
		return -ENOMEM;
	}
	new->pieces[new->nr++] = (struct piece){ .offset = offset, .len = len };
	*pool = new;
	return 0;
}

KSHM_EXPORT void kshm_section_pool_destroy(struct kshm_section_pool *pool)
{
	if (!pool)
		return;
	free(pool->pieces);
	free(pool);
}

/* Bytes to leave out at its beginning. */
static __u64 gap_of(const struct piece *piece, __u64 align)
{
	return -piece->offset & (align - 1);
}

static bool fits(const struct piece *piece, __u64 len, __u64 align)
{
	return !piece->used && piece->len >= len && gap_of(piece, align) <= piece->len - len;
}

/* What is behind the first @len bytes of piece @i becomes one of its own; there is room. */
static void cut(struct kshm_section_pool *pool, size_t i, __u64 len)
{
	struct piece *piece = &pool->pieces[i];

	memmove(piece + 1, piece, (pool->nr++ - i) * sizeof(*piece));
	piece[0].len = len;
	piece[1].offset += len;
	piece[1].len -= len;
}

KSHM_EXPORT int kshm_section_pool_alloc(struct kshm_section_pool *pool, __u64 len,
					__u64 align, __u64 *offset)
{
	__u64 gap;
	size_t i;

	if (!len || !align || align & (align - 1))
		return -EINVAL;
	for (i = 0; i < pool->nr && !fits(&pool->pieces[i], len, align); i++)
		;
	if (i == pool->nr)
		return -ENOSPC;
	if (reserve(pool, 2))
		return -ENOMEM;
	gap = gap_of(&pool->pieces[i], align);
	if (gap)
		cut(pool, i++, gap);
	if (pool->pieces[i].len > len)
		cut(pool, i, len);
	pool->pieces[i].used = true;
	*offset = pool->pieces[i].offset;
	return 0;
}

/* Piece @i and the next one, if there are both and neither is in use. */
static void join(struct kshm_section_pool *pool, size_t i)
{
	struct piece *piece = &pool->pieces[i];

	if (i + 1 >= pool->nr || piece[0].used || piece[1].used)
		return;
	piece[1].offset = piece[0].offset;
	piece[1].len += piece[0].len;
	memmove(piece, piece + 1, (--pool->nr - i) * sizeof(*piece));
}

KSHM_EXPORT int kshm_section_pool_free(struct kshm_section_pool *pool, __u64 offset)
{
	size_t i;

	for (i = 0; i < pool->nr && pool->pieces[i].offset < offset; i++)
		;
	if (i == pool->nr || pool->pieces[i].offset != offset || !pool->pieces[i].used)
		return -ENOENT;
	pool->pieces[i].used = false;
	join(pool, i);
	if (i)
		join(pool, i - 1);
	return 0;
}

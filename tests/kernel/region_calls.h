/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - regions as the tests use them: raw ioctls on open files
 */
#ifndef REGION_CALLS_H
#define REGION_CALLS_H

#include <stddef.h>
#include <stdbool.h>
#include <linux/kshm.h>

#define READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)

/* A region to be made of @nr ranges. */
struct kshm_ioc_region_create region_request(const struct kshm_range *ranges,
					     size_t nr, __u32 rights);

/* Makes it: 0 or -errno. */
int region_try(int fd, struct kshm_ioc_region_create *arg);

/* Makes one of @len bytes at @data, which must work: its id. */
__u32 region_make(int fd, const void *data, size_t len, __u32 rights);

/*
 * Asserts that it cannot be made: @error, explained by @check; and that nothing is
 * pinned or charged for it.
 */
struct kshm_explain region_refused(int fd, struct kshm_ioc_region_create arg,
				   int error, __u32 check);

/* What it is: 0 or -errno. */
int region_query_try(int fd, __u32 id, struct kshm_ioc_region_query *query);

/* The same, which must work. */
struct kshm_ioc_region_query region_query(int fd, __u32 id);
bool region_is_revoked(int fd, __u32 id);

/* 0 or -errno. */
int region_destroy_try(int fd, __u32 id, __u32 flags);

/* Destroys it, which must work at once. */
void region_destroy(int fd, __u32 id);

/* 0 or -errno. */
int region_revoke_try(int fd, __u32 id, __u32 flags);

/* Revokes it, which must work. */
void region_revoke(int fd, __u32 id);

/*
 * Has the driver fill a part with the pattern of @seed, or look for that in it: 0 or
 * -errno of the ioctl itself.
 */
int region_fill_try(int fd, __u32 id, __u64 offset, __u64 len, __u32 seed);
int region_check_try(int fd, __u32 id, __u64 offset, __u64 len, __u32 seed);

/* The same, which must work. */
void region_fill(int fd, __u32 id, __u64 offset, __u64 len, __u32 seed);
void region_check(int fd, __u32 id, __u64 offset, __u64 len, __u32 seed);

/*
 * A descriptor that holds it, with @rights: 0 or -errno. @why, which may be NULL, gets
 * the explanation; likewise below.
 */
int region_export_try(int fd, __u32 id, __u32 rights, int *share,
		      struct kshm_explain *why);

/* The same, which must work: the descriptor. */
int region_export(int fd, __u32 id, __u32 rights);

/* An id for such a descriptor. */
int region_import_try(int fd, int share, __u32 rights, __u32 *id,
		      struct kshm_explain *why);
__u32 region_import(int fd, int share, __u32 rights);

/* A key that gives @rights on it, or with KSHM_KEY_REMOVE none. */
int region_key_try(int fd, __u32 id, __u32 rights, __u32 flags,
		   struct kshm_region_key *key, struct kshm_explain *why);
struct kshm_region_key region_key(int fd, __u32 id, __u32 rights, __u32 flags);

/* An id for such a key. */
int region_open_try(int fd, const struct kshm_region_key *key, __u32 rights,
		    __u32 *id, struct kshm_explain *why);
__u32 region_open(int fd, const struct kshm_region_key *key, __u32 rights);

/* A part of a region. */
static inline struct kshm_operand region_operand(__u32 id, __u64 offset, __u64 len)
{
	return (struct kshm_operand){
		.kind = KSHM_OPERAND_REGION, .id = id, .addr = offset, .len = len,
	};
}

#endif /* REGION_CALLS_H */

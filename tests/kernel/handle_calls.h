/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - lists of handles as the tests use them: raw ioctls on open files
 */
#ifndef HANDLE_CALLS_H
#define HANDLE_CALLS_H

#include <stdbool.h>
#include <linux/kshm.h>

/* As an id, behind all that a handle can have. */
#define HANDLE_LAST_ID	0x1fffffU

/*
 * Lists what comes after id @after_id of handle @after; what it is to write has other
 * values before. 0 or -errno; @why, which may be NULL, gets the explanation.
 */
int handle_list_try(int fd, __u64 after, __u32 after_id,
		    struct kshm_handle_entry *entries, __u32 nr,
		    struct kshm_ioc_handle_list *arg, struct kshm_explain *why);

/* The same, which must work: whether there is more. @nr gets how many it told. */
bool handle_list(int fd, __u64 after, __u32 after_id,
		 struct kshm_handle_entry *entries, __u32 room, __u32 *nr);

/*
 * All that comes after handle @after and its regions, by calls for @room entries: how
 * many; at most @most, which has to be enough.
 */
__u32 handle_list_all(int fd, __u64 after, __u32 room,
		      struct kshm_handle_entry *entries, __u32 most);

/* The same, all that there are, as an open file of debugfs tells it, by reads of @piece. */
int handle_debugfs_open(void);
__u32 handle_debugfs_all(int file, size_t piece, struct kshm_handle_entry *entries,
			 __u32 most);

/* A number of fdinfo of @fd. */
__u64 fdinfo_number(int fd, const char *key);

/* The number of the handle @fd. */
__u64 handle_number(int fd);

/* The entry of a region of a handle, or with id 0 of the handle; NULL if there is none. */
const struct kshm_handle_entry *handle_entry(const struct kshm_handle_entry *entries,
					     __u32 nr, __u64 handle, __u32 id);

#endif /* HANDLE_CALLS_H */

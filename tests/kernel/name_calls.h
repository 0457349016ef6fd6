/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - names of sections as the tests use them: raw ioctls on open files
 */
#ifndef NAME_CALLS_H
#define NAME_CALLS_H

#include <stdbool.h>
#include <linux/kshm.h>

/* Publishes @id as @name, to be changed. */
struct kshm_ioc_name_publish name_request(__u32 id, const char *name, __u32 rights);

/* 0 or -errno. @why, which may be NULL, gets the explanation; likewise below. */
int name_try(int fd, struct kshm_ioc_name_publish *arg, struct kshm_explain *why);

/* Publishes it with mode 0600, which must work. */
void name_publish(int fd, __u32 id, const char *name, __u32 rights, __u32 flags);

/* Opens @name. */
int name_open_try(int fd, const char *name, __u32 rights, __u32 flags,
		  struct kshm_ioc_name_open *arg, struct kshm_explain *why);

/* The same without a descriptor, which must work: the id. */
__u32 name_open(int fd, const char *name, __u32 rights);

/* Removes @name. */
int name_remove_try(int fd, const char *name, struct kshm_explain *why);

/* The same, which must work. */
void name_remove(int fd, const char *name);

/* Lists what comes after @after; what it is to write has other values before. */
int name_list_try(int fd, const char *after, struct kshm_name_entry *entries,
		  __u32 nr, struct kshm_ioc_name_list *arg, struct kshm_explain *why);

/* The same, which must work: whether there is more. @nr gets how many it told. */
bool name_list(int fd, const char *after, struct kshm_name_entry *entries, __u32 room,
	       __u32 *nr);

/* Removes what there is, and the caller may. */
void name_remove_all(int fd);

/* Asserts what a call returned, and its explanation. */
void name_refused(int ret, const struct kshm_explain *why, int error, __u32 check);

#endif /* NAME_CALLS_H */

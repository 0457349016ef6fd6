/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kshm - lists of handles: who has what pinned
 *
 * A part of <kshm.h>, which has what is said of all functions.
 */
#ifndef _KSHM_HANDLE_H
#define _KSHM_HANDLE_H

#include "kshm.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct kshm_handle_info - a handle, or one hold of a region, as it is listed
 * @device: name of the handle's device
 * @comm: name that the process had when it opened the handle; any bytes are possible
 * @handle: number of the handle, or of what else holds the region; of both there were
 *	since the module was loaded
 * @region: number of the region, the same for all that hold it; 0 for a handle
 * @id: of the region, for the handle; 0 for a handle, and for what is no id
 * @flags: KSHM_HANDLE_* bits
 * @rights: KSHM_REGION_* bits of the hold; for a handle KSHM_ACCESS_* bits
 * @state: KSHM_STATE_* bits of the region
 * @holds: ids and other holds of the region
 * @uses: requests that use the region by this id, and with KSHM_HANDLE_DESTROYED who waits
 *	for them, or is still to tell the id
 * @pid: the process that opened the handle that it is, is of, or came to be through; 0
 *	if it has ended, or is not in the PID namespace
 * @uid: its real user id; the overflow id for one that the user namespace does not have
 * @charged_uid: the real user id whom the region is charged to; KSHM_HANDLE_UNCHARGED for
 *	a handle, and once nothing of it is pinned any more
 * @len: bytes of the region; 0 for a handle
 * @pages: pinned and charged for it; 0 for a handle
 * @age: nanoseconds since the handle was opened, or the region made
 */
struct kshm_handle_info {
	const char *device;
	const char *comm;
	__u64 handle;
	__u64 region;
	__u32 id;
	__u32 flags;
	__u32 rights;
	__u32 state;
	__u32 holds;
	__u32 uses;
	__u32 pid;
	__u32 uid;
	__u32 charged_uid;
	__u64 len;
	__u64 pages;
	__u64 age;
};

/**
 * kshm_handle_list() - list handles and whatever else holds regions
 * @handle: a handle, any one
 * @list: gets an array of pointers, in the order in which handles were opened, and
 *	descriptors, names and views made, each handle before its regions, and with a
 *	NULL at its end; untouched on error
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * Those of handles that processes of the caller's real user id opened that have, or had,
 * a number in his PID namespace, @handle among them if it is one, and of others' handles
 * the regions that are charged to him; with CAP_SYS_ADMIN in the first user namespace
 * those of all users. What comes or goes while the list is made
 * is in it or not; what is there all the time is.
 *
 * The array and all in it is the caller's, who frees it with kshm_handle_list_free().
 *
 * Return: the number of pointers, or
 * -ENOTTY: the module is older and cannot list them;
 * -ENOMEM.
 * Since: 0.1
 */
int kshm_handle_list(const struct kshm_handle *handle,
		     struct kshm_handle_info ***list,
		     struct kshm_explanation *explanation);

/**
 * kshm_handle_list_free() - free what kshm_handle_list() gave
 * @list: the array, or NULL
 *
 * Since: 0.1
 */
void kshm_handle_list_free(struct kshm_handle_info **list);

#ifdef __cplusplus
}
#endif

#endif /* _KSHM_HANDLE_H */

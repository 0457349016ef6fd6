/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kshm - requests that are submitted, and their completions
 *
 * A part of <linux/kshm.h>, which includes it; nobody needs it by itself.
 *
 * A request with KSHM_REQUEST_SUBMIT in its flags is not waited for. The ioctl that
 * submits it can fail as any, and then nothing more comes of it. If it returns 0 it is
 * out_status that tells: negative, it is what the driver said at once, and again nothing
 * more comes; 0, one completion comes, and the other results of the struct are 0. The
 * handle has to be open for reading, or that is EACCES.
 *
 * Completions are read() from the handle, whole records of
 * struct kshm_completion, as many as there are and fit, in the order in which the
 * requests ended; a buffer that has no room for one is EINVAL. read() waits for the first
 * one, unless the handle has O_NONBLOCK: then it is EAGAIN. A completion that could not be
 * copied is there still. poll() tells whether there are any. When the device is gone, and
 * all completions are read, it is ENODEV.
 *
 * Whoever has the handle reads them, be it another process. What the request is to
 * return in out is copied by that read(), or, if it ended at once, when it was submitted,
 * into the memory of who did that, before the completion is: who reads sees it. If that
 * process is gone by then, or its memory cannot be written, the completion says EFAULT.
 *
 * The memory that a submitted request names, of whatever control, belongs to it until its
 * completion is read. Data is pinned as that of a region is, and locked memory, also for
 * calls that wait, of controls that can pend. Requests belong to the handle: they go on when who
 * submitted them is gone. The last close of the handle cancels all that are left; their
 * completions are not delivered.
 */
#ifndef _UAPI_LINUX_KSHM_COMPLETION_H
#define _UAPI_LINUX_KSHM_COMPLETION_H

#include <linux/types.h>

/* Flag of kshm_ioc_control: do not wait, a completion tells how it ended. */
#define KSHM_REQUEST_SUBMIT	0x1

/*
 * Flag of a completion: @status is kshm's, not the driver's. EFAULT: the output could not
 * be copied; ECANCELED: it was cancelled before its handler ran.
 */
#define KSHM_COMPLETION_KSHM	0x1

/**
 * struct kshm_completion - how a request ended
 * @user_data: as the request had it
 * @status: 0 or -errno
 * @detail: a number of the driver's own, passed as it is
 * @code: the control code of the request
 * @flags: KSHM_COMPLETION_KSHM, or 0
 * @in_returned: bytes that the driver reports for in, as kshm_operand.out_returned
 * @out_returned: the same for out
 * @data_returned: the same for data
 * @needed: bytes needed, when the driver says that a buffer was too small; otherwise 0
 * @reserved: zero
 */
struct kshm_completion {
	__aligned_u64 user_data;
	__s32 status;
	__u32 detail;
	__u32 code;
	__u32 flags;
	__aligned_u64 in_returned;
	__aligned_u64 out_returned;
	__aligned_u64 data_returned;
	__aligned_u64 needed;
	__aligned_u64 reserved;
};

/* Flag of kshm_ioc_cancel: whatever their user_data, which is zero then. */
#define KSHM_CANCEL_ALL		0x1

/**
 * struct kshm_ioc_cancel - KSHM_IOC_CANCEL: have requests of the handle end early
 * @size: sizeof(struct kshm_ioc_cancel)
 * @flags: KSHM_CANCEL_ALL, or 0
 * @user_data: of the requests
 * @explain: address of a struct kshm_explain, or 0
 * @out_cancelled: requests that this was true of, and that had not ended
 * @reserved: must be zero
 *
 * Nothing is waited for. Their drivers are asked to end them, and each ends as it would
 * without that, once, most often with ECANCELED: some have done what they were asked to
 * by then, and a driver need not be able to cancel. ENOENT: there were none.
 */
struct kshm_ioc_cancel {
	__u32 size;
	__u32 flags;
	__aligned_u64 user_data;
	__aligned_u64 explain;
	__u32 out_cancelled;
	__u32 reserved;
};

/**
 * struct kshm_ioc_eventfd - KSHM_IOC_EVENTFD: an eventfd to be raised for completions
 * @size: sizeof(struct kshm_ioc_eventfd)
 * @flags: must be zero
 * @fd: of an eventfd, instead of the one that the handle had; -1: none any more
 * @reserved: must be zero
 * @explain: address of a struct kshm_explain, or 0
 *
 * It is raised by one when there are completions to be read; several that come at about
 * the same time may be told by one. One that the handle has when this is called is not
 * told of those that are there.
 */
struct kshm_ioc_eventfd {
	__u32 size;
	__u32 flags;
	__s32 fd;
	__u32 reserved;
	__aligned_u64 explain;
};

#endif /* _UAPI_LINUX_KSHM_COMPLETION_H */

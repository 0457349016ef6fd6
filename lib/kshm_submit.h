/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kshm - requests that are submitted: their completions tell how they ended
 *
 * A part of <kshm.h>, which has what is said of all functions.
 */
#ifndef _KSHM_SUBMIT_H
#define _KSHM_SUBMIT_H

#include "kshm.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * kshm_submit() - send a request to the driver without waiting for its end
 * @handle: the handle, open for reading
 * @code: the control code, see kshm_lookup()
 * @in: input, or NULL: absent
 * @out: output, or NULL: absent
 * @data: memory that the driver works on in place, or NULL: absent
 * @user_data: any number; the completion has it, and kshm_cancel() goes by it. Several
 *	requests may have the same.
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * 0 stands for one completion, which kshm_wait() gets; with anything else there comes
 * none, whether it was kshm who refused the request or the driver, at once:
 * @explanation->said_by tells which of the two, and has what the driver said besides.
 *
 * Any control can be submitted. One whose driver does not keep requests is done before
 * this returns, and its completion is there then.
 *
 * Until kshm_wait() has given the completion the memory of @out and @data belongs to
 * the request, and that of @in, too, of raw controls; the operands themselves, and what
 * they name as input otherwise, are the caller's again when this returns.
 *
 * Return: 0, or a negative errno: the driver's, or one that is listed in
 * <linux/kshm.h>, among them
 * -EACCES: @handle is not open for reading, or not as @code demands;
 * -ENOSPC: too many requests of @handle are not over, or have not been waited for;
 * -ENOMEM: RLIMIT_MEMLOCK would be exceeded, or the kernel is out of memory;
 * -E2BIG or -EOPNOTSUPP: the module is older and knows no such requests;
 * -ENODEV: the device was removed.
 * Since: 0.1
 */
int kshm_submit(const struct kshm_handle *handle, __u32 code,
		const struct kshm_operand *in, const struct kshm_operand *out,
		const struct kshm_operand *data, __u64 user_data,
		struct kshm_explanation *explanation);

/**
 * kshm_wait() - get completions of submitted requests
 * @handle: the handle
 * @completions: gets them, in the order in which the requests ended; prepare nothing
 * @nr: how many there is room for
 * @timeout_ms: how long to wait for the first one, in milliseconds: with 0 not at all,
 *	with -1, or any negative number, for ever
 *
 * Waits for the first one only, and takes those with it that are there by then. Each is
 * given once, to whichever thread or process comes first. O_NONBLOCK of the descriptor
 * makes no difference.
 *
 * What the driver returned in out operands is in them when this returns. A completion
 * with KSHM_COMPLETION_KSHM in its flags has a status that kshm gave it; otherwise the
 * driver did; kshm_explain_completion() turns either into a sentence.
 *
 * Return: how many there are at @completions; 0, as of poll(), if none came in time; or
 * -EINVAL: @nr is 0, or the module is older and has no completions;
 * -EINTR: a signal came before the first completion did;
 * -EBADF: @handle is not open for reading;
 * -EFAULT: @completions cannot be written; none is lost by that;
 * -ENODEV: the device was removed, and all completions were given.
 * Since: 0.1
 */
int kshm_wait(const struct kshm_handle *handle, struct kshm_completion *completions,
	      size_t nr, int timeout_ms);

/**
 * kshm_explain_completion() - say how a submitted request ended
 * @handle: the handle that the completion is of
 * @completion: as kshm_wait() gave it
 * @text: gets the sentence, as of kshm_explain()
 * @size: bytes at @text; 512 are enough for all. With 0 @text may be NULL.
 *
 * Return: length of the whole text without its NUL.
 * Since: 0.1
 */
int kshm_explain_completion(const struct kshm_handle *handle,
			    const struct kshm_completion *completion, char *text,
			    size_t size);

/**
 * kshm_cancel() - have submitted requests end early
 * @handle: the handle
 * @user_data: that of the requests
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * Waits for nothing. Their drivers are asked to end them, and the completion of each
 * tells how it ended, most often with ECANCELED: some are done by then, and a driver
 * need not be able to cancel.
 *
 * Return: of how many requests that had not ended the driver was asked, or
 * -ENOENT: there was none;
 * -ENOTTY: the module is older and knows no such requests;
 * -ENODEV: the device was removed, which cancels all.
 * Since: 0.1
 */
int kshm_cancel(const struct kshm_handle *handle, __u64 user_data,
		struct kshm_explanation *explanation);

/**
 * kshm_cancel_all() - have all requests of a handle end early
 * @handle: the handle
 * @explanation: as in kshm_cancel()
 *
 * Those, too, that other threads and processes wait for with kshm_control().
 *
 * Return: as kshm_cancel().
 * Since: 0.1
 */
int kshm_cancel_all(const struct kshm_handle *handle,
		    struct kshm_explanation *explanation);

/**
 * kshm_eventfd() - have an eventfd raised when there are completions
 * @handle: the handle
 * @fd: an eventfd, which takes the place of the one that the handle had; or -1: none
 *	any more
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * The handle keeps the eventfd itself, not the descriptor. It is raised by one for one
 * completion or for several, and not for those that are there already.
 *
 * For loops that wait for eventfds. Those that poll() can do without: kshm_fd() is
 * readable as long as there are completions.
 *
 * Return: 0, or
 * -EBADF: @fd is not open, or no eventfd;
 * -ENOTTY: the module is older and has no completions.
 * Since: 0.1
 */
int kshm_eventfd(const struct kshm_handle *handle, int fd,
		 struct kshm_explanation *explanation);

#ifdef __cplusplus
}
#endif

#endif /* _KSHM_SUBMIT_H */

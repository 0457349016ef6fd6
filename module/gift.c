// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - descriptors that a request gives to its caller
 *
 * The handler gets the number, to be told in the output, and the descriptor comes when
 * the caller has been told everything else: nothing can fail any more then.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kshm_driver.h>
#include <linux/slab.h>

#include "explain.h"
#include "gift.h"
#include "region.h"
#include "request.h"
#include "view.h"

/**
 * struct kshm_gift - a descriptor to be
 * @next: that was given before, or NULL
 * @file: a reference
 * @fd: reserved
 */
struct kshm_gift {
	struct kshm_gift *next;
	struct file *file;
	int fd;
};

/**
 * kshm_request_give_section() - give the caller a descriptor of a section
 * @req: the request
 * @view: from kshm_section_create(), by whichever request
 *
 * The descriptor is there when the request ends with success, and all of its output
 * could be copied; otherwise it never was. It is of an open file of its own, to be
 * mapped for reading and writing, or with KSHM_SECTION_READ_ONLY for reading. What a
 * caller lent the driver is not the driver's to give.
 *
 * Context: the handler's, where that is the caller's.
 * Return: the number of the descriptor, for the output, never negative; or, explained
 * to the caller if the handler then fails with it, -EMFILE, -ENFILE, -ENOMEM, -EBUSY if
 * somebody has a lease on it that is in the way, or -EACCES if somebody who decides about
 * files says so; or, unexplained, -EINVAL for a view from kshm_request_view(), or
 * -EOPNOTSUPP in another context, or of a row that may pend.
 */
int kshm_request_give_section(struct kshm_request *req,
			      const struct kshm_view *view)
{
	const struct kshm_section *section = view->region->section;
	struct kshm_gift *gift;

	/* Whoever gets the result may be another process. */
	if (!kshm_request_has_caller(req) ||
	    (req->control->flags & KSHM_CONTROL_MAY_PEND))
		return -EOPNOTSUPP;
	if (!view->made)
		return -EINVAL;
	gift = kmalloc(sizeof(*gift), GFP_KERNEL_ACCOUNT);
	if (!gift)
		return kshm_explain_error(&req->why, 0, -ENOMEM);
	gift->fd = kshm_section_reserve_fd(section,
					   kshm_section_is_writable(section),
					   &gift->file, &req->why);
	if (gift->fd < 0) {
		int ret = gift->fd;

		kfree(gift);
		return ret;
	}
	gift->next = req->gifts;
	req->gifts = gift;
	return gift->fd;
}
EXPORT_SYMBOL_GPL(kshm_request_give_section);

/* The request is over: the caller has them if it @succeeded. */
void kshm_gifts_end(struct kshm_gift *gift, bool succeeded)
{
	struct kshm_gift *next;

	for (; gift; gift = next) {
		next = gift->next;
		if (succeeded) {
			fd_install(gift->fd, gift->file);
		} else {
			fput(gift->file);
			put_unused_fd(gift->fd);
		}
		kfree(gift);
	}
}

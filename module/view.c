// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - views: what drivers have of regions for longer than a request
 *
 * A view is a use of its region, as a request's is: the pages stay where they are, and
 * charged to whom the region is, until the driver lets go. What callers do with their
 * descriptors is no matter. The mapping is the one that the region keeps.
 */
#include <linux/err.h>
#include <linux/kshm_driver.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "region.h"
#include "view.h"

/**
 * kshm_view_alloc() - a view of a region, without bytes yet
 * @region: the region, which is used; the view gets a reference and a use of its own
 *
 * Return: the view; or ERR_PTR: -ENOMEM, or -ESTALE if the region was revoked.
 */
struct kshm_view *kshm_view_alloc(struct kshm_region *region)
{
	struct kshm_view *view = kmalloc(sizeof(*view), GFP_KERNEL_ACCOUNT);

	if (!view)
		return ERR_PTR(-ENOMEM);
	if (!kshm_region_use(region)) {
		kfree(view);
		return ERR_PTR(-ESTALE);
	}
	kshm_region_get(region);
	/* A driver that forgets it when it goes is not to take the region's code along. */
	__module_get(THIS_MODULE);
	*view = (struct kshm_view){ .region = region, .data = ZERO_SIZE_PTR };
	return view;
}

/**
 * kshm_view_data() - the bytes of a view
 * @view: the view
 *
 * Programs can change them at any moment, but for those of a section that was made with
 * KSHM_SECTION_READ_ONLY. To write through the address of a view that is to be read
 * oopses.
 *
 * Context: any.
 * Return: address of the first byte, good until the view is released; ZERO_SIZE_PTR
 * if there is none.
 */
const void *kshm_view_data(const struct kshm_view *view)
{
	return view->data;
}
EXPORT_SYMBOL_GPL(kshm_view_data);

/**
 * kshm_view_data_write() - the bytes of a view, for writing
 * @view: the view
 *
 * Context: any.
 * Return: as kshm_view_data(); ERR_PTR(-EACCES) for one that is to be read.
 */
void *kshm_view_data_write(const struct kshm_view *view)
{
	return view->write ? view->data : ERR_PTR(-EACCES);
}
EXPORT_SYMBOL_GPL(kshm_view_data_write);

/**
 * kshm_view_len() - how many bytes
 * @view: the view
 *
 * Context: any.
 */
size_t kshm_view_len(const struct kshm_view *view)
{
	return view->len;
}
EXPORT_SYMBOL_GPL(kshm_view_len);

/**
 * kshm_view_check() - whether callers still have the pages that the driver has
 * @view: the view
 *
 * Once a page is lost to a hole that is so for good.
 *
 * Context: process context, any task. May sleep.
 * Return: 0, -ESTALE if not, or -EINTR if the task is being killed.
 */
int kshm_view_check(struct kshm_view *view)
{
	struct kshm_region *region = view->region;
	struct kshm_lost lost;

	return kshm_section_look(region->section, &region->buffer, view->first,
				 view->end, &lost);
}
EXPORT_SYMBOL_GPL(kshm_view_check);

/**
 * kshm_view_release() - let go of a view
 * @view: the view, which nothing of the driver's uses any more; NULL is none
 *
 * Memory that nobody else has is unmapped, unpinned and uncharged: a section that the
 * driver made always; then the file lives on as long as somebody has it open or mapped.
 *
 * Context: process context, any task. May sleep.
 */
void kshm_view_release(struct kshm_view *view)
{
	might_sleep();
	if (!view)
		return;
	kshm_region_unuse(view->region);
	kshm_region_put(view->region);
	kfree(view);
	/* The driver that calls keeps the module. */
	module_put(THIS_MODULE);
}
EXPORT_SYMBOL_GPL(kshm_view_release);

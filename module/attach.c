// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_SECTION_ATTACH: a region of the pages of a memory file
 *
 * In the order of KSHM_IOC_REGION_CREATE: look at the file, reserve the id, charge,
 * pin, tell the caller the id, publish. From then on it is a region as any.
 */
#include <linux/err.h>
#include <linux/uaccess.h>

#include "attach.h"
#include "device.h"
#include "explain.h"
#include "fill.h"
#include "handle.h"
#include "hold.h"
#include "region.h"
#include "section.h"

static int tell(struct kshm_ioc_section_attach __user *uarg, u32 id, size_t len,
		struct kshm_explain *why)
{
	if (!put_user(id, &uarg->out_id) && !put_user(len, &uarg->out_len))
		return 0;
	return kshm_explain_result(why, uarg, sizeof(*uarg));
}

/* Fills in and publishes @region, whose file is known to be good. */
static int build(struct kshm_handle *handle,
		 const struct kshm_ioc_section_attach *arg,
		 struct kshm_ioc_section_attach __user *uarg,
		 struct kshm_region *region, struct kshm_explain *why)
{
	struct kshm_buffer *buf = &region->buffer;
	struct kshm_hold *hold;
	u32 id;
	int ret;

	ret = kshm_hold_reserve(handle, &hold, &id, why);
	if (ret)
		return ret;
	ret = kshm_memlock_charge(&region->lock, handle->user,
				  buf->len >> PAGE_SHIFT, 1, why);
	if (!ret)
		ret = kshm_section_fill(region->section, buf, why);
	if (!ret) {
		kshm_hold_show(hold, arg->rights, true, region);
		ret = tell(uarg, id, buf->len, why);
	}
	if (ret)
		kshm_hold_unreserve(handle, hold);
	else
		kshm_hold_publish(hold, id);
	return ret;
}

static int open_file(struct kshm_region *region,
		     const struct kshm_ioc_section_attach *arg,
		     struct kshm_explain *why)
{
	struct kshm_section *section;

	section = kshm_section_open(arg->fd, region->buffer.write, why);
	if (IS_ERR(section))
		return PTR_ERR(section);
	region->section = section;
	return kshm_section_measure(section, arg->offset, arg->len,
				    &region->buffer, why);
}

/* KSHM_IOC_SECTION_ATTACH; @arg is the captured struct, @uarg the caller's. */
int kshm_section_attach(struct kshm_handle *handle,
			const struct kshm_ioc_section_attach *arg,
			struct kshm_ioc_section_attach __user *uarg, size_t usize,
			struct kshm_explain *why)
{
	struct kshm_region *region;
	int ret;

	if (kshm_device_going(handle->dev))
		return kshm_explain(why, KSHM_EXPLAIN_GONE, 0, ENODEV);
	ret = kshm_hold_check_form(arg->flags, arg->reserved, arg->rights, why);
	if (ret)
		return ret;
	region = kshm_region_alloc(arg->rights & KSHM_REGION_WRITE, 0);
	if (!region)
		return kshm_explain_error(why, 0, -ENOMEM);
	ret = open_file(region, arg, why);
	if (!ret)
		ret = build(handle, arg, uarg, region, why);
	if (ret)
		kshm_region_put(region);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - KSHM_IOC_NAME_PUBLISH, _OPEN and _REMOVE: sections that are found by name
 *
 * A name is its owner's, and has a group and a mode as files do. It is looked up in
 * the network namespace of whoever calls, whose handle it is does not matter. Who may
 * do anything there is whoever may so in the user namespace that this one belongs to.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "device.h"
#include "explain.h"
#include "handle.h"
#include "hold.h"
#include "name.h"
#include "publish.h"
#include "region.h"
#include "section.h"

/* Bits of a mode, as they are for others. */
#define MAY_READ_IT	04
#define MAY_WRITE_IT	02
#define MODE_BITS	0666

static int explain_no_name(struct kshm_explain *why)
{
	return kshm_explain(why, KSHM_EXPLAIN_NAME, 0, ENOENT);
}

static int check_publish(const struct kshm_ioc_name_publish *arg,
			 struct kshm_explain *why)
{
	int ret;

	ret = kshm_hold_check_form(arg->flags & ~KSHM_NAME_UNTIL_CLOSE,
				   arg->reserved, arg->rights, why);
	if (ret)
		return ret;
	if (arg->mode & ~MODE_BITS)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_MODE, 0, EINVAL,
					    arg->mode & ~MODE_BITS, arg->mode,
					    MODE_BITS);
	return kshm_name_check(arg->name, why);
}

/* The group that is meant, as files get one: 0 or -EPERM, explained. */
static int group_of(u32 number, kgid_t *gid, struct kshm_explain *why)
{
	*gid = current_fsgid();
	if (number == KSHM_NAME_OWN_GROUP)
		return 0;
	*gid = make_kgid(current_user_ns(), number);
	if (gid_valid(*gid) &&
	    (in_group_p(*gid) ||
	     ns_capable(kshm_name_net()->user_ns, CAP_CHOWN)))
		return 0;
	return kshm_explain_numbers(why, KSHM_EXPLAIN_GROUP, 0, EPERM, 0, number,
				    0);
}

static int explain_publish(struct kshm_explain *why, int error, u32 used,
			   u32 most)
{
	if (error == -EEXIST)
		return kshm_explain(why, KSHM_EXPLAIN_NAME_TAKEN, 0, EEXIST);
	return kshm_explain_numbers(why, KSHM_EXPLAIN_LIMIT_NAMES, 0, ENOSPC, 1,
				    used, most);
}

static int publish(struct kshm_handle *handle,
		   const struct kshm_ioc_name_publish *arg, kgid_t gid,
		   struct kshm_region *region, struct kshm_explain *why)
{
	struct kshm_name *name = kshm_name_alloc(handle, region);
	const u32 most = READ_ONCE(kshm_max_user_names);
	struct list_head *until = NULL;
	u32 used;
	int ret;

	if (!name)
		return kshm_explain_error(why, 0, -ENOMEM);
	name->flags = arg->flags;
	name->rights = arg->rights;
	name->mode = arg->mode;
	name->uid = current_fsuid();
	name->gid = gid;
	strscpy(name->text, arg->name, sizeof(name->text));
	if (arg->flags & KSHM_NAME_UNTIL_CLOSE)
		until = &handle->names;
	/* Once it is published anybody may remove it. */
	kshm_holder_add(&name->holder, &handle->holder, region, KSHM_HANDLE_NAME,
			arg->rights);
	ret = kshm_name_publish(name, kshm_name_net(), until, &used, most);
	if (!ret)
		return 0;
	kshm_name_free(name);
	return explain_publish(why, ret, used, most);
}

/*
 * Whoever opens a name can get the file, of which the region may be a part: who was lent
 * the region has no file to give away.
 */
static int check_held(const struct kshm_held *held,
		      const struct kshm_ioc_name_publish *arg,
		      struct kshm_explain *why)
{
	if (!held->region->section)
		return kshm_explain_numbers(why, KSHM_EXPLAIN_NOT_SECTION, 0,
					    EINVAL, 0, arg->id, 0);
	if (!held->created)
		return kshm_explain(why, KSHM_EXPLAIN_NOT_CREATED, 0, EPERM);
	return kshm_hold_check_share(held->region, arg->id, held->rights,
				     arg->rights, why);
}

/* KSHM_IOC_NAME_PUBLISH; @arg is the captured struct, @uarg the caller's. */
int kshm_publish(struct kshm_handle *handle,
		 const struct kshm_ioc_name_publish *arg,
		 struct kshm_ioc_name_publish __user *uarg, size_t usize,
		 struct kshm_explain *why)
{
	struct kshm_held held;
	kgid_t gid;
	int ret;

	ret = check_publish(arg, why) ?: group_of(arg->gid, &gid, why);
	if (ret)
		return ret;
	if (!kshm_hold_look_up(handle, arg->id, &held))
		return kshm_hold_explain_unknown(why, arg->id);
	ret = check_held(&held, arg, why);
	if (!ret)
		ret = publish(handle, arg, gid, held.region, why);
	kshm_region_put(held.region);
	return ret;
}

/* Who may do anything with what is of users and groups that he knows. */
static bool is_privileged(const struct kshm_name *name)
{
	struct user_namespace *ns = kshm_name_net()->user_ns;

	return kuid_has_mapping(ns, name->uid) && kgid_has_mapping(ns, name->gid) &&
	       ns_capable(ns, CAP_IPC_OWNER);
}

/* The bits of the mode that are about the caller. */
static u32 mode_for_caller(const struct kshm_name *name)
{
	if (uid_eq(name->uid, current_fsuid()))
		return name->mode >> 6;
	if (in_group_p(name->gid))
		return name->mode >> 3;
	return name->mode;
}

static int check_mode(const struct kshm_name *name, u32 rights,
		      struct kshm_explain *why)
{
	u32 mode = mode_for_caller(name), lacks = 0;

	if (rights & KSHM_REGION_READ && !(mode & MAY_READ_IT))
		lacks |= KSHM_REGION_READ;
	if (rights & KSHM_REGION_WRITE && !(mode & MAY_WRITE_IT))
		lacks |= KSHM_REGION_WRITE;
	if (!lacks || is_privileged(name))
		return 0;
	return kshm_explain_numbers(why, KSHM_EXPLAIN_NAME_MODE, 0, EACCES,
				    lacks, name->mode, 0);
}

static int check_open(const struct kshm_ioc_name_open *arg,
		      struct kshm_explain *why)
{
	int ret;

	ret = kshm_hold_check_form(arg->flags & ~KSHM_NAME_FD, arg->reserved,
				   arg->rights, why);
	if (ret)
		return ret;
	/* Whoever maps a file for writing can read it. */
	if (arg->flags & KSHM_NAME_FD && !(arg->rights & KSHM_REGION_READ))
		return kshm_explain(why, KSHM_EXPLAIN_FD_RIGHTS, 0, EINVAL);
	return kshm_name_check(arg->name, why);
}

/**
 * struct opened - what an open gets
 * @id: of the hold
 * @fd: reserved; or negative
 * @hold: that leads nowhere yet
 * @file: to be there, if @fd is one
 * @offset: bytes of the file before the section
 * @len: bytes of the section
 */
struct opened {
	u32 id;
	int fd;
	struct kshm_hold *hold;
	struct file *file;
	u64 offset;
	u64 len;
};

static int tell(const struct opened *opened,
		struct kshm_ioc_name_open __user *uarg, struct kshm_explain *why)
{
	if (!put_user(opened->id, &uarg->out_id) &&
	    !put_user(opened->fd, &uarg->out_fd) &&
	    !put_user(opened->offset, &uarg->out_offset) &&
	    !put_user(opened->len, &uarg->out_len))
		return 0;
	return kshm_explain_result(why, uarg, sizeof(*uarg));
}

static void undo(struct kshm_handle *handle, const struct opened *opened)
{
	if (opened->fd >= 0) {
		fput(opened->file);
		put_unused_fd(opened->fd);
	}
	kshm_hold_unreserve(handle, opened->hold);
}

/* Nothing can fail any more. */
static void finish(const struct opened *opened, struct kshm_region *region)
{
	kshm_region_get(region);
	kshm_hold_publish(opened->hold, opened->id);
	if (opened->fd >= 0)
		fd_install(opened->fd, opened->file);
}

/* The caller uses @region, so that it has its file. */
static int open_used(struct kshm_handle *handle,
		     const struct kshm_ioc_name_open *arg,
		     struct kshm_region *region, struct opened *opened,
		     struct kshm_explain *why)
{
	bool write = arg->rights & KSHM_REGION_WRITE;
	int ret;

	ret = kshm_hold_reserve(handle, &opened->hold, &opened->id, why);
	if (ret)
		return ret;
	kshm_hold_show(opened->hold, arg->rights, false, region);
	opened->offset = (u64)region->section->first << PAGE_SHIFT;
	opened->len = region->buffer.len;
	opened->fd = -1;
	if (arg->flags & KSHM_NAME_FD) {
		opened->fd = kshm_section_reserve_fd(region->section, write,
						     &opened->file, why);
		ret = min(opened->fd, 0);
	}
	if (ret)
		undo(handle, opened);
	return ret;
}

static int open_found(struct kshm_handle *handle,
		      const struct kshm_ioc_name_open *arg,
		      struct kshm_ioc_name_open __user *uarg,
		      const struct kshm_name *name, struct kshm_explain *why)
{
	struct kshm_region *region = name->region;
	struct opened opened;
	int ret;

	ret = check_mode(name, arg->rights, why);
	if (ret)
		return ret;
	if (!kshm_region_use(region))
		return kshm_explain(why, KSHM_EXPLAIN_REVOKED, 0, ESTALE);
	ret = kshm_hold_check_share(region, 0, name->rights, arg->rights, why);
	if (!ret)
		ret = open_used(handle, arg, region, &opened, why);
	/* The caller's memory can make him wait, and nobody who revokes waits for that. */
	kshm_region_unuse(region);
	if (ret)
		return ret;
	ret = tell(&opened, uarg, why);
	if (ret)
		undo(handle, &opened);
	else
		finish(&opened, region);
	return ret;
}

/* KSHM_IOC_NAME_OPEN */
int kshm_publish_open(struct kshm_handle *handle,
		      const struct kshm_ioc_name_open *arg,
		      struct kshm_ioc_name_open __user *uarg, size_t usize,
		      struct kshm_explain *why)
{
	struct kshm_name name;
	int ret;

	ret = check_open(arg, why);
	if (ret)
		return ret;
	if (kshm_device_going(handle->dev))
		return kshm_explain(why, KSHM_EXPLAIN_GONE, 0, ENODEV);
	if (!kshm_name_find(kshm_name_net(), arg->name, &name))
		return explain_no_name(why);
	ret = open_found(handle, arg, uarg, &name, why);
	kshm_region_put(name.region);
	return ret;
}

/* KSHM_IOC_NAME_REMOVE */
int kshm_publish_remove(struct kshm_handle *handle,
			const struct kshm_ioc_name_remove *arg,
			struct kshm_ioc_name_remove __user *uarg, size_t usize,
			struct kshm_explain *why)
{
	struct net *net = kshm_name_net();
	int ret;

	ret = kshm_hold_check_unknown(arg->flags, arg->reserved, why) ?:
	      kshm_name_check(arg->name, why);
	if (ret)
		return ret;
	ret = kshm_name_remove(net, arg->name, false);
	/* Asked for when it is needed, since that is noted. */
	if (ret == -EPERM && ns_capable(net->user_ns, CAP_SYS_ADMIN))
		ret = kshm_name_remove(net, arg->name, true);
	if (ret == -ENOENT)
		return explain_no_name(why);
	return ret ? kshm_explain(why, KSHM_EXPLAIN_NOT_OWNER, 0, EPERM) : 0;
}

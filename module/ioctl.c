// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the table of ioctl commands
 *
 * Every command takes a struct that begins with its size. It is copied in
 * once, here, with everything checked that can be checked without knowing what
 * it means; the command's function sees the copy and writes its results to the
 * caller's struct.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kshm.h>
#include <linux/stddef.h>

#include "attach.h"
#include "cancel.h"
#include "capture.h"
#include "completion.h"
#include "create.h"
#include "explain.h"
#include "handle_list.h"
#include "info.h"
#include "ioctl.h"
#include "name_list.h"
#include "open.h"
#include "publish.h"
#include "release.h"
#include "request.h"
#include "sequence_file.h"
#include "share.h"

/*
 * A command: its struct, the last member of the struct's first version, what is
 * done. Kernels that clear stack variables need not clear the copy.
 */
#define COMMAND(type, last, call) ({					\
	type arg __uninitialized;					\
	u32 usize;							\
	int ret;							\
									\
	BUILD_BUG_ON(sizeof(arg) % sizeof(u64));			\
	ret = kshm_capture(&arg, uarg, sizeof(arg),			\
			   offsetofend(type, last), &usize);		\
	ret ?: (call);							\
})

/* The call of a function that says why, and leaves to us to tell the caller. */
#define EXPLAINED(fn) ({						\
	struct kshm_explain why __uninitialized;			\
	int error;							\
									\
	why.check = KSHM_EXPLAIN_NONE;					\
	error = fn(handle, &arg, uarg, usize, &why);			\
	if (why.check)							\
		kshm_explain_to_user(&why, arg.explain);		\
	error;								\
})

static noinline long ioctl_of_names(struct kshm_handle *handle,
				    unsigned int cmd, void __user *uarg)
{
	switch (cmd) {
	case KSHM_IOC_NAME_PUBLISH:
		return COMMAND(struct kshm_ioc_name_publish, reserved,
			       EXPLAINED(kshm_publish));
	case KSHM_IOC_NAME_OPEN:
		return COMMAND(struct kshm_ioc_name_open, out_len,
			       EXPLAINED(kshm_publish_open));
	case KSHM_IOC_NAME_REMOVE:
		return COMMAND(struct kshm_ioc_name_remove, reserved,
			       EXPLAINED(kshm_publish_remove));
	case KSHM_IOC_NAME_LIST:
		return COMMAND(struct kshm_ioc_name_list, reserved,
			       EXPLAINED(kshm_name_list));
	case KSHM_IOC_HANDLE_LIST:
		return COMMAND(struct kshm_ioc_handle_list, reserved,
			       EXPLAINED(kshm_handle_list));
	case KSHM_IOC_CANCEL:
		return COMMAND(struct kshm_ioc_cancel, reserved,
			       EXPLAINED(kshm_cancel));
	case KSHM_IOC_EVENTFD:
		return COMMAND(struct kshm_ioc_eventfd, explain,
			       EXPLAINED(kshm_completions_eventfd));
	default:
		return -ENOTTY;
	}
}

/* A function of its own: where each case has its stack, they are too many for one. */
static noinline long ioctl_of_sharing(struct kshm_handle *handle,
				      unsigned int cmd, void __user *uarg)
{
	switch (cmd) {
	case KSHM_IOC_REGION_EXPORT:
		return COMMAND(struct kshm_ioc_region_export, reserved,
			       EXPLAINED(kshm_region_export));
	case KSHM_IOC_REGION_IMPORT:
		return COMMAND(struct kshm_ioc_region_import, explain,
			       EXPLAINED(kshm_region_import));
	case KSHM_IOC_REGION_KEY:
		return COMMAND(struct kshm_ioc_region_key, out_key,
			       EXPLAINED(kshm_region_key));
	case KSHM_IOC_REGION_OPEN:
		return COMMAND(struct kshm_ioc_region_open, reserved,
			       EXPLAINED(kshm_region_open));
	case KSHM_IOC_SECTION_ATTACH:
		return COMMAND(struct kshm_ioc_section_attach, reserved,
			       EXPLAINED(kshm_section_attach));
	case KSHM_IOC_SECTION_SEQUENCE:
		return COMMAND(struct kshm_ioc_section_sequence, reserved,
			       EXPLAINED(kshm_section_sequence));
	default:
		return ioctl_of_names(handle, cmd, uarg);
	}
}

/**
 * kshm_ioctl() - the commands by their numbers
 * @file: a handle's
 * @cmd: the number
 * @user: where the caller's struct is
 *
 * Return: 0 or -errno, -ENOTTY for a number that is none.
 */
long kshm_ioctl(struct file *file, unsigned int cmd, unsigned long user)
{
	struct kshm_handle *handle = file->private_data;
	void __user *uarg = (void __user *)user;

	/* Before the search that a switch is. */
	if (likely(cmd == KSHM_IOC_CONTROL))
		return COMMAND(struct kshm_ioc_control, reserved,
			       kshm_request(handle, &arg, uarg));
	switch (cmd) {
	case KSHM_IOC_INFO:
		return COMMAND(struct kshm_ioc_info, out_system_pages,
			       kshm_info(handle, &arg, uarg, usize));
	case KSHM_IOC_REGION_CREATE:
		return COMMAND(struct kshm_ioc_region_create, out_len,
			       EXPLAINED(kshm_region_create));
	case KSHM_IOC_REGION_QUERY:
		return COMMAND(struct kshm_ioc_region_query, out_extents,
			       EXPLAINED(kshm_region_query));
	case KSHM_IOC_REGION_DESTROY:
		return COMMAND(struct kshm_ioc_region_destroy, explain,
			       EXPLAINED(kshm_region_destroy));
	case KSHM_IOC_REGION_REVOKE:
		return COMMAND(struct kshm_ioc_region_revoke, explain,
			       EXPLAINED(kshm_region_revoke_call));
	default:
		return ioctl_of_sharing(handle, cmd, uarg);
	}
}

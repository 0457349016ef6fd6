// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - what each errno means, without knowing more
 *
 * The dictionary of <linux/kshm.h> in sentences, and the errnos that the
 * library adds.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

static const struct meaning {
	int error;
	const char *what;
	const char *remedy;
} meanings[] = {
	{
		EFAULT,
		"memory is named that cannot be read, written or pinned as needed, or is not the program's",
		"check the address, length and protection of each operand or region"
	},
	{
		EINVAL,
		"an argument, or the request, is malformed",
		"check it against the documentation of the function"
	},
	{
		E2BIG,
		"the module is older than the program and does not know all that it asks for",
		"update kshm.ko"
	},
	{
		EOPNOTSUPP,
		"the module is older than the program and does not know a flag that it sets",
		"update kshm.ko"
	},
	{
		ENOTTY,
		"this is no kshm device, or it has no such control code, or a module without regions, or completions",
		"list what there is with `kshmctl device list` and `kshmctl device show NAME`"
	},
	{
		EACCES,
		"the device may not be opened like this, its handle is not open for what the control, or submitting it, demands, or a region lacks a right",
		"become a member of the device's group, open it for reading and writing, and create the region so"
	},
	{
		EPERM,
		"the user has no right to do this, or the region is another's to revoke, or the name to remove or its group to give",
		"become a member of the device's group, or ask root, or who created the region or published the name"
	},
	{
		EMSGSIZE,
		"the length of an operand is outside the bounds of the control",
		"see them with `kshmctl device show NAME`"
	},
	{
		EDQUOT,
		"a limit of kshm on pinned or copied memory would be exceeded",
		"send less at a time, or have root raise the limits in /sys/module/kshm/parameters"
	},
	{
		ENOMEM,
		"memory has run out, or more would be locked than RLIMIT_MEMLOCK allows",
		"ask for less at a time, free some, or raise `ulimit -l`"
	},
	{
		EBUSY,
		"a region that is to be destroyed is used by a request, or somebody has a lease on the memfd",
		"destroy it when that is over, or with KSHM_REGION_WAIT; have the lease given up"
	},
	{
		EEXIST,
		"the region has a key, or there is a section of that name",
		"use that, or remove it, with kshm_region_remove_key() or kshm_section_unpublish()"
	},
	{
		ESTALE,
		"a region is used that was revoked, or has lost its memory",
		"destroy it, and have a new one made"
	},
	{
		ENOSPC,
		"the handle has as many regions, or requests, as it may, or the user as many names of sections",
		"destroy, wait for or remove some, or have root raise max_handle_regions, max_handle_requests or max_user_names in /sys/module/kshm/parameters"
	},
	{
		EINTR,
		"the program is being killed, or a signal came while it waited",
		"do it again if you still want it; a request that it waited for was cancelled"
	},
	{
		ECANCELED,
		"the request was cancelled, by kshm_cancel() or as its device was removed",
		"send it again if you still want it"
	},
	{
		ENODEV,
		"the module kshm is not loaded, or the device was removed",
		"have root load it, with `modprobe kshm` or with `insmod module/kshm.ko` where it was built, or open the device again once it is back"
	},
	{
		ENOENT,
		"there is no device or control of that name, or the handle has no region of that id, or no request to cancel, or there is no such key or section",
		"list devices and controls with `kshmctl device list` and `kshmctl device show NAME`, and use the ids and keys that were given"
	},
	{
		ENAMETOOLONG,
		"a path is too long to be that of a device",
		"pass the name of a device, or its path as `kshmctl device list` shows it"
	},
	{
		ENOTDIR,
		"a path goes through what is no directory",
		"pass the name of a device, or its path as `kshmctl device list` shows it"
	},
	{
		ELOOP,
		"a path goes through too many symbolic links",
		"pass the name of a device, or its path as `kshmctl device list` shows it"
	},
	{
		ENOTUNIQ,
		"several controls have that name",
		"say with which method it is meant"
	},
	{
		ERANGE,
		"a part of a control code does not fit into it, or an operand is not inside of its region",
		"keep types up to 0xffff, functions up to 0xfff, methods and access up to 3, and offset and length inside of the region"
	},
	{
		EBADF,
		"the file descriptor is not open, or not that of an exported region, a memfd or an eventfd, or the handle not open for reading",
		"pass one of an open device, or one that kshm_region_export(), kshm_section_create() or eventfd() gave, and wait with a handle that was opened for reading"
	},
	{
		EMFILE,
		"the program has as many files open as it may",
		"close some, or raise `ulimit -n`"
	},
	{
		ENFILE,
		"the system has as many files open as it may",
		"have root raise /proc/sys/fs/file-max"
	},
	{
		EBADMSG,
		"what the module shows in /sys/class/kshm is not understood",
		"use the library and the module of one version"
	},
	{
		EPROTONOSUPPORT,
		"the module is older than the library, which needs ABI " TEXT(KSHM_ABI_VERSION),
		"update kshm.ko, or use the library that came with it"
	},
	{
		EPROTO,
		"the library is older than the module, and knows ABI " TEXT(KSHM_ABI_VERSION),
		"update the library, or use the module that came with it"
	},
};

/* In English, whatever the locale; for any number. */
const char *kshm_error_description(int error)
{
	const char *description = strerrordesc_np(error);

	return description ? description : "an unknown error";
}

static const struct meaning *meaning_of(int error)
{
	static const struct meaning drivers = {
		0,
		"kshm itself never says so, but a driver may",
		"see its documentation for what it means by that"
	};
	static const struct meaning none = {
		0,
		"this is no errno of Linux",
		"check where the number comes from"
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(meanings); i++)
		if (meanings[i].error == error)
			return &meanings[i];
	return strerrorname_np(error) ? &drivers : &none;
}

/* Adds "what it means: what to do about it". */
void kshm_text_add_meaning(struct kshm_text *text, int error)
{
	const struct meaning *meaning = meaning_of(error);

	kshm_text_add(text, "%s: %s", meaning->what, meaning->remedy);
}

KSHM_EXPORT int kshm_explain_error(int error, char *buffer, size_t size)
{
	struct kshm_text text = kshm_text_init(buffer, size);
	int positive = error < -INT_MAX ? INT_MAX : abs(error);

	if (!error) {
		kshm_text_add(&text, "0 is success: nothing failed, and there is nothing to do.");
		return text.length;
	}
	if (strerrorname_np(positive))
		kshm_text_add(&text, "%s (%s): ", strerrorname_np(positive),
			      kshm_error_description(positive));
	else
		kshm_text_add(&text, "Error %d: ", positive);
	kshm_text_add_meaning(&text, positive);
	kshm_text_add(&text, ".");
	return text.length;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - sentences that say why a device could not be opened
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

/* A failed kshm_open() as its caller knows it. */
struct failure {
	const char *device;
	unsigned int access;
	int error;		/* positive */
	char path[4096];
};

static bool access_valid(unsigned int access)
{
	return access && !(access & ~(KSHM_OPEN_READ | KSHM_OPEN_WRITE));
}

static void explain_access(struct kshm_text *text, const struct failure *f)
{
	kshm_text_add(text,
		      "0x%x is not what a device can be opened for: pass KSHM_OPEN_READ, KSHM_OPEN_WRITE or both",
		      f->access);
}

/* A sign that more than 64 characters were there. */
static const char *cut(const char *device)
{
	return strlen(device) > 64 ? "..." : "";
}

static void explain_name(struct kshm_text *text, const struct failure *f)
{
	kshm_text_add(text,
		      "\"%.64s%s\" cannot be the name of a device: a name has up to %d letters, digits, '-', '_' and '.' and begins with none of '-' and '.', and a path has a '/'",
		      f->device, cut(f->device), KSHM_NAME_SIZE - 1);
}

static void explain_path(struct kshm_text *text, const struct failure *f)
{
	kshm_text_add(text,
		      "nothing can be at the path %.64s%s, for the system says \"%s\": pass the name of a device, or its path as `kshmctl device list` shows it",
		      f->device, cut(f->device), kshm_error_description(f->error));
}

static void explain_gone(struct kshm_text *text, const struct failure *f)
{
	if (kshm_loaded())
		kshm_text_add(text, "device %.255s was removed: open it again once it is back",
			      f->device);
	else
		kshm_text_add(text,
			      "the module kshm is not loaded: have root load it, with `modprobe kshm` or with `insmod module/kshm.ko` where it was built");
}

static void explain_absent(struct kshm_text *text, const struct failure *f)
{
	kshm_text_add(text,
		      "there is no device %.255s: list what there is with `kshmctl device list`, and have root load the module of its driver",
		      f->device);
}

/* The node lets the program in, so it was the driver who did not. */
static bool node_permits(const struct failure *f)
{
	int mode = (f->access & KSHM_OPEN_READ ? R_OK : 0) |
		   (f->access & KSHM_OPEN_WRITE ? W_OK : 0);

	return faccessat(AT_FDCWD, f->path, mode, AT_EACCESS) == 0;
}

static void explain_driver(struct kshm_text *text, const struct failure *f)
{
	kshm_text_add(text,
		      "the driver of device %.255s refused to open it with \"%s\": its documentation tells what it means by that",
		      f->device, kshm_error_description(f->error));
}

static void explain_permission(struct kshm_text *text, const struct failure *f)
{
	static const char * const names[] = {
		[KSHM_OPEN_READ] = "reading",
		[KSHM_OPEN_WRITE] = "writing",
		[KSHM_OPEN_READ | KSHM_OPEN_WRITE] = "reading and writing",
	};
	struct stat st;

	if (node_permits(f)) {
		explain_driver(text, f);
		return;
	}
	kshm_text_add(text, "the program may not open %.255s for %s", f->path,
		      names[f->access]);
	if (stat(f->path, &st) < 0) {
		kshm_text_add(text, ": have root look at the permissions of its directory");
		return;
	}
	kshm_text_add(text, ", which belongs to user %u and group %u and has mode %04o",
		      st.st_uid, st.st_gid, st.st_mode & 07777);
	if (st.st_gid)
		kshm_text_add(text,
			      ": have root add the user to that group, usually named kshm, and log in again");
	else
		kshm_text_add(text,
			      ": have root give it to a group that the user is in, usually named kshm");
}

static void explain_other(struct kshm_text *text, const struct failure *f)
{
	kshm_text_add(text, "device %.255s could not be opened, because ",
		      f->device);
	kshm_text_add_meaning(text, f->error);
}

/* Of an errno that the path or the driver may have caused. */
static void explain_any(struct kshm_text *text, const struct failure *f)
{
	struct stat st;

	if (stat(f->path, &st) < 0 && errno == f->error)
		explain_path(text, f);
	else
		explain_driver(text, f);
}

/*
 * Both versions, as far as the module can still be asked: not through the device,
 * whose driver would see one more open.
 */
static void explain_abi(struct kshm_text *text, const struct failure *f)
{
	bool newer = f->error == EPROTO;
	struct kshm_info module;

	if (kshm_module_info(&module) < 0 ||
	    kshm_check_abi(module.abi_version) != -f->error) {
		explain_other(text, f);
		return;
	}
	kshm_text_add(text,
		      "the module kshm %s is %s than libkshm %s: the module has ABI %u, the library knows ABI %u: ",
		      module.version, newer ? "newer" : "older", kshm_version(),
		      module.abi_version, KSHM_ABI_VERSION);
	if (newer)
		kshm_text_add(text,
			      "update the library and what contains it, or have root load the module that came with them");
	else
		kshm_text_add(text,
			      "have root load the module that came with the library, or use the library that came with the module");
}

static void explain(struct kshm_text *text, const struct failure *f)
{
	switch (f->error) {
	case ENODEV:
		explain_gone(text, f);
		break;
	case ENOENT:
		explain_absent(text, f);
		break;
	case EACCES:
	case EPERM:
		explain_permission(text, f);
		break;
	case ENOTTY:
		kshm_text_add(text,
			      "%.255s is no kshm device: list what there is with `kshmctl device list`",
			      f->path);
		break;
	case ENOMEM:
	case EMFILE:
	case ENFILE:
		explain_other(text, f);
		break;
	case EPROTO:
	case EPROTONOSUPPORT:
		explain_abi(text, f);
		break;
	default:
		explain_any(text, f);
	}
}

KSHM_EXPORT int kshm_explain_open(const char *device, unsigned int access,
				  int error, char *buffer, size_t size)
{
	struct kshm_text text = kshm_text_init(buffer, size);
	struct failure f = {
		.device = device,
		.access = access,
		.error = error < -INT_MAX ? INT_MAX : abs(error),
	};
	int ret;

	if (!error)
		return kshm_explain_error(0, buffer, size);
	ret = kshm_device_path(device, f.path, sizeof(f.path));
	if (!access_valid(access)) {
		f.error = EINVAL;
		explain_access(&text, &f);
	} else if (ret == -ENAMETOOLONG) {
		f.error = ENAMETOOLONG;
		explain_path(&text, &f);
	} else if (ret < 0) {
		f.error = EINVAL;
		explain_name(&text, &f);
	} else {
		explain(&text, &f);
	}
	kshm_text_add_end(&text, f.error);
	return text.length;
}

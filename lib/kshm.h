/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kshm - C library for calling kshm devices
 *
 * A program opens a device by name, sends it requests, and gets back what the
 * driver said, together with an explanation of whatever failed:
 *
 *	struct kshm_operand data = kshm_operand_user(buffer, length);
 *	struct kshm_operand out = kshm_operand_user(digest, sizeof(digest));
 *	struct kshm_explanation why;
 *	struct kshm_handle *handle;
 *	char text[512];
 *	int ret;
 *
 *	ret = kshm_open(&handle, "digest", KSHM_OPEN_READ);
 *	...
 *	ret = kshm_control(handle, code, NULL, &out, &data, NULL, &why);
 *	if (ret < 0) {
 *		kshm_explain(&why, text, sizeof(text));
 *		fprintf(stderr, "%s\n", text);
 *	}
 *	kshm_close(handle);
 *
 * Errors
 *   Every function that returns an int returns 0, or a count where it says so,
 *   or a negative errno. Functions that fill a text buffer return its whole
 *   length like snprintf(). errno itself is left in any state. The errnos of a
 *   request are listed in <linux/kshm.h>; each function names those it adds.
 *
 * Threads
 *   The library has no global state, starts no threads and prints nothing. A
 *   handle does not change once it is open: any number of threads may use it
 *   at the same time. Only kshm_close() must be the last call for it. All
 *   functions may be called from any thread; structs that a caller owns are the
 *   caller's to protect.
 *
 * Ownership
 *   Pointers that are passed in are not kept: all memory stays the caller's and
 *   is not looked at after the call returns, but what a request has that is
 *   submitted, see kshm_submit(). What the library allocates says which function
 *   frees it. All file descriptors are opened O_CLOEXEC.
 *
 * Growth
 *   Structs that the library fills end in reserved members. The library writes
 *   the whole struct, reserved members as zero, and the caller prepares
 *   nothing. Members to come take the place of reserved ones, with zero for
 *   "not told", so old programs run with newer libraries and the other way
 *   round. Listings are arrays of pointers to structs of the library's, which
 *   grow at their end; do not allocate or copy those.
 *
 * Lengths and addresses are in bytes, limits in pages of kshm_info.page_size
 * bytes.
 */
#ifndef _KSHM_H
#define _KSHM_H

#include <stddef.h>
#include <linux/kshm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of this header; kshm_version() tells that of the library in use. */
#define KSHM_VERSION_MAJOR	0
#define KSHM_VERSION_MINOR	1
#define KSHM_VERSION_PATCH	0
#define KSHM_VERSION		"0.1.0"

/**
 * kshm_version() - version of the library that is in use
 *
 * Return: "MAJOR.MINOR.PATCH", static.
 * Since: 0.1
 */
const char *kshm_version(void);

/* Handles */

/* One open device. Opaque. */
struct kshm_handle;

/* What kshm_open() opens for. The bits are those of KSHM_ACCESS_*. */
#define KSHM_OPEN_READ		0x1
#define KSHM_OPEN_WRITE		0x2

/**
 * kshm_open() - open a device
 * @handle: gets the handle; untouched on error
 * @device: name of the device, as in /dev/kshm/NAME; or a path, if it has a '/'
 * @access: KSHM_OPEN_READ, KSHM_OPEN_WRITE or both. Control codes demand one of
 *	them, both or none; see kshm_controls().
 *
 * The handle is the caller's, who frees it with kshm_close(). After fork() both
 * processes may use it. kshm_explain_open() turns a failure into a sentence.
 *
 * Return: 0, or
 * -EINVAL: @access is 0 or has unknown bits, or no device can have that name;
 * -ENODEV: kshm is not loaded, or the device was removed meanwhile;
 * -ENOENT: there is no such device;
 * -EACCES: no permission to open the device like this;
 * -ENOTTY: @device is something else than a kshm device;
 * -ENAMETOOLONG, -ENOTDIR or -ELOOP: @device is a path that leads nowhere;
 * -EPROTONOSUPPORT: the module is older: its ABI is below KSHM_ABI_VERSION;
 * -EPROTO: the library is older: the module's ABI is above KSHM_ABI_VERSION;
 * -ENOMEM and -EMFILE, -ENFILE, or what the driver refused the open with.
 * Since: 0.1
 */
int kshm_open(struct kshm_handle **handle, const char *device,
	      unsigned int access);

/**
 * kshm_open_fd() - make a handle of a file descriptor
 * @handle: gets the handle; untouched on error
 * @fd: descriptor of an open device, for example received through a socket
 *
 * On success @fd belongs to the handle and kshm_close() closes it; on error it
 * stays the caller's. Its flags are left as they are.
 *
 * Return: 0, or -EBADF, -ENOTTY, -ENODEV, -EPROTONOSUPPORT, -EPROTO or -ENOMEM,
 * as kshm_open() does.
 * Since: 0.1
 */
int kshm_open_fd(struct kshm_handle **handle, int fd);

/**
 * kshm_close() - close a handle and free it
 * @handle: the handle, or NULL
 *
 * No other thread may be using @handle, nor use it again.
 * Since: 0.1
 */
void kshm_close(struct kshm_handle *handle);

/**
 * kshm_fd() - file descriptor of a handle
 * @handle: the handle
 *
 * For fstat(), or to send it to another process. It stays the handle's.
 *
 * Return: the descriptor.
 * Since: 0.1
 */
int kshm_fd(const struct kshm_handle *handle);

/**
 * kshm_device() - name of the device of a handle
 * @handle: the handle
 *
 * Return: the name as the module gives it, valid until kshm_close().
 * Since: 0.1
 */
const char *kshm_device(const struct kshm_handle *handle);

/* The module and its limits */

/**
 * struct kshm_info - the module, its limits and their use, and a device
 * @abi_version: KSHM_ABI_VERSION of the module
 * @page_size: bytes in a page, the unit of the limits
 * @features: feature bits of the module
 * @device: name of the device, NUL-terminated
 * @version: version of the module, NUL-terminated
 * @max_copied: most bytes in one copied operand
 * @max_request_pages: most pages pinned or copied by one request
 * @max_user_pages: most pages pinned or copied at a time for one user
 * @max_system_pages: the same for all users together
 * @user_pages: pages now pinned or copied for the calling user, an empty region counted as one
 * @system_pages: the same for all users together
 * @reserved: zero
 */
struct kshm_info {
	__u32 abi_version;
	__u32 page_size;
	__u64 features;
	char device[KSHM_NAME_SIZE];
	char version[KSHM_NAME_SIZE];
	__u64 max_copied;
	__u64 max_request_pages;
	__u64 max_user_pages;
	__u64 max_system_pages;
	__u64 user_pages;
	__u64 system_pages;
	__u64 reserved[8];
};

/**
 * kshm_info() - ask the module for itself, its limits and their use
 * @handle: the handle
 * @info: filled on success, untouched on error; prepare nothing
 *
 * Return: 0, or -ENODEV if the device was removed, or -ENOMEM.
 * Since: 0.1
 */
int kshm_info(const struct kshm_handle *handle, struct kshm_info *info);

/**
 * kshm_module_info() - ask the module for itself without a handle
 * @info: filled on success, untouched on error; prepare nothing
 *
 * Asks through the device null, which everybody may open unless root has
 * changed that. Works with a module of any ABI: it is for saying which of
 * module and library is the older when kshm_open() finds that they do not fit.
 *
 * Return: 0, or -ENODEV if kshm is not loaded, -ENOENT if there is no node,
 * -EACCES, -ENOTTY, -ENOMEM or -EMFILE, -ENFILE, as kshm_open() does.
 * Since: 0.1
 */
int kshm_module_info(struct kshm_info *info);

/* Requests */

/* For compilers that ask: not the bytes at the argument, only their address. */
#if defined(__GNUC__) && __GNUC__ >= 11
#define KSHM_ADDRESS_ONLY(argument) __attribute__((access(none, argument)))
#else
#define KSHM_ADDRESS_ONLY(argument)
#endif

/**
 * kshm_operand_none() - an operand that is absent
 *
 * The same as a NULL pointer to an operand.
 *
 * Return: the operand.
 * Since: 0.1
 */
struct kshm_operand kshm_operand_none(void);

/**
 * kshm_operand_user() - an operand in the caller's memory
 * @addr: first byte, any alignment. The driver writes to it if the operand is
 *	out, or data of a from-driver control.
 * @len: bytes; with 0 @addr is not looked at
 *
 * Return: the operand.
 * Since: 0.1
 */
struct kshm_operand kshm_operand_user(const void *addr, size_t len)
	KSHM_ADDRESS_ONLY(1);

/* Who said how a request ended. */
#define KSHM_SAID_BY_DRIVER	0	/* the driver's handler, success included */
#define KSHM_SAID_BY_KSHM	1	/* kshm.ko: a check or a copy failed */

/**
 * struct kshm_result - how a request ended
 * @status: 0 or -errno, the same that kshm_control() returned
 * @said_by: who said so, KSHM_SAID_BY_*
 * @ran: 1 if the driver's handler ran, and how it ended is known; otherwise 0, as of
 *	a request that the driver kept until a signal cancelled it
 * @detail: a number of the driver's own; beside a @status of 0 it can be a
 *	warning. 0 if the handler did not run.
 * @needed: bytes that the driver needs, if it says that a buffer was too small;
 *	otherwise 0
 * @in_returned: bytes that the driver reports for the in operand
 * @out_returned: the same for out: so many bytes of it are valid
 * @data_returned: the same for data
 * @reserved: zero
 *
 * If @status is not 0, nothing was copied to an out operand of a copied,
 * to-driver or from-driver control. What a handler wrote to from-driver data and
 * to raw memory is there in any case.
 */
struct kshm_result {
	__s32 status;
	__u32 said_by;
	__u32 ran;
	__u32 detail;
	__u64 needed;
	__u64 in_returned;
	__u64 out_returned;
	__u64 data_returned;
	__u64 reserved[4];
};

/* What an explanation is about. */
#define KSHM_ABOUT_REQUEST	0	/* a request */
#define KSHM_ABOUT_REGION	1	/* a kshm_region_*() or kshm_section_*() function */
#define KSHM_ABOUT_HANDLE	2	/* kshm_cancel(), kshm_cancel_all(), kshm_eventfd() */

/**
 * struct kshm_explanation - why a request or another call failed, in numbers
 * @error: negative errno; 0: nothing failed, and all else is 0
 * @said_by: who said so, KSHM_SAID_BY_*
 * @check: which check failed, KSHM_EXPLAIN_*; KSHM_EXPLAIN_NONE if it was the
 *	driver who said so
 * @operand: which operand, KSHM_OPERAND_IN, _OUT or _DATA, or piece of one,
 *	KSHM_OPERAND_PIECE_READ or _WRITTEN plus its number; 0 for none of them
 * @code: the control code of a request
 * @page_size: bytes in a page, the unit of the limits
 * @mapping: what is mapped at @addr, KSHM_MAPPING_*
 * @prot: how it is mapped, KSHM_PROT_* bits
 * @addr: first bad address, or the start of the operand
 * @needed: as @check says, see <linux/kshm.h>; if the driver said so, the bytes
 *	it needs, or 0
 * @used: as @check says; for the limits, pages in use before the request
 * @limit: as @check says; for the limits, pages allowed
 * @detail: the driver's own number, if it was the driver who said so
 * @device: name of the device, NUL-terminated
 * @about: what was called, KSHM_ABOUT_*
 * @region: id of the region that @operand or the call named, or 0
 * @rights: KSHM_REGION_* bits that a region was to be created with, or 0
 * @reserved: zero
 *
 * kshm_explain() turns it into a sentence.
 */
struct kshm_explanation {
	__s32 error;
	__u32 said_by;
	__u32 check;
	__u32 operand;
	__u32 code;
	__u32 page_size;
	__u32 mapping;
	__u32 prot;
	__u64 addr;
	__u64 needed;
	__u64 used;
	__u64 limit;
	__u32 detail;
	char device[KSHM_NAME_SIZE];
	__u32 about;
	__u32 region;
	__u32 rights;
	__u32 reserved[4];
};

/**
 * kshm_control() - send a request to the driver and wait for its end
 * @handle: the handle
 * @code: the control code, see kshm_lookup()
 * @in: input, or NULL: absent. Copied once before the driver sees it, by every
 *	method but raw.
 * @out: output, or NULL: absent
 * @data: memory that the driver works on in place, or NULL: absent. For
 *	to-driver and from-driver controls only.
 * @result: filled whatever the outcome, or NULL; prepare nothing
 * @explanation: filled whatever the outcome, or NULL; prepare nothing
 *
 * The operands are not changed: what the driver returned for them is in
 * @result. They may overlap.
 *
 * A driver can keep a request for as long as it takes, if the control is made for
 * that. A signal cancels it then, and the call ends with EINTR, unless the control
 * lets only a kill do that. kshm_submit() does not wait.
 *
 * Return: 0 if the driver said so; otherwise the negative errno of the driver
 * or, if its handler did not run, of kshm, listed in <linux/kshm.h>.
 * @result->said_by tells which of the two.
 * Since: 0.1
 */
int kshm_control(const struct kshm_handle *handle, __u32 code,
		 const struct kshm_operand *in, const struct kshm_operand *out,
		 const struct kshm_operand *data, struct kshm_result *result,
		 struct kshm_explanation *explanation);

/**
 * kshm_device_io_control() - send a request in the shape of Windows
 * @handle: the handle
 * @code: the control code
 * @in: input, or NULL if @in_len is 0
 * @in_len: bytes
 * @out: what DeviceIoControl() calls the output buffer, or NULL if @out_len is
 *	0. It is the out operand of copied and raw controls, and the data
 *	operand of to-driver and from-driver controls. Of a to-driver control
 *	it is only read.
 * @out_len: bytes
 * @returned: gets the bytes that the driver reports for @out; untouched on
 *	error; or NULL
 *
 * A to-driver or from-driver control that wants an out operand beside the data
 * has no counterpart on Windows and needs kshm_control().
 *
 * Return: as kshm_control().
 * Since: 0.1
 */
int kshm_device_io_control(const struct kshm_handle *handle, __u32 code,
			   const void *in, size_t in_len,
			   void *out, size_t out_len, size_t *returned);

/* Listings: neither a handle nor the right to open a device is needed. */

/**
 * struct kshm_device_entry - a device
 * @name: its name, as kshm_open() takes it
 * @owner: name of the module of its driver
 * @path: path of its node below /dev
 * @major: number of the node
 * @minor: number of the node
 */
struct kshm_device_entry {
	const char *name;
	const char *owner;
	const char *path;
	unsigned int major;
	unsigned int minor;
};

/**
 * kshm_devices() - list all devices
 * @devices: gets an array of pointers, sorted by name and with a NULL at its
 *	end; untouched on error
 *
 * The array and all in it is the caller's, who frees it with
 * kshm_devices_free().
 *
 * Return: the number of devices, which can be 0, or -ENODEV if kshm is not
 * loaded, -ENOMEM, or an errno of reading sysfs.
 * Since: 0.1
 */
int kshm_devices(struct kshm_device_entry ***devices);

/**
 * kshm_devices_free() - free what kshm_devices() gave
 * @devices: the array, or NULL
 *
 * Since: 0.1
 */
void kshm_devices_free(struct kshm_device_entry **devices);

/* Upper bound of a length that only the limits of kshm bound. */
#define KSHM_LENGTH_ANY		(~(__u64)0)

/* Flags of a control. */
#define KSHM_CONTROL_MAY_PEND	0x1	/* its driver can keep requests of it */
#define KSHM_CONTROL_KILLABLE	0x2	/* no signal cancels them but one that kills */
#define KSHM_CONTROL_NOWAIT	0x4	/* its handler does not sleep: a ring runs it at once */

/**
 * struct kshm_control_entry - a control of a device
 * @name: its name. Controls of one name differ in their method.
 * @context: where its handler runs: "caller", "worker", "softirq", "hardirq"
 * @code: the control code
 * @method: KSHM_METHOD_*, part of @code; see kshm_method_name()
 * @access: KSHM_ACCESS_* bits that the handle must have, part of @code
 * @flags: KSHM_CONTROL_* bits
 * @in_min: least length of the in operand, in bytes
 * @in_max: most length of it, KSHM_LENGTH_ANY: any. 0: the control takes none.
 * @out_min: the same for the out operand
 * @out_max: the same for the out operand
 * @data_min: the same for the data operand
 * @data_max: the same for the data operand
 */
struct kshm_control_entry {
	const char *name;
	const char *context;
	__u32 code;
	__u32 method;
	__u32 access;
	__u32 flags;
	__u64 in_min;
	__u64 in_max;
	__u64 out_min;
	__u64 out_max;
	__u64 data_min;
	__u64 data_max;
};

/**
 * kshm_controls() - list the controls of a device
 * @device: name of the device
 * @controls: gets an array of pointers, sorted by code and with a NULL at its
 *	end; untouched on error
 *
 * The array and all in it is the caller's, who frees it with
 * kshm_controls_free().
 *
 * Return: the number of controls, or -EINVAL if @device is no possible name,
 * -ENODEV if kshm is not loaded, -ENOENT if there is no such device, -ENOMEM,
 * or an errno of reading sysfs.
 * Since: 0.1
 */
int kshm_controls(const char *device, struct kshm_control_entry ***controls);

/**
 * kshm_controls_free() - free what kshm_controls() gave
 * @controls: the array, or NULL
 *
 * Since: 0.1
 */
void kshm_controls_free(struct kshm_control_entry **controls);

/* For kshm_lookup(): whatever method the only control of the name has. */
#define KSHM_METHOD_ANY		(-1)

/**
 * kshm_lookup() - find the code of a control by its name
 * @handle: the handle
 * @name: name of the control
 * @method: KSHM_METHOD_*, or KSHM_METHOD_ANY for the only control of that name
 * @code: gets the control code; untouched on error
 *
 * Return: 0, or
 * -ENOENT: the device has no such control;
 * -ENOTUNIQ: @method is KSHM_METHOD_ANY and several controls have the name;
 * -EINVAL: @method is no method;
 * -ENODEV: the device was removed;
 * -ENOMEM, or an errno of reading sysfs.
 * Since: 0.1
 */
int kshm_lookup(const struct kshm_handle *handle, const char *name, int method,
		__u32 *code);

/* Control codes; their parts are had by KSHM_CODE_TYPE() and its like. */

/**
 * kshm_code_encode() - make a control code of its parts
 * @type: device type, 0 to 0xffff
 * @function: function, 0 to 0xfff
 * @method: KSHM_METHOD_*
 * @access: KSHM_ACCESS_* bits
 * @code: gets the code; untouched on error
 *
 * KSHM_CODE() does the same for constants, without a check.
 *
 * Return: 0, or -ERANGE if a part does not fit.
 * Since: 0.1
 */
int kshm_code_encode(unsigned int type, unsigned int function,
		     unsigned int method, unsigned int access, __u32 *code);

/**
 * kshm_code_text() - describe a control code
 * @code: the code
 * @text: gets the text, cut to fit, always NUL-terminated if @size is not 0
 * @size: bytes at @text; with 0 @text may be NULL
 *
 * For example "0x8e016001 (type 0x8e01, function 0x800, to-driver, read)".
 *
 * Return: length of the whole text without its NUL.
 * Since: 0.1
 */
int kshm_code_text(__u32 code, char *text, size_t size);

/**
 * kshm_method_name() - name of a method, by the direction of its bytes
 * @method: KSHM_METHOD_*
 *
 * Return: "copied", "to-driver", "from-driver" or "raw", static; NULL if
 * @method is no method.
 * Since: 0.1
 */
const char *kshm_method_name(unsigned int method);

/**
 * kshm_method_windows_name() - name of a method on Windows
 * @method: KSHM_METHOD_*
 *
 * Return: "METHOD_BUFFERED", "METHOD_IN_DIRECT", "METHOD_OUT_DIRECT" or
 * "METHOD_NEITHER", static; NULL if @method is no method.
 * Since: 0.1
 */
const char *kshm_method_windows_name(unsigned int method);

/**
 * kshm_method_from_name() - method of a name
 * @name: a name that one of the two functions above returns
 *
 * Return: KSHM_METHOD_*, or -EINVAL.
 * Since: 0.1
 */
int kshm_method_from_name(const char *name);

/**
 * kshm_access_name() - name of the access that a code demands
 * @access: KSHM_ACCESS_* bits
 *
 * Return: "any", "read", "write" or "read-write", static; NULL if @access has
 * other bits.
 * Since: 0.1
 */
const char *kshm_access_name(unsigned int access);

/**
 * kshm_access_from_name() - access of a name
 * @name: a name that kshm_access_name() returns
 *
 * Return: KSHM_ACCESS_* bits, or -EINVAL.
 * Since: 0.1
 */
int kshm_access_from_name(const char *name);

/* Sentences: English, without a newline, with what to do about it. */

/**
 * kshm_explain() - say why a request, or a function that explains itself, failed
 * @explanation: as that filled it
 * @text: gets the sentence, cut to fit, always NUL-terminated if @size is not 0
 * @size: bytes at @text; 512 are enough for all. With 0 @text may be NULL.
 *
 * Return: length of the whole text without its NUL.
 * Since: 0.1
 */
int kshm_explain(const struct kshm_explanation *explanation, char *text,
		 size_t size);

/**
 * kshm_explain_error() - say what an errno means in kshm
 * @error: the errno, negative or positive; 0 is success
 * @text: as in kshm_explain()
 * @size: as in kshm_explain()
 *
 * For when there is nothing but the errno. Any number gives a sentence.
 *
 * Return: length of the whole text without its NUL.
 * Since: 0.1
 */
int kshm_explain_error(int error, char *text, size_t size);

/**
 * kshm_explain_open() - say why a device could not be opened
 * @device: as given to kshm_open()
 * @access: as given to kshm_open()
 * @error: what kshm_open() returned
 * @text: as in kshm_explain()
 * @size: as in kshm_explain()
 *
 * Looks at the device's node, for its owner and mode, and if the ABIs differ asks
 * kshm_module_info(). The device is not opened again.
 *
 * Return: length of the whole text without its NUL.
 * Since: 0.1
 */
int kshm_explain_open(const char *device, unsigned int access, int error,
		      char *text, size_t size);

#ifdef __cplusplus
}
#endif

#include "kshm_region.h"
#include "kshm_section.h"
#include "kshm_submit.h"
#include "kshm_copy.h"
#include "kshm_handle.h"

#endif /* _KSHM_H */

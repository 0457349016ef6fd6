/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the interface for drivers
 *
 * A driver declares a table of controls, registers a device with it, and is
 * called with requests whose operands are already checked, copied, pinned and
 * accounted. It never sees a raw user pointer, an unknown code or a length
 * that its table does not allow.
 *
 * Words: a device is /dev/kshm/NAME; a handle is one open of it; a request is
 * one call of a control; an mdl describes a span of the caller's memory whose
 * pages can be pinned (locked) and mapped; a user buffer wraps user memory
 * that is neither copied nor pinned; a view is what a driver has of memory for longer
 * than a request: of a section that it made for callers to map, or of a region.
 *
 * Functions that take a request are to be called from its handler, in whatever
 * context that runs, unless they name another one. Others say what context they
 * are good in; without a word they may sleep.
 *
 * Pinned bytes and user memory can change at any moment, also between two
 * reads of the same byte: other threads of the caller go on running. Take a
 * copy with kshm_request_capture() or kshm_user_read() of whatever is looked
 * at twice.
 */
#ifndef _LINUX_KSHM_DRIVER_H
#define _LINUX_KSHM_DRIVER_H

#include <linux/device.h>
#include <linux/err.h>
#include <linux/kshm.h>
#include <linux/module.h>
#include <linux/types.h>

struct kshm_buffer;
struct kshm_device;
struct kshm_handle;
struct kshm_request;
struct kshm_user;
struct kshm_view;

/**
 * enum kshm_context - where the handler of a control runs
 * @KSHM_CONTEXT_CALLER: in the calling task, may sleep
 * @KSHM_CONTEXT_WORKER: in a kernel thread, may sleep; in nobody's name
 * @KSHM_CONTEXT_SOFTIRQ: in softirq
 * @KSHM_CONTEXT_HARDIRQ: in hard interrupt
 *
 * The caller waits until the handler has returned, and cannot go before, also when he is
 * killed; but for a worker, if the row may pend or the request is submitted. What is
 * captured, the output and the data operand are good in every context: the data is pinned
 * and mapped before, so that kshm_mdl_map() and kshm_mdl_map_write() only tell where. Raw
 * buffers are good in their caller alone: a NEITHER row with another context is refused at
 * registration with -EINVAL; and on a PREEMPT_RT kernel one with KSHM_CONTEXT_HARDIRQ with
 * -EOPNOTSUPP. What needs the caller, as making views and sections does, fails elsewhere
 * with -EOPNOTSUPP.
 */
enum kshm_context {
	KSHM_CONTEXT_CALLER = 0,
	KSHM_CONTEXT_WORKER,
	KSHM_CONTEXT_SOFTIRQ,
	KSHM_CONTEXT_HARDIRQ,
};

/*
 * The handler may keep the request for longer than it runs, see kshm_request_pend(). All
 * requests of such a row, and all that are submitted, have what is pinned for them pinned
 * as that of regions is: as locked memory of the caller's, to stay for as long as it takes.
 */
#define KSHM_CONTROL_MAY_PEND	BIT(0)

/* A caller who waits for a request that pends can be killed, but no signal cancels it. */
#define KSHM_CONTROL_KILLABLE	BIT(1)

/*
 * The handler does not sleep, though it runs where it could. A ring of io_uring then has it
 * run at once, in the task that submits it, if no pages have to be pinned for it and no
 * more than one is copied; all others wait for a thread of io_uring's.
 */
#define KSHM_CONTROL_NOWAIT	BIT(2)

/* An upper bound in a table: any length that the limits of kshm allow. */
#define KSHM_LENGTH_ANY		SIZE_MAX

/**
 * struct kshm_control - one row of a device's table
 * @code: the whole control code; no two rows have the same
 * @flags: KSHM_CONTROL_* bits
 * @name: letters, digits, '-', '_' and '.', shorter than KSHM_NAME_SIZE; no
 *	two rows have the same name and the same method
 * @context: where @handle runs
 * @in_min: least length of the in operand, in bytes
 * @in_max: most length of it; 0: the control takes no in
 * @out_min: the same for the out operand
 * @out_max: the same for the out operand
 * @data_min: the same for the data operand, to-driver and from-driver only
 * @data_max: the same for the data operand
 * @handle: called with the request; returns 0 or -errno, which the caller gets
 *	as the request's status. At return the request is over: nothing of it,
 *	not its mdl either, may be used after. A handler that called
 *	kshm_request_pend() with success returns -EIOCBQUEUED instead, and has no
 *	business with the request from that call on but to see to it that it ends.
 */
struct kshm_control {
	u32 code;
	u32 flags;
	const char *name;
	enum kshm_context context;
	size_t in_min;
	size_t in_max;
	size_t out_min;
	size_t out_max;
	size_t data_min;
	size_t data_max;
	int (*handle)(struct kshm_request *req);
};

/**
 * struct kshm_device_ops - what a driver brings for a kind of device
 * @owner: THIS_MODULE; every handle and every running request holds a
 *	reference on it
 * @controls: the table, unchanged as long as the device is registered
 * @nr_controls: rows in it, at least 1
 * @mode: permission bits of the device node, 0777 at most; 0 means kshm's
 *	parameter mode, 0660 unless somebody set it
 * @open: a handle is being made; -errno refuses it. Optional.
 * @cleanup: the handle is closed by its last user, or the device is being
 *	unregistered; nobody calls a control of it any more. Requests that pend were
 *	cancelled, as far as they can be; some may be there yet, and a worker may be in
 *	a handler, for one that was submitted or whose row may pend. Optional.
 * @close: last call for the handle, after @cleanup; no request of it is left.
 *	Free its data here. Optional.
 *
 * Context: @open in the opening task; @cleanup and @close in whatever task
 * closes the handle last, which can be a kernel thread, or in the one that
 * unregisters the device. All may sleep. Of one handle they never run at the
 * same time.
 */
struct kshm_device_ops {
	struct module *owner;
	const struct kshm_control *controls;
	unsigned int nr_controls;
	umode_t mode;
	int (*open)(struct kshm_handle *handle);
	void (*cleanup)(struct kshm_handle *handle);
	void (*close)(struct kshm_handle *handle);
};

__printf(4, 5)
struct kshm_device *kshm_device_register(struct device *parent,
					 const struct kshm_device_ops *ops,
					 void *driver_data,
					 const char *fmt, ...);
void kshm_device_unregister(struct kshm_device *dev);
void *kshm_device_data(const struct kshm_device *dev);
const char *kshm_device_name(const struct kshm_device *dev);

/**
 * module_kshm_device() - module init and exit of a driver with one device
 * @ops: its struct kshm_device_ops
 * @name: name of the device, a string
 */
#define module_kshm_device(ops, name)					\
static struct kshm_device *ops##_device;				\
static int __init ops##_init(void)					\
{									\
	ops##_device = kshm_device_register(NULL, &(ops), NULL, "%s", name); \
	return PTR_ERR_OR_ZERO(ops##_device);				\
}									\
module_init(ops##_init);						\
static void __exit ops##_exit(void)					\
{									\
	kshm_device_unregister(ops##_device);				\
}									\
module_exit(ops##_exit)

struct kshm_device *kshm_handle_device(const struct kshm_handle *handle);
void kshm_handle_set_data(struct kshm_handle *handle, void *data);
void *kshm_handle_data(const struct kshm_handle *handle);

/**
 * struct kshm_user_buffer - user memory that is neither copied nor pinned
 *
 * Members are private. Usable by the task and in the address space it was
 * made in, nowhere else. Every access checks offset and length against the
 * buffer's length and can fail with -EFAULT at any time, as the memory is the
 * user's to unmap.
 */
struct kshm_user_buffer {
	/* private: */
	void __user *addr;
	size_t len;
	struct mm_struct *mm;	/* compared, never dereferenced; no reference */
	u64 copied;		/* bytes moved by the accessors, for tracing */
};

void kshm_user_buffer_init(struct kshm_user_buffer *buf, void __user *addr,
			   size_t len);
int kshm_user_read(struct kshm_user_buffer *buf, size_t offset, void *dst,
		   size_t len);
int kshm_user_write(struct kshm_user_buffer *buf, size_t offset,
		    const void *src, size_t len);
int kshm_user_clear(struct kshm_user_buffer *buf, size_t offset, size_t len);
ssize_t kshm_user_strnlen(struct kshm_user_buffer *buf, size_t offset,
			  size_t max);
int kshm_user_probe(const struct kshm_user_buffer *buf, size_t align);

/* Length in bytes. */
static inline size_t kshm_user_len(const struct kshm_user_buffer *buf)
{
	return buf->len;
}

/*
 * Bytes that the accessors moved, up to now and in whichever order; of a failed one
 * at least so many.
 */
static inline u64 kshm_user_copied(const struct kshm_user_buffer *buf)
{
	return buf->copied;
}

/**
 * enum kshm_direction - which way the bytes of an mdl go
 * @KSHM_TO_DRIVER: the driver reads; the caller may have no right to write
 * @KSHM_FROM_DRIVER: the driver writes and may read
 */
enum kshm_direction {
	KSHM_TO_DRIVER = 0,
	KSHM_FROM_DRIVER,
};

/* How an mdl was mapped. */
enum kshm_mapping {
	KSHM_MAPPED_NONE = 0,
	KSHM_MAPPED_SEGMENTS,		/* walked in the linear map */
	KSHM_MAPPED_PAGE_ADDRESS,	/* contiguous in one folio: linear map */
	KSHM_MAPPED_VMAP,
	KSHM_MAPPED_REGION,		/* the mapping that a region keeps */
};

/* Pages described without an allocation: 32 KiB at any offset but the worst. */
#define KSHM_MDL_INLINE_PAGES	8

/**
 * struct kshm_mdl - a span of user memory that can be pinned and mapped
 *
 * Members are private. Owned by whoever called kshm_mdl_init(), who also
 * undoes what was done, in reverse: unmap, unlock. Not locked against use by
 * several tasks at a time.
 *
 * The mdl of a request can be a part of a region, too. Its pages are pinned, and
 * once somebody mapped them mapped, for as long as the region is there.
 */
struct kshm_mdl {
	/* private: */
	void __user *addr;		/* first byte; only to pin */
	size_t len;			/* bytes; set once by init */
	unsigned int offset;		/* of the first byte in its page */
	enum kshm_direction direction;
	enum kshm_mapping mapping;
	bool locked;
	struct mm_struct *mm;		/* address space of @addr; compared only */
	unsigned long nr_pages;		/* pinned; 0 while not locked */
	struct page **pages;		/* @inline_pages or kvmalloc()ed */
	struct kshm_buffer *buffer;	/* of a region, instead of @pages */
	unsigned long first;		/* page of @buffer */
	void *kaddr;			/* of the first byte, while mapped */
	struct kshm_user *user;		/* charged for @charged; a reference */
	unsigned long charged;		/* pages */
	u64 copied;			/* by kshm_mdl_read/write, for tracing */
	u64 locked_in;			/* by a driver; for the verifier */
	struct page *inline_pages[KSHM_MDL_INLINE_PAGES];
};

int kshm_mdl_init(struct kshm_mdl *mdl, const struct kshm_user_buffer *buf,
		  size_t offset, size_t len, enum kshm_direction direction);
int __must_check kshm_mdl_lock(struct kshm_mdl *mdl);
const void * __must_check kshm_mdl_map(struct kshm_mdl *mdl);
void * __must_check kshm_mdl_map_write(struct kshm_mdl *mdl);
void kshm_mdl_unmap(struct kshm_mdl *mdl);
void kshm_mdl_unlock(struct kshm_mdl *mdl);
int kshm_mdl_read(struct kshm_mdl *mdl, size_t offset, void *dst, size_t len);
int kshm_mdl_write(struct kshm_mdl *mdl, size_t offset, const void *src,
		   size_t len);

/* Length in bytes; 0 for an empty one. */
static inline size_t kshm_mdl_len(const struct kshm_mdl *mdl)
{
	return mdl->len;
}

/* Offset of the first byte in its page. */
static inline unsigned int kshm_mdl_offset(const struct kshm_mdl *mdl)
{
	return mdl->offset;
}

/* Pages pinned; 0 while not locked, and for an empty one. */
static inline unsigned long kshm_mdl_nr_pages(const struct kshm_mdl *mdl)
{
	return mdl->nr_pages;
}

/**
 * struct kshm_segment - a part of a locked mdl that is contiguous in the
 * kernel's linear map
 * @data: its first byte; valid until the mdl is unlocked, in any context
 * @len: bytes
 */
struct kshm_segment {
	const void *data;
	size_t len;
	/* private: */
	size_t next;		/* offset in the mdl after this segment */
};

bool kshm_mdl_next_segment(struct kshm_mdl *mdl, struct kshm_segment *seg);
void *kshm_mdl_segment_write(const struct kshm_mdl *mdl,
			     const struct kshm_segment *seg);

/**
 * kshm_mdl_for_each_segment() - walk a locked mdl without mapping it
 * @mdl: the mdl
 * @seg: a struct kshm_segment, the loop variable
 *
 * Cannot fail and takes no memory, whatever the size. Nothing at all for an
 * empty mdl. Context: any.
 */
#define kshm_mdl_for_each_segment(mdl, seg)				\
	for ((seg) = (struct kshm_segment){ };				\
	     kshm_mdl_next_segment(mdl, &(seg));)

struct kshm_handle *kshm_request_handle(const struct kshm_request *req);
const struct kshm_control *kshm_request_control(const struct kshm_request *req);
const void *kshm_request_in(const struct kshm_request *req);
size_t kshm_request_in_len(const struct kshm_request *req);
void *kshm_request_out(struct kshm_request *req);
size_t kshm_request_out_len(const struct kshm_request *req);
struct kshm_mdl *kshm_request_mdl(struct kshm_request *req);
struct kshm_mdl *kshm_request_region(struct kshm_request *req,
				     unsigned int number,
				     const struct kshm_operand *op,
				     enum kshm_direction direction);
int kshm_request_memory(struct kshm_request *req, unsigned int number,
			const struct kshm_operand *op,
			enum kshm_direction direction,
			struct kshm_user_buffer *buf);
int kshm_request_explain_memory(struct kshm_request *req, unsigned int number,
				enum kshm_direction direction,
				const struct kshm_user_buffer *buf);
struct kshm_user_buffer *kshm_request_user_in(struct kshm_request *req);
struct kshm_user_buffer *kshm_request_user_out(struct kshm_request *req);
int kshm_request_capture(struct kshm_request *req, size_t offset, void *dst,
			 size_t len);
void kshm_request_set_returned(struct kshm_request *req, unsigned int operand,
			       size_t returned);
void kshm_request_set_needed(struct kshm_request *req, u64 needed);
void kshm_request_set_detail(struct kshm_request *req, u32 detail);
int kshm_request_give_section(struct kshm_request *req,
			      const struct kshm_view *view);
bool kshm_request_is_compat(const struct kshm_request *req);
bool kshm_request_cancelled(const struct kshm_request *req);

/* Bytes of the driver's own that every request of a row with KSHM_CONTROL_MAY_PEND has. */
#define KSHM_REQUEST_PRIVATE	64

int __must_check kshm_request_pend(struct kshm_request *req,
				   void (*cancel)(struct kshm_request *req));
void kshm_request_complete(struct kshm_request *req, int status);
void *kshm_request_private(struct kshm_request *req);

/* A section that only its driver can write to. */
#define KSHM_SECTION_READ_ONLY	BIT(0)

struct kshm_view * __must_check
kshm_section_create(struct kshm_request *req, size_t len, unsigned int flags);
struct kshm_view * __must_check
kshm_request_view(struct kshm_request *req, unsigned int operand);
const void *kshm_view_data(const struct kshm_view *view);
void * __must_check kshm_view_data_write(const struct kshm_view *view);
size_t kshm_view_len(const struct kshm_view *view);
int kshm_view_check(struct kshm_view *view);
void kshm_view_raise(const struct kshm_view *view);
void kshm_view_release(struct kshm_view *view);

/*
 * struct kshm_view *view __free(kshm_view) = ...: released where @view goes out of
 * scope, unless it is an error, or was passed on with no_free_ptr(). Where the kernel
 * has that: since 6.5, and in the stable 6.1.
 */
#ifdef DEFINE_FREE
DEFINE_FREE(kshm_view, struct kshm_view *, if (!IS_ERR_OR_NULL(_T)) kshm_view_release(_T))
#endif

#endif /* _LINUX_KSHM_DRIVER_H */

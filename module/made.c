// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - sections that drivers make
 *
 * The file is one as memfd_create() makes them, but accounted for in advance, and sealed
 * before anybody else has it. The rest is as for a file that a caller attaches: the pages
 * are charged to him in whose request that is, and pinned through a mapping that he has
 * for the moment. The driver has a view of it, and kernel memory of kshm's never gets
 * into user space.
 */
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/kshm_driver.h>
#include <linux/shmem_fs.h>

#include "compat/compat.h"
#include "explain.h"
#include "handle.h"
#include "region.h"
#include "request.h"
#include "view.h"

/* Nobody changes the size, makes a program of it, or changes what may be done. */
#ifdef F_SEAL_EXEC
#define SEALS	(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL | F_SEAL_EXEC)
#else
#define SEALS	(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)
#endif

/*
 * What is only to be read is sealed before anybody maps it, and opened to be read: the
 * caller's threads can keep the mapping that its pages are pinned through.
 *
 * It is opened once more, as others open it, so that it counts: its owner, who is the
 * caller, then can neither execute it, which would keep others from opening it, nor get
 * a lease on it, which would too.
 */
static struct file *make_file(size_t len, bool write, struct kshm_explain *why)
{
	struct file *file = kshm_shmem_file_setup("kshm", len), *again;
	struct inode *inode;

	/* An inode that there is no memory for is ENOSPC there. */
	if (IS_ERR(file))
		return ERR_PTR(kshm_explain_error(why, 0,
						  PTR_ERR(file) == -ENFILE ?
						  -ENFILE : -ENOMEM));
	inode = file_inode(file);
	inode->i_mode = S_IFREG | 0600;
	SHMEM_I(inode)->seals = SEALS | (write ? 0 : F_SEAL_FUTURE_WRITE);
	again = kshm_section_reopen(file, write, why);
	fput(file);
	return again;
}

/* Charges, pins and maps what is then the driver's. */
static int fill(struct kshm_request *req, struct kshm_region *region, size_t len)
{
	struct kshm_buffer *buf = &region->buffer;
	struct kshm_section *section;
	int ret;

	ret = kshm_memlock_charge(&region->lock, req->handle->user,
				  len >> PAGE_SHIFT, 1, &req->why);
	if (ret)
		return ret;
	section = kshm_section_alloc(make_file(len, buf->write, &req->why),
				     &req->why);
	if (IS_ERR(section))
		return PTR_ERR(section);
	region->section = section;
	buf->len = len;
	ret = kshm_section_fill(section, buf, &req->why);
	if (ret)
		return ret;
	ret = PTR_ERR_OR_ZERO(kshm_buffer_map(buf, KSHM_FROM_DRIVER));
	if (ret)
		return kshm_explain_error(&req->why, 0, ret);
	/* Whatever callers may do: the driver writes. */
	buf->written = true;
	return 0;
}

/* What is then the driver's: a view of all of it, and the only hold of the region. */
static struct kshm_view *view_of(struct kshm_request *req, struct kshm_region *region)
{
	struct kshm_view *view = kshm_view_alloc(req, region, true);

	kshm_region_put(region);
	if (IS_ERR(view))
		return view;
	view->end = region->buffer.nr_pages;
	view->data = region->buffer.kaddr[KSHM_FROM_DRIVER];
	view->len = region->buffer.len;
	view->made = true;
	return view;
}

/**
 * kshm_section_create() - make memory that callers map
 * @req: a request; it is its caller whom the memory is charged to, as locked memory,
 *	until kshm_view_release(), and who owns the file
 * @len: bytes, rounded up to whole pages
 * @flags: KSHM_SECTION_READ_ONLY, or 0
 *
 * The pages are zeroed, pinned and mapped. Callers get descriptors of them from
 * kshm_request_give_section(), and have views of their own by mmap(). The file is
 * sealed: it keeps its size. Without KSHM_SECTION_READ_ONLY whoever can write to it can
 * also punch holes, and gets other pages there than the driver has; kshm_view_check()
 * tells.
 *
 * Context: the handler's, where that is the caller's. His threads can make it last as
 * long as they like: hold no lock that others wait for.
 * Return: a view, for writing, to be released; or, explained to the caller if the
 * handler then fails with it, ERR_PTR(-ENOMEM) or -EDQUOT over a limit, -ENOMEM or
 * -ENFILE if something is short, -EINTR if the caller is being killed, -ESTALE if his
 * threads meddle, -EACCES if somebody who decides about files says so; or
 * ERR_PTR(-EINVAL) for a @len that no file can have, and for other flags, or
 * ERR_PTR(-EOPNOTSUPP) in another context, unexplained.
 */
struct kshm_view *kshm_section_create(struct kshm_request *req, size_t len,
				      unsigned int flags)
{
	struct kshm_region *region;
	struct kshm_view *view;
	int ret;

	if (!kshm_request_has_caller(req))
		return ERR_PTR(-EOPNOTSUPP);
	if (!len || len > MAX_LFS_FILESIZE - PAGE_SIZE ||
	    flags & ~KSHM_SECTION_READ_ONLY)
		return ERR_PTR(-EINVAL);
	region = kshm_region_alloc(!(flags & KSHM_SECTION_READ_ONLY), 0);
	if (!region)
		return ERR_PTR(kshm_explain_error(&req->why, 0, -ENOMEM));
	ret = fill(req, region, PAGE_ALIGN(len));
	if (ret) {
		kshm_region_put(region);
		return ERR_PTR(ret);
	}
	view = view_of(req, region);
	if (IS_ERR(view))
		kshm_explain_note_error(&req->why, 0, PTR_ERR(view));
	return view;
}
EXPORT_SYMBOL_GPL(kshm_section_create);

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - access to user memory
 *
 * The one place where kshm copies from and to user memory of any size, and
 * the wrapped user buffers that drivers get instead of raw pointers. No lock
 * of kshm is held here.
 */
#include <linux/kshm_driver.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "compat/compat.h"
#include "limits.h"
#include "user_buffer.h"
#include "verifier.h"

enum step { STEP_READ, STEP_WRITE, STEP_CLEAR };

/* Returns the bytes that could not be done, as copy_from_user() does. */
static size_t step(enum step how, void *kernel, void __user *user, size_t len)
{
	switch (how) {
	case STEP_READ:
		return copy_from_user(kernel, user, len);
	case STEP_WRITE:
		return copy_to_user(user, kernel, len);
	default:
		return clear_user(user, len);
	}
}

/*
 * In steps, so that a copy of any size yields the CPU and ends when the caller
 * is killed.
 */
static int in_steps(enum step how, void *kernel, void __user *user, size_t len,
		    size_t *done)
{
	size_t part, left;

	*done = 0;
	while (*done < len) {
		part = min_t(size_t, len - *done, KSHM_BATCH_BYTES);
		left = step(how, kernel + *done, user + *done, part);
		*done += part - left;
		if (left)
			return -EFAULT;
		if (*done == len)
			break;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/**
 * kshm_copy_in() - copy from the caller's memory
 * @dst: kernel memory
 * @src: the caller's
 * @len: bytes
 * @done: gets the bytes copied before a failure, at most a few too low
 *
 * Return: 0, -EFAULT, or -EINTR if the caller is being killed.
 */
int kshm_copy_in(void *dst, const void __user *src, size_t len, size_t *done)
{
	return in_steps(STEP_READ, dst, (void __user *)src, len, done);
}

/**
 * kshm_copy_out() - copy to the caller's memory
 * @dst: the caller's
 * @src: kernel memory
 * @len: bytes
 * @done: gets the bytes copied before a failure, at most a few too low
 *
 * Return: 0, -EFAULT, or -EINTR if the caller is being killed.
 */
int kshm_copy_out(void __user *dst, const void *src, size_t len, size_t *done)
{
	return in_steps(STEP_WRITE, (void *)src, dst, len, done);
}

/* Pages of another process that are pinned, and written to, at a time. */
#define STEP_PAGES	16UL

/* Copies to the first pages at @addr: bytes, or -errno if there are none. */
static ssize_t step_to(struct mm_struct *mm, unsigned long addr, const void *src,
		       size_t len)
{
	struct page *pages[STEP_PAGES];
	size_t at = offset_in_page(addr), done = 0, part;
	int locked = 1;
	long got, i;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	got = kshm_pin_user_pages_remote(mm, addr - at,
					 min(DIV_ROUND_UP(at + len, PAGE_SIZE),
					     STEP_PAGES), FOLL_WRITE, pages, &locked);
	/* A fault that waits, for a userfaultfd or a disk, can be killed so, and lets go. */
	if (locked)
		mmap_read_unlock(mm);
	if (got <= 0)
		return fatal_signal_pending(current) ? -EINTR : -EFAULT;
	for (i = 0; i < got; i++) {
		part = min_t(size_t, len - done, PAGE_SIZE - at);
		memcpy(page_address(pages[i]) + at, src + done, part);
		done += part;
		at = 0;
	}
	unpin_user_pages_dirty_lock(pages, got, true);
	return done;
}

/**
 * kshm_copy_out_to() - copy to the memory of another process
 * @mm: its memory; the caller has a reference on the struct
 * @dst: where to
 * @src: kernel memory
 * @len: bytes
 * @done: gets the bytes copied before a failure
 *
 * Return: 0; -EFAULT, also if the process is gone; or -EINTR if the caller is being killed.
 */
int kshm_copy_out_to(struct mm_struct *mm, void __user *dst, const void *src,
		     size_t len, size_t *done)
{
	ssize_t got = 0;

	*done = 0;
	if (!mmget_not_zero(mm))
		return -EFAULT;
	while (*done < len && got >= 0) {
		got = fatal_signal_pending(current) ? -EINTR :
		      step_to(mm, (unsigned long)dst + *done, src + *done, len - *done);
		if (got > 0)
			*done += got;
		cond_resched();
	}
	mmput(mm);
	if (got < 0)
		return got;
	return 0;
}

/**
 * kshm_user_buffer_init() - wrap user memory
 * @buf: the buffer to set up
 * @addr: its first byte, an address of the calling task; not looked at
 * @len: bytes
 *
 * For drivers with ioctls of their own, and for pointers inside structs that
 * were read with kshm_user_read(); use u64_to_user_ptr() on those.
 */
void kshm_user_buffer_init(struct kshm_user_buffer *buf, void __user *addr,
			   size_t len)
{
	buf->addr = addr;
	buf->len = len;
	buf->mm = current->mm;
	buf->copied = 0;
}
EXPORT_SYMBOL_GPL(kshm_user_buffer_init);

/*
 * In another address space the same number names another byte, of somebody
 * else: a driver's bug.
 */
static int check_access(const struct kshm_user_buffer *buf, size_t offset,
			size_t len)
{
	if (kshm_misused(!in_task() || !current->mm || buf->mm != current->mm,
			 KSHM_VERIFIER_CONTEXT, KSHM_CULPRIT_HERE))
		return -EFAULT;
	if (offset > buf->len || len > buf->len - offset)
		return -EMSGSIZE;
	return 0;
}

static int transfer(struct kshm_user_buffer *buf, enum step how, size_t offset,
		    void *kernel, size_t len)
{
	size_t done;
	int ret;

	ret = check_access(buf, offset, len);
	if (ret)
		return ret;
	ret = in_steps(how, kernel, buf->addr + offset, len, &done);
	buf->copied += done;
	return ret;
}

/**
 * kshm_user_read() - copy from a user buffer
 * @buf: the buffer
 * @offset: of the first byte in it
 * @dst: where to
 * @len: bytes
 *
 * Return: 0; -EMSGSIZE if that is not inside of the buffer; -EFAULT if the
 * memory cannot be read, @dst then being undefined; -EINTR if the caller is
 * being killed.
 */
int kshm_user_read(struct kshm_user_buffer *buf, size_t offset, void *dst,
		   size_t len)
{
	return transfer(buf, STEP_READ, offset, dst, len);
}
EXPORT_SYMBOL_GPL(kshm_user_read);

/**
 * kshm_user_write() - copy to a user buffer
 * @buf: the buffer
 * @offset: of the first byte in it
 * @src: where from
 * @len: bytes
 *
 * Return: 0; -EMSGSIZE if that is not inside of the buffer; -EFAULT if the
 * memory cannot be written, a part of it may be by then; -EINTR if the caller
 * is being killed.
 */
int kshm_user_write(struct kshm_user_buffer *buf, size_t offset,
		    const void *src, size_t len)
{
	return transfer(buf, STEP_WRITE, offset, (void *)src, len);
}
EXPORT_SYMBOL_GPL(kshm_user_write);

/**
 * kshm_user_clear() - fill a part of a user buffer with zeros
 * @buf: the buffer
 * @offset: of the first byte in it
 * @len: bytes
 *
 * Return: as kshm_user_write().
 */
int kshm_user_clear(struct kshm_user_buffer *buf, size_t offset, size_t len)
{
	return transfer(buf, STEP_CLEAR, offset, NULL, len);
}
EXPORT_SYMBOL_GPL(kshm_user_clear);

/**
 * kshm_user_strnlen() - length of a string in a user buffer
 * @buf: the buffer
 * @offset: of its first byte
 * @max: most bytes to look at; what is beyond the buffer is not looked at
 *
 * Return: bytes before the NUL; if there is none, the bytes looked at. Another
 * thread may have changed the string by the time it is read. -EMSGSIZE if
 * @offset is beyond the buffer, -EFAULT if the memory cannot be read.
 */
ssize_t kshm_user_strnlen(struct kshm_user_buffer *buf, size_t offset,
			  size_t max)
{
	long len;
	int ret;

	ret = check_access(buf, offset, 0);
	if (ret)
		return ret;
	max = min(max, buf->len - offset);
	if (!max)
		return 0;
	/* Counts the NUL; says more than max if there is none. */
	len = strnlen_user(buf->addr + offset, min_t(size_t, max, LONG_MAX));
	if (!len)
		return -EFAULT;
	return min_t(size_t, len - 1, max);
}
EXPORT_SYMBOL_GPL(kshm_user_strnlen);

/**
 * kshm_user_probe() - check address and alignment of a user buffer
 * @buf: the buffer
 * @align: power of two that the address must be a multiple of
 *
 * What ProbeForRead() does: says whether the buffer lies in user space, and
 * touches nothing, so that each access can still fail. An empty buffer is
 * always right. The accessors need no probe before them.
 *
 * Return: 0, -EINVAL if misaligned, -EFAULT if outside of user space.
 */
int kshm_user_probe(const struct kshm_user_buffer *buf, size_t align)
{
	if (!buf->len)
		return 0;
	if (WARN_ON_ONCE(!is_power_of_2(align)))
		return -EINVAL;
	if (!IS_ALIGNED((unsigned long)buf->addr, align))
		return -EINVAL;
	return access_ok(buf->addr, buf->len) ? 0 : -EFAULT;
}
EXPORT_SYMBOL_GPL(kshm_user_probe);

// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - explanations of failures
 *
 * An explanation is filled in where a check fails, by whoever knows why, and
 * copied to the caller on the way out. All functions take NULL for callers
 * who want none.
 */
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat/compat.h"
#include "explain.h"

/* What kshm_explain_numbers() does besides returning the error. */
void kshm_explain_note(struct kshm_explain *why, u32 check, u32 operand,
		       int error, u64 needed, u64 used, u64 limit)
{
	if (why)
		*why = (struct kshm_explain){
			.check = check,
			.operand = operand,
			.error = error,
			.needed = needed,
			.used = used,
			.limit = limit,
		};
}

/* What kshm_explain_error() does besides returning the error. */
void kshm_explain_note_error(struct kshm_explain *why, u32 operand, int error)
{
	u32 check = KSHM_EXPLAIN_MEMORY;

	if (error == -EINTR)
		check = KSHM_EXPLAIN_SIGNAL;
	else if (error == -EMFILE)
		check = KSHM_EXPLAIN_FILES;
	else if (error == -ENFILE)
		check = KSHM_EXPLAIN_SYSTEM_FILES;
	kshm_explain_note(why, check, operand, -error, 0, 0, 0);
}

static u32 mapping_of(const struct vm_area_struct *vma)
{
	if (vma->vm_flags & (VM_IO | VM_PFNMAP))
		return KSHM_MAPPING_IO;
	if (!vma->vm_file)
		return KSHM_MAPPING_ANON;

	/* Shared anonymous memory is a file of tmpfs, too. */
	switch (file_inode(vma->vm_file)->i_sb->s_magic) {
	case TMPFS_MAGIC:
		return KSHM_MAPPING_SHMEM;
	case HUGETLBFS_MAGIC:
		return KSHM_MAPPING_HUGETLB;
	case SECRETMEM_MAGIC:
		return KSHM_MAPPING_SECRETMEM;
	default:
		return KSHM_MAPPING_FILE;
	}
}

/*
 * Files of disks have to know of every write to them, so that nobody may hold a pin
 * for writing longer than a call. See longterm.c for what else some kernels cannot.
 */
static bool serves_long_term(const struct vm_area_struct *vma, unsigned int need)
{
	bool shared = vma->vm_flags & VM_SHARED;

	if (!(need & KSHM_NEED_LONG_TERM))
		return true;
	if (need & KSHM_NEED_WRITE)
		return !shared || mapping_of(vma) != KSHM_MAPPING_FILE;
#ifdef KSHM_COMPAT_PIN_VMAS
	if (mapping_of(vma) == KSHM_MAPPING_HUGETLB)
		return shared || (vma->vm_flags & VM_WRITE);
#endif
	return true;
}

static bool serves(const struct vm_area_struct *vma, unsigned int need)
{
	u32 mapping;

	if ((need & KSHM_NEED_READ) && !(vma->vm_flags & VM_READ))
		return false;
	if ((need & KSHM_NEED_WRITE) && !(vma->vm_flags & VM_WRITE))
		return false;
	if (!(need & KSHM_NEED_PAGES))
		return true;
	mapping = mapping_of(vma);
	return mapping != KSHM_MAPPING_IO && mapping != KSHM_MAPPING_SECRETMEM &&
	       serves_long_term(vma, need);
}

/*
 * Find the first address from @addr on that cannot serve. Where the mappings
 * look right the fault had another reason, a file shorter than its mapping for
 * one, and @addr is what there is to say.
 */
static void look_up(struct kshm_explain *why, unsigned long addr,
		    unsigned long end, unsigned int need)
{
	const struct vm_area_struct *vma;
	unsigned long at = addr;

	for (;;) {
		vma = find_vma(current->mm, at);
		if (!vma || vma->vm_start > at) {
			why->mapping = KSHM_MAPPING_HOLE;
			break;
		}
		if (!serves(vma, need))
			break;
		if (vma->vm_end >= end) {
			at = addr;
			vma = find_vma(current->mm, at);
			break;
		}
		at = vma->vm_end;
	}
	why->addr = at;
	if (why->mapping == KSHM_MAPPING_HOLE)
		return;
	why->mapping = mapping_of(vma);
	if (serves(vma, need & ~KSHM_NEED_LONG_TERM) && !serves(vma, need))
		why->check = KSHM_EXPLAIN_LONG_TERM;
	if (vma->vm_flags & VM_READ)
		why->prot |= KSHM_PROT_READ;
	if (vma->vm_flags & VM_WRITE)
		why->prot |= KSHM_PROT_WRITE;
}

/* What kshm_explain_address() does besides returning the error. */
void kshm_explain_note_address(struct kshm_explain *why, u32 operand, u64 addr,
			       u64 len, unsigned int need)
{
	unsigned long start = untagged_addr(addr);
	unsigned long end;

	if (!why)
		return;
	if (check_add_overflow(start, (unsigned long)len, &end) ||
	    !access_ok((void __user *)start, len)) {
		kshm_explain_note(why, KSHM_EXPLAIN_RANGE, operand, EFAULT,
				  len, 0, 0);
		why->addr = addr;
		why->mapping = KSHM_MAPPING_KERNEL;
		return;
	}
	kshm_explain_note(why, KSHM_EXPLAIN_ADDRESS, operand, EFAULT, 0, 0, 0);
	why->addr = addr;
	if (mmap_read_lock_killable(current->mm))
		return;
	look_up(why, start, end, need);
	mmap_read_unlock(current->mm);
}

/**
 * kshm_explain_to_user() - give an explanation to the caller
 * @why: the explanation
 * @uaddr: address of his struct kshm_explain; 0 if he wants none
 *
 * An address that cannot be used is not an error: the request has one already.
 */
void kshm_explain_to_user(const struct kshm_explain *why, u64 uaddr)
{
	struct kshm_explain __user *to = u64_to_user_ptr(uaddr);
	struct kshm_explain out = *why;

	if (!to || get_user(out.size, &to->size))
		return;
	if (copy_to_user(to, &out, min_t(size_t, out.size, sizeof(out))))
		return;
}

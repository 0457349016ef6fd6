// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - sentences about sections
 */
#include <fcntl.h>

#include "internal.h"

static void explain_memfd(struct kshm_text *text,
			  const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "descriptor %d is not open, or not that of a memfd: pass one that kshm_section_create() or memfd_create() gave, here or in another process",
		      (int)e->used);
}

static void explain_fd_access(struct kshm_text *text,
			      const struct kshm_explanation *e)
{
	if (e->needed & KSHM_REGION_READ)
		kshm_text_add(text,
			      "the descriptor of the memfd is not open for reading, as it has to be for any rights: pass one that is");
	else
		kshm_text_add(text,
			      "the descriptor of the memfd is not open for writing: pass one that is, or attach it with KSHM_REGION_READ alone");
}

static void explain_seals(struct kshm_text *text,
			  const struct kshm_explanation *e)
{
	if (e->used & F_SEAL_SEAL)
		kshm_text_add(text,
			      "the memfd can become shorter, and cannot be sealed against that: make it with kshm_section_create(), or with MFD_ALLOW_SEALING");
	else
		kshm_text_add(text,
			      "the memfd can become shorter: seal it with fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), or make it with kshm_section_create()");
}

static void explain_sealed(struct kshm_text *text,
			   const struct kshm_explanation *e)
{
	if (e->used & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		kshm_text_add(text,
			      "the memfd is sealed against writing, with %s: attach it with KSHM_REGION_READ alone, or before it is sealed",
			      e->used & F_SEAL_WRITE ? "F_SEAL_WRITE" :
						       "F_SEAL_FUTURE_WRITE");
	else
		kshm_text_add(text,
			      "the memfd may not be opened or mapped like this, because somebody is sealing it, or a security policy forbids it: try again, or see the system's audit log");
}

static void explain_lease(struct kshm_text *text,
			  const struct kshm_explanation *e)
{
	(void)e;
	kshm_text_add(text,
		      "somebody has a lease on the memfd: have it given up, with fcntl(fd, F_SETLEASE, F_UNLCK), and try again");
}

static void explain_empty_file(struct kshm_text *text,
			       const struct kshm_explanation *e)
{
	(void)e;
	kshm_text_add(text,
		      "the memfd has no bytes: give it a length with ftruncate() before it is attached");
}

static void explain_align(struct kshm_text *text,
			  const struct kshm_explanation *e)
{
	kshm_text_add(text, "an offset or a length of ");
	kshm_text_add_bytes(text, e->used);
	kshm_text_add(text,
		      " is no multiple of the page size, %llu: attach whole pages, of a memfd that has whole pages",
		      e->needed);
}

static void explain_file_part(struct kshm_text *text,
			      const struct kshm_explanation *e)
{
	if (e->needed)
		kshm_text_add_bytes(text, e->needed);
	else
		kshm_text_add(text, "any bytes");
	kshm_text_add(text, " from offset %llu on are not in the memfd, which has ",
		      e->used);
	kshm_text_add_bytes(text, e->limit);
	kshm_text_add(text, ": keep offset and length inside of it");
}

static void explain_file_pages(struct kshm_text *text,
			       const struct kshm_explanation *e)
{
	kshm_text_add(text, "there are no pages for ");
	kshm_text_add_bytes(text, e->needed);
	kshm_text_add(text,
		      " of the memfd, or no addresses to map them at for a moment: if it is of huge pages have root raise /proc/sys/vm/nr_hugepages, otherwise attach less, or raise `ulimit -v`");
}

/* Requests do not tell which region, but the module does. */
static void explain_hole(struct kshm_text *text,
			 const struct kshm_explanation *e)
{
	if (!e->operand) {
		kshm_text_add(text,
			      "the memfd lost its page at offset %llu while it was being attached, or can get none: punch no holes into it meanwhile, and try again",
			      e->needed);
		return;
	}
	kshm_text_add_operand(text, e);
	kshm_text_add(text,
		      " is a part of region %llu, whose memfd has lost the page at offset %llu: destroy the region and attach the memfd again, and punch no holes into it as long as that lasts",
		      e->used, e->needed);
}

/* Of the checks that are about sections only; NULL for others. */
kshm_explainer *kshm_section_explainer(__u32 check)
{
	static kshm_explainer * const explainers[] = {
		[KSHM_EXPLAIN_MEMFD] = explain_memfd,
		[KSHM_EXPLAIN_FD_ACCESS] = explain_fd_access,
		[KSHM_EXPLAIN_SEALS] = explain_seals,
		[KSHM_EXPLAIN_SEALED] = explain_sealed,
		[KSHM_EXPLAIN_LEASE] = explain_lease,
		[KSHM_EXPLAIN_EMPTY_FILE] = explain_empty_file,
		[KSHM_EXPLAIN_ALIGN] = explain_align,
		[KSHM_EXPLAIN_FILE_PART] = explain_file_part,
		[KSHM_EXPLAIN_FILE_PAGES] = explain_file_pages,
		[KSHM_EXPLAIN_HOLE] = explain_hole,
	};

	return check < ARRAY_SIZE(explainers) ? explainers[check] : NULL;
}

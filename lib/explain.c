// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - sentences that say why a request failed
 *
 * Each has the form "What is wrong: what to do about it (ERRNO)." There is one
 * function for each check, or for several that differ in a word.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Whether it is a piece, of those that are counted from @first on. */
static bool is_piece(const struct kshm_explanation *e, __u32 first)
{
	return e->operand >= first && e->operand - first < KSHM_OPERAND_PIECE_READ;
}

/* "the out operand" */
void kshm_text_add_operand(struct kshm_text *text,
			   const struct kshm_explanation *e)
{
	static const char * const names[] = {
		[0] = "the request itself",
		[KSHM_OPERAND_IN] = "the in operand",
		[KSHM_OPERAND_OUT] = "the out operand",
		[KSHM_OPERAND_DATA] = "the data operand",
	};

	if (e->about == KSHM_ABOUT_REGION)
		kshm_text_add(text, "the region");
	else if (e->operand < ARRAY_SIZE(names))
		kshm_text_add(text, "%s", names[e->operand]);
	else if (is_piece(e, KSHM_OPERAND_PIECE_READ))
		kshm_text_add(text, "piece %u, counted from 0, of what is read",
			      e->operand - KSHM_OPERAND_PIECE_READ);
	else if (is_piece(e, KSHM_OPERAND_PIECE_WRITTEN))
		kshm_text_add(text, "piece %u, counted from 0, of what is written",
			      e->operand - KSHM_OPERAND_PIECE_WRITTEN);
	else
		kshm_text_add(text, "operand %u", e->operand);
}

/* "control 0x8e016001 of device digest" */
void kshm_text_add_control(struct kshm_text *text,
			   const struct kshm_explanation *e)
{
	kshm_text_add(text, "control 0x%08x of device %s", e->code, e->device);
}

static void explain_flags(struct kshm_text *text,
			  const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "the module does not know the %s 0x%llx of the %s, so it is older than the program: update kshm.ko",
		      e->rights ? "rights" : "flags", e->needed,
		      e->about == KSHM_ABOUT_REGION ? "region" : "request");
}

static void explain_reserved(struct kshm_text *text,
			     const struct kshm_explanation *e)
{
	kshm_text_add(text, "members of ");
	kshm_text_add_operand(text, e);
	kshm_text_add(text,
		      " that must be zero are not: make operands with kshm_operand_user() and kshm_operand_none()");
}

static void explain_kind(struct kshm_text *text,
			 const struct kshm_explanation *e)
{
	kshm_text_add_operand(text, e);
	if (e->needed == KSHM_OPERAND_REGION &&
	    KSHM_CODE_METHOD(e->code) == KSHM_METHOD_NEITHER) {
		kshm_text_add(text, " is a part of a region, but ");
		kshm_text_add_control(text, e);
		kshm_text_add(text,
			      " is raw and takes memory by its address only: make the operand with kshm_operand_user()");
		return;
	}
	if (e->operand >= KSHM_OPERAND_PIECE_READ) {
		kshm_text_add(text,
			      " is of kind %llu where a part of a region is due: make it with kshm_operand_region()",
			      e->needed);
		return;
	}
	kshm_text_add(text,
		      " is of kind %llu, which the module does not know: make operands with kshm_operand_user(), or update kshm.ko if the kind is newer than it",
		      e->needed);
}

static void explain_code(struct kshm_text *text,
			 const struct kshm_explanation *e)
{
	kshm_text_add(text, "device %s has no control ", e->device);
	kshm_text_add_code(text, e->code);
	kshm_text_add(text, ": list those it has with `kshmctl device show %s`",
		      e->device);
}

/* The control is there, with another method or with other access bits. */
static void explain_other_code(struct kshm_text *text,
			       const struct kshm_explanation *e)
{
	__u32 code = e->needed;

	kshm_text_add(text, "device %s has no control 0x%08x, only 0x%08x, which ",
		      e->device, e->code, code);
	if (e->check == KSHM_EXPLAIN_METHOD)
		kshm_text_add(text, "is %s instead of %s",
			      kshm_method_name(KSHM_CODE_METHOD(code)),
			      kshm_method_name(KSHM_CODE_METHOD(e->code)));
	else
		kshm_text_add(text, "demands %s access instead of %s",
			      kshm_access_name(KSHM_CODE_ACCESS(code)),
			      kshm_access_name(KSHM_CODE_ACCESS(e->code)));
	kshm_text_add(text, ": use that code");
}

static void explain_access(struct kshm_text *text,
			   const struct kshm_explanation *e)
{
	static const char * const lacks[] = {
		[0] = "as needed",
		[KSHM_ACCESS_READ] = "for reading",
		[KSHM_ACCESS_WRITE] = "for writing",
		[KSHM_ACCESS_READ | KSHM_ACCESS_WRITE] = "for reading and writing",
	};

	/* What the code does not demand is for the completion to be read. */
	if (e->needed & ~KSHM_CODE_ACCESS(e->code) & KSHM_ACCESS_READ)
		kshm_text_add(text, "to submit ");
	kshm_text_add_control(text, e);
	kshm_text_add(text,
		      " demands a handle that is open %s, which this one is not: give kshm_open() that access too",
		      lacks[e->needed & 0x3]);
}

static void explain_short(struct kshm_text *text,
			  const struct kshm_explanation *e)
{
	kshm_text_add_operand(text, e);
	kshm_text_add(text, " has ");
	kshm_text_add_bytes(text, e->used);
	kshm_text_add(text, ", but ");
	kshm_text_add_control(text, e);
	kshm_text_add(text, " needs at least ");
	kshm_text_add_bytes(text, e->needed);
	kshm_text_add(text, ": pass a longer buffer");
}

static void explain_long(struct kshm_text *text,
			 const struct kshm_explanation *e)
{
	kshm_text_add_operand(text, e);
	kshm_text_add(text, " has ");
	kshm_text_add_bytes(text, e->used);
	kshm_text_add(text, ", but ");
	kshm_text_add_control(text, e);
	if (!e->limit) {
		kshm_text_add(text, " takes none: leave it out");
		return;
	}
	kshm_text_add(text, " takes at most ");
	kshm_text_add_bytes(text, e->limit);
	kshm_text_add(text, ": pass a shorter buffer");
}

static void explain_range(struct kshm_text *text,
			  const struct kshm_explanation *e)
{
	kshm_text_add_operand(text, e);
	kshm_text_add(text,
		      " at address 0x%llx wraps around or leaves the memory of user programs: pass the address and length of memory of your own",
		      e->addr);
}

/* What the driver does with the operand, or kshm for it. */
static bool writes(const struct kshm_explanation *e)
{
	if (e->about == KSHM_ABOUT_REGION)
		return e->rights & KSHM_REGION_WRITE;
	return e->operand == KSHM_OPERAND_OUT ||
	       is_piece(e, KSHM_OPERAND_PIECE_WRITTEN) ||
	       (e->operand == KSHM_OPERAND_DATA &&
		KSHM_CODE_METHOD(e->code) == KSHM_METHOD_OUT_DIRECT);
}

/* Where an address lies, if the protection there is not what is wrong. */
static const struct mapping {
	const char *where;
	const char *remedy;
} mappings[] = {
	[KSHM_MAPPING_UNKNOWN] = {
		"in memory that cannot be used as needed",
		"check the address, the length and the protection",
	},
	[KSHM_MAPPING_HOLE] = {
		"where nothing is mapped",
		"check the address and the length, and map memory there first",
	},
	[KSHM_MAPPING_ANON] = {
		"in anonymous memory that the kernel could not get a page of",
		"free some memory, or touch the buffer first",
	},
	[KSHM_MAPPING_FILE] = {
		"in a mapped file, beyond its end or where it cannot be read",
		"map no more than the file has",
	},
	[KSHM_MAPPING_SHMEM] = {
		"in shared memory, beyond its end or without a page to be had",
		"make it as long as its mapping with ftruncate(), or free some memory",
	},
	[KSHM_MAPPING_HUGETLB] = {
		"in huge pages, beyond their end or without one to be had",
		"have root raise /proc/sys/vm/nr_hugepages",
	},
	[KSHM_MAPPING_IO] = {
		"in device memory, which has no pages that could be pinned",
		"copy it to memory of your own and pass that",
	},
	[KSHM_MAPPING_SECRETMEM] = {
		"in memory of memfd_secret(), which the kernel keeps from itself",
		"pass other memory",
	},
	[KSHM_MAPPING_KERNEL] = {
		"in memory that is not the program's",
		"pass the address and length of memory of your own",
	},
};

static const char * const mapping_names[] = {
	[KSHM_MAPPING_ANON] = "anonymous memory",
	[KSHM_MAPPING_FILE] = "a mapped file",
	[KSHM_MAPPING_SHMEM] = "shared memory",
	[KSHM_MAPPING_HUGETLB] = "huge pages",
};

/* "anonymous memory" */
void kshm_text_add_memory(struct kshm_text *text,
			  const struct kshm_explanation *e)
{
	const char *name = NULL;

	if (e->mapping < ARRAY_SIZE(mapping_names))
		name = mapping_names[e->mapping];
	kshm_text_add(text, "%s", name ? name : "memory");
}

/* Whether the protection is what is wrong with the mapping. */
static bool protection_lacks(const struct kshm_explanation *e)
{
	__u32 need = writes(e) ? KSHM_PROT_WRITE : KSHM_PROT_READ;

	return e->mapping < ARRAY_SIZE(mapping_names) &&
	       mapping_names[e->mapping] && !(e->prot & need);
}

static const struct mapping *mapping_of(const struct kshm_explanation *e)
{
	if (e->mapping < ARRAY_SIZE(mappings))
		return &mappings[e->mapping];
	return &mappings[KSHM_MAPPING_UNKNOWN];
}

/* "address 0x7f0012345000 in the out operand lies where nothing is mapped" */
static void add_place(struct kshm_text *text, const struct kshm_explanation *e)
{
	kshm_text_add(text, "address 0x%llx in ", e->addr);
	kshm_text_add_operand(text, e);
	if (!protection_lacks(e))
		kshm_text_add(text, " lies %s", mapping_of(e)->where);
	else if (!e->prot)
		kshm_text_add(text, " lies in %s that may be neither read nor written",
			      mapping_names[e->mapping]);
	else
		kshm_text_add(text, " lies in %s that may only be %s, not %s",
			      mapping_names[e->mapping],
			      writes(e) ? "read" : "written",
			      writes(e) ? "written" : "read");
}

static void explain_address(struct kshm_text *text,
			    const struct kshm_explanation *e)
{
	add_place(text, e);
	if (!protection_lacks(e)) {
		kshm_text_add(text, ": %s", mapping_of(e)->remedy);
		return;
	}
	kshm_text_add(text, ": map it with %s",
		      writes(e) ? "PROT_READ | PROT_WRITE" : "PROT_READ");
	if (e->about == KSHM_ABOUT_REGION && e->prot & KSHM_PROT_READ)
		kshm_text_add(text,
			      ", or create the region with KSHM_REGION_READ alone");
}

static void explain_copy_out(struct kshm_text *text,
			     const struct kshm_explanation *e)
{
	kshm_text_add(text, "the driver has run ");
	kshm_text_add_control(text, e);
	kshm_text_add(text, ", but its output could not be copied, as ");
	add_place(text, e);
	kshm_text_add(text, ": keep the buffer mapped and writable until the call returns");
}

static void explain_limit(struct kshm_text *text,
			  const struct kshm_explanation *e)
{
	static const struct {
		const char *whose;
		const char *parameter;
	} limits[] = {
		{ "one request", "max_request_pages" },
		{ "one user", "max_user_pages" },
		{ "all users together", "max_system_pages" },
	};
	unsigned int which = e->check - KSHM_EXPLAIN_LIMIT_REQUEST;
	bool about_region = e->about == KSHM_ABOUT_REGION;

	kshm_text_add(text, "the %s needs ",
		      about_region ? "region" : "request");
	kshm_text_add_pages(text, e->needed, e->page_size);
	kshm_text_add(text, ", but %s may have at most ", limits[which].whose);
	kshm_text_add_pages(text, e->limit, e->page_size);
	if (which) {
		kshm_text_add(text, " at a time, of which ");
		kshm_text_add_pages(text, e->used, e->page_size);
		kshm_text_add(text, " were in use");
	}
	kshm_text_add(text,
		      ": %s, or have root raise /sys/module/kshm/parameters/%s",
		      about_region ? "destroy regions, or make a smaller one" :
				     "send less at a time",
		      limits[which].parameter);
}

static void explain_memory(struct kshm_text *text,
			   const struct kshm_explanation *e)
{
	kshm_text_add(text, "the kernel has no memory for ");
	if (e->needed) {
		kshm_text_add_bytes(text, e->needed);
		kshm_text_add(text, " of ");
	}
	kshm_text_add_operand(text, e);
	kshm_text_add(text, ": %s, or free some memory",
		      e->about == KSHM_ABOUT_REGION ? "make a smaller region" :
						      "send less at a time");
}

static void explain_signal(struct kshm_text *text,
			   const struct kshm_explanation *e)
{
	if (e->about != KSHM_ABOUT_REQUEST) {
		kshm_text_add(text, "the program is being killed: there is nothing to do");
		return;
	}
	kshm_text_add(text,
		      "the program is being killed, or a signal came, and cancelled the request: send it again if you still want it");
}

static void explain_gone(struct kshm_text *text,
			 const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "device %s was removed while the handle was open: open it again once it is back",
		      e->device);
}

static kshm_explainer * const explainers[] = {
	[KSHM_EXPLAIN_FLAGS] = explain_flags,
	[KSHM_EXPLAIN_RESERVED] = explain_reserved,
	[KSHM_EXPLAIN_KIND] = explain_kind,
	[KSHM_EXPLAIN_CODE] = explain_code,
	[KSHM_EXPLAIN_METHOD] = explain_other_code,
	[KSHM_EXPLAIN_ACCESS_BITS] = explain_other_code,
	[KSHM_EXPLAIN_ACCESS] = explain_access,
	[KSHM_EXPLAIN_SHORT] = explain_short,
	[KSHM_EXPLAIN_LONG] = explain_long,
	[KSHM_EXPLAIN_RANGE] = explain_range,
	[KSHM_EXPLAIN_ADDRESS] = explain_address,
	[KSHM_EXPLAIN_LIMIT_REQUEST] = explain_limit,
	[KSHM_EXPLAIN_LIMIT_USER] = explain_limit,
	[KSHM_EXPLAIN_LIMIT_SYSTEM] = explain_limit,
	[KSHM_EXPLAIN_MEMORY] = explain_memory,
	[KSHM_EXPLAIN_SIGNAL] = explain_signal,
	[KSHM_EXPLAIN_GONE] = explain_gone,
	[KSHM_EXPLAIN_COPY_OUT] = explain_copy_out,
};

/* NULL for a check that is not known. */
static kshm_explainer *explainer_of(__u32 check)
{
	if (check < ARRAY_SIZE(explainers) && explainers[check])
		return explainers[check];
	return kshm_region_explainer(check) ?: kshm_section_explainer(check) ?:
	       kshm_name_explainer(check) ?: kshm_submit_explainer(check);
}

/* What it means is the driver's affair; what it said is told in full. */
static void explain_driver(struct kshm_text *text,
			   const struct kshm_explanation *e)
{
	kshm_text_add(text, "the driver refused ");
	kshm_text_add_control(text, e);
	kshm_text_add(text, " with \"%s\"",
		      kshm_error_description(abs(e->error)));
	if (e->detail)
		kshm_text_add(text, ", detail 0x%x", e->detail);
	if (e->needed) {
		kshm_text_add(text, ", as it needs a buffer of ");
		kshm_text_add_bytes(text, e->needed);
		kshm_text_add(text, ": pass one of at least that length");
	} else {
		kshm_text_add(text, ": the driver's documentation tells what it means by that");
	}
}

/* A newer module's check, or none because the call got nowhere near one. */
static void explain_by_errno(struct kshm_text *text,
			     const struct kshm_explanation *e)
{
	if (e->about != KSHM_ABOUT_REQUEST && e->error == -ENOTTY) {
		kshm_text_add(text,
			      "the module kshm is older than the library and has no %s: update kshm.ko",
			      e->about == KSHM_ABOUT_REGION ?
			      "regions, or not all that can be done with them" :
			      "requests that can be submitted");
		return;
	}
	kshm_text_add(text, "the module kshm refused ");
	if (e->about == KSHM_ABOUT_REGION)
		kshm_text_add_operand(text, e);
	else if (e->about == KSHM_ABOUT_HANDLE)
		kshm_text_add(text, "the call");
	else
		kshm_text_add_control(text, e);
	if (e->check) {
		kshm_text_add(text,
			      " by check %u, which libkshm %s does not know: update the library",
			      e->check, KSHM_VERSION);
	} else {
		kshm_text_add(text, ", because ");
		kshm_text_add_meaning(text, abs(e->error));
	}
}

KSHM_EXPORT int kshm_explain(const struct kshm_explanation *explanation,
			     char *buffer, size_t size)
{
	const struct kshm_explanation *e = explanation;
	struct kshm_text text = kshm_text_init(buffer, size);
	kshm_explainer *explain = explainer_of(e->check);

	if (!e->error)
		return kshm_explain_error(0, buffer, size);
	if (e->said_by == KSHM_SAID_BY_DRIVER)
		explain_driver(&text, e);
	else if (explain)
		explain(&text, e);
	else
		explain_by_errno(&text, e);
	kshm_text_add_end(&text, abs(e->error));
	return text.length;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - sentences about regions
 */
#include "internal.h"

/* "region 7", or "a region" where nobody has told which one. */
static void add_region(struct kshm_text *text, const struct kshm_explanation *e)
{
	if (e->region)
		kshm_text_add(text, "region %u", e->region);
	else
		kshm_text_add(text, "a region");
}

static void explain_unknown(struct kshm_text *text,
			    const struct kshm_explanation *e)
{
	if (e->operand) {
		kshm_text_add_operand(text, e);
		kshm_text_add(text, " is a part of region %llu, which the handle does not have",
			      e->used);
	} else {
		kshm_text_add(text, "the handle has no region %llu", e->used);
	}
	kshm_text_add(text,
		      ": use an id that kshm_region_create() gave for this very handle, and that was not destroyed");
}

static void explain_rights(struct kshm_text *text,
			   const struct kshm_explanation *e)
{
	static const struct {
		const char *verb;
		const char *rights;
	} lacks[] = {
		[0] = { "used so", "the rights that it needs" },
		[KSHM_REGION_READ] = { "read", "KSHM_REGION_READ" },
		[KSHM_REGION_WRITE] = { "written", "KSHM_REGION_WRITE" },
		[KSHM_REGION_READ | KSHM_REGION_WRITE] = {
			"read and written", "KSHM_REGION_READ | KSHM_REGION_WRITE",
		},
	};
	unsigned int which = e->needed & 0x3;

	/* Rights that are to be passed on, not those of a use. */
	if (!e->operand) {
		kshm_text_add(text,
			      "rights on a region can become fewer, not more, and here %s is lacking: ask for less, or have it shared with that too",
			      lacks[which].rights);
		return;
	}
	kshm_text_add_operand(text, e);
	kshm_text_add(text, " is a part of ");
	add_region(text, e);
	kshm_text_add(text,
		      ", which may not be %s: create the region with %s too",
		      lacks[which].verb, lacks[which].rights);
}

static void explain_part(struct kshm_text *text,
			 const struct kshm_explanation *e)
{
	kshm_text_add_operand(text, e);
	kshm_text_add(text, " is ");
	kshm_text_add_bytes(text, e->needed);
	kshm_text_add(text, " from offset %llu on in ", e->used);
	add_region(text, e);
	kshm_text_add(text, ", which has ");
	kshm_text_add_bytes(text, e->limit);
	kshm_text_add(text, ": keep offset and length inside of the region");
}

static void explain_busy(struct kshm_text *text,
			 const struct kshm_explanation *e)
{
	add_region(text, e);
	kshm_text_add(text,
		      " is used by a request: destroy it when that is over, or with KSHM_REGION_WAIT to wait for that");
}

static void explain_join(struct kshm_text *text,
			 const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "range %llu, counted from 0, does not join those before it at a page boundary: have all ranges but the first begin at one, and all but the last end at one",
		      e->used);
}

static void explain_ranges(struct kshm_text *text,
			   const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "%llu ranges are more than the %llu that a region can have: make one of those that are neighbours, or several regions",
		      e->used, e->limit);
}

/* The mapping serves in every other way. */
static void explain_long_term(struct kshm_text *text,
			      const struct kshm_explanation *e)
{
	kshm_text_add(text, "address 0x%llx in ", e->addr);
	kshm_text_add_operand(text, e);
	kshm_text_add(text, " lies in ");
	kshm_text_add_memory(text, e);
	if (e->about == KSHM_ABOUT_REGION)
		kshm_text_add(text,
			      " that can be pinned for a call only, not for as long as a region lasts: pass it with each request, or copy it to anonymous memory");
	else
		kshm_text_add(text,
			      " that can be pinned for a moment only, not for as long as a driver may keep the request: copy it to anonymous memory");
	if (e->mapping == KSHM_MAPPING_FILE && e->rights & KSHM_REGION_WRITE &&
	    e->prot & KSHM_PROT_READ)
		kshm_text_add(text,
			      ", or create the region with KSHM_REGION_READ alone");
}

static void explain_memlock(struct kshm_text *text,
			    const struct kshm_explanation *e)
{
	kshm_text_add_operand(text, e);
	kshm_text_add(text, " needs ");
	kshm_text_add_pages(text, e->needed, e->page_size);
	kshm_text_add(text, ", but RLIMIT_MEMLOCK allows the user ");
	kshm_text_add_pages(text, e->limit, e->page_size);
	kshm_text_add(text, " of locked memory, of which ");
	kshm_text_add_pages(text, e->used, e->page_size);
	kshm_text_add(text,
		      " were in use: %s, or raise the limit, with `ulimit -l`, memlock in /etc/security/limits.conf, or LimitMEMLOCK= of a systemd unit",
		      e->about == KSHM_ABOUT_REGION ? "destroy regions" :
						      "have fewer requests at a time");
}

static void explain_limit_regions(struct kshm_text *text,
				  const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "the handle has %llu region%s, and may have at most %llu: destroy some, or have root raise /sys/module/kshm/parameters/max_handle_regions",
		      e->used, e->used == 1 ? "" : "s", e->limit);
}

static void explain_no_rights(struct kshm_text *text,
			      const struct kshm_explanation *e)
{
	(void)e;
	kshm_text_add(text,
		      "a region without any rights would be of no use: pass KSHM_REGION_READ, KSHM_REGION_WRITE or both");
}

static void explain_revoked(struct kshm_text *text,
			    const struct kshm_explanation *e)
{
	if (e->operand) {
		kshm_text_add_operand(text, e);
		kshm_text_add(text, " is a part of region %llu, which", e->used);
	} else {
		add_region(text, e);
	}
	kshm_text_add(text,
		      " was revoked, for everybody and for good: destroy it, and have a new one made");
}

static void explain_fd(struct kshm_text *text, const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "descriptor %d is not open, or not that of a region: pass one that kshm_region_export() gave, here or in another process",
		      (int)e->used);
}

static void explain_not_created(struct kshm_text *text,
				const struct kshm_explanation *e)
{
	add_region(text, e);
	kshm_text_add(text,
		      " is revoked, and given a name, through the id that its creator got, not through one that was imported or opened: destroy this id if you need it no more, or ask who created the region");
}

static void explain_files(struct kshm_text *text,
			  const struct kshm_explanation *e)
{
	(void)e;
	kshm_text_add(text,
		      "the program has as many files open as it may: close some, or raise `ulimit -n`");
}

static void explain_system_files(struct kshm_text *text,
				 const struct kshm_explanation *e)
{
	(void)e;
	kshm_text_add(text,
		      "the system has as many files open as it may: have root raise /proc/sys/fs/file-max");
}

static void explain_key(struct kshm_text *text, const struct kshm_explanation *e)
{
	if (e->used)
		kshm_text_add(text,
			      "region %llu has no key: make one with kshm_region_make_key()",
			      e->used);
	else
		kshm_text_add(text,
			      "there is no region with this key, or not for this user: have kshm_region_make_key() give one, for any user if that is another");
}

static void explain_has_key(struct kshm_text *text,
			    const struct kshm_explanation *e)
{
	add_region(text, e);
	kshm_text_add(text,
		      " has a key, and can have one for each id: use that, or remove it with kshm_region_remove_key()");
}

/* Requests do not tell which region, but the module does. */
static void explain_stale(struct kshm_text *text,
			  const struct kshm_explanation *e)
{
	kshm_text_add_operand(text, e);
	kshm_text_add(text,
		      " is a part of region %llu, whose memory is not what it was at address 0x%llx: destroy the region and create another, and keep the memory mapped as long as it lasts, or create it with KSHM_REGION_UNWATCHED if that is meant to be",
		      e->used, e->addr);
}

/* Of the checks that are about regions only; NULL for others. */
kshm_explainer *kshm_region_explainer(__u32 check)
{
	static kshm_explainer * const explainers[] = {
		[KSHM_EXPLAIN_REGION] = explain_unknown,
		[KSHM_EXPLAIN_RIGHTS] = explain_rights,
		[KSHM_EXPLAIN_PART] = explain_part,
		[KSHM_EXPLAIN_BUSY] = explain_busy,
		[KSHM_EXPLAIN_JOIN] = explain_join,
		[KSHM_EXPLAIN_RANGES] = explain_ranges,
		[KSHM_EXPLAIN_LONG_TERM] = explain_long_term,
		[KSHM_EXPLAIN_MEMLOCK] = explain_memlock,
		[KSHM_EXPLAIN_LIMIT_REGIONS] = explain_limit_regions,
		[KSHM_EXPLAIN_NO_RIGHTS] = explain_no_rights,
		[KSHM_EXPLAIN_REVOKED] = explain_revoked,
		[KSHM_EXPLAIN_FD] = explain_fd,
		[KSHM_EXPLAIN_NOT_CREATED] = explain_not_created,
		[KSHM_EXPLAIN_FILES] = explain_files,
		[KSHM_EXPLAIN_SYSTEM_FILES] = explain_system_files,
		[KSHM_EXPLAIN_KEY] = explain_key,
		[KSHM_EXPLAIN_HAS_KEY] = explain_has_key,
		[KSHM_EXPLAIN_STALE] = explain_stale,
	};

	return check < ARRAY_SIZE(explainers) ? explainers[check] : NULL;
}

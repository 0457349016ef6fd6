// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - sentences about names of sections
 */
#include "internal.h"

static void explain_name(struct kshm_text *text, const struct kshm_explanation *e)
{
	(void)e;
	kshm_text_add(text,
		      "there is no section of this name: names are found in the network namespace that they were published in, until they are removed, or the program that published them ends");
}

static void explain_taken(struct kshm_text *text, const struct kshm_explanation *e)
{
	(void)e;
	kshm_text_add(text,
		      "there is a section of this name: take another name, or remove that one with kshm_section_unpublish()");
}

static void explain_bad_name(struct kshm_text *text,
			     const struct kshm_explanation *e)
{
	if (e->used == e->limit + 1)
		kshm_text_add(text, "the name of a section is too long");
	else if (!e->needed)
		kshm_text_add(text, "the name of a section is empty");
	else
		kshm_text_add(text,
			      "the name of a section has the character 0x%02llx at place %llu",
			      e->needed, e->used);
	kshm_text_add(text,
		      ": a name has 1 to %llu visible characters of ASCII, and none of them is a '/'",
		      e->limit);
}

static void explain_not_section(struct kshm_text *text,
				const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "region %llu is not one of a section, so that it has neither names nor a counter: make one with kshm_section_create() and kshm_section_attach()",
		      e->used);
}

static void explain_mode(struct kshm_text *text, const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "the mode 0%llo of a name has bits that are neither to read nor to write: take those of 0%llo",
		      e->used, e->limit);
}

static void explain_group(struct kshm_text *text, const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "a name cannot get the group %llu, because the program is not in it: pass one that `id` shows, or KSHM_NAME_OWN_GROUP",
		      e->used);
}

static void explain_name_mode(struct kshm_text *text,
			      const struct kshm_explanation *e)
{
	static const char * const verbs[] = {
		"used so", "read", "written", "read and written",
	};

	kshm_text_add(text,
		      "the section of this name may not be %s by this user, its mode is 0%llo: ask for less, or have its owner publish it for others",
		      verbs[e->needed & 0x3], e->used);
}

static void explain_fd_rights(struct kshm_text *text,
			      const struct kshm_explanation *e)
{
	(void)e;
	kshm_text_add(text,
		      "whoever has a descriptor of a section can read it: ask for KSHM_REGION_READ too, or for no descriptor");
}

static void explain_not_owner(struct kshm_text *text,
			      const struct kshm_explanation *e)
{
	(void)e;
	kshm_text_add(text,
		      "the name is another user's: have that one remove it, or root");
}

static void explain_limit_names(struct kshm_text *text,
				const struct kshm_explanation *e)
{
	kshm_text_add(text,
		      "the user has %llu names of sections, and may have %llu: remove some, or have root raise /sys/module/kshm/parameters/max_user_names",
		      e->used, e->limit);
}

/* Of the checks that are about names only; NULL for others. */
kshm_explainer *kshm_name_explainer(__u32 check)
{
	static kshm_explainer * const explainers[] = {
		[KSHM_EXPLAIN_NAME] = explain_name,
		[KSHM_EXPLAIN_NAME_TAKEN] = explain_taken,
		[KSHM_EXPLAIN_BAD_NAME] = explain_bad_name,
		[KSHM_EXPLAIN_NOT_SECTION] = explain_not_section,
		[KSHM_EXPLAIN_MODE] = explain_mode,
		[KSHM_EXPLAIN_GROUP] = explain_group,
		[KSHM_EXPLAIN_NAME_MODE] = explain_name_mode,
		[KSHM_EXPLAIN_FD_RIGHTS] = explain_fd_rights,
		[KSHM_EXPLAIN_NOT_OWNER] = explain_not_owner,
		[KSHM_EXPLAIN_LIMIT_NAMES] = explain_limit_names,
	};

	return check < ARRAY_SIZE(explainers) ? explainers[check] : NULL;
}

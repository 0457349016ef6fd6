// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - operands that are parts of sections
 *
 * A section is opened through the handle of the call, so that this comes last.
 */
#include <stdlib.h>
#include <string.h>

#include "kshmctl.h"
#include "section.h"
#include "source.h"

/* Cuts off what is behind the last colon if it is a number, or nothing. */
static bool cut_number(char *text, const char **number)
{
	char *colon = strrchr(text, ':');
	unsigned long long value;

	if (!colon || colon == text || (colon[1] && !parse_number(colon + 1, &value)))
		return false;
	*colon = '\0';
	*number = colon[1] ? colon + 1 : NULL;
	return true;
}

void source_name_section(struct source *source, const char *spec)
{
	char *name = strdup(spec);

	if (!name)
		out_of_memory();
	*source = (struct source){ .section = name };
	/* From the end, since names can have colons. */
	if (cut_number(name, &source->part_offset) &&
	    cut_number(name, &source->part_len)) {
		const char *last = source->part_offset;

		source->part_offset = source->part_len;
		source->part_len = last;
	}
}

int source_open_section(struct source *source, const struct kshm_handle *handle,
			unsigned int rights)
{
	struct kshm_section_info info;
	struct kshm_explanation why;
	struct span span;
	int ret;

	if (!source->section)
		return STATUS_OK;
	ret = kshm_section_open(handle, source->section, rights, 0, &info, &why);
	if (ret)
		return section_failed(handle, source->section, ret, &why);
	ret = section_span(source->section, info.len, source->part_offset,
			   source->part_len, &span);
	if (ret)
		return ret;
	source->id = info.id;
	source->offset = span.offset;
	source->len = span.len;
	return STATUS_OK;
}

struct kshm_operand source_operand(const struct source *source)
{
	if (source->section)
		return kshm_operand_region(source->id, source->offset, source->len);
	return kshm_operand_user(source->data, source->len);
}
